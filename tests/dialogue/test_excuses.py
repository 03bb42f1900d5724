"""What a coordinator excused is taken back: the report is owed again, as its deadline stands, and reminded of."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.models import DutyException, Obligation, ObligationState, Role
from tests.cast import Stage
from tests.dialogue.reminding import TO_TUESDAY_8, appoint, begin, obligation, reports, settle_all, signed

GONE = ["Việc này đã được giải quyết trước đó."]


@pytest.fixture(autouse=True)
async def begun(stage: Stage) -> None:
    await begin(stage)


async def excused(stage: Stage, reason: str = "Mất điện cả tuần") -> int:
    """Dung excuses Xã Tuyên Thạnh from its weekly report; the obligation's number."""
    owed = await obligation(stage)
    await stage.dung.says("/tiendo")
    await signed(stage, stage.dung, "progress.excuse", owed.id)
    await stage.dung.says(reason)
    await stage.bob.hears()
    return owed.id


async def taken_back(stage: Stage) -> list[str]:
    await stage.dung.says("/thoihan")
    for label in ("Được miễn nộp", "1. Xã Tuyên Thạnh"):
        await stage.dung.presses(label)
    return await stage.dung.presses("Bỏ miễn nộp")


async def test_an_excuse_is_looked_at_asked_about_and_taken_back(stage: Stage) -> None:
    await excused(stage)
    await stage.dung.says("/thoihan")
    [listed] = await stage.dung.presses("Được miễn nộp")
    assert "1. Xã Tuyên Thạnh: Báo cáo tuần (hạn 5/3/2027), Mất điện cả tuần" in listed
    [question] = await stage.dung.presses("1. Xã Tuyên Thạnh")
    assert "Dung ghi lúc 09:00 1/3/2027" in question
    assert "Bỏ miễn nộp?" in question
    assert (await obligation(stage)).state == ObligationState.EXCUSED
    assert await stage.bob.hears() == []
    [done] = await stage.dung.presses("Bỏ miễn nộp")
    assert "Xã Tuyên Thạnh lại phải nộp Báo cáo tuần, hạn 17:00 5/3/2027. Đơn vị đã được báo." in done
    row = await obligation(stage)
    assert (row.state, row.reason, row.settled_at, row.settled_by_id) == (ObligationState.OPEN, None, None, None)
    [told] = await stage.bob.hears()
    assert "Tỉnh Long An bỏ miễn nộp: đơn vị lại phải nộp Báo cáo tuần, hạn 17:00 thứ Sáu 5/3/2027" in told
    assert stage.bob.buttons() == ["📝 Nộp Báo cáo tuần"]
    assert "Báo cáo tuần của Xã Tuyên Thạnh" in (await stage.bob.presses("Nộp Báo cáo tuần"))[0]


async def test_an_excuse_may_be_left_as_it_is(stage: Stage) -> None:
    await excused(stage)
    await stage.dung.says("/thoihan")
    await stage.dung.presses("Được miễn nộp")
    await stage.dung.presses("1. Xã Tuyên Thạnh")
    assert "1. Xã Tuyên Thạnh" in (await stage.dung.presses("Vẫn miễn"))[0]
    assert (await obligation(stage)).state == ObligationState.EXCUSED


async def test_reminders_go_on_where_the_ledger_stands_and_none_comes_twice(stage: Stage) -> None:
    await stage.later(**TO_TUESDAY_8)
    assert len(reports(await stage.bob.hears())) == 1
    await excused(stage)
    await stage.later(hours=26)  # Wednesday 10:00
    await taken_back(stage)
    assert reports(await stage.bob.hears()) == []
    await stage.later(minutes=5)
    assert reports(await stage.bob.hears()) == []
    await stage.later(hours=22)  # Thursday 08:05
    [text] = reports(await stage.bob.hears())
    assert "Báo cáo tuần: trước 17:00 thứ Sáu 5/3/2027 (ngày mai)" in text


async def test_what_is_overdue_when_the_excuse_ends_is_asked_for_and_counts_as_late(stage: Stage) -> None:
    await settle_all(stage, but="Xã Tuyên Thạnh")
    await excused(stage)
    await stage.later(days=4, hours=9)  # Friday 18:00
    assert not any("Báo cáo tuần" in text for text in reports(await stage.bob.hears()))
    await stage.dung.says("/thoihan")
    await stage.dung.presses("Được miễn nộp")
    assert "tính là nộp trễ" in (await stage.dung.presses("1. Xã Tuyên Thạnh"))[0]
    await stage.dung.presses("Bỏ miễn nộp")
    await stage.bob.hears()
    await stage.later(days=2, hours=14)  # Monday 08:00
    [text] = reports(await stage.bob.hears())
    assert "Báo cáo tuần: đã quá hạn" in text
    for label in ("Nộp Báo cáo tuần", "Tiếp", "Không ghi chú", "Nộp báo cáo"):
        await stage.bob.presses(label)
    assert (await obligation(stage)).state == ObligationState.LATE


