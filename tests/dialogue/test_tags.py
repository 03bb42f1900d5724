"""/datthe: admins set hashtags, with their days; members hear of it, and posts that waited are looked at again."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import roster, tag_changes
from bot.messages import Address
from bot.storage.models import Account, Membership, Post, Role, Tag, Unit
from tests.cast import TAG, Actor, Stage
from tests.databases import A_MONDAY

GROUP = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/"
NEW = "#DQTVTUYENTHANHMOI"
CLASHING = "#DQTVHIEPHOADUCHOALONGAN"
SCHOOL = "Trường Trung học phổ thông Kiến Tường"


async def appoint(stage: Stage, actor: Actor, unit: str, role: Role) -> None:
    """Give somebody of the cast a role in another unit, as the command line does."""

    def work(session: Session) -> None:
        found = session.scalars(select(Unit).where(Unit.name == unit)).one()
        assert roster.appoint(session, Address("telegram", str(actor.person.id)), found, role, A_MONDAY)

    await stage.ask(work)


async def tag_rows(stage: Stage, unit: str = "Xã Tuyên Thạnh") -> list[tuple[str, str]]:
    statement = select(Tag.tag, Tag.kind).join(Tag.unit).where(Unit.name == unit).order_by(Tag.id)
    return [(tag, kind) for tag, kind in await stage.ask(lambda s: s.execute(statement).all())]


async def states(stage: Stage) -> list[str]:
    return list(await stage.ask(lambda s: s.scalars(select(Post.state).order_by(Post.id)).all()))


async def hand_in(actor: Actor, number: int, tag: str) -> str:
    return (await actor.says(f"{GROUP}{number}\nDân quân xã ra quân giúp dân gặt lúa. {tag}"))[0]


async def set_tag(actor: Actor, tag: str, day: str, *, button: str = "Đặt hashtag bắt buộc") -> list[str]:
    """From the overview, through all questions; what was said to the confirm."""
    await actor.presses(button)
    await actor.says(tag)
    if "/" in day:
        await actor.says(day)
    else:
        await actor.presses(day)
    if "Thêm" in button:
        await actor.presses("Không thời hạn")
    return await actor.presses("Lưu")


async def open_unit(actor: Actor, typed: str, unit: str) -> list[str]:
    await actor.says("/datthe")
    await actor.presses("Đơn vị khác")
    await actor.says(typed)
    return await actor.presses(unit)


async def tell_begun(stage: Stage) -> int:
    """What the clock does in the morning of a tag's first day."""
    return await stage.ask(lambda session: tag_changes.tell_begun(session, stage.app.setup, stage.world.clock.now()))


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


async def test_an_admin_sees_what_the_rule_proposes_for_his_unit(stage: Stage) -> None:
    [answer] = await stage.bob.says("/datthe")
    assert answer.startswith("Xã Tuyên Thạnh, Thị xã Kiến Tường\nHashtag bắt buộc: " + TAG)
    assert "chưa ai đặt" in answer
    assert not any("Đơn vị khác" in label for label in stage.bob.buttons())  # nothing is below a commune
    assert "dành cho quản trị" in (await stage.alice.says("/datthe"))[0]


async def test_nothing_is_saved_before_the_confirm_which_says_what_changes(stage: Stage) -> None:
    await hand_in(stage.alice, 123456789, NEW)
    await stage.bob.says("/datthe")
    await stage.bob.presses("Đặt hashtag bắt buộc")
    assert stage.bob.copies() == [TAG]
    assert "từ ngày nào" in (await stage.bob.says(NEW))[0]
    [preview] = await stage.bob.presses("Từ hôm nay")
    assert f"{TAG} → {NEW}" in preview
    assert "từ thứ Hai 1/3/2027" in preview
    assert "Hashtag cũ: được tính đến hết 29/5/2027" in preview
    assert "Xem lại 1 bài" in preview
    assert "Báo cho 1 thành viên" in preview
    assert await stage.bob.says("được không?") == [preview]
    assert await tag_rows(stage) == [(TAG, "required")]
    assert "Chưa có gì" not in (await stage.bob.presses("Quay lại"))[0]
    assert await stage.bob.presses("Lưu") == ["Nút này không còn dùng được nữa."]
    assert await tag_rows(stage) == [(TAG, "required")]


