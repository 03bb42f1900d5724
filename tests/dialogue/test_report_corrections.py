"""Reports after they were filed: what changed since, corrections, and what is returned."""

from bot.storage.models import ObligationState, Post, Role
from tests.cast import Stage
from tests.dialogue.reporting import (
    DISTRICT,
    NOT_YOURS,
    THURSDAY_EVENING,
    all_reports,
    appoint,
    filed,
    hand_in,
    signed,
    weekly,
)


async def test_figures_that_changed_since_the_preview_are_shown_again(stage: Stage) -> None:
    await stage.later(**THURSDAY_EVENING)
    await stage.bob.says("/baocao")
    await stage.bob.presses("Báo cáo tuần")
    await stage.bob.presses("Tiếp")
    await stage.bob.presses("Không ghi chú")
    await hand_in(stage, 1)
    [again] = await stage.bob.presses("Nộp báo cáo")
    assert "Số liệu vừa thay đổi" in again
    assert await all_reports(stage) == []
    assert "1 bài" in (await stage.bob.presses("Nộp báo cáo"))[0]


async def test_what_was_filed_stays_and_what_changed_since_is_shown_and_corrected(stage: Stage) -> None:
    await hand_in(stage, 1, 2)
    await stage.later(**THURSDAY_EVENING)
    await filed(stage)
    [before] = await all_reports(stage)
    await stage.alice.says("/baicuatoi")
    [refused] = await stage.alice.presses("Rút số 1")
    assert "Bài số 1 đã nằm trong Báo cáo tuần của Xã Tuyên Thạnh (hạn 5/3/2027)" in refused
    await signed(stage, stage.alice, "mine.withdraw!", 1)
    assert (await stage.ask(lambda s: s.get_one(Post, 1))).state == "counted"
    await stage.ask(lambda s: setattr(s.get_one(Post, 1), "state", "refused"))
    await hand_in(stage, 3)
    await stage.bob.presses("Xem báo cáo")
    [form] = await stage.bob.presses("Nộp bản sửa")
    assert "1 bài trong báo cáo nay không còn được tính: số 1 (bị từ chối)" in form
    assert "1 bài được tính thêm" in form
    await stage.bob.presses("Tiếp")
    await stage.bob.presses("Không ghi chú")
    [receipt] = await stage.bob.presses("Nộp báo cáo")
    assert "Bản 2" in receipt
    assert "So với bản trước (2 bài): thêm 1, bớt 1" in receipt
    first, second = await all_reports(stage)
    assert (first.state, second.state) == ("replaced", "filed")
    assert (first.figures, first.hash) == (before.figures, before.hash)
    await stage.bob.presses("Xem báo cáo")
    [old] = await stage.bob.presses("Bản 1")
    assert "Đã có bản mới hơn" in old
    assert "Tổng số: 2 tin, bài" in old


async def test_the_next_report_tells_what_changed_in_the_one_before(stage: Stage) -> None:
    await hand_in(stage, 1)
    await stage.later(**THURSDAY_EVENING)
    await filed(stage)
    await stage.ask(lambda s: setattr(s.get_one(Post, 1), "state", "merged"))
    await stage.later(days=7)
    await stage.bob.says("/baocao")
    [form] = await stage.bob.presses("📝 Báo cáo tuần")
    assert "Thay đổi sau khi nộp kỳ trước (hạn 5/3/2027)" in form
    assert "số 1 (đã gộp)" in form


async def test_a_correction_that_corrects_nothing_is_not_filed(stage: Stage) -> None:
    await stage.later(**THURSDAY_EVENING)
    await filed(stage)
    await stage.bob.presses("Xem báo cáo")
    await stage.bob.presses("Nộp bản sửa")
    await stage.bob.presses("Tiếp")
    [answer] = await stage.bob.presses("Không ghi chú")
    assert "không cần nộp lại" in answer


