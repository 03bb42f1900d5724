"""Links that give a role, and handing a role over."""

import pytest
from sqlalchemy import select, update

from bot.actions.invitations import INVITATION_LASTS
from bot.storage.models import Invitation, Membership, ReviewCase, Role
from tests.cast import Actor, Stage, code_of
from tests.dialogue.reminding import appoint
from tests.dialogue.reviewing import disputed
from tests.dialogue.test_roles import NO, add, member, signed


async def link(actor: Actor, role: str, day: str | None = None) -> str:
    """The code of a link that gives this role in one's own unit."""
    await actor.says("/moi")
    await actor.presses("Mời giữ vai trò")
    answer = (await actor.presses(role))[0]
    if day:
        answer = (await actor.says(day))[0]
    assert "dùng một lần, trước 09:00 15/3/2027" in answer
    return code_of(actor.copies()[0])


async def register_by(actor: Actor, code: str) -> list[str]:
    await actor.starts(code)
    await actor.presses("Đồng ý")
    await actor.says("Nguyễn Văn C")
    await actor.presses("Cán bộ")
    for _ in range(3):
        await actor.presses("Bỏ qua")
    return await actor.presses("Xác nhận")


async def test_who_opens_the_link_registers_and_has_the_role_once(stage: Stage) -> None:
    code = await link(stage.bob, "Quản trị")
    done, role = await register_by(stage.charlie, code)
    assert "Bạn đã là thành viên của Xã Tuyên Thạnh" in done
    assert role.startswith("✅ Bạn nay là quản trị đơn vị của Xã Tuyên Thạnh.")
    assert "Nguyễn Văn C đã nhận vai trò quản trị đơn vị" in (await stage.bob.hears())[0]
    assert (await member(stage, "Nguyễn Văn C")).role == Role.UNIT_ADMIN
    assert "không đúng hoặc đã hết hạn" in (await stage.alice.starts(code))[0]


async def test_a_member_of_the_unit_gets_the_role_after_a_yes(stage: Stage) -> None:
    code = await link(stage.bob, "Phó", "31/12")
    [question] = await stage.alice.starts(code)
    assert question.startswith("Bob mời bạn giữ vai trò phó (tạm thay) của Xã Tuyên Thạnh đến hết thứ Sáu 31/12/2027")
    assert (await member(stage, "Alice")).role == Role.MEMBER
    assert "Bạn nay là phó" in (await stage.alice.presses("Nhận"))[0]
    assert (await member(stage, "Alice")).role == Role.DEPUTY


async def test_a_no_is_told_to_who_asked_and_the_link_is_gone(stage: Stage) -> None:
    code = await link(stage.bob, "Quản trị")
    await stage.alice.starts(code)
    accept = stage.alice.data_of("✅ Nhận")
    await stage.alice.presses("Không nhận")
    assert "Alice không nhận vai trò" in (await stage.bob.hears())[0]
    await stage.alice.says("/hoso")
    assert "đã dùng, hết hạn hoặc bị thu hồi" in (await stage.alice.forges(accept))[0]


async def test_a_member_of_another_unit_is_told_what_to_do(stage: Stage) -> None:
    code = await link(stage.bob, "Quản trị")
    await appoint(stage, stage.alice, "Xã Thạnh Hưng", Role.MEMBER)
    assert "bạn đang ở Xã Thạnh Hưng" in (await stage.alice.starts(code))[0]
    assert NO in (await signed(stage, stage.alice, "invite.accept", code))[-1]


async def test_a_link_that_would_add_nothing_is_not_used_up(stage: Stage) -> None:
    code = await link(stage.bob, "Phó", "31/12")
    assert "Bạn đang là quản trị đơn vị" in (await stage.bob.starts(code))[0]
    assert "Bob mời bạn" in (await stage.alice.starts(code))[0]


@pytest.mark.parametrize("end", ["withdrawn", "too_late", "giver_lost_his_role"])
async def test_a_link_works_no_more(stage: Stage, end: str) -> None:
    await stage.owe_nothing()
    code = await link(stage.bob, "Quản trị")
    if end == "withdrawn":
        assert (await stage.bob.presses("Lời mời đang mở"))[0].startswith(
            "2 lời mời đang mở\n1. Xã Tuyên Thạnh: quản trị"
        )
        assert (await stage.bob.presses("Thu hồi 1"))[0].startswith("1 lời mời đang mở")
    elif end == "too_late":
        await stage.later(seconds=INVITATION_LASTS.total_seconds())
    else:
        await stage.ask(
            lambda s: s.execute(update(Membership).where(Membership.full_name == "Bob").values(role="member"))
        )
    assert "không đúng hoặc đã hết hạn" in (await stage.alice.starts(code))[0]
    assert (await member(stage, "Alice")).role == Role.MEMBER


