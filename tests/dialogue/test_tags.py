"""/datthe: admins set hashtags, with their days; members hear of it, and posts that waited are looked at again."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import tag_changes
from bot.storage.models import Account
from tests.cast import STALE, TAG, Stage
from tests.dialogue.setting_tags import NEW, hand_in, set_tag, tag_rows

CLASHING = "#DQTVHIEPHOADUCHOALONGAN"


async def tell_begun(stage: Stage) -> int:
    """What the clock does in the morning of a tag's first day."""
    return await stage.ask(lambda session: tag_changes.tell_begun(session, stage.app.setup, stage.world.clock.now()))


async def test_an_admin_sees_what_the_rule_proposes_for_his_unit(stage: Stage) -> None:
    [answer] = await stage.bob.says("/datthe")
    assert answer.startswith("Xã Tuyên Thạnh, Thị xã Kiến Tường\nHashtag bắt buộc: " + TAG)
    assert "chưa ai đặt" in answer
    assert not any("Đơn vị khác" in label for label in stage.bob.buttons())  # nothing is below a commune
    assert "dành cho quản trị" in (await stage.alice.says("/datthe"))[0]


async def test_setting_a_tag_that_is_left_for_a_day_ends_and_says_how_to_go_on(stage: Stage) -> None:
    await stage.owe_nothing()
    await stage.bob.says("/datthe")
    await stage.bob.presses("Đặt hashtag bắt buộc")
    await stage.later(hours=25)
    [answer] = await stage.bob.hears()
    assert answer.endswith("Gõ /datthe để làm lại từ đầu.")


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
    assert await stage.bob.presses("Lưu") == STALE
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
    await stage.owe_nothing()
    await stage.bob.says("/datthe")
    await set_tag(stage.bob, NEW, "Từ hôm nay")
    await stage.alice.hears()
    await stage.later(days=89)
    assert "Đã tính" in await hand_in(stage.alice, 123456789, TAG)
    assert f"{TAG}: đến hết 29/5/2027" in (await stage.bob.says("/datthe"))[-1]
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
    assert await stage.bob.forges(yes) == STALE


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
        (TAG, "đang được dùng rồi"),
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


async def test_an_accepted_tag_may_become_the_required_one_and_its_first_day_may_be_moved(stage: Stage) -> None:
    await stage.bob.says("/datthe")
    await set_tag(stage.bob, NEW, "Từ trước", button="Thêm hashtag")
    await stage.bob.presses("Quay lại")
    await set_tag(stage.bob, NEW, "Từ hôm nay")
    assert len(await stage.alice.hears()) == 1
    await stage.bob.presses("Quay lại")
    await set_tag(stage.bob, NEW, "1/2")
    assert await stage.alice.hears() == []  # it is what they were told
    assert "áp dụng từ 1/2/2027" in (await stage.bob.says("/datthe"))[0]


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
