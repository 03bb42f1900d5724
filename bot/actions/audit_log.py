"""Rows of the audit log with the names that their numbers stand for by now."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions.report_forms import Wanted
from bot.actions.roles import CLOCK
from bot.documents.audit_table import AuditTable, Change, Entry, audit_xlsx
from bot.documents.forms import Letterhead
from bot.setup import Setup
from bot.storage import audit
from bot.storage.models import (
    AuditRow,
    Duty,
    DutyException,
    Membership,
    Obligation,
    Page,
    Report,
    ReviewCase,
    Table,
    Tag,
    Unit,
)

MOST_ROWS = 5_000
AT_ONCE = 500  # ids in one question to the database

T = TypeVar("T", bound=Table)
UNIT_COLUMNS = ("unit_id", "parent_id", "successor_id")
# Numbers that tell a reader nothing, or that the entry's own name says already.
UNSAID = ("duty_id", "obligation_id", "page_id", "post_id", "membership_id", "named_by_id", "period", "rule.code")


class Names:
    """The rows that log rows point to, read in few questions."""

    def __init__(self, session: Session, rows: Sequence[AuditRow]) -> None:
        self._session = session
        ids: dict[str, set[int]] = {}
        for row in rows:
            for head in row.subject_id.split("/")[:1]:
                if head.isdecimal():
                    ids.setdefault(row.subject, set()).add(int(head))
        self.tags = self._read(Tag, ids.get("tags", ()))
        self.exceptions = self._read(DutyException, ids.get("duty_exceptions", ()))
        self.reports = self._read(Report, ids.get("reports", ()))
        owed = {each.obligation_id for each in self.reports.values()}
        self.obligations = self._read(Obligation, ids.get("obligations", set()) | owed)
        self.cases = self._read(ReviewCase, ids.get("review_cases", ()))
        self.pages = self._read(Page, ids.get("pages", ()))
        duties = {each.duty_id for each in self.obligations.values()}
        duties |= {each.duty_id for each in self.exceptions.values()}
        self.duties = self._read(Duty, ids.get("duties", set()) | duties)
        signing = {each.membership_id for each in self.tags.values() if each.membership_id}
        by = {row.by_id for row in rows if row.by_id}
        self.members = self._read(Membership, ids.get("memberships", set()) | signing | by)
        self.units = self._read(Unit, {*ids.get("units", ()), *_units_in(rows), *self._units_of_tags()})

    def _units_of_tags(self) -> Iterator[int]:
        return (each.unit_id for each in self.tags.values() if each.unit_id)

    def _read(self, table: type[T], ids: Iterable[int]) -> dict[int, T]:
        wanted = sorted(ids)
        found: dict[int, T] = {}
        key = table.__table__.c.id
        for start in range(0, len(wanted), AT_ONCE):
            rows = self._session.scalars(select(table).where(key.in_(wanted[start : start + AT_ONCE])))
            found.update((each.id, each) for each in rows)  # type: ignore[attr-defined]  # all of these have one
        return found


def entries(session: Session, setup: Setup, rows: Sequence[AuditRow], reader: Unit, language: str) -> list[Entry]:
    """The rows as `reader`'s people read them, in the same order."""
    names = Names(session, rows)
    return [_entry(setup, names, row, reader, language) for row in rows]


def gathered(session: Session, setup: Setup, rows: Sequence[AuditRow], reader: Unit, language: str) -> list[Entry]:
    """The same of rows that stand for others, too: each says for how many more members of a roster."""
    found = entries(session, setup, rows, reader, language)
    numbers = [audit.at_one_go(session, reader, row) for row in rows]
    return [replace(entry, more=number - 1) for entry, number in zip(found, numbers, strict=True)]


def table(session: Session, setup: Setup, subject: Mapping[str, int], _language: str, now: datetime) -> Wanted:
    """The latest changes in a unit and all below it, for Excel.

    Where those are too many, the people of a roster share lines: else they would push out all others.
    """
    unit = session.get_one(Unit, subject["unit"])
    rows = audit.of_unit(session, unit, MOST_ROWS + 1)
    if len(rows) > MOST_ROWS:
        rows = audit.of_unit(session, unit, MOST_ROWS + 1, each=False)
    shown = gathered(session, setup, rows[:MOST_ROWS], unit, "vi")
    head = Letterhead(unit.name, setup.today(now), place=setup.campaign.province)
    data = AuditTable(head, unit.name, shown, len(rows) > MOST_ROWS)
    return Wanted(audit_xlsx, (data,), "nhat-ky.xlsx", "audit/file", {"unit": unit.name, "number": len(shown)})


def _entry(setup: Setup, names: Names, row: AuditRow, reader: Unit, language: str) -> Entry:
    member = names.members.get(row.by_id or 0)
    unit = names.units.get(row.unit_id or 0) if row.unit_id != reader.id else None
    thing = THINGS[row.subject](names, row, language) if row.subject in THINGS else None
    return Entry(
        number=row.id,
        at=setup.local(row.at),
        by=_by(row),
        who=member.full_name if member else None,
        unit=unit.name if unit else None,
        subject=row.subject,
        thing=thing,
        changes=tuple(_named_codes(setup, row, _changes(setup, names, row), language)),
        new=not row.before,
        gone=not row.after,
    )


def _by(row: AuditRow) -> str:
    if row.by_id:
        return "member"
    if row.channel == CLOCK:
        return "clock"
    return "operator" if row.act.startswith(("operate.", "/vanhanh")) else "newcomer"


