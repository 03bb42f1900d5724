"""What people do: write, forward, send files, press buttons, block the bot, run groups.

Every function changes the world and queues what the bot gets to know of it, as Telegram does. `chat` may be
left out for the person's private chat with the bot. SandboxError says why something is not possible.
"""

from secrets import token_hex
from typing import Any

from bot.sandbox import wire
from bot.sandbox.entities import Entity, find_entities, trim
from bot.sandbox.errors import SandboxError
from bot.sandbox.html import parse
from bot.sandbox.model import Callback, Chat, Json, Message, Person, Status
from bot.sandbox.world import World


def say(
    world: World,
    person: Person,
    text: str,
    chat: Chat | None = None,
    *,
    reply_to: Message | None = None,
    html: bool = False,
) -> Message:
    """Write a text; with `html` it is parsed, which is how a link under words (text_link) is made."""
    return _send(world, person, chat, text, html, reply_to=reply_to)


def start(world: World, person: Person, code: str = "") -> Message:
    """Press Start, or open the link t.me/<bot>?start=<code>."""
    return say(world, person, f"/start {code}".rstrip())


def forward(
    world: World,
    person: Person,
    text: str,
    chat: Chat | None = None,
    *,
    from_name: str | None = None,
    from_chat: str | None = None,
    from_person: Person | None = None,
    html: bool = False,
) -> Message:
    """Forward somebody's text: of a person, of a hidden person (`from_name`), or of a channel (`from_chat`)."""
    origin: Json = {"date": wire.unix(world.clock.now())}
    if from_person is not None:
        origin |= {"type": "user", "sender_user": wire.user(from_person)}
    elif from_chat is not None:
        channel = {"id": -1_009_000_000_001, "type": "channel", "title": from_chat}
        origin |= {"type": "channel", "chat": channel, "message_id": 1}
    else:
        origin |= {"type": "hidden_user", "sender_user_name": from_name or "Người dùng ẩn danh"}
    return _send(world, person, chat, text, html, forward_origin=origin)


def send_photo(
    world: World,
    person: Person,
    content: bytes,
    caption: str = "",
    chat: Chat | None = None,
    *,
    reply_to: Message | None = None,
) -> Message:
    """Send a PNG or JPEG picture."""
    photo = world.files.keep_photo(content)
    if photo is None:
        raise SandboxError("this is not a PNG or JPEG picture")
    return _send(world, person, chat, caption, False, photo=photo, reply_to=reply_to)


def send_document(
    world: World,
    person: Person,
    name: str,
    content: bytes,
    caption: str = "",
    chat: Chat | None = None,
    *,
    reply_to: Message | None = None,
) -> Message:
    """Send a file of any kind."""
    file = world.files.keep_document(name, content)
    return _send(world, person, chat, caption, False, document=file, reply_to=reply_to)


def edit(world: World, person: Person, message: Message, text: str) -> Message:
    """Edit the text or caption of one's own message."""
    if message.sender is not person:
        raise SandboxError("only one's own messages can be edited")
    message.text, message.entities = _marked(text, html=False)
    message.edited = world.clock.now()
    world.show("edited", message)
    if _bot_hears(world, message):
        world.tell_bot("edited_message", message)
    return message


def press(
    world: World, person: Person, message: Message, row: int = 0, column: int = 0, *, data: str | None = None
) -> Callback:
    """Press the button at row and column; `data` forges a press that no button of the message sends."""
    if data is None:
        button = _button(message, row, column)
        if "callback_data" not in button:
            raise SandboxError(f"the button “{button['text']}” sends nothing to the bot")
        data = button["callback_data"]
    callback = Callback(token_hex(8), person, world.clock.now())
    world.callbacks[callback.id] = callback
    query: Json = {"id": callback.id, "from": wire.user(person), "chat_instance": str(message.chat.id)}
    gone = {"chat": wire.chat(message.chat), "message_id": message.message_id, "date": 0}
    query |= {"data": data, "message": gone if message.deleted else wire.message(message)}
    world.updates.put("callback_query", query)
    return callback


def find_button(message: Message, text: str) -> tuple[int, int]:
    """Row and column of the button with this text; SandboxError names those that are there."""
    for row, line in enumerate(message.buttons):
        for column, button in enumerate(line):
            if button["text"] == text:
                return row, column
    there = [button["text"] for line in message.buttons for button in line]
    raise SandboxError(f"there is no button “{text}”, only {there}")


