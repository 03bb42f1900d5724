"""The world's things as the page and the tests of another process see them (plain JSON)."""

from bot.sandbox.model import Call, Chat, Json, Message, Person, StoredFile, Toast


def person(of: Person) -> Json:
    return {
        "id": of.id,
        "name": of.name,
        "username": of.username,
        "language": of.language,
        "description": of.description,
        "is_bot": of.is_bot,
    }


def chat(of: Chat, bot_id: int) -> Json:
    return {
        "id": of.id,
        "kind": of.kind.value,
        "title": of.title,
        "person_id": of.person.id if of.person else None,
        "members": {str(key): status.value for key, status in of.members.items()},
        "started": of.started,
        "bot_present": of.has(bot_id),
        "migrated_to": of.migrated_to,
    }


def message(of: Message) -> Json:
    return {
        "id": of.message_id,
        "chat_id": of.chat.id,
        "sender_id": of.sender.id,
        "sender": of.sender.name,
        "from_bot": of.from_bot,
        "date": of.date.isoformat(),
        "text": of.text,
        "entities": of.entities,
        "html": of.html,
        "buttons": of.buttons,
        "photo": _file(of.photo),
        "document": _file(of.document),
        "reply_to": of.reply_to.message_id if of.reply_to else None,
        "forwarded_from": _origin(of.forward_origin),
        "edited": of.edited is not None,
        "service": of.service,
        "deleted": of.deleted,
    }


def toast(of: Toast) -> Json:
    return {
        "callback_id": of.callback_id,
        "person_id": of.person_id,
        "text": of.text,
        "show_alert": of.show_alert,
    }


def call(of: Call) -> Json:
    return {"method": of.method, "params": of.params, "at": of.at.isoformat(), "outcome": of.outcome}


def _file(of: StoredFile | None) -> Json | None:
    if of is None:
        return None
    return {
        "name": of.name,
        "size": len(of.content),
        "width": of.width,
        "height": of.height,
        "url": f"/sandbox/files/{of.file_id}",
    }


def _origin(origin: Json | None) -> str | None:
    if origin is None:
        return None
    if origin["type"] == "user":
        return str(origin["sender_user"]["first_name"])
    return str(origin["chat"]["title"] if origin["type"] == "channel" else origin["sender_user_name"])
