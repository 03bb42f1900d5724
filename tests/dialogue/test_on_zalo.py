"""What is different on Zalo: words for buttons, links for files, and what cannot be done there."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import select

from bot.storage.models import InboxRow
from tests.cast import TAG
from tests.databases import Sqlite
from tests.dialogue.reporting import COMMUNE
from tests.dialogue.reviewing import GROUP, LINK, disputed
from tests.dialogue.test_pages import keep
from tests.zalo_cast import LINK as FILE
from tests.zalo_cast import ZaloStage


@pytest.fixture
async def stage(sqlite: Sqlite) -> AsyncIterator[ZaloStage]:
    """The cast on Zalo."""
    async with ZaloStage(sqlite.fresh("staged")) as opened:
        await opened.owe_nothing()
        yield opened


async def test_a_newcomer_needs_no_command_to_begin(stage: ZaloStage) -> None:
    assert "bot cần bạn đồng ý" in (await stage.charlie.says("xin chào"))[0]
    assert "Bạn có đồng ý không?" in (await stage.charlie.says("1"))[0]
    await stage.charlie.says("đồng ý")
    assert "Họ và tên" in (await stage.charlie.says("ĐĂNG KÝ"))[0]


async def test_a_post_is_accepted_by_words_and_not_by_a_number(stage: ZaloStage) -> None:
    await disputed(stage)
    await stage.bob.says("duyệt")
    [case] = await stage.bob.presses("Duyệt từng bài")
    assert "Số 1 · Alice" in case
    assert "chưa làm gì" in (await stage.bob.says("duyệt"))[0]
    assert await stage.alice.hears() == []
    await stage.bob.presses("✅ Duyệt")
    assert "được tính" in (await stage.alice.hears())[0]


async def test_the_address_of_a_post_is_said_once(stage: ZaloStage) -> None:
    await disputed(stage)
    await stage.bob.says("/duyet")
    await stage.bob.presses("Duyệt từng bài")
    assert stage.bob.last().text.count(LINK) == 1


async def test_an_invitation_says_where_to_go_and_what_to_send(stage: ZaloStage) -> None:
    await stage.bob.says("/moi")
    text = stage.bob.last().text
    assert f"Mở https://bot.zaloplatforms.com/bots/{stage.zalo.bot_id} rồi gửi cho bot:\n/start " in text
    assert (await stage.bob.picture()).startswith(b"\x89PNG")
    assert not any(each.black for each in stage.zalo.messages)


async def test_a_file_comes_by_a_page_on_which_one_asks_for_it(stage: ZaloStage) -> None:
    await stage.alice.says("/thoihan")
    [said] = await stage.alice.presses("Lịch .ics")
    assert "thoi-han-bao-cao.ics (1 KB)" in said
    assert "Tải về trong 24 giờ" in said
    found = FILE.search(said)
    assert found
    async with httpx.AsyncClient(follow_redirects=True) as browser:
        page = await browser.get(found[0])
        file = await browser.post(found[0])
    assert "BEGIN:VCALENDAR" not in page.text
    assert file.text.startswith("BEGIN:VCALENDAR")
    await stage.later(hours=24)
    async with httpx.AsyncClient() as browser:
        assert (await browser.post(found[0])).status_code == 404


async def test_what_is_long_comes_in_parts_with_the_options_at_the_end(stage: ZaloStage) -> None:
    posts = "".join(f"{GROUP}11111111111{n}/\nBài #DQTVXATUYENTHANH\n" for n in range(10, 20))
    first, last = await stage.alice.says(posts)
    assert first.startswith("⏳ Số 1 ·")
    assert "⏳ Số 10 ·" in last
    assert len(stage.alice.buttons()) == 10
    [more] = await stage.alice.says("0")
    assert "Các lựa chọn tiếp theo" in more
    assert "🙋 Nhờ người xem số 5" in stage.alice.buttons()


async def test_a_roster_cannot_be_sent_and_where_there_is_no_other_way_one_invites(stage: ZaloStage) -> None:
    [answer] = await stage.bob.says("/nhap")
    assert "không chuyển được tệp cho bot" in answer
    assert "Hãy gõ /moi" in answer


async def test_figures_of_pages_are_pasted_where_no_file_can_be_sent(stage: ZaloStage) -> None:
    await keep(stage, COMMUNE, "https://www.facebook.com/xatuyenthanh", "Trang xã")
    await stage.bob.says("/trang")
    [answer] = await stage.bob.presses("Gửi số liệu bằng tệp")
    assert "Hãy dán các dòng bằng nút dưới đây" in answer
    assert "của nhiều trang" in (await stage.bob.presses("Dán số liệu nhiều trang"))[0]


async def test_a_free_question_offers_numbers_for_its_options_only(stage: ZaloStage) -> None:
    await stage.charlie.says("xin chào")
    await stage.charlie.says("1")
    await stage.charlie.says("đồng ý")
    await stage.charlie.says("ĐĂNG KÝ")
    text = stage.charlie.last().text
    assert text.startswith("Họ và tên đầy đủ của bạn là gì?")
    assert "Gõ số để chọn:\n1. 🔑 Tôi có mã\n2. ✖ Thôi" in text
    assert "Trả lời" not in text


async def test_a_hidden_link_is_explained_while_a_question_waits(stage: ZaloStage) -> None:
    link = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/1111111111111/"
    await stage.alice.says(link)
    stage.zalo.knobs.previews_hide = True
    assert "link có khung xem trước" in (await stage.alice.says(f"{link}\n{TAG}"))[0]


async def test_a_broadcast_may_have_a_picture_and_no_file(stage: ZaloStage) -> None:
    await stage.dung.says("/thongbao")
    assert "chữ, hoặc một ảnh kèm chú thích." in (await stage.dung.presses("Soạn thông báo"))[0]
    assert "chỉ gửi được chữ hoặc ảnh." in (await stage.dung.sends_file("a.pdf", b"%PDF"))[0]
    await stage.dung.sends_picture("Xem kèm")
    await stage.dung.presses("📣 Gửi")
    await stage.later(seconds=61)
    await stage.later(seconds=5)
    [message] = [each for each in stage.alice.chat() if "Xem kèm" in each.text]
    assert message.photo


async def test_a_link_that_hides_behind_its_preview_is_asked_for_without_it(stage: ZaloStage) -> None:
    stage.zalo.knobs.previews_hide = True
    link = f"{GROUP}1111111111111/"
    [answer] = await stage.alice.says(f"{link}\n{TAG}")
    assert "link có khung xem trước" in answer
    assert "bấm ✕ để bỏ khung" in answer
    [receipt] = await stage.alice.says(f"{link.removeprefix('https://')}\n{TAG}")
    assert receipt.startswith("✅ Số 1 ·")


async def test_what_is_written_is_marked_where_it_differs(stage: ZaloStage) -> None:
    [answer] = await stage.alice.says(f"{GROUP}1111111111111/\nBài #DQTV_TUYENTHANH-KIENTUONG")
    assert "Đã viết: #DQTV_TUYENTHANH-KIENTUONG[+LONGAN]" in answer
    message = stage.on_zalo[0].last()
    text = message.text.encode("utf-16-le")
    marked = [
        (text[2 * each["start"] : 2 * (each["start"] + each["len"])].decode("utf-16-le"), each["st"])
        for each in message.styles
    ]
    assert ("_", ["b", "u"]) in marked
    assert ("[+LONGAN]", ["b"]) in marked


async def test_on_friday_an_admin_gets_the_week_and_its_chart(stage: ZaloStage) -> None:
    for number in range(3):
        await stage.alice.says(f"{GROUP}111111111111{number}/\nBài {TAG}")
    await stage.bob.hears()
    await stage.later(days=4, hours=8)
    while await stage.app.drawer.step():
        await stage.settle()
    said = [each for each in stage.bob.chat() if each.from_bot]
    assert sum(each.text.startswith("📊") for each in said) == 1
    [chart] = [each for each in said if each.photo]
    assert chart.text == "📈 Số bài được tính mỗi tuần của Xã Tuyên Thạnh."
    assert (await stage.bob.picture()).startswith(b"\x89PNG")


async def test_an_update_that_cannot_be_understood_holds_up_nobody(stage: ZaloStage) -> None:
    stage.zalo.tell_bot({"event_name": "message.text.received", "message": {"chat": {"id": stage.alice.person.id}}})
    stage.zalo.tell_bot({"event_name": ["x"], "message": None})
    assert "Hashtag của bạn" in (await stage.bob.says("/hashtag"))[0]
    for _ in range(5):
        await stage.later(minutes=1)
    dead = await stage.ask(lambda s: s.scalars(select(InboxRow.payload).where(InboxRow.state == "dead")).all())
    assert len(dead) == 1
    assert "Hashtag của bạn" in (await stage.alice.says("/hashtag"))[-1]
