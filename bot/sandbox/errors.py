"""What can go wrong: answers to the bot (`ApiError`) and things people cannot do (`SandboxError`)."""

from typing import Any


class ApiError(Exception):
    """A refusal that the bot gets as the Bot API words it: status code, description, `parameters`."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters


class SandboxError(ValueError):
    """What a person tried is not possible in the world as it is; the text says why."""


def bad_request(reason: str) -> ApiError:
    """A 400 as Telegram words it."""
    return ApiError(400, f"Bad Request: {reason}")


def too_many_requests(retry_after: int) -> ApiError:
    """A 429 that says in how many seconds to come back."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})
