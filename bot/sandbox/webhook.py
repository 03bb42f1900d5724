"""The webhook: updates are POSTed to the bot one after the other, each until it is answered with 200.

Source: Bot API, setWebhook. Written on plain streams: the sandbox is a server and carries no HTTP client.
"""

import asyncio
import json
import ssl
from urllib.parse import urlsplit

from bot.sandbox.model import Json, Webhook
from bot.sandbox.world import World

FIRST_PAUSE = 0.05
LONGEST_PAUSE = 2.0
ANSWER_WITHIN = 30.0


async def deliver_forever(world: World) -> None:
    """Send what waits as long as a webhook is set; ends only by being cancelled."""
    pause = FIRST_PAUSE
    while True:
        if not (world.webhook.url and world.updates.pending):
            await world.updates.change()
        elif await _deliver(world):
            pause = FIRST_PAUSE
        else:
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


async def _deliver(world: World) -> bool:
    """Send the oldest update; True when the bot took it."""
    hook, update = world.webhook, world.updates.pending[0]
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            status = await _post(hook, update)
    except (OSError, TimeoutError, ValueError) as error:
        status = f"{type(error).__name__}: {error}"
    if status == "200":
        world.updates.confirm(update["update_id"] + 1)
        return True
    hook.last_error = f"Wrong response from the webhook: {status}"
    hook.last_error_at = world.clock.now()
    world.feed.publish("webhook_failed", error=hook.last_error)
    return False


async def _post(hook: Webhook, update: Json) -> str:
    """POST one update; the status code as the bot's server wrote it."""
    address = urlsplit(hook.url)
    secure = address.scheme == "https"
    reader, writer = await asyncio.open_connection(
        address.hostname,
        address.port or (443 if secure else 80),
        ssl=ssl.create_default_context() if secure else None,
    )
    try:
        writer.write(_request(hook, update))
        await writer.drain()
        status_line = await reader.readline()
        await reader.read()
        return status_line.split()[1].decode() if len(status_line.split()) > 1 else "no answer"
    finally:
        writer.close()


def _request(hook: Webhook, update: Json) -> bytes:
    address = urlsplit(hook.url)
    body = json.dumps(update).encode()
    target = (address.path or "/") + (f"?{address.query}" if address.query else "")
    headers = [
        f"POST {target} HTTP/1.1",
        f"Host: {address.netloc}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    if hook.secret:
        headers.append(f"X-Telegram-Bot-Api-Secret-Token: {hook.secret}")
    return "\r\n".join([*headers, "", ""]).encode() + body
