"""What a profile says of deadlines: reports that come round, and tasks of a plan that are done once."""

from datetime import date, time
from typing import Self

from pydantic import Field, model_validator

from bot.campaigns.values import UNIT_TYPES, Code, Hour, Rrule, StepName, Text, UnitTypeCode, Value
from bot.domain.deadlines.rule import STEPS, DutyRule, OnDayOff, PeriodKind

# A task is no routine: whoever does it hears of it a week before.
TASK_STEPS = ("before_7d", *STEPS)


class Duty(Value):
    """A kind of report: due at `due`, local time, on each day of `rrules` (RFC 5545) and on each of `dates`.

    `vi` names the report, `wording` is the deadline as the document words it, `source` is the document. What the other
    fields mean stands at `DutyRule`. It is owed by the units of the types `owed_by`, and by `owners`: classes of peers
    or codes of single units. A `task` asks for no figures: its owners say that it is done.
    """

    code: Code
    period: PeriodKind
    vi: Text
    en: Text
    wording: Text
    rrules: tuple[Rrule, ...] = ()
    dates: tuple[date, ...] = ()
    due: Hour = time(17)
    cut_off_days: int = Field(default=0, ge=0, le=366)
    opens_days: int | None = Field(default=None, ge=0, le=366)
    on_day_off: OnDayOff = "keep"
    remind_at: Hour = time(8)
    steps: tuple[StepName, ...] = STEPS
    owed_by: tuple[UnitTypeCode, ...] = ()
    owners: tuple[Text, ...] = ()
    task: bool = False
    source: Text

    @model_validator(mode="after")
    def _is_owed(self) -> Self:
        rule_of(self)
        if not self.owed_by and not self.owners:
            raise ValueError("owed_by must name at least one type of unit")
        return self


class Task(Value):
    """A task of a plan, done once by its owners: types or peer classes of units, or codes of single units.

    It is due on `date` at `due`; `wording` is the date as the document words it.
    """

    code: Code
    vi: Text
    en: Text
    owners: tuple[Text, ...] = Field(min_length=1)
    date: date
    due: Hour = time(17)
    wording: Text | None = None
    steps: tuple[StepName, ...] = TASK_STEPS
    source: Text


def duty_of(task: Task) -> Duty:
    """The task as the ledger keeps it: a duty that is due once."""
    return Duty(
        code=task.code,
        period="once",
        vi=task.vi,
        en=task.en,
        wording=task.wording or f"{task.date.day}/{task.date.month}/{task.date.year}",
        dates=(task.date,),
        due=task.due,
        opens_days=366,  # it may be done, and said to be done, as soon as it is known
        steps=task.steps,
        owed_by=tuple(owner for owner in task.owners if owner in UNIT_TYPES),
        owners=tuple(owner for owner in task.owners if owner not in UNIT_TYPES),
        task=True,
        source=task.source,
    )


def rule_of(duty: Duty) -> DutyRule:
    """What the domain reckons a duty's deadlines and reminders from."""
    return DutyRule(
        code=duty.code,
        kind=duty.period,
        rrules=duty.rrules,
        dates=duty.dates,
        due=duty.due,
        cut_off_days=duty.cut_off_days,
        opens_days=duty.opens_days,
        on_day_off=duty.on_day_off,
        remind_at=duty.remind_at,
        steps=duty.steps,
        wording=duty.wording,
    )
