"""/huongdan: what the campaign asks its members to read, and their word that they did."""

from bot.actions import guidance as reading
from bot.buttons import Row, Tap
from bot.campaigns import Guidance
from bot.request import Access, Request
from bot.routing import Router

router = Router()


@router.command("huongdan", "guide")
def show_first(request: Request) -> None:
    """The first text that this member has not confirmed yet, else the first."""
    texts = request.setup.campaign.guidance
    if not texts:
        request.reply("guidance/none")
        return
    unread = (each for each in texts if not _has_read(request, each))
    _show(request, next(unread, texts[0]))


@router.button("guide.show")
def show(request: Request) -> None:
    """One of the texts."""
    found = _named(request)
    if found:
        _show(request, found)


@router.button("guide.read")
def confirm(request: Request) -> None:
    """The member has read it."""
    found = _named(request)
    if found:
        at = request.message.address
        reading.confirm(request.session, request.setup, at, found, request.language, request.now)
        _show(request, found)


def _named(request: Request) -> Guidance | None:
    """The text of a button; says so if there is none any more, or if it is another version."""
    code, _, version = request.args[0].partition(":")
    named = (each for each in request.setup.campaign.guidance if (each.code, each.version) == (code, version))
    found = next(named, None)
    if found is None:
        request.notice("hint/stale")
    return found


def _show(request: Request, text: Guidance) -> None:
    read, others = _has_read(request, text), [each for each in request.setup.campaign.guidance if each is not text]
    code, follows = (_code(text),), text.asks == "follow"
    done = Tap("guide.follow" if follows else "guide.read", "guide.read", code)
    rows: list[Row] = [] if read else [(done,)]
    rows += [(Tap("guide.show", "guide.show", (_code(each),), {"name": _name(request, each)}),) for each in others]
    decides = request.access >= Access.UNIT_ADMIN
    request.reply(
        "guidance/text",
        *rows,
        replace=request.message.press is not None,
        name=_name(request, text),
        text=(text.text if request.language == "vi" else text.text_en).strip(),
        source=text.source,
        asks=text.asks,
        read=read,
        readers=reading.readers(request.session, request.setup, request.me.unit_id, text) if decides else None,
        target=reading.target_of(request.setup.campaign, text),
    )


def _has_read(request: Request, text: Guidance) -> bool:
    return reading.has_read(request.session, request.setup, request.message.address, text)


def _code(text: Guidance) -> str:
    return f"{text.code}:{text.version}"


def _name(request: Request, text: Guidance) -> str:
    return text.vi if request.language == "vi" else text.en
