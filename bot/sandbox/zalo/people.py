"""What people do on Zalo: write, send pictures, stickers, voices and files, in private or in a group.

`chat` may be left out for the person's private chat. Every function gives the message; the bot gets to know of it as
Zalo tells: in a group only if it is spoken to, and of files only that there was something.
"""

import re
from typing import Any

from bot.sandbox.errors import SandboxError
from bot.sandbox.zalo.model import Chat, Json, Message, Person, fresh_id
from bot.sandbox.zalo.world import ZaloWorld

A_LINK = re.compile(r"https?://\S")  # such as gets a preview


def say(world: ZaloWorld, person: Person, text: str, chat: Chat | None = None) -> Message:
    """Write a text. In a group the bot hears it only if it begins with its name, as `mention` does."""
    if world.knobs.previews_hide and A_LINK.search(text):
        return _send(world, person, chat, "unsupported", text, {})
    return _send(world, person, chat, "text", text, {"text": text})


def mention(world: ZaloWorld, person: Person, text: str, chat: Chat) -> Message:
    """Write to the bot in a group, its name before the text as the picker puts it."""
    return say(world, person, f"@{world.bot_name} {text}", chat)


def send_photo(
    world: ZaloWorld, person: Person, content: bytes, caption: str = "", chat: Chat | None = None
) -> Message:
    """Send a picture; it lies at an address of the sandbox's own server."""
    name = f"{fresh_id()}.png"
    world.pictures[name] = content
    address = f"{world.address}/pictures/{name}"
    extra = {world.knobs.photo_field: address, "caption": caption, "message_type": "CHAT_PHOTO"}
    return _send(world, person, chat, "image", caption, extra, photo=address, copy=name)


def send_sticker(world: ZaloWorld, person: Person, chat: Chat | None = None) -> Message:
    """Send a sticker."""
    extra = {"sticker": "0e078a2fa7664e381777", "url": f"{world.address}/pictures/sticker.png"}
    return _send(world, person, chat, "sticker", "", extra, sticker=extra["sticker"])


def send_voice(world: ZaloWorld, person: Person, chat: Chat | None = None) -> Message:
    """Send a voice message."""
    address = f"{world.address}/pictures/{fresh_id()}.aac"
    return _send(world, person, chat, "voice", "", {"voice_url": address, "message_type": "CHAT_VOICE"}, voice=address)


def send_file(world: ZaloWorld, person: Person, chat: Chat | None = None) -> Message:
    """Send a file, a contact card, a link with its preview: the bot learns only that it was something unsupported."""
    return _send(world, person, chat, "unsupported", "", {})


def do_unknown(world: ZaloWorld, person: Person) -> Message:
    """Do what Zalo's documentation of today does not know."""
    return _send(world, person, None, "hologram", "", {"beam": [1, None, {"a": "b"}]})


def repeat(world: ZaloWorld, update: Json) -> None:
    """Zalo hands out once more what it has handed out."""
    world.tell_bot(update)


def _send(
    world: ZaloWorld, person: Person, chat: Chat | None, kind: str, text: str, extra: Json, **content: Any
) -> Message:
    chat = chat or world.chat_of(person)
    if person not in chat.members:
        raise SandboxError(f"{person.name} is not in this group")
    chat.started = True
    message = world.post(chat, person, text, **content)
    if world.serves(person) and _bot_hears(world, message):
        world.tell_bot({"event_name": f"message.{kind}.received", "message": _wire(message, person) | extra})
    return message


def _bot_hears(world: ZaloWorld, message: Message) -> bool:
    return not message.chat.is_group or message.text.startswith(f"@{world.bot_name}")


def _wire(message: Message, person: Person) -> Json:
    return {
        "from": {"id": person.id, "display_name": person.name, "is_bot": False},
        "chat": {"id": message.chat.id, "chat_type": "GROUP" if message.chat.is_group else "PRIVATE"},
        "message_id": message.id,
        "date": int(message.at.timestamp() * 1000),
    }
