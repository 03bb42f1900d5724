"""The figures of units and periods: counted in the database, rolled up in `bot/domain/figures.py`.

A post counts where it was handed in, though its author moved or the unit closed since. Nobody knows when a member left:
one who moved is a member of his present unit alone, one whose data was erased of none; both leave their posts behind.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, func, or_, select
from sqlalchemy.orm import Session

from bot.domain.figures import (
    MEDIA,
    NO_TARGET,
    Count,
    MemberLine,
    MemberRow,
    PostRow,
    UnitFigures,
    UnitRow,
    inside,
    roll_up,
    roll_up_all,
)
from bot.storage.models import Membership, MembershipState, Post, PostState, Unit
from bot.storage.units import below

Where = ColumnElement[bool]
Place = tuple[int, int]
"""A unit and a membership: where somebody's posts are counted."""
Profile = tuple[str | None, str | None, str | None, str | None, str]
"""The values of `_PROFILE`."""
WEEK = timedelta(days=7)

ALL = func.count()
OF_MEDIA = func.sum(case((Post.kind.in_(MEDIA), 1), else_=0), type_=Integer())
"""What a number of posts is counted by: all of them, and those that are media."""
_PROFILE = (
    Membership.full_name,
    Membership.rank,
    Membership.position,
    Membership.facebook_name,
    Membership.kind,
)


def figures(
    session: Session,
    campaign: str,
    root_id: int,
    start: datetime,
    end: datetime,
    day: date,
    *,
    named: bool = True,
) -> UnitFigures:
    """The unit and all below it: counted posts handed in from `start` to before `end`, members at the end of `day`.

    Shown are units alive on `day`, others where they have posts, and what stands above these; members count in units
    alive on `day`. The day is one of the zone of `end`. `named` lists the people: many, for a province.
    """
    window = _window(campaign, root_id, start, end)
    here = _active(root_id, day, datetime.combine(day + timedelta(days=1), time(), end.tzinfo))
    if named:
        people = _people(session, window, here)
        members = [(unit_id, line.kind, 1) for unit_id, line in people if line.here]
        posts = [(unit_id, target, count) for unit_id, line in people for target, count in line.counts.items()]
    else:
        people, members, posts = [], _members(session, here), _posts(session, window)
    units = _shown(part_of(session, [root_id], day), {unit_id for unit_id, _, _ in posts})
    return roll_up(root_id, units, members, posts, people)


@dataclass(frozen=True, slots=True)
class Part:
    """Some units with all below them: the rows, which of these are alive on a day, and what is `inside` each of some.

    What is asked of many units is asked for their part at once, as one statement for all takes as long as one for each.
    """

    rows: Mapping[int, UnitRow]
    alive: frozenset[int]
    inside: Mapping[int, Sequence[int]]


def part_of(session: Session, root_ids: Collection[int], day: date) -> Part:
    """The part of the tree below these units."""
    statement = select(Unit.id, Unit.parent_id, Unit.name, Unit.type, _is_alive(day))
    found = session.execute(statement.where(Unit.id.in_(below(*root_ids)))).all()
    rows = {id_: UnitRow(id_, parent_id, name, type_) for id_, parent_id, name, type_, _ in found}
    return Part(rows, frozenset(id_ for id_, *_, alive in found if alive), inside(root_ids, rows.values()))


def posts_of(session: Session, campaign: str, part: Part, start: datetime, end: datetime) -> dict[int, UnitFigures]:
    """By unit, its figures as `figures` has them, but without members; each as if it were asked for alone."""
    posts = _posts(session, and_(Post.unit_id.in_(part.rows), counted(campaign, start, end)))
    return roll_up_all(_shown(part, {unit_id for unit_id, _, _ in posts}), posts=posts)


def own_totals(session: Session, campaign: str, part: Part, start: datetime, end: datetime) -> dict[int, int]:
    """By unit, how many posts it has without those of the units below it; units without any are left out."""
    window = and_(Post.unit_id.in_(part.rows), counted(campaign, start, end))
    rows = session.execute(select(Post.unit_id, ALL).where(window).group_by(Post.unit_id))
    return {row[0]: row[1] for row in rows}


def own_members(session: Session, root_id: int, day: date, zone: tzinfo | None) -> dict[int, int]:
    """By unit alive on `day`, the root and below, how many members it has at the day's end without those below it."""
    here = _active(root_id, day, datetime.combine(day + timedelta(days=1), time(), zone))
    rows = session.execute(select(Membership.unit_id, ALL).where(here).group_by(Membership.unit_id))
    return {row[0]: row[1] for row in rows}


def counts_by_week(
    session: Session, campaign: str, unit_ids: Sequence[int], starts: Sequence[datetime]
) -> dict[int, list[dict[str, Count]]]:
    """For each unit, without those below it, its posts by target in each of the weeks that begin at `starts`.

    At least one start, rising; a week ends where the next one begins, the last one after seven days.
    """
    found: dict[int, list[dict[str, Count]]] = {unit_id: [{} for _ in starts] for unit_id in unit_ids}
    ends = [*starts[1:], starts[-1] + WEEK]
    for at, (start, end) in enumerate(zip(starts, ends, strict=True)):  # all at once would take three times as long
        for unit_id, target, count in _posts(session, and_(Post.unit_id.in_(unit_ids), counted(campaign, start, end))):
            found[unit_id][at][target] = count
    return found


