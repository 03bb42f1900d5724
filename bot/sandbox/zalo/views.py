"""Zalo's things as the sandbox's page sees them: the shapes of bot/sandbox/views.py, with what Zalo lacks left empty.

People are told by the ids of the page (`Person.human`), chats and messages by Zalo's own.
"""

from bot.sandbox.entities import Entity, find_entities
from bot.sandbox.files import picture_size
from bot.sandbox.zalo.model import Call, Chat, Json, Message, Person

MARKS = {"b": "bold", "i": "italic", "u": "underline", "s": "strikethrough"}


def person(of: Person) -> Json:
    return {
        "id": of.human,
        "name": of.name,
        "username": None,
        "language": "vi",
        "description": of.description,
        "is_bot": False,
    }


def chat(of: Chat, bot_name: str) -> Json:
    return {
        "id": of.id,
        "kind": "zalo",
        "title": "nhóm Zalo" if of.is_group else bot_name,
        "person_id": None if of.is_group else of.members[0].human,
        "members": {str(person.human): "member" for person in of.members},
        "started": True,
        "bot_present": True,
        "migrated_to": None,
    }


def message(of: Message, bot_name: str, picture: bytes | None) -> Json:
    """`picture` are the bytes of what Zalo keeps of the message's picture."""
    return {
        "id": of.id,
        "chat_id": of.chat.id,
        "sender_id": of.sender.human if of.sender else None,
        "sender": of.sender.name if of.sender else bot_name,
        "from_bot": of.from_bot,
        "date": of.at.isoformat(),
        "text": _words(of),
        "entities": _entities(of),
        "buttons": [],
        "photo": _photo(of, picture) if picture else None,
        "document": None,
        "edited": False,
    }


def call(of: Call) -> Json:
    return {"method": of.method, "params": of.params, "at": of.at.isoformat(), "outcome": of.outcome}


def _words(of: Message) -> str:
    """The text, or the name of what stands in its place."""
    if of.black:
        return f"⬛ Ảnh đen {of.text}".strip()
    if of.text or of.photo:
        return of.text
    if of.sticker:
        return "🙂 Nhãn dán"
    return "🎤 Tin thoại" if of.voice else "📎 Tệp"


def _entities(of: Message) -> list[Entity]:
    styled = [
        Entity(type=MARKS[code], offset=style["start"], length=style["len"])
        for style in of.styles
        for code in style["st"]
        if code in MARKS
    ]
    # Of what Telegram makes clickable, Zalo makes addresses alone.
    found = [each for each in find_entities(of.text) if each["type"] == "url"]
    return sorted([*styled, *found], key=lambda each: (each["offset"], -each["length"]))


def _photo(of: Message, picture: bytes) -> Json:
    width, height = picture_size(picture) or (None, None)
    address = f"/sandbox/zalo/pictures/{of.copy}"
    return {"name": of.copy, "size": len(picture), "width": width, "height": height, "url": address}
