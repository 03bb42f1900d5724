"""The weekly summary in groups and private chats: /tongket, and Friday."""

import pytest

from bot.sandbox import people
from tests.cast import Stage
from tests.databases import Sqlite
from tests.dialogue.summarising import (
    WEEK,
    hand_in,
    in_group,
    in_group_later,
    linked,
    to_friday,
    weeks,
)


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_on_friday_the_group_and_the_admins_get_the_week_once(stage: Stage) -> None:
    await linked(stage)
    await hand_in(stage.alice, 1234567890123, 1234567890124)
    await to_friday(stage)
    for _ in range(3):
        await stage.restart()
        await stage.later(minutes=30)
    [in_the_group] = weeks(stage)
    assert in_the_group.startswith(WEEK)
    assert "2 bài được tính: 2 tin, bài; 0 hình ảnh, video." in in_the_group
    assert "Chỉ tiêu ít nhất 1 bài mỗi tuần: ▓░ 1/2 người đã đạt.\n" in in_the_group
    assert "• Tự hào Dân quân tự vệ Miền Đông: 2 tin, bài; 0 hình ảnh, video" in in_the_group
    assert "• Alice: 2 bài" in in_the_group
    assert "• Báo cáo tuần: trước 17:00 thứ Sáu 5/3/2027" in in_the_group
    # Who has not is for the admin to know, not for the group.
    assert weeks(stage, stage.bob.person.id) == [in_the_group.replace("đã đạt.\n", "đã đạt. Chưa đạt: Bob.\n")]
    [of_the_province] = weeks(stage, stage.dung.person.id)
    assert "• Alice (Xã Tuyên Thạnh): 2 bài" in of_the_province
    assert "🏆 Dẫn đầu khối xã, phường, thị trấn\n• Xã Tuyên Thạnh: 2 bài" in of_the_province
    assert weeks(stage, stage.alice.person.id) == []


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_before_the_hour_and_on_other_days_nothing_is_said(stage: Stage) -> None:
    await linked(stage)
    await stage.later(days=4, hours=6, minutes=59)
    assert weeks(stage) == []
    await stage.later(days=4)
    assert weeks(stage) == []


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_the_next_mornings_summary_ends_with_friday(stage: Stage) -> None:
    await linked(stage)
    await stage.later(days=4, hours=15, minutes=30)  # Saturday 00:30
    await hand_in(stage.alice, 1234567890123)
    await stage.later(hours=7)
    [week] = weeks(stage)
    assert week.startswith("📊 Xã Tuyên Thạnh: từ 1/3/2027 đến 23:59 5/3/2027 chưa có bài nào được tính.")


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_a_unit_with_nothing_to_say_gets_one_line(stage: Stage) -> None:
    await linked(stage)
    await to_friday(stage)
    [week] = weeks(stage)
    assert "\n" not in week
    assert "chưa có bài nào được tính. Sắp đến hạn: Báo cáo tuần, trước 17:00 thứ Sáu 5/3/2027." in week


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_this_week_is_compared_with_the_same_hours_of_the_last(stage: Stage) -> None:
    await linked(stage)
    await hand_in(stage.alice, 1234567890123, 1234567890124)
    await stage.later(days=5)  # Saturday: after the hour of a Friday
    await hand_in(stage.alice, 1234567890125)
    await stage.later(days=6, hours=7)
    assert "0 bài được tính" in weeks(stage)[-1]
    assert "Tuần trước, đến cùng giờ này: 2 bài (giảm 2)." in weeks(stage)[-1]


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_who_does_not_want_to_be_named_is_not_praised_and_still_counts(stage: Stage) -> None:
    await linked(stage)
    await hand_in(stage.alice, 1234567890123)
    await stage.alice.says("/hoso")
    assert "không nêu tên bạn" in (await stage.alice.presses("Không nêu tên tôi"))[0]
    await to_friday(stage)
    [week] = weeks(stage)
    assert "1 bài được tính" in week
    assert "Alice" not in week
    await stage.alice.says("/hoso")
    assert "có thể nêu tên bạn" in (await stage.alice.presses("Nêu tên tôi"))[0]
    [week] = await in_group(stage, stage.bob, "/tongket")
    assert "• Alice: 1 bài" in week


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_a_group_is_asked_no_more_than_once_an_hour(stage: Stage) -> None:
    [answer] = await in_group(stage, stage.alice, "/tongket")
    assert answer.startswith("Nhóm này chưa liên kết")
    await linked(stage)
    await hand_in(stage.alice, 1234567890123)
    [answer] = await in_group(stage, stage.alice, "/tongket")
    assert answer.startswith(WEEK)
    await stage.later(minutes=59)
    [answer] = await in_group(stage, stage.bob, "/tongket")
    assert answer == "Tổng kết vừa được gửi ở trên. Có thể xin lại từ 10:00 1/3/2027."
    await stage.later(minutes=1)
    [answer] = await in_group(stage, stage.bob, "/tongket")
    assert answer.startswith(WEEK)


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_an_admin_switches_the_groups_fridays_off_and_on(stage: Stage) -> None:
    await linked(stage)
    [answer] = await in_group(stage, stage.alice, "/tongket tat")
    assert answer.startswith("Lệnh này dành cho quản trị")
    [answer] = await in_group(stage, stage.bob, "/tongket tắt")
    assert "không gửi tổng kết hằng tuần của Xã Tuyên Thạnh" in answer
    await to_friday(stage)
    assert weeks(stage) == []
    assert len(weeks(stage, stage.bob.person.id)) == 1
    [answer, week] = await in_group_later(stage, "/tongket bat")
    assert answer.startswith("Từ nay bot gửi tổng kết hằng tuần")
    assert week.startswith("📊")


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_a_group_that_the_bot_had_to_leave_hears_nothing(stage: Stage) -> None:
    await linked(stage)
    people.remove_bot(stage.world, stage.bob.person, stage.group)
    await to_friday(stage)
    assert weeks(stage) == []


