"""What is said at a moment, after however long a silence: the latest step once, if it still helps."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.deadlines.reminders import Quiet, Step, may_speak
from bot.domain.deadlines.working_days import WorkingDays

# A reminder that comes so much after its moment says that it is late.
LATE = timedelta(minutes=30)


@dataclass(frozen=True)
class Decision:
    """The step to say now, if any, whether it says that it is late, and the steps that are never said any more."""

    say: Step | None = None
    late: bool = False
    dropped: tuple[Step, ...] = ()


def due_steps(
    steps: Sequence[Step],
    now: datetime,
    done: Collection[str],
    due_at: datetime,
    calendar: WorkingDays,
    quiet: Quiet,
) -> Decision:
    """Of the `steps` of `reminders`, what is due at `now`; `done` are the names of those said or dropped before.

    Only the latest step that was reached can be said; before the due hour any of that time helps, from then on only one
    for those who are late. In quiet hours and on days off the decision waits: nothing is said, nothing dropped. With
    what was said and dropped put into `done`, the same moment gives nothing more.
    """
    if not may_speak(now, due_at, calendar, quiet):
        return Decision()
    reached = [step for step in steps if step.at <= now]
    waiting = [step for step in reached if step.name not in done]
    if not waiting:
        return Decision()
    latest = reached[-1]
    if latest.name in done or (latest.is_before and now >= due_at):
        return Decision(dropped=tuple(waiting))
    return Decision(latest, now - latest.at > LATE, tuple(step for step in waiting if step != latest))