async def test_what_was_filed_late_in_the_meantime_stays_as_it_is(stage: Stage) -> None:
    await settle_all(stage, but="Xã Tuyên Thạnh")
    number = await excused(stage)
    await stage.later(days=4, hours=9)
    await taken_back(stage)
    await stage.bob.hears()
    for label in ("Nộp Báo cáo tuần", "Tiếp", "Không ghi chú", "Nộp báo cáo"):
        await stage.bob.presses(label)
    assert await signed(stage, stage.dung, "excuse.undo", number) == GONE
    assert await signed(stage, stage.dung, "excuse.show", number) == GONE
    row = await obligation(stage)
    assert (row.state, row.settled_at is not None) == (ObligationState.LATE, True)


async def test_a_paper_confirmed_by_mistake_is_taken_back_and_can_be_claimed_again(stage: Stage) -> None:
    await stage.later(**TO_TUESDAY_8)
    await stage.bob.presses("Đã nộp bản giấy")
    claim = stage.bob.data_of("📄 Báo cáo tuần")
    await stage.bob.presses("📄 Báo cáo tuần")
    await stage.dung.hears()
    await stage.dung.presses("✅ Xác nhận")
    assert "lý do: đã nộp bản giấy" in (await stage.dung.presses("Bỏ miễn nộp"))[0]
    await stage.dung.presses("Bỏ miễn nộp")
    row = await obligation(stage)
    assert (row.state, row.paper_by_id, row.paper_at) == (ObligationState.OPEN, None, None)
    await stage.bob.hears()
    assert "Đã hỏi điều phối" in (await stage.bob.forges(claim))[0]


async def test_the_units_own_list_of_reports_leads_to_its_excuse(stage: Stage) -> None:
    number = await excused(stage)
    unit = (await obligation(stage)).unit_id
    await stage.bob.says("/baocao")
    assert not any("➖" in label for label in stage.bob.buttons())
    [listed] = await signed(stage, stage.dung, "report.unit", unit)
    assert "được miễn (Mất điện cả tuần)" in listed
    assert "Bỏ miễn nộp?" in (await stage.dung.presses("➖ Báo cáo tuần · 5/3/2027"))[0]
    assert number == (await obligation(stage)).id


async def test_a_deadline_moved_in_the_meantime_holds_and_a_skipped_one_is_owed_no_more(stage: Stage) -> None:
    number = await excused(stage)
    await change_period(stage, number, date(2027, 3, 4))
    await stage.later(minutes=1)
    assert "hạn 17:00 4/3/2027" in (await taken_back(stage))[0]
    assert (await obligation(stage)).state == ObligationState.OPEN
    await stage.bob.hears()
    await excused(stage)
    await change_period(stage, number, None)
    assert "nay không phải nộp Báo cáo tuần kỳ này nữa" in (await taken_back(stage))[0]
    assert (await obligation(stage)).state == ObligationState.CLOSED
    assert await stage.bob.hears() == []


async def change_period(stage: Stage, number: int, day: date | None) -> None:
    """The period of this obligation is due on another day, or skipped."""

    def work(session: Session) -> None:
        each = session.get_one(Obligation, number)
        of = (DutyException.duty_id == each.duty_id, DutyException.period == each.period)
        row = session.scalars(select(DutyException).where(*of)).first()
        row = row or DutyException(duty_id=each.duty_id, period=each.period, reason="Công văn 12")
        row.moved_to, row.set_at = day, stage.world.clock.now()
        session.add(row)

    await stage.ask(work)


async def test_only_a_coordinator_above_takes_an_excuse_back(stage: Stage) -> None:
    number = await excused(stage)
    for action in ("show", "undo"):
        refused = await signed(stage, stage.bob, f"excuse.{action}", number)
        assert "Việc này dành cho" in refused[-1]
    for unit in ("Xã Tuyên Thạnh", "Huyện Tân Hưng"):
        await appoint(stage, stage.bob, unit, Role.COORDINATOR)
        await stage.bob.says("/thoihan")
        assert not any("miễn" in label for label in stage.bob.buttons())
        for action in ("show", "undo"):
            await signed(stage, stage.bob, f"excuse.{action}", number)
    assert (await obligation(stage)).state == ObligationState.EXCUSED
    assert "không có đơn vị nào" in (await signed(stage, stage.bob, "excuse.list"))[-1]
