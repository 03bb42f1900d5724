"""Filed reports: their versions, the posts that they hold, and how far units are with a period."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, Select, TableValuedAlias, case, cast, func, select, true
from sqlalchemy.orm import Session

from bot.storage.models import (
    Duty,
    Membership,
    Obligation,
    ObligationState,
    Post,
    PostState,
    Report,
    ReportState,
    Unit,
)
from bot.storage.units import below, path


def locked(session: Session, obligation_id: int) -> Obligation | None:
    """The obligation as it is now; nobody else changes it in the meantime."""
    return session.get(Obligation, obligation_id, with_for_update=True, populate_existing=True)


def versions(session: Session, obligation_id: int) -> Sequence[Report]:
    """All versions of a report, the latest first."""
    statement = select(Report).where(Report.obligation_id == obligation_id)
    return session.scalars(statement.order_by(Report.version.desc())).all()


def filed_by(session: Session, membership_id: int) -> Sequence[Report]:
    """The versions that a member filed, oldest first."""
    return session.scalars(select(Report).where(Report.filed_by_id == membership_id).order_by(Report.id)).all()


def latest(session: Session, obligation_id: int) -> Report | None:
    """The latest version, whatever became of it."""
    return next(iter(versions(session, obligation_id)), None)


def of_period(session: Session, duty_id: int, period: str, root_id: int) -> dict[int, tuple[Obligation, Report | None]]:
    """By unit below `root_id`: what it owes for the period, and its report if one stands."""
    statement = (
        select(Obligation, Report)
        .outerjoin(Report, (Report.obligation_id == Obligation.id) & (Report.state == ReportState.FILED))
        .where(Obligation.duty_id == duty_id, Obligation.period == period)
        .where(Obligation.unit_id.in_(below(root_id)), Obligation.unit_id != root_id)
        .where(Obligation.state != ObligationState.CLOSED)
    )
    return {owed.unit_id: (owed, report) for owed, report in session.execute(statement)}


def previous(session: Session, owed: Obligation) -> Report | None:
    """The standing report of the same unit and duty for the period before."""
    statement = select(Report).join(Report.obligation).where(Report.state == ReportState.FILED)
    same = (Obligation.unit_id == owed.unit_id, Obligation.duty_id == owed.duty_id, Obligation.due_at < owed.due_at)
    return session.scalar(statement.where(*same).order_by(Obligation.due_at.desc()).limit(1))


def settled(session: Session, unit_id: int, most: int) -> Sequence[Obligation]:
    """What a unit filed or was excused from, the latest due first."""
    done = (ObligationState.FILED, ObligationState.LATE, ObligationState.EXCUSED)
    statement = select(Obligation).where(Obligation.unit_id == unit_id, Obligation.state.in_(done))
    return session.scalars(statement.order_by(Obligation.due_at.desc(), Obligation.id.desc()).limit(most)).all()


def counted(session: Session, campaign: str, root_id: int, start: datetime, end: datetime) -> Sequence[tuple[int, int]]:
    """(post, unit) of the counted posts of the unit and all below it, by unit, member and target."""
    statement = select(Post.id, Post.unit_id).where(
        Post.campaign == campaign,
        Post.state == PostState.COUNTED,
        Post.unit_id.in_(below(root_id)),
        Post.handed_in_at >= start,
        Post.handed_in_at < end,
    )
    rows = session.execute(statement.order_by(Post.unit_id, Post.membership_id, Post.target, Post.id))
    return [(post, unit) for post, unit in rows]


def with_ids(session: Session, ids: Sequence[int]) -> list[Post]:
    """Posts in the order of their ids given; a few at a time."""
    found = {post.id: post for post in session.scalars(select(Post).where(Post.id.in_(ids)))}
    return [found[id_] for id_ in ids if id_ in found]


def members(session: Session, ids: Collection[int]) -> dict[int, Membership]:
    """Memberships by id."""
    return {each.id: each for each in session.scalars(select(Membership).where(Membership.id.in_(list(ids))))}


def no_longer_counted(session: Session, report: Report) -> Sequence[Post]:
    """Posts that the report holds and that were withdrawn, merged or refused since."""
    held = _held(session)
    statement = _holding(held).where(Report.id == report.id).with_only_columns(_number(held))
    gone = select(Post).where(Post.id.in_(statement), Post.state != PostState.COUNTED)
    return session.scalars(gone.order_by(Post.id)).all()


def holding(session: Session, post: Post) -> Report | None:
    """A standing report that holds the post."""
    owners = [unit.id for unit in path(session.get_one(Unit, post.unit_id))]
    held = _held(session)
    statement = (
        _holding(held)
        .join(Report.obligation)
        .where(Report.state == ReportState.FILED, Obligation.unit_id.in_(owners))
        .where(Obligation.window_start <= post.handed_in_at, Obligation.window_end > post.handed_in_at)
        .where(_number(held) == post.id)
    )
    return session.scalars(statement.order_by(Report.id).limit(1)).first()


def held_since(session: Session, campaign: str, since: datetime) -> Select[int]:
    """The ids of posts handed in before then that a report filed since then holds, for a larger statement."""
    held = _held(session)
    statement = _holding(held).join(Report.obligation)
    # Only such windows can hold a post of before: without this, every weekly report would be opened.
    recent = (Obligation.campaign == campaign, Report.filed_at >= since, Obligation.window_start < since)
    return statement.where(*recent).with_only_columns(_number(held))


@dataclass(frozen=True, slots=True)
class Standing:
    """How far units are with one period of a duty: `expected` is the sum of the other numbers."""

    duty: Duty
    period: str
    due_at: datetime
    on_time: int
    late: int
    excused: int
    open: int

    @property
    def filed(self) -> int:
        return self.on_time + self.late

    @property
    def expected(self) -> int:
        return self.filed + self.excused + self.open


def standings(session: Session, campaign: str, root_id: int, since: datetime, until: datetime) -> Sequence[Standing]:
    """Of the unit and all below it, each period that opened before `until` and is due since then, the latest first."""
    numbers = [func.sum(case((Obligation.state == state, 1), else_=0), type_=Integer()) for state in _STATES]
    due_at = func.max(Obligation.due_at)
    statement = (
        select(Obligation.duty_id, Obligation.period, due_at, *numbers)
        .where(Obligation.campaign == campaign, Obligation.unit_id.in_(below(root_id)))
        .where(Obligation.due_at >= since, Obligation.opens_at <= until, Obligation.state.in_(_STATES))
        .group_by(Obligation.duty_id, Obligation.period)
        .order_by(due_at.desc(), Obligation.duty_id)
    )
    duties = {duty.id: duty for duty in session.scalars(select(Duty).where(Duty.campaign == campaign))}
    return [Standing(duties[row[0]], *row[1:]) for row in session.execute(statement)]


_STATES = (ObligationState.FILED, ObligationState.LATE, ObligationState.EXCUSED, ObligationState.OPEN)


def missing(session: Session, duty_id: int, period: str, root_id: int) -> Sequence[Obligation]:
    """What is still open of a period in the unit and below it, by the unit's name."""
    statement = select(Obligation).join(Obligation.unit).where(Obligation.state == ObligationState.OPEN)
    of = (Obligation.duty_id == duty_id, Obligation.period == period, Obligation.unit_id.in_(below(root_id)))
    return session.scalars(statement.where(*of).order_by(Unit.folded, Unit.id)).all()


