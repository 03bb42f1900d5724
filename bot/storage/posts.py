"""Handed-in posts."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.storage.models import GONE, Membership, Post, PostKey, PostState


def with_keys(session: Session, campaign: str, keys: Iterable[str]) -> Sequence[Post]:
    """The live posts known by any of these keys, locked, oldest first."""
    wanted = list(keys)
    if not wanted:
        return []
    statement = select(Post).join(PostKey).where(PostKey.campaign == campaign, PostKey.key.in_(wanted))
    return session.scalars(statement.order_by(Post.id).with_for_update(of=Post)).unique().all()


def know_by(session: Session, post: Post, keys: Iterable[str], source: str, now: datetime) -> None:
    """The post is known by these keys from now on, as `source` tells; a key that leads somewhere stays as it is."""
    wanted = list(dict.fromkeys(keys))
    taken = select(PostKey.key).where(PostKey.campaign == post.campaign, PostKey.key.in_(wanted))
    known = set(session.scalars(taken))
    session.add_all(
        PostKey(campaign=post.campaign, key=key, post_id=post.id, source=source, known_at=now)
        for key in wanted
        if key not in known
    )
    session.flush()


def move_keys(session: Session, post: Post, to: Post) -> None:
    """What led to one post leads to the other."""
    session.execute(update(PostKey).where(PostKey.post_id == post.id).values(post_id=to.id))


def give_up_keys(session: Session, post: Post) -> None:
    """Nothing leads to the post any more."""
    session.execute(delete(PostKey).where(PostKey.post_id == post.id))


def with_same_text(session: Session, campaign: str, text_hash: str, since: datetime, but: int) -> Post | None:
    """The first live post with the same text handed in since then, other than `but`."""
    return session.scalar(
        select(Post)
        .where(
            Post.campaign == campaign,
            Post.text_hash == text_hash,
            Post.state.not_in(GONE),
            Post.handed_in_at >= since,
            Post.id != but,
        )
        .order_by(Post.id)
        .limit(1)
    )


def counted(session: Session, membership_id: int, since: datetime) -> int:
    """How many posts of a membership count since then."""
    statement = select(func.count()).select_from(Post)
    return session.scalars(
        statement.where(
            Post.membership_id == membership_id, Post.state == PostState.COUNTED, Post.handed_in_at >= since
        )
    ).one()


def counted_of_unit(session: Session, unit_id: int, since: datetime, until: datetime) -> int:
    """How many posts of a unit's own members count in [since, until]."""
    statement = select(func.count()).select_from(Post).where(Post.unit_id == unit_id, Post.state == PostState.COUNTED)
    return session.scalars(statement.where(Post.handed_in_at >= since, Post.handed_in_at <= until)).one()


def of_person(
    session: Session, person_id: int | None, since: datetime | None, offset: int, most: int
) -> Sequence[Post]:
    """Posts of a person in all of his units, newest first."""
    statement = select(Post).join(Post.membership).where(Membership.person_id == person_id)
    if since:
        statement = statement.where(Post.handed_in_at >= since)
    return session.scalars(statement.order_by(Post.id.desc()).offset(offset).limit(most)).all()


def number_of(session: Session, person_id: int | None, since: datetime | None) -> int:
    """How many posts `of_person` would list."""
    statement = select(func.count(Post.id)).join(Post.membership).where(Membership.person_id == person_id)
    if since:
        statement = statement.where(Post.handed_in_at >= since)
    return session.scalars(statement).one()


def that_wait(session: Session, person_id: int | None, most: int) -> Sequence[Post]:
    """A person's posts that do not count yet but still may, the newest first."""
    done = (PostState.COUNTED, PostState.REFUSED, *GONE)
    statement = select(Post).join(Post.membership).where(Membership.person_id == person_id, Post.state.not_in(done))
    return session.scalars(statement.order_by(Post.id.desc()).limit(most)).all()