def _changes(setup: Setup, names: Names, row: AuditRow) -> Iterator[Change]:
    before, after = _flat(row.before), _flat(row.after)
    for column in dict.fromkeys([*before, *after]):
        was, now = before.get(column), after.get(column)
        if _is_unsaid(column) or (column == "unit_id" and not row.before):
            continue
        if was != now:
            yield Change(column, *(_read(setup, names, column, each) for each in (was, now)))
        elif was == now == audit.HIDDEN:
            yield Change(column, was, now)


def _named_codes(setup: Setup, row: AuditRow, changes: Iterable[Change], language: str) -> Iterator[Change]:
    """What the campaign names by codes, as far as it still has them: kinds of member, targets, types of unit."""
    campaign, vi = setup.campaign, language == "vi"
    codes: dict[tuple[str, str], dict[str, str]] = {
        ("memberships", "kind"): {each.code: each.vi if vi else each.en for each in campaign.membership.kinds},
        ("posts", "target"): {each.code: each.name for each in campaign.targets},
        ("units", "type"): {each.type: each.vi if vi else each.en for each in campaign.unit_types if each.general},
    }
    for each in changes:
        words = codes.get((row.subject, each.column))
        if words is not None:
            yield Change(each.column, words.get(each.before, each.before), words.get(each.after, each.after))
        elif not (each.after == audit.HIDDEN and not row.before):  # that somebody new has a name goes without saying
            yield each


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in a value of several parts comes out as “column.part”, however deep."""
    found: dict[str, Any] = {}
    for column, value in values.items():
        parts = _flat(value) if isinstance(value, dict) else None
        found |= {f"{column}.{key}": each for key, each in parts.items()} if parts is not None else {column: value}
    return found


def _is_unsaid(column: str) -> bool:
    inner = column.startswith("figures.") and not column.startswith(("figures.written.", "figures.undone."))
    return column in UNSAID or inner


def _read(setup: Setup, names: Names, column: str, value: Any) -> Any:
    """The value as a reader knows it: a unit by name, a day and an hour as one writes them."""
    if column in UNIT_COLUMNS and value is not None:
        unit = names.units.get(value)
        return unit.name if unit else value
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return _moment(setup, value) if isinstance(value, str) else value


def _moment(setup: Setup, text: str) -> str:
    try:
        if len(text) == len("17:00:00") and text[2] == text[5] == ":":
            return text[:5]
        if len(text) == len("2027-03-01"):
            return _day(date.fromisoformat(text))
        if "T" in text and text[:4].isdecimal():
            at = setup.local(datetime.fromisoformat(text))
            return f"{at:%H:%M} {_day(at)}"
    except ValueError:
        return text
    return text


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def _units_in(rows: Iterable[AuditRow]) -> Iterator[int]:
    for row in rows:
        yield from [row.unit_id] if row.unit_id else []
        for values in (row.before, row.after):
            yield from (values[column] for column in UNIT_COLUMNS if values.get(column))


def _number(row: AuditRow) -> int:
    head = row.subject_id.partition("/")[0]
    return int(head) if head.isdecimal() else 0


def _named(duty: Duty | None, period: str, language: str) -> str | None:
    return f"{duty.rule[language]} {period}".strip() if duty else None


def _of_duty(names: Names, row: AuditRow, language: str) -> str | None:
    return _named(names.duties.get(_number(row)), "", language)


def _of_exception(names: Names, row: AuditRow, language: str) -> str | None:
    each = names.exceptions.get(_number(row))
    return _named(names.duties.get(each.duty_id), each.period, language) if each else None


def _of_obligation(names: Names, row: AuditRow, language: str) -> str | None:
    each = names.obligations.get(_number(row))
    return _named(names.duties.get(each.duty_id), each.period, language) if each else None


def _of_report(names: Names, row: AuditRow, language: str) -> str | None:
    report = names.reports.get(_number(row))
    each = names.obligations.get(report.obligation_id) if report else None
    return _named(names.duties.get(each.duty_id), each.period, language) if each else None


def _of_member(names: Names, row: AuditRow, _: str) -> str | None:
    member = names.members.get(_number(row))
    return member.full_name if member else None


def _of_actor(names: Names, row: AuditRow, _: str) -> str | None:
    member = names.members.get(row.by_id or 0)
    return member.full_name if member else None


def _of_unit(names: Names, row: AuditRow, _: str) -> str | None:
    unit = names.units.get(_number(row))
    return unit.name if unit else None


def _of_tag(names: Names, row: AuditRow, _: str) -> str | None:
    tag = names.tags.get(_number(row))
    if tag is None:
        return None
    member = names.members.get(tag.membership_id or 0)
    unit = names.units.get(tag.unit_id or 0)
    return member.full_name if member else unit.name if unit else None


def _of_day(_names: Names, row: AuditRow, _: str) -> str | None:
    day = row.subject_id.rpartition("/")[2]
    return _day(date.fromisoformat(day))


def _of_case(names: Names, row: AuditRow, _: str) -> str | None:
    case = names.cases.get(_number(row))
    return str(case.post_id) if case else None


def _of_page(names: Names, row: AuditRow, _: str) -> str | None:
    page = names.pages.get(_number(row))
    return page.name if page else None


def _own_number(_names: Names, row: AuditRow, _: str) -> str | None:
    return row.subject_id if row.subject_id.isdecimal() else None


# What is named, by its table.
THINGS: Mapping[str, Callable[[Names, AuditRow, str], str | None]] = {
    "memberships": _of_member,
    "persons": _of_actor,
    "units": _of_unit,
    "unit_successors": _of_unit,
    "tags": _of_tag,
    "duties": _of_duty,
    "duty_exceptions": _of_exception,
    "days_off": _of_day,
    "obligations": _of_obligation,
    "reports": _of_report,
    "review_cases": _of_case,
    "posts": _own_number,
    "broadcasts": _own_number,
    "pages": _of_page,
}
