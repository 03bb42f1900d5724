"""Bot API methods that write: send, edit and delete messages."""

from typing import Any

from bot.sandbox import wire
from bot.sandbox.entities import Entity, find_entities, trim
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.html import HtmlError, parse
from bot.sandbox.keyboards import read_buttons
from bot.sandbox.limits import CAPTION_MAX, PHOTO_MAX_BYTES, TEXT_MAX, UPLOAD_MAX_BYTES
from bot.sandbox.model import Chat, Json, Message, StoredFile
from bot.sandbox.params import Params
from bot.sandbox.world import World

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


async def send_message(world: World, params: Params) -> Json:
    chat = writable_chat(world, params)
    text, entities = _text(params)
    return _post(world, chat, params, text, entities)


async def send_photo(world: World, params: Params) -> Json:
    chat = writable_chat(world, params)
    upload = params.upload("photo")
    if upload is None:
        photo: StoredFile | None = _known_file(world, params, "photo")
    elif len(upload.content) > PHOTO_MAX_BYTES:
        raise bad_request("file is too big")
    else:
        photo = world.files.keep_photo(upload.content)
    if photo is None or not photo.width:
        raise bad_request("IMAGE_PROCESS_FAILED")
    return _post(world, chat, params, *_caption(params), photo=photo)


async def send_document(world: World, params: Params) -> Json:
    chat = writable_chat(world, params)
    upload = params.upload("document")
    if upload is None:
        document = _known_file(world, params, "document")
    elif len(upload.content) > UPLOAD_MAX_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    else:
        document = world.files.keep_document(upload.name, upload.content)
    return _post(world, chat, params, *_caption(params), document=document)


async def edit_message_text(world: World, params: Params) -> Json:
    message = _own_message(world, params, "message to edit not found")
    if message.photo or message.document:
        raise bad_request("there is no text in the message to edit")
    return _change(world, message, *_text(params), params)


async def edit_message_caption(world: World, params: Params) -> Json:
    message = _own_message(world, params, "message to edit not found")
    if not (message.photo or message.document):
        raise bad_request("there is no caption in the message to edit")
    return _change(world, message, *_caption(params), params)


async def edit_message_reply_markup(world: World, params: Params) -> Json:
    message = _own_message(world, params, "message to edit not found")
    return _change(world, message, message.text, message.entities, params)


async def delete_message(world: World, params: Params) -> bool:
    message = _message(world, params, "message to delete not found")
    message.deleted = True
    world.show("deleted", message)
    return True


def writable_chat(world: World, params: Params) -> Chat:
    """The chat that the call names, if the bot may write there; else the refusal that Telegram sends."""
    chat = world.chat(params.integer("chat_id"))
    if chat.migrated_to is not None:
        reason = "Bad Request: group chat was upgraded to a supergroup chat"
        raise ApiError(400, reason, {"migrate_to_chat_id": chat.migrated_to})
    if not chat.has(world.bot.id):
        place = "bot was kicked from the group chat" if chat.is_group else "bot was blocked by the user"
        raise ApiError(403, f"Forbidden: {place}")
    if not chat.started:
        raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
    return chat


def _post(world: World, chat: Chat, params: Params, text: str, entities: list[Entity], **content: Any) -> Json:
    buttons = read_buttons(params)
    reply_to = _reply_to(world, chat, params)
    message = world.post(chat, world.bot, text, entities=entities, buttons=buttons, reply_to=reply_to, **content)
    return wire.message(message)


def _change(world: World, message: Message, text: str, entities: list[Entity], params: Params) -> Json:
    buttons = read_buttons(params)
    if (text, entities, buttons) == (message.text, message.entities, message.buttons):
        raise bad_request(_NOT_MODIFIED)
    message.text, message.entities, message.buttons = text, entities, buttons
    message.edited = world.clock.now()
    world.show("edited", message)
    return wire.message(message)


def _text(params: Params) -> tuple[str, list[Entity]]:
    text, entities = _formatted(params, "text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if len(text) > TEXT_MAX:
        raise bad_request("message is too long")
    return text, entities


def _caption(params: Params) -> tuple[str, list[Entity]]:
    text, entities = _formatted(params, "caption", "caption_entities")
    if len(text) > CAPTION_MAX:
        raise bad_request("message caption is too long")
    return text, entities


def _formatted(params: Params, name: str, entities_name: str) -> tuple[str, list[Entity]]:
    mode = params.text("parse_mode").lower()
    if mode not in ("", "html"):
        raise bad_request("unsupported parse_mode: the sandbox knows HTML only")
    try:
        given = (params.text(name), params.json(entities_name) or [])
        text, entities = trim(*(parse(params.text(name)) if mode else given))
    except HtmlError as error:
        raise bad_request(f"can't parse entities: {error}") from None
    return text, find_entities(text, entities)


def _reply_to(world: World, chat: Chat, params: Params) -> Message | None:
    wanted = params.json("reply_parameters")
    if wanted is None:
        return None
    found = world.message(chat.id, int(wanted.get("message_id", 0)))
    if found is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return found


def _message(world: World, params: Params, missing: str) -> Message:
    chat = writable_chat(world, params)
    message = world.message(chat.id, params.integer("message_id"))
    if message is None:
        raise bad_request(missing)
    return message


def _own_message(world: World, params: Params, missing: str) -> Message:
    message = _message(world, params, missing)
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return message


def _known_file(world: World, params: Params, name: str) -> StoredFile:
    file = world.files.get(params.text(name))
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return file
