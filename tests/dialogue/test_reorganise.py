"""Reorganisation: a unit goes into others, its members follow, and their hashtags change in good time."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.actions import roster
from bot.buttons import Tap, wire
from bot.storage.models import Invitation, Membership, Post, Role, Tag, Unit, UnitSuccessor
from tests.cast import STALE, TAG, Actor, Stage
from tests.databases import A_MONDAY

GROUP = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/123456789"
NEW_TAG = "#DQTVTUYENTHANHTAYNINH"
SPLIT = "Xã Thái Bình Trung"


async def chosen(stage: Stage, typed: str = "tuyen thanh", unit: str = "Xã Tuyên Thạnh", by: str = "dung") -> list[str]:
    actor: Actor = getattr(stage, by)
    await actor.says("/sapxep")
    await actor.says(typed)
    return await actor.presses(unit)


async def closed(stage: Stage, typed: str = "tuyen thanh", unit: str = "Xã Tuyên Thạnh", day: str = "") -> list[str]:
    await chosen(stage, typed, unit)
    await stage.dung.presses("Tiếp")
    await (stage.dung.says(day) if day else stage.dung.presses("Hôm nay"))
    return await stage.dung.presses("Xác nhận")


async def divided(stage: Stage) -> None:
    """Alice is a member of a unit that was divided today, and was asked which part is hers."""
    await appoint(stage, stage.alice, SPLIT, Role.MEMBER)
    await closed(stage, "thai binh trung", SPLIT)
    await stage.later(minutes=2)


async def appoint(stage: Stage, actor: Actor, unit: str, role: Role) -> None:
    def work(session: Session) -> None:
        found = session.scalars(select(Unit).where(Unit.name == unit).order_by(Unit.id).limit(1)).one()
        assert roster.appoint(session, actor.address, found, role, A_MONDAY)

    await stage.ask(work)


async def place_of(stage: Stage, name: str) -> tuple[str, str]:
    """The code of the unit that a member is in, and his role there."""
    statement = select(Unit.code, Membership.role).join(Membership.unit).where(Membership.full_name == name)
    return await stage.ask(lambda s: s.execute(statement).one())


async def number_of(stage: Stage, name: str) -> int:
    return await stage.ask(lambda s: s.scalars(select(Unit.id).where(Unit.name == name).order_by(Unit.id)).first() or 0)


async def signed(stage: Stage, actor: Actor, action: str, *args: str | int) -> list[str]:
    """Press a button that we could have sent to this chat, but did not."""
    to = actor.address
    return await actor.forges(wire(Tap("register.begin", action, args), to, "vi", stage.app.setup.key).data or "")


async def closings(stage: Stage) -> int:
    return await stage.ask(lambda s: s.scalars(select(func.count()).select_from(UnitSuccessor)).one())


async def hand_in(stage: Stage, number: int, tag: str) -> str:
    return (await stage.alice.says(f"{GROUP}{number:04}\nDân quân xã giúp dân gặt lúa. {tag}"))[-1]


async def test_the_table_proposes_the_successor_and_the_summary_tells_what_will_change(stage: Stage) -> None:
    [parts] = await chosen(stage)
    assert "Thôi hoạt động: Xã Tuyên Thạnh › Thị xã Kiến Tường" in parts
    assert "☑ Xã Tuyên Thạnh, Tỉnh Tây Ninh · sẽ lập mới" in parts
    await stage.dung.presses("Tiếp")
    assert "1/7/2025" in " ".join(stage.dung.buttons())
    [old_day] = await stage.dung.presses("Ngày 1/7/2025")
    assert "chỉ tính đến hết ngày 28/9/2025 (đã qua)" in old_day
    await stage.dung.presses("Quay lại")
    [summary] = await stage.dung.presses("Hôm nay")
    assert "2 người, được chuyển ngay sau khi xác nhận; 1 người là quản trị" in summary
    assert f"Hashtag cũ {TAG}: chỉ tính đến hết ngày 29/5/2027" in summary
    assert f"Hashtag của Xã Tuyên Thạnh: {NEW_TAG}" in summary
    await stage.dung.presses("Thôi")
    assert await closings(stage) == 0


async def test_members_follow_into_the_one_successor_and_are_told_once(stage: Stage) -> None:
    await hand_in(stage, 1, TAG)
    [done] = await closed(stage)
    assert "Xã Tuyên Thạnh, Thị xã Kiến Tường nhập vào Xã Tuyên Thạnh" in done
    await stage.later(minutes=2)
    [told] = await stage.alice.hears()
    assert "Bạn nay thuộc Xã Tuyên Thạnh (trước là Xã Tuyên Thạnh, Thị xã Kiến Tường)" in told
    assert "Hashtag cũ vẫn được tính đến hết ngày 29/5/2027" in told
    assert stage.alice.copies() == [NEW_TAG]
    await stage.later(days=8)
    assert await stage.alice.hears() == []
    assert await place_of(stage, "Alice") == ("m27817", Role.MEMBER)
    assert await place_of(stage, "Bob") == ("m27817", Role.UNIT_ADMIN)
    posts = await stage.ask(lambda s: [(post.unit_id, post.id) for post in s.scalars(select(Post))])
    assert posts == [(await number_of(stage, "Xã Tuyên Thạnh"), 1)]


async def test_the_old_tag_counts_before_the_closing_and_in_the_grace_and_is_explained_after_it(stage: Stage) -> None:
    await closed(stage, day="10/3/2027")
    assert "Đã tính" in await hand_in(stage, 1, TAG)
    await stage.later(days=10)
    assert "Đã tính" in await hand_in(stage, 2, TAG)
    assert "Đã tính" in await hand_in(stage, 3, NEW_TAG)
    await stage.later(days=88)
    assert "Đã tính" in await hand_in(stage, 4, TAG)
    await stage.later(days=1)
    answer = await hand_in(stage, 5, TAG)
    assert "hashtag cũ của Xã Tuyên Thạnh, chỉ tính đến hết ngày 7/6/2027" in answer
    assert stage.alice.copies() == [NEW_TAG]


async def test_a_closing_in_the_future_does_nothing_before_its_day(stage: Stage) -> None:
    [done] = await closed(stage, day="10/3/2027")
    assert "Đến ngày đó bot mới chuyển" in done
    await stage.later(days=8)
    assert await stage.alice.hears() == []
    assert TAG in (await stage.alice.says("/hashtag"))[0]
    await stage.later(days=1)
    assert "Bạn nay thuộc" in (await stage.alice.hears())[0]


async def test_members_of_a_divided_unit_choose_once_and_keep_their_role(stage: Stage) -> None:
    await appoint(stage, stage.alice, SPLIT, Role.UNIT_ADMIN)
    [parts] = await chosen(stage, "thai binh trung", SPLIT)
    assert "chia về nhiều đơn vị" in parts
    assert "☑ Xã Vĩnh Hưng, Tỉnh Tây Ninh · sẽ lập mới · đơn vị chính" in parts
    await stage.dung.presses("Tiếp")
    assert "mỗi người tự chọn đơn vị mới" in (await stage.dung.presses("Hôm nay"))[0]
    await stage.dung.presses("Xác nhận")
    await stage.later(minutes=2)
    assert "Bạn thuộc đơn vị nào?" in (await stage.alice.hears())[0]
    assert stage.alice.buttons() == ["Tôi thuộc Xã Vĩnh Hưng", "Tôi thuộc Xã Khánh Hưng", "Tôi thuộc Xã Tuyên Bình"]
    assert "Bạn nay thuộc Xã Khánh Hưng" in (await stage.alice.presses("Xã Khánh Hưng"))[0]
    assert stage.alice.copies() == ["#DQTVKHANHHUNGTAYNINH"]
    assert await stage.alice.presses("Xã Tuyên Bình") == STALE
    assert (await place_of(stage, "Alice"))[1] == Role.UNIT_ADMIN


async def test_who_has_not_chosen_is_asked_again_twice_at_most(stage: Stage) -> None:
    await stage.owe_nothing()
    await divided(stage)
    assert len(await stage.alice.hears()) == 1
    heard = []
    for _ in range(10):
        await stage.later(days=5)
        heard.append(len(await stage.alice.hears()))
    assert heard == [0, 1, 0, 0, 0, 1, 0, 0, 0, 0]


async def test_who_has_not_chosen_still_hands_in_and_later_hears_of_the_main_successors_tag(stage: Stage) -> None:
    await divided(stage)
    old = "#DQTVTHAIBINHTRUNGVINHHUNGLONGAN"
    assert "Đã tính" in await hand_in(stage, 1, old)
    assert "Đã tính" in await hand_in(stage, 2, "#DQTVVINHHUNGTAYNINH")
    await stage.later(days=90)
    answer = await hand_in(stage, 3, old)
    assert "hashtag cũ của Xã Thái Bình Trung" in answer
    assert stage.alice.copies() == ["#DQTVVINHHUNGTAYNINH"]


async def test_a_part_of_the_proposal_an_existing_unit_and_a_new_one_can_be_taken(stage: Stage) -> None:
    await chosen(stage, "thai binh trung", SPLIT)
    await stage.dung.presses("☑ Xã Vĩnh Hưng")
    await stage.dung.presses("☑ Xã Tuyên Bình")
    await stage.dung.says("tuyen thanh")
    await stage.dung.presses("➕ Xã Tuyên Thạnh")
    assert "chưa có đơn vị nào tên như “xã Bình Lập”" in (await stage.dung.says("xã Bình Lập"))[0]
    [parts] = await stage.dung.presses("Lập mới: Xã Bình Lập")
    assert "☐ Xã Vĩnh Hưng" in parts
    assert "☑ Xã Khánh Hưng, Tỉnh Tây Ninh · sẽ lập mới · đơn vị chính" in parts
    await stage.dung.presses("Tiếp")
    await stage.dung.presses("Hôm nay")
    assert "chia về Xã Khánh Hưng, Xã Tuyên Thạnh, Xã Bình Lập" in (await stage.dung.presses("Xác nhận"))[0]
    tags = await stage.ask(lambda s: {row.tag for row in s.scalars(select(Tag).order_by(Tag.id.desc()).limit(2))})
    assert tags == {"#DQTVKHANHHUNGTAYNINH", "#DQTVBINHLAPTAYNINH"}


async def test_what_another_closing_made_is_linked_and_its_name_is_not_given_twice(stage: Stage) -> None:
    await closed(stage)
    [parts] = await chosen(stage, "thanh tri", "Xã Thạnh Trị")
    assert "☑ Xã Bình Hiệp, Tỉnh Tây Ninh · sẽ lập mới" in parts
    await stage.dung.says("Xa Tuyen Thanh")
    assert stage.dung.buttons() == ["➕ Xã Tuyên Thạnh › Tỉnh Long An", "◀ Quay lại", "✖ Thôi"]
    [parts] = await chosen(stage, "thanh hung", "Xã Thạnh Hưng › Thị xã Kiến Tường")
    assert "☑ Xã Tuyên Thạnh, Tỉnh Tây Ninh · đã có" in parts


async def test_living_units_below_must_go_first(stage: Stage) -> None:
    [refused] = await chosen(stage, "kien tuong", "Thị xã Kiến Tường")
    assert "còn 9 đơn vị đang hoạt động" in refused
    assert "• Xã Tuyên Thạnh" in refused
    assert await closings(stage) == 0


@pytest.mark.parametrize(
    ("typed", "said"), [("mai", "chưa đọc được"), ("31/2/2027", "chưa đọc được"), ("1/7/2040", "xa quá")]
)
async def test_a_day_that_cannot_be_is_asked_for_again(stage: Stage, typed: str, said: str) -> None:
    await chosen(stage)
    await stage.dung.presses("Tiếp")
    assert said in (await stage.dung.says(typed))[0]
    assert "Xin xem lại" in (await stage.dung.says("5/3/2027"))[0]


async def test_the_clash_of_a_new_tag_is_named_before_it_is_made(stage: Stage) -> None:
    await closed(stage)
    await chosen(stage, "thanh tri", "Xã Thạnh Trị")
    await stage.dung.presses("☑ Xã Bình Hiệp")
    await stage.dung.says("Phường Tuyên Thạnh")
    await stage.dung.presses("Lập mới")
    await stage.dung.presses("Tiếp")
    assert f"{NEW_TAG} ⚠️ trùng với Xã Tuyên Thạnh" in (await stage.dung.presses("Hôm nay"))[0]


async def test_a_unit_admin_can_neither_ask_nor_forge(stage: Stage) -> None:
    assert "dành cho điều phối" in (await stage.bob.says("/sapxep"))[0]
    await chosen(stage)
    await stage.dung.presses("Tiếp")
    await stage.dung.presses("Hôm nay")
    await stage.bob.says("/hoso")
    assert await stage.bob.forges(stage.dung.data_of("Xác nhận")) == STALE
    unit = await number_of(stage, "Xã Tuyên Thạnh")
    for action in ("unit", "confirm", "parts"):
        assert "dành cho điều phối" in (await signed(stage, stage.bob, f"reorganise.{action}", unit))[0]
    assert await closings(stage) == 0


async def test_a_coordinator_reaches_only_what_stands_below_him(stage: Stage) -> None:
    await appoint(stage, stage.bob, "Huyện Vĩnh Hưng", Role.COORDINATOR)
    await stage.bob.says("/sapxep")
    assert "không có đơn vị nào" in (await stage.bob.says("tuyen thanh"))[0]
    outside, own = await number_of(stage, "Xã Tuyên Thạnh"), await number_of(stage, "Huyện Vĩnh Hưng")
    for unit in (outside, own):
        assert "dành cho quản trị" in (await signed(stage, stage.bob, "reorganise.unit", unit))[0]
    await chosen(stage, "thai binh trung", SPLIT, by="bob")
    split = await number_of(stage, SPLIT)
    assert "dành cho quản trị" in (await signed(stage, stage.bob, "reorganise.add", split, outside))[0]
    assert "không phụ trách nơi có: Xã Vĩnh Hưng" in (await stage.bob.presses("Tiếp"))[0]
    assert await signed(stage, stage.bob, "reorganise.confirm", split) == STALE
    assert await closings(stage) == 0


async def test_a_button_of_another_units_conversation_is_stale(stage: Stage) -> None:
    await chosen(stage)
    old = stage.dung.data_of("Tiếp")
    await chosen(stage, "thai binh trung", SPLIT)
    assert await stage.dung.forges(old) == STALE


async def test_a_mistake_is_undone_and_can_be_done_again(stage: Stage) -> None:
    before = await stage.ask(lambda s: s.scalars(select(func.count(Unit.id))).one())
    await closed(stage)
    assert "vẫn hoạt động như trước" in (await stage.dung.presses("Hoàn tác"))[0]
    assert await stage.ask(lambda s: s.scalars(select(func.count(Unit.id))).one()) == before
    await stage.later(minutes=2)
    assert await stage.alice.hears() == []
    await stage.later(days=91)
    assert "Đã tính" in await hand_in(stage, 1, TAG)
    assert "✅ Đã ghi" in (await closed(stage))[0]


async def test_nothing_is_undone_once_somebody_was_moved(stage: Stage) -> None:
    await stage.owe_nothing()
    await closed(stage)
    await stage.later(minutes=2)
    assert "Không hoàn tác được nữa" in (await stage.dung.presses("Hoàn tác"))[0]
    assert await closings(stage) == 1


async def test_a_join_link_leads_to_the_one_successor(stage: Stage) -> None:
    await stage.bob.says("/moi")
    await closed(stage)
    code = await stage.ask(lambda s: s.scalars(select(Invitation.code)).one())
    await stage.charlie.starts(code)
    await stage.charlie.presses("Đồng ý")
    await stage.charlie.says("Nguyễn Văn A")
    assert "Đơn vị: Xã Tuyên Thạnh › Tỉnh Long An" in stage.charlie.last().text
    await stage.charlie.presses("Chiến sĩ")
    for _ in range(3):
        await stage.charlie.presses("Bỏ qua")
    assert "Bạn đã là thành viên" in (await stage.charlie.presses("Xác nhận"))[0]
    assert await place_of(stage, "Nguyễn Văn A") == ("m27817", Role.MEMBER)


async def test_a_join_link_into_a_divided_unit_says_so(stage: Stage) -> None:
    await appoint(stage, stage.bob, SPLIT, Role.UNIT_ADMIN)
    await stage.bob.says("/moi")
    await closed(stage, "thai binh trung", SPLIT)
    code = await stage.ask(lambda s: s.scalars(select(Invitation.code)).one())
    await stage.charlie.starts(code)
    [answer] = await stage.charlie.presses("Đồng ý")
    assert "Xã Thái Bình Trung đã được sắp xếp lại" in answer
    assert stage.charlie.buttons() == ["Đăng ký"]
