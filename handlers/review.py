"""/duyet: a unit's admin or a coordinator looks at the posts that a person has to decide about, one after the other."""

from typing import Any

from bot.actions import decisions, review
from bot.actions import posts as judging
from bot.actions.targets import target_named
from bot.buttons import Row, Tap, Visit
from bot.request import Request
from bot.routing import Router
from bot.storage import evidence, reviews
from bot.storage.models import CaseReason, CaseState, Post, PostEvidence, PostState, ReviewCase

router = Router()

BULK = 10  # cases in one list
LONGEST_WORDS = 500


@router.command("duyet", "review")
def queue(request: Request) -> None:
    """How many posts wait, since when, and why."""
    waiting = reviews.waiting(request.session, request.me, request.now)
    clean = len(reviews.clean_for(request.session, request.me, request.now, BULK))
    rows: list[Row] = []
    if waiting:
        rows.append((Tap("review.next", "review.next"),))
    if clean > 1:
        rows.append((Tap("review.bulk", "review.bulk", (), {"number": clean}),))
    since = min((since for _, _, since in waiting), default=None)
    request.reply(
        "review/queue",
        *rows,
        reasons=sorted([(reason, count) for reason, count, _ in waiting], key=_gravity),
        total=sum(count for _, count, _ in waiting),
        since=request.setup.local(since) if since else None,
    )


@router.button("review.next")
def show_next(request: Request) -> None:
    """The next case, taken for this reviewer."""
    case = reviews.next_for(request.session, request.me, request.now)
    while case and not reviews.claim(request.session, case.id, request.me, request.now):
        case = reviews.next_for(request.session, request.me, request.now)
    if case:
        _show(request, case)
    else:
        waiting = sum(count for _, count, _ in reviews.waiting(request.session, request.me, request.now))
        request.reply("review/no_more", skipped=waiting)


@router.button("review.ok")
def accept(request: Request) -> None:
    """The post counts; where the link does not show its target, that is asked for first."""
    case = _mine(request)
    if case is None:
        return
    if case.post.target is None:
        _ask_target(request, case)
        return
    decisions.accept(request.session, request.setup, case, request.me, request.now)
    _done(request, case)


@router.button("review.target")
def accept_on_target(request: Request) -> None:
    """The reviewer says where the post stands, and accepts it."""
    case = _mine(request)
    target = target_named(request.setup, request.args[1])
    if case is None or target is None or target.platform != case.post.platform:
        return
    case.post.target = target.code
    decisions.accept(request.session, request.setup, case, request.me, request.now)
    _done(request, case)


@router.button("review.no")
def choose_refusal(request: Request) -> None:
    """Why not: the usual reasons, or own words."""
    case = _mine(request)
    if case:
        tagged = request.setup.campaign.tag_rule is not None
        reasons = [code for code in decisions.REFUSALS if tagged or code != "no_tag"]
        taps = [
            Tap(f"refusal.{code}", "review.no!", (case.id, code), solemn=True, verb="verbs.refuse") for code in reasons
        ]
        rows: list[Row] = [(tap,) for tap in taps]
        request.reply("review/why", *rows, (Tap("review.back", "review.show", (case.id,)),), number=case.post_id)


@router.button("review.no!")
def refuse(request: Request) -> None:
    """Refuse for one of the reasons."""
    case, reason = _mine(request), request.args[1]
    if case is None or reason not in decisions.REFUSALS:
        return
    if reason == "other":
        _ask_words(request, case, "refuse")
        return
    decisions.refuse(request.session, request.setup, case, request.me, reason, None, request.now)
    _done(request, case)


@router.button("review.show")
def show_again(request: Request) -> None:
    """Back to the case."""
    case = _mine(request)
    if case:
        request.end()
        _show(request, case)


@router.button("review.ask", "review.link", "review.number")
def ask_words(request: Request) -> None:
    """A question to the author, the full link, or the number of the post that this one is: all are typed."""
    case = _mine(request)
    if case:
        _ask_words(request, case, request.action.removeprefix("review."))


@router.step("review.words")
def words_follow(request: Request) -> None:
    """What the reviewer typed: a reason, a question, a link or a number."""
    case = request.session.get(ReviewCase, request.data["case"], with_for_update=True)
    what, words = request.data["what"], request.message.text.strip()
    if case is None or not take(request, case):
        request.end()
        request.reply("review/taken")
    elif not words or len(words) > LONGEST_WORDS:
        request.reply("review/words_bad", most=LONGEST_WORDS)
    else:
        TYPED[what](request, case, words)


@router.button("review.merge")
def ask_merge(request: Request) -> None:
    """Show both posts before they become one."""
    case = _mine(request)
    if case is None:
        return
    if case.other is None:
        _ask_words(request, case, "number")
    else:
        _confirm_merge(request, case, case.other)


@router.button("review.merge!")
def merge(request: Request) -> None:
    """The two are one: the first hand-in keeps the credit."""
    case = _mine(request)
    other = decisions.may_be_merged(request.session, case, int(request.args[1]), request.me) if case else None
    if case is None or other is None:
        request.notice("hint/stale")
        return
    first, second = decisions.merge_with(request.session, request.setup, case, request.me, other, request.now)
    request.reply("review/merged", replace=True, first=first.id, second=second.id)
    show_next(request)


@router.button("review.skip")
def skip(request: Request) -> None:
    """Later, or somebody else."""
    case = _mine(request)
    if case:
        decisions.skip(request.session, case, request.me, request.now)
        request.reply("review/skipped", replace=True, number=case.post_id)
        show_next(request)