async def test_a_new_tag_counts_at_once_is_told_once_and_waiting_posts_are_counted(stage: Stage) -> None:
    await hand_in(stage.alice, 123456789, NEW)
    await stage.bob.says("/datthe")
    [saved] = await set_tag(stage.bob, NEW, "Từ hôm nay")
    assert "1 bài đang chờ nay được tính" in saved
    counted, told = await stage.alice.hears()
    assert counted.startswith("✅ Số 1")
    assert f"{NEW}\nHashtag cũ {TAG} được tính đến hết 29/5/2027" in told
    assert stage.alice.copies() == [NEW]
    assert await tell_begun(stage) == 0
    assert await stage.alice.hears() == []
    assert "Bob đặt lúc 09:00 1/3/2027, áp dụng từ 1/3/2027" in (await stage.bob.says("/datthe"))[0]


async def test_the_old_tag_counts_in_its_grace_and_not_after(stage: Stage) -> None:
    await stage.bob.says("/datthe")
    await set_tag(stage.bob, NEW, "Từ hôm nay")
    await stage.alice.hears()
    await stage.later(days=89)
    assert "Đã tính" in await hand_in(stage.alice, 123456789, TAG)
    assert f"{TAG}: đến hết 29/5/2027" in (await stage.bob.says("/datthe"))[0]
    await stage.later(days=1)
    assert "chưa tính" in await hand_in(stage.alice, 223456789, TAG)
    assert TAG not in (await stage.bob.says("/datthe"))[0]


async def test_a_tag_to_come_counts_from_its_day_on_and_is_told_in_the_morning(stage: Stage) -> None:
    await stage.bob.says("/datthe")
    await set_tag(stage.bob, NEW, "10/3")
    assert await stage.alice.hears() == []
    assert f"{NEW}: từ 10/3/2027" in (await stage.bob.says("/datthe"))[0]
    await stage.later(days=8)
    assert "chưa tính" in await hand_in(stage.alice, 123456789, NEW)
    await stage.later(hours=15.5)  # half past midnight
    assert await tell_begun(stage) == 0
    assert "Đã tính" in await hand_in(stage.alice, 223456789, NEW)
    await stage.later(hours=8)
    await tell_begun(stage)
    [told] = await stage.alice.hears()
    assert "đã đổi, từ 10/3/2027" in told
    assert f"Hashtag cũ {TAG} được tính đến hết 7/6/2027" in told


async def test_a_tag_to_come_may_be_taken_back(stage: Stage) -> None:
    await stage.bob.says("/datthe")
    await set_tag(stage.bob, NEW, "10/3/2027")
    await stage.bob.says("/datthe")
    assert "tiếp tục được dùng" in (await stage.bob.presses(f"Bỏ {NEW}"))[0]
    assert "Đã bỏ" in (await stage.bob.presses("Bỏ hashtag này"))[0]
    await stage.later(days=20)
    assert "Đã tính" in await hand_in(stage.alice, 123456789, TAG)
    assert await tag_rows(stage) == [(TAG, "required")]


async def test_an_accepted_tag_counts_beside_the_required_one_until_it_is_ended(stage: Stage) -> None:
    await stage.bob.says("/datthe")
    await set_tag(stage.bob, "#DQTVTT", "Từ trước", button="Thêm hashtag")
    assert await stage.alice.hears() == []
    assert "Đã tính" in await hand_in(stage.alice, 123456789, "#DqtvTT")
    assert "Đã tính" in await hand_in(stage.alice, 223456789, TAG)
    assert "#DQTVTT: không thời hạn" in (await stage.bob.says("/datthe"))[0]
    await stage.bob.presses("Bỏ #DQTVTT")
    yes = stage.bob.data_of("Bỏ hashtag này")
    await stage.bob.presses("Bỏ hashtag này")
    assert "chưa tính" in await hand_in(stage.alice, 323456789, "#DQTVTT")
    assert await stage.bob.forges(yes) == ["Nút này không còn dùng được nữa."]


