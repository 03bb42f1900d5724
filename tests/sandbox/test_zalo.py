"""The emulator of Zalo keeps to what is known of the real service. Source: bot/sandbox/zalo/README.md."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.loopback import HOST, Loopback
from bot.sandbox.zalo import people
from bot.sandbox.zalo.model import Person
from bot.sandbox.zalo.server import ZaloServer
from bot.sandbox.zalo.world import ZaloWorld

JSON = dict[str, Any]
TOKEN = "4242424242:emulator"  # noqa: S105 -- opens nothing but the server of one test


@pytest.fixture
def world() -> ZaloWorld:
    return ZaloWorld()


@pytest.fixture
def hoa(world: ZaloWorld) -> Person:
    return world.add_person("Hoa", started=True)


@pytest.fixture
async def client(world: ZaloWorld) -> AsyncIterator[httpx.AsyncClient]:
    async with ZaloServer(world, TOKEN) as server:
        opened = httpx.AsyncClient(base_url=f"{server.address}/bot{TOKEN}/", trust_env=False)
        yield opened
        await opened.aclose()


async def ask(client: httpx.AsyncClient, method: str, **params: Any) -> JSON:
    answer = await client.post(method, json=params)
    assert answer.status_code == 200
    found: JSON = answer.json()
    return found


def refusal(code: int, description: str) -> JSON:
    return {"ok": False, "description": description, "error_code": code}


@pytest.mark.parametrize("method", ["getme", "SendMessage", "sendDocument", "editMessageText", "getChat"])
async def test_a_method_that_is_not_there_is_told_in_a_200(client: httpx.AsyncClient, method: str) -> None:
    assert await ask(client, method) == refusal(404, "Not Found")


REFUSED = [
    ("sendMessage", {"text": "x"}, "The chat_id must not be empty"),
    ("sendPhoto", {"photo": ""}, "The photo must not be empty"),
    ("sendPhoto", {"photo": "data:image/png;base64,AAAA"}, "The photo must start with http:// or https://"),
    ("sendPhoto", {"photo": "http://127.0.0.1:1/a.png"}, "The photo URL is invalid"),
    ("sendPhoto", {"photo": "https://example.org/a.png"}, "The photo URL is invalid"),
    ("sendMessage", {"text": ""}, "The text must not be empty"),
    ("sendMessage", {"text": "👍" * 1001}, "The text must be from 1 to 2000 characters"),
]


@pytest.mark.parametrize(("method", "params", "words"), REFUSED)
async def test_a_bad_request_names_the_field(
    client: httpx.AsyncClient, hoa: Person, method: str, params: JSON, words: str
) -> None:
    there = {} if "chat_id" in words else {"chat_id": hoa.id}
    assert await ask(client, method, **there, **params) == refusal(400, f"Bad request: {words}")


STYLES = [
    ([{"start": 0, "len": 2, "st": ["b"]}], True),
    ([{"start": 1, "len": 2, "st": ["b"]}], False),
    ([{"start": -1, "len": 1, "st": ["b"]}], False),
    ([{"start": 0, "len": 0, "st": ["b"]}], False),
    ([{"start": 0, "len": 1, "st": ["blink"]}], False),
    ([{"start": 0, "len": 1}], False),
    ("x", False),
]


@pytest.mark.parametrize(("styles", "good"), STYLES)
async def test_styles_must_lie_in_the_text_and_be_known(
    client: httpx.AsyncClient, hoa: Person, styles: object, good: bool
) -> None:
    answer = await ask(client, "sendMessage", chat_id=hoa.id, text="👍", text_styles=styles)
    assert answer["ok"] is good


async def test_a_knob_lets_a_bad_style_be_left_out(client: httpx.AsyncClient, world: ZaloWorld, hoa: Person) -> None:
    world.knobs.refuses_bad_styles = False
    assert (await ask(client, "sendMessage", chat_id=hoa.id, text="x", text_styles=[{"start": 9}]))["ok"]
    assert [message.styles for message in world.in_chat(hoa.id)] == [[]]


async def test_parameters_come_in_four_ways(client: httpx.AsyncClient, world: ZaloWorld, hoa: Person) -> None:
    given = {"chat_id": hoa.id, "text": "x", "text_styles": '[{"start": 0, "len": 1, "st": ["i"]}]'}
    await client.get("sendMessage", params=given)
    await client.post("sendMessage", data=given)
    await client.post("sendMessage", data=given, files={"photo": b"bytes"})
    await client.post("sendMessage", json={**given, "text_styles": [{"start": 0, "len": 1, "st": ["i"]}]})
    assert [len(message.styles) for message in world.in_chat(hoa.id)] == [1, 1, 1, 1]


async def test_an_uploaded_picture_is_no_picture(client: httpx.AsyncClient, hoa: Person) -> None:
    answer = await client.post("sendPhoto", data={"chat_id": hoa.id}, files={"photo": b"bytes"})
    assert answer.json() == refusal(400, "Bad request: The photo must not be empty")


async def test_a_picture_whose_address_answers_once_stays_black(
    client: httpx.AsyncClient, world: ZaloWorld, hoa: Person
) -> None:
    asked: list[str] = []

    async def once(request: Request) -> Response:
        asked.append(request.method)
        return Response(b"png" if len(asked) == 1 else b"", 200 if len(asked) == 1 else 404)

    host = Loopback()
    port = await host.start(Starlette(routes=[Route("/a.png", once)]), 0)
    answer = await ask(client, "sendPhoto", chat_id=hoa.id, photo=f"http://{HOST}:{port}/a.png")
    await host.end(lambda: None)
    assert (answer["ok"], asked) == (True, ["GET", "GET"])
    assert [message.black for message in world.in_chat(hoa.id)] == [True]


async def test_a_voice_in_a_group_is_answered_as_sent_and_heard_by_nobody(
    client: httpx.AsyncClient, world: ZaloWorld, hoa: Person
) -> None:
    group = world.add_group(hoa)
    people.mention(world, hoa, "x", group)
    assert (await ask(client, "sendVoice", chat_id=group.id, voice_url="https://a/b.aac"))["ok"]
    assert [message.from_bot for message in world.in_chat(group.id)] == [False]


async def test_typing_is_answered_without_a_result(client: httpx.AsyncClient, hoa: Person) -> None:
    assert await ask(client, "sendChatAction", chat_id=hoa.id, action="typing") == {"ok": True}


async def test_two_who_poll_steal_from_each_other_and_what_is_handed_out_is_gone(
    client: httpx.AsyncClient, world: ZaloWorld, hoa: Person
) -> None:
    polls = [asyncio.create_task(ask(client, "getUpdates", timeout="1")) for _ in range(2)]
    await world.until(lambda: world.polled)
    people.say(world, hoa, "một")
    assert sorted(answer["ok"] for answer in await asyncio.gather(*polls)) == [False, True]


async def test_what_is_written_while_zalo_is_offline_is_lost(world: ZaloWorld, hoa: Person) -> None:
    world.knobs.offline = True
    people.say(world, hoa, "một")
    assert not world.pending


async def test_the_51st_person_is_not_served(world: ZaloWorld) -> None:
    for number in range(51):
        people.say(world, world.add_person(str(number)), "x")
    assert len(world.pending) == 50


async def test_a_used_up_month_ends(client: httpx.AsyncClient, world: ZaloWorld, hoa: Person) -> None:
    world.knobs.most_a_month = 2
    people.say(world, hoa, "nhận cũng tính")
    codes = [(await ask(client, "sendMessage", chat_id=hoa.id, text="x")).get("error_code") for _ in range(2)]
    world.clock.advance(timedelta(days=32))
    codes.append((await ask(client, "sendMessage", chat_id=hoa.id, text="x")).get("error_code"))
    assert codes == [None, 429, None]


WEBHOOKS = [
    ("http://example.org/hook", "s3cret-of-the-door"),
    ("https://192.168.1.1/hook", "s3cret-of-the-door"),
    ("https://example.org/hook", "short"),
    ("https://example.org/hook", "x" * 257),
]


@pytest.mark.parametrize(("url", "secret"), WEBHOOKS)
async def test_a_webhook_must_be_public_https_with_a_long_secret(
    client: httpx.AsyncClient, url: str, secret: str
) -> None:
    assert (await ask(client, "setWebhook", url=url, secret_token=secret))["error_code"] == 400
    assert await ask(client, "getWebhookInfo") == refusal(404, "Not Found")


async def test_a_webhook_is_kept_though_it_does_not_answer_and_may_be_tested_a_few_times_a_day(
    client: httpx.AsyncClient, world: ZaloWorld
) -> None:
    world.knobs.webhook_calls_a_day = 2
    url = "http://127.0.0.1:1/hook"
    answer = await ask(client, "setWebhook", url=url, secret_token="s3cret-of-the-door")  # noqa: S106 -- this test's own
    assert answer["result"]["verification"]["outcome"] == "webhook.err.conn"
    assert (await ask(client, "getWebhookInfo"))["result"]["url"] == url
    assert (await ask(client, "testWebhook"))["result"]["ok"] is False
    assert (await ask(client, "testWebhook"))["errorCode"] == 426
    assert (await ask(client, "getUpdates", timeout="0"))["error_code"] == 400
    assert (await ask(client, "deleteWebhook"))["result"]["url"] == ""
