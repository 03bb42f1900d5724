"""A row of the roster is claimed: by a code, by a link that holds it, or by name and unit with the admin's approval."""

import pytest

from bot.storage.models import MembershipState
from tests.cast import Stage, code_of
from tests.dialogue.reminding import signed
from tests.dialogue.rostering import SCHOOL, listed, member

CODE = "K7QM2XRD"
WRONG = "Mã này không đúng"


async def begin(stage: Stage) -> None:
    await stage.charlie.starts()
    await stage.charlie.presses("Đồng ý")
    await stage.charlie.says("/dangky")
    await stage.charlie.presses("Tôi có mã")


@pytest.mark.parametrize("typed", [CODE, "k7qm 2xrd", " K7QM-2XRD ", f"c_{CODE}"])
async def test_a_code_makes_the_row_ones_own_at_once(stage: Stage, typed: str) -> None:
    number = await listed(stage, "Trần Thị B", CODE, position="Tiểu đội trưởng")
    await begin(stage)
    [answer] = await stage.charlie.says(typed)
    assert "Bạn là Trần Thị B" in answer
    assert "Tiểu đội trưởng" in answer
    row = await member(stage, "Trần Thị B")
    assert (row.id, row.state, row.claim_code) == (number, MembershipState.ACTIVE, None)
    assert row.person_id
    assert "#DQTVTUYENTHANHKIENTUONGLONGAN" in (await stage.charlie.presses("Hashtag của tôi"))[0]
    assert "Trần Thị B (Xã Tuyên Thạnh) đã nhận tên" in (await stage.bob.hears())[0]


async def test_a_start_link_with_the_code_waits_for_consent(stage: Stage) -> None:
    await listed(stage, "Trần Thị B", CODE)
    await stage.charlie.starts(f"c_{CODE}")
    assert (await member(stage, "Trần Thị B")).state == MembershipState.LISTED
    assert "Bạn là Trần Thị B" in (await stage.charlie.presses("Đồng ý"))[0]


async def test_a_code_works_once(stage: Stage) -> None:
    await listed(stage, "Trần Thị B", CODE)
    await begin(stage)
    await stage.charlie.says(CODE)
    assert "Bạn đã là thành viên" in (await stage.charlie.says(f"/start c_{CODE}"))[0]
    assert "Bạn đã là thành viên" in (await stage.alice.says(f"/start c_{CODE}"))[0]


async def test_wrong_codes_are_limited_to_five_a_day(stage: Stage) -> None:
    await listed(stage, "Trần Thị B", CODE)
    await begin(stage)
    for left in (4, 3, 2, 1):
        assert f"còn {left} lần thử" in (await stage.charlie.says("AAAA2222"))[0]
    assert "quá số lần" in (await stage.charlie.says("AAAA2222"))[0]
    assert "quá số lần" in (await stage.charlie.says(CODE))[0]
    await stage.later(hours=23)
    await stage.charlie.hears()
    assert "Bạn là Trần Thị B" in (await stage.charlie.says(CODE))[0]


async def test_who_has_no_code_registers_without_one(stage: Stage) -> None:
    await begin(stage)
    assert WRONG in (await stage.charlie.says("tôi không biết"))[0]
    assert "Họ và tên" in (await stage.charlie.presses("Đăng ký không cần mã"))[0]


async def test_a_member_who_signs_by_name_gets_his_tag_with_the_claim(stage: Stage) -> None:
    await listed(stage, "Trần Thị B", CODE, unit=SCHOOL)
    await begin(stage)
    await stage.charlie.says(CODE)
    assert "#TRANTHIBTRUONGTHPTKIENTUONG" in (await stage.charlie.presses("Hashtag của tôi"))[0]


async def test_by_name_and_unit_the_admins_yes_ties_the_person_to_the_row(stage: Stage) -> None:
    number = await listed(stage, "Nguyễn Văn A", CODE, position="Tiểu đội trưởng", phone="0912345678")
    await stage.register(stage.charlie, "nguyen van a")
    [asked] = await stage.bob.hears()
    assert "Trong danh sách đã có người cùng tên" in asked
    assert "1. Tiểu đội trưởng" in asked
    old = stage.bob.data_of("là người khác")
    assert "Đã duyệt Nguyễn Văn A" in (await stage.bob.presses("Duyệt: dòng 1"))[0]
    assert "đã được duyệt vào Xã Tuyên Thạnh" in (await stage.charlie.hears())[0]
    row = await member(stage, "Nguyễn Văn A")
    assert (row.id, row.state, row.phone, row.claim_code) == (number, MembershipState.ACTIVE, "0912345678", None)
    await stage.bob.says("/hashtag")
    assert "ghép với tên" in (await stage.bob.forges(old))[0]


