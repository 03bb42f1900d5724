"""Zalo's webhook over HTTP: every shape in which it calls, and what must not get in."""

from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from bot.channels.zalo import ZaloChannel
from bot.messages import Incoming, RawUpdate
from bot.sandbox.loopback import HOST, Loopback
from bot.sandbox.zalo import people, webhooks
from bot.sandbox.zalo.model import Person, Secret
from bot.sandbox.zalo.world import ZaloWorld
from bot.webhook import build_app

SECRET = "s3cret-of-the-door"  # noqa: S105 -- opens nothing but this test's own door


class Door:
    """The bot's webhook on loopback, and what was kept behind it."""

    def __init__(self, channel: ZaloChannel, world: ZaloWorld) -> None:
        self.channel = channel
        self.world = world
        self.kept: list[RawUpdate] = []
        self.url = ""

    async def keep(self, updates: list[RawUpdate]) -> None:
        self.kept += updates

    async def answers(self, number: int) -> list[int]:
        """The statuses with which so many updates were answered."""
        await self.world.until(lambda: len(self.world.answers) >= number)
        return self.world.answers

    def read(self) -> list[Incoming | None]:
        return [self.channel.read(update) for update in self.kept]


@pytest.fixture
async def door(zalo_channel: ZaloChannel, zalo: ZaloWorld) -> AsyncIterator[Door]:
    opened, server = Door(zalo_channel, zalo), Loopback()
    port = await server.start(build_app(zalo_channel, "/hook", SECRET, opened.keep), 0)
    opened.url = f"http://{HOST}:{port}/hook"
    zalo.webhook.url, zalo.webhook.secret = opened.url, SECRET
    yield opened
    zalo.webhook.url = ""
    await server.end(lambda: None)


@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize("photo_field", ["photo", "photo_url"])
async def test_an_update_comes_in_both_shapes(
    door: Door, zalo: ZaloWorld, hoa: Person, wrapped: bool, photo_field: str
) -> None:
    zalo.knobs.wrapped, zalo.knobs.photo_field = wrapped, photo_field
    people.say(zalo, hoa, "xin chào")
    people.send_photo(zalo, hoa, b"png", "ảnh")
    assert await door.answers(2) == [200, 200]
    text, picture = door.read()
    assert text is not None
    assert picture is not None
    assert (text.text, picture.text) == ("xin chào", "ảnh")
    assert (picture.picture or "").startswith(f"{zalo.address}/pictures/")


@pytest.mark.parametrize("secret", [Secret.WRONG, Secret.MISSING])
async def test_a_call_without_the_secret_is_refused_but_an_empty_probe_is_answered(
    door: Door, zalo: ZaloWorld, hoa: Person, secret: Secret
) -> None:
    zalo.knobs.secret = secret
    people.say(zalo, hoa, "xin chào")
    assert await door.answers(1) == [403]
    assert await webhooks.post(zalo, b"{}") == 403
    assert await webhooks.post(zalo, b"") == 200
    assert door.kept == []


@pytest.mark.parametrize(
    ("body", "status"), [(b"{}", 200), (b'{"ok":true,"result":{}}', 200), (b"[]", 400), (b"{", 400)]
)
async def test_a_probe_and_rubbish_leave_nothing_behind(door: Door, zalo: ZaloWorld, body: bytes, status: int) -> None:
    assert await webhooks.post(zalo, body) == status
    assert door.kept == []


async def test_the_same_update_has_the_same_key_and_an_unknown_one_is_kept_without_harm(
    door: Door, zalo: ZaloWorld, hoa: Person
) -> None:
    people.say(zalo, hoa, "xin chào")
    people.repeat(zalo, zalo.pending[0])
    people.do_unknown(zalo, hoa)
    people.send_file(zalo, hoa)
    assert await door.answers(4) == [200, 200, 200, 200]
    assert door.kept[0].id == door.kept[1].id
    assert len({update.id for update in door.kept}) == 3
    assert door.read()[2] is None


async def test_the_emulator_repeats_a_refused_update_if_it_is_told_to(door: Door, zalo: ZaloWorld, hoa: Person) -> None:
    zalo.knobs.repeats_webhook, zalo.knobs.secret = True, Secret.WRONG
    people.say(zalo, hoa, "xin chào")
    assert await door.answers(2) == [403, 403]


async def test_a_webhook_that_is_set_is_probed_and_updates_flow(
    zalo_channel: ZaloChannel, zalo: ZaloWorld, hoa: Person, door: Door
) -> None:
    zalo.webhook.url = ""
    with capture_logs() as lines:
        await zalo_channel.use_webhook(door.url, SECRET)
    assert lines == []
    people.say(zalo, hoa, "xin chào")
    group = zalo.add_group(hoa)
    people.mention(zalo, hoa, "giúp", group)
    people.say(zalo, hoa, "nói với nhau thôi", group)
    assert await door.answers(2) == [200, 200]
    assert [(each.text, each.private) for each in door.read() if each] == [("xin chào", True), ("giúp", False)]


async def test_a_webhook_that_zalo_does_not_reach_is_told_and_kept(zalo_channel: ZaloChannel, zalo: ZaloWorld) -> None:
    with capture_logs() as lines:
        await zalo_channel.use_webhook(f"{zalo.address}/nobody", SECRET)
    assert [line["outcome"] for line in lines] == ["webhook.http.404"]
    assert zalo.webhook.url.endswith("/nobody")
