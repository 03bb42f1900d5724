"""The audit log: what somebody changes is written down by the session itself, so that no handler can forget it.

Only what `KEPT` names is written: no names, telephone numbers or texts of people, whose erasure must reach them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, event, insert, inspect, or_, select
from sqlalchemy.orm import Session, UOWTransaction

from bot.storage.models import (
    AuditRow,
    Broadcast,
    DataRequest,
    DayOff,
    Duty,
    DutyException,
    Group,
    ImportBatch,
    Invitation,
    Membership,
    Obligation,
    Operator,
    Page,
    PageFigures,
    Post,
    Report,
    ReviewCase,
    Table,
    Tag,
    Unit,
    UnitSuccessor,
    WeekPage,
)
from bot.storage.units import below

HIDDEN = "•"  # a value was there, or changed; which one is nobody's business later on

# The columns that are written down, those after the bar only as changed or not.
KEPT: Mapping[type[Table], str] = {
    Unit: "name type parent_id opened_on closed_on",
    UnitSuccessor: "unit_id successor_id main",
    Membership: "unit_id role role_until state kind named left_at "
    "| full_name rank position facebook_name phone left_reason",
    Invitation: "unit_id role deputy_until expires_at used_at",
    Tag: "kind valid_from valid_until membership_id | tag",
    Duty: "code rule starts_on ended_on",
    DutyException: "duty_id period moved_to reason",
    DayOff: "day off note",
    Obligation: "duty_id period state | reason",
    Post: "state target",
    ReviewCase: "post_id state reason refusal",
    Report: "obligation_id version state | reason",
    Group: "unit_id summaries",
    Broadcast: "state template starts_at approved_by_id | reason",
    ImportBatch: "state figures",
    Page: "name url kind unit_id closed_at | administrator",
    PageFigures: "page_id month likes followers members posts",
    WeekPage: "week page_id",
    DataRequest: "kind due_at answered_at",
    Operator: "since",
}
# Handing in is in the ledger itself; only what becomes of a post later is a change.
NOT_WHEN_NEW = (Post, ReviewCase)
# Their keys are a code that opens something, or somebody's number.
NAMELESS = (Invitation, Operator)

_UNIT: Mapping[type[Table], Callable[[Session, Any], int | None]] = {
    Unit: lambda _, unit: unit.id,
    Report: lambda session, report: session.get_one(Obligation, report.obligation_id).unit_id,
    PageFigures: lambda session, figures: session.get_one(Page, figures.page_id).unit_id,
    WeekPage: lambda session, chosen: session.get_one(Page, chosen.page_id).unit_id,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `act` is the command, step or button."""

    campaign: str
    membership_id: int | None
    channel: str
    act: str
    now: datetime


@contextmanager
def acting(session: Session, actor: Actor) -> Iterator[None]:
    """Write down what is changed through the session meanwhile."""

    def write(flushed: Session, _: UOWTransaction) -> None:
        rows = list(_rows(flushed, actor))
        if rows:
            flushed.execute(insert(AuditRow), rows)

    session.flush()
    event.listen(session, "after_flush", write)
    try:
        yield
        session.flush()
    finally:
        event.remove(session, "after_flush", write)


def of_unit(
    session: Session, unit: Unit, most: int, *, before: int | None = None, after: int | None = None
) -> Sequence[AuditRow]:
    """The latest changes in a unit and all below it, the newest first: those older than the row `before`, or the next
    ones that are newer than `after`. Who looks from the top sees what concerns the whole campaign as well."""
    where: ColumnElement[bool] = AuditRow.unit_id.in_(below(unit.id))
    if unit.parent_id is None:
        where = or_(where, and_(AuditRow.unit_id.is_(None), AuditRow.campaign == unit.campaign))
    if after is not None:
        later = select(AuditRow).where(where, AuditRow.id > after).order_by(AuditRow.id).limit(most)
        return session.scalars(later).all()[::-1]
    statement = select(AuditRow).where(where).order_by(AuditRow.id.desc()).limit(most)
    return session.scalars(statement.where(AuditRow.id < before) if before else statement).all()


def _rows(session: Session, actor: Actor) -> Iterator[dict[str, Any]]:
    changed = [each for each in session.dirty if session.is_modified(each)]
    for each in [*session.new, *changed, *session.deleted]:
        kind = type(each)
        if kind not in KEPT or (each in session.new and kind in NOT_WHEN_NEW):
            continue
        before, after = _difference(each, KEPT[kind], gone=each in session.deleted, new=each in session.new)
        if before or after:
            yield {
                "at": actor.now,
                "campaign": actor.campaign,
                "unit_id": _UNIT.get(kind, _own_unit)(session, each),
                "by_id": actor.membership_id,
                "channel": actor.channel,
                "act": actor.act,
                "subject": each.__tablename__,
                "subject_id": HIDDEN
                if kind in NAMELESS
                else "/".join(str(key) for key in inspect(each).identity or ()),
                "before": before,
                "after": after,
            }


def _own_unit(_: Session, row: Any) -> int | None:
    return getattr(row, "unit_id", None)


def _difference(row: Any, columns: str, *, gone: bool, new: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """The kept columns that changed, before and after; of a new row those that are set, of one that goes all."""
    shown, _, hidden = columns.partition("|")
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name in [*shown.split(), *hidden.split()]:
        history = inspect(row).attrs[name].history
        was = history.deleted[0] if history.deleted else None
        value = getattr(row, name)
        mask = name in hidden.split()
        if gone:
            before[name] = _plain(value, mask=mask)
        elif history.has_changes() and not (new and value is None):
            if not new:
                before[name] = _plain(was, mask=mask)
            after[name] = _plain(value, mask=mask)
    return before, after


def _plain(value: Any, *, mask: bool) -> Any:
    if mask and value is not None:
        return HIDDEN
    return value.isoformat() if isinstance(value, date | datetime | time) else value
