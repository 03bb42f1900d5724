"""Clean cases, accepted together: posts that count, that nothing is wrong with, and that were drawn at random."""

from bot.actions import decisions
from bot.buttons import Tap
from bot.request import Request
from bot.routing import Router
from bot.storage import reviews
from bot.storage.models import PostState, ReviewCase
from handlers.review import BULK, brief, show_next, take

router = Router()


@router.button("review.bulk")
def show_clean(request: Request) -> None:
    """The clean cases in one list, each with its link, taken for this reviewer."""
    found = reviews.clean_for(request.session, request.me, request.now, BULK)
    cases = [case for case in found if reviews.claim(request.session, case.id, request.me, request.now)]
    if not cases:
        request.reply("review/no_more", skipped=0)
        return
    request.ask("review.bulk", {"cases": [case.id for case in cases]})
    rows = (
        (Tap("review.bulk_yes", "review.bulk!", (), {"number": len(cases)}, solemn=True),),
        (Tap("review.next", "review.next"),),
    )
    request.reply("review/bulk", *rows, posts=[brief(request, case.post) for case in cases])


@router.button("review.bulk!")
def accept_clean(request: Request) -> None:
    """Accept those of the list that nobody else decided in the meantime."""
    numbers = request.data.get("cases", []) if request.conversation else []
    cases = [request.session.get(ReviewCase, number, with_for_update=True) for number in numbers]
    mine = [case for case in cases if case and case.post.state == PostState.COUNTED and take(request, case)]
    for case in mine:
        decisions.accept(request.session, request.setup, case, request.me, request.now)
    request.end()
    request.reply("review/bulk_done", replace=True, numbers=[case.post_id for case in mine])
    show_next(request)


@router.step("review.bulk")
def bulk_is_open(request: Request) -> None:
    """Something else was said while the list was open."""
    request.end()
    request.reply("review/bulk_left")
