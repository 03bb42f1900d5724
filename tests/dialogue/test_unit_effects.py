"""Before a unit is renamed or moved, what it brings is shown, and from which day on."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.campaigns import Quota, UnitType
from bot.storage.models import Duty, Role
from tests.cast import TAG, Stage
from tests.dialogue.planning import DAY, DISTRICT, coordinating, moving, number_planned, planned, renaming, told
from tests.dialogue.reminding import appoint, begin
from tests.dialogue.rostering import COMMUNE, tags_of, unit


async def test_who_comes_to_see_the_unit_and_who_does_not_any_more_is_shown(stage: Stage) -> None:
    await coordinating(stage)
    await appoint(stage, stage.alice, DISTRICT, Role.UNIT_ADMIN)
    shown = await moving(stage)
    assert "về đó thay cho Thị xã Kiến Tường" in shown
    assert "Thêm 1 người xem được: Lê Thị C, Huyện Mộc Hóa" in shown
    assert "Thôi xem được: 1 người: Alice, Thị xã Kiến Tường" in shown
    assert "chưa có quản trị" not in shown
    assert "Vẫn thuộc đơn vị: 1 người, 0 bài" in shown


async def test_where_nobody_decides_in_the_new_unit_above_it_is_said(stage: Stage) -> None:
    assert "Ở đó chưa có quản trị hay điều phối nào" in await moving(stage)


async def test_what_a_name_changes_of_the_dues_is_shown(stage: Stage) -> None:
    await begin(stage)
    await stage.later(days=1)
    rows = (
        UnitType(type="commune", code="xa", vi="xã", en="commune", starts=("Xã",)),
        UnitType(type="commune", code="phuong", vi="phường", en="ward", starts=("Phường",)),
    )
    setup = stage.app.setup
    quota = Quota(who="unit", per="week", at_least=3, types=("phuong",))
    stage.change_campaign(unit_types=(*rows, *setup.campaign.unit_types), quotas=(quota,))

    def weekly_of_communes(session: Session) -> None:
        duty = session.scalars(select(Duty).where(Duty.code == "weekly")).one()
        duty.rule = {**duty.rule, "owed_by": [], "owners": ["xa"]}

    await stage.ask(weekly_of_communes)
    shown = await renaming(stage, "Phường Tuyên Hòa")
    assert "Loại: xã → phường" in shown
    assert "Thôi phải nộp: Báo cáo tuần" in shown
    assert "2 giữ nguyên, 1 không phải nộp nữa" in shown
    assert "Thêm chỉ tiêu: ít nhất 3 bài mỗi tuần" in shown


async def test_a_clash_that_the_day_would_bring_is_shown_and_the_old_tag_stays(stage: Stage) -> None:
    assert f"{TAG} là của {COMMUNE}" in await renaming(stage, "Phường Tuyên Thạnh", of="Xã Bình Hiệp")
    await planned(stage)
    await stage.later(days=1)
    assert any("1 hashtag giữ như cũ" in text for text in told(await stage.dung.hears()))
    changed = await unit(stage, "Phường Tuyên Thạnh")
    assert await tags_of(stage, changed.id) == [("#DQTVBINHHIEPKIENTUONGLONGAN", None)]


async def test_a_tag_that_comes_near_to_anothers_is_shown(stage: Stage) -> None:
    shown = await renaming(stage, "Xã Tuyên Thanhh", of="Xã Bình Hiệp")
    assert "gần giống của nơi khác" in shown
    assert f"#DQTVTUYENTHANHHKIENTUONGLONGAN và {TAG} ({COMMUNE}" in shown
    assert "gần giống" not in await renaming(stage, "Xã Đông Hải", of="Xã Bình Hiệp")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("28/2/2027", "Ngày này đã qua"),
        ("3/3/2028", "cách hôm nay hơn một năm"),
        ("30/2/2028", "chưa đọc được ngày này"),
        ("mai", "chưa đọc được ngày này"),
    ],
)
async def test_a_day_that_cannot_be_is_explained_and_asked_again(stage: Stage, typed: str, why: str) -> None:
    await renaming(stage)
    await stage.dung.presses("Từ ngày khác")
    assert why in (await stage.dung.says(typed))[0]
    assert f"Từ ngày {DAY}" in (await stage.dung.says(DAY))[0]


async def test_today_may_be_chosen_after_all(stage: Stage) -> None:
    await renaming(stage)
    await stage.dung.presses("Từ ngày khác")
    assert "Từ hôm nay" in (await stage.dung.presses("Từ hôm nay"))[0]
    assert "Đã lưu" in (await stage.dung.presses("Lưu"))[0]


async def test_a_unit_has_one_name_to_come_and_one_place(stage: Stage) -> None:
    await renaming(stage)
    await planned(stage)
    await renaming(stage, "Xã Tuyên Bình Mới")
    await stage.dung.presses("Từ ngày khác")
    assert "đã có một thay đổi cùng loại" in (await stage.dung.says("9/3/2027"))[0]
    assert f"từ {DAY}: đổi tên thành Xã Tuyên Hòa" in await moving(stage)
    assert "Đã hẹn" in await planned(stage, "9/3/2027")
    assert await number_planned(stage) == 2


async def test_a_coordinator_who_reads_english_has_it_in_english(stage: Stage) -> None:
    await stage.dung.says("/ngonngu")
    await stage.dung.presses("English")
    await stage.dung.says("/units tuyen thanh")
    await stage.dung.presses(COMMUNE)
    await stage.dung.presses("Rename")
    await stage.dung.says("Xã Tuyên Hòa")
    await stage.dung.presses("From another day")
    assert f"From {DAY} on" in (await stage.dung.says(DAY))[0]
    assert "Planned: from" in (await stage.dung.presses("Save"))[0]
    await stage.later(days=1)
    assert any("is called Xã Tuyên Hòa, as planned" in text for text in await stage.dung.hears())
