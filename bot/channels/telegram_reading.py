"""Telegram's updates turned into our values. Pure."""

import json
import re
from typing import Any

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Message, MessageEntity, Update
from telegram.constants import ChatType

from bot.channels.telegram_html import to_html
from bot.messages import Address, Attachment, Document, Happening, Incoming, Press, RawUpdate

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
    """What the update means; None for what the bot does not deal with, such as a pinned message."""
    update = Update.de_json(json.loads(raw.payload), None)
    if update.callback_query:
        return _press(update.callback_query)
    if update.my_chat_member:
        return _standing(update.my_chat_member)
    message = update.message or update.edited_message
    return _message(message, edited=update.edited_message is not None) if message else None


def _message(message: Message, *, edited: bool) -> Incoming | None:
    address, private = Address(NAME, str(message.chat.id)), message.chat.type == ChatType.PRIVATE
    sender = str(message.from_user.id) if message.from_user else ""
    if message.migrate_to_chat_id:
        moved = str(message.migrate_to_chat_id)
        return Incoming(address, private, sender, happening=Happening.GROUP_MOVED, moved_to=moved)
    text, attachment = _text(message), _attachment(message)
    if not text and attachment is None:
        return None
    return Incoming(
        address,
        private,
        sender,
        text=text,
        message=str(message.message_id),
        forwarded=message.forward_origin is not None,
        edited=edited,
        attachment=attachment,
        picture=_picture(message),
        document=_document(message),
        html=to_html(message),
        replies_to=str(message.reply_to_message.message_id) if message.reply_to_message else None,
    )


def _text(message: Message) -> str:
    """Text or caption; an address hidden behind a word is put on a line of its own, so that it is seen."""
    text = message.text or message.caption or ""
    entities = message.entities or message.caption_entities or ()
    hidden = [each.url for each in entities if each.type == MessageEntity.TEXT_LINK and each.url]
    return "\n".join([text, *(url for url in hidden if url not in text)]).strip()


def _attachment(message: Message) -> Attachment | None:
    if message.photo:
        return Attachment.PHOTO
    if message.document:
        return Attachment.DOCUMENT
    # Stickers, voice, places, contacts: not understood, yet never met with silence.
    return Attachment.OTHER if message.effective_attachment else None


def _picture(message: Message) -> str | None:
    """The reference of the largest size, by which the bot may send the picture on; one sent as a file has none."""
    return message.photo[-1].file_id if message.photo else None


def _document(message: Message) -> Document | None:
    file = message.document
    return Document(file.file_id, file.file_name or "", file.file_size or 0) if file else None


def _press(query: CallbackQuery) -> Incoming:
    user = str(query.from_user.id)
    chat = query.message.chat if query.message else None
    address = Address(NAME, str(chat.id) if chat else user)
    private = chat is None or chat.type == ChatType.PRIVATE
    message = str(query.message.message_id) if query.message else None
    return Incoming(address, private, user, message=message, press=Press(query.id, query.data or "", message))


def _standing(change: ChatMemberUpdated) -> Incoming:
    present = change.new_chat_member.status not in (ChatMember.LEFT, ChatMember.BANNED)
    private = change.chat.type == ChatType.PRIVATE
    if private:
        happening = Happening.UNBLOCKED if present else Happening.BLOCKED
    else:
        happening = Happening.JOINED_GROUP if present else Happening.LEFT_GROUP
    address = Address(NAME, str(change.chat.id))
    return Incoming(address, private, str(change.from_user.id), happening=happening, title=change.chat.title or "")
