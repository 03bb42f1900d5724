"""/dangky: joining a unit, with approval, by a join link, across restarts and after a long silence."""

import pytest
from sqlalchemy import select

from bot.sandbox import people
from bot.storage.models import Conversation, Membership
from tests.cast import STALE, Stage, code_of

STEPS = [
    ("/dangky", "says", "Họ và tên"),
    ("  nguyễn VĂN a ", "says", "Chào Nguyễn Văn A"),
    ("tuyen thanh", "says", "Chọn đơn vị của bạn"),
    ("Xã Tuyên Thạnh", "presses", "Bạn tham gia với tư cách nào?"),
    ("Chiến sĩ", "presses", "Cấp bậc"),
    ("Bỏ qua", "presses", "Chức vụ"),
    ("tiểu đội trưởng", "says", "Tên Facebook"),
    ("Bỏ qua", "presses", "Xin xem lại"),
    ("Xác nhận", "presses", "Quản trị đơn vị sẽ duyệt"),
]


async def go_through(stage: Stage, steps: list[tuple[str, str, str]], *, restart: bool = False) -> None:
    for words, how, expected in steps:
        if restart:
            await stage.restart()
        answers = await getattr(stage.charlie, how)(words)
        assert expected in answers[0], (words, answers)


async def consent(stage: Stage) -> None:
    await stage.charlie.starts()
    await stage.charlie.presses("Đồng ý")


async def members(stage: Stage) -> list[Membership]:
    return list(await stage.ask(lambda s: s.scalars(select(Membership).order_by(Membership.id)).all()))


async def test_a_newcomer_registers_and_the_units_admin_lets_him_in(stage: Stage) -> None:
    await consent(stage)
    await go_through(stage, STEPS)
    [request] = await stage.bob.hears()
    assert request.startswith("Nguyễn Văn A xin vào Xã Tuyên Thạnh › Thị xã Kiến Tường › Tỉnh Long An.")
    assert "tiểu đội trưởng" in request
    assert "Đã duyệt Nguyễn Văn A" in (await stage.bob.presses("Duyệt"))[0]
    assert "Bạn đã được duyệt vào Xã Tuyên Thạnh" in (await stage.charlie.hears())[0]
    assert "#DQTVTUYENTHANHKIENTUONGLONGAN" in (await stage.charlie.presses("Hashtag của tôi"))[0]
    member = (await members(stage))[-1]
    assert (member.full_name, member.kind, member.rank, member.position) == (
        "Nguyễn Văn A",
        "chien_si",
        None,
        "tiểu đội trưởng",
    )


async def test_the_registration_survives_a_restart_at_every_step(stage: Stage) -> None:
    await consent(stage)
    await go_through(stage, STEPS, restart=True)
    assert (await members(stage))[-1].state == "pending"


async def test_only_the_admin_of_the_unit_is_asked(stage: Stage) -> None:
    await stage.register(stage.charlie)
    assert len(await stage.bob.hears()) == 1
    assert await stage.alice.hears() == []
    assert await stage.dung.hears() == []


async def test_a_unit_without_an_admin_is_decided_by_the_next_one_above(stage: Stage) -> None:
    await consent(stage)
    await stage.charlie.says("/dangky")
    await stage.charlie.says("Nguyễn Văn A")
    await stage.charlie.says("thanh hung")
    await stage.charlie.presses("Xã Thạnh Hưng")
    await stage.charlie.presses("Cán bộ")
    for _ in range(3):
        await stage.charlie.presses("Bỏ qua")
    await stage.charlie.presses("Xác nhận")
    assert await stage.bob.hears() == []
    assert "Nguyễn Văn A xin vào Xã Thạnh Hưng" in (await stage.dung.hears())[0]
    await stage.dung.presses("Duyệt")
    assert "đã được duyệt" in (await stage.charlie.hears())[0]


async def test_a_refused_person_hears_it_and_may_try_again(stage: Stage) -> None:
    await stage.register(stage.charlie)
    await stage.bob.hears()
    assert "Đã từ chối" in (await stage.bob.presses("Từ chối"))[0]
    assert "chưa được duyệt" in (await stage.charlie.hears())[0]
    assert "Họ và tên" in (await stage.charlie.presses("Đăng ký"))[0]


async def test_a_second_press_changes_nothing(stage: Stage) -> None:
    await stage.register(stage.charlie)
    await stage.bob.hears()
    approve = stage.bob.data_of("Duyệt")
    await stage.bob.presses("Từ chối")
    await stage.charlie.hears()
    await stage.bob.says("/hashtag")
    await stage.bob.forges(approve)
    assert await stage.charlie.hears() == []
    assert (await members(stage))[-1].state == "refused"


async def test_a_member_cannot_press_the_admins_button(stage: Stage) -> None:
    await stage.register(stage.charlie)
    await stage.bob.hears()
    await stage.alice.says("/hoso")
    assert await stage.alice.forges(stage.bob.data_of("Duyệt")) == STALE
    assert (await members(stage))[-1].state == "pending"


async def test_an_unknown_unit_is_explained_and_asked_again(stage: Stage) -> None:
    await consent(stage)
    await go_through(stage, STEPS[:2])
    assert "Không có đơn vị nào tên như “zzz”" in (await stage.charlie.says("zzz"))[0]
    await go_through(stage, STEPS[2:4])


async def test_at_most_eight_units_are_offered_and_more_letters_asked_for(stage: Stage) -> None:
    await consent(stage)
    await go_through(stage, STEPS[:2])
    assert "hãy gõ thêm chữ" in (await stage.charlie.says("tan"))[0]
    assert sum("›" in label for label in stage.charlie.buttons()) == 8


