"""/trogiup, and a short hint for whatever nothing else takes: nobody is met with silence."""

from bot.buttons import Tap, Visit
from bot.domain.hashtags import find_tags
from bot.messages import Attachment, Happening
from bot.request import Access, Request
from bot.routing import Router
from bot.storage import groups

router = Router()

IN_GROUPS = ("/lienket", "/link")  # these are said in a group, and do nothing here


@router.command("trogiup", "help")
@router.button("help.show")
def help_by_role(request: Request) -> None:
    """What this person can do."""
    request.reply("hint/help", access=request.access.name, campaign=request.setup.campaign)


@router.otherwise
def unknown(request: Request) -> None:
    """Neither a command nor a link nor an answer to a question."""
    if request.access < Access.PERSON:
        request.reply("hint/need_consent", (Tap("start.begin", "start.again"),))
    elif request.message.attachment is Attachment.HIDDEN:
        request.reply("hint/hidden", (Tap("help.show", "help.show"),))
    elif request.access < Access.MEMBER:
        request.reply("hint/need_unit", (Tap("register.begin", "register.begin"),))
    elif request.message.edited:
        request.reply("hint/edited")
    elif find_tags(request.message.text):
        request.reply("hint/no_link")
    elif request.message.attachment:
        request.reply("hint/attachment", (Tap("help.show", "help.show"),))
    elif request.message.text.casefold().startswith(IN_GROUPS):
        request.reply("hint/say_in_group")
    else:
        request.reply("hint/unknown", (Tap("help.show", "help.show"),))


@router.button("stale")
def stale(request: Request) -> None:
    """A button of another time, another chat, or of nobody's making."""
    request.notice("hint/stale")


@router.group_command
def in_group(request: Request) -> None:
    """Commands are for the private chat: what one sends here, all would read."""
    link = request.setup.bots[request.message.address.channel].join_link
    request.reply("hint/in_group", (Visit("help.private", link.partition("?")[0]),))


@router.happening(Happening.BLOCKED, Happening.UNBLOCKED)
def reachable_or_not(request: Request) -> None:
    """The person blocked the bot or let it in again."""
    if request.account:
        request.account.reachable = request.message.happening is Happening.UNBLOCKED


@router.happening(Happening.JOINED_GROUP, Happening.LEFT_GROUP)
def group_came_or_went(request: Request) -> None:
    """Remember the groups the bot is in, and say hello once."""
    present = request.message.happening is Happening.JOINED_GROUP
    new = groups.remember(request.session, request.message.address, request.message.title, request.now, present=present)
    if new:
        link = request.setup.bots[request.message.address.channel].join_link
        request.reply("hint/hello_group", (Visit("help.private", link.partition("?")[0]),))


@router.happening(Happening.GROUP_MOVED)
def group_moved(request: Request) -> None:
    """The group became a supergroup: keep its new id."""
    if request.message.moved_to:
        groups.move(request.session, request.message.address, request.message.moved_to)