async def test_a_report_is_returned_with_a_reason_and_filed_again(stage: Stage) -> None:
    await appoint(stage, stage.dung, DISTRICT, Role.UNIT_ADMIN)
    await hand_in(stage, 1)
    await stage.later(**THURSDAY_EVENING)
    await filed(stage)
    await stage.bob.hears()
    await stage.dung.hears()
    await stage.dung.presses("Xem báo cáo")
    await stage.dung.presses("Trả lại")
    assert "từ 1 đến 500 ký tự" in (await stage.dung.says("x" * 501))[0]
    [done] = await stage.dung.says("Thiếu số liệu tổ 2")
    assert "Đã trả lại bản 1" in done
    told = (await stage.bob.hears())[-1]
    assert "Thị xã Kiến Tường trả lại Báo cáo tuần" in told
    assert "Thiếu số liệu tổ 2" in told
    assert (await weekly(stage)).state == ObligationState.OPEN
    await stage.alice.says("/baicuatoi")
    assert "khỏi sổ?" in (await stage.alice.presses("Rút số 1"))[0]  # to be mended, so it is not frozen any more
    [form] = await stage.bob.presses("Sửa và nộp lại")
    assert "Bản 1 bị trả lại: Thiếu số liệu tổ 2" in form
    await stage.bob.presses("Tiếp")
    await stage.bob.presses("Không ghi chú")
    assert "Bản 2" in (await stage.bob.presses("Nộp báo cáo"))[0]
    assert [report.state for report in await all_reports(stage)] == ["returned", "filed"]


async def test_a_district_lists_its_communes_as_they_filed_and_marks_those_that_did_not(stage: Stage) -> None:
    await hand_in(stage, 1, 2)
    await stage.later(**THURSDAY_EVENING)
    await filed(stage)
    await hand_in(stage, 3)
    await appoint(stage, stage.dung, DISTRICT, Role.UNIT_ADMIN)
    await stage.dung.says("/baocao")
    [form] = await stage.dung.presses("Báo cáo tuần")
    assert "Xã Tuyên Thạnh: 2 tin, bài; 0 hình ảnh, video · bản 1 (sổ hiện có 3 tin, bài; 0 hình ảnh, video)" in form
    assert "Xã Thạnh Hưng: 0 tin, bài; 0 hình ảnh, video · chưa nộp" in form
    assert "Tổng số: 2 tin, bài; 0 hình ảnh, video" in form
    await stage.dung.presses("Tiếp")
    [preview] = await stage.dung.presses("Không ghi chú")
    assert "đơn vị trực thuộc chưa nộp" in preview
    await stage.dung.presses("Nộp báo cáo")
    district = (await all_reports(stage))[-1]
    assert sorted(district.figures["posts"]) == [1, 2]
    commune = await weekly(stage)
    assert district.figures["below"][str(commune.unit_id)] == {"state": "filed", "version": 1}


async def test_only_those_above_may_return_and_nobody_his_own(stage: Stage) -> None:
    await stage.later(**THURSDAY_EVENING)
    await filed(stage)
    [report] = await all_reports(stage)
    assert NOT_YOURS in (await signed(stage, stage.bob, "report.return", report.id))[0]
    await appoint(stage, stage.alice, "Xã Thạnh Hưng", Role.UNIT_ADMIN)
    owed = await weekly(stage)
    await stage.alice.says("/tiendo")
    await stage.dung.says("/tiendo")
    for action, args in [
        ("report.return", (report.id,)),
        ("report.show", (owed.id, 1)),
        ("report.page", ("posts", owed.id, 1, 0)),
        ("report.docx", (owed.id, 1)),
        ("report.people_docx", (owed.unit_id,)),
        ("report.file", (owed.id,)),
        ("report.send", (owed.id, 2)),
        ("report.unit", (owed.unit_id,)),
        ("progress.unit", (owed.id,)),
    ]:
        assert NOT_YOURS in (await signed(stage, stage.alice, action, *args))[0], action
    assert NOT_YOURS in (await signed(stage, stage.dung, "report.file", owed.id))[0]
    assert (await all_reports(stage))[0].state == "filed"
