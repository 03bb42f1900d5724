"""How updates reach the bot: long poll, confirmation, webhook; and what people do that causes them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot, Update
from telegram.error import Conflict, NetworkError

from bot.sandbox import people
from bot.sandbox.errors import SandboxError
from bot.sandbox.model import Chat, Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from tests.sandbox.conftest import client_of


async def test_updates_come_again_until_they_are_confirmed(world: World, bot: Bot, alice: Person) -> None:
    people.say(world, alice, "một")
    people.say(world, alice, "hai")
    first = await bot.get_updates()
    assert [u.effective_message.text for u in first if u.effective_message] == ["một", "hai"]
    assert await bot.get_updates() == first
    assert [u.update_id for u in await bot.get_updates(limit=1)] == [first[0].update_id]
    rest = await bot.get_updates(offset=first[1].update_id)
    assert rest == first[1:]
    assert await bot.get_updates(offset=first[1].update_id + 1) == ()
    assert not world.updates.pending


async def test_a_long_poll_ends_as_soon_as_something_comes(world: World, bot: Bot, alice: Person) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await world.until(lambda: world.updates.polled)
    people.start(world, alice, "MA-MOI")
    async with asyncio.timeout(2):
        [update] = await poll
    assert update.message is not None
    assert update.message.text == "/start MA-MOI"
    assert [entity.type for entity in update.message.entities] == ["bot_command"]


async def test_an_empty_long_poll_ends_after_its_time(bot: Bot) -> None:
    assert await bot.get_updates(timeout=1) == ()


async def test_two_pollers_are_one_too_many(server: SandboxServer, world: World, bot: Bot, alice: Person) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=30))
    await world.until(lambda: world.updates.polled)
    async with client_of(server) as twin:
        newer = asyncio.create_task(twin.get_updates(timeout=30))
        with pytest.raises(Conflict, match="only one bot instance"):
            await older
        people.say(world, alice, "x")
        assert len(await newer) == 1


async def test_only_kinds_that_were_asked_for_come(world: World, bot: Bot, alice: Person) -> None:
    await bot.get_updates(allowed_updates=["message"])
    people.block(world, alice)
    people.unblock(world, alice)
    people.say(world, alice, "x")
    assert [u.message is not None for u in await bot.get_updates()] == [True]


async def test_the_server_ends_at_once_in_the_middle_of_a_long_poll(
    server: SandboxServer, world: World, bot: Bot
) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await world.until(lambda: world.updates.polled)
    async with asyncio.timeout(1):
        await server.__aexit__(None, None, None)
        assert await poll == ()
    with pytest.raises(NetworkError):
        await bot.get_me()
    await server.__aenter__()
    assert (await bot.get_me()).username == "sotin_bot"


async def test_what_people_do_is_told_as_telegram_tells_it(
    world: World, bot: Bot, alice: Person, bob: Person, group: Chat
) -> None:
    said = people.say(world, alice, "sai", group)
    people.edit(world, alice, said, "đúng #TAG")
    people.forward(world, alice, '<a href="https://x.vn/1">bài</a>', from_chat="Kênh", html=True)
    people.forward(world, alice, "bài", from_name="Nguyễn Văn A")
    people.remove_bot(world, bob, group)
    people.add_bot(world, bob, group, admin=True)
    first, edited, channel, hidden, left, gone, back, joined = await bot.get_updates()
    assert first.message is not None
    assert edited.edited_message is not None
    assert edited.edited_message.text == "đúng #TAG"
    assert channel.message is not None
    assert channel.message.entities[0].url == "https://x.vn/1"
    assert channel.message.forward_origin is not None
    assert hidden.message is not None
    assert hidden.message.forward_origin is not None
    origins = (channel.message.forward_origin.type, hidden.message.forward_origin.type)
    assert origins == ("channel", "hidden_user")
    assert left.message is not None
    assert left.message.left_chat_member is not None
    assert [_status(u) for u in (gone, back)] == [("member", "kicked"), ("kicked", "administrator")]
    assert joined.message is not None
    assert joined.message.new_chat_members[0].username == "sotin_bot"


async def test_a_bot_in_privacy_mode_hears_only_what_is_meant_for_it(
    world: World, bot: Bot, alice: Person, group: Chat
) -> None:
    world.reads_groups = False
    own = await bot.send_message(group.id, "nhắc")
    people.say(world, alice, "chuyện riêng", group)
    people.say(world, alice, "/trogiup", group)
    people.say(world, alice, "dạ", group, reply_to=world.message(group.id, own.message_id))
    heard = [u.message.text for u in await bot.get_updates() if u.message]
    assert heard == ["/trogiup", "dạ"]


async def test_people_cannot_do_what_is_impossible(
    world: World, bot: Bot, alice: Person, bob: Person, group: Chat
) -> None:
    sent = await bot.send_message(alice.id, "x")
    message = world.messages(alice.id)[0]
    assert message.message_id == sent.message_id
    charlie = world.add_person("Charlie")
    with pytest.raises(SandboxError, match="not in the chat"):
        people.say(world, charlie, "x", group)
    with pytest.raises(SandboxError, match="no button"):
        people.press(world, alice, message)
    with pytest.raises(SandboxError, match="own messages"):
        people.edit(world, bob, message, "x")
    people.block(world, alice)
    with pytest.raises(SandboxError, match="blocked the bot"):
        people.say(world, alice, "x")


async def test_a_webhook_gets_each_update_in_order_until_it_says_200(world: World, bot: Bot, alice: Person) -> None:
    async with _receiver(["500", "503", "200", "200"]) as (url, received):
        await bot.set_webhook(url, secret_token="bí-mật".encode().hex())
        with pytest.raises(Conflict, match="webhook is active"):
            await bot.get_updates()
        people.say(world, alice, "một")
        people.say(world, alice, "hai")
        async with asyncio.timeout(5):
            got = [await received.get() for _ in range(4)]
        await bot.delete_webhook()
    assert [Update.de_json(body, bot).message.text for body, _ in got] == ["một", "một", "một", "hai"]  # type: ignore[union-attr]  # all four are messages
    assert {secret for _, secret in got} == {"bí-mật".encode().hex()}
    info = await bot.get_webhook_info()
    assert (info.url, info.last_error_message) == ("", "Wrong response from the webhook: 503")


async def test_updates_wait_while_the_webhook_is_down(world: World, bot: Bot, alice: Person) -> None:
    await bot.set_webhook("http://127.0.0.1:9/")
    people.say(world, alice, "x")
    await world.until(lambda: world.webhook.last_error)
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


def _status(update: Update) -> tuple[str, str]:
    assert update.my_chat_member is not None
    return update.my_chat_member.old_chat_member.status, update.my_chat_member.new_chat_member.status


Received = asyncio.Queue[tuple[dict[str, object], str]]


@asynccontextmanager
async def _receiver(answers: list[str]) -> AsyncIterator[tuple[str, Received]]:
    """A bot's web server that answers with these statuses, one after the other."""
    received: Received = asyncio.Queue()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        body = json.loads(await reader.readexactly(int(headers["Content-Length"])))
        received.put_nowait((body, headers.get("X-Telegram-Bot-Api-Secret-Token", "")))
        writer.write(f"HTTP/1.1 {answers.pop(0)} X\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(take, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/hook?x=1", received
