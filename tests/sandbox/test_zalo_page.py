"""The page shows a person's phone on Zalo: nothing to press, and nothing that Zalo does not have."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import BrowserContext, Page, expect
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot

from bot.sandbox.model import Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from bot.sandbox.zalo import model
from bot.sandbox.zalo.server import ZaloServer
from bot.sandbox.zalo.world import ZaloWorld
from tests.sandbox.conftest import TOKEN

HOSTILE = "<img src=x onerror=\"document.title='hỏng'\"><script>document.title='hỏng'</script>"


@pytest.fixture
def zalo(world: World) -> ZaloWorld:
    return ZaloWorld(clock=world.clock, feed=world.feed)


@pytest.fixture
def hoa(zalo: ZaloWorld) -> model.Person:
    return zalo.add_person("Hoa", started=True, description="dùng Zalo")


@pytest.fixture
def linh(zalo: ZaloWorld, alice: Person) -> model.Person:
    """Alice's phone on Zalo."""
    return zalo.add_person(alice.name, on_telegram=alice.id)


@pytest.fixture
async def server(world: World, zalo: ZaloWorld) -> AsyncIterator[SandboxServer]:
    async with SandboxServer(world, TOKEN, zalo=zalo) as running:
        yield running


@pytest.fixture
async def api(zalo: ZaloWorld) -> AsyncIterator[httpx.AsyncClient]:
    """The bot's side."""
    async with ZaloServer(zalo, TOKEN) as running:
        base = f"{running.address}/bot{TOKEN}/"
        async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
            yield client


@pytest.fixture
async def page(
    context: BrowserContext, alice: Person, linh: model.Person, hoa: model.Person, server: SandboxServer
) -> AsyncIterator[Page]:
    """The page as Alice; no error of its scripts is let pass."""
    opened = await context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    await opened.goto(server.address)
    assert (linh.human, hoa.human) == (alice.id, hoa.id)
    await expect(opened.get_by_role("option", selected=True).first).to_contain_text(alice.name)
    yield opened
    assert errors == []


async def become(page: Page, name: str) -> None:
    await page.locator("#people [role=option]").filter(has_text=name).click()
    await page.locator("#chats [role=option]").filter(has_text="Zalo").click()
    await expect(page.locator("#chat-status")).to_contain_text("Zalo")


async def say(page: Page, text: str) -> None:
    await page.locator("#text").fill(text)
    await page.keyboard.press("Enter")


async def test_a_person_with_both_messengers_has_both_chats(page: Page, zalo: ZaloWorld, linh: model.Person) -> None:
    await expect(page.locator("#chats [role=option]")).to_have_count(2)
    await become(page, "Alice")
    await say(page, "xin chào")
    await expect(page.locator(".mine .text")).to_have_text("xin chào")
    assert [message.text for message in zalo.in_chat(linh.id)] == ["xin chào"]


async def test_zalo_has_no_menu_no_block_no_forwarding_and_no_replies(
    page: Page, api: httpx.AsyncClient, hoa: model.Person
) -> None:
    await become(page, "Hoa")
    await api.post("sendMessage", json={"chat_id": hoa.id, "text": "Trả lời bằng số: 1. Có, /huy"})
    await expect(page.locator(".theirs")).to_have_count(1)
    for label in ("Lệnh của bot", "Gửi như tin chuyển tiếp", "Chặn bot"):
        await expect(page.get_by_role("button", name=label)).to_have_count(0)
    await expect(page.locator("#messages button")).to_have_count(0)
    await become(page, "Alice")
    await page.locator("#chats [role=option]").first.click()
    await expect(page.get_by_role("button", name="Lệnh của bot")).to_be_visible()


async def test_styles_and_addresses_are_shown_and_hostile_text_is_never_run(
    page: Page, api: httpx.AsyncClient, hoa: model.Person
) -> None:
    await become(page, "Hoa")
    styles = [{"start": 3, "len": 4, "st": ["b"]}]
    text = "👍 Số 1 https://example.org/a"
    await api.post("sendMessage", json={"chat_id": hoa.id, "text": text, "text_styles": styles})
    await expect(page.locator(".theirs strong")).to_have_text("Số 1")
    await expect(page.locator(".theirs a")).to_have_attribute("href", "https://example.org/a")
    await api.post("sendMessage", json={"chat_id": hoa.id, "text": HOSTILE})
    await expect(page.locator(".theirs .text").last).to_have_text(HOSTILE)
    assert await page.locator("#messages img, #messages script").count() == 0
    assert await page.title() == "Sổ Tin · chạy thử"


async def test_a_picture_stays_when_its_address_is_gone(
    page: Page, server: SandboxServer, api: httpx.AsyncClient, hoa: model.Person, picture: bytes
) -> None:
    asked: list[str] = []

    async def briefly(request: Request) -> Response:
        asked.append(request.method)
        return Response(picture if len(asked) < 3 else b"", media_type="image/png")

    server.add([Route("/anh/x.png", briefly)])
    await become(page, "Hoa")
    await api.post("sendPhoto", json={"chat_id": hoa.id, "photo": f"{server.address}/anh/x.png"}, timeout=5)
    await expect(page.locator(".theirs img")).to_have_js_property("naturalWidth", 24)
    assert asked == ["GET", "GET"]


async def test_pictures_stickers_and_files_are_sent(
    page: Page, zalo: ZaloWorld, hoa: model.Person, picture: bytes, tmp_path: Path
) -> None:
    await become(page, "Hoa")
    (tmp_path / "anh.png").write_bytes(picture)
    (tmp_path / "to.pdf").write_bytes(b"%PDF")
    await page.locator("#file").set_input_files(tmp_path / "anh.png")
    await say(page, "chú thích")
    await expect(page.locator(".mine img")).to_have_js_property("naturalWidth", 24)
    await page.get_by_role("button", name="Gửi nhãn dán").click()
    await expect(page.locator(".mine")).to_have_count(2)
    await page.locator("#file").set_input_files(tmp_path / "to.pdf")
    await page.get_by_role("button", name="Gửi", exact=True).click()
    await expect(page.locator(".mine").last).to_contain_text("Tệp")
    kinds = [update["event_name"].split(".")[1] for update in zalo.pending]
    assert kinds == ["image", "sticker", "unsupported"]
    assert zalo.pending[0]["message"]["caption"] == "chú thích"
    assert zalo.in_chat(hoa.id)[0].sender == hoa


async def test_what_comes_for_the_other_messenger_is_counted(
    page: Page, bot: Bot, api: httpx.AsyncClient, alice: Person, zalo: ZaloWorld, linh: model.Person
) -> None:
    zalo.chats[linh.id].started = True
    await api.post("sendMessage", json={"chat_id": linh.id, "text": "trên Zalo"})
    await expect(page.locator("#chats .badge")).to_have_text("1")
    await become(page, "Alice")
    await expect(page.locator(".theirs")).to_contain_text("trên Zalo")
    await bot.send_message(alice.id, "trên Telegram")
    await expect(page.locator("#chats .badge")).to_have_text("1")


async def test_a_newcomer_has_both_phones(page: Page, zalo: ZaloWorld) -> None:
    await page.get_by_role("button", name="Thêm người mới").click()
    await expect(page.locator("#chats [role=option]")).to_have_count(2)
    await page.locator("#chats [role=option]").last.click()
    await say(page, "xin chào")
    await expect(page.locator(".mine")).to_have_count(1)
    assert zalo.pending[0]["message"]["text"] == "xin chào"
