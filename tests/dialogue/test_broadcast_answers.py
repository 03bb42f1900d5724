"""What members do with a broadcast: confirm that they read it, ask its author, hear from him."""

import pytest

from bot.sandbox import people
from tests.cast import PICTURE, Stage
from tests.dialogue.broadcasting import begin, got, sends, writes
from tests.dialogue.reminding import signed


@pytest.fixture(autouse=True)
async def begun(stage: Stage) -> None:
    await begin(stage)


async def test_members_confirm_that_they_read_it_and_the_author_sees_how_many(stage: Stage) -> None:
    await writes(stage.dung, "Họp")
    await stage.dung.presses("Xác nhận “Đã đọc”")
    await stage.dung.presses("📣 Gửi")
    await stage.later(seconds=61)
    await stage.later(seconds=5)
    await stage.alice.hears()
    data = stage.alice.data_of("Đã đọc")
    for _ in range(2):
        assert "đã ghi nhận" in (await stage.alice.presses("Đã đọc"))[-1]
    alices = int(data.split("|")[2])
    assert "đã ghi nhận" not in (await signed(stage, stage.bob, "broadcast.read", alices))[-1]
    await stage.dung.says("/thongbao")
    assert "Đã xác nhận đọc: 1" in (await stage.dung.presses("Số 1"))[-1]


async def test_an_answer_reaches_the_author_who_answers_back_through_the_bot(stage: Stage) -> None:
    await sends(stage.dung, "Họp lúc 8 giờ")
    assert "trả lời (reply) tin này" in got(stage.alice, "Họp lúc 8 giờ")[0]
    await stage.dung.hears()
    assert "Đã chuyển" in (await stage.alice.replies("Họp lúc 8 giờ", "Em xin vắng"))[-1]
    assert "Alice (Xã Tuyên Thạnh) trả lời thông báo số 1:\nEm xin vắng" in (await stage.dung.hears())[-1]
    await stage.dung.presses("💬 Trả lời")
    await stage.dung.says("Được nhé")
    assert "Dung (Tỉnh Long An) trả lời bạn:\nĐược nhé" in (await stage.alice.hears())[-1]
    await stage.alice.presses("Trả lời lại")
    await stage.alice.says("Em cảm ơn")
    assert "Em cảm ơn" in (await stage.dung.hears())[-1]


@pytest.mark.telegram_only("Zalo does not tell which message is answered")
async def test_nobody_in_a_group_is_asked_to_press_or_to_reply(stage: Stage) -> None:
    people.add_bot(stage.world, stage.bob.person, stage.group)
    people.say(stage.world, stage.bob.person, "/lienket", stage.group)
    await stage.settle()
    await writes(stage.dung, "Họp lúc 8 giờ")
    await stage.dung.presses("Xác nhận “Đã đọc”")
    await stage.dung.presses("Đối tượng")
    await stage.dung.presses("Nhóm")
    await stage.dung.presses("◀ Quay lại")
    await stage.dung.presses("📣 Gửi")
    await stage.later(seconds=61)
    [there] = [each.text for each in stage.world.messages(stage.group.id) if "Họp lúc 8 giờ" in each.text]
    assert there == "📣 Tỉnh Long An\n\nHọp lúc 8 giờ"


@pytest.mark.telegram_only("Zalo does not tell which message is answered")
async def test_a_reply_with_a_link_is_handed_in_like_any_link(stage: Stage) -> None:
    await sends(stage.dung, "Họp")
    await stage.dung.hears()
    link = "https://www.facebook.com/toiyeuchiensisaovuong/posts/123456789012345"
    assert "Đã chuyển" not in (await stage.alice.replies("Họp", link))[-1]
    assert not any("trả lời thông báo" in text for text in await stage.dung.hears())


@pytest.mark.telegram_only("Zalo does not tell which message is answered")
async def test_a_reply_to_anything_else_is_an_ordinary_message(stage: Stage) -> None:
    await stage.alice.says("/hashtag")
    assert "Đã chuyển" not in (await stage.alice.replies("Hashtag", "cảm ơn"))[-1]


async def test_nobody_answers_in_anothers_name(stage: Stage) -> None:
    await sends(stage.dung, "Họp")
    await stage.alice.replies("Họp", "Em xin vắng")
    assert "không thuộc phạm vi" in (await signed(stage, stage.bob, "broadcast.answer", 1))[-1]
    assert "Đã chuyển" not in (await signed(stage, stage.bob, "broadcast.ask", 1))[-1]


@pytest.mark.telegram_only("Zalo hands on no files")
@pytest.mark.parametrize("caption", ["Đơn xin vắng", "", "x" * 900])
async def test_a_file_that_comes_with_an_answer_reaches_the_author(stage: Stage, caption: str) -> None:
    await sends(stage.dung, "Họp")
    message = next(each for each in reversed(stage.alice.chat()) if "Họp" in each.text)
    people.send_document(stage.world, stage.alice.person, "don.pdf", b"%PDF", caption, reply_to=message)
    assert "Đã chuyển" in (await stage.alice.hears())[-1]
    told = await stage.dung.hears()
    assert any("Alice (Xã Tuyên Thạnh) trả lời thông báo số 1" in each and caption in each for each in told)
    assert await stage.dung.file() == ("don.pdf", b"%PDF")


async def test_a_picture_that_comes_with_an_answer_reaches_the_author(stage: Stage) -> None:
    await sends(stage.dung, "Họp")
    await stage.alice.replies("Họp", "Em hỏi")
    await stage.dung.presses("💬 Trả lời")
    await stage.dung.says("Gửi ảnh đi")
    await stage.alice.hears()
    await stage.alice.presses("Trả lời lại")
    assert "Đã chuyển" in (await stage.alice.sends_picture())[-1]
    await stage.dung.hears()
    assert await stage.dung.picture() == PICTURE
