"""A unit ends and goes into no other: on the day its people are let go, told, and asked where they are now."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.actions.roles import CLOCK
from bot.actions.tag_changes import TOLD_FROM
from bot.buttons import Tap
from bot.messages import Priority
from bot.setup import Setup
from bot.speech import say_to_person
from bot.storage import audit, units
from bot.storage.models import Membership, MembershipState

AT_ONCE = 200
REASON = "Đơn vị đã thôi hoạt động"
"""What is kept as the reason why they left; as other reasons, in the organisation's own language."""


def let_members_go(session: Session, setup: Setup, now: datetime) -> int:
    """Let go whoever is left in a unit that was closed by today and has no successor; how many.

    In the morning: a unit ends at midnight, and nobody is woken for it. What they handed in stays with the unit.
    """
    if setup.local(now).hour < TOLD_FROM:
        return 0
    left = units.left_without_successor(session, setup.campaign.code, setup.today(now), AT_ONCE)
    with audit.acting(session, audit.Actor(setup.campaign.code, None, CLOCK, "reorganise.end", now)):
        for member in left:
            _let_go(session, setup, member, now)
    return len(left)


def _let_go(session: Session, setup: Setup, member: Membership, now: datetime) -> None:
    joined = member.state == MembershipState.ACTIVE
    member.state, member.left_at, member.left_reason = MembershipState.LEFT, now, REASON
    say_to_person(
        session,
        setup,
        member.person_id,
        "reorganise/gone",
        now,
        rows=[(Tap("register.begin", "register.begin"),)],
        priority=Priority.REMINDER,
        key=f"gone:{member.id}:{member.unit_id}:{member.unit.closed_on}",
        unit=member.unit.name,
        day=member.unit.closed_on,
        joined=joined,
    )
