"""The figures of units and periods: counted in the database, rolled up in `bot/domain/figures.py`.

A post counts where it was handed in, though its author moved or the unit closed since. Nobody knows when a member left:
one who moved is a member of his present unit alone, one whose data was erased of none; both leave their posts behind.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, func, or_, select
from sqlalchemy.orm import Session

from bot.domain.figures import MEDIA, NO_TARGET, Count, MemberLine, MemberRow, PostRow, UnitFigures, UnitRow, roll_up
from bot.storage.models import Membership, MembershipState, Post, PostState, Unit
from bot.storage.units import below

Where = ColumnElement[bool]
Place = tuple[int, int]
"""A unit and a membership: where somebody's posts are counted."""
Profile = tuple[str | None, str | None, str | None, str | None, str]
"""The values of `_PROFILE`."""
WEEK = timedelta(days=7)

_ALL = func.count()
_MEDIA = func.sum(case((Post.kind.in_(MEDIA), 1), else_=0), type_=Integer())
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
    units = _shown(session, root_id, day, {unit_id for unit_id, _, _ in posts})
    return roll_up(root_id, units, members, posts, people)


def counts_by_week(
    session: Session, campaign: str, unit_ids: Sequence[int], starts: Sequence[datetime]
) -> dict[int, list[dict[str, Count]]]:
    """For each unit, without those below it, its posts by target in each of the weeks that begin at `starts`.

    At least one start, rising; a week ends where the next one begins, the last one after seven days.
    """
    week = case(*((Post.handed_in_at >= start, at) for at, start in reversed(list(enumerate(starts))))).label("week")
    statement = (
        select(Post.unit_id, week, Post.target, _ALL, _MEDIA)
        .where(Post.unit_id.in_(unit_ids), _counted(campaign, starts[0], starts[-1] + WEEK))
        .group_by(Post.unit_id, "week", Post.target)
    )
    found: dict[int, list[dict[str, Count]]] = {unit_id: [{} for _ in starts] for unit_id in unit_ids}
    for unit_id, at, target, number, media in session.execute(statement):
        found[unit_id][at][target or NO_TARGET] = Count(number - media, media)
    return found


@dataclass(frozen=True, slots=True)
class Contributor:
    """A member, the unit that he is in now, and his posts."""

    membership_id: int
    name: str
    unit: str
    count: Count


def top_contributors(
    session: Session, campaign: str, root_id: int, start: datetime, end: datetime, most: int
) -> list[Contributor]:
    """Those with the most counted posts for the unit and all below it, of equals the earlier member first.

    Nobody whose data was erased is among them.
    """
    statement = (
        select(Membership.id, Membership.full_name, Unit.name, _ALL, _MEDIA)
        .select_from(Post)
        .join(Post.membership)
        .join(Membership.unit)
        .where(_window(campaign, root_id, start, end), Membership.full_name.is_not(None))
        .group_by(Membership.id, Membership.full_name, Unit.name)
        .order_by(_ALL.desc(), Membership.id)
        .limit(most)
    )
    rows = session.execute(statement)
    return [Contributor(id_, name or "", unit, Count(number - media, media)) for id_, name, unit, number, media in rows]


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
    yield _counted(behind.campaign, behind.start, behind.end)
    if behind.membership_id is not None:
        yield Post.membership_id == behind.membership_id
    if behind.targets is not None:
        yield func.coalesce(Post.target, NO_TARGET).in_(behind.targets)
    if behind.media is not None:
        yield Post.kind.in_(MEDIA) if behind.media else Post.kind.not_in(MEDIA)


def _counted(campaign: str, start: datetime, end: datetime) -> Where:
    return and_(
        Post.campaign == campaign,
        Post.state == PostState.COUNTED,
        Post.handed_in_at >= start,
        Post.handed_in_at < end,
    )


def _window(campaign: str, root_id: int, start: datetime, end: datetime) -> Where:
    return and_(Post.unit_id.in_(below(root_id)), _counted(campaign, start, end))


def _is_alive(day: date) -> Where:
    opened = or_(Unit.opened_on.is_(None), Unit.opened_on <= day)
    return and_(opened, or_(Unit.closed_on.is_(None), Unit.closed_on > day))


def _active(root_id: int, day: date, until: datetime) -> Where:
    """Members of units alive on `day`, who were let in before `until`."""
    alive = select(Unit.id).where(Unit.id.in_(below(root_id)), _is_alive(day))
    let_in = func.coalesce(Membership.decided_at, Membership.created_at) < until
    return and_(Membership.unit_id.in_(alive), Membership.state == MembershipState.ACTIVE, let_in)


def _shown(session: Session, root_id: int, day: date, counted: set[int]) -> list[UnitRow]:
    """Units alive on `day` or with posts, and those above them up to the root."""
    statement = select(Unit.id, Unit.parent_id, Unit.name, Unit.type, _is_alive(day))
    found = session.execute(statement.where(Unit.id.in_(below(root_id)))).all()
    rows = {id_: UnitRow(id_, parent_id, name, type_) for id_, parent_id, name, type_, _ in found}
    shown = {root_id}
    for id_, *_, alive in found:
        at = id_
        while (alive or id_ in counted) and at not in shown:
            shown.add(at)
            at = rows[at].parent_id or root_id
    return [rows[id_] for id_ in shown]


def _posts(session: Session, window: Where) -> list[PostRow]:
    statement = select(Post.unit_id, Post.target, _ALL, _MEDIA).where(window).group_by(Post.unit_id, Post.target)
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
    sums = select(*columns, _ALL.label("number"), _MEDIA.label("media")).where(window).group_by(*columns).subquery()
    statement = select(sums, *_PROFILE).join(Membership, Membership.id == sums.c.membership_id)
    counts: dict[Place, dict[str, Count]] = defaultdict(dict)
    profiles: dict[Place, Profile] = {}
    for unit_id, id_, target, number, media, *values in session.execute(statement):
        counts[unit_id, id_][target or NO_TARGET] = Count(number - media, media)
        profiles[unit_id, id_] = _profile(values)
    return counts, profiles
