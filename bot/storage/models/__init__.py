"""The tables. Names are those of the glossary; times are aware and kept in UTC."""

from bot.storage.models.base import Table
from bot.storage.models.people import Account, Consent, Invitation, Membership, MembershipState, Person, Role, Unit
from bot.storage.models.posts import Evidence, Post, PostKey, PostState
from bot.storage.models.queues import (
    Conversation,
    Group,
    InboxRow,
    InboxState,
    Installation,
    OutboxRow,
    OutboxState,
    StoredFile,
)

__all__ = [
    "Account",
    "Consent",
    "Conversation",
    "Evidence",
    "Group",
    "InboxRow",
    "InboxState",
    "Installation",
    "Invitation",
    "Membership",
    "MembershipState",
    "OutboxRow",
    "OutboxState",
    "Person",
    "Post",
    "PostKey",
    "PostState",
    "Role",
    "StoredFile",
    "Table",
    "Unit",
]
