"""Telegram's updates turned into our values. Pure."""

import json
import re
from collections.abc import Sequence
from typing import Any

from telegram import ChatMember, MessageEntity
from telegram.constants import ChatType, MessageAttachmentType

from bot.channels.telegram_html import to_html
from bot.messages import Address, Attachment, Document, Happening, Incoming, Press, RawUpdate

Fields = dict[str, Any]

NAME = "telegram"
# No database keeps these, though JSON can carry them: a zero byte, and half of a letter that is written as two.
UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


def keep(update: dict[str, Any]) -> RawUpdate:
    """The update as it will lie in the inbox: as it came, but for what would keep it out."""
    payload = json.dumps(update, ensure_ascii=False)
    if "\\u0000" in payload or UNKEEPABLE.search(payload):
        payload = json.dumps(_keepable(update), ensure_ascii=False)
    return RawUpdate(NAME, str(update["update_id"]), _chat(update), payload, _sender(update))


def _keepable(found: Any) -> Any:
    """The same with a replacement character for whatever cannot be kept."""
    if isinstance(found, str):
        return UNKEEPABLE.sub("\N{REPLACEMENT CHARACTER}", found)
    if isinstance(found, list):
        return [_keepable(each) for each in found]
    return {key: _keepable(value) for key, value in found.items()} if isinstance(found, dict) else found


def _chat(update: dict[str, Any]) -> str:
    """The chat whose order the update belongs to; empty for what belongs to none."""
    for content in update.values():
        if isinstance(content, dict):
            chat = content.get("chat") or (content.get("message") or {}).get("chat")
            return str(chat["id"]) if isinstance(chat, dict) and "id" in chat else ""
    return ""


def _sender(update: dict[str, Any]) -> str:
    """Who did it; empty for what nobody did."""
    people = (content.get("from") for content in update.values() if isinstance(content, dict))
    return next((str(each["id"]) for each in people if isinstance(each, dict) and "id" in each), "")


def read(raw: RawUpdate) -> Incoming | None:
    """What the update means; None for what the bot does not deal with, such as a pinned message.

    Not through the library's objects: of the hundred fields that they would be made of, a dozen are asked for.
    """
    update = json.loads(raw.payload)
    if query := update.get("callback_query"):
        return _press(query)
    if change := update.get("my_chat_member"):
        return _standing(change)
    edited = update.get("edited_message")
    message = update.get("message") or edited
    return _message(message, edited=message is edited) if message else None


def _message(message: Fields, *, edited: bool) -> Incoming | None:
    address, private = Address(NAME, str(message["chat"]["id"])), message["chat"]["type"] == ChatType.PRIVATE
    sender = str(message["from"]["id"]) if message.get("from") else ""
    if message.get("migrate_to_chat_id"):
        moved = str(message["migrate_to_chat_id"])
        return Incoming(address, private, sender, happening=Happening.GROUP_MOVED, moved_to=moved)
    said = message.get("text") or message.get("caption") or ""
    marks = MessageEntity.de_list(message.get("entities") or message.get("caption_entities") or [], None)
    text, attachment = _with_hidden(said, marks), _attachment(message)
    if not text and attachment is None:
        return None
    replied = message.get("reply_to_message")
    return Incoming(
        address,
        private,
        sender,
        text=text,
        message=str(message["message_id"]),
        forwarded="forward_origin" in message,
        edited=edited,
        attachment=attachment,
        picture=_picture(message),
        document=_document(message),
        html=to_html(said, marks),
        replies_to=str(replied["message_id"]) if replied else None,
    )


def _with_hidden(text: str, marks: Sequence[MessageEntity]) -> str:
    """The text; an address hidden behind a word is put on a line of its own, so that it is seen."""
    hidden = [each.url for each in marks if each.type == MessageEntity.TEXT_LINK and each.url]
    return "\n".join([text, *(url for url in hidden if url not in text)]).strip()


def _attachment(message: Fields) -> Attachment | None:
    if message.get("photo"):
        return Attachment.PHOTO
    if message.get("document"):
        return Attachment.DOCUMENT
    # Stickers, voice, places, contacts: not understood, yet never met with silence.
    return Attachment.OTHER if any(message.get(kind) for kind in MessageAttachmentType) else None


def _picture(message: Fields) -> str | None:
    """The reference of the largest size, by which the bot may send the picture on; one sent as a file has none."""
    return message["photo"][-1]["file_id"] if message.get("photo") else None


def _document(message: Fields) -> Document | None:
    file = message.get("document")
    return Document(file["file_id"], file.get("file_name") or "", file.get("file_size") or 0) if file else None


def _press(query: Fields) -> Incoming:
    user, message = str(query["from"]["id"]), query.get("message")
    address = Address(NAME, str(message["chat"]["id"]) if message else user)
    private = message is None or message["chat"]["type"] == ChatType.PRIVATE
    number = str(message["message_id"]) if message else None
    press = Press(query["id"], query.get("data") or "", number)
    return Incoming(address, private, user, message=number, press=press)


def _standing(change: Fields) -> Incoming:
    present = change["new_chat_member"]["status"] not in (ChatMember.LEFT, ChatMember.BANNED)
    chat = change["chat"]
    private = chat["type"] == ChatType.PRIVATE
    if private:
        happening = Happening.UNBLOCKED if present else Happening.BLOCKED
    else:
        happening = Happening.JOINED_GROUP if present else Happening.LEFT_GROUP
    user = str(change["from"]["id"])
    return Incoming(Address(NAME, str(chat["id"])), private, user, happening=happening, title=chat.get("title") or "")
