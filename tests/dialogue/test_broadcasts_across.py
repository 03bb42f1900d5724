"""Broadcasts over two messengers: what is attached, how fast each is, what its quota leaves, how the end is told."""

from collections.abc import AsyncIterator
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, select, update

from bot.actions import housekeeping
from bot.domain.quota import Quota
from bot.sandbox import people
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.zalo import people as zalo_people
from bot.storage import quotas
from bot.storage.models import Account, Attachment, Download, StoredFile
from tests.cast import PICTURE, Actor, Stage
from tests.databases import Sqlite
from tests.dialogue.broadcasting import begin, got, outcomes, sends, writes
from tests.zalo_cast import ZaloActor, ZaloStage

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
async def both(sqlite: Sqlite) -> AsyncIterator[ZaloStage]:
    """Dung and Bob on Telegram, Alice on Zalo."""
    async with ZaloStage(sqlite.fresh("staged"), beside=True) as opened:
        await begin(opened)
        opened.alice = await move(opened, opened.alice)
        yield opened


async def move(stage: ZaloStage, actor: Actor) -> ZaloActor:
    """This actor is on Zalo, and nowhere else; he has written there."""
    moved = update(Account).where(Account.chat == actor.address.chat).values(channel="zalo")
    await stage.ask(lambda s: s.execute(moved) and None)
    there = next(each for each in stage.on_zalo if each.address.chat == actor.address.chat)
    await there.says("/hoso")
    return there


async def send(actor: Actor) -> None:
    await actor.presses("📣 Gửi")
    await actor.stage.later(seconds=61)
    await actor.stage.later(seconds=3)


async def begins_with_a_picture(actor: Actor) -> list[str]:
    await actor.says("/thongbao")
    await actor.presses("Soạn thông báo")
    return await actor.sends_picture("Xem kèm")


async def test_a_picture_from_telegram_is_a_picture_on_zalo(both: ZaloStage) -> None:
    assert "🖼 có ảnh" in (await begins_with_a_picture(both.dung))[-1]
    await send(both.dung)
    [on_telegram] = [each for each in both.bob.chat() if "Xem kèm" in each.text]
    assert on_telegram.photo
    assert on_telegram.photo.content == PICTURE
    assert await both.alice.picture() == PICTURE
    [on_zalo] = got(both.alice, "Xem kèm")
    assert "/anh/" not in on_zalo


async def test_a_file_from_telegram_is_a_link_on_zalo(both: ZaloStage) -> None:
    await both.dung.says("/thongbao")
    await both.dung.presses("Soạn thông báo")
    await both.dung.sends_file("ke-hoach.pdf", b"%PDF", "Xem kèm")
    await send(both.dung)
    assert await both.bob.file() == ("ke-hoach.pdf", b"%PDF")
    assert await both.alice.file() == ("ke-hoach.pdf", b"%PDF")


async def test_a_picture_from_zalo_is_a_picture_on_telegram_long_after(both: ZaloStage) -> None:
    dung = await move(both, both.dung)
    await begins_with_a_picture(dung)
    both.zalo.pictures.clear()  # Zalo's own addresses do not last
    await send(dung)
    [on_telegram] = [each for each in both.bob.chat() if "Xem kèm" in each.text]
    assert on_telegram.photo
    assert on_telegram.photo.content == PICTURE
    assert await both.alice.picture() == PICTURE


async def test_what_cannot_be_copied_is_told_to_the_author_and_to_those_who_miss_it(both: ZaloStage) -> None:
    dung = await move(both, both.dung)
    await dung.says("/thongbao")
    await dung.presses("Soạn thông báo")
    zalo_people.send_photo(both.zalo, dung.person, PICTURE, "Xem kèm")
    both.zalo.pictures.clear()  # Zalo has forgotten it before the bot could ask
    assert "bot không lấy được bản sao" in (await dung.hears())[-1]
    await dung.says("/thongbao")
    assert "Không lấy được bản sao" in (await dung.presses("Số 1"))[-1]
    await send(dung)
    [on_telegram] = got(both.bob, "Xem kèm")
    assert "không chuyển được sang đây" in on_telegram


async def test_a_file_that_is_not_there_yet_holds_up_only_those_who_need_the_copy(both: ZaloStage) -> None:
    both.world.faults.add(Fault(FaultKind.SERVER_ERROR, 2, "getFile"))
    await begins_with_a_picture(both.dung)
    await send(both.dung)
    assert await outcomes(both) == {"sent": 2, "waiting": 1}
    for _ in range(3):
        await both.later(seconds=11)
    assert await outcomes(both) == {"sent": 3}
    assert await both.alice.picture() == PICTURE


