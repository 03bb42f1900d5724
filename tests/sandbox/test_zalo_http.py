"""Zalo's people over HTTP, for tests in another process; and both messengers as `sotin sandbox` serves them."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.sandbox.demo import HOA
from bot.sandbox.zalo.server import ZaloServer
from bot.sandbox.zalo.world import ZaloWorld
from tests.crash.processes import Process

TOKEN = "4242424242:control"  # noqa: S105 -- opens nothing but the server of one test


@pytest.fixture
def zalo() -> ZaloWorld:
    return ZaloWorld()


@pytest.fixture
async def http(zalo: ZaloWorld) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        ZaloServer(zalo, TOKEN) as server,
        httpx.AsyncClient(base_url=server.address, trust_env=False) as client,
    ):
        yield client


async def act(http: httpx.AsyncClient, action: str, **body: Any) -> Any:
    answer = await http.post(f"/sandbox/{action}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_person_is_made_and_sends_all_that_zalo_has(
    http: httpx.AsyncClient, zalo: ZaloWorld, picture: bytes
) -> None:
    person = await act(http, "person", name="Hoa", id="6ede", started=True)
    await act(http, "say", person="6ede", text="xin chào")
    form = {"person": "6ede", "caption": "ảnh"}
    shown = (await http.post("/sandbox/photo", data=form, files={"file": ("a.png", picture)})).json()["photo"]
    for action in ("sticker", "voice", "file"):
        await act(http, action, person="6ede")
    words = [message["text"] for message in (await http.get("/sandbox/messages?chat=6ede")).json()]
    state = (await http.get("/sandbox/state")).json()
    assert person["chat"] == "6ede"
    assert words == ["xin chào", "ảnh", "🙂 Nhãn dán", "🎤 Tin thoại", "📎 Tệp"]
    assert (shown["width"], shown["height"]) == (24, 16)
    assert state["pending_updates"] == len(zalo.pending) == 5


async def test_knobs_are_turned_and_faults_set(http: httpx.AsyncClient, zalo: ZaloWorld) -> None:
    await act(http, "person", name="Hoa", id="6ede", started=True)
    await act(http, "knobs", insists=True, most_a_month=7)
    await act(http, "fault", kind="too_many_requests")
    sent = await http.post(f"/bot{TOKEN}/sendMessage", json={"chat_id": "6ede", "text": "x"})
    assert (zalo.knobs.insists, zalo.knobs.most_a_month, sent.status_code) == (True, 7, 429)


WRONG = [
    ("say", {"person": "nobody", "text": "x"}, "nobody with this id"),
    ("say", {"text": "x"}, "not complete"),
    ("dance", {}, "no action"),
    ("knobs", {"volume": 11}, "no such knob"),
    ("knobs", {"secret": "wrong"}, "no such knob"),
]


@pytest.mark.parametrize(("action", "body", "words"), WRONG)
async def test_what_is_not_possible_is_said(
    http: httpx.AsyncClient, action: str, body: dict[str, object], words: str
) -> None:
    answer = await http.post(f"/sandbox/{action}", json=body)
    assert answer.status_code == 400
    assert words in answer.json()["error"]


async def test_a_body_that_is_no_object_and_an_unknown_question_are_refused(http: httpx.AsyncClient) -> None:
    assert (await http.post("/sandbox/say", content=b"[1")).status_code == 400
    assert (await http.get("/sandbox/weather")).status_code == 400
    assert (await http.get("/sandbox/pictures/none.png")).status_code == 404


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Host": "evil.example"}])
async def test_other_pages_may_neither_act_nor_look(http: httpx.AsyncClient, headers: dict[str, str]) -> None:
    tried = [
        await http.post("/sandbox/person", json={"name": "x"}, headers=headers),
        await http.get("/sandbox/state", headers=headers),
        await http.get("/sandbox/events", headers=headers),
        await http.get("/sandbox/pictures/a.png", headers=headers),
    ]
    assert {answer.status_code for answer in tried} == {403}


async def test_zalo_runs_as_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox", "--zalo", "--token", "1:x", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    address = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        assert (await client.post("/bot1:x/getMe")).json()["result"]["account_type"] == "BASIC"
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 5) == 0


async def test_sotin_sandbox_serves_zalo_too_and_files_by_link(tmp_path: Path) -> None:
    async with Process(tmp_path, "bot", "sandbox", SANDBOX_PORT="0") as bot:
        await bot.start()
        address = await _until(lambda: _address(bot))
        async with httpx.AsyncClient(base_url=address, trust_env=False) as http:
            people = (await http.get("/sandbox/state")).json()["people"]
            await http.post("/sandbox/zalo/say", json={"person": HOA, "text": "/xuatdulieu"})
            link = await _until(lambda: _link(http, address))
            page, file = await http.get(link), await http.post(link, follow_redirects=True)
        assert await bot.stop() == 0
    assert [person["name"] for person in people if person["id"] == HOA] == ["Hoa"]
    assert (page.status_code, "du-lieu-cua-toi.json" in page.text) == (200, True)
    assert (file.status_code, "Hoa" in file.text) == (200, True)


async def _until(look: Callable[[], Awaitable[str]]) -> str:
    for _ in range(600):
        if found := await look():
            return found
        await asyncio.sleep(0.05)  # another process has no event to wait for
    raise TimeoutError


async def _address(bot: Process) -> str:
    words = bot.log.read_text().split()
    return next((word for word in words if word.startswith("http://127.0.0.1")), "")


async def _link(http: httpx.AsyncClient, address: str) -> str:
    said = (await http.get(f"/sandbox/zalo/messages?chat={HOA}")).json()
    words = [word for message in said for word in message["text"].split()]
    return next((word for word in words if word.startswith(f"{address}/tep/")), "")
