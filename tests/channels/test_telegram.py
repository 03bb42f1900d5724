"""Our channel against the sandbox: what it sends, edits and answers, and when it lets updates go."""

import json
from datetime import timedelta

import pytest

from bot.channels.base import InDoubt, OurFault, TryLater, Unreachable
from bot.channels.telegram import TelegramChannel
from bot.messages import Address, Attached, Button, FileKind, Outgoing
from bot.sandbox import people
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.model import Message, Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from handlers import command_menu
from tests.channels.conftest import TOKEN

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
ROWS = ((Button("Bấm", data="1|a|b"), Button("Chép", copy="#TAG")), (Button("Mở", url="https://t.me/x"),))


def to(person: Person) -> Address:
    return Address("telegram", str(person.id))


def texts(world: World, person: Person) -> list[str]:
    return [message.text for message in world.messages(person.id) if message.from_bot]


async def sent(channel: TelegramChannel, world: World, person: Person, message: Outgoing) -> Message:
    number = await channel.send(to(person), message, None)
    return next(each for each in world.messages(person.id) if str(each.message_id) == number)


async def pressed(channel: TelegramChannel, world: World, person: Person) -> tuple[str, str]:
    """The ids of a press on a fresh message and of that message."""
    message = await sent(channel, world, person, Outgoing("cũ", ROWS))
    callback = people.press(world, person, message)
    return callback.id, str(message.message_id)


async def test_the_bot_says_who_it_is_and_sets_its_menus_by_scope_and_language(
    server: SandboxServer, world: World, alice: Person
) -> None:
    channel = TelegramChannel(TOKEN, server.address)
    identity = await channel.open(command_menu())
    await channel.close()
    assert (identity.name, identity.join_link) == ("sotin_bot", "https://t.me/sotin_bot?start=")
    tourist = world.add_person("Bob", language="en")
    group = world.add_group("Truyền thông", [alice])
    assert menu(world, alice.id, alice)[:2] == ["dangky", "hashtag"]
    assert menu(world, tourist.id, tourist)[:2] == ["register", "tag"]
    assert menu(world, group.id, alice) == ["tongket", "lienket", "trogiup"]
    assert menu(world, group.id, tourist) == ["summary", "link", "help"]


async def test_text_and_buttons_arrive_as_they_are_meant(channel: TelegramChannel, world: World, alice: Person) -> None:
    message = await sent(channel, world, alice, Outgoing("<b>Chào</b> &lt;Alice&gt;", ROWS))
    assert (message.text, message.html) == ("Chào <Alice>", "<b>Chào</b> &lt;Alice&gt;")
    assert message.buttons == [
        [{"text": "Bấm", "callback_data": "1|a|b"}, {"text": "Chép", "copy_text": {"text": "#TAG"}}],
        [{"text": "Mở", "url": "https://t.me/x"}],
    ]


@pytest.mark.parametrize(("kind", "name"), [(FileKind.PHOTO, "moi.png"), (FileKind.DOCUMENT, "du-lieu.json")])
async def test_a_file_arrives_with_its_caption_and_buttons(
    channel: TelegramChannel, world: World, alice: Person, kind: FileKind, name: str
) -> None:
    await channel.send(to(alice), Outgoing("<b>đây</b>", ROWS[1:], file=Attached(1, name, kind)), PIXEL)
    [message] = world.messages(alice.id)
    stored = message.photo if kind is FileKind.PHOTO else message.document
    assert stored is not None
    assert (message.html, stored.content, len(message.buttons)) == ("<b>đây</b>", PIXEL, 1)
    assert message.document is None or message.document.name == name


async def test_an_edit_replaces_the_message(channel: TelegramChannel, world: World, alice: Person) -> None:
    old = await sent(channel, world, alice, Outgoing("cũ", ROWS))
    number = str(old.message_id)
    assert await channel.send(to(alice), Outgoing("mới", edits=number), None) == number
    assert texts(world, alice) == ["mới"]
    assert old.buttons == []


async def test_an_edit_that_changes_nothing_is_done_already(
    channel: TelegramChannel, world: World, alice: Person
) -> None:
    number = str((await sent(channel, world, alice, Outgoing("như cũ"))).message_id)
    assert await channel.send(to(alice), Outgoing("như cũ", edits=number), None) == number