async def test_the_open_invitations_are_listed_from_under_the_picture_of_one_too(stage: Stage) -> None:
    await stage.bob.says("/moi")
    [listed] = await stage.bob.presses("Lời mời đang mở")
    assert listed.startswith("1 lời mời đang mở\n1. Xã Tuyên Thạnh: thành viên")
    assert (await stage.bob.presses("Thu hồi 1"))[0].startswith("Không có lời mời nào đang mở")


async def test_a_link_that_was_used_meanwhile_leaves_the_slower_one_waiting(stage: Stage) -> None:
    code = await link(stage.bob, "Quản trị")
    await stage.charlie.starts(code)
    await stage.charlie.presses("Đồng ý")
    await stage.charlie.says("Nguyễn Văn C")
    await stage.charlie.presses("Cán bộ")
    for _ in range(3):
        await stage.charlie.presses("Bỏ qua")
    await stage.alice.starts(code)
    await stage.alice.presses("✅ Nhận")
    assert "sẽ duyệt" in (await stage.charlie.presses("Xác nhận"))[0]
    assert (await member(stage, "Nguyễn Văn C")).role == Role.MEMBER


async def test_made_up_buttons_offer_and_withdraw_nothing_above_ones_own(stage: Stage) -> None:
    top = (await member(stage, "Dung")).unit_id
    own = (await member(stage, "Bob")).unit_id
    code = await link(stage.dung, "Điều phối")
    for action, args in (
        ("invite.make", (top, "deputy")),
        ("invite.make", (own, "coordinator")),
        ("invite.role", (top,)),
    ):
        assert NO in (await signed(stage, stage.bob, action, *args))[-1]
    assert NO in (await signed(stage, stage.bob, "invite.withdraw", code))[-1]
    made = await stage.ask(lambda s: s.scalars(select(Invitation.role)).all())
    assert sorted(made) == ["coordinator", "member"]


async def test_an_admin_hands_over_to_a_member_who_agrees(stage: Stage) -> None:
    await stage.owe_nothing()
    await disputed(stage)
    await stage.bob.says("/duyet")
    await stage.bob.presses("Duyệt từng bài")
    assert await stage.ask(lambda s: s.scalars(select(ReviewCase.claimed_by_id)).one())
    assert "Bàn giao vai trò quản trị đơn vị của Xã Tuyên Thạnh" in (await stage.bob.says("/bangiao"))[0]
    assert "Chọn người" in (await stage.bob.says("ali"))[0]
    assert "Đã hỏi Alice" in (await stage.bob.presses("Alice"))[0]
    assert (await member(stage, "Bob")).role == Role.UNIT_ADMIN
    assert "Bob muốn bàn giao cho bạn vai trò quản trị đơn vị" in (await stage.alice.hears())[0]
    await stage.alice.presses("✅ Nhận")
    assert "Bạn đã bàn giao xong và nay là thành viên" in (await stage.bob.hears())[0]
    assert ((await member(stage, "Alice")).role, (await member(stage, "Bob")).role) == ("unit_admin", "member")
    assert await stage.ask(lambda s: s.scalars(select(ReviewCase.claimed_by_id)).one()) is None


async def test_only_the_latest_offer_of_a_role_works(stage: Stage) -> None:
    await stage.bob.says("/bangiao")
    await stage.bob.presses("Alice")
    await stage.alice.hears()
    await stage.bob.says("/bangiao")
    [answer] = await stage.bob.presses("Gửi link một lần")
    assert "bàn giao vai trò quản trị đơn vị" in answer
    code = code_of(stage.bob.copies()[0])
    assert "đã dùng, hết hạn hoặc bị thu hồi" in (await stage.alice.presses("✅ Nhận"))[0]
    await register_by(stage.charlie, code)
    assert ((await member(stage, "Nguyễn Văn C")).role, (await member(stage, "Bob")).role) == ("unit_admin", "member")


async def test_before_an_erasure_an_admin_is_offered_to_hand_over(stage: Stage) -> None:
    assert "bàn giao trước" in (await stage.bob.says("/xoadulieu"))[0]
    assert "Chọn người nhận" in (await stage.bob.presses("Bàn giao trước"))[0]
    assert "bàn giao" not in (await stage.alice.says("/xoadulieu"))[0]


async def test_nobody_hands_over_to_somebody_of_another_unit(stage: Stage) -> None:
    other = await add(stage, "Lan", "Xã Thạnh Hưng")
    assert NO in (await signed(stage, stage.bob, "handover.to", other))[-1]
