"""/thanhvien: an admin's list of members, what is kept about one, corrections, moves, leaving and coming back."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.storage.models import Account, Membership, MembershipState, Post, Role
from tests.cast import TAG, Stage
from tests.databases import A_MONDAY
from tests.dialogue.reminding import appoint, signed
from tests.dialogue.rostering import COMMUNE, SCHOOL, audit, file_behind, listed, member, unit
from tests.documents.reading import sheet_rows

NOT_YOURS = "không thuộc phạm vi của anh/chị"
LINK = f"https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/1000001/ {TAG} Ra quân huấn luyện đầu năm"


async def test_the_list_says_who_waits_and_who_has_not_claimed(stage: Stage) -> None:
    await listed(stage, "Trần Thị B")
    await stage.register(stage.charlie)
    await stage.bob.hears()
    [text] = await stage.bob.says("/thanhvien")
    assert "4 thành viên" in text
    assert "Nguyễn Văn A, Chiến sĩ · chờ duyệt" in text
    assert "Trần Thị B, Chiến sĩ · chưa nhận" in text
    assert "1 người chờ duyệt" in (await stage.bob.presses("1 chờ duyệt"))[0]
    await stage.bob.presses("Nguyễn Văn A")
    assert "Đã duyệt" in (await stage.bob.presses("Duyệt"))[0]


async def test_a_list_of_many_is_turned_page_by_page(stage: Stage) -> None:
    for number in range(9):
        await listed(stage, f"Trần Thị {chr(65 + number)}")
    assert "11 thành viên" in (await stage.bob.says("/thanhvien"))[0]
    [second] = await stage.bob.presses("Trang sau")
    assert "\n9. Trần Thị G" in second
    assert "Trang sau ▶" not in stage.bob.buttons()


async def test_somebody_whom_the_bot_cannot_reach_is_in_a_list_of_his_own(stage: Stage) -> None:
    await stage.ask(lambda s: s.execute(update(Account).where(Account.chat == "2002").values(reachable=False)))
    await stage.bob.says("/thanhvien")
    [text] = await stage.bob.presses("không nhắn được")
    assert "1. Alice" in text
    assert "Bob" not in text


@pytest.mark.parametrize("typed", ["tran thi", "THỊ B", "Trần Thị B"])
async def test_a_member_is_found_by_part_of_the_name(stage: Stage, typed: str) -> None:
    await listed(stage, "Trần Thị B")
    await stage.dung.says("/thanhvien")
    await stage.dung.presses("Tìm người")
    [text] = await stage.dung.says(typed)
    assert f"1. Trần Thị B, Chiến sĩ · chưa nhận · {COMMUNE}" in text


async def test_nobody_is_found_outside_ones_part_of_the_tree(stage: Stage) -> None:
    await listed(stage, "Trần Thị B", unit="Xã Thạnh Hưng")
    assert "Không có ai tên như" in (await stage.bob.says("/thanhvien tran"))[0]


async def test_a_telephone_number_is_for_admins_and_not_for_who_stands_in(stage: Stage) -> None:
    number = await listed(stage, "Trần Thị B", phone="0912345678")
    assert "0912345678" in (await signed(stage, stage.bob, "members.show", number))[0]
    assert "0912345678" in (await signed(stage, stage.dung, "members.show", number))[0]
    await appoint(stage, stage.alice, COMMUNE, Role.DEPUTY)
    until = update(Membership).where(Membership.full_name == "Alice").values(role_until=A_MONDAY + timedelta(days=9))
    await stage.ask(lambda s: s.execute(until))
    [card] = await signed(stage, stage.alice, "members.show", number)
    assert "Trần Thị B" in card
    assert "0912345678" not in card


async def test_kind_rank_position_and_name_are_corrected(stage: Stage) -> None:
    await stage.bob.says("/thanhvien alice")
    await stage.bob.presses("Alice")
    await stage.bob.presses("Sửa")
    await stage.bob.presses("Cán bộ")
    await stage.bob.presses("Sửa")
    await stage.bob.presses("Chức vụ")
    assert "Trung đội phó" in (await stage.bob.says("  Trung đội   phó "))[0]
    await stage.bob.presses("Sửa")
    await stage.bob.presses("Họ và tên")
    assert "không có chữ số" in (await stage.bob.says("Alice 2"))[0]
    await stage.bob.says("lê thị alice")
    found = await member(stage, "Lê Thị Alice")
    assert (found.kind, found.position) == ("can_bo", "Trung đội phó")
    [row] = [each for each in await audit(stage, "?members.detail") if "full_name" in each.after]
    assert row.after == {"full_name": "•"}


async def test_a_member_is_moved_and_his_posts_stay_with_the_old_unit(stage: Stage) -> None:
    await stage.alice.says(LINK)
    old = (await unit(stage, COMMUNE)).id
    await stage.dung.says("/thanhvien alice")
    await stage.dung.presses("Alice")
    await stage.dung.presses("Chuyển đơn vị")
    await stage.dung.says("pho thong kien tuong")
    [shown] = await stage.dung.presses("Trường")
    assert "#ALICETRUONGTHPTKIENTUONGKIENTUONGLONGAN" in shown
    assert (await member(stage, "Alice")).unit.name == COMMUNE
    assert SCHOOL in (await stage.dung.presses("Chuyển"))[0]
    [told] = await stage.alice.hears()
    assert f"Bạn nay thuộc {SCHOOL} (trước là {COMMUNE})" in told
    assert (await member(stage, "Alice")).unit.name == SCHOOL
    assert await stage.ask(lambda s: s.scalars(select(Post.unit_id)).all()) == [old]
    assert "#ALICETRUONGTHPTKIENTUONGKIENTUONGLONGAN" in (await stage.alice.says("/hashtag"))[0]


async def test_where_no_hashtag_is_asked_for_a_member_is_moved_without_one(stage: Stage) -> None:
    stage.change_campaign(tag_rule=None)
    found, to = await member(stage, "Alice"), await unit(stage, SCHOOL)
    await stage.dung.says("/donvi")
    assert "Hashtag" not in (await signed(stage, stage.dung, "members.to", found.id, to.id))[0]
    await stage.dung.presses("Chuyển")
    assert "hashtag" not in (await stage.alice.hears())[0]


async def test_an_admin_who_is_moved_is_admin_no_more(stage: Stage) -> None:
    found, to = await member(stage, "Bob"), await unit(stage, "Xã Thạnh Hưng")
    assert "Vai trò quản trị ở đơn vị cũ" in (await signed(stage, stage.dung, "members.to", found.id, to.id))[0]
    await stage.dung.presses("Chuyển")
    moved = await member(stage, "Bob")
    assert (moved.unit.name, moved.role) == ("Xã Thạnh Hưng", Role.MEMBER)


async def test_moved_away_and_back_a_member_has_his_own_tag_again(stage: Stage) -> None:
    found = await member(stage, "Alice")
    for name in (SCHOOL, COMMUNE, SCHOOL):
        to = (await unit(stage, name)).id
        await signed(stage, stage.dung, "members.to!", found.id, to)
    await stage.alice.hears()
    [answer] = await stage.alice.says("/hashtag")
    assert "#ALICETRUONGTHPTKIENTUONGKIENTUONGLONGAN" in answer
    assert "trùng" not in answer


async def test_who_leaves_hears_why_and_can_be_taken_back(stage: Stage) -> None:
    await stage.bob.says("/thanhvien alice")
    await stage.bob.presses("Alice")
    await stage.bob.presses("Thôi tham gia")
    assert "không quá 200" in (await stage.bob.says("a" * 201))[0]
    assert "Alice đã thôi là thành viên" in (await stage.bob.says("chuyển công tác"))[0]
    [told] = await stage.alice.hears()
    assert "Lý do: chuyển công tác" in told
    assert "Hãy đăng ký" in (await stage.alice.says("/hashtag"))[0]
    await stage.bob.says("/thanhvien")
    assert "1 đã thôi" in stage.bob.buttons()
    await signed(stage, stage.bob, "members.bring_back", (await member(stage, "Alice")).id)
    assert "trở lại" in (await stage.alice.hears())[0]
    back = await member(stage, "Alice")
    assert (back.state, back.left_at, back.left_reason) == (MembershipState.ACTIVE, None, None)


async def test_who_registered_elsewhere_is_not_taken_back(stage: Stage) -> None:
    number = (await member(stage, "Alice")).id
    await signed(stage, stage.bob, "members.let_go", number)
    await stage.bob.says("chuyển công tác")
    await stage.alice.hears()
    await stage.alice.says("/dangky")
    for said in ("Alice", "thanh hung"):
        await stage.alice.says(said)
    await stage.alice.presses("Xã Thạnh Hưng")
    await stage.alice.presses("Chiến sĩ")
    for _ in range(3):
        await stage.alice.presses("Bỏ qua")
    await stage.alice.presses("Xác nhận")
    assert "đã đăng ký vào đơn vị khác" in (await signed(stage, stage.bob, "members.bring_back", number))[0]


async def test_nobody_sends_away_himself_his_equal_or_one_of_another_unit(stage: Stage) -> None:
    own, equal = (await member(stage, "Bob")).id, (await member(stage, "Alice")).id
    other = await listed(stage, "Trần Thị B", unit="Xã Thạnh Hưng")
    await appoint(stage, stage.alice, COMMUNE, Role.UNIT_ADMIN)
    for number in (own, equal, other):
        for action in ("members.let_go", "members.move", "members.bring_back"):
            assert NOT_YOURS in (await signed(stage, stage.bob, action, number))[0], (action, number)
    for press, *args in [
        ("members.show", other),
        ("members.code", other),
        ("members.change", other),
        ("members.kind", other, "can_bo"),
        ("members.detail", other, "rank"),
        ("members.none", other, "rank"),
        ("members.list", "all", (await unit(stage, "Xã Thạnh Hưng")).id, 0),
        ("members.export", (await unit(stage, "Xã Thạnh Hưng")).id),
    ]:
        assert NOT_YOURS in (await signed(stage, stage.bob, str(press), *args))[0], press
    assert "Bạn chưa" in (await stage.charlie.says("/thanhvien"))[0] or stage.charlie.buttons() == ["Bắt đầu"]


async def test_a_member_is_moved_only_within_the_part_of_who_moves_him(stage: Stage) -> None:
    number, to = (await member(stage, "Alice")).id, (await unit(stage, "Xã Thạnh Hưng")).id
    assert NOT_YOURS in (await signed(stage, stage.bob, "members.to!", number, to))[0]
    assert (await member(stage, "Alice")).unit.name == COMMUNE


async def test_the_list_as_a_file_has_telephone_numbers_for_coordinators_only(stage: Stage) -> None:
    await listed(stage, '=HYPERLINK("http://x")', phone="0912345678", position="+1")
    await stage.bob.says("/thanhvien")
    rows = sheet_rows(await file_behind(stage, stage.bob, "Danh sách Excel"), "Thành viên")
    assert "Điện thoại" not in rows[1]
    assert [row[2] for row in rows[2:-1]] == ['=HYPERLINK("http://x")', "Alice", "Bob"]
    await stage.dung.says("/thanhvien")
    rows = sheet_rows(await file_behind(stage, stage.dung, "Danh sách Excel"), "Thành viên")
    assert rows[1][-1] == "Điện thoại"
    assert [row[-1] for row in rows[2:-1] if row[2] and str(row[2]).startswith("=")] == ["0912345678"]
    exports = await audit(stage, "members.export")
    assert [(each.by_id, each.after) for each in exports] == [
        ((await member(stage, name)).id, {"export": "members"}) for name in ("Bob", "Dung")
    ]