async def test_of_two_of_one_name_the_admin_chooses(stage: Stage) -> None:
    await listed(stage, "Nguyễn Văn A", position="Tiểu đội trưởng")
    number = await listed(stage, "Nguyễn Văn A", position="Y tá")
    await stage.register(stage.charlie)
    await stage.bob.hears()
    assert stage.bob.buttons()[:3] == ["✅ Duyệt: dòng 1", "✅ Duyệt: dòng 2", "✅ Duyệt, là người khác"]
    await stage.bob.presses("dòng 2")
    assert (await member(stage, "Nguyễn Văn A")).id == number
    assert (await member(stage, "Nguyễn Văn A")).state == MembershipState.ACTIVE


async def test_somebody_else_of_the_same_name_is_let_in_beside_the_row(stage: Stage) -> None:
    number = await listed(stage, "Nguyễn Văn A")
    await stage.register(stage.charlie)
    await stage.bob.hears()
    await stage.bob.presses("là người khác")
    newest = await member(stage, "Nguyễn Văn A")
    assert (newest.id != number, newest.state) == (True, MembershipState.ACTIVE)


async def test_a_row_that_was_claimed_meanwhile_is_not_given_twice(stage: Stage) -> None:
    await listed(stage, "Nguyễn Văn A", CODE)
    await stage.register(stage.charlie)
    await stage.bob.hears()
    await stage.charlie.says(f"/start c_{CODE}")
    await stage.bob.hears()
    assert "ghép với tên" in (await stage.bob.presses("dòng 1"))[0]


async def test_a_join_link_and_a_name_that_is_listed_once_lead_to_the_row(stage: Stage) -> None:
    number = await listed(stage, "Nguyễn Văn A", rank="Binh nhất")
    await stage.bob.says("/moi")
    [link] = stage.bob.copies()
    await stage.charlie.starts(code_of(link))
    await stage.charlie.presses("Đồng ý")
    await stage.charlie.says("Nguyễn Văn A")
    await stage.charlie.presses("Chiến sĩ")
    for _ in range(3):
        await stage.charlie.presses("Bỏ qua")
    await stage.charlie.presses("Xác nhận")
    row = await member(stage, "Nguyễn Văn A")
    assert (row.id, row.state, row.rank) == (number, MembershipState.ACTIVE, "Binh nhất")


async def test_forged_approvals_tie_nobody_to_a_row_of_another_name_or_unit(stage: Stage) -> None:
    other = await listed(stage, "Trần Thị B")
    far = await listed(stage, "Nguyễn Văn A", unit="Xã Thạnh Hưng")
    await stage.register(stage.charlie)
    await stage.bob.hears()
    waiting = await member(stage, "Nguyễn Văn A")
    for row in (other, far, waiting.id):
        assert "vừa được nhận" in (await signed(stage, stage.bob, "approval.row", waiting.id, row))[0]
    assert (await member(stage, "Nguyễn Văn A")).state == MembershipState.PENDING
    await stage.alice.says("/hoso")
    assert "dành cho quản trị" in (await signed(stage, stage.alice, "approval.row", waiting.id, other))[0]


async def test_an_admin_hands_out_a_code_that_is_made_when_it_is_needed(stage: Stage) -> None:
    await listed(stage, "Trần Thị B")
    await stage.bob.says("/thanhvien tran")
    await stage.bob.presses("Trần Thị B")
    await stage.bob.presses("Mã nhận tên")
    code = code_of(stage.bob.copies()[-1]).removeprefix("c_")
    assert f"Mã của Trần Thị B: {code}\n" in stage.bob.last().text
    await begin(stage)
    assert "Bạn là Trần Thị B" in (await stage.charlie.says(code))[0]
