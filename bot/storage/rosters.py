"""Rosters that came as files: the batches, their parts, and who is in the units that they speak of."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.rosters.meeting import Listed
from bot.storage.models import (
    BatchState,
    ImportBatch,
    ImportPart,
    Membership,
    MembershipState,
)
from bot.storage.units import below

THERE = (MembershipState.LISTED, MembershipState.PENDING, MembershipState.ACTIVE)
WRITTEN = (BatchState.WRITING, BatchState.DONE)
# Of these an admin hears something again; the others were left or could not be read.
SHOWN = (BatchState.CHECKED, BatchState.WRITING, BatchState.DONE, BatchState.UNDOING, BatchState.UNDONE)
_UNCLAIMED = (Membership.state == MembershipState.LISTED, Membership.person_id.is_(None))


def wanted(session: Session, campaign: str, but: Collection[int]) -> ImportBatch | None:
    """The oldest file that is still to be read, none of `but`."""
    statement = select(ImportBatch).where(ImportBatch.campaign == campaign, ImportBatch.state == BatchState.WANTED)
    return session.scalar(statement.where(ImportBatch.id.not_in(but)).order_by(ImportBatch.id).limit(1))


def reading(session: Session, by_id: int) -> ImportBatch | None:
    """The file of this member that is still to be read."""
    statement = select(ImportBatch).where(ImportBatch.by_id == by_id, ImportBatch.state == BatchState.WANTED)
    return session.scalar(statement.limit(1))


def first_in(session: Session, campaign: str, state: BatchState) -> ImportBatch | None:
    """The oldest batch in a state, locked. Others wait for it, so that two batches are never written side by side."""
    statement = select(ImportBatch).where(ImportBatch.campaign == campaign, ImportBatch.state == state)
    return session.scalar(statement.order_by(ImportBatch.id).limit(1).with_for_update())


def batches(session: Session, unit_id: int, most: int, page: int) -> Sequence[ImportBatch]:
    """A page of what was imported in a unit and below, the newest first; one more than asked for, if there is."""
    statement = select(ImportBatch).where(ImportBatch.unit_id.in_(below(unit_id)), ImportBatch.state.in_(SHOWN))
    return session.scalars(statement.order_by(ImportBatch.id.desc()).offset(page * most).limit(most + 1)).all()


def same_file(session: Session, batch: ImportBatch, digest: str) -> ImportBatch | None:
    """The last batch that was written from the very same file."""
    same = (ImportBatch.campaign == batch.campaign, ImportBatch.digest == digest, ImportBatch.state.in_(WRITTEN))
    statement = select(ImportBatch).where(*same, ImportBatch.id != batch.id, ImportBatch.unit_id == batch.unit_id)
    return session.scalar(statement.order_by(ImportBatch.id.desc()).limit(1))


def people_in(session: Session, units: Collection[int] | Select[tuple[int]]) -> list[Listed]:
    """Everybody in these units whose name is known and who has not left."""
    columns = (Membership.id, Membership.unit_id, Membership.person_id, Membership.full_name, Membership.kind)
    details = (Membership.rank, Membership.position, Membership.facebook_name, Membership.phone)
    here = (Membership.unit_id.in_(units), Membership.state.in_(THERE), Membership.full_name.is_not(None))
    rows = session.execute(select(*columns, *details).where(*here).order_by(Membership.id))
    return [
        Listed(name or "", kind, rank, position, facebook, phone, id=id_, unit=unit, claimed=person is not None)
        for id_, unit, person, name, kind, rank, position, facebook, phone in rows
    ]


def keep_parts(session: Session, batch_id: int, parts: Sequence[Sequence[Mapping[str, Any]]]) -> None:
    """Keep what a batch would write, in place of what was kept before."""
    session.execute(delete(ImportPart).where(ImportPart.batch_id == batch_id))
    rows = [{"batch_id": batch_id, "number": number, "rows": list(part)} for number, part in enumerate(parts)]
    if rows:
        session.execute(insert(ImportPart), rows)


def next_part(session: Session, batch_id: int) -> ImportPart | None:
    """The first part that is not written yet."""
    statement = select(ImportPart).where(ImportPart.batch_id == batch_id, ImportPart.figures.is_(None))
    return session.scalar(statement.order_by(ImportPart.number).limit(1))


def first_part(session: Session, batch_id: int) -> ImportPart | None:
    """The first part that is there, written or not."""
    statement = select(ImportPart).where(ImportPart.batch_id == batch_id).order_by(ImportPart.number)
    return session.scalar(statement.limit(1))


def part_figures(session: Session, batch_id: int) -> list[dict[str, Any] | None]:
    """The figures of all parts in their order; None of those that are not written yet."""
    statement = select(ImportPart.figures).where(ImportPart.batch_id == batch_id).order_by(ImportPart.number)
    return list(session.scalars(statement))


def insert_people(session: Session, rows: Sequence[Mapping[str, Any]]) -> Sequence[int]:
    """Many new memberships at once; the batch in each row says where they come from. Their numbers, in this order."""
    if not rows:
        return []
    statement = insert(Membership).returning(Membership.id, sort_by_parameter_order=True)
    return session.scalars(statement, list(rows)).all()


def members(session: Session, ids: Collection[int]) -> dict[int, Membership]:
    """The memberships of these numbers that are still there, locked."""
    statement = select(Membership).where(Membership.id.in_(ids)).with_for_update(of=Membership)
    return {each.id: each for each in session.scalars(statement)}


def unclaimed(session: Session, batch_id: int) -> int:
    """How many people of a batch nobody has claimed yet."""
    statement = select(func.count()).select_from(Membership).where(Membership.batch_id == batch_id, *_UNCLAIMED)
    return session.scalar(statement) or 0


def claimed(session: Session, batch_id: int) -> Sequence[Membership]:
    """The people of a batch who use the bot, or of whom an admin made something since; by name."""
    gone = (MembershipState.LISTED, MembershipState.ERASED)
    statement = select(Membership).where(Membership.batch_id == batch_id, Membership.state.not_in(gone))
    return session.scalars(statement.order_by(Membership.folded, Membership.id)).all()


def with_codes(session: Session, batch_id: int) -> Sequence[Membership]:
    """The people of a batch whose claim codes still wait for them, unit by unit."""
    statement = select(Membership).where(Membership.batch_id == batch_id, *_UNCLAIMED)
    return session.scalars(statement.where(Membership.claim_code.is_not(None)).order_by(Membership.id)).all()


def take_out(session: Session, batch_id: int, most: int) -> Sequence[tuple[int, int]]:
    """Take people of a batch out whom nobody claimed; number and unit of each. Call it until there are none.

    As after an erasure a blank row stays: its number stands on buttons, and must never become somebody else's.
    """
    ids = select(Membership.id).where(Membership.batch_id == batch_id, *_UNCLAIMED).order_by(Membership.id).limit(most)
    blank: dict[str, Any] = dict.fromkeys(("full_name", "rank", "position", "facebook_name", "phone", "claim_code"))
    gone = update(Membership).values(**blank, folded="", state=MembershipState.ERASED).where(Membership.id.in_(ids))
    rows = session.execute(gone.returning(Membership.id, Membership.unit_id))
    return sorted((number, unit) for number, unit in rows)


def forget_values(session: Session, membership_id: int) -> None:
    """Of a person who is erased nothing is kept for undoing, either."""
    for part in session.scalars(select(ImportPart).where(ImportPart.figures.is_not(None))):
        kept = [each for each in part.rows if each.get("id") != membership_id]
        if len(kept) < len(part.rows):
            part.rows = kept


def left(session: Session, campaign: str, state: BatchState, before: datetime, most: int) -> Sequence[ImportBatch]:
    """Batches that came to this state before a moment and still have parts, or were never decided on."""
    moment = func.coalesce(ImportBatch.settled_at, ImportBatch.at)
    with_parts = exists().where(ImportPart.batch_id == ImportBatch.id)
    undecided = or_(with_parts, ImportBatch.state == BatchState.CHECKED)
    here = (ImportBatch.campaign == campaign, ImportBatch.state == state, moment < before, undecided)
    return session.scalars(select(ImportBatch).where(*here).limit(most).with_for_update(skip_locked=True)).all()
