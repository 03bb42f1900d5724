"""What people do in the simulation: they file, are excused, or forget; they post, block the bot and come back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import completeness, reports
from bot.actions.report_figures import draft, fingerprint, freeze
from bot.actions.reports import Shown
from bot.setup import Setup
from bot.storage.models import Account, Evidence, Membership, Obligation, ObligationState, Post, PostState, Role, Unit
from tests.year.record import Settled, Somebody

EARLIEST, LATEST = timedelta(hours=23), timedelta(hours=110)
PAGE = "https://www.facebook.com/toiyeuchiensisaovuong/posts"
Deed = tuple[timedelta | None, bool]


@dataclass(slots=True)
class Habits:
    """When each report will be filed, counted from its due hour, drawn when it is first asked for."""

    chance: Random
    drawn: dict[int, Deed]

    def of(self, owed: Obligation) -> Deed:
        """(How long after the due hour, or never; whether it is excused and not filed)."""
        if owed.id not in self.drawn:
            self.drawn[owed.id] = self._draw()
        return self.drawn[owed.id]

    def _draw(self) -> Deed:
        hours = self.chance.uniform
        return self.chance.choices(
            [
                (timedelta(hours=hours(-22, -1)), False),
                (timedelta(hours=hours(0, 100)), False),
                (timedelta(hours=hours(-20, 30)), True),
                (None, False),
            ],
            (50, 22, 8, 20),
        )[0]


def settle_reports(session: Session, setup: Setup, habits: Habits, now: datetime) -> list[Settled]:
    """File or excuse what people would have by now."""
    between = Obligation.due_at > now - LATEST, Obligation.due_at < now + EARLIEST
    rows = session.scalars(select(Obligation).where(Obligation.state == ObligationState.OPEN, *between)).all()
    found = []
    for owed in rows:
        after, excused = habits.of(owed)
        if after is None or owed.due_at + after > now:
            continue
        if excused:
            done = completeness.excuse(session, owed, _staff(session, None), "nộp bản giấy", now)
        else:
            done = _file(session, setup, owed, now)
        if done:
            found.append(Settled(owed.unit.name, str(owed.duty.rule["vi"]), owed.due_at, now))
    return found


def hand_in(session: Session, campaign: str, authors: Sequence[Somebody], first: int, now: datetime) -> None:
    """A post of each of these people that counts, written into the ledger and the record.

    Not by a message: eight hundred thousand verdicts a year would take hours and have no part in deadlines.
    """
    chats = [str(author.chat) for author in authors]
    members = select(Membership.id, Membership.unit_id).join(Account, Account.person_id == Membership.person_id)
    for place, (member_id, unit_id) in enumerate(session.execute(members.where(Account.chat.in_(chats)))):
        number = 700_000_000_000_000 + first + place
        post = Post(campaign=campaign, key=f"fb:{number}", url=f"{PAGE}/{number}", platform="facebook", kind="post")
        post.unit_id, post.membership_id, post.required_tag = unit_id, member_id, "#A"
        post.state, post.evidence = PostState.COUNTED, Evidence.DECLARED
        post.handed_in_at = post.counted_at = now
        session.add(post)
    for author in authors:
        author.posts.append(now)


def close_unit(session: Session, setup: Setup, name: str, now: datetime) -> None:
    """The unit is there no more from today on."""
    session.scalars(select(Unit).where(Unit.name == name)).one().closed_on = setup.today(now)


def _file(session: Session, setup: Setup, owed: Obligation, now: datetime) -> bool:
    staff = _staff(session, owed.unit_id)
    figures = freeze(draft(session, setup, owed), owed)
    reports.file(session, setup, owed, staff, Shown(1, fingerprint(figures), None), now)
    return True


def _staff(session: Session, unit_id: int | None) -> Membership:
    """Who files for the unit; without a unit, the coordinator."""
    of = Membership.unit_id == unit_id if unit_id else Membership.role == Role.COORDINATOR
    role = Membership.role.in_((Role.UNIT_ADMIN, Role.COORDINATOR))
    return session.scalars(select(Membership).where(of, role).order_by(Membership.id).limit(1)).one()
