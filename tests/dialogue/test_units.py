"""/donvi: looking units up, adding, renaming and moving them; what it changes is shown before it is saved."""

from datetime import date

import pytest
from sqlalchemy import select, update

from bot.storage.models import Role, Unit
from tests.cast import TAG, Stage
from tests.dialogue.reminding import appoint, begin, signed
from tests.dialogue.rostering import COMMUNE, audit, tags_of, unit

NOT_YOURS = "không thuộc phạm vi của anh/chị"


async def test_an_admin_sees_his_unit_and_no_way_to_change_it(stage: Stage) -> None:
    [card] = await stage.bob.says("/donvi")
    assert card.startswith(f"{COMMUNE}, Thị xã Kiến Tường, Tỉnh Long An")
    assert "2 đang tham gia" in card
    assert "Bob (quản trị)" in card
    assert TAG in card
    assert not {"✏️ Đổi tên", "▲ Cấp trên"} & set(stage.bob.buttons())


async def test_what_a_unit_owes_stands_on_its_card(stage: Stage) -> None:
    await begin(stage)
    [card] = await stage.bob.says("/donvi")
    assert "Báo cáo tuần, hạn 17:00 5/3/2027" in card


@pytest.mark.parametrize("typed", ["tuyen thanh", "TUYÊN THẠNH"])
async def test_a_unit_is_found_with_and_without_diacritics(stage: Stage, typed: str) -> None:
    assert "Đơn vị khớp" in (await stage.dung.says(f"/donvi {typed}"))[0]
    assert COMMUNE in (await stage.dung.presses("Xã Tuyên Thạnh"))[0]


async def test_nobody_finds_units_outside_his_part_of_the_tree(stage: Stage) -> None:
    await stage.bob.says("/donvi")
    await stage.bob.presses("Tìm đơn vị")
    assert "không có đơn vị nào" in (await stage.bob.says("tan an"))[0]


async def test_units_below_are_shown_page_by_page(stage: Stage) -> None:
    await stage.dung.says("/donvi")
    assert "trang 1" in (await stage.dung.presses("20 đơn vị bên dưới"))[0]
    first = stage.dung.buttons()
    await stage.dung.presses("Trang sau")
    await stage.dung.presses("Trang sau")
    assert "Trang sau ▶" not in stage.dung.buttons()
    assert not set(first[:8]) & set(stage.dung.buttons()[:4])


async def test_a_coordinator_renames_a_unit_after_seeing_what_it_changes(stage: Stage) -> None:
    await begin(stage)
    await stage.later(days=1)
    await stage.dung.says("/donvi tuyen thanh")
    await stage.dung.presses(COMMUNE)
    await stage.dung.presses("Đổi tên")
    [shown] = await stage.dung.says("xã  Tuyên Hòa")
    assert f"{TAG} → #DQTVTUYENHOAKIENTUONGLONGAN" in shown
    assert "90 ngày" in shown
    assert (await unit(stage, COMMUNE)).name == COMMUNE
    assert "Đã lưu: Xã Tuyên Hòa" in (await stage.dung.presses("Lưu"))[0]
    changed = await unit(stage, "Xã Tuyên Hòa")
    assert await tags_of(stage, changed.id) == [("#DQTVTUYENHOAKIENTUONGLONGAN", None), (TAG, "2027-03-02")]
    await stage.later(minutes=11)
    assert any("#DQTVTUYENHOAKIENTUONGLONGAN" in text for text in await stage.alice.hears())
    [row, *_] = [each for each in await audit(stage, "units.save") if each.subject == "units"]
    assert (row.before["name"], row.after["name"]) == (COMMUNE, "Xã Tuyên Hòa")


async def test_the_tags_of_all_below_follow_a_district(stage: Stage) -> None:
    await stage.dung.says("/donvi kien tuong")
    await stage.dung.presses("Thị xã")
    await stage.dung.presses("Đổi tên")
    [shown] = await stage.dung.says("Thành phố Kiến Tường Mới")
    assert "10 hashtag đổi theo" in shown
    await stage.dung.presses("Lưu")
    commune = await unit(stage, COMMUNE)
    assert (await tags_of(stage, commune.id))[0] == ("#DQTVTUYENTHANHKIENTUONGMOILONGAN", None)


