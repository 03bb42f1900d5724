"""Zalo's updates turned into our values. Pure.

There is no number of an update: its event and the number of its message stand for it. A webhook brings it bare or
wrapped in `{"ok": …, "result": …}`, and getUpdates as the result.
"""

import hashlib
import json
import re
from collections.abc import Collection
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.messages import Address, Attachment, Incoming, RawUpdate

NAME = "zalo"
GROUP = "zgr-"
LONGEST_ID = 200
# No database keeps these: a zero byte, and half of a letter that is written as two.
UNKEEPABLE = re.compile("[\0\ud800-\udfff]")

ATTACHMENTS = {
    "message.text.received": None,
    "message.image.received": Attachment.PHOTO,
    "message.sticker.received": Attachment.OTHER,
    "message.voice.received": Attachment.OTHER,
    # A file, a contact card, the preview of a link: Zalo does not say which.
    "message.unsupported.received": Attachment.HIDDEN,
}


def _keepable(said: object) -> object:
    return UNKEEPABLE.sub("\N{REPLACEMENT CHARACTER}", said) if isinstance(said, str) else said


Words = Annotated[str, BeforeValidator(_keepable)]
Id = Annotated[str, Field(min_length=1, max_length=LONGEST_ID)]


class Part(BaseModel):
    """What we read of an update is what it must be; what we do not know is left out."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class Sender(Part):
    """Who wrote."""

    id: Id
    is_bot: bool = False


class Chat(Part):
    """Where."""

    id: Id
    chat_type: str = ""


class Message(Part):
    """What; the documentation calls the picture's address `photo`, real updates `photo_url`."""

    sender: Sender = Field(alias="from")
    chat: Chat
    message_id: str
    text: Words = ""
    caption: Words = ""
    photo: str = ""
    photo_url: str = ""


class Update(Part):
    """One thing that happened."""

    event_name: str
    message: Message


def unwrapped(data: object) -> dict[str, Any]:
    """The update in what a webhook was sent; ValueError if there is none, an empty dict for an empty probe."""
    if not isinstance(data, dict):
        raise ValueError("not an update")
    inner = data.get("result")
    update: dict[str, Any] = inner if "event_name" not in data and isinstance(inner, dict) else data
    if update and not isinstance(update.get("event_name"), str):
        raise ValueError("not an update")
    return update


def keep(update: dict[str, Any]) -> RawUpdate:
    """The update as it will lie in the inbox: as it came, so that nothing about it can keep it out."""
    payload = json.dumps(update, ensure_ascii=False)
    if UNKEEPABLE.search(payload):
        payload = json.dumps(update)
    message = _inside(update, "message")
    sender = _inside(message, "from")
    event, number = _id(update.get("event_name")), _id(message.get("message_id"))
    known_as = f"{event} {number}" if event and number else hashlib.sha256(payload.encode()).hexdigest()
    return RawUpdate(NAME, known_as, _id(_inside(message, "chat").get("id")), payload, _id(sender.get("id")))


def _inside(outer: dict[str, Any], name: str) -> dict[str, Any]:
    inner = outer.get(name)
    return inner if isinstance(inner, dict) else {}


def _id(found: object) -> str:
    """An id that can be kept and looked up; empty for anything else."""
    is_one = isinstance(found, str) and len(found) <= LONGEST_ID and not UNKEEPABLE.search(found)
    return str(found) if is_one else ""


def read(raw: RawUpdate, names: Collection[str]) -> Incoming | None:
    """What the update means; None for an event that nobody knows. `names` are the bot's own, as a group says them."""
    data = json.loads(raw.payload)
    if _id(data.get("event_name")) not in ATTACHMENTS:
        return None
    update = Update.model_validate(data)
    message = update.message
    if message.sender.is_bot:
        return None
    private = not (message.chat.id.startswith(GROUP) or message.chat.chat_type == "GROUP")
    text = (message.text or message.caption).strip()
    return Incoming(
        Address(NAME, message.chat.id),
        private,
        message.sender.id,
        text=text if private else _spoken_to(text, names),
        message=message.message_id,
        attachment=ATTACHMENTS[update.event_name],
        picture=_picture(message),
    )


def _picture(message: Message) -> str | None:
    """The address of the picture, by which it can be fetched or sent on while it lasts."""
    address = message.photo_url or message.photo
    return address if address.startswith(("https://", "http://")) else None


def _spoken_to(text: str, names: Collection[str]) -> str:
    """What is said in a group without the bot's name before it, by which the bot gets to hear it at all."""
    for name in sorted(names, key=len, reverse=True):
        if text.casefold().startswith(f"@{name}".casefold()):
            return text[len(name) + 1 :].strip()
    return text
