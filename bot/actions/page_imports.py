"""The figures of many pages that come as a file: what it is checked against, writing its rows, taking them back.

How a file gets from being asked for to being written is that of rosters: bot/actions/roster_imports.py and rosters.py.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.actions import pages
from bot.domain.figures_typed import FIELDS, Figures
from bot.domain.page_sheets import CheckedPages, KnownPage, PageGround, PageLine, merged
from bot.domain.rosters.check import Outcome
from bot.setup import Setup
from bot.storage import pages as stored
from bot.storage.models import PAGES, ImportBatch, ImportPart, PageFigures


def kind_of(month: date) -> str:
    """The kind of a batch with the figures of this month."""
    return f"{PAGES}{month.isoformat()}"


def ground_of(session: Session, setup: Setup, batch: ImportBatch, month: date, now: datetime) -> PageGround:
    """The pages of the batch's unit and below, and their figures since those by which growth is told."""
    today, code = setup.today(now), batch.campaign
    first = pages.since(today.year)
    known = stored.months_below(session, code, batch.unit_id, first)
    listed = stored.listed(session, code, batch.unit_id, 0, pages.ALL)
    shown = tuple(KnownPage(each.id, each.key, each.name, each.unit.name) for each in listed)
    return PageGround(shown, known, month, first, today)


def rows_of(checked: CheckedPages) -> list[dict[str, Any]]:
    """What is kept of the rows that would change something."""
    return [_row(each) for each in checked.lines if each.outcome in (Outcome.NEW, Outcome.CHANGED)]


def figures_of(checked: CheckedPages) -> dict[str, int]:
    """How many rows would do what; none of them waits for a unit or a kind of member."""
    counts = {outcome.value: checked.count(outcome) for outcome in Outcome}
    return {**counts, "blank": checked.blank, "waiting": 0, "kindless": 0}


def write(session: Session, batch: ImportBatch, part: ImportPart, now: datetime) -> None:
    """Enter the figures of a part's rows. Pages that were closed, or are not of the batch's unit, are passed over."""
    there = {page.id: page for page in stored.open_among(session, batch.campaign, batch.unit_id, _pages(part))}
    known = stored.months(session, there, pages.since(min((_month(row).year for row in part.rows), default=now.year)))
    sums: Counter[str] = Counter(new=0, changed=0, same=0)
    entries: list[PageFigures] = []
    for row in part.rows:
        before = known.get(row["page"], {}).get(_month(row))
        after = merged(row["told"], before or {})
        if row["page"] in there:
            sums["same" if after == before else "new" if before is None else "changed"] += 1
            entries += [_entry(batch, row, after, now)] if after != before else []
    session.add_all(entries)
    session.flush()
    passed = [row["line"] for row in part.rows if row["page"] not in there]
    part.rows, part.figures = [{"entry": each.id} for each in entries], {**sums, "passed": passed}


def take_back(session: Session, part: ImportPart) -> int:
    """Remove what was entered by a part: of each month the entry before it counts again. How many there were."""
    entries = stored.entered(session, [row["entry"] for row in part.rows]) if part.figures is not None else []
    for each in entries:
        session.delete(each)
    session.delete(part)
    session.flush()
    return len(entries)


def _row(line: PageLine) -> dict[str, Any]:
    month = line.month.isoformat() if line.month else None
    return {"line": line.number, "page": line.page, "month": month, "told": dict(line.told or {})}


def _pages(part: ImportPart) -> list[int]:
    return [row["page"] for row in part.rows]


def _month(row: Mapping[str, Any]) -> date:
    return date.fromisoformat(row["month"])


def _entry(batch: ImportBatch, row: Mapping[str, Any], figures: Figures, now: datetime) -> PageFigures:
    entry = PageFigures(page_id=row["page"], month=_month(row), entered_by_id=batch.by_id, entered_at=now)
    for field in FIELDS:
        setattr(entry, field, figures.get(field))
    return entry
