"""Units, people and what ties them together."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, true
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from bot.domain.folding import fold
from bot.storage.models.base import Table


def _folded_name(context: DefaultExecutionContext) -> str:
    # Rows that are inserted many at once never were objects, whose names are folded as they are set.
    values = context.get_current_parameters()  # type: ignore[no-untyped-call]  # SQLAlchemy left it without types
    return fold(values.get("name") or values.get("full_name") or "")


class Unit(Table):
    """A node of a campaign's tree. `folded` is its name without diacritics, for searching; it follows the name.

    `led` says that somebody who decides there could be reached when this was last looked at.
    """

    __tablename__ = "units"
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign: Mapped[str]
    code: Mapped[str]
    type: Mapped[str]
    name: Mapped[str]
    folded: Mapped[str] = mapped_column(default=_folded_name)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    led: Mapped[bool] = mapped_column(default=False, server_default=false())
    parent: Mapped["Unit | None"] = relationship(remote_side="Unit.id")
    __table_args__ = (UniqueConstraint("campaign", "code"),)

    @validates("name")
    def _fold(self, _: str, name: str) -> str:
        self.folded = fold(name)
        return name


class UnitSuccessor(Table):
    """A unit that a closed unit went into; the `main` one is proposed first. A unit may split into several."""

    __tablename__ = "unit_successors"
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="CASCADE"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="CASCADE"), primary_key=True, index=True)
    main: Mapped[bool]


class UnitChange(Table):
    """What a unit is called (`name`), or stands under (`parent_id`), from a day to come on: one of both is set.

    It was decided by who looks after all below `within_id`, and holds for nothing that stands elsewhere by then. The
    row goes once it is done or taken back, or cannot be done; the audit log keeps it.
    """

    __tablename__ = "unit_changes"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    day: Mapped[date]
    name: Mapped[str | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    within_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("memberships.id"))
    set_at: Mapped[datetime]
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    parent: Mapped[Unit | None] = relationship(foreign_keys=[parent_id])
    by: Mapped["Membership"] = relationship()


class Person(Table):
    """A human who gave consent. All else about him hangs on this row and goes with it.

    `campaign` is the one in which he acts, if he takes part in several. `wrong_codes` are those that he tried on the
    day `wrong_code_on`, to claim a row of a roster. Without `wants_broadcasts` he gets only those that are a duty.
    """

    __tablename__ = "persons"
    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(default="vi")
    campaign: Mapped[str | None]
    created_at: Mapped[datetime]
    wrong_codes: Mapped[int] = mapped_column(default=0, server_default="0")
    wrong_code_on: Mapped[date | None]
    wants_broadcasts: Mapped[bool] = mapped_column(default=True, server_default=true())


class Account(Table):
    """A person's address on one channel: the private chat, whose id is also his user id there.

    `used_at` is when he last said something there, to the minute: where there are several, that one is spoken to.
    """

    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str]
    chat: Mapped[str]
    reachable: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship()
    __table_args__ = (UniqueConstraint("channel", "chat"),)


class Operator(Table):
    """An account that may look after the installation: its health, its coordinators; nobody's data.

    One `by_code` came with the code that was printed at the start, the others stand in the settings.
    """

    __tablename__ = "operators"
    channel: Mapped[str] = mapped_column(primary_key=True)
    chat: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    by_code: Mapped[bool] = mapped_column(default=False)


class LinkCode(Table):
    """A one-time code by which a person adds another account of his; `code` is a keyed hash of what he was shown."""

    __tablename__ = "link_codes"
    code: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]


class Consent(Table):
    """An answer to the consent text: which version, when, yes or no.

    `subject` is a keyed hash of the account, so that the proof of a yes outlives an erasure and a no can be recorded
    without keeping who said it (law 91/2025/QH15: provable consent, least data).
    """

    __tablename__ = "consents"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(index=True)
    version: Mapped[str]
    language: Mapped[str]
    answer: Mapped[bool]
    answered_at: Mapped[datetime]


class Role(StrEnum):
    """What a membership allows, on its unit and all below it."""

    MEMBER = "member"
    DEPUTY = "deputy"  # stands in for the unit's admin until `role_until`
    UNIT_ADMIN = "unit_admin"
    COORDINATOR = "coordinator"


class MembershipState(StrEnum):
    """Where a membership stands."""

    LISTED = "listed"  # in the roster, and nobody has claimed the row yet
    PENDING = "pending"
    ACTIVE = "active"
    LEFT = "left"
    REFUSED = "refused"
    ERASED = "erased"  # the person's data is gone; the row keeps the unit's counts together


class Membership(Table):
    """A person in a unit.

    `claim_code` is what a listed person claims his row with; `phone` is for telling him what the bot could not;
    `batch_id` is the import that brought the row. `folded` is the name without diacritics, for searching; it follows
    the name and goes with it.
    """

    __tablename__ = "memberships"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    full_name: Mapped[str | None]
    folded: Mapped[str] = mapped_column(default=_folded_name, server_default="")
    kind: Mapped[str]
    rank: Mapped[str | None]
    position: Mapped[str | None]
    facebook_name: Mapped[str | None]
    role: Mapped[str] = mapped_column(default=Role.MEMBER)
    state: Mapped[str] = mapped_column(default=MembershipState.PENDING)
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    role_until: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    left_reason: Mapped[str | None]
    phone: Mapped[str | None]
    claim_code: Mapped[str | None] = mapped_column(unique=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batches.id"), index=True)
    named: Mapped[bool] = mapped_column(default=True, server_default=true())  # may be praised by name in summaries
    unit: Mapped[Unit] = relationship()
    person: Mapped[Person | None] = relationship()
    __table_args__ = (Index("ix_memberships_unit_folded", "unit_id", "folded"),)

    @validates("full_name")
    def _fold(self, _: str, name: str | None) -> str | None:
        self.folded = fold(name or "")
        return name


class Invitation(Table):
    """A join link's code: whoever opens it registers straight into the unit, with this role.

    One that gives a role works once. `deputy_until` is when a deputy's role ends. With `hands_over` who made it gives
    the role up to who takes it. One that is withdrawn expires at that moment.
    """

    __tablename__ = "invitations"
    code: Mapped[str] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("memberships.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    role: Mapped[str] = mapped_column(default=Role.MEMBER, server_default=Role.MEMBER)
    deputy_until: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    hands_over: Mapped[bool] = mapped_column(default=False, server_default=false())
    unit: Mapped[Unit] = relationship()
