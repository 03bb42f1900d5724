"""The author's side of a verdict: have a person look, send a screenshot, answer a question, appeal once."""

from bot.actions import decisions, evidence, review
from bot.buttons import Tap
from bot.request import Request
from bot.routing import Router
from bot.storage import posts, reviews
from bot.storage.models import GONE, CaseReason, CaseState, Post, PostState

router = Router()

LONGEST_WORDS = 500
WAITING = ("posts.text", "posts.link")
"""The questions that handlers/posts.py leaves open about posts that do not count yet."""
MOST_CHOICES = 6


@router.button("posts.dispute")
def dispute(request: Request) -> None:
    """The author thinks the bot is wrong: a person looks."""
    post = _own(request)
    if post is None or post.state in (PostState.COUNTED, PostState.REFUSED):
        request.notice("hint/stale")
        return
    decisions.dispute(request.session, post, request.now)
    waited, others = _stop_waiting(request, post)
    request.reply("review/disputed", number=post.id, waited=waited, others=others)


@router.button("review.appeal")
def ask_appeal(request: Request) -> None:
    """Ask for the author's reason; the appeal is made with it."""
    post = _own(request)
    if post is None or not decisions.may_appeal(request.session, post):
        request.notice("hint/stale")
        return
    request.ask("review.appeal", {"post": post.id})
    request.reply("review/appeal", number=post.id)


@router.step("review.appeal")
def appeal(request: Request) -> None:
    """The author's words go before the level above."""
    post = _about(request)
    words = _words(request)
    if post is None or words is None:
        return
    case = decisions.appeal(request.session, post, words, request.now)
    request.end()
    request.reply("review/appealed", number=post.id, unit=case.unit.name if case else None)


@router.button("review.answer")
def ask_answer(request: Request) -> None:
    """The author is about to answer a reviewer's question."""
    post = _own(request)
    case = reviews.undecided(request.session, post.id) if post else None
    if post is None or case is None or case.state != CaseState.ASKED:
        request.notice("hint/stale")
        return
    request.ask("review.answer", {"post": post.id})
    request.reply("review/answer", number=post.id, question=case.question)


@router.step("review.answer")
def answer(request: Request) -> None:
    """His answer, in words or as a picture, goes back to the reviewers."""
    post = _about(request)
    if post is None:
        return
    if request.message.picture:
        take_picture(request, post)
        return
    words = _words(request)
    case = reviews.undecided(request.session, post.id)
    if words is None:
        return
    if case:
        decisions.take_answer(request.session, case, words, request.now)
    request.end()
    request.reply("review/answered", number=post.id)


@router.pictures
def picture(request: Request) -> None:
    """A picture without a link: a screenshot of a post that waits; if several wait, the author says of which."""
    waiting = posts.that_wait(request.session, request.me.person_id, MOST_CHOICES)
    if not waiting:
        request.reply("hint/attachment", (Tap("help.show", "help.show"),))
    elif len(waiting) == 1:
        take_picture(request, waiting[0])
    else:
        request.ask("review.picture", {"picture": request.message.picture})
        taps = [Tap("review.picture_of", "review.picture", (each.id,), {"number": each.id}) for each in waiting]
        request.reply("review/picture_of", *[(tap,) for tap in taps])


@router.button("review.picture")
def picture_of(request: Request) -> None:
    """The picture that was just sent belongs to this post."""
    post = _own(request)
    if post is None or post.state == PostState.COUNTED or not request.data.get("picture"):
        request.notice("hint/stale")
        return
    take_picture(request, post, request.data["picture"])


@router.step("review.picture")
def picture_is_open(request: Request) -> None:
    """Something else was said while the bot waited to hear of which post the picture is."""
    if request.message.picture:
        picture(request)
        return
    request.end()
    request.reply("review/picture_left")


def take_picture(request: Request, post: Post, reference: str | None = None) -> None:
    """Attach a screenshot, and have a person look at it."""
    channel = request.message.address.channel
    evidence.add_picture(request.session, post, channel, reference or request.message.picture or "", request.now)
    case = review.open_case(request.session, post, CaseReason.PICTURE, request.now)
    decisions.take_answer(request.session, case, None, request.now)
    if post.state not in (PostState.COUNTED, PostState.REFUSED):
        post.state = PostState.IN_REVIEW
    request.end()
    request.reply("review/picture_kept", number=post.id)


def _own(request: Request) -> Post | None:
    """The author's own post that a button is about, locked."""
    post = request.session.get(Post, int(request.args[0]), with_for_update=True)
    if post is None or post.membership.person_id != request.me.person_id or post.state in GONE:
        return None
    return post


def _stop_waiting(request: Request, post: Post) -> tuple[bool, list[int]]:
    """The text of this post is not waited for any more; whether it was, and of which posts it still is."""
    open_question = request.conversation
    if open_question is None or open_question.step not in WAITING or post.id not in request.data.get("posts", []):
        return False, []
    others = [number for number in request.data["posts"] if number != post.id]
    if others:
        request.ask(open_question.step, {**request.data, "posts": others})
    else:
        request.end()
    return True, others


def _about(request: Request) -> Post | None:
    """The author's own post that the conversation is about; the conversation ends if there is nothing left to say."""
    post = request.session.get(Post, request.data["post"], with_for_update=True)
    if post is not None and post.membership.person_id == request.me.person_id and post.state not in GONE:
        return post
    request.end()
    request.reply("hint/stale")
    return None


def _words(request: Request) -> str | None:
    words = request.message.text.strip()
    if words and len(words) <= LONGEST_WORDS:
        return words
    request.reply("review/words_bad", most=LONGEST_WORDS)
    return None