def kept(
    session: Session, campaign: str, root_id: int, since: datetime, until: datetime
) -> Sequence[tuple[Unit, Duty, str, int]]:
    """(unit, duty, state, number of periods) of what was due in [since, until), units by type and name."""
    statement = (
        select(Obligation.unit_id, Obligation.duty_id, Obligation.state, func.count())
        .where(Obligation.campaign == campaign, Obligation.unit_id.in_(below(root_id)))
        .where(Obligation.due_at >= since, Obligation.due_at < until, Obligation.state.in_(_STATES))
        .group_by(Obligation.unit_id, Obligation.duty_id, Obligation.state)
    )
    rows = session.execute(statement).all()
    units = {unit.id: unit for unit in session.scalars(select(Unit).where(Unit.id.in_(below(root_id))))}
    duties = {duty.id: duty for duty in session.scalars(select(Duty).where(Duty.campaign == campaign))}
    found = [(units[unit], duties[duty], state, number) for unit, duty, state, number in rows]
    return sorted(found, key=lambda row: (row[0].type, row[0].folded, row[0].id, row[1].id, row[2]))


def _held(session: Session) -> TableValuedAlias:
    """The posts in a report's figures as rows; each of the two databases unfolds JSON in its own way."""
    if session.get_bind().dialect.name == "sqlite":
        return func.json_each(Report.figures, "$.posts").table_valued("value", name="held")
    unfolded = func.json_array_elements_text(Report.figures["posts"])
    return unfolded.table_valued("value", name="held").render_derived()


def _holding(held: TableValuedAlias) -> Select[Report]:
    return select(Report).join(held, true())


def _number(held: TableValuedAlias) -> ColumnElement[int]:
    return cast(held.c.value, Integer)
