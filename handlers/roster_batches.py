"""/nhap, further: what was imported before, its claim codes once more, and undoing it."""

from bot.actions import rosters as writing
from bot.actions import wanted
from bot.actions.roster_imports import may_import, summary, taps_of, text_of
from bot.buttons import Row, Tap
from bot.request import Request
from bot.routing import Router
from bot.storage import rosters
from bot.storage.models import BatchState, ImportBatch

router = Router()

PAGE = 6
MOST_NAMED = 20


@router.button("rosters.list")
def list_batches(request: Request) -> None:
    """The imports of the admin's part of the tree, the newest first, a page at a time."""
    page = int(request.args[0])
    found = rosters.batches(request.session, request.me.unit_id, PAGE, page)
    shown = list(enumerate(found[:PAGE], page * PAGE + 1))
    rows: list[Row] = [
        (Tap("rosters.show", "rosters.show", (each.id,), {"name": f"{number}. {each.name}"}),) for number, each in shown
    ]
    before = (Tap("rosters.before", "rosters.list", (page - 1,)),) if page else ()
    after = (Tap("rosters.after", "rosters.list", (page + 1,)),) if len(found) > PAGE else ()
    rows += [(*before, *after)] if before or after else []
    lines = [(number, _line(request, each)) for number, each in shown]
    request.reply("rosters/list", *rows, replace=True, batches=lines)


@router.button("rosters.show")
def show(request: Request) -> None:
    """One import, and what can be done about it."""
    batch = _seen(request)
    if batch is None:
        return
    if batch.state == BatchState.CHECKED and batch.by_id == request.me.id:
        taps = taps_of(request.setup, batch, request.language)
        request.reply(text_of(batch, "rosters/checked"), *taps, replace=True, **summary(request.session, batch))
        return
    rows: list[Row] = []
    if rosters.unclaimed(request.session, batch.id):
        rows.append((Tap("rosters.codes", "rosters.codes", (batch.id,)),))
    if writing.may_undo(batch, request.now):
        rows.append((Tap("rosters.undo", "rosters.undo", (batch.id,)),))
    rows.append((Tap("rosters.back", "rosters.list", (0,)),))
    done, of = writing.progress(request.session, batch)
    request.reply(
        text_of(batch, "rosters/show"),
        *rows,
        replace=True,
        batch=_line(request, batch),
        faulty=batch.figures["faulty"],
        undone=batch.figures.get("undone") if batch.state == BatchState.UNDONE else None,
        unit=batch.unit.name,
        done=done,
        of=of,
    )


@router.button("rosters.codes")
def send_codes(request: Request) -> None:
    """The claim codes that nobody used yet, once more."""
    batch = _seen(request)
    if batch:
        to, language = request.message.address, request.language
        subject = {"batch": batch.id}
        wanted.want(request.session, request.setup, to, language, "roster_codes", subject, request.now)
        request.notice("rosters/making")


@router.button("rosters.undo")
def ask_undo(request: Request) -> None:
    """What undoing would do, before it is done."""
    batch = _undoable(request)
    if batch is None:
        return
    stay = rosters.claimed(request.session, batch.id)
    keep = (Tap("rosters.keep", "rosters.show", (batch.id,)),)
    request.reply(
        text_of(batch, "rosters/undo"),
        (Tap("rosters.undo_yes", "rosters.undo!", (batch.id,), solemn=True, verb="verbs.undo"),),
        keep,
        replace=True,
        name=batch.name,
        gone=rosters.unclaimed(request.session, batch.id),
        written=batch.figures["written"],
        stay=len(stay),
        names=[each.full_name for each in stay[:MOST_NAMED]],
    )


@router.button("rosters.undo!")
def undo(request: Request) -> None:
    """Have it taken back."""
    batch = _undoable(request)
    if batch:
        writing.begin_undo(request.session, batch)
        request.reply("rosters/undoing", replace=True, name=batch.name)


def _undoable(request: Request) -> ImportBatch | None:
    batch = _seen(request)
    if batch and not writing.may_undo(batch, request.now):
        request.notice("hint/stale")
        return None
    return batch


def _seen(request: Request) -> ImportBatch | None:
    """The batch of a button, if it is of the admin's own part of the tree; else it is said."""
    batch = request.session.get(ImportBatch, int(request.args[0]), with_for_update=True, populate_existing=True)
    here = batch is not None and batch.campaign == request.setup.campaign.code
    if batch is None or not here or not may_import(request.me, batch.unit, request.now):
        request.reply("rosters/not_yours")
        return None
    return batch


def _line(request: Request, batch: ImportBatch) -> dict[str, object]:
    return {
        "name": batch.name,
        "at": request.setup.local(batch.at),
        "by": batch.by.full_name,
        "state": batch.state,
        "month": batch.month,
        "written": batch.figures.get("written"),
    }
