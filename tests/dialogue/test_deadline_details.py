"""/thoihan for coordinators: figures, reminders and names are changed; what was ended is revived."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.models import Duty, Obligation, Role, Unit
from tests.cast import STALE, Stage
from tests.dialogue.test_deadline_editing import UNIT, ZONE, codes, opened, owed, rule
from tests.dialogue.test_reorganise import appoint, signed


async def ended(stage: Stage, name: str = "Báo cáo tuần") -> None:
    """From today on nothing of it is owed."""
    await stage.later(minutes=1)
    await opened(stage, name, "Kết thúc", "Từ hôm nay", "Lưu")


async def windows(stage: Stage, code: str) -> dict[str, str]:
    """Period → until when its figures count."""

    def work(session: Session) -> dict[str, str]:
        statement = select(Obligation).join(Obligation.unit).join(Obligation.duty)
        rows = session.scalars(statement.where(Unit.name == UNIT, Duty.code == code))
        return {row.period: f"{row.window_end.astimezone(ZONE):%H:%M %d/%m}" for row in rows}

    return await stage.ask(work)


async def test_an_ended_report_is_revived_and_the_preview_says_what_comes_back(stage: Stage) -> None:
    await ended(stage)
    assert (await owed(stage, "weekly"))["2027-W09"][1] == "closed"
    await stage.dung.says("/thoihan")
    [listed] = await stage.dung.presses("Sửa thời hạn")
    assert "Báo cáo tuần" not in listed
    [gone] = await stage.dung.presses("Kỳ báo cáo đã thôi")
    assert "Báo cáo tuần: thứ Sáu hằng tuần · thôi từ ngày 1/3/2027" in gone
    [preview] = await stage.dung.presses("↩️ Báo cáo tuần")
    assert "Xin xem lại Báo cáo tuần (nộp trở lại từ hôm nay)" in preview
    assert "thêm kỳ: trước 17:00 thứ Sáu 5/3/2027" in preview
    assert "… và 47 kỳ khác trong 12 tháng tới" in preview
    assert "Nhắc việc trong 12 tháng tới:" in preview
    assert (await owed(stage, "weekly"))["2027-W09"][1] == "closed"
    [saved] = await stage.dung.presses("Lưu")
    assert "Báo cáo tuần phải nộp trở lại từ hôm nay" in saved
    assert (await owed(stage, "weekly"))["2027-W09"] == ("17:00 05/03", "open")
    assert "Kỳ báo cáo đã thôi" not in " ".join(stage.dung.buttons())
    assert "Báo cáo tuần: trước 17:00 thứ Sáu 5/3/2027" in (await stage.alice.says("/thoihan"))[-1]


async def test_what_would_have_been_due_while_it_was_ended_is_not_owed(stage: Stage) -> None:
    await ended(stage)
    await stage.later(days=21)
    await stage.dung.says("/thoihan")
    for label in ("Sửa thời hạn", "Kỳ báo cáo đã thôi", "↩️ Báo cáo tuần", "Lưu"):
        await stage.dung.presses(label)
    states = {period: state for period, (_, state) in (await owed(stage, "weekly")).items()}
    assert [states.get(f"2027-W{week:02}") for week in (9, 10, 11, 12)] == ["closed", "closed", "closed", "open"]
    await stage.later(minutes=1)
    said = (await stage.alice.says("/thoihan"))[-1]
    assert "Báo cáo tuần: trước 17:00 thứ Sáu 26/3/2027" in said
    assert "Báo cáo tuần: trước 17:00 thứ Sáu 19/3/2027" not in said


async def test_what_is_not_ended_is_not_revived_and_two_coordinators_do_not_do_it_twice(stage: Stage) -> None:
    number = await stage.ask(lambda s: s.scalars(select(Duty.id).where(Duty.code == "weekly")).one())
    await stage.dung.says("/thoihan")
    assert await signed(stage, stage.dung, "deadlines.revive", number) == STALE
    await ended(stage)
    await appoint(stage, stage.bob, "Tỉnh Long An", Role.COORDINATOR)
    for actor in (stage.dung, stage.bob):
        await actor.says("/thoihan")
        for label in ("Sửa thời hạn", "Kỳ báo cáo đã thôi", "↩️ Báo cáo tuần"):
            await actor.presses(label)
    await stage.later(minutes=1)
    assert "phải nộp trở lại" in "".join(await stage.bob.presses("Lưu"))
    assert "vừa được người khác sửa" in (await stage.dung.presses("Lưu"))[-1]
    assert (await codes(stage)).count("weekly") == 1


async def test_only_the_highest_coordinators_revive(stage: Stage) -> None:
    await ended(stage)
    await appoint(stage, stage.bob, "Thị xã Kiến Tường", Role.COORDINATOR)
    await stage.bob.says("/thoihan")
    for action, args in (("deadlines.ended", ()), ("deadlines.revive", (1,))):
        assert "chỉ điều phối cấp cao nhất được sửa" in (await signed(stage, stage.bob, action, *args))[0]
    for action in ("cut_off", "remind_at"):
        assert await signed(stage, stage.bob, f"deadlines.{action}", "5") == STALE


async def test_the_figures_end_on_a_cut_off_day(stage: Stage) -> None:
    await stage.later(minutes=1)
    assert "Số liệu: từ kỳ trước đến giờ hạn" in (await opened(stage, "Báo cáo tháng"))[0]
    await stage.dung.presses("Chốt số liệu")
    assert "số ngày từ 0 đến 31" in (await stage.dung.says("năm ngày"))[0]
    [preview] = await stage.dung.says("5 ngày")
    assert "Số liệu: từ kỳ trước đến hết ngày thứ 5 trước ngày hạn" in preview
    assert "Số liệu kỳ tới tính đến 23:59 5/3/2027 (trước: 17:00 10/3/2027)" in preview
    assert "Lần tới vẫn là thứ Tư 10/3/2027" in preview
    await stage.dung.presses("Lưu")
    assert (await windows(stage, "monthly"))["2027-03"] == "00:00 06/03"
    assert (await owed(stage, "monthly"))["2027-03"] == ("17:00 10/03", "open")
    [preview] = await opened(stage, "Báo cáo tháng", "Chốt số liệu", "Đến giờ hạn")
    assert "Số liệu kỳ tới tính đến 17:00 10/3/2027 (trước: 23:59 5/3/2027)" in preview


async def test_reminders_by_day_come_at_another_hour_but_not_in_the_quiet_hours(stage: Stage) -> None:
    await stage.later(minutes=1)
    await opened(stage, "Báo cáo tuần", "Giờ nhắc")
    assert "Bot chưa đọc được giờ này" in (await stage.dung.says("sáng sớm"))[0]
    assert "Từ 21:00 đến 06:30 bot không làm phiền ai" in (await stage.dung.says("5h"))[0]
    [preview] = await stage.dung.presses("07:00")
    assert "nhắc theo ngày vào lúc 07:00" in preview
    assert "đổi giờ" in preview
    await stage.dung.presses("Lưu")
    assert (await rule(stage, "weekly"))["remind_at"] == "07:00:00"
    await stage.later(hours=21, minutes=59)  # Tuesday 07:00
    assert any("Nhắc nộp báo cáo" in text for text in await stage.bob.hears())


async def test_a_step_that_is_on_no_button_is_typed(stage: Stage) -> None:
    await opened(stage, "Báo cáo năm", "Nhắc việc")
    assert "Bot chưa đọc được" in (await stage.dung.says("một tuần trước"))[0]
    await stage.dung.says("7 ngày trước")
    assert stage.dung.buttons()[:2] == ["☑ 7 ngày trước", "☑ 3 ngày trước"]
    await stage.dung.says("4 giờ trước")
    await stage.dung.presses("☑ 3 ngày trước")
    [preview] = await stage.dung.presses("Tiếp")
    assert "Nhắc việc: 7 ngày trước; 1 ngày trước; trong ngày hạn; 4 giờ trước; 2 giờ trước" in preview
    await stage.dung.presses("Lưu")
    made = (await rule(stage, "yearly"))["steps"]
    assert made == ["before_7d", "before_1d", "day", "before_4h", "before_2h", "after_1d", "after_3d"]


async def test_there_are_no_more_reminders_than_people_bear(stage: Stage) -> None:
    await opened(stage, "Báo cáo năm", "Nhắc việc")
    for days in (4, 5, 6, 7):
        await stage.dung.says(f"{days} ngày trước")
    assert "đã đủ 10 lần nhắc" in (await stage.dung.says("8 ngày trước"))[0]


async def test_a_report_is_renamed_in_the_language_of_who_does_it(stage: Stage) -> None:
    await opened(stage, "Báo cáo tuần", "Đổi tên")
    assert "Tên phải có chữ" in (await stage.dung.says("123"))[0]
    [preview] = await stage.dung.says("Báo cáo hoạt động tuần")
    assert "Tên: Báo cáo tuần → Báo cáo hoạt động tuần" in preview
    await stage.dung.presses("Lưu")
    made = await rule(stage, "weekly")
    assert (made["vi"], made["en"]) == ("Báo cáo hoạt động tuần", "Weekly report")


async def test_who_owes_it_is_shown_and_changed_with_the_number_of_units(stage: Stage) -> None:
    await stage.later(minutes=1)
    assert (
        "Đơn vị phải nộp: huyện, thị xã, thành phố; xã, phường, thị trấn;" in (await opened(stage, "Báo cáo tuần"))[0]
    )
    await stage.dung.presses("Đơn vị phải nộp")
    await stage.dung.presses("☑ xã, phường, thị trấn")
    [preview] = await stage.dung.presses("Tiếp")
    assert "Đơn vị phải nộp: huyện, thị xã, thành phố;" in preview
    assert " → " in preview
    assert (await owed(stage, "weekly"))["2027-W09"][1] == "open"
    await stage.dung.presses("Lưu")
    assert (await owed(stage, "weekly"))["2027-W09"][1] == "closed"
    assert (await owed(stage, "weekly", "Thị xã Kiến Tường"))["2027-W09"][1] == "open"


async def test_another_single_day_is_added_to_a_report_that_is_due_once(stage: Stage) -> None:
    await stage.dung.says("/thoihan")
    for label in ("Sửa thời hạn", "Thêm kỳ báo cáo"):
        await stage.dung.presses(label)
    await stage.dung.says("Báo cáo đợt huấn luyện")
    await stage.dung.presses("Một lần")
    await stage.dung.says("20/3/2027")
    for label in ("17:00", "☐ xã", "Tiếp", "Lưu"):
        await stage.dung.presses(label)
    await opened(stage, "Báo cáo đợt huấn luyện", "Ngày hạn")
    [preview] = await stage.dung.says("20/3/2027, 3/4/2027")
    assert "thêm kỳ: trước 17:00 thứ Bảy 3/4/2027" in preview
    await stage.dung.presses("Lưu")
    assert list(await owed(stage, "own_1")) == ["2027-03-20", "2027-04-03"]


@pytest.mark.parametrize("label", ["Chốt số liệu", "Giờ nhắc"])
async def test_what_stays_as_it_was_is_not_saved(stage: Stage, label: str) -> None:
    answer = {"Chốt số liệu": "0", "Giờ nhắc": "8h"}[label]
    await opened(stage, "Báo cáo tuần", label)
    assert "vẫn như cũ, không có gì để lưu" in (await stage.dung.says(answer))[0]