@dataclass(frozen=True, slots=True)
class Behind:
    """Which posts a figure counts: those for a unit, with those `below` it or without; None leaves a condition out.

    `targets`: target codes. `media`: True for “hình ảnh, video”, False for “tin, bài”.
    """

    campaign: str
    unit_id: int
    start: datetime
    end: datetime
    below: bool = True
    membership_id: int | None = None
    targets: tuple[str, ...] | None = None
    media: bool | None = None


def drill_down(session: Session, behind: Behind, offset: int, most: int) -> Sequence[Post]:
    """The posts behind a figure, newest first."""
    statement = select(Post).where(*_behind(behind)).order_by(Post.handed_in_at.desc(), Post.id.desc())
    return session.scalars(statement.offset(offset).limit(most)).all()


def _behind(behind: Behind) -> Iterator[Where]:
    units = below(behind.unit_id) if behind.below else [behind.unit_id]
    yield Post.unit_id.in_(units)
    yield counted(behind.campaign, behind.start, behind.end)
    if behind.membership_id is not None:
        yield Post.membership_id == behind.membership_id
    if behind.targets is not None:
        yield func.coalesce(Post.target, NO_TARGET).in_(behind.targets)
    if behind.media is not None:
        yield Post.kind.in_(MEDIA) if behind.media else Post.kind.not_in(MEDIA)


def counted(campaign: str, start: datetime, end: datetime) -> Where:
    """A post that counts and was handed in from `start` to before `end`."""
    return and_(
        Post.campaign == campaign,
        Post.state == PostState.COUNTED,
        Post.handed_in_at >= start,
        Post.handed_in_at < end,
    )


def _window(campaign: str, root_id: int, start: datetime, end: datetime) -> Where:
    return and_(Post.unit_id.in_(below(root_id)), counted(campaign, start, end))


def _is_alive(day: date) -> Where:
    opened = or_(Unit.opened_on.is_(None), Unit.opened_on <= day)
    return and_(opened, or_(Unit.closed_on.is_(None), Unit.closed_on > day))


def _active(root_id: int, day: date, until: datetime) -> Where:
    """Members of units alive on `day`, who were let in before `until`."""
    alive = select(Unit.id).where(Unit.id.in_(below(root_id)), _is_alive(day))
    let_in = func.coalesce(Membership.decided_at, Membership.created_at) < until
    return and_(Membership.unit_id.in_(alive), Membership.state == MembershipState.ACTIVE, let_in)


def _shown(part: Part, counted: Collection[int]) -> list[UnitRow]:
    """Units that are alive or with posts, and those above them up to the ones that were asked for.

    One that was asked for and has nothing to show stands alone: the units above it have the figures they have without.
    """
    shown: dict[int, UnitRow] = {}
    for id_, row in part.rows.items():
        at = row if id_ in part.alive or id_ in counted else None
        while at and at.unit_id not in shown:
            shown[at.unit_id] = at
            at = part.rows.get(at.parent_id) if at.parent_id else None
    alone = [replace(part.rows[id_], parent_id=None) for id_ in part.inside if id_ not in shown]
    return [*shown.values(), *alone]


def _posts(session: Session, window: Where) -> list[PostRow]:
    statement = select(Post.unit_id, Post.target, ALL, OF_MEDIA).where(window).group_by(Post.unit_id, Post.target)
    return [
        (unit_id, target or NO_TARGET, Count(number - media, media))
        for unit_id, target, number, media in session.execute(statement)
    ]


def _members(session: Session, here: Where) -> list[MemberRow]:
    statement = select(Membership.unit_id, Membership.kind, func.count()).where(here)
    rows = session.execute(statement.group_by(Membership.unit_id, Membership.kind))
    return [(unit_id, kind, number) for unit_id, kind, number in rows]


def _people(session: Session, window: Where, here: Where) -> list[tuple[int, MemberLine]]:
    """The members of each unit, and those who left posts behind there."""
    counts, profiles = _posts_of_people(session, window)
    rows = session.execute(select(Membership.unit_id, Membership.id, *_PROFILE).where(here))
    members: dict[Place, Profile] = {(row[0], row[1]): _profile(row[2:]) for row in rows}
    return [
        (place[0], MemberLine(place[1], *profile, counts.get(place, {}), place in members))
        for place, profile in (profiles | members).items()
    ]


def _profile(values: Sequence[Any]) -> Profile:
    name, rank, position, facebook_name, kind = values
    return name, rank, position, facebook_name, kind


def _posts_of_people(session: Session, window: Where) -> tuple[dict[Place, dict[str, Count]], dict[Place, Profile]]:
    """The posts of each person in each unit, by target, and who he is."""
    columns = (Post.unit_id, Post.membership_id, Post.target)
    sums = select(*columns, ALL.label("number"), OF_MEDIA.label("media")).where(window).group_by(*columns).subquery()
    statement = select(sums, *_PROFILE).join(Membership, Membership.id == sums.c.membership_id)
    counts: dict[Place, dict[str, Count]] = defaultdict(dict)
    profiles: dict[Place, Profile] = {}
    for unit_id, id_, target, number, media, *values in session.execute(statement):
        counts[unit_id, id_][target or NO_TARGET] = Count(number - media, media)
        profiles[unit_id, id_] = _profile(values)
    return counts, profiles
