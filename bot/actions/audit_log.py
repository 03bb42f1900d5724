"""Rows of the audit log as people read them: who changed what from what to what."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.actions.audit_names import THINGS, UNIT_COLUMNS, Names, day_words
from bot.actions.report_forms import Wanted
from bot.actions.roles import CLOCK
from bot.documents.audit_table import AuditTable, Change, Entry, audit_xlsx
from bot.documents.forms import Letterhead
from bot.setup import Setup
from bot.storage import audit
from bot.storage.models import AuditRow, Unit

MOST_ROWS = 5_000

# Numbers that tell a reader nothing, or that the entry's own name says already.
UNSAID = ("duty_id", "obligation_id", "page_id", "post_id", "membership_id", "named_by_id", "period", "rule.code")


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
    subject = _subject(row)
    thing = THINGS[subject](names, row, language) if subject in THINGS else None
    return Entry(
        number=row.id,
        at=setup.local(row.at),
        by=_by(row),
        who=member.full_name if member else None,
        unit=unit.name if unit else None,
        subject=subject,
        thing=thing,
        changes=tuple(_named_codes(setup, row, _changes(setup, names, row), language)),
        new=not row.before and subject != "exports",
        gone=not row.after,
        channel=row.channel,
    )


def _subject(row: AuditRow) -> str:
    # Once, what was taken along was written down among the members, with the number of the unit.
    return "exports" if "export" in row.after else row.subject


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
            return day_words(date.fromisoformat(text))
        if "T" in text and text[:4].isdecimal():
            at = setup.local(datetime.fromisoformat(text))
            return f"{at:%H:%M} {day_words(at)}"
    except ValueError:
        return text
    return text
