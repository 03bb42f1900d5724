"""What the bot may call: one table of methods, and the way of one call through faults and limits.

How to add a method: write it in `sending.py` or `asking.py` and enter it in METHODS.
"""

import asyncio
from collections.abc import Awaitable, Callable

from bot.sandbox import asking, sending
from bot.sandbox.errors import ApiError, too_many_requests
from bot.sandbox.faults import Fault, FaultKind, refusal
from bot.sandbox.model import Call
from bot.sandbox.params import Params
from bot.sandbox.world import World

Method = Callable[[World, Params], Awaitable[object]]

METHODS: dict[str, Method] = {
    "getMe": asking.get_me,
    "getUpdates": asking.get_updates,
    "setWebhook": asking.set_webhook,
    "deleteWebhook": asking.delete_webhook,
    "getWebhookInfo": asking.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendChatAction": asking.send_chat_action,
    "editMessageText": sending.edit_message_text,
    "editMessageCaption": sending.edit_message_caption,
    "editMessageReplyMarkup": sending.edit_message_reply_markup,
    "deleteMessage": sending.delete_message,
    "answerCallbackQuery": asking.answer_callback_query,
    "setMyCommands": asking.set_my_commands,
    "getMyCommands": asking.get_my_commands,
    "deleteMyCommands": asking.delete_my_commands,
    "getChat": asking.get_chat,
    "getChatMember": asking.get_chat_member,
    "getChatAdministrators": asking.get_chat_administrators,
    "getFile": asking.get_file,
}
_PACED = ("sendMessage", "sendPhoto", "sendDocument", "editMessageText", "editMessageCaption")
_LOWER = {name.lower(): name for name in METHODS}


class Dropped(Exception):  # not an error of the program: the connection is to be cut
    """The call met a fault that leaves it without an answer."""


class Garbage(Exception):  # the same: the answer is to be this body
    """The call met a fault that answers with something unreadable."""

    def __init__(self, body: str) -> None:
        super().__init__("garbage")
        self.body = body


async def call(world: World, name: str, params: Params) -> object:
    """Do what the bot asks and return the result; ApiError, Dropped or Garbage instead of it.

    Every call is written down in `world.calls` with its outcome.
    """
    method = _LOWER.get(name.lower())
    if method is None:
        raise ApiError(404, "Not Found: method not found")
    fault = world.faults.take(method, params.chat_id)
    outcome = "ok"
    try:
        return await _perform(world, method, params, fault)
    except (ApiError, Dropped, Garbage) as error:
        outcome = str(error)
        raise
    finally:
        world.calls.append(Call(method, params.logged(), world.clock.now(), outcome))


async def _perform(world: World, method: str, params: Params, fault: Fault | None) -> object:
    if fault is not None:
        await _meet(fault)
    if method in _PACED:
        _pace(world, params)
    result = await METHODS[method](world, params)
    if fault is not None and fault.kind is FaultKind.DROP_AFTER:
        raise Dropped("dropped after the act")
    return result


async def _meet(fault: Fault) -> None:
    """What a fault does before the act."""
    if (refused := refusal(fault)) is not None:
        raise refused
    if fault.kind is FaultKind.GARBAGE:
        raise Garbage(fault.body)
    if fault.kind is FaultKind.DROP_BEFORE:
        raise Dropped("dropped before the act")
    if fault.kind is FaultKind.DELAY:
        await asyncio.sleep(fault.seconds)
    if fault.kind is FaultKind.SILENT:
        await asyncio.sleep(fault.seconds)
        raise Dropped("silent")


def _pace(world: World, params: Params) -> None:
    chat = world.chats.get(params.chat_id or 0)
    if chat is None:
        return
    wait = world.pacer.admit(chat.id, chat.is_group, world.clock.now())
    if wait:
        raise too_many_requests(wait)