async def test_a_tag_that_an_admin_set_stays_as_he_set_it(stage: Stage) -> None:
    await stage.bob.says("/datthe")
    await stage.bob.presses("Đặt hashtag bắt buộc khác")
    await stage.bob.says("#DQTVTHANHLONGAN")
    await stage.bob.presses("Từ hôm nay")
    await stage.bob.presses("Lưu")
    await stage.dung.says("/donvi tuyen thanh")
    await stage.dung.presses(COMMUNE)
    await stage.dung.presses("Đổi tên")
    [shown] = await stage.dung.says("Xã Tuyên Hòa")
    assert "1 hashtag do quản trị tự đặt: giữ nguyên" in shown


async def test_a_new_name_whose_tag_is_somebody_elses_keeps_the_old_tag(stage: Stage) -> None:
    await stage.dung.says("/donvi binh hiep")
    await stage.dung.presses("Xã Bình Hiệp")
    await stage.dung.presses("Đổi tên")
    [shown] = await stage.dung.says("Phường Tuyên Thạnh")
    assert f"{TAG} là của {COMMUNE}" in shown
    [saved] = await stage.dung.presses("Lưu")
    assert "giữ như cũ" in saved
    changed = await unit(stage, "Phường Tuyên Thạnh")
    assert (await tags_of(stage, changed.id))[0] == ("#DQTVBINHHIEPKIENTUONGLONGAN", None)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("Tuyên Hòa", "đủ cả chữ “Xã”"),
        ("…", "phải có chữ"),
        ("Xã " + "a" * 80, "không dài quá 80"),
        (COMMUNE, "đang như vậy rồi"),
        ("xã Thanh Hung", "đã có đơn vị mang tên này"),
    ],
)
async def test_a_name_that_cannot_be_is_explained_and_asked_again(stage: Stage, typed: str, why: str) -> None:
    await stage.dung.says("/donvi tuyen thanh")
    await stage.dung.presses(COMMUNE)
    await stage.dung.presses("Đổi tên")
    assert why in (await stage.dung.says(typed))[0]
    assert "Xin xem lại" in (await stage.dung.says("Xã Tuyên Hòa"))[0]


async def test_a_unit_is_added_with_its_day_its_tag_and_what_it_will_owe(stage: Stage) -> None:
    await begin(stage)
    await stage.dung.says("/donvi kien tuong")
    await stage.dung.presses("Thị xã")
    await stage.dung.presses("Thêm đơn vị")
    await stage.dung.presses("xã, phường, thị trấn")
    await stage.dung.says("Xã Tân Lập")
    assert "chưa đọc được ngày này" in (await stage.dung.says("hôm kia"))[0]
    [shown] = await stage.dung.says("2/3/2027")
    assert "Báo cáo tuần" in shown
    assert "#DQTVTANLAPKIENTUONG" in shown
    [card] = await stage.dung.presses("Lưu")
    assert "Sẽ hoạt động từ ngày 2/3/2027" in card
    await stage.later(days=2)
    await stage.dung.hears()
    await stage.dung.says("/donvi tan lap")
    assert "Báo cáo tuần" in (await stage.dung.presses("Thị xã Kiến Tường"))[0]


async def test_a_unit_is_put_under_another_one_and_never_below_itself(stage: Stage) -> None:
    await stage.dung.says("/donvi kien tuong")
    await stage.dung.presses("Thị xã")
    await stage.dung.presses("Chuyển cấp trên")
    await stage.dung.says("tuyen thanh")
    assert "lại nằm trong" in (await stage.dung.presses(COMMUNE))[0]
    await stage.dung.says("/donvi tuyen thanh")
    await stage.dung.presses(COMMUNE)
    await stage.dung.presses("Chuyển cấp trên")
    await stage.dung.says("moc hoa")
    [shown] = await stage.dung.presses("Huyện Mộc Hóa")
    assert "báo cáo đã nộp giữ nguyên" in shown
    assert "#DQTVTUYENTHANHMOCHOALONGAN" in shown
    await stage.dung.presses("Lưu")
    moved = await unit(stage, COMMUNE)
    assert moved.parent
    assert moved.parent.name == "Huyện Mộc Hóa"


async def test_no_unit_is_added_below_another_one_before_that_one_opens(stage: Stage) -> None:
    await _not_open_before(stage, date(2027, 3, 9))
    await stage.dung.says("/donvi moc hoa")
    await stage.dung.presses("Huyện Mộc Hóa")
    await stage.dung.presses("Thêm đơn vị")
    await stage.dung.presses("xã, phường, thị trấn")
    await stage.dung.says("Xã Tân Lập Mới")
    assert "cấp trên chưa hoạt động" in (await stage.dung.says("8/3/2027"))[0]
    assert "Xã Tân Lập Mới" in (await stage.dung.says("9/3/2027"))[0]
    await _not_open_before(stage, date(2027, 3, 10))
    assert "cấp trên chưa hoạt động" in (await stage.dung.presses("Lưu"))[0]
    assert await stage.ask(lambda s: s.scalars(select(Unit.id).where(Unit.name == "Xã Tân Lập Mới")).all()) == []