async def test_it_is_sent_again_with_what_was_attached_though_the_copy_was_let_go(both: ZaloStage) -> None:
    await both.ask(lambda s: s.execute(update(Account).values(reachable=Account.channel != "zalo")) and None)
    await begins_with_a_picture(both.dung)
    await send(both.dung)
    await both.later(days=8)
    prune = housekeeping.prune_queues
    await both.ask(lambda s: s.execute(delete(Download)) and None)
    await both.ask(lambda s: prune(s, both.app.setup, both.app.now()))
    assert await both.ask(lambda s: s.scalar(select(func.count()).select_from(StoredFile))) == 0
    await both.ask(lambda s: s.execute(update(Account).values(reachable=True)) and None)
    await both.dung.says("/thongbao")
    await both.dung.presses("Số 1")
    await both.dung.presses("Gửi lại cho")
    await send(both.dung)
    assert await both.alice.picture() == PICTURE


async def test_a_picture_in_an_answer_crosses_to_its_author(both: ZaloStage) -> None:
    await sends(both.dung, "Họp")
    await both.alice.presses("Hỏi người gửi")
    assert "Đã chuyển" in (await both.alice.sends_picture("Ảnh đây ạ"))[-1]
    first, second = (await both.dung.hears())[-2:]
    assert "Alice (Xã Tuyên Thạnh) trả lời thông báo số 1:\nẢnh đây ạ" in first
    assert "bot gửi ngay sau tin này" in first
    assert "kèm câu trả lời cho thông báo số 1" in second
    assert await both.dung.picture() == PICTURE
    assert await both.ask(lambda s: s.scalars(select(Attachment)).all()) == []


async def test_a_file_in_an_answer_crosses_to_its_author(both: ZaloStage) -> None:
    dung = await move(both, both.dung)
    await sends(dung, "Họp")
    message = next(each for each in reversed(both.bob.chat()) if "Họp" in each.text)
    people.send_document(both.world, both.bob.person, "don.pdf", b"%PDF", reply_to=message)
    await both.bob.hears()
    assert await dung.file() == ("don.pdf", b"%PDF")


async def limit(stage: Stage, sent: int, *, day: int | None = None, month: int | None = None) -> None:
    """Zalo has a quota, of which so many messages are used."""
    quota, now = Quota(day, month, VIETNAM), stage.app.now()
    stage.app.use(replace(stage.app.setup, quotas={"zalo": quota}))
    await stage.ask(lambda s: quotas.count(s, "zalo", quota.day_of(now), sent=sent))


@pytest.mark.parametrize(
    ("sent", "day", "month", "length", "said"),
    [
        (94, 100, None, 10, "Zalo: 1 người nhận, 1 tin; hạn mức còn 1 tin trong ngày: đủ."),
        (0, None, 100, 3000, "Zalo: 1 người nhận, 2 tin; hạn mức còn 95 tin trong tháng: đủ."),
        (95, 100, 9999, 10, "hạn mức còn 0 tin trong ngày, 9405 tin trong tháng: không đủ, phần còn lại tự gửi tiếp"),
        (95, None, 100, 10, "hạn mức còn 0 tin trong tháng: không đủ, phần còn lại phải chờ sang tháng sau."),
    ],
)
async def test_the_preview_says_what_each_messenger_takes_and_whether_its_quota_is_enough(
    both: ZaloStage, sent: int, day: int | None, month: int | None, length: int, said: str
) -> None:
    await limit(both, sent, day=day, month=month)
    card = await writes(both.dung, "Họp " * (length // 4))
    assert "• Telegram: 2 người nhận." in card
    assert said in card
    assert ("Để kịp ngay: thu hẹp đối tượng" in card) == ("không đủ" in said)


async def test_where_the_quota_is_used_up_the_rest_is_told_the_day_after_and_nobody_else_waits(both: ZaloStage) -> None:
    await limit(both, 95, day=100)
    await writes(both.dung, "Họp")
    await send(both.dung)
    assert await outcomes(both) == {"sent": 2, "waiting": 1}
    assert any("Zalo gần hết hạn mức, phần còn lại tự gửi tiếp" in each.text for each in both.dung.chat())
    await both.later(days=1)
    await both.later(seconds=3)
    assert await outcomes(both) == {"sent": 3}
    assert len(got(both.alice, "Họp")) == 1


async def test_whose_messenger_is_not_run_any_more_cannot_be_reached(both: ZaloStage) -> None:
    telegram = {"telegram": both.app.setup.bots["telegram"]}
    both.app.use(replace(both.app.setup, bots=telegram))
    assert "1 người: chưa dùng bot (Alice)" in await writes(both.dung, "Họp")
