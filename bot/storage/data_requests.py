"""The register of what people asked about their data."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from bot.storage.models import DataRequest, Membership, MembershipState, Role, Unit
from bot.storage.units import path


def of_person(session: Session, person_id: int, subject: str) -> Sequence[DataRequest]:
    """What somebody asked from any of his accounts, the newest first."""
    whose = or_(DataRequest.person_id == person_id, DataRequest.subject == subject)
    return session.scalars(select(DataRequest).where(whose).order_by(DataRequest.id.desc())).all()


def register(session: Session, campaign: str, page: int, most: int, *, is_open: bool) -> Sequence[DataRequest]:
    """A page of the register: those that wait, the next due first; or those answered, the latest first."""
    statement = _of(campaign, is_open=is_open).offset(page * most).limit(most)
    order = (DataRequest.due_at, DataRequest.id) if is_open else (DataRequest.answered_at.desc(), DataRequest.id.desc())
    return session.scalars(statement.order_by(*order)).all()


def number(session: Session, campaign: str, *, is_open: bool) -> int:
    """How many these are."""
    found = _of(campaign, is_open=is_open).subquery()
    return session.scalars(select(func.count()).select_from(found)).one()


def open_ones(session: Session, campaign: str) -> Sequence[DataRequest]:
    """All that wait, the next due first."""
    return session.scalars(_of(campaign, is_open=True).order_by(DataRequest.due_at, DataRequest.id)).all()


def all_since(session: Session, campaign: str, since: datetime) -> Sequence[DataRequest]:
    """What was asked since then, or still waits, oldest first."""
    statement = select(DataRequest).where(DataRequest.campaign == campaign)
    wanted = or_(DataRequest.asked_at >= since, DataRequest.answered_at.is_(None))
    return session.scalars(statement.where(wanted).order_by(DataRequest.id)).all()


def locked(session: Session, number_: int) -> DataRequest | None:
    """The request as it is now; nobody else answers it in the meantime."""
    return session.get(DataRequest, number_, with_for_update=True, populate_existing=True)


def forget_words(session: Session, person_id: int) -> None:
    """Of somebody who is erased the register keeps what he asked for and when; not his words, nor who he is."""
    for row in session.scalars(select(DataRequest).where(DataRequest.person_id == person_id)):
        row.words, row.answer, row.membership_id, row.person_id = "", None, None, None
    session.flush()


def officers(session: Session, campaign: str) -> list[Membership]:
    """Who answers for the campaign: its coordinators at the root; if there are none, those nearest to it."""
    statement = select(Membership).join(Membership.unit).where(Unit.campaign == campaign)
    active = (Membership.state == MembershipState.ACTIVE, Membership.role == Role.COORDINATOR)
    found = session.scalars(statement.where(*active).order_by(Membership.id)).all()
    depths = {each.id: len(path(each.unit)) for each in found}
    return [each for each in found if depths[each.id] == min(depths.values())]


def _of(campaign: str, *, is_open: bool) -> Select[DataRequest]:
    answered: ColumnElement[bool] = DataRequest.answered_at.is_(None)
    return select(DataRequest).where(DataRequest.campaign == campaign, answered if is_open else ~answered)
