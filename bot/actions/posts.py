"""Hand in a post: read the link, log it once, judge the text, say what it still needs."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy.orm import Session

from bot.actions import evidence, identity, readings, review, tags
from bot.actions.targets import find_target, target_named
from bot.campaigns import Target
from bot.domain.handins import HandIn, Need, looks_like_text, need
from bot.domain.hashtags import Verdict
from bot.domain.links import Kind, Link, read_link
from bot.setup import Setup
from bot.speech import say_to_person
from bot.storage import posts, reports, reviews
from bot.storage.models import GONE, Evidence, EvidenceSource, Membership, Post, PostState

STATE_OF_NEED: dict[Need, PostState] = {
    "text": PostState.NO_TEXT,
    "tag": PostState.TAG_WRONG,
    "target": PostState.NO_TARGET,
    "full_link": PostState.UNRESOLVED,
    "review": PostState.IN_REVIEW,
    "nothing": PostState.COUNTED,
}

Outcome = Literal["logged", "already", "not_post", "off_target", "unknown_site"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one handed-in link. `post` is the logged post, or with `already` the one that was there.

    `need` is what a logged post still needs, `double_of` the post that it may repeat. `settled` is False if the
    author's tag is somebody else's as well.
    """

    outcome: Outcome
    link: Link
    post: Post | None = None
    need: Need = "nothing"
    target: Target | None = None
    verdict: Verdict | None = None
    double_of: Post | None = None
    settled: bool = True


def hand_in(session: Session, setup: Setup, author: Membership, item: HandIn, now: datetime) -> Receipt:
    """Log a link once and judge it; one of the author's that does not count yet is judged again."""
    link = read_link(item.link)
    if (outcome := _not_to_be_logged(session, setup, link)) is not None:
        return Receipt(outcome, link)
    post = identity.opened_by(session, setup, link, "link", now)
    if post is None:
        post = _new(session, setup, author, link, now)
    elif post.membership.person_id != author.person_id or post.state == PostState.COUNTED:
        reconsider(session, setup, post, now)
        return Receipt("already", link, post, target=target_named(setup, post.target))
    return judge(session, setup, post, item.text, now, link=link)


def is_post_text(session: Session, setup: Setup, author: Membership, text: str, day: date) -> bool:
    """Whether words are the text of a post: long enough, with a hashtag, or with the author's tag lacking its #."""
    return looks_like_text(text) or tags.is_near_miss(session, setup, author, day, text)


def judge(session: Session, setup: Setup, post: Post, text: str, now: datetime, *, link: Link | None = None) -> Receipt:
    """Judge a post by a text of its author, or by the one given before, and write the verdict down.

    A new post comes into the ledger here, in one piece with its verdict.
    """
    day = day_of(setup, post)
    force = tags.in_force(session, setup, post.membership, day)
    post.required_tag = force.required
    given = is_post_text(session, setup, post.membership, text, day)
    if given:
        evidence.take_text(post, text)
    judged = post.text is not None and force.required
    verdict = tags.verdict(session, setup, post.membership, force, post.text or "") if judged else None
    if verdict:
        post.found_tag, post.fault = verdict.matched if verdict.verdict == "ok" else verdict.written, verdict.fault
    similar = evidence.similar_to(session, setup, post, now)
    double = similar if similar and _may_be_one(post, similar) else None
    cases = () if _is_new(post) else reviews.of_post(session, post.id)
    wanted = need(
        target=post.target,
        has_text=post.text is not None,
        verdict=verdict.verdict if verdict else None,
        may_be_double=double is not None or post.kind == Kind.ALIAS,
        needs_person=not force.settled or review.needs_person(cases),
        needs_tag=bool(force.required),
    )
    asked = wanted != "nothing" and review.asked_by_author(cases)
    _enter(post, PostState.IN_REVIEW if asked else STATE_OF_NEED[wanted], now)
    link = link or read_link(post.url)
    _write(session, setup, post, link, verdict if given else None, now, given=given)
    review.keep_up(session, setup, post, cases, now, double=double, similar=similar)
    readings.ask(session, setup, post, now, again=given)
    return Receipt("logged", link, post, wanted, target_named(setup, post.target), verdict, double, force.settled)


def _write(
    session: Session, setup: Setup, post: Post, link: Link, verdict: Verdict | None, now: datetime, *, given: bool
) -> None:
    """Put a new post into the ledger, and what its author's text tells beside it."""
    is_new = _is_new(post)
    if given:
        evidence.step_up(post, Evidence.DECLARED)
    if is_new:
        posts.add(session, post)
        posts.know_new_by(session, post, identity.keys_of(link), "link", now)
    if given:
        evidence.keep_sketch(session, setup, post, now, is_new=is_new)
        author = post.membership
        evidence.record(session, post, Evidence.DECLARED, EvidenceSource.AUTHOR, now, by=author, verdict=verdict)