async def test_an_admin_looks_at_the_week_of_his_unit_in_private(stage: Stage) -> None:
    await hand_in(stage.alice, 1234567890123)
    [week] = await stage.bob.says("/tongket")
    assert week.startswith(WEEK)
    assert "đến 09:00 1/3/2027" in week
    [answer] = await stage.bob.says("/tongket tat")
    assert "trong nhóm đã liên kết" in answer
    [answer] = await stage.alice.says("/tongket")
    assert "dành cho quản trị" in answer


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_one_may_read_it_in_english(stage: Stage) -> None:
    await stage.bob.says("/ngonngu")
    await stage.bob.presses("English")
    [answer] = await in_group(stage, stage.bob, "/link")
    assert answer.startswith("This is the group of Xã Tuyên Thạnh.")
    await hand_in(stage.alice, 1234567890123)
    await to_friday(stage)
    [week] = weeks(stage)
    assert "1 post counted: texts 1, pictures and videos 0." in week
    assert "• Weekly report: before 17:00 on Friday 5/3/2027" in week


async def test_a_chart_follows_the_text_once_and_only_where_there_is_something_to_show(sqlite: Sqlite) -> None:
    async with Stage(sqlite.fresh("staged")) as stage:
        await linked(stage)
        await hand_in(stage.alice, 1234567890123)
        await to_friday(stage)
        for _ in range(2):
            while await stage.app.drawer.step():
                await stage.settle()
            await stage.restart()
        for chat in (stage.group.id, stage.bob.person.id):
            [chart] = [each for each in stage.world.messages(chat) if each.photo]
            assert chart.text == "📈 Số bài được tính mỗi tuần của Xã Tuyên Thạnh."
        await stage.later(days=14)
        assert "\n" not in weeks(stage)[-1]
        while await stage.app.drawer.step():
            await stage.settle()
        assert len([each for each in stage.world.messages(stage.group.id) if each.photo]) == 1
