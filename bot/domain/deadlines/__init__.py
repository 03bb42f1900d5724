"""When reports are due, which figures they cover and when people are reminded. Pure: no clock, no I/O.

Days are `date`; moments are aware `datetime`s, made in the zone that is given, so that every other moment compares with
them. Whatever is asked for, the answer for one period is the same in every range.
"""

from bot.domain.deadlines.catching_up import Decision, due_steps
from bot.domain.deadlines.occurrences import BEGINNING, Occurrence, occurrences
from bot.domain.deadlines.reminders import Quiet, Step, may_speak, reminders
from bot.domain.deadlines.rule import STEPS, DutyRule, OnDayOff, PeriodKind
from bot.domain.deadlines.working_days import WorkingDays

__all__ = [
    "BEGINNING",
    "STEPS",
    "Decision",
    "DutyRule",
    "Occurrence",
    "OnDayOff",
    "PeriodKind",
    "Quiet",
    "Step",
    "WorkingDays",
    "due_steps",
    "may_speak",
    "occurrences",
    "reminders",
]