@pytest.mark.parametrize("typed", ["TUYÊN THẠNH", "Tuyên Thạnh", "  tuyen   thanh ", "xa tuyen thanh", "uyen than"])
async def test_the_unit_is_found_however_it_is_typed(stage: Stage, typed: str) -> None:
    await consent(stage)
    await go_through(stage, STEPS[:2])
    await stage.charlie.says(typed)
    assert stage.charlie.buttons()[0] == "Xã Tuyên Thạnh › Thị xã Kiến Tường › Tỉnh Long An"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("a1", "không có chữ số"),
        ("#ABC", "Đây là hashtag"),
        ("https://fb.com/x", "Đây là một link"),
        ("a" * 101, "dài quá"),
        ("…", "chưa đọc được"),
    ],
)
async def test_what_is_no_name_is_explained(stage: Stage, typed: str, expected: str) -> None:
    await consent(stage)
    await stage.charlie.says("/dangky")
    assert expected in (await stage.charlie.says(typed))[0]
    assert "Chào Nguyễn Văn A" in (await stage.charlie.says("Nguyễn Văn A"))[0]


async def test_one_can_go_back_and_keep_the_other_answers(stage: Stage) -> None:
    await consent(stage)
    await go_through(stage, STEPS[:4])
    assert "Bạn thuộc đơn vị nào?" in (await stage.charlie.presses("Quay lại"))[0]
    assert "Họ và tên" in (await stage.charlie.presses("Quay lại"))[0]
    assert "Chào Trần Thị B" in (await stage.charlie.says("trần thị b"))[0]


async def test_one_can_leave_at_any_step(stage: Stage) -> None:
    await consent(stage)
    for length in range(1, len(STEPS)):
        await go_through(stage, STEPS[:length])
        assert "Đã thôi" in (await stage.charlie.says("/huy"))[0]
    assert await stage.ask(lambda s: s.scalars(select(Conversation)).all()) == []
    assert "không đang làm dở" in (await stage.charlie.says("/huy"))[0]


async def test_a_button_of_a_registration_that_was_left_does_nothing(stage: Stage) -> None:
    await consent(stage)
    await go_through(stage, STEPS[:8])
    await stage.charlie.says("/huy")
    assert await stage.charlie.presses("Xác nhận") == STALE
    assert len(await members(stage)) == 3


async def test_a_double_press_on_skip_skips_one_question_only(stage: Stage) -> None:
    await consent(stage)
    await go_through(stage, STEPS[:5])
    skip = stage.charlie.data_of("Bỏ qua")
    await stage.charlie.presses("Bỏ qua")
    assert await stage.charlie.forges(skip) == STALE
    assert "Tên Facebook" in (await stage.charlie.says("tiểu đội trưởng"))[0]


async def test_a_registration_left_for_a_day_ends_and_says_so(stage: Stage) -> None:
    await consent(stage)
    await go_through(stage, STEPS[:3])
    await stage.later(hours=23)
    assert await stage.charlie.hears() == []
    await stage.later(hours=2)
    [answer] = await stage.charlie.hears()
    assert "quá 24 giờ" in answer
    assert "/dangky" in answer
    assert await stage.charlie.presses("Xã Tuyên Thạnh") == STALE


async def test_a_join_link_leads_straight_into_the_unit(stage: Stage) -> None:
    await stage.bob.says("/moi")
    assert (await stage.bob.picture()).startswith(b"\x89PNG")
    [link] = stage.bob.copies()
    assert link.startswith(("https://t.me/sotin_bot?start=", "/start "))
    await stage.charlie.starts(code_of(link))
    assert "Bạn được mời vào Xã Tuyên Thạnh" in (await stage.charlie.presses("Đồng ý"))[0]
    assert "tư cách nào" in (await stage.charlie.says("Nguyễn Văn A"))[0]
    await stage.charlie.presses("Chiến sĩ")
    for _ in range(3):
        await stage.charlie.presses("Bỏ qua")
    assert "Xong! Bạn đã là thành viên của Xã Tuyên Thạnh" in (await stage.charlie.presses("Xác nhận"))[0]
    assert await stage.bob.hears() == []


async def test_a_join_link_runs_out(stage: Stage) -> None:
    await stage.bob.says("/moi")
    [link] = stage.bob.copies()
    await stage.later(days=15)
    await stage.charlie.starts(code_of(link))
    assert "đã hết hạn" in (await stage.charlie.presses("Đồng ý"))[0]


@pytest.mark.parametrize("code", ["khongco", "x|y", "a" * 64])
async def test_a_made_up_join_link_is_explained(stage: Stage, code: str) -> None:
    await consent(stage)
    assert "không đúng hoặc đã hết hạn" in (await stage.charlie.says(f"/start {code}"))[0]


async def test_only_admins_invite(stage: Stage) -> None:
    assert "dành cho quản trị" in (await stage.alice.says("/moi"))[0]


async def test_a_member_is_not_registered_twice(stage: Stage) -> None:
    assert "Bạn đã là thành viên của Xã Tuyên Thạnh" in (await stage.alice.says("/dangky"))[0]
    await stage.register(stage.charlie)
    assert "Quản trị đơn vị sẽ duyệt" in (await stage.charlie.says("/register"))[0]
    assert len(await members(stage)) == 4


@pytest.mark.telegram_only("Zalo tells of no edited messages")
async def test_an_edited_old_message_is_no_answer_to_the_open_question(stage: Stage) -> None:
    await consent(stage)
    await go_through(stage, STEPS[:2])
    name = next(message for message in stage.charlie.chat() if "VĂN" in message.text)
    people.edit(stage.world, stage.charlie.person, name, "Nguyễn Văn B")
    assert "Hãy đăng ký trước" in (await stage.charlie.hears())[0]
    await go_through(stage, STEPS[2:4])
