"""Commands in groups: /lienket makes a group the chat of a unit, /tongket gives its summary or stops the weekly one."""

from datetime import timedelta

from bot.actions import group_links, summaries
from bot.buttons import Visit
from bot.request import Access, Request
from bot.routing import Router
from bot.speech import say
from bot.storage import obligations
from bot.storage import summaries as storage
from bot.storage.models import Group, Unit

router = Router()

UNDO = {"huy", "hủy", "huỷ", "cancel"}
OFF, ON = {"tat", "tắt", "off"}, {"bat", "bật", "on"}
AT_MOST_EVERY = timedelta(hours=1)


@router.group("lienket", "link")
def link(request: Request) -> None:
    """Ask whether the sender administers the group as he does his unit; `huy` undoes what came of it."""
    group = storage.group_at(request.session, request.message.address, request.now)
    # That of a closed unit, too: it keeps the group until the morning, in which the group follows or is set free.
    unit = request.session.get(Unit, group.unit_id) if group.unit_id else None
    if _word(request) in UNDO:
        _undo(request, group, unit)
    elif request.access < Access.UNIT_ADMIN:
        _refuse(request)
    elif _ended(request, unit or request.me.unit):
        request.reply("summaries/ended", unit=(unit or request.me.unit).name)
    elif unit is None:
        group_links.ask(group, request.me)
    elif unit.id == request.me.unit_id:
        request.reply("summaries/linked", unit=unit.name)
    else:
        request.reply("summaries/linked_elsewhere", unit=unit.name)


@router.group("tongket", "summary")
def summary(request: Request) -> None:
    """The week of the group's unit, or `tat` and `bat` for the weekly summary."""
    group = storage.group_at(request.session, request.message.address, request.now)
    unit = request.session.get(Unit, group.unit_id) if group.unit_id else None
    word = _word(request)
    if unit is None:
        request.reply("summaries/not_linked")
    elif _ended(request, unit):
        request.reply("summaries/ended", unit=unit.name)
    elif word in OFF | ON:
        _switch(request, group, unit, on=word in ON)
    else:
        _tell(request, group, unit)


def _ended(request: Request, unit: Unit) -> bool:
    return not obligations.alive_on(unit, request.setup.today(request.now))


def _undo(request: Request, group: Group, unit: Unit | None) -> None:
    if unit is None:
        request.reply("summaries/not_linked")
    elif group_links.decides(request.membership, unit, request.now):
        group_links.undo(group)
        request.reply("summaries/unlinked", unit=unit.name)
    else:
        _refuse(request)


def _switch(request: Request, group: Group, unit: Unit, *, on: bool) -> None:
    if not group_links.decides(request.membership, unit, request.now):
        _refuse(request)
        return
    group.summaries = on
    request.reply("summaries/switched", unit=unit.name, on=on)


def _tell(request: Request, group: Group, unit: Unit) -> None:
    prefix = f"summary:asked:{group.id}:"
    last = storage.last_put(request.session, prefix)
    if last and request.now - last < AT_MOST_EVERY:
        again = request.setup.local(last + AT_MOST_EVERY)
        request.reply("summaries/too_soon", again=again)
        return
    week = summaries.summarise(request.session, request.setup, unit, request.now)
    template, key = summaries.template_of(week), f"{prefix}{request.now.isoformat()}"
    say(
        request.session,
        request.setup,
        request.message.address,
        request.language,
        template,
        request.now,
        key=key,
        summary=week,
        named=False,
    )


def _refuse(request: Request) -> None:
    link = request.setup.bots[request.message.address.channel].join_link
    request.reply("summaries/not_yours", (Visit("help.private", link.partition("?")[0]),))


def _word(request: Request) -> str:
    return request.args[0].casefold() if request.args else ""
