"""What people do, over HTTP, as the page and tests in another process use it; and who may not."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.sandbox.model import Chat, Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World


@pytest.fixture
async def http(server: SandboxServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.address, timeout=5) as client:
        yield client


async def act(http: httpx.AsyncClient, action: str, **body: Any) -> Any:
    answer = await http.post(f"/sandbox/{action}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_newcomer_is_made_starts_and_talks(http: httpx.AsyncClient, bot: Bot) -> None:
    person = await act(http, "person", name="Charlie", id=77, description="a stranger")
    await act(http, "start", person=77, code="MA-MOI")
    said = await act(http, "say", person=77, text="xem https://example.org #TAG")
    await act(http, "edit", person=77, message=said["id"], text="khác")
    await act(http, "forward", person=77, text="bài", from_chat="Kênh")
    updates = await bot.get_updates()
    assert person["id"] == 77
    assert [u.effective_message.text for u in updates if u.effective_message] == [
        "/start MA-MOI",
        "xem https://example.org #TAG",
        "khác",
        "bài",
    ]


async def test_a_button_is_pressed_and_its_toast_read(http: httpx.AsyncClient, bot: Bot, alice: Person) -> None:
    button = InlineKeyboardButton("Có", callback_data="yes")
    sent = await bot.send_message(alice.id, "?", reply_markup=InlineKeyboardMarkup([[button]]))
    pressed = await act(http, "press", person=alice.id, message=sent.message_id)
    await act(http, "press", person=alice.id, message=sent.message_id, data="forged")
    first, second = await bot.get_updates()
    assert first.callback_query is not None
    assert second.callback_query is not None
    assert (first.callback_query.data, second.callback_query.data) == ("yes", "forged")
    await first.callback_query.answer("Đã ghi")
    [toast] = (await http.get("/sandbox/toasts")).json()
    assert (toast["callback_id"], toast["text"]) == (pressed["callback_id"], "Đã ghi")


async def test_files_go_both_ways_and_only_pictures_are_shown(
    http: httpx.AsyncClient, bot: Bot, alice: Person, picture: bytes
) -> None:
    sent = await http.post(
        "/sandbox/photo",
        data={"person": str(alice.id), "caption": "ảnh"},
        files={"file": ("a.png", picture)},
    )
    shown = await http.get(sent.json()["photo"]["url"])
    assert (shown.content, shown.headers["content-disposition"]) == (picture, "inline")
    await bot.send_document(alice.id, b"<script>", filename="trang.html")
    [_, message] = (await http.get("/sandbox/messages", params={"chat": alice.id})).json()
    saved = await http.get(message["document"]["url"])
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"].startswith("attachment;")


async def test_groups_are_made_left_and_upgraded(http: httpx.AsyncClient, world: World, bob: Person) -> None:
    group = await act(http, "group", title="Nhóm", members=[], admins=[bob.id])
    await act(http, "remove_bot", person=bob.id, chat=group["id"])
    assert not world.chat(group["id"]).has(world.bot.id)
    await act(http, "add_bot", person=bob.id, chat=group["id"], admin=True)
    grown = await act(http, "upgrade", person=bob.id, chat=group["id"])
    assert (grown["kind"], world.chat(group["id"]).migrated_to) == ("supergroup", grown["id"])


async def test_the_clock_and_faults_are_set(http: httpx.AsyncClient, world: World, bot: Bot) -> None:
    before = world.clock.now()
    await act(http, "clock", seconds=3600)
    assert world.clock.now() - before >= timedelta(hours=1)
    await act(http, "clock", to="2099-11-20T16:00:00+07:00")
    assert world.clock.now().year == 2099
    await act(http, "fault", kind="server_error", status=502)
    assert (await bot.request.do_request(f"{bot.base_url}/getMe", "POST"))[0] == 502
    calls = (await http.get("/sandbox/calls")).json()
    assert calls[-1]["outcome"] == "502 Bad Gateway"


@pytest.mark.parametrize(
    ("action", "body", "reason"),
    [
        ("dance", {}, "there is no action"),
        ("say", {"person": 1, "text": "x"}, "there is no person with the id 1"),
        ("say", {}, "not complete"),
        ("clock", {"seconds": -1}, "not complete"),
        ("clock", {"to": "2099-01-01T00:00"}, "time zone"),
    ],
)
async def test_what_is_not_possible_is_said(
    http: httpx.AsyncClient, action: str, body: dict[str, Any], reason: str
) -> None:
    answer = await http.post(f"/sandbox/{action}", json=body)
    assert answer.status_code == 400
    assert reason in answer.json()["error"]


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Host": "evil.example"}, {"Origin": "null"}],
)
async def test_other_pages_may_neither_act_nor_look(
    http: httpx.AsyncClient, world: World, alice: Person, headers: dict[str, str]
) -> None:
    said = await http.post("/sandbox/say", json={"person": alice.id, "text": "x"}, headers=headers)
    seen = await http.get("/sandbox/state", headers=headers)
    assert (said.status_code, seen.status_code) == (403, 403)
    assert world.messages(alice.id) == []


async def test_events_are_told_live_and_end_with_the_server(
    server: SandboxServer, http: httpx.AsyncClient, bot: Bot, group: Chat
) -> None:
    async with http.stream("GET", "/sandbox/events") as stream:
        lines = stream.aiter_lines()
        assert await anext(lines) == ": open"
        await bot.send_message(group.id, "chào")
        assert await anext(lines) == ""
        event = json.loads((await anext(lines)).removeprefix("data: "))
        assert (event["kind"], event["message"]["text"]) == ("message", "chào")
        async with asyncio.timeout(1):
            await server.__aexit__(None, None, None)
            assert [line async for line in lines if line] == []


async def test_the_sandbox_runs_as_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox", "--token", "1:x", "--scale", "inf", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    address = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
    async with httpx.AsyncClient(base_url=address) as client:
        assert (await client.get("/bot1:x/getMe")).json()["result"]["username"] == "sotin_bot"
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 5) == 0
