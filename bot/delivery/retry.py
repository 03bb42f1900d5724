"""What an outcome of a send means for its row. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.base import (
    InDoubt,
    Moved,
    NoConnection,
    Rejected,
    SendError,
    Throttled,
    TryLater,
    Unreachable,
)
from bot.messages import Priority
from bot.storage.models import OutboxState

MAX_ATTEMPTS = 12
QUICK_ATTEMPTS = 5
"""These, in a quarter of a minute, always count: what has not passed by then may be a fault that all messages meet."""
LONGEST_WAIT = timedelta(minutes=10)
LONGEST_OUTAGE = timedelta(days=1)
"""What is older is given up in the end, though no other message tells whose fault it is."""
A_TRY_TAKES = timedelta(seconds=5)
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


def decide(
    error: SendError | None,
    attempts: int,
    priority: str,
    now: datetime,
    last_sent: datetime | None = None,
    put_at: datetime | None = None,
) -> Decision:
    """The decision after the `attempts`-th try. Waiting grows 1, 2, 4 … s up to ten minutes.

    `last_sent` is when a message last went through on this channel, as far as the process knows; `put_at` when this one
    was put.
    """
    match error:
        case None:
            return Decision(OutboxState.SENT)
        case Unreachable():
            return Decision(OutboxState.FAILED, error=error.reason, unreachable=True)
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
        case InDoubt() | TryLater():
            is_old = put_at is not None and now - put_at > LONGEST_OUTAGE
            return _tried_in_vain(error, attempts, now, last_sent, is_old=is_old)
        case _:
            return Decision(OutboxState.FAILED, error=error.reason)


def _tried_in_vain(
    error: InDoubt | TryLater, attempts: int, now: datetime, last_sent: datetime | None, *, is_old: bool
) -> Decision:
    # What is in doubt may arrive each time, so those tries must come to an end.
    always = isinstance(error, InDoubt) or is_old
    counts = always or attempts <= QUICK_ATTEMPTS or _others_get_through(attempts, now, last_sent)
    if counts and attempts >= MAX_ATTEMPTS:
        return Decision(OutboxState.FAILED, error=error.reason)
    wait = _wait_after(attempts if counts else attempts - 1)
    return Decision(OutboxState.WAITING, now + wait, error.reason, counts=counts)


def _others_get_through(attempts: int, now: datetime, last_sent: datetime | None) -> bool:
    """Whether one did since this message's last try; a clock that was set back says nothing."""
    return last_sent is not None and timedelta() <= now - last_sent <= _wait_after(attempts - 1) + A_TRY_TAKES


def _wait_after(attempts: int) -> timedelta:
    """How long a message waits when so many of its tries have counted."""
    return min(timedelta(seconds=2 ** (attempts - 1)), LONGEST_WAIT)
