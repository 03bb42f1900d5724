"""The sandbox's clock: real time plus an offset."""

from datetime import UTC, datetime, timedelta


class SandboxClock:
    """A clock that people can set forward, not back: what was sent stays in the past.

    `jump` is for a machine whose clock is wrong.
    """

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

    def jump(self, by: timedelta) -> None:
        """Go wrong by a span, in either direction."""
        self._offset += by

    def set_forward(self, to: datetime) -> None:
        """Set the clock to a later moment (aware); ValueError for an earlier one."""
        self.advance(to - self.now())
