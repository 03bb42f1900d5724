"""/datthe: hashtags that are the same, in communes and among namesakes, and what admins may not touch."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.models import Membership, Post, Role, Unit
from tests.cast import STALE, TAG, Stage, code_of
from tests.databases import A_MONDAY
from tests.dialogue.setting_tags import NEW, appoint, hand_in, open_unit, set_tag, tag_rows

CLASHING = "#DQTVHIEPHOADUCHOALONGAN"
SCHOOL = "Trường Trung học phổ thông Kiến Tường"


async def states(stage: Stage) -> list[str]:
    return list(await stage.ask(lambda s: s.scalars(select(Post.state).order_by(Post.id)).all()))


async def two_namesakes(stage: Stage) -> None:
    """Bob admin of a school, Alice its teacher, and a newcomer of her name who asks to join."""
    await appoint(stage, stage.bob, SCHOOL, Role.UNIT_ADMIN)
    await appoint(stage, stage.alice, SCHOOL, Role.MEMBER)
    await stage.charlie.starts()
    await stage.charlie.presses("Đồng ý")
    for words in ("/dangky", "Alice", "thong kien tuong"):
        await stage.charlie.says(words)
    for label in (SCHOOL, "giáo viên", "Bỏ qua", "Bỏ qua", "Bỏ qua", "Xác nhận"):
        await stage.charlie.presses(label)


async def test_when_one_of_two_gets_another_tag_the_other_has_it_and_its_post_counts(stage: Stage) -> None:
    await appoint(stage, stage.alice, "Thị trấn Hiệp Hòa", Role.MEMBER)
    assert "chờ người duyệt" in await hand_in(stage.alice, 123456789, CLASHING)
    shown = await open_unit(stage.dung, "hiep hoa", "Xã Hiệp Hòa")
    assert "Trùng với Thị trấn Hiệp Hòa, Huyện Đức Hòa" in shown[0]
    await stage.dung.presses("Đặt hashtag bắt buộc")
    assert stage.dung.buttons()[:2] == ["#DQTVXAHIEPHOADUCHOALONGAN", "#DQTVXAHIEPHOAHUYENDUCHOALONGAN"]
    await stage.dung.presses("#DQTVXAHIEPHOADUCHOALONGAN")
    await stage.dung.presses("Từ hôm nay")
    [saved] = await stage.dung.presses("Lưu")
    assert "Thị trấn Hiệp Hòa, Huyện Đức Hòa không còn bị trùng" in saved
    assert (await stage.alice.hears())[0].startswith("✅ Số 1")
    assert await states(stage) == ["counted"]
    assert "Trùng" not in (await open_unit(stage.dung, "hiep hoa", "Thị trấn Hiệp Hòa"))[0]


async def test_who_gives_a_clash_up_keeps_posts_with_it_before_a_reviewer(stage: Stage) -> None:
    await appoint(stage, stage.alice, "Xã Hiệp Hòa", Role.MEMBER)
    await hand_in(stage.alice, 123456789, CLASHING)
    await open_unit(stage.dung, "hiep hoa", "Xã Hiệp Hòa")
    await set_tag(stage.dung, "#DQTVXAHIEPHOA", "Từ hôm nay")
    assert await states(stage) == ["in_review"]
    [told] = await stage.alice.hears()
    assert f"Hashtag cũ {CLASHING} không còn được tính" in told


async def test_clashes_and_near_ones_are_listed_with_both_names(stage: Stage) -> None:
    await stage.dung.says("/datthe")
    [answer] = await stage.dung.presses("trùng và gần giống")
    assert "Xã Tân Thành, Huyện Tân Thạnh" in answer
    assert "Xã Hưng Điền, Huyện Tân Hưng ↔ Xã Hưng Điền B, Huyện Tân Hưng: khác 1 ký tự" in answer
    assert answer.count("• ") == 20
    assert "cặp nữa." in answer


async def test_a_unit_admin_sees_and_sets_nothing_outside_his_subtree(stage: Stage) -> None:
    await appoint(stage, stage.bob, "Thị xã Kiến Tường", Role.UNIT_ADMIN)
    await stage.bob.says("/datthe")
    await stage.bob.presses("Đơn vị khác")
    assert "không có đơn vị nào" in (await stage.bob.says("hiep hoa"))[0]
    assert "Chọn đơn vị" in (await stage.bob.says("binh hiep"))[0]
    olds = [stage.bob.data_of("Xã Bình Hiệp")]
    await stage.bob.presses("Xã Bình Hiệp")
    olds += [stage.bob.data_of(label) for label in ("Đặt hashtag", "Thêm", "trùng và gần giống")]
    await appoint(stage, stage.bob, "Xã Tuyên Thạnh", Role.UNIT_ADMIN)
    for data in olds:
        assert "không thuộc quyền" in (await stage.bob.forges(data))[0]
    assert await stage.bob.forges("1|tags.show|u1|forged") == STALE


@pytest.mark.parametrize("steps", [[], [NEW], [NEW, "1/7"]])
async def test_an_admin_who_is_moved_cannot_finish_what_he_began(stage: Stage, steps: list[str]) -> None:
    await stage.bob.says("/datthe")
    await stage.bob.presses("Đặt hashtag bắt buộc")
    for words in steps:
        await stage.bob.says(words)
    await appoint(stage, stage.bob, "Xã Bình Hiệp", Role.UNIT_ADMIN)
    [answer] = await (stage.bob.presses("Lưu") if len(steps) == 2 else stage.bob.says(NEW))
    assert "không thuộc quyền" in answer
    assert await tag_rows(stage) == [(TAG, "required")]


async def test_a_tag_that_was_taken_in_the_meantime_is_refused_at_the_confirm(stage: Stage) -> None:
    for actor in (stage.bob, stage.dung):
        await (actor.says("/datthe") if actor is stage.bob else open_unit(actor, "binh hiep", "Xã Bình Hiệp"))
        await actor.presses("Đặt hashtag bắt buộc")
        await actor.says(NEW)
        await actor.presses("Từ hôm nay")
    await stage.dung.presses("Lưu")
    [answer] = await stage.bob.presses("Lưu")
    assert "trùng với Xã Bình Hiệp, Thị xã Kiến Tường" in answer
    assert await tag_rows(stage) == [(TAG, "required")]


async def test_a_day_in_somebody_elses_grace_is_refused_with_the_first_free_one(stage: Stage) -> None:
    await stage.bob.says("/datthe")
    await set_tag(stage.bob, NEW, "Từ hôm nay")
    await open_unit(stage.dung, "binh hiep", "Xã Bình Hiệp")
    await stage.dung.presses("Đặt hashtag bắt buộc")
    await stage.dung.says(TAG)
    [answer] = await stage.dung.presses("Từ hôm nay")
    assert "trùng với Xã Tuyên Thạnh" in answer
    assert "Có thể dùng từ 30/5/2027" in answer
    assert "Xin xem lại" in (await stage.dung.says("30/5"))[0]


async def test_namesakes_in_a_school_are_told_and_the_admin_sets_another_tag_for_one(stage: Stage) -> None:
    await two_namesakes(stage)
    await stage.bob.hears()
    decided = (await stage.bob.presses("Duyệt"))[0]
    assert f"trùng với Alice, {SCHOOL}" in decided
    assert "/datthe" in decided
    approved, clash = await stage.charlie.hears()
    assert "được duyệt" in approved
    assert "người duyệt sẽ xem bài của bạn" in clash
    assert "dùng hashtag theo họ tên" in (await stage.bob.says("/datthe"))[0]
    [listed] = await stage.bob.presses("từng người")
    assert "⚠️ trùng" in listed
    await stage.bob.presses("2. Alice")
    await stage.bob.presses("Đặt hashtag bắt buộc")
    numbered = stage.bob.buttons()[0]
    assert numbered.startswith("#ALICE2")
    await stage.bob.presses(numbered)
    await stage.bob.presses("Từ trước")
    await stage.bob.presses("Lưu")
    assert any("đã đổi" in text for text in await stage.charlie.hears())
    assert "người duyệt" not in (await stage.charlie.says("/hashtag"))[0]
    assert await stage.alice.hears() == []


async def test_who_comes_by_a_join_link_into_a_clash_is_reported_to_the_admin(stage: Stage) -> None:
    await appoint(stage, stage.bob, SCHOOL, Role.UNIT_ADMIN)
    await stage.bob.says("/hashtag")
    await stage.bob.says("/moi")
    code = code_of(stage.bob.copies()[0])
    await stage.charlie.starts(code)
    await stage.charlie.presses("Đồng ý")
    await stage.charlie.says("Bob")
    for label in ("giáo viên", "Bỏ qua", "Bỏ qua", "Bỏ qua", "Xác nhận"):
        await stage.charlie.presses(label)
    [report] = await stage.bob.hears()
    assert f"trùng với Bob, {SCHOOL}" in report
    assert "Trùng" in (await stage.bob.presses("# Hashtag của Bob"))[0]


async def test_members_are_listed_six_a_page(stage: Stage) -> None:
    await appoint(stage, stage.bob, SCHOOL, Role.UNIT_ADMIN)

    def crowd(session: Session) -> None:
        unit = session.scalars(select(Unit).where(Unit.name == SCHOOL)).one()
        for number in range(7):
            name = f"Nguyễn Văn {chr(65 + number)}"
            row = Membership(unit=unit, full_name=name, kind="giao_duc", state="active", created_at=A_MONDAY)
            session.add(row)

    await stage.ask(crowd)
    await stage.bob.says("/datthe")
    await stage.bob.presses("từng người")
    assert [each for each in stage.bob.buttons() if "Nguyễn Văn" in each][-1].endswith("Nguyễn Văn E")
    await stage.bob.presses("Sau")
    assert [each[-12:] for each in stage.bob.buttons()[:3]] == ["Nguyễn Văn F", "Nguyễn Văn G", "◀ Trước"]
