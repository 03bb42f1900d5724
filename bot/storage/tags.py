"""The tags of units and members."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from sqlalchemy import Integer, and_, bindparam, func, or_, select, union_all
from sqlalchemy.orm import Session

from bot.storage.models import (
    CaseReason,
    Membership,
    MembershipState,
    Post,
    PostState,
    ReviewCase,
    Tag,
    TagKind,
    Unit,
    UnitSuccessor,
)
from bot.storage.queues import is_undecided

# A clash that has an end was settled: its holder has another tag from then on.
_UNSETTLED = (Tag.kind == TagKind.CLASH, Tag.valid_until.is_(None))

_IT_AND_WHAT_WENT_INTO_IT = union_all(
    select(bindparam("unit", type_=Integer)),
    select(UnitSuccessor.unit_id).where(UnitSuccessor.successor_id == bindparam("unit")),
)
# Built once: it runs for every hand-in, and building it costs more than running it.
OF_UNIT_AND_PREDECESSORS = (
    select(Tag.unit_id, Tag.tag, Tag.kind, Tag.valid_from, Tag.valid_until)
    # An index on members would be no help: nearly all tags are those of whole units.
    .where(func.coalesce(Tag.membership_id, 0) == 0, Tag.unit_id.in_(_IT_AND_WHAT_WENT_INTO_IT))
    .order_by(Tag.id.desc())
)


def hold_still(session: Session, campaign: str) -> None:
    """Nobody else changes this campaign's tags and units until the transaction ends. SQLite has one writer anyway.

    Units that were read before are read again: somebody may have changed them while we waited.
    """
    roots = select(Unit.id).where(Unit.campaign == campaign, Unit.parent_id.is_(None)).order_by(Unit.id)
    session.execute(roots.with_for_update(key_share=True))
    session.flush()
    for each in [each for each in session.identity_map.values() if isinstance(each, Unit)]:
        session.expire(each)


def of_unit(session: Session, unit_id: int) -> Sequence[Tag]:
    """The tags that all members of a unit show, the newest first."""
    statement = select(Tag).where(Tag.unit_id == unit_id, Tag.membership_id.is_(None))
    return session.scalars(statement.order_by(Tag.id.desc())).all()


def of_member(session: Session, membership_id: int) -> Sequence[Tag]:
    """The tags of one member who signs by name, the newest first."""
    return session.scalars(select(Tag).where(Tag.membership_id == membership_id).order_by(Tag.id.desc())).all()


class Dated(Protocol):
    """What a tag is to its unit or member, and from when to when."""

    @property
    def unit_id(self) -> int: ...
    @property
    def tag(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_until(self) -> date | None: ...


class Shown(NamedTuple):
    """A tag as it is looked up for every hand-in: past the session's objects, which cost twice the time."""

    unit_id: int
    tag: str
    kind: str
    valid_from: date | None
    valid_until: date | None


def of_unit_and_predecessors(session: Session, unit_id: int) -> tuple[Sequence[Shown], Sequence[Shown]]:
    """The tags that all members of a unit show, the newest first, and those of the units that went into it."""
    session.flush()
    found = [Shown(*row) for row in session.connection().execute(OF_UNIT_AND_PREDECESSORS, {"unit": unit_id})]
    return [tag for tag in found if tag.unit_id == unit_id], [tag for tag in found if tag.unit_id != unit_id]


def written_as(session: Session, campaign: str, folded: Iterable[str]) -> Sequence[Tag]:
    """Every tag that is one of these, whosever it is, the newest first."""
    statement = select(Tag).where(Tag.campaign == campaign, Tag.folded.in_(list(folded)))
    # What another transaction just changed must be seen as it is, also where the rows were read before.
    return session.scalars(statement.order_by(Tag.id.desc()).execution_options(populate_existing=True)).all()


def seen_by(session: Session, campaign: str, unit_id: int) -> Sequence[str]:
    """The tags that somebody of this unit could take for his own: all units', and those of its own people."""
    statement = select(Tag.tag).distinct().where(Tag.campaign == campaign)
    return session.scalars(statement.where(or_(Tag.membership_id.is_(None), Tag.unit_id == unit_id))).all()


