"""A unit's admin lets a new member in or not, and invites people by a join link."""

import io

from bot import outbox
from bot.actions import membership as joining
from bot.buttons import Copy
from bot.messages import FileKind
from bot.request import Request
from bot.routing import Router
from bot.storage.models import Membership

router = Router()

QR_PIXELS_A_MODULE = 10


@router.button("approval.yes")
def approve(request: Request) -> None:
    """Let the member in."""
    _decide(request, approved=True)


@router.button("approval.no")
def refuse(request: Request) -> None:
    """Turn the member down."""
    _decide(request, approved=False)


def _decide(request: Request, *, approved: bool) -> None:
    member = request.session.get(Membership, int(request.args[0]), with_for_update=True)
    if member is None or member.full_name is None:
        request.reply("approval/gone", replace=True)
    elif not joining.may_decide(request.me, member):
        request.reply("hint/not_allowed")
    elif joining.decide(request.session, request.setup, member, request.me, request.now, approved=approved):
        others = joining.namesakes(request.session, request.setup, member)
        request.reply("approval/decided", replace=True, member=member, approved=approved, others=others)
    else:
        request.reply("approval/decided_before", replace=True, member=member)


@router.command("moi", "invite")
def invite(request: Request) -> None:
    """A join link to the admin's unit, as text and as a QR picture."""
    invitation = joining.invite(request.session, request.me, request.now)
    link = request.setup.bots[request.message.address.channel].join_link + invitation.code
    file = outbox.keep_file(request.session, "moi.png", _qr_picture(link), FileKind.PHOTO, request.now)
    request.reply(
        "approval/invitation",
        (Copy("approval.copy_link", link),),
        file=file,
        link=link,
        unit=request.me.unit.name,
        until=request.setup.local(invitation.expires_at),
    )


def _qr_picture(link: str) -> bytes:
    """The link as a QR code, PNG."""
    import segno

    picture = io.BytesIO()
    segno.make(link, error="m").save(picture, kind="png", scale=QR_PIXELS_A_MODULE)
    return picture.getvalue()
