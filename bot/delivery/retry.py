"""What an outcome of a send means for its row. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.base import (
    InDoubt,
    Moved,
    NoConnection,
    OurFault,
    Rejected,
    SendError,
    Throttled,
    TryLater,
    Unreachable,
)
from bot.messages import Priority
from bot.storage.models import OutboxState

MAX_ATTEMPTS = 12
LONGEST_WAIT = timedelta(minutes=10)
LOOK_AGAIN_AFTER = timedelta(seconds=15)
"""Whether there is a way to the messenger again: as soon as there is, whoever waits for an answer shall have it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The row's next state; `not_before` only if it waits. `unreachable` marks the account, `moved_to` the chat.

    `counts` is False for a try that does not wear the message out.
    """

    state: OutboxState
    not_before: datetime | None = None
    error: str | None = None
    unreachable: bool = False
    moved_to: str | None = None
    counts: bool = True


def decide(error: SendError | None, attempts: int, priority: str, now: datetime) -> Decision:
    """The decision after the `attempts`-th try. Waiting grows 1, 2, 4 … s up to ten minutes."""
    match error:
        case None:
            return Decision(OutboxState.SENT)
        case Unreachable():
            return Decision(OutboxState.FAILED, error=error.reason, unreachable=True)
        case OurFault():
            return Decision(OutboxState.FAILED, error=error.reason)
        case Moved():
            return Decision(OutboxState.WAITING, now, error.reason, moved_to=error.chat)
        case Throttled():
            # Not the message's fault.
            return Decision(OutboxState.WAITING, now + timedelta(seconds=error.seconds), error.reason, counts=False)
        case NoConnection():
            return Decision(OutboxState.WAITING, now + LOOK_AGAIN_AFTER, error.reason, counts=False)
        case Rejected():
            return Decision(OutboxState.WAITING, now + LONGEST_WAIT, error.reason, counts=False)
        case InDoubt() if priority == Priority.BROADCAST:
            return Decision(OutboxState.IN_DOUBT, error=error.reason)
        case InDoubt() | TryLater() if attempts < MAX_ATTEMPTS:
            wait = min(timedelta(seconds=2 ** (attempts - 1)), LONGEST_WAIT)
            return Decision(OutboxState.WAITING, now + wait, error.reason)
        case _:
            return Decision(OutboxState.FAILED, error=error.reason)