def _refuse_in_words(request: Request, case: ReviewCase, words: str) -> None:
    request.end()
    decisions.refuse(request.session, request.setup, case, request.me, "other", words, request.now)
    _done(request, case)


def _ask_author(request: Request, case: ReviewCase, words: str) -> None:
    request.end()
    told = decisions.ask_author(request.session, request.setup, case, request.me, words, request.now)
    request.reply("review/asked", number=case.post_id, told=told)
    show_next(request)


def _take_link(request: Request, case: ReviewCase, words: str) -> None:
    receipt = decisions.resolve(request.session, request.setup, case, words, request.now)
    if receipt.outcome in ("not_post", "off_target", "unknown_site"):
        request.reply("review/link_bad", number=case.post_id)
        return
    request.end()
    request.reply("review/resolved", number=case.post_id, merged=receipt.outcome == "already", post=receipt.post)
    show_next(request)


def _take_number(request: Request, case: ReviewCase, words: str) -> None:
    digits = words.lstrip("#")[:10]  # no number has as many; still more would fit into no column
    other = decisions.may_be_merged(request.session, case, int(digits), request.me) if digits.isdecimal() else None
    if other is None:
        request.reply("review/number_bad", number=case.post_id)
        return
    request.end()
    _confirm_merge(request, case, other)


TYPED = {"refuse": _refuse_in_words, "ask": _ask_author, "link": _take_link, "number": _take_number}


def _mine(request: Request) -> ReviewCase | None:
    """The case that a button is about, if it is open and this reviewer may decide and nobody else has it."""
    case = request.session.get(ReviewCase, int(request.args[0]), with_for_update=True)
    if case and take(request, case):
        return case
    request.notice("review/taken")
    return None


def take(request: Request, case: ReviewCase) -> bool:
    """Whether the reviewer may decide about the case, and nobody else has it: it is his for some minutes now."""
    may = case.state == CaseState.OPEN and review.may_decide(case, request.me)
    return may and reviews.claim(request.session, case.id, request.me, request.now)


def _ask_words(request: Request, case: ReviewCase, what: str) -> None:
    request.ask("review.words", {"case": case.id, "what": what})
    back = Tap("review.back", "review.show", (case.id,))
    request.reply("review/words", (back,), asks_number=what == "number", number=case.post_id, what=what)


def _ask_target(request: Request, case: ReviewCase) -> None:
    here = [target for target in request.setup.campaign.targets if target.platform == case.post.platform]
    taps = [Tap("posts.target", "review.target", (case.id, each.code), {"name": each.name}) for each in here]
    request.reply("review/where", *[(tap,) for tap in taps], number=case.post_id)


def _confirm_merge(request: Request, case: ReviewCase, other: Post) -> None:
    yes = Tap("review.merge_yes", "review.merge!", (case.id, other.id), solemn=True, verb="verbs.merge")
    another = Tap("review.number", "review.number", (case.id,))
    rows: list[Row] = [(yes,), (another, Tap("review.back", "review.show", (case.id,)))]
    request.reply("review/merge", *rows, post=brief(request, case.post), other=brief(request, other))


def _done(request: Request, case: ReviewCase) -> None:
    """Say what was decided in place of the case, and show the next."""
    accepted = case.state == CaseState.ACCEPTED
    request.reply("review/decided", replace=True, number=case.post_id, accepted=accepted, refusal=case.refusal)
    show_next(request)


def _show(request: Request, case: ReviewCase) -> None:
    post = case.post
    seen = evidence.of_post(request.session, post.id)
    _show_pictures(request, case, [each for each in seen if each.picture])
    request.reply(
        "review/case",
        *_rows(case),
        case=case,
        post=brief(request, post),
        text=post.text,
        refused=next(iter(reviews.refusals(request.session, post.id)), None),
        why=judging.explanation(request.session, request.setup, post),
        required=post.required_tag,
        evidence=[(each, request.setup.local(each.at)) for each in seen],
        other=brief(request, case.other) if case.other else None,
    )


def _show_pictures(request: Request, case: ReviewCase, seen: list[PostEvidence]) -> None:
    for each in seen[-2:]:
        if each.channel == request.message.address.channel:
            at = request.setup.local(each.at)
            request.reply("review/picture", picture=each.picture, number=case.post_id, at=at)


def _rows(case: ReviewCase) -> list[Row]:
    rows: list[Row] = [
        (Tap("review.ok", "review.ok", (case.id,), solemn=True), Tap("review.no", "review.no", (case.id,)))
    ]
    rows.append((Tap("review.ask", "review.ask", (case.id,)), Tap("review.merge", "review.merge", (case.id,))))
    if case.post.state == PostState.UNRESOLVED:
        rows.append((Tap("review.link", "review.link", (case.id,)),))
    visit = (Visit("review.open", case.post.url),) if case.post.url else ()
    return [*rows, (*visit, Tap("review.skip", "review.skip", (case.id,)))]


def brief(request: Request, post: Post) -> dict[str, Any]:
    """What a list shows of a post."""
    return {
        "number": post.id,
        "url": post.url,
        "by": post.membership.full_name,
        "unit": post.membership.unit.name,
        "at": request.setup.local(post.handed_in_at),
        "target": target_named(request.setup, post.target),
        "text": post.text,
        "state": post.state,
        "tag": post.found_tag,
    }


def _gravity(line: tuple[str, int]) -> int:
    return list(CaseReason).index(CaseReason(line[0]))