async def test_what_was_to_replace_a_message_that_is_gone_comes_as_a_new_one(
    channel: TelegramChannel, world: World, alice: Person
) -> None:
    old = await sent(channel, world, alice, Outgoing("cũ"))
    await channel.bot.delete_message(alice.id, old.message_id)
    number = await channel.send(to(alice), Outgoing("mới", edits=str(old.message_id)), None)
    assert number not in (None, str(old.message_id))
    assert texts(world, alice) == ["mới"]


async def test_a_press_is_answered_with_its_notice_and_nothing_is_said(
    channel: TelegramChannel, world: World, alice: Person
) -> None:
    press, _ = await pressed(channel, world, alice)
    assert await channel.send(to(alice), Outgoing(answers=press, notice="Nút cũ"), None) is None
    assert [(toast.callback_id, toast.text) for toast in world.toasts] == [(press, "Nút cũ")]
    assert texts(world, alice) == ["cũ"]


async def test_a_press_can_be_answered_and_its_message_replaced_at_once(
    channel: TelegramChannel, world: World, alice: Person
) -> None:
    press, message = await pressed(channel, world, alice)
    await channel.send(to(alice), Outgoing("mới", edits=message, answers=press), None)
    assert [toast.callback_id for toast in world.toasts] == [press]
    assert texts(world, alice) == ["mới"]


async def test_a_press_too_old_to_be_answered_still_gets_its_message(
    channel: TelegramChannel, world: World, alice: Person
) -> None:
    press, message = await pressed(channel, world, alice)
    world.clock.advance(timedelta(hours=1))
    await channel.send(to(alice), Outgoing("mới", edits=message, answers=press), None)
    assert world.toasts == []
    assert texts(world, alice) == ["mới"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(FaultKind.FORBIDDEN), Unreachable),
        (Fault(FaultKind.SERVER_ERROR), TryLater),
        (Fault(FaultKind.DROP_AFTER), InDoubt),
        (Fault(FaultKind.GARBAGE), InDoubt),
    ],
)
async def test_a_fault_comes_out_as_what_to_do_next(
    channel: TelegramChannel, world: World, alice: Person, fault: Fault, error: type[Exception]
) -> None:
    world.faults.add(fault)
    with pytest.raises(error):
        await channel.send(to(alice), Outgoing("x"), None)


async def test_html_that_does_not_parse_is_our_fault(channel: TelegramChannel, alice: Person) -> None:
    with pytest.raises(OurFault):
        await channel.send(to(alice), Outgoing("<b>"), None)


async def test_updates_come_again_until_they_are_confirmed(
    channel: TelegramChannel, world: World, alice: Person
) -> None:
    people.say(world, alice, "một")
    people.say(world, alice, "hai")
    first = await channel.fetch(0)
    assert [json.loads(update.payload)["message"]["text"] for update in first] == ["một", "hai"]
    assert await channel.fetch(0) == first
    channel.confirm(first[:1])
    assert await channel.fetch(0) == first[1:]
    channel.confirm(first)
    assert await channel.fetch(0) == []
    assert not world.updates.pending


async def test_nothing_fetched_confirms_nothing(channel: TelegramChannel, world: World, alice: Person) -> None:
    channel.confirm(await channel.fetch(0))
    people.say(world, alice, "một")
    assert len(await channel.fetch(0)) == 1


async def test_a_messenger_out_of_reach_is_a_reason_to_try_later(
    server: SandboxServer, channel: TelegramChannel, world: World
) -> None:
    world.faults.add(Fault(FaultKind.SERVER_ERROR, method="getUpdates"))
    with pytest.raises(TryLater):
        await channel.fetch(0)
    other = TelegramChannel(f"{TOKEN}x", server.address)
    with pytest.raises(TryLater, match="does not accept the token"):
        await other.open({})
    await other.close()


async def test_what_keeps_the_bot_from_writing_to_a_group_is_said(
    channel: TelegramChannel, world: World, alice: Person
) -> None:
    group = world.add_group("Truyền thông", [alice], [alice])
    assert await channel.standing(str(group.id)) is None
    people.remove_bot(world, alice, group)
    assert await channel.standing(str(group.id)) == "the bot is not in it any more"


def menu(world: World, chat: int, person: Person) -> list[str]:
    return [each["command"] for each in world.commands_for(world.chat(chat), person)]
