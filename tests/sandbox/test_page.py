"""The page, used as a person would use it, in a real Chromium; a small bot answers through the real client."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect
from telegram import Bot, BotCommand, CopyTextButton, Update
from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup as Keyboard

from bot.sandbox import people
from bot.sandbox.model import Chat, Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World

TAG = "#DQTVTUYENTHANHKIENTUONGLONGAN"
HOSTILE = "<img src=x onerror=\"document.title='hỏng'\"><script>document.title='hỏng'</script>"


async def answer(bot: Bot, update: Update) -> None:
    """The whole bot of these tests: greets, answers a press, repeats what it hears."""
    if update.callback_query is not None:
        await update.callback_query.answer("Đã ghi", show_alert=update.callback_query.data == "alert")
        if update.callback_query.data == "yes":
            await update.callback_query.edit_message_text("Bạn đã đồng ý.")
    elif update.message is not None and update.message.text == "/start":
        rows = [
            [Button("Đồng ý", callback_data="yes"), Button("Báo động", callback_data="alert")],
            [Button("Chép thẻ", copy_text=CopyTextButton(TAG))],
        ]
        text = f"Xin chào <b>bạn</b>, thẻ: <code>{TAG}</code>"
        await bot.send_message(update.message.chat.id, text, "HTML", reply_markup=Keyboard(rows))
    elif update.message is not None:
        await bot.send_message(update.message.chat.id, f"Đã nhận: {update.message.text}")


async def run(bot: Bot) -> None:
    offset = 0
    while True:
        for update in await bot.get_updates(offset=offset, timeout=30):
            await answer(bot, update)
            offset = update.update_id + 1


@pytest.fixture
async def answering(bot: Bot) -> AsyncIterator[Bot]:
    running = asyncio.create_task(run(bot))
    yield bot
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


@pytest.fixture
async def page(context: BrowserContext, server: SandboxServer, world: World) -> AsyncIterator[Page]:
    """The page as Charlie, a newcomer; no error of its scripts is let pass."""
    world.add_person("Charlie", description="người mới", person_id=5)
    opened = await context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    await opened.goto(server.address)
    await expect(opened.get_by_role("option", selected=True).first).to_contain_text("Charlie")
    yield opened
    assert errors == []


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Tin nhắn", exact=True).and_(page.locator("textarea")).fill(text)
    await page.keyboard.press("Enter")


async def test_a_newcomer_presses_start_and_is_answered(page: Page, answering: Bot) -> None:
    assert answering.username == "sotin_bot"
    await page.get_by_role("button", name="Bắt đầu").click()
    await expect(page.locator(".theirs .text")).to_contain_text("Xin chào bạn")
    await expect(page.locator(".theirs strong")).to_have_text("bạn")
    await say(page, "dòng một")
    await expect(page.locator(".theirs").last).to_contain_text("Đã nhận: dòng một")


async def test_buttons_press_copy_and_alert(page: Page, answering: Bot, world: World) -> None:
    await page.get_by_role("button", name="Bắt đầu").click()
    await page.get_by_role("button", name="Chép thẻ").click()
    await expect(page.locator(".toast")).to_contain_text(TAG)
    assert await page.evaluate("navigator.clipboard.readText()") == TAG
    await page.get_by_role("button", name="Báo động").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Đã ghi")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Đồng ý").click()
    await expect(page.locator(".theirs")).to_contain_text("Bạn đã đồng ý.")
    await expect(page.locator(".theirs .stamp")).to_contain_text("đã sửa")
    assert answering.username == world.bot.username
    assert [toast.show_alert for toast in world.toasts] == [True, False]


async def test_code_is_copied_with_a_click(page: Page, answering: Bot) -> None:
    assert answering.username
    await page.get_by_role("button", name="Bắt đầu").click()
    await page.get_by_role("button", name=f"Chép {TAG}").click()
    assert await page.evaluate("navigator.clipboard.readText()") == TAG


async def test_everything_can_be_done_with_the_keyboard_alone(
    page: Page, answering: Bot, world: World, alice: Person
) -> None:
    await answering.set_my_commands([BotCommand("hashtag", "Thẻ của bạn"), BotCommand("trogiup", "Trợ giúp")])
    await page.get_by_role("option", name="Charlie").focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("option", selected=True).first).to_contain_text(alice.name)
    await page.keyboard.press("Tab")  # the button for one more newcomer
    await page.keyboard.press("Tab")
    await expect(page.locator("#chats [role=option]").first).to_be_focused()
    await page.locator("#text").focus()
    await page.keyboard.type("/")
    await expect(page.get_by_role("option", name="/hashtag")).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator(".theirs").last).to_contain_text("Đã nhận: /trogiup")
    await page.keyboard.type("một")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("hai")
    await page.keyboard.press("Enter")
    await expect(page.locator(".theirs").last).to_contain_text("hai")
    assert [m.text for m in world.messages(alice.id) if not m.from_bot] == ["/trogiup", "một\nhai"]


async def test_the_clock_is_set_to_friday_afternoon(page: Page, world: World) -> None:
    before = world.clock.now()
    await page.get_by_role("button", name="Thứ Sáu 16:00").click()
    await expect(page.locator("#now")).to_have_text(re.compile(r"16:00.*Thứ Sáu"))
    there = world.clock.now() + timedelta(hours=7)
    assert (there.isoweekday(), there.hour, there.minute) == (5, 16, 0)
    assert timedelta() < world.clock.now() - before <= timedelta(days=7, minutes=1)
    await page.get_by_role("button", name="+1 giờ").click()
    await expect(page.locator("#now")).to_have_text(re.compile("17:00"))


async def test_files_are_sent_shown_and_downloaded(
    page: Page, bot: Bot, world: World, picture: bytes, tmp_path: Path
) -> None:
    await page.get_by_role("button", name="Bắt đầu").click()
    sent = tmp_path / "ảnh chụp.png"
    sent.write_bytes(picture)
    await page.locator("#file").set_input_files(sent)
    await say(page, "chú thích")
    await expect(page.locator(".mine img")).to_have_js_property("naturalWidth", 24)
    [_, message] = world.messages(5)
    assert message.photo is not None
    assert (message.photo.content, message.text) == (picture, "chú thích")
    await bot.send_document(5, b"du lieu", filename="dữ liệu.json")
    async with page.expect_download() as downloading:
        await page.locator(".theirs a.file").click()
    download = await downloading.value
    assert (download.suggested_filename, (await download.path()).read_bytes()) == ("dữ liệu.json", b"du lieu")


async def test_hostile_text_is_shown_and_never_run(page: Page, bot: Bot, world: World) -> None:
    await page.get_by_role("button", name="Bắt đầu").click()
    await say(page, HOSTILE)
    await bot.send_message(5, HOSTILE)
    await bot.send_message(5, '<a href="tg://user?id=1">x</a>', "HTML")
    people.forward(world, world.person(5), HOSTILE, from_chat=HOSTILE)
    await bot.send_document(5, b"x", filename="<b>.txt", caption=HOSTILE)
    await expect(page.locator(".theirs .text").last).to_have_text(HOSTILE)
    assert await page.locator("#messages img, #messages script, #messages b").count() == 0
    assert await page.title() == "Sổ Tin · chạy thử"


async def test_a_message_for_somebody_else_is_counted_until_it_is_read(
    page: Page, bot: Bot, alice: Person, group: Chat
) -> None:
    row = page.locator("#people [role=option]").filter(has_text=alice.name)
    await bot.send_message(alice.id, "cho Alice")
    await bot.send_message(group.id, "cho cả nhóm")
    await expect(row.locator(".badge")).to_have_text("2")
    await row.click()
    await expect(page.locator(".theirs")).to_contain_text("cho Alice")
    await expect(row.locator(".badge")).to_have_text("1")
    await page.locator("#chats [role=option]").filter(has_text=group.title).click()
    await expect(page.locator(".theirs")).to_contain_text("cho cả nhóm")
    await expect(row.locator(".badge")).to_have_count(0)
    await expect(page.locator("#people .badge")).to_have_text("1")  # Bob has not looked into the group yet


async def test_the_bot_is_blocked_and_let_in_again(page: Page, world: World) -> None:
    await page.get_by_role("button", name="Chặn bot", exact=True).click()
    await expect(page.locator("#gate")).to_have_text("Bỏ chặn bot")
    assert not world.chat(5).has(world.bot.id)
    await page.locator("#gate").click()
    await expect(page.locator("#gate")).to_have_text("Bắt đầu")
    assert world.chat(5).has(world.bot.id)


async def test_a_text_is_sent_as_forwarded(page: Page, world: World) -> None:
    await page.get_by_role("button", name="Bắt đầu").click()
    await page.get_by_role("button", name="Gửi như tin chuyển tiếp").click()
    await page.get_by_label("Chuyển tiếp từ", exact=True).fill("Kênh của xã")
    await say(page, "bài viết")
    await expect(page.locator(".mine").last).to_contain_text("Chuyển tiếp từ Kênh của xã")
    assert world.messages(5)[-1].forward_origin is not None


async def test_a_typing_bot_is_seen(page: Page, bot: Bot) -> None:
    await page.get_by_role("button", name="Bắt đầu").click()
    await expect(page.locator(".mine")).to_have_count(1)
    await bot.send_chat_action(5, "typing")
    await expect(page.locator("#chat-status")).to_have_text("đang soạn tin…")
    await bot.send_message(5, "xong")
    await expect(page.locator("#chat-status")).to_have_text("bot · trò chuyện riêng")


async def test_a_telephone_shows_the_list_and_then_the_chat(page: Page) -> None:
    await page.set_viewport_size({"width": 360, "height": 700})
    await expect(page.locator("main")).to_be_hidden()
    await page.locator("#chats [role=option]").first.click()
    await expect(page.locator("aside")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    await page.get_by_role("button", name="Về danh sách").click()
    await expect(page.locator("aside")).to_be_visible()
