"""Webhooks: set, tested, removed, and updates posted to them one after the other."""

import asyncio
import json
from itertools import count
from urllib.parse import urlsplit

from bot.sandbox.model import Webhook
from bot.sandbox.zalo.calling import call, is_loopback, is_public
from bot.sandbox.zalo.model import Json, Secret
from bot.sandbox.zalo.refusals import Refused, bad_request
from bot.sandbox.zalo.world import ZaloWorld

SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105 -- the header's name, not a secret
SHORTEST, LONGEST = 8, 256
KNOWN_STATUS = {403, 404}
INSISTS_AFTER = 0.05


async def set_webhook(world: ZaloWorld, params: Json) -> Json:
    """Keep the address, though it may not answer; a few times a day."""
    url, secret = str(params.get("url") or ""), str(params.get("secret_token") or "")
    _check(world, url, secret)
    _count(world, "error_code")
    world.webhook = Webhook(url, secret)
    world.nudge()
    world.feed.publish("webhook", url=url)
    return _info(world) | {"verification": await _probe(world)}


async def try_webhook(world: ZaloWorld, _params: Json) -> Json:
    """Try the address with an empty call."""
    if not world.webhook.url:
        raise Refused(404, "Not Found")
    _count(world, "errorCode")
    return await _probe(world)


async def delete_webhook(world: ZaloWorld, _params: Json) -> Json:
    """Forget the address; updates wait for getUpdates again."""
    world.webhook = Webhook()
    world.nudge()
    return _info(world)


async def get_webhook_info(world: ZaloWorld, _params: Json) -> Json:
    """The address; none is an error."""
    if not world.webhook.url:
        raise Refused(404, "Not Found")
    return _info(world)


async def deliver_forever(world: ZaloWorld) -> None:
    """Post what waits as long as a webhook is set; ends only by being cancelled."""
    while True:
        if world.webhook.url and world.pending:
            await deliver(world, world.pending.popleft())
        else:
            await world.change()


async def deliver(world: ZaloWorld, update: Json) -> None:
    """Post one update, by knobs more than once; `world.answers` gets the status of each answer, 0 for none."""
    body = json.dumps({"ok": True, "result": update} if world.knobs.wrapped else update).encode()
    world.posting = True
    for again in count():
        status = await post(world, body)
        world.answers.append(status)
        if _is_fine(status) or not (world.knobs.insists or (world.knobs.repeats_webhook and again == 0)):
            break
        await asyncio.sleep(INSISTS_AFTER if world.knobs.insists else 0)
    world.posting = False
    world.feed.publish("delivered")


def _is_fine(status: int) -> bool:
    return 200 <= status < 300


async def post(world: ZaloWorld, body: bytes) -> int:
    """One call of the webhook with any body; the status, 0 for no answer."""
    try:
        answer = await call("POST", world.webhook.url, _headers(world), body)
    except (OSError, TimeoutError, ValueError) as error:
        world.webhook.last_error = type(error).__name__
        return 0
    return answer.status


def _headers(world: ZaloWorld) -> dict[str, str]:
    secrets = {Secret.RIGHT: {SECRET_HEADER: world.webhook.secret}, Secret.WRONG: {SECRET_HEADER: "wrong-secret"}}
    return {"Content-Type": "application/json", **secrets.get(world.knobs.secret, {})}


def _check(world: ZaloWorld, url: str, secret: str) -> None:
    address = urlsplit(url)
    near = is_loopback(url) and world.knobs.allow_loopback
    if not near and (address.scheme != "https" or not is_public(url)):
        raise bad_request("The url must be a public https address")
    if not SHORTEST <= len(secret) <= LONGEST:
        raise bad_request("The secret_token must be from 8 to 256 characters")


def _count(world: ZaloWorld, key: str) -> None:
    world.webhook_calls[world.day] += 1
    if world.webhook_calls[world.day] > world.knobs.webhook_calls_a_day:
        raise Refused(426, "Daily limit exceeded", key=key)


def _info(world: ZaloWorld) -> Json:
    return {"url": world.webhook.url, "updated_at": int(world.clock.now().timestamp() * 1000)}


async def _probe(world: ZaloWorld) -> Json:
    """An empty call, which must be answered with 200."""
    begin = asyncio.get_running_loop().time()
    status = 0
    try:
        status = (await call("POST", world.webhook.url, _headers(world))).status
        outcome = _outcome(status)
    except TimeoutError:
        outcome = "webhook.err.timeout"
    except (OSError, ValueError):
        outcome = "webhook.err.conn"
    spent = int((asyncio.get_running_loop().time() - begin) * 1000)
    found = {"status_code": status, "outcome": outcome, "latency_ms": spent, "hint": ""}
    return {"ok": outcome == "webhook.ok", "url": world.webhook.url, **found}


def _outcome(status: int) -> str:
    if _is_fine(status):
        return "webhook.ok"
    if status in KNOWN_STATUS:
        return f"webhook.http.{status}"
    return "webhook.http.5xx" if status >= 500 else "webhook.http.other"
