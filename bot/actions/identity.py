"""Which hand-ins are one post: what is known by which keys, and the merging of two that turn out to be one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.actions import review
from bot.actions.targets import find_target
from bot.domain.links import Link
from bot.setup import Setup
from bot.speech import say_to_person
from bot.storage import posts
from bot.storage.models import Post, PostState

NUMBERED = ("fb", "yt", "tt", "zalo")


def keys_of(link: Link) -> tuple[str, ...]:
    """Every key that a link carries: its own, and of a picture the number of the post that it stands in."""
    return (link.key, *link.aliases) if link.key else link.aliases


def is_number(key: str) -> bool:
    """Whether the key holds the post's own number, so that another number is another post."""
    return key.partition(":")[0] in NUMBERED


def opened_by(session: Session, setup: Setup, link: Link, source: str, now: datetime) -> Post | None:
    """The live post that a link opens. What the link tells is learnt; posts that it shows to be one are merged."""
    numbers = [key for key in keys_of(link) if is_number(key)]
    known = list(posts.with_keys(session, setup.campaign.code, numbers))
    others = posts.with_keys(session, setup.campaign.code, [key for key in keys_of(link) if key not in numbers])
    # Anybody can write a `share_url` into a link: it ties a short link to a number, never two numbers to one post.
    believed = [post for post in others if post not in known and not (numbers and is_number(post.key))]
    return settle(session, setup, known + believed, link, source, now) if known or believed else None


def settle(session: Session, setup: Setup, known: Sequence[Post], link: Link, source: str, now: datetime) -> Post:
    """These posts are the one that `link` opens (by `source`): the one that keeps the credit, knowing all its keys."""
    first, *others = sorted(known, key=_credit)
    for other in others:
        merge(session, setup, first, other, now)
    if link.key and is_number(link.key) and not is_number(first.key):
        target, _ = find_target(session, setup, link)
        first.key, first.url, first.kind = link.key, link.url, link.kind
        first.target = target.code if target else first.target
    posts.know_by(session, first, keys_of(link), source, now)
    return first


def merge(session: Session, setup: Setup, first: Post, second: Post, now: datetime) -> None:
    """Two logged posts are one: `first` keeps the credit, `second` counts no more; both authors are told."""
    if is_number(second.key) and not is_number(first.key):
        first.key, first.url, first.kind = second.key, second.url, second.kind
        first.target = first.target or second.target
    posts.move_keys(session, second, first)
    review.drop(session, second, now)
    second.state, second.merged_into_id, second.counted_at = PostState.MERGED, first.id, None
    session.flush()
    same_person = first.membership.person_id == second.membership.person_id
    say_to_person(
        session,
        setup,
        second.membership.person_id,
        "posts/merged_away",
        now,
        number=second.id,
        into=first.id,
        mine=same_person,
        unit=first.membership.unit.name,
        at=setup.local(first.handed_in_at),
    )
    if not same_person:
        person = first.membership.person_id
        say_to_person(session, setup, person, "posts/merged_here", now, number=first.id, other=second.id)


def in_order_of_credit(first: Post, second: Post) -> tuple[Post, Post]:
    """The one that keeps the credit if the two are merged, and the other."""
    return (first, second) if _credit(first) <= _credit(second) else (second, first)


def _credit(post: Post) -> tuple[bool, datetime, int]:
    """The first hand-in with the right tag comes first: a wrong one would take the credit from who earned it."""
    right_tag = post.state == PostState.COUNTED or (post.found_tag is not None and post.fault is None)
    return not right_tag or post.state == PostState.REFUSED, post.handed_in_at, post.id
