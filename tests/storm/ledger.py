"""The people of a storm in the database, the broadcast to them, and what the report says afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bot.actions import broadcasts, roster
from bot.campaigns import load, read_units
from bot.domain.audience import Audience
from bot.messages import Address
from bot.setup import Setup
from bot.storage import people
from bot.storage.db import Database
from bot.storage.models import (
    Account,
    BroadcastState,
    Membership,
    MembershipState,
    OutboxRow,
    OutboxState,
    Person,
    Recipient,
    Role,
    Unit,
)
from bot.storage.models.base import Table

CAMPAIGN = "long_an"
FIRST_CHAT = 800_001
COORDINATOR = str(FIRST_CHAT - 1)
WORDS = "Họp toàn tỉnh lúc 8 giờ sáng mai"


@dataclass(frozen=True, slots=True)
class Ledger:
    """The bot's database, looked at from outside while the bot is dead or done."""

    database: Database

    def enrol(self, chats: list[str], now: datetime) -> None:
        """Members of one district, and a coordinator above them."""
        with self.database.transaction() as session:
            roster.load_tree(session, CAMPAIGN, read_units(CAMPAIGN))
            province = session.scalars(select(Unit).where(Unit.type == "province")).one()
            units = session.scalars(select(Unit.id).where(Unit.type == "commune").order_by(Unit.id)).all()
            account = people.add_person(session, Address("telegram", COORDINATOR), "vi", now)
            self._join(session, [account.person_id], [province.id], Role.COORDINATOR, now)
            first = (session.scalar(select(func.max(Person.id))) or 0) + 1
            ids = range(first, first + len(chats))
            _insert(session, Person, [{"id": id_, "language": "vi", "created_at": now} for id_ in ids])
            at = {"channel": "telegram", "reachable": True, "created_at": now}
            rows = [{"person_id": id_, "chat": chat, **at} for id_, chat in zip(ids, chats, strict=True)]
            _insert(session, Account, rows)
            self._join(session, list(ids), units, Role.MEMBER, now)

    def _join(self, session: Session, persons: Sequence[int], there: Sequence[int], role: Role, now: datetime) -> None:
        common = {"kind": "chien_si", "role": role, "state": MembershipState.ACTIVE, "created_at": now, "named": True}
        rows = [
            {**common, "person_id": person, "unit_id": there[place % len(there)], "full_name": f"Người {person}"}
            for place, person in enumerate(persons)
        ]
        _insert(session, Membership, rows)

    def begin(self, now: datetime, *, starts_at: datetime | None = None) -> None:
        """An approved broadcast to all members, due now, or another time."""
        with self.database.transaction() as session:
            by = session.scalars(select(Membership).where(Membership.role == Role.COORDINATOR)).one()
            whom = Audience(by.unit_id, roles=(Role.MEMBER,))
            at = Address("telegram", COORDINATOR)
            broadcast = broadcasts.draft(session, _setup(), by, WORDS, whom, now, at=at)
            broadcast.state, broadcast.urgent, broadcast.starts_at = BroadcastState.SET, True, starts_at or now
            broadcast.digest = "storm"

    def in_flight(self) -> int:
        """How many messages of the broadcast were being sent when the process died."""
        which = (OutboxRow.state == OutboxState.SENDING, OutboxRow.key.startswith("broadcast:"))
        with self.database.transaction() as session:
            return session.scalar(select(func.count()).select_from(OutboxRow).where(*which)) or 0

    def report(self) -> dict[str, str]:
        """Chat → what became of it."""
        with self.database.transaction() as session:
            return {chat or "": state for chat, state in session.execute(select(Recipient.chat, Recipient.state))}


def _insert(session: Session, table: type[Table], rows: list[dict[str, object]]) -> None:
    session.execute(insert(table), rows)


def _setup() -> Setup:
    return Setup(load(CAMPAIGN), ZoneInfo("Asia/Ho_Chi_Minh"), b"", {})