def _is_new(post: Post) -> bool:
    return post.id is None


def explanation(session: Session, setup: Setup, post: Post) -> tags.Explanation | None:
    """What is wrong with the hashtag in the text of a post, for whoever looks at it; None without a text or a fault."""
    if post.text is None or post.fault is None:
        return None
    day = day_of(setup, post)
    force = tags.in_force(session, setup, post.membership, day)
    verdict = tags.verdict(session, setup, post.membership, force, post.text)
    return tags.explain(session, setup, verdict, force.required, day)


def reconsider(session: Session, setup: Setup, post: Post, now: datetime) -> bool:
    """Judge a post again after something new was learnt about it; its author hears if it counts now."""
    if post.state in (PostState.COUNTED, PostState.REFUSED, *GONE):
        return False
    judge(session, setup, post, "", now)
    if post.state != PostState.COUNTED:
        return False
    target = target_named(setup, post.target)
    person = post.membership.person_id
    say_to_person(session, setup, person, "posts/counts_now", now, number=post.id, target=target)
    return True


def choose_target(session: Session, setup: Setup, post: Post, code: str, now: datetime) -> Receipt | None:
    """The author says on which target a post stands whose link does not show it; None for an unknown target."""
    if target_named(setup, code) is None:
        return None
    post.target = code
    return judge(session, setup, post, "", now)


def move(session: Session, setup: Setup, post: Post, to: Membership, now: datetime) -> Receipt:
    """The author hands the post in as a member of another of his units."""
    post.membership, post.unit_id = to, to.unit_id
    return judge(session, setup, post, "", now)


def give_full_link(
    session: Session, setup: Setup, post: Post, typed: str, now: datetime, source: str = "link"
) -> Receipt:
    """The full link of a post that was handed in by a short one: the first hand-in keeps its number and its time."""
    link = read_link(typed)
    outcome = _not_to_be_logged(session, setup, link)
    if outcome is not None or link.kind is Kind.ALIAS:
        return Receipt(outcome or "not_post", link)
    known = identity.opened_by(session, setup, link, source, now)
    both = [post, known] if known and known is not post else [post]
    first = identity.settle(session, setup, both, link, source, now)
    if first is not post:
        reconsider(session, setup, first, now)
        return Receipt("already", link, first, target=target_named(setup, first.target))
    return judge(session, setup, post, "", now, link=link)


def withdraw(session: Session, post: Post, now: datetime) -> bool:
    """Take a post back; False if it was taken back before, or if a filed report holds it."""
    if post.state in GONE or reports.holding(session, post):
        return False
    post.state, post.withdrawn_at, post.counted_at = PostState.WITHDRAWN, now, None
    post.text = None
    posts.give_up_keys(session, post)
    review.drop(session, post, now)
    return True


def day_of(setup: Setup, post: Post) -> date:
    """The day whose tags hold for the post: told by a source, or that of the hand-in."""
    return post.posted_on or setup.today(post.handed_in_at)


def _not_to_be_logged(session: Session, setup: Setup, link: Link) -> Outcome | None:
    if link.kind is Kind.UNKNOWN:
        return "unknown_site"
    if link.kind in (Kind.NOT_POST, Kind.ALBUM) or link.key is None:
        return "not_post"
    _, official = find_target(session, setup, link)
    return None if official else "off_target"


def _new(session: Session, setup: Setup, author: Membership, link: Link, now: datetime) -> Post:
    """A post that is not in the ledger yet."""
    target, _ = find_target(session, setup, link)
    return Post(
        campaign=setup.campaign.code,
        key=link.key or "",
        url=link.url,
        platform=link.platform or "",
        kind=link.kind,
        target=target.code if target else None,
        unit_id=author.unit_id,
        membership=author,
        state=PostState.NO_TEXT,
        required_tag="",  # judge() writes it down
        evidence=Evidence.NONE,
        handed_in_at=now,
    )


def _enter(post: Post, state: PostState, now: datetime) -> None:
    post.state = state
    if state != PostState.COUNTED:
        post.counted_at = None
    elif post.counted_at is None:
        post.counted_at = now


def _may_be_one(post: Post, similar: Post) -> bool:
    """Whether a post with the same text may be this very one: two numbers are two posts, a pfbid may be either."""
    numbers = identity.is_number(post.key) and identity.is_number(similar.key)
    return post.text_hash == similar.text_hash and not numbers
