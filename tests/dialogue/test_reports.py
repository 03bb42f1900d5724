"""/baocao and /tiendo: reports are filled from the ledger, filed, corrected, returned; and who has not filed."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import roster
from bot.actions.report_figures import fingerprint_of
from bot.buttons import Tap, wire
from bot.storage.models import Obligation, ObligationState, Post, Report, Role, Unit
from tests.cast import STALE, TAG, Actor, Stage
from tests.databases import A_MONDAY

GROUP = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/12345678"
VIDEO = "https://www.facebook.com/toiyeuchiensisaovuong/videos/12345678"
COMMUNE, DISTRICT = "Xã Tuyên Thạnh", "Thị xã Kiến Tường"
NOT_YOURS = "Báo cáo này không thuộc phần anh/chị phụ trách"
THURSDAY_EVENING = {"days": 3, "hours": 8, "minutes": 30}  # 17:30, from when on the weekly report may be filed


async def hand_in(stage: Stage, *numbers: int, link: str = GROUP, by: str = "alice") -> None:
    actor: Actor = getattr(stage, by)
    for number in numbers:
        answer = await actor.says(f"{link}{number:05}\nDân quân xã giúp dân gặt lúa. {TAG}")
        assert "Đã tính" in answer[-1]


async def filed(stage: Stage, by: str = "bob", remarks: str = "") -> list[str]:
    """The weekly report, from the list to the receipt."""
    actor: Actor = getattr(stage, by)
    await actor.says("/baocao")
    await actor.presses("Báo cáo tuần")
    await actor.presses("Tiếp")
    await (actor.says(remarks) if remarks else actor.presses("Không ghi chú"))
    return await actor.presses("Nộp báo cáo")


async def all_reports(stage: Stage) -> list[Report]:
    return list(await stage.ask(lambda s: s.scalars(select(Report).order_by(Report.id)).all()))


async def weekly(stage: Stage, unit: str = COMMUNE, period: str = "2027-W09") -> Obligation:
    def work(session: Session) -> Obligation:
        found = select(Obligation).join(Obligation.unit).join(Obligation.duty)
        rows = session.scalars(found.where(Unit.name == unit, Obligation.period == period).order_by(Obligation.id))
        return next(row for row in rows if row.duty.code == "weekly")

    return await stage.ask(work)


async def appoint(stage: Stage, actor: Actor, unit: str, role: Role) -> None:
    def work(session: Session) -> None:
        found = session.scalars(select(Unit).where(Unit.name == unit).order_by(Unit.id).limit(1)).one()
        assert roster.appoint(session, actor.address, found, role, A_MONDAY)

    await stage.ask(work)


async def signed(stage: Stage, actor: Actor, action: str, *args: str | int) -> list[str]:
    """Press a button that we could have sent to this chat, but did not."""
    to = actor.address
    return await actor.forges(wire(Tap("register.begin", action, args), to, "vi", stage.app.setup.key).data or "")


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


async def test_progress_counts_who_filed_and_names_who_did_not(stage: Stage) -> None:
    await stage.later(**THURSDAY_EVENING)
    await filed(stage)
    await stage.later(days=1)
    await stage.dung.hears()
    [progress] = await stage.dung.says("/tiendo")
    owed = await weekly(stage)
    of_period = (Obligation.duty_id == owed.duty_id, Obligation.period == owed.period)
    same = await stage.ask(lambda s: len(s.scalars(select(Obligation.id).where(*of_period)).all()))
    assert f"phải nộp {same} · đã nộp 1 (đúng hạn 1, trễ 0) · miễn 0 · chưa nộp {same - 1}" in progress
    [missing] = await stage.dung.presses("Báo cáo tuần 5/3")
    assert f"{same - 1} đơn vị chưa nộp" in missing
    [turned] = await stage.dung.presses("Trang sau")
    assert "\n9. " in turned
    [table] = await stage.dung.presses("Tiến độ")
    assert "Tiến độ nộp báo cáo: Tỉnh Long An" in table


@pytest.mark.parametrize("words", ["", "Mất điện cả tuần"])
async def test_a_coordinator_excuses_a_unit_with_a_reason(stage: Stage, words: str) -> None:
    await stage.later(hours=1)
    owed = await weekly(stage)
    await stage.bob.says("/baocao")
    await stage.dung.says("/tiendo")
    await signed(stage, stage.dung, "progress.unit", owed.id)
    await stage.dung.presses("Miễn nộp")
    [done] = await (stage.dung.says(words) if words else stage.dung.presses("Đã nộp bản giấy"))
    assert "Đã miễn Xã Tuyên Thạnh" in done
    assert (words or "đã nộp bản giấy") in done
    told = (await stage.bob.hears())[-1]
    assert (words or "đã nộp bản giấy") in told
    after = await weekly(stage)
    assert (after.state, after.reason) == (ObligationState.EXCUSED, words or "paper")
    assert "được miễn nộp" in (await signed(stage, stage.bob, "report.file", owed.id))[0]
    assert await signed(stage, stage.dung, "progress.paper", owed.id) == STALE


async def test_only_a_coordinator_above_excuses(stage: Stage) -> None:
    await stage.later(hours=1)
    owed = await weekly(stage)
    await stage.bob.says("/baocao")
    assert await signed(stage, stage.bob, "progress.paper", owed.id)
    await appoint(stage, stage.bob, COMMUNE, Role.COORDINATOR)
    assert NOT_YOURS in (await signed(stage, stage.bob, "progress.paper", owed.id))[0]
    assert NOT_YOURS in (await signed(stage, stage.bob, "progress.excuse", owed.id))[0]
    assert (await weekly(stage)).state == ObligationState.OPEN


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
