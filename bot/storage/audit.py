"""The audit log: what somebody changes is written down by the session itself, so that no handler can forget it.

Only what `KEPT` names is written: no names, telephone numbers or texts of people, whose erasure must reach them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, event, exists, insert, inspect, or_, select
from sqlalchemy.orm import Session, UOWTransaction, aliased

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
    MembershipState,
    Obligation,
    Operator,
    Page,
    PageFigures,
    Person,
    Post,
    Report,
    ReviewCase,
    Table,
    Tag,
    Unit,
    UnitChange,
    UnitSuccessor,
    WeekPage,
)
from bot.storage.units import below

ACTOR = "who acts"
HIDDEN = "•"  # a value was there, or changed; which one is nobody's business later on

# The columns that are written down, those after the bar only as changed or not.
KEPT: Mapping[type[Table], str] = {
    Unit: "name type parent_id opened_on closed_on",
    UnitSuccessor: "unit_id successor_id main",
    UnitChange: "unit_id name parent_id day",
    Person: "wants_broadcasts",
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
NOT_WHEN_NEW = (Post, ReviewCase, Person)
NOT_WHEN_GONE = (Person,)  # joined to another account's
# A sheet brings members, or figures of pages, by the hundred.
ROSTER_ACTS = ("rosters.write", "rosters.undo")
BY_THE_HUNDRED = (Membership.__tablename__, PageFigures.__tablename__)
MOST_AT_ONE_GO = 1_000
# Their keys are a code that opens something, or somebody's number.
NAMELESS = (Invitation, Operator)

_UNIT: Mapping[type[Table], Callable[[Session, Any], int | None]] = {
    Unit: lambda _, unit: unit.id,
    Person: lambda session, person: _unit_of(session, person),
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
    session.flush()
    before = session.info.get(ACTOR)
    session.info[ACTOR] = actor
    try:
        yield
        session.flush()
    finally:
        session.info[ACTOR] = before


@event.listens_for(Session, "after_flush")
def _write(session: Session, _: UOWTransaction) -> None:
    actor = session.info.get(ACTOR)
    if actor and (rows := list(_rows(session, actor))):
        session.execute(insert(AuditRow), rows)


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one row that was changed past the session; before or after is empty if it was or is not there."""

    number: int
    unit_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def note_many(session: Session, actor: Actor, kind: type[Table], changes: Sequence[Change]) -> None:
    """Write down changes of one table that were made many at once, a line for each."""
    shown, _, hidden = KEPT[kind].partition("|")
    masks = dict.fromkeys(shown.split(), False) | dict.fromkeys(hidden.split(), True)

    def kept(values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: _plain(values[name], mask=mask) for name, mask in masks.items() if name in values}

    rows = [
        _row(actor, each.unit_id, kind.__tablename__, str(each.number), kept(each.before), kept(each.after))
        for each in changes
    ]
    if rows:
        session.execute(insert(AuditRow), rows)


def of_unit(
    session: Session,
    unit: Unit,
    most: int,
    *,
    before: int | None = None,
    after: int | None = None,
    each: bool = True,
) -> Sequence[AuditRow]:
    """The latest changes in a unit and all below it, the newest first: those older than the row `before`, or the next
    ones that are newer than `after`. Who looks from the top sees what concerns the whole campaign as well.

    Without `each`, of the members or figures that a sheet brings at one go only the last is there, so that others can
    be seen.
    """
    inside = below(unit.id)
    where = _seen_from(unit, inside, AuditRow)
    if not each:
        where = and_(where, ~_goes_on(unit, inside))
    if after is not None:
        later = select(AuditRow).where(where, AuditRow.id > after).order_by(AuditRow.id).limit(most)
        return session.scalars(later).all()[::-1]
    statement = select(AuditRow).where(where).order_by(AuditRow.id.desc()).limit(most)
    return session.scalars(statement.where(AuditRow.id < before) if before else statement).all()


def at_one_go(session: Session, unit: Unit, row: AuditRow) -> int:
    """How many rows `of_unit` shows as this one, itself counted, if not each is shown."""
    if row.act not in ROSTER_ACTS or row.subject not in BY_THE_HUNDRED:
        return 1
    with_it = and_(AuditRow.id <= row.id, AuditRow.act == row.act, AuditRow.subject == row.subject)
    same = and_(with_it, AuditRow.at == row.at, AuditRow.by_id == row.by_id, _seen_from(unit, below(unit.id), AuditRow))
    ids = session.scalars(select(AuditRow.id).where(same).order_by(AuditRow.id.desc()).limit(MOST_AT_ONE_GO))
    return sum(row.id - id_ == place for place, id_ in enumerate(ids))


def _seen_from(unit: Unit, inside: Select[tuple[int]], row: type[AuditRow]) -> ColumnElement[bool]:
    here: ColumnElement[bool] = row.unit_id.in_(inside)
    return here if unit.parent_id else or_(here, and_(row.unit_id.is_(None), row.campaign == unit.campaign))


def _goes_on(unit: Unit, inside: Select[tuple[int]]) -> ColumnElement[bool]:
    """Whether the next row tells of another member, or page, of the same sheet, written at the same go."""
    bulk = and_(AuditRow.act.in_(ROSTER_ACTS), AuditRow.subject.in_(BY_THE_HUNDRED))
    next_ = aliased(AuditRow)
    same = [getattr(next_, name) == getattr(AuditRow, name) for name in ("act", "subject", "at", "by_id")]
    return and_(bulk, exists().where(next_.id == AuditRow.id + 1, *same, _seen_from(unit, inside, next_)))


def _rows(session: Session, actor: Actor) -> Iterator[dict[str, Any]]:
    changed = [each for each in session.dirty if session.is_modified(each)]
    for each in [*session.new, *changed, *session.deleted]:
        kind = type(each)
        known = (each in session.new and kind in NOT_WHEN_NEW) or (each in session.deleted and kind in NOT_WHEN_GONE)
        if kind not in KEPT or known:
            continue
        before, after = _difference(each, KEPT[kind], gone=each in session.deleted, new=each in session.new)
        if before or after:
            key = HIDDEN if kind in NAMELESS else _key(each)
            unit_id = _UNIT.get(kind, _own_unit)(session, each)
            yield _row(actor, unit_id, each.__tablename__, key, before, after)


def _row(
    actor: Actor, unit_id: int | None, subject: str, key: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "at": actor.now,
        "campaign": actor.campaign,
        "unit_id": unit_id,
        "by_id": actor.membership_id,
        "channel": actor.channel,
        "act": actor.act,
        "subject": subject,
        "subject_id": key,
        "before": before,
        "after": after,
    }


def _key(row: Table) -> str:
    """Its key as one text. A row that was just written has it in its columns, but not yet as its identity."""
    return "/".join(str(part) for part in inspect(type(row)).primary_key_from_instance(row))


def _unit_of(session: Session, person: Person) -> int | None:
    there = (Membership.person_id == person.id, Membership.state == MembershipState.ACTIVE)
    return session.scalar(select(Membership.unit_id).where(*there).limit(1))


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
