"""/nhap: an admin sends the roster of his units as a file, sees what it would change, and has it written."""

from dataclasses import asdict

from bot.actions import roster_imports, wanted
from bot.actions.roster_imports import may_add_units, may_import
from bot.buttons import Row, Tap
from bot.fetching import MOST_BYTES
from bot.messages import Document
from bot.request import Access, Request
from bot.routing import Router
from bot.storage.models import BatchState, ImportBatch, Unit
from handlers import hints

router = Router()

ENDINGS = (".xlsx", ".xlsm", ".csv", ".txt", ".tsv")
MOST_UNITS_NAMED = 15
UNASKED = "rosters.unasked"  # a step without a handler: what is said meanwhile is not about the file
BATCHES = Tap("rosters.list", "rosters.list", (0,))
TEMPLATE = Tap("rosters.template", "rosters.template")


@router.command("nhap", "import")
@router.button("rosters.begin")
def begin(request: Request) -> None:
    """Say what to do, and wait for the file."""
    if not request.setup.can(request.message.address.channel).documents:
        request.reply("rosters/elsewhere", (BATCHES,), messengers=messengers_with_files(request))
        return
    request.ask("rosters.wait", {})
    units = may_add_units(request.me, request.now)
    request.reply("rosters/begin", (TEMPLATE,), (BATCHES,), unit=request.me.unit.name, units=units, most=megabytes())


@router.button("rosters.template")
def send_template(request: Request) -> None:
    """The empty sheet, made in the background."""
    units = int(may_add_units(request.me, request.now))
    subject = {"unit": request.me.unit_id, "units": units}
    to, language = request.message.address, request.language
    wanted.want(request.session, request.setup, to, language, "roster_template", subject, request.now)
    request.notice("rosters/making")


@router.step("rosters.wait")
def receive(request: Request) -> None:
    """The file that was asked for, or words in its place."""
    if request.message.document is None:
        request.reply("rosters/no_file", (TEMPLATE,))
        return
    take(request, request.message.document)


@router.documents
def receive_unasked(request: Request) -> None:
    """A file that nobody asked for: admins may mean a roster, or figures of pages, and need not send it twice."""
    file = request.message.document
    if request.access < Access.UNIT_ADMIN or request.message.edited or file is None or not _is_table(file):
        hints.unknown(request)
        return
    request.ask(UNASKED, asdict(file))
    as_what: list[Row] = [(Tap("rosters.take", "rosters.take"),), (Tap("pages.take", "pages.take"),)]
    request.reply("rosters/send_first", *as_what, name=file.name)


@router.button("rosters.take")
def take_unasked(request: Request) -> None:
    """Read the file that was sent last without being asked for."""
    file = unasked(request)
    if file:
        take(request, file)


def unasked(request: Request) -> Document | None:
    """The file that was sent last without being asked for, while nothing else was said; else the button is too old."""
    if request.conversation is None or request.conversation.step != UNASKED:
        request.notice("hint/stale")
        return None
    return Document(**{name: request.data[name] for name in ("reference", "name", "size")})


@router.button("rosters.kind")
def choose_kind(request: Request) -> None:
    """The kind of those of whom the sheet does not say it: the file is read once more."""
    batch = own_batch(request, BatchState.CHECKED)
    kinds = {kind.code for kind in request.setup.campaign.membership.kinds}
    if batch and batch.month is None and request.args[1] in kinds:
        roster_imports.ask_again(request.session, batch, request.args[1])
        request.reply("rosters/reading", replace=True, name=batch.name)


@router.button("rosters.write")
def write(request: Request) -> None:
    """Write the rows without faults; those of units that are not there wait."""
    batch = own_batch(request, BatchState.CHECKED)
    if batch:
        _confirm(request, batch, with_units=False)


@router.button("rosters.units")
def show_units(request: Request) -> None:
    """The units that would be added, before they are."""
    batch = own_batch(request, BatchState.CHECKED)
    if batch is None:
        return
    if not may_add_units(request.me, request.now):
        request.reply("hint/for_coordinators")
        return
    rows: list[Row] = [
        (Tap("rosters.units_yes", "rosters.units!", (batch.id,), solemn=True),),
        (Tap("rosters.write", "rosters.write", (batch.id,), {"number": _ready(batch)}, solemn=True),),
        (Tap("rosters.drop", "rosters.drop", (batch.id,)),),
    ]
    names = [each["name"] for each in batch.units]
    more = len(names) - MOST_UNITS_NAMED
    request.reply("rosters/units", *rows, replace=True, names=names[:MOST_UNITS_NAMED], more=more)


@router.button("rosters.units!")
def write_with_units(request: Request) -> None:
    """Add the units, then write the rows."""
    batch = own_batch(request, BatchState.CHECKED)
    if batch and may_add_units(request.me, request.now):
        _confirm(request, batch, with_units=True)
    elif batch:
        request.reply("hint/for_coordinators")


@router.button("rosters.drop")
def drop(request: Request) -> None:
    """Nothing of it is written."""
    batch = own_batch(request, BatchState.CHECKED)
    if batch:
        roster_imports.drop(request.session, batch, request.now)
        request.reply("rosters/dropped", replace=True, name=batch.name)


def own_batch(request: Request, state: BatchState) -> ImportBatch | None:
    """The batch of a button if it is this admin's, he still decides there, and it is in this state; else it is said."""
    batch = request.session.get(ImportBatch, int(request.args[0]), with_for_update=True, populate_existing=True)
    own = batch is not None and batch.campaign == request.setup.campaign.code and batch.by_id == request.me.id
    if batch is None or not own or not may_import(request.me, batch.unit, request.now):
        request.reply("rosters/not_yours")
    elif batch.state != state:
        request.notice("hint/stale")
    else:
        return batch
    return None


def take(
    request: Request, file: Document, template: Tap = TEMPLATE, *, unit: Unit | None = None, kind: str | None = None
) -> None:
    """Have the file read, for the admin's unit or one below; `template` leads to a sheet that can be."""
    by, chat = request.me, request.message.address
    if not _is_table(file):
        request.reply("rosters/other_file", (template,), name=file.name)
    elif file.size > MOST_BYTES:
        request.reply("rosters/too_large", most=megabytes())
    elif not roster_imports.ask(request.session, request.setup, by, chat, file, request.now, unit=unit, kind=kind):
        request.reply("rosters/busy")
    else:
        request.end()
        request.reply("rosters/reading", name=file.name)


def _confirm(request: Request, batch: ImportBatch, *, with_units: bool) -> None:
    roster_imports.confirm(request.session, batch, with_units=with_units)
    number = _ready(batch) + (batch.figures["waiting"] if with_units else 0)
    request.reply("rosters/writing", replace=True, name=batch.name, number=number)


def _ready(batch: ImportBatch) -> int:
    return int(batch.figures["new"] + batch.figures["changed"])


def _is_table(file: Document) -> bool:
    return file.name.lower().endswith(ENDINGS)


def messengers_with_files(request: Request) -> list[str]:
    """The names of those that bring the bot files."""
    return [name.title() for name in sorted(request.setup.bots) if request.setup.can(name).documents]


def megabytes() -> int:
    """How large a file may be."""
    return MOST_BYTES // 1_000_000
