"""What units owe: deadlines, one unit's one period of each, its reminders and its reports."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.storage.models.base import Table
from bot.storage.models.people import Membership, Unit

_DUE = text("state = 'due'")


class Duty(Table):
    """A kind of report that comes round. `rule` is a `bot.campaigns.Duty` as JSON: the profile's, or a coordinator's.

    Periods that are due before `starts_on` are not owed; none is from `ended_on` on.
    """

    __tablename__ = "duties"
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign: Mapped[str]
    code: Mapped[str]
    rule: Mapped[dict[str, Any]]
    from_profile: Mapped[bool]
    starts_on: Mapped[date]
    ended_on: Mapped[date | None]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    set_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("campaign", "code"),)


class DutyException(Table):
    """One period of a duty that is skipped (`moved_to` is None), or due on another day; with the reason."""

    __tablename__ = "duty_exceptions"
    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id", ondelete="CASCADE"))
    period: Mapped[str]
    moved_to: Mapped[date | None]
    reason: Mapped[str]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    set_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("duty_id", "period"),)


class DayOff(Table):
    """A day that a coordinator declared off, or worked (`off` is False); it overrules weekend and holiday."""

    __tablename__ = "days_off"
    campaign: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    off: Mapped[bool]
    note: Mapped[str]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    set_at: Mapped[datetime]


class ObligationState(StrEnum):
    """Where a unit stands with one period of a duty."""

    OPEN = "open"
    FILED = "filed"
    LATE = "late"  # filed after the due hour
    EXCUSED = "excused"  # by a coordinator, with a reason
    CLOSED = "closed"  # not owed any more: the period was skipped, or the unit closed


class Obligation(Table):
    """One unit's one period of a duty. Its figures are those of [window_start, window_end)."""

    __tablename__ = "obligations"
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id"))
    period: Mapped[str]
    window_start: Mapped[datetime]
    window_end: Mapped[datetime]
    opens_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=ObligationState.OPEN)
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    reason: Mapped[str | None]
    paper_by_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))  # who says it was filed on paper
    paper_at: Mapped[datetime | None]
    unit: Mapped[Unit] = relationship()
    duty: Mapped[Duty] = relationship()
    __table_args__ = (
        UniqueConstraint("unit_id", "duty_id", "period"),
        Index("ix_obligations_due", "campaign", "state", "due_at"),
        Index("ix_obligations_duty", "duty_id", "due_at"),
    )


class ReminderState(StrEnum):
    """What became of a step."""

    DUE = "due"  # its moment has come; it is said, or proves to be owed no more, when there is room in the outbox
    SAID = "said"
    DROPPED = "dropped"  # superseded while the bot was down


class Reminder(Table):
    """A step of an obligation that a person is to be told of, was told of, or that was dropped: never a second time.

    `said_at` is when that was written down. `key` is that of the message in the outbox; a message that goes unsent
    takes its steps with it.
    """

    __tablename__ = "reminders"
    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), index=True)
    step: Mapped[str]
    at: Mapped[datetime]
    state: Mapped[str]
    said_at: Mapped[datetime]
    late: Mapped[bool]
    key: Mapped[str | None] = mapped_column(index=True)
    __table_args__ = (
        UniqueConstraint("obligation_id", "person_id", "step"),
        Index("ix_reminders_due", "at", "id", sqlite_where=_DUE, postgresql_where=_DUE),
    )


class Snooze(Table):
    """A person wants to hear no more of an obligation until then."""

    __tablename__ = "snoozes"
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True, index=True)
    until: Mapped[datetime]


class ReportState(StrEnum):
    """Where a version of a report stands."""

    FILED = "filed"
    RETURNED = "returned"  # by the level above, for repair
    REPLACED = "replaced"  # a later version stands


class Report(Table):
    """What was filed for an obligation: a frozen version of the figures, with its author, time and hash."""

    __tablename__ = "reports"
    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(default=ReportState.FILED)
    figures: Mapped[dict[str, Any]]
    remarks: Mapped[str | None]
    hash: Mapped[str]
    filed_at: Mapped[datetime]
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("memberships.id"))
    returned_at: Mapped[datetime | None]
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    reason: Mapped[str | None]
    obligation: Mapped[Obligation] = relationship()
    filed_by: Mapped[Membership] = relationship(foreign_keys=[filed_by_id])
    __table_args__ = (UniqueConstraint("obligation_id", "version"),)