async def test_an_accepted_tag_may_have_a_last_day(stage: Stage) -> None:
    await stage.bob.says("/datthe")
    await stage.bob.presses("Thêm hashtag")
    await stage.bob.says("#DQTVTT")
    await stage.bob.says("1/2/2027")
    assert "từ 1/2/2027 trở đi" in (await stage.bob.says("31/1/2027"))[0]
    assert "đến hết thứ Tư 3/3/2027" in (await stage.bob.says("3/3"))[0]
    await stage.bob.presses("Lưu")
    await stage.later(days=2)
    assert "Đã tính" in await hand_in(stage.alice, 123456789, "#DQTVTT")
    await stage.later(days=1)
    assert "chưa tính" in await hand_in(stage.alice, 223456789, "#DQTVTT")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("DQTV TUYEN THANH", "dấu cách"),
        ("#DQTV-TUYENTHANH", "dấu khác"),
        ("#2027", "chỉ có chữ số"),
        ("A" * 100, "dài quá 100"),
        (TAG, "đang là hashtag ở đây rồi"),
        (CLASHING, "trùng với Xã Hiệp Hòa, Huyện Đức Hòa; Thị trấn Hiệp Hòa, Huyện Đức Hòa"),
        ("#dqtvbinhhiepkientuonglongan", "trùng với Xã Bình Hiệp, Thị xã Kiến Tường"),
    ],
)
async def test_a_tag_that_cannot_be_set_is_refused_with_the_reason(stage: Stage, typed: str, answer: str) -> None:
    await stage.bob.says("/datthe")
    await stage.bob.presses("Đặt hashtag bắt buộc")
    assert answer in (await stage.bob.says(typed))[0]
    assert "từ ngày nào" in (await stage.bob.says(NEW))[0]
    assert "Bot chưa đọc được ngày này" in (await stage.bob.says("31/2"))[0]


async def test_small_letters_and_diacritics_are_allowed_after_a_better_one_was_offered(stage: Stage) -> None:
    await stage.bob.says("/datthe")
    await stage.bob.presses("Đặt hashtag bắt buộc")
    await stage.bob.says("#DqtvTuyênThạnhMới")
    assert stage.bob.buttons()[:2] == [NEW, "#DqtvTuyênThạnhMới"]
    await stage.bob.presses("#DqtvTuyênThạnhMới")
    await stage.bob.presses("Từ hôm nay")
    await stage.bob.presses("Lưu")
    assert (await tag_rows(stage))[-1] == ("#DqtvTuyênThạnhMới", "required")


async def test_of_a_long_tag_buttons_show_both_ends(stage: Stage) -> None:
    tag = "#DQTV" + "TUYENTHANH" * 9
    await stage.bob.says("/datthe")
    await set_tag(stage.bob, tag, "10/3")
    await stage.bob.says("/datthe")
    label = next(each for each in stage.bob.buttons() if "Bỏ" in each)
    assert len(label) <= 60
    assert label.endswith("TUYENTHANH")
    await stage.bob.presses("Bỏ #DQTV")
    assert "Đã bỏ" in (await stage.bob.presses("Bỏ hashtag này"))[0]


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
    assert "Xã Hưng Điền, Huyện Tân Hưng ↔ Xã Hưng Điền B, Huyện Tân Hưng: khác 1 chữ" in answer
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
    assert await stage.bob.forges("1|tags.show|u1|forged") == ["Nút này không còn dùng được nữa."]


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
    namesake = next(each for each in stage.bob.buttons() if each.startswith("2. Alice"))
    await stage.bob.presses(namesake)
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
    code = (await stage.bob.says("/moi"))[0].split("start=")[1].split()[0]
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
    assert [each for each in stage.bob.buttons() if each[0].isdigit()][-1] == "6. Nguyễn Văn E"
    await stage.bob.presses("Sau")
    assert stage.bob.buttons()[:3] == ["7. Nguyễn Văn F", "8. Nguyễn Văn G", "◀ Trước"]


async def test_an_english_admin_is_answered_in_english(stage: Stage) -> None:
    def speak_english(session: Session) -> None:
        for account in session.scalars(select(Account)):
            account.person.language = "en"

    await stage.ask(speak_english)
    assert "Required hashtag" in (await stage.bob.says("/settag"))[0]
    await stage.bob.presses("Set another required")
    assert "From which day" in (await stage.bob.says(NEW))[0]
    assert "from Monday 1/3/2027" in (await stage.bob.presses("From today"))[0]
    assert "Members who are told: 1" in (await stage.bob.presses("Save"))[0]
    assert "has changed, from 1/3/2027" in (await stage.alice.hears())[0]
