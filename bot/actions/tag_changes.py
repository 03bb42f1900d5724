"""What setting a tag brings about: who is told, and which posts are looked at again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.actions import posts, tag_roster, tags
from bot.actions.tag_roster import Holder
from bot.buttons import Copy
from bot.domain.hashtags import check
from bot.messages import Priority
from bot.setup import Setup
from bot.speech import say_to_person
from bot.storage import tags as roster
from bot.storage.models import Membership, Post, PostState, Tag, TagKind

TOLD_FROM = 7  # o'clock: a tag begins at midnight, and nobody is woken for it
TOLD_AFTER = timedelta(days=3)  # as long as the bot may have been down


@dataclass(frozen=True, slots=True)
class Change:
    """A tag that an admin wants: from `start` (None: always) to the day before `end` (None: no end)."""

    holder: Holder
    kind: TagKind
    tag: str
    start: date | None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a change would bring: the tag that ends, the last day on which it counts (None: it never did), the posts
    that would be looked at again, and the members who would be told."""

    old: Tag | None
    old_last: date | None
    posts: Sequence[Post]
    members: Sequence[Membership]


@dataclass(frozen=True, slots=True)
class Saved:
    """What a change brought: posts that count now, members told, and others whose tag is settled by it."""

    counted: int
    told: int
    settled: Sequence[Tag]


def outlook(session: Session, setup: Setup, change: Change, by: Membership, now: datetime) -> Outlook:
    """What the change would bring; nothing is changed."""
    today = setup.today(now)
    waiting = [each for each in waiting_posts(session, change.holder) if _falls_into(setup, each, change)]
    if change.kind != TagKind.REQUIRED:
        return Outlook(None, None, waiting, ())
    day = max(today, change.start) if change.start else today
    old = required_on(session, change.holder, day)
    changes_today = (change.start is None or change.start <= today) and (old is None or old.tag != change.tag)
    members = _others(session, change, by) if changes_today else ()
    return Outlook(old, _old_last(setup, old, change.start), waiting, members)


def save(session: Session, setup: Setup, change: Change, by: Membership, now: datetime) -> Saved:
    """Write the tag down, look at the posts again, tell the members. `Taken` if somebody else has it."""
    campaign = setup.campaign
    if change.kind != TagKind.REQUIRED:
        days = (change.start, change.end)
        tag_roster.accept(session, campaign, change.holder, change.tag, days, by, now)
        return Saved(_look_again(session, setup, [change.holder], now), 0, ())
    roster.hold_still(session, campaign.code)
    before = outlook(session, setup, change, by, now)
    old = (before.old.tag if before.old else None, before.old_last)
    row, settled = tag_roster.require(session, campaign, change.holder, change.tag, change.start, by, now)
    holders = [change.holder, *map(tag_roster.holder_of, settled)]
    counted = _look_again(session, setup, holders, now)
    told = _tell(session, setup, row, old, before.members, now)
    return Saved(counted, told, settled)


def end(session: Session, setup: Setup, row: Tag, now: datetime) -> Saved:
    """The tag counts no more from today on; one that has not begun never will. `Taken` as with `tag_roster.end`."""
    settled = tag_roster.end(session, setup.campaign, row, setup.today(now))
    return Saved(_look_again(session, setup, map(tag_roster.holder_of, settled), now), 0, settled)


def tell_begun(session: Session, setup: Setup, now: datetime) -> int:
    """Tell the members whose tag became another one today, as an admin had set before; how many were told."""
    today = setup.today(now)
    if setup.local(now).hour < TOLD_FROM:
        return 0
    rows = roster.begun(session, setup.campaign.code, today - TOLD_AFTER, today)
    return sum(_tell_of(session, setup, row, now) for row in rows)


def waiting_posts(session: Session, holder: Holder) -> Sequence[Post]:
    """The holder's posts that do not count because of the hashtag."""
    return roster.posts_that_wait(session, holder.unit.id, holder.member.id if holder.member else None)


def required_on(session: Session, holder: Holder, day: date) -> Tag | None:
    """The tag that is required of the holder on this day; a clash only if there is nothing else."""
    rows = [row for row in holder.rows(session) if row.kind != TagKind.ACCEPTED and tags.holds(row, day)]
    return min(rows, key=lambda row: row.kind == TagKind.CLASH, default=None)


def _falls_into(setup: Setup, post: Post, change: Change) -> bool:
    day = posts.day_of(setup, post)
    return (change.start is None or change.start <= day) and (change.end is None or day < change.end)


def _old_last(setup: Setup, old: Tag | None, start: date | None) -> date | None:
    """The last day on which a tag still counts after another took its place."""
    if old is None or start is None or old.kind == TagKind.CLASH or (old.valid_from and old.valid_from >= start):
        return None
    return start + timedelta(days=setup.campaign.tag_grace_days - 1)


def _others(session: Session, change: Change, by: Membership) -> Sequence[Membership]:
    members = [change.holder.member] if change.holder.member else roster.members_of(session, change.holder.unit.id)
    return [each for each in members if each.id != by.id]


def _look_again(session: Session, setup: Setup, holders: Iterable[Holder], now: datetime) -> int:
    """Judge what waits because of the hashtag; how many count now.

    A post that a reviewer was to look at stays in the queue if its tag is not right now: its author used the one that
    he had been given.
    """
    waiting = [post for holder in holders for post in waiting_posts(session, holder)]
    again = [post for post in waiting if post.state == PostState.TAG_WRONG or _is_right(session, setup, post)]
    return sum(posts.reconsider(session, setup, post, now) for post in again)


def _is_right(session: Session, setup: Setup, post: Post) -> bool:
    force = tags.in_force(session, setup, post.membership, posts.day_of(setup, post))
    return force.settled and check(post.text or "", force.required, force.accepted).verdict == "ok"


def _tell_of(session: Session, setup: Setup, row: Tag, now: datetime) -> int:
    holder = tag_roster.holder_of(row)
    rows = [each for each in holder.rows(session) if each.kind != TagKind.ACCEPTED and each is not row]
    old = next((each for each in rows if each.valid_until == row.valid_from), None)
    members = [holder.member] if holder.member else roster.members_of(session, holder.unit.id)
    others = [each for each in members if each.id != row.set_by_id and _was_there(setup, each, row)]
    told = (old.tag if old else None, _old_last(setup, old, row.valid_from))
    return _tell(session, setup, row, told, others, now)


def _was_there(setup: Setup, member: Membership, row: Tag) -> bool:
    """Whether the member ever had to use another tag; who came later was given this one."""
    return member.decided_at is None or row.valid_from is None or setup.today(member.decided_at) < row.valid_from


def _tell(
    session: Session,
    setup: Setup,
    row: Tag,
    old: tuple[str | None, date | None],
    members: Sequence[Membership],
    now: datetime,
) -> int:
    """Tell each of them once, however often this runs; how many were told."""
    values = {"unit": row.unit.name, "tag": row.tag, "since": row.valid_from, "old": old[0], "old_last": old[1]}
    told = [
        say_to_person(
            session,
            setup,
            member.person_id,
            "tags/changed",
            now,
            rows=[(Copy("tag.copy", row.tag),)],
            priority=Priority.REMINDER,
            key=f"tag:{row.id}:{member.id}",
            **values,
        )
        for member in members
    ]
    return sum(told)
