"""The sandbox's clock: real time plus an offset that only grows."""

from datetime import UTC, datetime, timedelta


class SandboxClock:
    """A clock that can be set forward, never back: what was sent stays in the past."""

    def __init__(self) -> None:
        self._offset = timedelta()

    def now(self) -> datetime:
        """The sandbox's time, aware, in UTC."""
        return datetime.now(UTC) + self._offset

    def advance(self, by: timedelta) -> None:
        """Set the clock forward by a positive span; ValueError for a negative one."""
        if by < timedelta():
            raise ValueError("the sandbox clock cannot be set back")
        self._offset += by

    def set_forward(self, to: datetime) -> None:
        """Set the clock to a later moment (aware); ValueError for an earlier one."""
        self.advance(to - self.now())
