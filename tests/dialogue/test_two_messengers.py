"""One person on Telegram and on Zalo: one identity, and each message once, where he was last."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from bot.storage.models import Account, Membership, Recipient
from tests.cast import Actor, code_of
from tests.databases import Sqlite
from tests.dialogue.broadcasting import begin, writes
from tests.dialogue.reviewing import GROUP, WRONG
from tests.zalo_cast import ZaloStage


@pytest.fixture
async def both(sqlite: Sqlite) -> AsyncIterator[ZaloStage]:
    """The cast on Telegram, each with Zalo on the same phone."""
    async with ZaloStage(sqlite.fresh("staged"), beside=True) as opened:
        await begin(opened)
        yield opened


async def join(actor: Actor, there: Actor) -> str:
    """Take the code from one messenger to the other; what was answered there."""
    await actor.says("/ketnoi")
    await actor.presses("Tạo mã")
    await there.says("/ketnoi")
    return (await there.says(actor.copies()[0].removeprefix("/ketnoi ")))[0]


async def use(stage: ZaloStage, actor: Actor) -> None:
    """Use the bot there, later than anything before."""
    await stage.later(minutes=2)
    await actor.says("/hashtag")


async def test_the_code_of_one_messenger_joins_the_other(both: ZaloStage) -> None:
    on_zalo = both.on_zalo[0]
    assert "✅ Đã nối" in await join(both.alice, on_zalo)
    assert "Một tài khoản Zalo vừa được nối" in (await both.alice.hears())[0]
    assert "Xã Tuyên Thạnh" in (await on_zalo.says("/hoso"))[0]
    rows = await both.ask(lambda s: s.execute(select(Account.channel, Account.person_id, Account.chat)).all())
    [alices] = {person for _, person, chat in rows if chat == "2002"}
    assert {channel for channel, person, _ in rows if person == alices} == {"telegram", "zalo"}


async def test_what_the_bot_says_by_itself_comes_where_one_was_last(both: ZaloStage) -> None:
    on_zalo = both.on_zalo[0]
    await join(both.alice, on_zalo)
    for number, (here, elsewhere) in enumerate([(on_zalo, both.alice), (both.alice, on_zalo)]):
        await both.alice.says(f"{GROUP}111111111111{number}\n{WRONG}")
        await both.alice.presses("Nhờ người xem")
        await use(both, here)
        await elsewhere.hears()
        await both.bob.says("/duyet")
        await both.bob.presses("Duyệt từng bài")
        await both.bob.presses("✅ Duyệt")
        assert "đã được người duyệt xem và được tính" in (await here.hears())[-1]
        assert await elsewhere.hears() == []


async def test_a_broadcast_reaches_a_person_on_both_once(both: ZaloStage) -> None:
    on_zalo = both.on_zalo[0]
    await join(both.alice, on_zalo)
    await use(both, on_zalo)
    assert "3 người sẽ nhận" in await writes(both.dung, "Họp lúc 8 giờ")
    await both.dung.presses("📣 Gửi")
    await both.later(seconds=61)
    await both.later(seconds=5)
    assert [_got(each) for each in (both.alice, on_zalo, both.bob)] == [0, 1, 1]
    assert len(await both.ask(lambda s: s.scalars(select(Recipient)).all())) == 3
    assert "Đã chuyển" in (await on_zalo.replies("Họp", "Em xin vắng"))[-1]
    assert "Em xin vắng" in (await both.dung.hears())[-1]


async def test_who_comes_by_zalo_is_let_in_by_an_admin_on_telegram(both: ZaloStage) -> None:
    charlie = both.on_zalo[3]
    assert "bot cần bạn đồng ý" in (await charlie.says("xin chào"))[0]
    await both.register(charlie)
    [request] = await both.bob.hears()
    assert request.startswith("Nguyễn Văn A xin vào Xã Tuyên Thạnh")
    await both.bob.presses("Duyệt")
    assert "Bạn đã được duyệt vào Xã Tuyên Thạnh" in (await charlie.hears())[0]


async def test_a_roster_that_cannot_be_sent_on_one_messenger_is_asked_for_on_the_other(both: ZaloStage) -> None:
    on_zalo = both.on_zalo[1]
    await join(both.bob, on_zalo)
    assert "Hãy gõ /nhap với bot ở Telegram (nối tài khoản bằng /ketnoi)" in (await on_zalo.says("/nhap"))[0]


async def test_an_invitation_says_the_way_in_on_each_messenger(both: ZaloStage) -> None:
    await both.bob.says("/moi")
    link, words = both.bob.copies()
    assert link.startswith("https://t.me/")
    assert words == f"/start {code_of(link)}"
    text = both.bob.last().text
    assert f"Telegram: mở link\n{link}" in text
    assert f"Zalo: mở https://bot.zaloplatforms.com/bots/{both.zalo.bot_id} rồi gửi cho bot\n{words}\n" in text
    assert "quét mã, mở Telegram" in text


async def test_the_code_of_an_invitation_works_on_the_other_messenger(both: ZaloStage) -> None:
    await both.bob.says("/moi")
    code = code_of(both.bob.copies()[0])
    charlie = both.on_zalo[3]
    await charlie.starts(code)
    assert "Bạn được mời vào Xã Tuyên Thạnh" in (await charlie.presses("Đồng ý"))[0]
    await charlie.says("Nguyễn Văn A")
    await charlie.presses("Chiến sĩ")
    for _ in range(3):
        await charlie.presses("Bỏ qua")
    assert "Xong! Bạn đã là thành viên" in (await charlie.presses("Xác nhận"))[0]
    names = await both.ask(lambda s: s.scalars(select(Membership.full_name)).all())
    assert "Nguyễn Văn A" in names


def _got(actor: Actor) -> int:
    return sum(each.from_bot and each.text.startswith("📣") and "Họp lúc 8 giờ" in each.text for each in actor.chat())
