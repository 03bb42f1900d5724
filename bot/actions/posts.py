"""Hand in a post: read the link, log it once, judge the text, say what it still needs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from bot.actions import tags
from bot.campaigns import Target
from bot.domain.handins import HandIn, Need, fingerprint, looks_like_text, need
from bot.domain.hashtags import Verdict
from bot.domain.links import Kind, Link, read_link
from bot.setup import Setup
from bot.storage import posts
from bot.storage.models import Evidence, Membership, Post, PostState

DOUBLE_WINDOW = timedelta(days=30)
STATE_OF_NEED: dict[Need, PostState] = {
    "text": PostState.NO_TEXT,
    "tag": PostState.TAG_WRONG,
    "target": PostState.NO_TARGET,
    "full_link": PostState.UNRESOLVED,
    "nothing": PostState.COUNTED,
}

Outcome = Literal["logged", "already", "not_post", "off_target", "unknown_site"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one handed-in link. `post` is the logged post, or with `already` the one that was there.

    `need` is what a logged post still needs; `double_of` the post that it may repeat.
    """

    outcome: Outcome
    link: Link
    post: Post | None = None
    need: Need = "nothing"
    target: Target | None = None
    verdict: Verdict | None = None
    double_of: Post | None = None


def hand_in(session: Session, setup: Setup, author: Membership, item: HandIn, now: datetime) -> Receipt:
    """Log a link once and judge it; one of the author's that does not count yet is judged again."""
    link = read_link(item.link)
    if link.kind is Kind.UNKNOWN:
        return Receipt("unknown_site", link)
    if link.kind in (Kind.NOT_POST, Kind.ALBUM) or link.key is None:
        return Receipt("not_post", link)
    target, official = find_target(setup, link)
    if not official:
        return Receipt("off_target", link)
    post = posts.with_key(session, setup.campaign.code, keys_of(link))
    if post is None:
        post = _log(session, setup, author, link, target, now)
    elif post.membership_id != author.id or post.state == PostState.COUNTED:
        return Receipt("already", link, post, target=target_named(setup, post.target))
    return judge(session, setup, post, item.text, now, link=link)


def is_post_text(setup: Setup, author: Membership, text: str) -> bool:
    """Whether words are the text of a post: long enough, with a hashtag, or with the author's tag lacking its #."""
    return looks_like_text(text) or tags.is_near_miss(setup, author, text)


def judge(session: Session, setup: Setup, post: Post, text: str, now: datetime, *, link: Link | None = None) -> Receipt:
    """Judge a post by a text of its author, or by the one given before, and write the verdict down."""
    if is_post_text(setup, post.membership, text):
        post.text, post.text_hash, post.evidence = text, fingerprint(text), Evidence.DECLARED
    post.required_tag = tags.required_tag(setup, post.membership)
    verdict = None
    if post.text is not None:
        verdict = tags.verdict(session, setup, post.membership, post.required_tag, post.text)
        post.found_tag = verdict.matched or verdict.written
        post.fault = verdict.fault
    double = _double(session, setup, post, now)
    wanted = need(
        target=post.target,
        has_text=post.text is not None,
        verdict=verdict.verdict if verdict else None,
        may_be_double=double is not None or post.kind == Kind.ALIAS,
    )
    post.state = STATE_OF_NEED[wanted]
    post.counted_at = now if post.state == PostState.COUNTED else None
    session.flush()
    target = target_named(setup, post.target)
    return Receipt("logged", link or read_link(post.url), post, wanted, target, verdict, double)


def choose_target(session: Session, setup: Setup, post: Post, code: str, now: datetime) -> Receipt | None:
    """The author says on which target a post stands whose link does not show it; None for an unknown target."""
    if target_named(setup, code) is None:
        return None
    post.target = code
    return judge(session, setup, post, "", now)


def give_full_link(session: Session, setup: Setup, post: Post, typed: str, now: datetime) -> Receipt:
    """The full link of a post that was handed in by a short one: the receipt keeps its number and its time."""
    link = read_link(typed)
    target, official = find_target(setup, link)
    if link.key is None or link.kind in (Kind.ALIAS, Kind.ALBUM, Kind.NOT_POST, Kind.UNKNOWN):
        return Receipt("not_post", link)
    if not official:
        return Receipt("off_target", link)
    known = posts.with_key(session, setup.campaign.code, keys_of(link))
    if known is not None and known.id != post.id:
        withdraw(session, post, now)
        return Receipt("already", link, known, target=target_named(setup, known.target))
    post.key, post.url, post.kind, post.target = link.key, link.url, link.kind, target.code if target else post.target
    posts.know_by(session, post, keys_of(link))
    return judge(session, setup, post, "", now, link=link)


def withdraw(session: Session, post: Post, now: datetime) -> bool:
    """Take a post back; False if it was taken back before."""
    if post.state == PostState.WITHDRAWN:
        return False
    post.state, post.withdrawn_at, post.counted_at = PostState.WITHDRAWN, now, None
    post.text = None
    posts.give_up_keys(session, post)
    return True


def find_target(setup: Setup, link: Link) -> tuple[Target | None, bool]:
    """The official target of a link, and whether it may stand on one at all.

    A link without an owner (a reel, a short link) may; so may one whose owner is a number where a target's own number
    is not known to the campaign: the author is asked then. Anything else is somebody's own page.
    """
    candidates = [target for target in setup.campaign.targets if target.platform == link.platform]
    if not candidates:
        return None, False
    if link.owner is None:
        return None, True
    for target in candidates:
        if link.owner in target.owners:
            return target, True
    numbers_known = all(any(owner.isdigit() for owner in target.owners) for target in candidates)
    return None, link.owner.isdigit() and not numbers_known


def keys_of(link: Link) -> tuple[str, ...]:
    """Every key that a link carries: its own, and of a picture the number of the post that it stands in."""
    return (link.key, *link.aliases) if link.key else link.aliases


def target_named(setup: Setup, code: str | None) -> Target | None:
    """The campaign's target with this code."""
    return next((target for target in setup.campaign.targets if target.code == code), None)


def _log(session: Session, setup: Setup, author: Membership, link: Link, target: Target | None, now: datetime) -> Post:
    post = Post(
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
        handed_in_at=now,
    )
    session.add(post)
    session.flush()
    posts.know_by(session, post, keys_of(link))
    return post


def _double(session: Session, setup: Setup, post: Post, now: datetime) -> Post | None:
    """A logged post with the same text, where one of the two links does not carry the post's number.

    Two numbers are two posts; but a pfbid or a short link may be another link of a post that is logged already.
    """
    if post.text_hash is None:
        return None
    since = now - DOUBLE_WINDOW
    other = posts.with_same_text(session, setup.campaign.code, post.text_hash, since, but=post.id)
    if other is None or (_is_number(post.key) and _is_number(other.key)):
        return None
    return other


def _is_number(key: str) -> bool:
    return key.partition(":")[0] in ("fb", "yt", "tt", "zalo")
