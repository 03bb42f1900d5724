"""A circuit breaker: a host that fails again and again is left alone for a growing time. Pure; times are seconds.

Closed, all may pass. After `FAILURES` failures in a row it opens; when its time is over, one request may try (`begin`
holds the others back meanwhile), and one more failure opens it for twice as long.
"""

from dataclasses import dataclass, replace

FAILURES = 5
SHORTEST = 60.0
LONGEST = 3_600.0
# How long a try may take before the next may start, should its outcome never be told.
TRY = 30.0


@dataclass(frozen=True, slots=True)
class Circuit:
    """The state for one host: failures in a row, and the time until which it is left alone."""

    failures: int = 0
    until: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until a request may pass; 0 if it may now."""
        return max(0.0, self.until - now)

    def begin(self, now: float) -> "Circuit":
        """A request passes. After an open time it is the only one until its outcome is known."""
        return replace(self, until=now + TRY) if self.failures >= FAILURES else self

    def failed(self, now: float, silence: float = 0.0) -> "Circuit":
        """A request failed; `silence` is how long the host itself wants to be left alone."""
        failures = self.failures + 1
        doublings = failures - FAILURES
        pause = min(SHORTEST * 2.0 ** min(doublings, 16), LONGEST) if doublings >= 0 else 0.0
        return Circuit(failures, now + max(pause, silence))

    def succeeded(self) -> "Circuit":
        """A request was answered."""
        return Circuit()
