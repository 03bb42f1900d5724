"""What the numbers in the audit log stand for by now: members, units, reports, pages by their names."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

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

AT_ONCE = 500  # ids in one question to the database

T = TypeVar("T", bound=Table)
UNIT_COLUMNS = ("unit_id", "parent_id", "successor_id")


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


def day_words(day: date) -> str:
    """“5/3/2027”."""
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


def _of_its_unit(names: Names, row: AuditRow, _: str) -> str | None:
    unit = names.units.get(row.unit_id or 0)
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
    return day_words(date.fromisoformat(day))


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
    "unit_changes": _of_its_unit,
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
