"""What the API refuses, and the answers without a result."""

from typing import Final

NOTHING: Final = object()
"""The `result` of an answer that has none."""


class Refused(Exception):
    """An answer with `"ok": false`. `status` is that of HTTP, which is 200 for most; `key` is the field of the code."""

    def __init__(self, code: int, description: str, *, status: int = 200, key: str = "error_code") -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.status = status
        self.key = key


def bad_request(reason: str) -> Refused:
    """A 400 as Zalo words it."""
    return Refused(400, f"Bad request: {reason}")
