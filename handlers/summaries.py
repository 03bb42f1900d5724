"""/tongket in a private chat: an admin looks at the week of his unit; whether a member may be praised by name."""

from bot.actions import summaries
from bot.request import Request
from bot.routing import Router
from bot.storage import people

router = Router()


@router.command("tongket", "summary")
def week(request: Request) -> None:
    """The week of the admin's unit up to now."""
    if request.args:
        request.reply("summaries/in_the_group")
        return
    found = summaries.summarise(request.session, request.setup, request.me.unit, request.now)
    request.reply(summaries.template_of(found), summary=found, named=True)


@router.button("summaries.named")
def set_named(request: Request) -> None:
    """From the profile: summaries may name the person, or not; his posts count either way."""
    named = request.args[0] == "1"
    for each in people.memberships_of(request.session, request.me.person_id or 0):
        each.named = named
    request.reply("summaries/named", replace=True, named=named)
