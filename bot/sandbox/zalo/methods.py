"""The methods of the Zalo Bot API; names are told apart by upper and lower case. Refusals are Refused."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from bot.sandbox.zalo import webhooks
from bot.sandbox.zalo.calling import Answer, call
from bot.sandbox.zalo.limits import TEXT_MAX, split_good, units
from bot.sandbox.zalo.model import Chat, Json, Message, fresh_id
from bot.sandbox.zalo.polling import get_updates
from bot.sandbox.zalo.refusals import NOTHING, Refused, bad_request
from bot.sandbox.zalo.world import ZaloWorld

Method = Callable[[ZaloWorld, Json], Coroutine[Any, Any, object]]


async def get_me(world: ZaloWorld, _: Json) -> Json:
    """Who the bot is."""
    names = {"account_name": world.account_name, "display_name": world.bot_name}
    return {"id": world.bot_id, **names, "account_type": "BASIC", "can_join_groups": False}


async def send_message(world: ZaloWorld, params: Json) -> Json:
    """A text with its styles."""
    chat, text = _chat(world, params), _text(params, "text", must=True)
    styles, all_good = split_good(_list(params.get("text_styles")), text)
    if world.knobs.refuses_bad_styles and not all_good:
        raise bad_request("The text_styles is invalid")
    _count(world)
    return _sent(world.post(chat, None, text, styles=styles, parse_mode=str(params.get("parse_mode") or "")))


async def send_photo(world: ZaloWorld, params: Json) -> Json:
    """A picture by its address, which is fetched twice."""
    chat, caption, address = _chat(world, params), _text(params, "caption"), params.get("photo")
    if not isinstance(address, str) or not address:
        raise bad_request("The photo must not be empty")
    if not address.startswith(("http://", "https://")):
        raise bad_request("The photo must start with http:// or https://")
    if not await _picture_at(address):
        raise bad_request("The photo URL is invalid")
    content = await _picture_at(address)
    _count(world)
    copy = f"{fresh_id()}.png" if content else ""
    if content:
        world.pictures[copy] = content
    return _sent(world.post(chat, None, caption, photo=address, copy=copy, black=not content))


async def send_sticker(world: ZaloWorld, params: Json) -> Json:
    """A sticker."""
    chat = _chat(world, params)
    _count(world)
    return _sent(world.post(chat, None, sticker=str(params.get("sticker") or "")))


async def send_voice(world: ZaloWorld, params: Json) -> Json:
    """A voice message; in a group it is answered as sent, and nobody gets it."""
    chat = _chat(world, params)
    _count(world)
    return _sent(world.post(chat, None, voice=str(params.get("voice_url") or ""), delivered=not chat.is_group))


async def send_chat_action(world: ZaloWorld, params: Json) -> object:
    """Shown for some seconds; answered without a result."""
    _chat(world, params)
    return NOTHING


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendSticker": send_sticker,
    "sendVoice": send_voice,
    "sendChatAction": send_chat_action,
    "setWebhook": webhooks.set_webhook,
    "testWebhook": webhooks.try_webhook,
    "deleteWebhook": webhooks.delete_webhook,
    "getWebhookInfo": webhooks.get_webhook_info,
}


def _chat(world: ZaloWorld, params: Json) -> Chat:
    chat_id = params.get("chat_id")
    if not isinstance(chat_id, str) or not chat_id:
        raise bad_request("The chat_id must not be empty")
    chat = world.chats.get(chat_id)
    if chat is None or not chat.started:
        raise Refused(world.knobs.stranger, "The chat_id is invalid")
    return chat


def _text(params: Json, name: str, *, must: bool = False) -> str:
    text = params.get(name) or ""
    if must and not text:
        raise bad_request(f"The {name} must not be empty")
    if not isinstance(text, str) or units(text) > TEXT_MAX:
        raise bad_request(f"The {name} must be from 1 to {TEXT_MAX} characters")
    return text


def _list(value: object) -> object:
    """In a form or a query, a list is JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request("The text_styles is invalid") from None


def _count(world: ZaloWorld) -> None:
    if world.used[world.month] >= world.knobs.most_a_month:
        raise Refused(429, "Quota exceeded")
    world.used[world.month] += 1


def _sent(message: Message) -> Json:
    return {"message_id": message.id, "date": int(message.at.timestamp() * 1000)}


async def _picture_at(address: str) -> bytes:
    """What an address answers, nothing if that can be no picture."""
    try:
        answer: Answer = await call("GET", address)
    except (OSError, TimeoutError, ValueError):
        return b""
    length = answer.headers.get("content-length", "0")
    return answer.body if answer.status == 200 and length.isdigit() and int(length) > 0 else b""
