"""Buttons: what a handler asks for, and the short signed data that a messenger carries for it.

The data is `1|action|arguments|signature`: at most 64 bytes (Bot API), bound to the chat it was sent to, so that it can
be neither made up nor moved to another chat. A good signature proves only that we once sent the button: what it does is
authorised again when it is pressed. Where there are several campaigns, the mark of the button's own follows the 1.
"""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bot.messages import Address, Button
from bot.texts import label

VERSION = "1"
SIGNATURE_LENGTH = 12  # 72 bits
MOST_BYTES = 64


@dataclass(frozen=True, slots=True)
class Tap:
    """A button that comes back as `action` with `args`; `label` names the text in bot/texts/<language>/buttons.toml.

    `solemn` where the act destroys or approves: without buttons it takes more than a number to do it, which is the verb
    that the label begins with, or that of another label, `verb`, and a code.
    """

    label: str
    action: str
    args: tuple[str | int, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    solemn: bool = False
    verb: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """A button that copies `text`."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Visit:
    """A button that opens `url`."""

    label: str
    url: str


Row = tuple[Tap | Copy | Visit, ...]


class Pressed(NamedTuple):
    """What a pressed button was made with."""

    action: str
    args: tuple[str, ...]
    mark: str


def wire(button: Tap | Copy | Visit, to: Address, language: str, key: bytes, mark: str = "") -> Button:
    """The button as a channel sends it to this chat."""
    if isinstance(button, Copy):
        return Button(label(button.label, language), copy=button.text)
    if isinstance(button, Visit):
        return Button(label(button.label, language), url=button.url)
    body = "|".join([VERSION + mark, button.action, *map(str, button.args)])
    data = f"{body}|{_sign(body, to, key)}"
    if len(data.encode()) > MOST_BYTES:
        raise ValueError(f"the data of button {button.action} is longer than {MOST_BYTES} bytes")
    verb = label(button.verb, language) if button.verb else ""
    return Button(label(button.label, language, **button.values), data=data, solemn=button.solemn, verb=verb)


def unwire(data: str, at: Address, key: bytes) -> Pressed | None:
    """What a button pressed in this chat was made with; None if we did not send it there."""
    body, _, signature = data.rpartition("|")
    if not hmac.compare_digest(_encode(signature), _encode(_sign(body, at, key))):
        return None
    version, action, *args = body.split("|")
    return Pressed(action, tuple(args), version[1:]) if version[:1] == VERSION else None


def _sign(body: str, chat: Address, key: bytes) -> str:
    digest = hmac.digest(key, _encode(f"{chat.channel}|{chat.chat}|{body}"), "sha256")
    return urlsafe_b64encode(digest).decode()[:SIGNATURE_LENGTH]


def _encode(text: str) -> bytes:
    # Forged data may hold half a character, which JSON can carry and UTF-8 cannot.
    return text.encode(errors="surrogatepass")
