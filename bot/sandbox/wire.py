"""The world's things as the Bot API writes them (JSON objects of the Bot API reference)."""

from datetime import datetime

from bot.sandbox.model import Chat, Json, Message, Person, Status, StoredFile

_ADMIN_RIGHTS = {
    "can_be_edited": False,
    "is_anonymous": False,
    "can_manage_chat": True,
    "can_delete_messages": True,
    "can_manage_video_chats": True,
    "can_restrict_members": True,
    "can_promote_members": False,
    "can_change_info": True,
    "can_invite_users": True,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
    "can_pin_messages": True,
}


def unix(moment: datetime) -> int:
    return int(moment.timestamp())


def user(person: Person) -> Json:
    found: Json = {"id": person.id, "is_bot": person.is_bot, "first_name": person.name}
    if person.username:
        found["username"] = person.username
    if not person.is_bot:
        found["language_code"] = person.language
    return found


def chat(of: Chat) -> Json:
    found: Json = {"id": of.id, "type": of.kind.value}
    if of.person is None:
        return found | {"title": of.title}
    if of.person.username:
        found["username"] = of.person.username
    return found | {"first_name": of.person.name}


def chat_member(person: Person, status: Status) -> Json:
    found: Json = {"user": user(person), "status": status.value}
    match status:
        case Status.ADMINISTRATOR:
            return found | _ADMIN_RIGHTS
        case Status.CREATOR:
            return found | {"is_anonymous": False}
        case Status.KICKED:
            return found | {"until_date": 0}
        case _:
            return found


def message(of: Message, with_reply: bool = True) -> Json:
    """A Message object; the message it replies to is given one step deep."""
    found: Json = {"message_id": of.message_id, "date": unix(of.date), "chat": chat(of.chat)}
    found["from"] = user(of.sender)
    found |= of.service or {}
    found |= _content(of)
    if of.edited is not None:
        found["edit_date"] = unix(of.edited)
    if of.forward_origin is not None:
        found["forward_origin"] = of.forward_origin
    if of.buttons:
        found["reply_markup"] = {"inline_keyboard": of.buttons}
    if with_reply and of.reply_to is not None:
        found["reply_to_message"] = message(of.reply_to, with_reply=False)
    return found


def file(of: StoredFile) -> Json:
    return {
        "file_id": of.file_id,
        "file_unique_id": of.unique_id,
        "file_size": len(of.content),
        "file_path": of.path,
    }


def _content(of: Message) -> Json:
    attached = of.photo or of.document
    found: Json = {}
    if of.photo is not None:
        found["photo"] = [_photo_size(of.photo)]
    if of.document is not None:
        found["document"] = _document(of.document)
    if of.text:
        found["caption" if attached else "text"] = of.text
    if of.entities:
        found["caption_entities" if attached else "entities"] = of.entities
    return found


def _photo_size(of: StoredFile) -> Json:
    return {
        "file_id": of.file_id,
        "file_unique_id": of.unique_id,
        "width": of.width,
        "height": of.height,
        "file_size": len(of.content),
    }


def _document(of: StoredFile) -> Json:
    return {
        "file_id": of.file_id,
        "file_unique_id": of.unique_id,
        "file_name": of.name,
        "mime_type": of.mime_type,
        "file_size": len(of.content),
    }