async def test_no_unit_is_put_under_one_that_is_not_open_yet(stage: Stage) -> None:
    await stage.dung.says("/donvi tuyen thanh")
    await stage.dung.presses(COMMUNE)
    await stage.dung.presses("Chuyển cấp trên")
    await stage.dung.says("moc hoa")
    await _not_open_before(stage, date(2027, 3, 2))
    assert "cấp trên chưa hoạt động" in (await stage.dung.presses("Huyện Mộc Hóa"))[0]
    assert "không có đơn vị nào" in (await stage.dung.says("moc hoa"))[0]


async def _not_open_before(stage: Stage, day: date) -> None:
    await stage.ask(lambda s: s.execute(update(Unit).where(Unit.name == "Huyện Mộc Hóa").values(opened_on=day)))


async def test_a_save_whose_effect_changed_meanwhile_is_shown_again(stage: Stage) -> None:
    await appoint(stage, stage.alice, "Tỉnh Long An", Role.COORDINATOR)
    for actor, name in ((stage.dung, "Xã Tuyên Hòa"), (stage.alice, "Xã Tuyên Bình Mới")):
        await actor.says("/donvi tuyen thanh")
        await actor.presses(COMMUNE)
        await actor.presses("Đổi tên")
        await actor.says(name)
    assert "Đã lưu" in (await stage.dung.presses("Lưu"))[0]
    [again] = await stage.alice.presses("Lưu")
    assert "#DQTVTUYENHOAKIENTUONGLONGAN → #DQTVTUYENBINHMOIKIENTUONGLONGAN" in again
    assert "Đã lưu: Xã Tuyên Bình Mới" in (await stage.alice.presses("Lưu"))[0]


async def test_where_no_hashtag_is_asked_for_units_are_changed_without_one(stage: Stage) -> None:
    stage.change_campaign(tag_rule=None)
    assert "Hashtag" not in (await stage.dung.says("/donvi"))[0]
    await stage.dung.presses("Thêm đơn vị")
    await stage.dung.presses("cơ quan, tổ chức")
    await stage.dung.says("Sở Tư pháp")
    assert "Hashtag" not in (await stage.dung.presses("Từ hôm nay"))[0]
    assert "Sở Tư pháp, Tỉnh Long An" in (await stage.dung.presses("Lưu"))[0]
    await stage.dung.presses("Đổi tên")
    assert "Hashtag: không đổi" in (await stage.dung.says("Sở Tư pháp Long An"))[0]
    assert "Đã lưu" in (await stage.dung.presses("Lưu"))[0]


async def test_closing_goes_on_in_the_conversation_that_does_it(stage: Stage) -> None:
    await stage.dung.says("/donvi binh hiep")
    await stage.dung.presses("Xã Bình Hiệp")
    assert "Thôi hoạt động: Xã Bình Hiệp" in (await stage.dung.presses("Đóng, gộp, chia"))[0]


async def test_forged_buttons_reach_no_unit_of_others(stage: Stage) -> None:
    await appoint(stage, stage.alice, "Huyện Mộc Hóa", Role.COORDINATOR)
    foreign = (await unit(stage, COMMUNE)).id
    for action, *args in [
        ("units.show", foreign),
        ("units.list", foreign, 0, 0),
        ("units.rename", foreign),
        ("units.add", foreign),
        ("units.move", foreign),
        ("units.close", foreign),
    ]:
        assert NOT_YOURS in (await signed(stage, stage.alice, str(action), *args))[0], action
    assert "điều phối" in (await signed(stage, stage.bob, "units.rename", foreign))[0]
    assert "không còn dùng được" in (await signed(stage, stage.dung, "units.save", foreign))[0]


async def test_a_coordinator_moves_his_own_unit_nowhere(stage: Stage) -> None:
    await appoint(stage, stage.alice, "Huyện Mộc Hóa", Role.COORDINATOR)
    own = (await unit(stage, "Huyện Mộc Hóa")).id
    assert NOT_YOURS in (await signed(stage, stage.alice, "units.move", own))[0]
    assert "đổi tên thành gì" in (await signed(stage, stage.alice, "units.rename", own))[0]
