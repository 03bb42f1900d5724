"""Handed-in posts."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, inspect, select, update
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from bot.storage.models import GONE, Membership, Post, PostKey, PostState

COLUMNS = tuple(column.key for column in inspect(Post).column_attrs if column.key != "id")

# Built once: these run for every hand-in, and building them costs more than running them.
WITH_KEYS = (
    select(Post.id)
    .join(PostKey)
    .where(PostKey.campaign == bindparam("campaign"), PostKey.key.in_(bindparam("keys", expanding=True)))
    .order_by(Post.id)
    .with_for_update(of=Post)
)
ADD, ADD_KEY = insert(Post), insert(PostKey)
COUNTED = select(
    func.count().filter(Post.handed_in_at >= bindparam("week")),
    func.count().filter(Post.handed_in_at >= bindparam("month")),
).where(
    Post.membership_id == bindparam("membership"),
    Post.state == PostState.COUNTED,
    Post.handed_in_at >= bindparam("first"),
)


def add(session: Session, post: Post) -> None:
    """Put a new post, whose membership is set, into the ledger; from then on it is one of the session's.

    Without a unit of work, which would cost as much as all else that a hand-in writes.
    """
    session.flush()
    post.membership_id = post.membership.id
    values = {column: getattr(post, column) for column in COLUMNS}
    [number] = session.connection().execute(ADD, values).inserted_primary_key or [None]
    for column, value in {**values, "id": number}.items():
        set_committed_value(post, column, value)
    make_transient_to_detached(post)
    session.add(post)


def with_keys(session: Session, campaign: str, keys: Iterable[str]) -> Sequence[Post]:
    """The live posts known by any of these keys, locked, oldest first."""
    wanted = list(keys)
    if not wanted:
        return []
    session.flush()
    found = session.connection().execute(WITH_KEYS, {"campaign": campaign, "keys": wanted}).scalars()
    return [session.get_one(Post, id_, populate_existing=True) for id_ in dict.fromkeys(found)]


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


def know_new_by(session: Session, post: Post, keys: Iterable[str], source: str, now: datetime) -> None:
    """A new post is known by these keys. A single one leads nowhere yet; of several, one may stay with another post."""
    only, *more = dict.fromkeys(keys)
    if more:
        know_by(session, post, (only, *more), source, now)
        return
    row = {"campaign": post.campaign, "key": only, "post_id": post.id, "source": source, "known_at": now}
    session.connection().execute(ADD_KEY, row)


def move_keys(session: Session, post: Post, to: Post) -> None:
    """What led to one post leads to the other."""
    session.execute(update(PostKey).where(PostKey.post_id == post.id).values(post_id=to.id))


def give_up_keys(session: Session, post: Post) -> None:
    """Nothing leads to the post any more."""
    session.execute(delete(PostKey).where(PostKey.post_id == post.id))


def counted(session: Session, membership_id: int, week: datetime, month: datetime) -> tuple[int, int]:
    """How many posts of a membership count since the beginning of the week, and since that of the month."""
    values = {"membership": membership_id, "week": week, "month": month, "first": min(week, month)}
    session.flush()
    in_week, in_month = session.connection().execute(COUNTED, values).one()
    return in_week, in_month


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
