"""The parameters of a Bot API call, however they came: query, form, JSON or multipart with attached files.

Source: Bot API, "Making requests". Values of forms are strings, and lists and objects in them are JSON.
"""

import json
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import bad_request
from bot.sandbox.model import Json


@dataclass(frozen=True)
class Upload:
    """A file inside a multipart request."""

    name: str
    content: bytes


class Params:
    """Named values with the type asked for; a wrong one is a 400 as Telegram words it."""

    def __init__(self, values: dict[str, Any], uploads: dict[str, Upload] | None = None) -> None:
        self._values = values
        self._uploads = uploads or {}

    def __contains__(self, name: str) -> bool:
        return name in self._values or name in self._uploads

    def text(self, name: str, default: str = "") -> str:
        value = self._values.get(name, default)
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int | None = None) -> int:
        try:
            return int(str(self._values.get(name, default)))
        except ValueError:
            raise bad_request(f'parameter "{name}" is required as an integer') from None

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "1")

    def json(self, name: str) -> Any:
        """The value as JSON, None when it is absent."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def upload(self, name: str) -> Upload | None:
        """A file sent under this name, or under the name that an `attach://` value points to."""
        attached = self.text(name).removeprefix("attach://") if name in self._values else name
        return self._uploads.get(attached)

    @property
    def chat_id(self) -> int | None:
        """The chat that the call is about, None when there is none or it is no number."""
        try:
            return int(self._values["chat_id"])
        except (KeyError, TypeError, ValueError):
            return None

    def logged(self) -> Json:
        """All values for the log of calls; a file is told by its name and size."""
        files = {name: f"{up.name} ({len(up.content)} bytes)" for name, up in self._uploads.items()}
        return {**self._values, **files}
