"""/baocao: reports are filled from the ledger, looked at and filed."""

import pytest
from sqlalchemy import select

from bot.actions.report_figures import fingerprint_of
from bot.storage.models import ObligationState, Post, Role
from tests.cast import STALE, TAG, Stage
from tests.dialogue.reporting import (
    COMMUNE,
    DISTRICT,
    GROUP,
    THURSDAY_EVENING,
    VIDEO,
    all_reports,
    appoint,
    filed,
    hand_in,
    signed,
    weekly,
)


async def test_the_list_shows_what_is_owed_with_its_last_minute(stage: Stage) -> None:
    await stage.later(hours=1)
    await stage.bob.hears()
    [answer] = await stage.bob.says("/baocao")
    assert "Báo cáo tuần: trước 17:00 thứ Sáu 5/3/2027" in answer
    assert "📝 Báo cáo tuần · 5/3/2027" in stage.bob.buttons()


async def test_too_early_a_report_only_shows_its_figures_so_far(stage: Stage) -> None:
    await stage.later(hours=1)
    await hand_in(stage, 1)
    await stage.bob.says("/baocao")
    [form] = await stage.bob.presses("Báo cáo tuần")
    assert "nộp được từ 17:00 thứ Năm 4/3/2027" in form
    assert "Tổng số: 1 tin, bài; 0 hình ảnh, video" in form
    assert not any("Tiếp" in label for label in stage.bob.buttons())
    owed = await weekly(stage)
    assert await signed(stage, stage.bob, "report.next", owed.id) == STALE
    assert await signed(stage, stage.bob, "report.skip", owed.id) == STALE


async def test_a_report_is_filled_looked_at_and_filed(stage: Stage) -> None:
    await hand_in(stage, 1, 2)
    await hand_in(stage, 3, link=VIDEO)
    await appoint(stage, stage.dung, DISTRICT, Role.COORDINATOR)
    await stage.later(**THURSDAY_EVENING)
    await stage.dung.hears()
    await stage.bob.says("/baocao")
    [form] = await stage.bob.presses("Báo cáo tuần")
    assert "Thành viên: 2 (Cán bộ: 1; Chiến sĩ: 1)" in form
    assert "II. Tự hào Dân quân tự vệ Miền Đông: 2 tin, bài; 0 hình ảnh, video" in form
    assert "Tổng số: 2 tin, bài; 1 hình ảnh, video" in form
    assert "• Alice: 2 tin, bài; 1 hình ảnh, video" in form
    await stage.bob.presses("Tiếp")
    [preview] = await stage.bob.says("Tuần này  mưa\nnhiều")
    assert "Ghi chú: Tuần này mưa nhiều" in preview
    [receipt] = await stage.bob.presses("Nộp báo cáo")
    [report] = await all_reports(stage)
    assert f"Bản 1 · mã {report.hash[:8]} · 3 bài" in receipt
    assert (report.remarks, fingerprint_of(report)) == ("Tuần này mưa nhiều", report.hash)
    owed = await weekly(stage)
    assert (owed.state, owed.settled_by_id) == (ObligationState.FILED, report.filed_by_id)
    told = await stage.dung.hears()
    assert any(
        "Xã Tuyên Thạnh đã nộp Báo cáo tuần (hạn 5/3/2027): 2 tin, bài; 1 hình ảnh, video" in each for each in told
    )
    [shown] = await stage.dung.presses("Xem báo cáo")
    assert "người nộp: Bob" in shown
    assert "Ghi chú: Tuần này mưa nhiều" in shown


async def test_every_figure_leads_to_its_posts(stage: Stage) -> None:
    await hand_in(stage, *range(1, 10))
    await stage.later(**THURSDAY_EVENING)
    await filed(stage)
    await stage.bob.presses("Xem báo cáo")
    [posts] = await stage.bob.presses("Xem bài")
    assert "9 bài (trang 1/2)" in posts
    assert posts.count("Alice") == 8
    [posts] = await stage.bob.presses("Trang sau")
    assert posts.count("Alice") == 1
    await stage.bob.presses("◀ Báo cáo")
    [lines] = await stage.bob.presses("Danh sách đầy đủ")
    assert "1. Alice: 9 tin, bài; 0 hình ảnh, video\n2. Bob: 0 tin, bài" in lines


@pytest.mark.parametrize(("minutes", "state"), [(-1, ObligationState.FILED), (1, ObligationState.LATE)])
async def test_after_the_due_hour_a_report_is_late(stage: Stage, minutes: int, state: ObligationState) -> None:
    await stage.later(days=4, hours=8, minutes=minutes)
    [receipt] = await filed(stage)
    assert ("trễ hạn" in receipt) == (state == ObligationState.LATE)
    assert (await weekly(stage)).state == state


async def test_two_admins_at_once_file_once(stage: Stage) -> None:
    await appoint(stage, stage.alice, COMMUNE, Role.UNIT_ADMIN)
    await stage.later(**THURSDAY_EVENING)
    for actor in (stage.alice, stage.bob):
        await actor.says("/baocao")
        await actor.presses("Báo cáo tuần")
        await actor.presses("Tiếp")
        await actor.presses("Không ghi chú")
    [first] = await stage.bob.presses("Nộp báo cáo")
    [second] = await stage.alice.presses("Nộp báo cáo")
    assert "Đã nộp" in first
    assert "bản 1 đã được Bob nộp" in second
    assert len(await all_reports(stage)) == 1
    assert await stage.bob.presses("Xem báo cáo")
    assert await signed(stage, stage.bob, "report.send", (await weekly(stage)).id, 1) == STALE


async def test_a_text_is_kept_as_long_after_the_last_report_that_holds_it(stage: Stage) -> None:
    await hand_in(stage, 1)
    await stage.later(days=5)
    await stage.bob.says(f"{GROUP}00002\nĐoàn thanh niên trồng một trăm cây bàng dọc kênh Rạch Cát. {TAG}")
    await stage.later(days=15)
    await stage.bob.says("/baocao")
    await stage.bob.presses("Báo cáo tuần · 5/3")
    await stage.bob.presses("Tiếp")
    await stage.bob.presses("Không ghi chú")
    assert "trễ hạn" in (await stage.bob.presses("Nộp báo cáo"))[0]
    await stage.later(days=80)
    assert await with_text(stage) == [1]
    await stage.later(days=11)
    assert await with_text(stage) == []


async def with_text(stage: Stage) -> list[int]:
    return list(await stage.ask(lambda s: s.scalars(select(Post.id).where(Post.text.is_not(None))).all()))
