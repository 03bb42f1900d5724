"""Faults on request: the next calls of the bot fail in a chosen way."""

from dataclasses import dataclass
from enum import StrEnum

from bot.sandbox.errors import ApiError, too_many_requests

PAGE = "<html>Service is having a bad day</html>"


class FaultKind(StrEnum):
    """How a call fails; `DROP_AFTER` does what was asked and never says so, `SILENT` does nothing and says nothing."""

    TOO_MANY_REQUESTS = "too_many_requests"
    FORBIDDEN = "forbidden"
    SERVER_ERROR = "server_error"
    GARBAGE = "garbage"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    DELAY = "delay"
    SILENT = "silent"


@dataclass
class Fault:
    """A fault for the next `times` calls, of one method or chat where named.

    `retry_after` belongs to too_many_requests, `status` to server_error (500, 502 …), `seconds` to delay and silent,
    `body` is the answer of Telegram's garbage.
    """

    kind: FaultKind
    times: int = 1
    method: str | None = None
    chat_id: int | None = None
    retry_after: int = 1
    status: int = 500
    seconds: float = 0.0
    body: str = PAGE

    def fits(self, method: str, chat_id: int | None) -> bool:
        named = self.method is None or self.method.lower() == method.lower()
        return named and self.chat_id in (None, chat_id)


class Faults:
    """The faults still to come, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._pending: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._pending.append(fault)

    def clear(self) -> None:
        self._pending.clear()

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault that this call meets, counted down."""
        fault = next((f for f in self._pending if f.fits(method, chat_id)), None)
        if fault is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._pending.remove(fault)
        return fault


def refusal(fault: Fault) -> ApiError | None:
    """The answer that a fault stands for, None where it is no answer of the API."""
    match fault.kind:
        case FaultKind.TOO_MANY_REQUESTS:
            return too_many_requests(fault.retry_after)
        case FaultKind.FORBIDDEN:
            return ApiError(403, "Forbidden: bot was blocked by the user")
        case FaultKind.SERVER_ERROR:
            return ApiError(fault.status, "Bad Gateway" if fault.status == 502 else "Internal Server Error")
        case _:
            return None
