"""Bot API methods that ask and set: who am I, who is where, files, commands, answers to presses, updates."""

import re

from bot.sandbox import views, wire
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.limits import DOWNLOAD_MAX_BYTES, TOAST_MAX
from bot.sandbox.model import ADMINS, Chat, Json, Status, Toast
from bot.sandbox.params import Params
from bot.sandbox.sending import writable_chat
from bot.sandbox.world import World, scope_key

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_UPDATES_AT_ONCE = 100


async def get_me(world: World, _params: Params) -> Json:
    return wire.user(world.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": world.reads_groups,
        "supports_inline_queries": False,
    }


async def get_updates(world: World, params: Params) -> list[Json]:
    if world.webhook.url:
        reason = "can't use getUpdates method while webhook is active; use deleteWebhook to delete it first"
        raise ApiError(409, f"Conflict: {reason}")
    _set_allowed(world, params)
    limit = min(max(params.integer("limit", _UPDATES_AT_ONCE), 1), _UPDATES_AT_ONCE)
    wait = float(params.text("timeout", "0"))
    world.feed.publish("poll")
    return await world.updates.poll(params.integer("offset", 0), limit, wait)


async def set_webhook(world: World, params: Params) -> bool:
    url, secret = params.text("url"), params.text("secret_token")
    if url and not url.startswith(("http://", "https://")):
        raise bad_request("bad webhook: the address must start with http:// or https://")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _set_allowed(world, params)
    return _use_webhook(world, url, secret, params)


async def delete_webhook(world: World, params: Params) -> bool:
    return _use_webhook(world, "", "", params)


async def get_webhook_info(world: World, _params: Params) -> Json:
    hook = world.webhook
    found: Json = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
        "max_connections": hook.max_connections,
    }
    if hook.last_error_at is not None:
        found |= {"last_error_date": wire.unix(hook.last_error_at), "last_error_message": hook.last_error}
    return found


async def answer_callback_query(world: World, params: Params) -> bool:
    callback = world.callbacks.get(params.text("callback_query_id"))
    now = world.clock.now()
    if callback is None or now - callback.at > world.callback_lifetime:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = params.text("text")
    if len(text) > TOAST_MAX:
        raise bad_request("MESSAGE_TOO_LONG")
    callback.answered = True
    toast = Toast(callback.id, callback.person.id, text, params.flag("show_alert"), now)
    world.toasts.append(toast)
    world.feed.publish("toast", toast=views.toast(toast))
    return True


async def send_chat_action(world: World, params: Params) -> bool:
    chat = writable_chat(world, params)
    world.feed.publish("action", chat_id=chat.id, action=params.text("action"))
    return True


async def set_my_commands(world: World, params: Params) -> bool:
    commands = params.json("commands") or []
    if any(not _is_command(command) for command in commands):
        raise bad_request("BOT_COMMAND_INVALID")
    world.commands[_scope(params)] = commands
    world.feed.publish("commands")
    return True


async def get_my_commands(world: World, params: Params) -> list[Json]:
    return world.commands.get(_scope(params), [])


async def delete_my_commands(world: World, params: Params) -> bool:
    world.commands.pop(_scope(params), None)
    world.feed.publish("commands")
    return True


async def get_chat(world: World, params: Params) -> Json:
    chat = _visible_chat(world, params)
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
        False,
    )
    return wire.chat(chat) | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


async def get_chat_member(world: World, params: Params) -> Json:
    chat = _visible_chat(world, params)
    user_id = params.integer("user_id")
    if user_id not in chat.members and user_id not in world.people:
        raise bad_request("member not found")
    return wire.chat_member(world.person(user_id), chat.members.get(user_id, Status.LEFT))


async def get_chat_administrators(world: World, params: Params) -> list[Json]:
    chat = _visible_chat(world, params)
    if not chat.is_group:
        raise bad_request("there are no administrators in the private chat")
    admins = [(key, status) for key, status in chat.members.items() if status in ADMINS]
    return [wire.chat_member(world.person(key), status) for key, status in admins]


async def get_file(world: World, params: Params) -> Json:
    file = world.files.get(params.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.content) > DOWNLOAD_MAX_BYTES:
        raise bad_request("file is too big")
    return wire.file(file)


def _visible_chat(world: World, params: Params) -> Chat:
    chat = world.chat(params.integer("chat_id"))
    return writable_chat(world, params) if chat.is_group else chat


def _use_webhook(world: World, url: str, secret: str, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        world.updates.pending.clear()
    world.webhook.url, world.webhook.secret = url, secret
    world.webhook.max_connections = params.integer("max_connections", 40)
    world.updates.nudge()
    if url:
        world.feed.publish("webhook", url=url)
    return True


def _set_allowed(world: World, params: Params) -> None:
    """Keep the former setting when none is given; an empty list means all kinds again."""
    wanted = params.json("allowed_updates")
    if wanted is not None:
        world.updates.allowed = frozenset(wanted) or None


def _scope(params: Params) -> tuple[str, str]:
    scope = params.json("scope") or {"type": "default"}
    key = scope_key(scope["type"], scope.get("chat_id"), scope.get("user_id"))
    return key, params.text("language_code")


def _is_command(command: Json) -> bool:
    described = 1 <= len(command.get("description", "")) <= 256
    return described and bool(_COMMAND.fullmatch(command.get("command", "")))
