"""/yeucau: people ask about their data, the officers answer in time and are reminded."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions.data_requests import working_day_after
from bot.domain.deadlines import WorkingDays
from bot.storage.models import DataRequest, DayOff, Membership, Operator, Role
from tests.cast import Stage
from tests.dialogue.reminding import appoint, signed
from tests.dialogue.rostering import audit, file_behind
from tests.documents.reading import sheet_rows

NOT_YOURS = "do điều phối cấp cao nhất"


async def requests(stage: Stage) -> list[DataRequest]:
    return list(await stage.ask(lambda s: s.scalars(select(DataRequest).order_by(DataRequest.id)).all()))


async def ask(stage: Stage, label: str = "Sửa dữ liệu", words: str = "Tên tôi là An") -> str:
    await stage.alice.says("/yeucau")
    await stage.alice.presses(label)
    return (await stage.alice.says(words))[0]


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (date(2027, 3, 1), date(2027, 3, 3)),  # Monday → Wednesday
        (date(2027, 3, 4), date(2027, 3, 8)),  # Thursday → Monday
        (date(2027, 3, 6), date(2027, 3, 9)),  # Saturday → Tuesday
    ],
)
def test_the_answer_is_due_on_the_second_working_day_after_the_day_of_asking(asked: date, due: date) -> None:
    assert working_day_after(WorkingDays(), asked, 2) == due
    off = WorkingDays(off={due})
    assert working_day_after(off, asked, 2) > due


async def test_a_request_is_kept_answered_in_words_and_told(stage: Stage) -> None:
    assert "trước 17:00 3/3/2027" in await ask(stage)
    assert "Alice (Xã Tuyên Thạnh) muốn sửa dữ liệu" in (await stage.dung.hears())[0]
    assert await stage.bob.hears() == []
    await stage.dung.presses("Số 1")
    assert "Tên tôi là An" in stage.dung.last().text
    await stage.dung.presses("Trả lời")
    assert "Bot đã gửi" in (await stage.dung.says("Đã sửa theo yêu cầu."))[0]
    assert "Đã sửa theo yêu cầu." in (await stage.alice.hears())[0]
    assert "đã trả lời 1/3/2027" in (await stage.alice.says("/yeucau"))[0]
    assert "đã được trả lời" in (await signed(stage, stage.dung, "data.answer", 1))[0]


async def test_officers_are_reminded_the_day_before_on_the_day_and_daily_after(stage: Stage) -> None:
    await stage.owe_nothing()
    await ask(stage)
    await stage.dung.hears()
    heard = []
    for _ in range(5):
        await stage.later(days=1)
        heard.append([text.partition(":")[0] for text in await stage.dung.hears() if "yêu cầu dữ liệu" in text])
    assert heard == [["⏰ Sắp đến hạn"], ["⏰ Sắp đến hạn"], ["⚠️ Đã quá hạn"], ["⚠️ Đã quá hạn"], ["⚠️ Đã quá hạn"]]


async def test_a_day_off_that_is_declared_later_moves_the_deadline(stage: Stage) -> None:
    await stage.owe_nothing()
    await ask(stage)
    await stage.dung.hears()
    who = await stage.ask(lambda s: s.scalars(select(Membership.id).where(Membership.full_name == "Dung")).one())
    off = DayOff(campaign="long_an", day=date(2027, 3, 2), off=True, note="", set_by_id=who, set_at=datetime.now(UTC))
    await stage.ask(lambda s: s.add(off))
    await stage.later(days=1)
    assert await stage.dung.hears() == []
    assert (await requests(stage))[0].due_at == datetime(2027, 3, 4, 10, tzinfo=UTC)


async def test_taking_ones_data_along_answers_what_was_asked(stage: Stage) -> None:
    await stage.alice.says("/yeucau")
    await stage.alice.presses("Xem dữ liệu")
    await stage.alice.presses("Gửi luôn")
    await stage.alice.says("/xuatdulieu")
    [row] = await requests(stage)
    assert (row.kind, row.answered_by_id) == ("access", None)
    assert row.answered_at
    await stage.alice.says("/xuatdulieu")
    assert [each.kind for each in await requests(stage)] == ["access", "access"]


async def test_the_register_outlives_an_erasure_without_words_and_name(stage: Stage) -> None:
    await ask(stage)
    await stage.alice.says("/xoadulieu")
    await stage.alice.says("XÓA HẾT")
    [row] = await requests(stage)
    assert row.answered_at
    assert (row.words, row.answer, row.person_id, row.membership_id) == ("", None, None, None)
    assert len(row.subject) == 64


async def test_an_officer_erases_whoever_asks_for_it(stage: Stage) -> None:
    await ask(stage, "Nhờ xóa", "Xóa giúp tôi")
    await stage.dung.hears()
    await stage.dung.presses("Số 1")
    await stage.dung.presses("Xóa dữ liệu người này")
    assert "Đã xóa dữ liệu theo yêu cầu số 1" in (await stage.dung.presses("Xóa hẳn"))[0]
    assert "đã xóa dữ liệu về bạn theo yêu cầu" in (await stage.alice.hears())[0]
    await stage.alice.says("/hoso")
    assert stage.alice.buttons() == ["Bắt đầu"]
    assert await stage.ask(lambda s: s.scalars(select(Membership).where(Membership.full_name == "Alice")).all()) == []
    assert "đã được trả lời" in (await signed(stage, stage.dung, "data.erase!", 1))[0]


async def test_what_asks_for_less_erases_nobody(stage: Stage) -> None:
    await ask(stage)
    await signed(stage, stage.dung, "data.erase!", 1)
    assert await stage.ask(lambda s: s.scalars(select(Membership).where(Membership.full_name == "Alice")).all())


async def test_only_the_coordinators_at_the_top_see_the_register(stage: Stage) -> None:
    await appoint(stage, stage.bob, "Huyện Mộc Hóa", Role.COORDINATOR)
    await ask(stage)
    await stage.bob.says("/yeucau")
    assert not [label for label in stage.bob.buttons() if "Sổ yêu cầu" in label]
    for action, *args in [
        ("data.register", 1, 0),
        ("data.request", 1),
        ("data.answer", 1),
        ("data.erase", 1),
        ("data.erase!", 1),
        ("data.export",),
    ]:
        assert NOT_YOURS in (await signed(stage, stage.bob, str(action), *args))[0], action
    assert (await requests(stage))[0].answered_at is None


async def test_without_a_coordinator_at_the_root_the_next_ones_answer(stage: Stage) -> None:
    await appoint(stage, stage.dung, "Huyện Mộc Hóa", Role.COORDINATOR)
    await ask(stage)
    assert "Yêu cầu dữ liệu số 1" in (await stage.dung.hears())[0]


async def test_somebody_without_a_unit_may_ask_too(stage: Stage) -> None:
    await stage.charlie.starts()
    await stage.charlie.presses("Đồng ý")
    await stage.charlie.says("/request")
    await stage.charlie.presses("Sửa dữ liệu")
    await stage.charlie.says("Ngôn ngữ")
    assert "người chưa có đơn vị" in (await stage.dung.hears())[0]


async def test_five_open_requests_are_enough(stage: Stage) -> None:
    for number in range(5):
        await ask(stage, words=f"Câu hỏi {number}")
    await stage.alice.says("/yeucau")
    assert "5 yêu cầu chờ trả lời" in (await stage.alice.presses("Sửa dữ liệu"))[0]


async def test_the_register_is_exported_as_text_and_the_export_is_on_record(stage: Stage) -> None:
    await ask(stage, words="=1+1")
    await stage.dung.hears()
    await stage.dung.says("/yeucau")
    await stage.dung.presses("Sổ yêu cầu (1 chờ)")
    rows = sheet_rows(await file_behind(stage, stage.dung, "Bảng Excel"), "Yêu cầu dữ liệu")
    assert rows[2][:7] == [
        1,
        "09:00 01/03/2027",
        "Sửa dữ liệu",
        "Alice",
        "Xã Tuyên Thạnh, Thị xã Kiến Tường, Tỉnh Long An",
        "=1+1",
        "17:00 03/03/2027",
    ]
    assert rows[-1][1] == "1 yêu cầu, 0 trả lời đúng hạn"
    assert [each.after for each in await audit(stage, "data.export")] == [{"export": "data_requests"}]


async def test_where_nobody_coordinates_the_operators_hear_that_somebody_waits(stage: Stage) -> None:
    await stage.owe_nothing()
    await stage.charlie.starts()

    def leave_nobody(session: Session) -> None:
        for each in session.scalars(select(Membership).where(Membership.role == Role.COORDINATOR)):
            each.role = Role.MEMBER
        at = stage.charlie.address
        session.add(Operator(channel=at.channel, chat=at.chat, since=datetime.now(UTC)))

    await stage.ask(leave_nobody)
    await ask(stage)
    [told] = await stage.charlie.hears()
    assert "Yêu cầu về dữ liệu số 1" in told
    assert "/vanhanh" in told
    assert "Alice" not in told
    await stage.later(days=1)
    assert len([each for each in await stage.charlie.hears() if "số 1" in each]) == 1
