"""How much one person may say: a bucket of tokens that fills up with time, one for each thing said.

It is generous enough for honest batches: forty posts forwarded at once are handled, and so are twenty more. Whoever
goes on is told once, kindly, and then passed over in silence until he has been quiet for a while.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

MOST_AT_ONCE = 60.0
"""Things said in one go; the bucket holds so many tokens."""
A_SECOND = 1.0
"""Tokens that come back a second."""
HEARD_AGAIN = 10.0
"""Tokens that there must be again after somebody was told: at the rim of the bucket he would be told for ever."""


class Verdict(Enum):
    """What becomes of a thing that was said."""

    HANDLE = "handle"
    TELL_ONCE = "tell_once"  # leave it, and tell the person that it was left and what to do
    IGNORE = "ignore"  # leave it: he was told


@dataclass(frozen=True, slots=True)
class Flood:
    """How many tokens a person had at `at`, and whether he was told that he says too much."""

    tokens: float
    at: datetime
    told: bool = False


def decide(state: Flood | None, now: datetime) -> tuple[Flood, Verdict]:
    """The state after one more thing was said at `now`, and what becomes of that; None is somebody not heard of lately.

    A clock that goes back costs nobody anything and gives nothing. Whatever came back since is there again.
    """
    before = refilled(state, now)
    if before.tokens >= (HEARD_AGAIN if before.told else 1.0):
        return Flood(before.tokens - 1.0, before.at), Verdict.HANDLE
    return Flood(before.tokens, before.at, told=True), Verdict.IGNORE if before.told else Verdict.TELL_ONCE


def refilled(state: Flood | None, now: datetime) -> Flood:
    """The same with the tokens that came back by `now`."""
    if state is None:
        return Flood(MOST_AT_ONCE, now)
    seconds = max(0.0, (now - state.at).total_seconds())
    return Flood(min(MOST_AT_ONCE, state.tokens + seconds * A_SECOND), max(now, state.at), state.told)


def forgettable(state: Flood, now: datetime) -> bool:
    """Whether the state says no more than None does, so that it need not be kept."""
    return refilled(state, now).tokens >= MOST_AT_ONCE
