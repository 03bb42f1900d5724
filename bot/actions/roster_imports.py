"""A roster that comes as a file, until it is decided on: asked for, read, shown, confirmed or dropped."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import outbox
from bot.actions import page_imports
from bot.buttons import Row, Tap
from bot.documents.page_sheet import read_and_check_pages
from bot.domain.page_sheets import CheckedPages
from bot.domain.rosters.check import Checked, Ground, Line, NewUnit, Outcome
from bot.domain.rosters.units import KnownUnit
from bot.domain.rosters.values import Kinds
from bot.fetching import Due, Read
from bot.messages import Address, Document, FileKind
from bot.setup import Setup
from bot.speech import say
from bot.storage import people, rosters, units
from bot.storage.models import BatchState, ImportBatch, Membership, MembershipState, Role, Unit

AT_ONCE = 500  # rows that are written in one transaction
MOST_UNITS = 100  # that one sheet may add
_OF_PAGES = {
    "rosters/unreadable": "page_sheets/unreadable",
    "rosters/sheet": "page_sheets/sheet",
    "rosters/checked": "page_sheets/checked",
    "rosters/done": "page_sheets/done",
    "rosters/show": "page_sheets/show",
    "rosters/undo": "page_sheets/undo",
    "rosters/undone": "page_sheets/undone",
}


def ask(
    session: Session,
    setup: Setup,
    by: Membership,
    chat: Address,
    file: Document,
    now: datetime,
    *,
    unit: Unit | None = None,
    kind: str | None = None,
) -> bool:
    """Have a file read that this member sent, for his unit or one below; False if one of his is still being read."""
    if rosters.reading(session, by.id):
        return False
    unit_id = unit.id if unit else by.unit_id
    batch = ImportBatch(campaign=setup.campaign.code, unit_id=unit_id, by_id=by.id, name=file.name, kind=kind, at=now)
    batch.channel, batch.chat, batch.source = chat.channel, chat.chat, file.reference
    batch.figures, batch.units = {}, []
    session.add(batch)
    session.flush()
    return True


def ask_again(session: Session, batch: ImportBatch, kind: str) -> None:
    """Have the same file read once more, with a kind for those of whom the sheet does not say it."""
    batch.kind, batch.state, batch.figures, batch.units = kind, BatchState.WANTED, {}, []
    rosters.keep_parts(session, batch.id, [])


def next_due(setup: Setup, session: Session, now: datetime, but: Collection[int]) -> Due | None:
    """The oldest file that is to be read, none of `but`; one whose sender may not import any more is dropped."""
    batch = rosters.wanted(session, setup.campaign.code, but)
    if batch is None:
        return None
    if not may_import(batch.by, batch.unit, now):
        batch.state, batch.settled_at = BatchState.DROPPED, now
        return None
    source = (batch.id, batch.channel, batch.source, batch.at)
    if batch.month:
        pages = page_imports.ground_of(session, setup, batch, batch.month, now)
        return Due(*source, pages, language_of(batch), read_and_check_pages)
    return Due(*source, ground_of(session, setup, batch, now), language_of(batch))


def ground_of(session: Session, setup: Setup, batch: ImportBatch, now: datetime) -> Ground:
    """The units and people of the sender's part of the tree as they are now."""
    root, today, campaign = batch.unit, setup.today(now), setup.campaign
    below = units.living_below(session, root.id, today)
    inside = [each for each in (root, *below) if each.opened_on is None or each.opened_on <= today]
    around = {each.id: each for each in (*units.path(root), *below)}
    kinds = tuple((kind.code, kind.vi, kind.en) for kind in campaign.membership.kinds)
    types = tuple((row.type, row.vi, row.en) for row in campaign.unit_types)
    return Ground(
        tuple(KnownUnit(each.id, each.code, each.type, each.name, each.parent_id) for each in around.values()),
        tuple(each.id for each in inside),
        tuple(rosters.people_in(session, [each.id for each in inside])),
        Kinds(kinds, batch.kind),
        types if may_add_units(batch.by, now) else (),
        today,
    )


