"""A unit's admin lets a new member in or not."""

from bot.actions import membership as joining
from bot.request import Request
from bot.routing import Router
from bot.storage.models import Membership, MembershipState

router = Router()


@router.button("approval.yes")
def approve(request: Request) -> None:
    """Let the member in."""
    _decide(request, approved=True)


@router.button("approval.row")
def approve_as(request: Request) -> None:
    """Let the member in as a row of the roster that nobody has claimed."""
    session = request.session
    member, row = (session.get(Membership, int(number), with_for_update=True) for number in request.args)
    if member is None or member.full_name is None or row is None:
        request.reply("approval/gone", replace=True)
    elif not joining.may_decide(request.me, member):
        request.reply("hint/not_allowed")
    elif joining.tie(session, request.setup, member, row, request.me, request.now):
        others = joining.namesakes(session, request.setup, row)
        request.reply("approval/decided", replace=True, member=row, approved=True, others=others)
    elif member.state == MembershipState.PENDING:
        request.reply("claims/row_taken")
    else:
        request.reply("approval/decided_before", replace=True, member=member)


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