def units_without(session: Session, campaign: str) -> Sequence[Unit]:
    """Units for which nothing was proposed yet."""
    proposed = select(Tag.unit_id).where(Tag.membership_id.is_(None))
    statement = select(Unit).where(Unit.campaign == campaign, Unit.id.not_in(proposed))
    return session.scalars(statement.order_by(Unit.id)).all()


def proposals(session: Session, campaign: str) -> Sequence[Tag]:
    """What the rule proposed and nobody changed since."""
    statement = select(Tag).where(Tag.campaign == campaign, Tag.proposed, Tag.valid_until.is_(None))
    return session.scalars(statement.where(Tag.kind != TagKind.ACCEPTED).order_by(Tag.id)).all()


def of_units(session: Session, campaign: str, unit_ids: Iterable[int] | None = None) -> Sequence[Tag]:
    """All required tags and clashes of units, or of these units, by name."""
    statement = select(Tag).join(Tag.unit).where(Tag.campaign == campaign, Tag.membership_id.is_(None))
    if unit_ids is not None:
        statement = statement.where(Tag.unit_id.in_(list(unit_ids)))
    return session.scalars(statement.where(Tag.kind != TagKind.ACCEPTED).order_by(Unit.folded, Tag.id)).all()


def clashes(session: Session, campaign: str) -> Sequence[Tag]:
    """Proposals that are nobody's because somebody else's is the same, those of one tag together."""
    statement = select(Tag).where(Tag.campaign == campaign, *_UNSETTLED)
    return session.scalars(statement.order_by(Tag.folded, Tag.id)).all()


def number_of_clashes(session: Session, campaign: str) -> int:
    """How many such proposals there are."""
    statement = select(func.count()).select_from(Tag).where(Tag.campaign == campaign, *_UNSETTLED)
    return session.scalars(statement).one()


def members_without(session: Session, unit_id: int, state: str) -> Sequence[Membership]:
    """Members of a unit in this state for whom nothing was proposed yet."""
    proposed = select(Tag.membership_id).where(Tag.membership_id.is_not(None))
    statement = select(Membership).where(Membership.unit_id == unit_id, Membership.state == state)
    return session.scalars(statement.where(Membership.id.not_in(proposed)).order_by(Membership.id)).all()


def members_of(session: Session, unit_id: int) -> Sequence[Membership]:
    """The active members of a unit, by name."""
    statement = select(Membership).where(Membership.unit_id == unit_id, Membership.state == MembershipState.ACTIVE)
    return session.scalars(statement.order_by(Membership.full_name, Membership.id)).all()


def of_members(session: Session, unit_id: int) -> Sequence[Tag]:
    """All required tags and clashes of a unit's members who sign by name."""
    statement = select(Tag).where(Tag.unit_id == unit_id, Tag.membership_id.is_not(None))
    return session.scalars(statement.where(Tag.kind != TagKind.ACCEPTED).order_by(Tag.id)).all()


def begun(session: Session, campaign: str, since: date, until: date) -> Sequence[Tag]:
    """Required tags that admins set and that began in these days, the last included, and have no end."""
    statement = select(Tag).where(Tag.campaign == campaign, Tag.kind == TagKind.REQUIRED, Tag.proposed.is_(False))
    days = (Tag.valid_from >= since, Tag.valid_from <= until, Tag.valid_until.is_(None))
    return session.scalars(statement.where(*days).order_by(Tag.id)).all()


def posts_that_wait(session: Session, unit_id: int, membership_id: int | None) -> Sequence[Post]:
    """Posts of a unit or of one member that do not count because of the hashtag, oldest first."""
    unsettled = select(ReviewCase.id).where(
        ReviewCase.post_id == Post.id,
        ReviewCase.reason == CaseReason.UNSETTLED,
        is_undecided(ReviewCase.state),
    )
    waits = or_(Post.state == PostState.TAG_WRONG, and_(Post.state == PostState.IN_REVIEW, unsettled.exists()))
    mine = Post.membership_id == membership_id if membership_id else Post.unit_id == unit_id
    return session.scalars(select(Post).where(mine, waits).order_by(Post.id)).all()
