"""Our channel against the emulator of Zalo: what it sends, and how updates come by polling."""

import asyncio

import pytest

from bot.channels.base import InDoubt, OurFault, OverQuota, Rejected, SendError, Throttled, TryLater
from bot.channels.zalo import ZaloChannel
from bot.messages import Address, Outgoing
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.zalo import people
from bot.sandbox.zalo.model import EmptyPoll, Message, Person
from bot.sandbox.zalo.server import ZaloServer
from bot.sandbox.zalo.world import ZaloWorld
from tests.channels.conftest import ZALO_TOKEN

PIXEL = b"\x89PNG not looked into"


def to(person: Person) -> Address:
    return Address("zalo", person.id)


def said(world: ZaloWorld, person: Person) -> list[Message]:
    return [message for message in world.in_chat(person.id) if message.from_bot]


def methods(world: ZaloWorld) -> list[str]:
    return [call.method for call in world.calls if call.method != "getMe"]


async def test_the_bot_learns_who_it_is(zalo_server: ZaloServer, zalo: ZaloWorld) -> None:
    channel = ZaloChannel(ZALO_TOKEN, zalo_server.address)
    identity = await channel.open({})
    await channel.close()
    assert identity.name == zalo.bot_name
    assert identity.join_link == f"https://bot.zaloplatforms.com/bots/{zalo.bot_id}"


async def test_a_text_arrives_with_its_styles(zalo_channel: ZaloChannel, zalo: ZaloWorld, hoa: Person) -> None:
    number = await zalo_channel.send(to(hoa), Outgoing("👍 <b>Chào</b> &lt;bạn&gt;"), None)
    [message] = said(zalo, hoa)
    assert (message.id, message.text) == (number, "👍 Chào <bạn>")
    assert message.styles == [{"start": 3, "len": 4, "st": ["b"]}]


async def test_a_message_that_says_nothing_makes_no_call(
    zalo_channel: ZaloChannel, zalo: ZaloWorld, hoa: Person
) -> None:
    assert await zalo_channel.send(to(hoa), Outgoing("", answers="7", notice="x"), None) is None
    assert methods(zalo) == []