def settle(session: Session, setup: Setup, batch_id: int, answer: Read | str, now: datetime) -> None:
    """Keep what a file would write and show it to its sender; a text says why it could not be read."""
    batch = session.get(ImportBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None or batch.state != BatchState.WANTED:
        return
    batch.settled_at, setup = now, setup.within(batch.campaign)
    to, language = Address(batch.channel, batch.chat), language_of(batch)
    if isinstance(answer, str):
        batch.state = BatchState.FAULTY
        say(session, setup, to, language, text_of(batch, "rosters/unreadable"), now, name=batch.name, fault=answer)
        return
    batch.digest = answer.digest
    _keep(session, batch, answer.checked)
    rows = taps_of(setup, batch, language)
    batch.state = BatchState.CHECKED if rows else BatchState.FAULTY
    name = f"{batch.name.rpartition('.')[0] or batch.name}-kiem-tra.xlsx"
    file = outbox.keep_file(session, name, answer.sheet, FileKind.DOCUMENT, now)
    say(session, setup, to, language, text_of(batch, "rosters/sheet"), now, file=file, name=batch.name)
    say(session, setup, to, language, text_of(batch, "rosters/checked"), now, rows=rows, **summary(session, batch))


def summary(session: Session, batch: ImportBatch) -> dict[str, Any]:
    """What the summary of a checked file tells."""
    before = rosters.same_file(session, batch, batch.digest or "")
    return {
        "name": batch.name,
        "figures": batch.figures,
        "month": batch.month,
        "units": [each["name"] for each in batch.units],
        "before": {"at": before.settled_at, "by": before.by.full_name, "number": before.id} if before else None,
    }


def taps_of(setup: Setup, batch: ImportBatch, language: str) -> list[Row]:
    """What can be done with a checked file; nothing, if there is nothing to write."""
    rows: list[Row] = []
    figures = batch.figures
    ready, waiting = figures["new"] + figures["changed"], figures["waiting"]
    if ready:
        rows.append((Tap("rosters.write", "rosters.write", (batch.id,), {"number": ready}, solemn=True),))
    if batch.units and len(batch.units) <= MOST_UNITS:
        values = {"number": ready + waiting, "name": len(batch.units)}
        rows.append((Tap("rosters.units", "rosters.units", (batch.id,), values),))
    if figures["kindless"]:
        kinds = setup.campaign.membership.kinds
        named = [(kind.code, kind.vi if language == "vi" else kind.en) for kind in kinds]
        rows += [(Tap("rosters.kind", "rosters.kind", (batch.id, code), {"name": name}),) for code, name in named]
    return [*rows, (Tap("rosters.drop", "rosters.drop", (batch.id,)),)] if rows else []


def confirm(session: Session, batch: ImportBatch, *, with_units: bool) -> None:
    """Let the job write it."""
    batch.state = BatchState.WRITING
    batch.figures = {**batch.figures, "with_units": with_units}
    session.flush()


def drop(session: Session, batch: ImportBatch, now: datetime) -> None:
    """Forget what it would have written."""
    batch.state, batch.settled_at, batch.units = BatchState.DROPPED, now, []
    rosters.keep_parts(session, batch.id, [])


def may_import(by: Membership, unit: Unit, now: datetime) -> bool:
    """Whether this member decides over the unit."""
    deciding = people.role_at(by, now) in people.ROLES_THAT_DECIDE and by.state == MembershipState.ACTIVE
    return deciding and units.is_within(unit, by.unit_id)


def may_add_units(by: Membership, now: datetime) -> bool:
    """Whether this member may add units: only coordinators."""
    return people.role_at(by, now) is Role.COORDINATOR


def language_of(batch: ImportBatch) -> str:
    """The language of who sent the file."""
    return batch.by.person.language if batch.by.person else "vi"


def text_of(batch: ImportBatch, name: str) -> str:
    """The text that says this of the batch: the one of a roster, or what is said of the figures of pages instead."""
    return _OF_PAGES[name] if batch.month else name


def _keep(session: Session, batch: ImportBatch, checked: Checked | CheckedPages) -> None:
    if isinstance(checked, CheckedPages):
        rosters.keep_parts(session, batch.id, [*_cut(page_imports.rows_of(checked), AT_ONCE)])
        batch.figures = page_imports.figures_of(checked)
        return
    rows = [_row(line) for line in checked.lines if line.entry and line.outcome in (Outcome.NEW, Outcome.CHANGED)]
    rows.sort(key=lambda row: row["unit"] or 0)  # a part is compared with the people of few units
    rosters.keep_parts(session, batch.id, [*_cut(rows, AT_ONCE)])
    batch.units = [_unit(each) for each in checked.units]
    batch.figures = {outcome.value: checked.count(outcome) for outcome in Outcome}
    batch.figures |= {"waiting": checked.waiting, "kindless": checked.kindless}


def _row(line: Line) -> dict[str, Any]:
    told = {name: value for name, value in asdict(line.entry).items() if value} if line.entry else {}
    return {"line": line.number, "unit": line.unit, "new_unit": line.new_unit, **told}


def _unit(unit: NewUnit) -> dict[str, Any]:
    return {**asdict(unit), "opened_on": unit.opened_on.isoformat() if unit.opened_on else None}


def _cut(rows: Sequence[dict[str, Any]], size: int) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
