"""What else a change of a unit brings: what it owes, who sees it, what goes along, which hashtags become alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.actions import tag_roster, unit_changes
from bot.actions.unit_changes import Change, Effect
from bot.campaigns import Duty as DutyProfile
from bot.campaigns import Quota
from bot.domain.hashtags import near_pairs
from bot.setup import Setup
from bot.storage import members, obligations, people, tags, units
from bot.storage.models import Membership, MembershipState, Post, Unit


@dataclass(frozen=True, slots=True)
class Dues:
    """What the unit owes only after the change, and only before it: reports, and quotas of posts.

    Of the reports that it has to file by now so many `stay`, and so many `fall_away`.
    """

    more: tuple[DutyProfile, ...]
    less: tuple[DutyProfile, ...]
    quotas_more: tuple[Quota, ...]
    quotas_less: tuple[Quota, ...]
    stay: int
    fall_away: int


@dataclass(frozen=True, slots=True)
class Along:
    """What goes along with a unit: units below it, active members of all of them, posts."""

    units: int
    people: int
    posts: int


@dataclass(frozen=True, slots=True)
class Near:
    """A tag of the change that is one or two edits away from another holder's, as the one before it was not."""

    tag: str
    other: str
    whose: str


def dues(session: Session, setup: Setup, change: Change, now: datetime) -> Dues:
    """How what the unit owes becomes other. It depends on its type and name, never on the units above it."""
    unit, campaign = change.unit, setup.campaign
    before, after = (
        unit_changes.owed_by(session, setup, unit.type, name, change.day, unit.code)
        for name in (unit.name, change.name)
    )
    asked, wanted = (
        [each for each in campaign.quotas if _is_asked(setup, each, unit.type, name)]
        for name in (unit.name, change.name)
    )
    less = tuple(each for each in before if each not in after)
    due = obligations.still_due(session, campaign.code, [unit.id], now)
    fall_away = sum(each.duty.code in {duty.code for duty in less} for each in due)
    return Dues(
        tuple(each for each in after if each not in before),
        less,
        tuple(each for each in wanted if each not in asked),
        tuple(each for each in asked if each not in wanted),
        len(due) - fall_away,
        fall_away,
    )


def along(session: Session, change: Change) -> Along:
    """What belongs to the unit, and still does after the change."""
    unit_id = change.unit.id
    posts = select(func.count()).select_from(Post).where(Post.unit_id.in_(units.below(unit_id)))
    below = len(units.living_below(session, unit_id, change.day))
    return Along(below, members.number_below(session, unit_id), session.scalars(posts).one())


def watchers(session: Session, change: Change) -> tuple[Sequence[Membership], Sequence[Membership]]:
    """Who sees the unit only after a move, and who only before it: those who decide in the units above."""
    before, after = (units.path(each) if each else [] for each in (change.unit.parent, change.parent))
    gained = [each for each in after if each not in before]
    lost = [each for each in before if each not in after]
    return _deciders(session, gained), _deciders(session, lost)


def near(session: Session, setup: Setup, brings: Effect) -> list[Near]:
    """Which of the new tags will be mistaken for others that are not changed."""
    new = {each.tag: each for each in brings.tags if not each.twins}
    changing = {each.old for each in brings.tags}
    found = {row.tag: row for row in tags.of_units(session, setup.campaign.code) if row.valid_until is None}
    pairs = list(near_pairs(list(dict.fromkeys([*new, *found])))) if new else []
    close = {frozenset(pair[:2]) for pair in pairs}
    both = chain.from_iterable(((a, b), (b, a)) for a, b, edits in pairs if edits)
    return [
        Near(tag, other, tag_roster.holder_of(found[other]).name)
        for tag, other in both
        if tag in new and other in found and other not in changing and other not in new
        if frozenset((new[tag].old, other)) not in close and not tag_roster.signs(setup.campaign, found[other].unit)
    ]


def _is_asked(setup: Setup, quota: Quota, type_: str, name: str) -> bool:
    return quota.who == "unit" and (not quota.types or setup.campaign.is_of(quota.types, type_, name))


def _deciders(session: Session, above: Sequence[Unit]) -> Sequence[Membership]:
    there = (Membership.unit_id.in_([each.id for each in above]), Membership.state == MembershipState.ACTIVE)
    statement = select(Membership).where(*there, Membership.role.in_(people.ROLES_THAT_DECIDE))
    return session.scalars(statement.order_by(Membership.folded, Membership.id)).all()