async def test_a_text_whose_styles_are_refused_goes_plain(
    zalo_channel: ZaloChannel, zalo: ZaloWorld, hoa: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sandbox.zalo.limits.CODES", frozenset[str]())
    await zalo_channel.send(to(hoa), Outgoing("<b>Chào</b>"), None)
    [message] = said(zalo, hoa)
    assert (message.text, message.styles) == ("Chào", [])
    assert methods(zalo) == ["sendMessage", "sendMessage"]


async def test_a_picture_goes_by_its_address_with_a_caption(
    zalo_channel: ZaloChannel, zalo: ZaloWorld, hoa: Person
) -> None:
    people.send_photo(zalo, hoa, PIXEL)
    [update] = await zalo_channel.fetch(0)
    incoming = zalo_channel.read(update)
    assert incoming is not None
    number = await zalo_channel.send(to(hoa), Outgoing("<b>Biểu đồ</b>", picture=incoming.picture), None)
    [message] = said(zalo, hoa)
    assert (message.id, message.text, message.photo) == (number, "Biểu đồ", incoming.picture)
    assert not message.black


async def test_a_picture_that_zalo_cannot_fetch_becomes_text_with_its_address(
    zalo_channel: ZaloChannel, zalo: ZaloWorld, hoa: Person
) -> None:
    address = f"{zalo.address}/pictures/gone.png"
    await zalo_channel.send(to(hoa), Outgoing("Biểu đồ", picture=address), None)
    await zalo_channel.send(to(hoa), Outgoing("x" * 1990, picture=address), None)
    assert [message.text for message in said(zalo, hoa)] == [f"Biểu đồ\n{address}", "x" * 1990]


async def test_who_administers_a_group_is_not_told(zalo_channel: ZaloChannel) -> None:
    assert await zalo_channel.admins("zgr-1") == frozenset()


async def test_files_are_not_handed_on(zalo_channel: ZaloChannel) -> None:
    with pytest.raises(OurFault):
        await zalo_channel.download("x", 1)


FAULTS: list[tuple[Fault, type[SendError], int]] = [
    # the fault, what it means, how many messages are there all the same
    (Fault(FaultKind.TOO_MANY_REQUESTS), Throttled, 0),
    (Fault(FaultKind.FORBIDDEN), TryLater, 0),
    (Fault(FaultKind.SERVER_ERROR, status=500), TryLater, 0),
    (Fault(FaultKind.SERVER_ERROR, status=502), TryLater, 0),
    (Fault(FaultKind.SERVER_ERROR, status=504), InDoubt, 0),
    (Fault(FaultKind.DROP_BEFORE), InDoubt, 0),
    (Fault(FaultKind.DROP_AFTER), InDoubt, 1),
    (Fault(FaultKind.GARBAGE), InDoubt, 1),
]


@pytest.mark.parametrize(("fault", "meaning", "there"), FAULTS, ids=lambda value: getattr(value, "kind", None))
async def test_a_fault_says_what_to_do_next(
    zalo_channel: ZaloChannel, zalo: ZaloWorld, hoa: Person, fault: Fault, meaning: type[SendError], there: int
) -> None:
    zalo.faults.add(Fault(fault.kind, status=fault.status))
    with pytest.raises(SendError) as caught:
        await zalo_channel.send(to(hoa), Outgoing("x"), None)
    assert type(caught.value) is meaning
    assert len(said(zalo, hoa)) == there


async def test_nobody_listening_means_nothing_was_sent(hoa: Person) -> None:
    channel = ZaloChannel(ZALO_TOKEN, "http://127.0.0.1:1")
    with pytest.raises(TryLater):
        await channel.send(to(hoa), Outgoing("x"), None)
    await channel.close()


async def test_a_stranger_a_long_text_and_an_empty_chat_are_our_fault(
    zalo_channel: ZaloChannel, zalo: ZaloWorld, hoa: Person
) -> None:
    stranger = zalo.add_person("Lan")
    for address, text in ((to(stranger), "x"), (to(hoa), "x" * 2001), (Address("zalo", ""), "x")):
        with pytest.raises(OurFault) as caught:
            await zalo_channel.send(address, Outgoing(text), None)
        assert "Bad request" in caught.value.reason or "chat_id" in caught.value.reason


async def test_a_used_up_quota_silences_the_bot_for_a_while_and_ends_with_the_month(
    zalo_channel: ZaloChannel, zalo: ZaloWorld, hoa: Person
) -> None:
    zalo.used[zalo.month] = zalo.knobs.most_a_month
    with pytest.raises(OverQuota) as caught:
        await zalo_channel.send(to(hoa), Outgoing("x"), None)
    assert caught.value.seconds == 600


@pytest.mark.parametrize("status", [200, 401])
async def test_a_wrong_token_is_told_from_everything_else(
    zalo_server: ZaloServer, zalo: ZaloWorld, status: int
) -> None:
    zalo.knobs.token_status = status
    channel = ZaloChannel("1:wrong", zalo_server.address)
    for asking in (channel.open({}), channel.fetch(0)):
        with pytest.raises(Rejected):
            await asking
    await channel.close()


@pytest.mark.parametrize("codes_are_strings", [False, True])
@pytest.mark.parametrize("answer", EmptyPoll)
async def test_a_poll_that_finds_nothing_is_no_error(
    zalo_channel: ZaloChannel, zalo: ZaloWorld, answer: EmptyPoll, codes_are_strings: bool
) -> None:
    zalo.knobs.empty_poll, zalo.knobs.string_codes = answer, codes_are_strings
    assert await zalo_channel.fetch(0) == []


async def test_a_poll_brings_one_update_at_a_time_and_waits_for_the_next(
    zalo_channel: ZaloChannel, zalo: ZaloWorld, hoa: Person
) -> None:
    people.say(zalo, hoa, "một")
    people.say(zalo, hoa, "hai")
    texts = []
    for _ in range(2):
        [update] = updates = await zalo_channel.fetch(0)
        texts.append(update.payload.count("một"))
        zalo_channel.confirm(updates)
    assert texts == [1, 0]
    waiting = asyncio.create_task(zalo_channel.fetch(5))
    await zalo.until(lambda: True)
    people.say(zalo, hoa, "ba")
    assert len(await waiting) == 1


async def test_what_was_fetched_is_given_again_until_it_is_confirmed(
    zalo_channel: ZaloChannel, zalo: ZaloWorld, hoa: Person
) -> None:
    people.say(zalo, hoa, "một")
    people.say(zalo, hoa, "hai")
    first = await zalo_channel.fetch(0)
    assert await zalo_channel.fetch(0) == first
    assert len(zalo.pending) == 1
    zalo_channel.confirm(first)
    assert await zalo_channel.fetch(0) != first


async def test_a_webhook_is_removed_before_polling_and_that_there_is_none_does_no_harm(
    zalo_channel: ZaloChannel, zalo: ZaloWorld
) -> None:
    await zalo_channel.use_webhook(f"{zalo.address}/nobody-here", "s3cret-of-the-door")
    with pytest.raises(OurFault):
        await zalo_channel.fetch(0)
    await zalo_channel.use_polling()
    await zalo_channel.use_polling()
    assert await zalo_channel.fetch(0) == []


async def test_a_day_with_too_many_starts_goes_on_with_the_webhook_that_is_set(
    zalo_channel: ZaloChannel, zalo: ZaloWorld
) -> None:
    url = f"{zalo.address}/hook"
    zalo.knobs.webhook_calls_a_day = 1
    for _ in range(2):
        await zalo_channel.use_webhook(url, "s3cret-of-the-door")
    with pytest.raises(TryLater):
        await zalo_channel.use_webhook(f"{url}/other", "s3cret-of-the-door")
    assert zalo.webhook.url == url
