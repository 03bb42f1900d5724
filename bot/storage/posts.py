"""Handed-in posts."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.storage.models import Post, PostKey, PostState


def with_key(session: Session, campaign: str, keys: Iterable[str]) -> Post | None:
    """The live post known by one of these keys."""
    statement = select(Post).join(PostKey).where(PostKey.campaign == campaign, PostKey.key.in_(list(keys)))
    return session.scalar(statement.order_by(Post.id).limit(1))


def know_by(session: Session, post: Post, keys: Iterable[str]) -> None:
    """The post is known by these keys from now on; a key that leads to it already stays as it is."""
    known = set(session.scalars(select(PostKey.key).where(PostKey.post_id == post.id)))
    session.add_all(PostKey(campaign=post.campaign, key=key, post_id=post.id) for key in set(keys) - known)
    session.flush()


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
            Post.state != PostState.WITHDRAWN,
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


def of_membership(
    session: Session, membership_id: int, since: datetime | None, offset: int, most: int
) -> Sequence[Post]:
    """Posts of a membership, newest first."""
    statement = select(Post).where(Post.membership_id == membership_id)
    if since:
        statement = statement.where(Post.handed_in_at >= since)
    return session.scalars(statement.order_by(Post.id.desc()).offset(offset).limit(most)).all()


def number_of(session: Session, membership_id: int, since: datetime | None) -> int:
    """How many posts `of_membership` would list."""
    statement = select(func.count()).select_from(Post).where(Post.membership_id == membership_id)
    if since:
        statement = statement.where(Post.handed_in_at >= since)
    return session.scalars(statement).one()