def block(world: World, person: Person) -> None:
    """Block the bot in the private chat."""
    _set_bot_status(world, person, world.chat(person.id), Status.KICKED)


def unblock(world: World, person: Person) -> None:
    """Take the block off."""
    _set_bot_status(world, person, world.chat(person.id), Status.MEMBER)


def add_bot(world: World, person: Person, chat: Chat, *, admin: bool = False) -> None:
    """Add the bot to a group, or make it an administrator there."""
    was_there = chat.has(world.bot.id)
    _set_bot_status(world, person, chat, Status.ADMINISTRATOR if admin else Status.MEMBER)
    if not was_there:
        _service(world, person, chat, {"new_chat_members": [wire.user(world.bot)]})


def remove_bot(world: World, person: Person, chat: Chat) -> None:
    """Remove the bot from a group."""
    _service(world, person, chat, {"left_chat_member": wire.user(world.bot)})
    _set_bot_status(world, person, chat, Status.KICKED)


def upgrade(world: World, person: Person, chat: Chat) -> Chat:
    """Make a supergroup of a group: it goes on under a new id, and the old id only says so."""
    if not chat.is_group or chat.migrated_to is not None:
        raise SandboxError("only a group can be made a supergroup, and only once")
    grown = world.add_group(chat.title, [], supergroup=True)
    grown.members = dict(chat.members)
    chat.migrated_to = grown.id
    world.show_chat(grown)
    world.show_chat(chat)
    _service(world, person, chat, {"migrate_to_chat_id": grown.id})
    _service(world, person, grown, {"migrate_from_chat_id": chat.id})
    return grown


def _send(world: World, person: Person, chat: Chat | None, text: str, html: bool, **content: Any) -> Message:
    chat = chat or world.chat(person.id)
    _may_write(world, person, chat)
    marked, entities = _marked(text, html)
    if not marked and not content.get("photo") and not content.get("document"):
        raise SandboxError("there is nothing to send: the text is empty")
    if not chat.started:
        chat.started = True
        world.show_chat(chat)
    message = world.post(chat, person, marked, entities=entities, **content)
    if _bot_hears(world, message):
        world.tell_bot("message", message)
    return message


def _marked(text: str, html: bool) -> tuple[str, list[Entity]]:
    plain, entities = trim(*parse(text)) if html else (text.strip(), [])
    return plain, find_entities(plain, entities)


def _may_write(world: World, person: Person, chat: Chat) -> None:
    if not chat.has(person.id):
        raise SandboxError(f"{person.name} is not in the chat “{chat.title}”")
    if chat.migrated_to is not None:
        raise SandboxError("this group has become a supergroup; write there")
    if not chat.is_group and not chat.has(world.bot.id):
        raise SandboxError(f"{person.name} has blocked the bot")


def _bot_hears(world: World, message: Message) -> bool:
    """Privacy mode: in groups a bot hears all only as an administrator (Bot features, "Privacy mode")."""
    status = message.chat.members.get(world.bot.id)
    if not message.chat.has(world.bot.id):
        return False
    if not message.chat.is_group or world.reads_groups or status is Status.ADMINISTRATOR:
        return True
    answered = message.reply_to is not None and message.reply_to.from_bot
    return answered or message.text.startswith("/") or f"@{world.bot.username}" in message.text


def _button(message: Message, row: int, column: int) -> Json:
    try:
        return message.buttons[row][column]
    except IndexError:
        raise SandboxError(f"the message has no button at row {row}, column {column}") from None


def _set_bot_status(world: World, person: Person, chat: Chat, status: Status) -> None:
    before = chat.members.get(world.bot.id, Status.LEFT)
    if before is status:
        return
    chat.members[world.bot.id] = status
    change = {"chat": wire.chat(chat), "from": wire.user(person), "date": wire.unix(world.clock.now())}
    change["old_chat_member"] = wire.chat_member(world.bot, before)
    change["new_chat_member"] = wire.chat_member(world.bot, status)
    world.updates.put("my_chat_member", change)
    world.show_chat(chat)


def _service(world: World, person: Person, chat: Chat, event: Json) -> None:
    message = world.post(chat, person, service=event)
    if chat.has(world.bot.id):
        world.tell_bot("message", message)
