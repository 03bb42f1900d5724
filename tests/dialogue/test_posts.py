"""Handing in a post: every case of the answer, on both databases, over HTTP."""

import pytest
from sqlalchemy import select

from bot.sandbox import people
from bot.storage.models import Post
from tests.cast import STALE, TAG, Stage, number_in

GROUP = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/"
LINK = f"{GROUP}1234567890123/"
TEXT = f"Dân quân xã ra quân giúp dân gặt lúa. {TAG}"


async def all_posts(stage: Stage) -> list[Post]:
    return list(await stage.ask(lambda s: s.scalars(select(Post).order_by(Post.id)).all()))


async def test_a_post_with_link_and_text_is_counted_in_one_answer(stage: Stage) -> None:
    [answer] = await stage.alice.says(f"{LINK}\n{TEXT}")
    assert answer.startswith("✅ Số 1 · Tự hào Dân quân tự vệ Miền Đông · tin, bài")
    assert "Hashtag đúng. Đã tính." in answer
    assert "Tuần này: 1 bài được tính." in answer
    assert "▓ 1/1 tuần này: đã đạt chỉ tiêu." in answer
    [post] = await all_posts(stage)
    assert (post.key, post.state, post.evidence, post.found_tag) == ("fb:1234567890123", "counted", "declared", TAG)


@pytest.mark.parametrize("text", [TEXT, TEXT.replace(TAG, TAG.lower())])
async def test_the_text_may_stand_above_the_link_and_case_does_not_matter(stage: Stage, text: str) -> None:
    assert "Đã tính" in (await stage.alice.says(f"{text}\n{LINK}"))[0]


@pytest.mark.telegram_only("Zalo shows no forwarded messages")
async def test_a_forwarded_post_is_handed_in_with_its_hidden_link(stage: Stage) -> None:
    people.forward(
        stage.world, stage.alice.person, f'{TEXT} <a href="{LINK}">xem bài</a>', from_name="Trang", html=True
    )
    assert "Đã tính" in (await stage.alice.hears())[0]


async def test_a_picture_with_link_and_text_in_its_caption_is_handed_in(stage: Stage) -> None:
    assert "Đã tính" in (await stage.alice.sends_picture(f"{LINK}\n{TEXT}"))[0]


async def test_the_same_post_is_logged_once_whatever_its_link_looks_like(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}\n{TEXT}")
    for other in (
        "https://m.facebook.com/groups/tuhaodanquantuvemiendong/permalink/1234567890123/?mibextid=x",
        "https://www.facebook.com/groups/100000000000002/posts/1234567890123?ref=share",
    ):
        [answer] = await stage.alice.says(f"{other}\n{TEXT}")
        assert "đã ghi sổ, số 1: chính bạn gửi lúc 09:00 1/3/2027" in answer
    assert len(await all_posts(stage)) == 1


async def test_another_member_hears_who_of_the_unit_handed_it_in(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}\n{TEXT}")
    [answer] = await stage.bob.says(f"{LINK}\n{TEXT}")
    assert "đã ghi sổ, số 1: Alice gửi" in answer
    assert "Tuần này: 0 bài" in answer


async def test_a_member_of_another_unit_hears_the_unit_but_not_the_name(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}\n{TEXT}")
    [answer] = await stage.dung.says(f"{LINK}\n{TEXT}")
    assert "người của Xã Tuyên Thạnh gửi" in answer
    assert "Alice" not in answer


async def test_without_text_it_is_logged_and_the_next_message_brings_the_text(stage: Stage) -> None:
    [answer] = await stage.alice.says(f"em gửi bài ạ {LINK}")
    assert answer.startswith("⏳ Số 1")
    assert "dán nội dung bài" in answer
    assert stage.alice.copies() == [TAG]
    assert "Hashtag đúng. Đã tính." in (await stage.alice.says(TEXT))[0]
    assert len(await all_posts(stage)) == 1


async def test_the_text_may_follow_after_a_restart(stage: Stage) -> None:
    await stage.alice.says(LINK)
    await stage.restart()
    assert "Đã tính" in (await stage.alice.says(TEXT))[0]


async def test_a_word_of_thanks_is_not_taken_for_the_text(stage: Stage) -> None:
    await stage.alice.says(LINK)
    assert "Bot đang chờ nội dung bài số 1" in (await stage.alice.says("cảm ơn"))[0]
    assert (await all_posts(stage))[0].state == "no_text"


@pytest.mark.parametrize(
    ("written", "explained"),
    [
        ("#DQTVTUYENTHANH KIENTUONGLONGAN", "dấu cách"),
        ("# DQTVTUYENTHANHKIENTUONGLONGAN", "sau dấu #"),
        ("DQTVTUYENTHANHKIENTUONGLONGAN", "Thiếu dấu #"),
        ("#DQTV-TUYENTHANH-KIENTUONG-LONGAN", "dấu câu"),
        ("#DQTV_TUYENTHANH_KIENTUONG_LONGAN", "dấu gạch dưới"),
        ("#DQTVTUYENTHANH\u200bKIENTUONGLONGAN", "ký tự ẩn"),
        ("＃DQTVTUYENTHANHKIENTUONGLONGAN", "ký tự kiểu"),
        ("#DQTVTuyênThạnhKiếnTườngLongAn", "có dấu tiếng Việt"),
        ("#DQTVTUYENTHАNHKIENTUONGLONGAN", "bảng chữ khác"),
        ("#DQTVTUYENTHANHKIENTUONG", "tên tỉnh"),
        ("#DQTVTUYENTHANHKIENTUONGLONGAM", "gõ nhầm"),
        ("#DQTVXATUYENTHANHTHIXAKIENTUONGLONGAN", "thừa chữ chỉ loại đơn vị"),
        ("#DQTVTHANHHUNGKIENTUONGLONGAN", "hashtag của Xã Thạnh Hưng"),
        ("#GIUDAN", "không phải"),
    ],
)
async def test_a_near_miss_is_explained_and_never_credited(stage: Stage, written: str, explained: str) -> None:
    [answer] = await stage.alice.says(f"{LINK}\nDân quân xã giúp dân. {written}")
    assert answer.startswith("⏳ Số 1")
    assert explained in answer
    assert f"Hashtag đúng: {TAG}" in answer
    assert stage.alice.copies() == [TAG]
    assert "Tuần này: 0 bài" in answer
    assert "còn thiếu 1 bài" in answer


async def test_a_text_without_any_hashtag_is_told_so(stage: Stage) -> None:
    [answer] = await stage.alice.says(f"{LINK}\n{'Dân quân xã ra quân giúp dân gặt lúa. ' * 3}")
    assert "Chưa thấy hashtag" in answer


async def test_a_mended_post_is_checked_again(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}\nBài #DQTVTUYENTHANH")
    assert "dán lại nội dung bài số 1" in (await stage.alice.presses("Kiểm tra lại"))[0]
    assert "Đã tính" in (await stage.alice.says(TEXT))[0]
    assert await stage.alice.presses("Kiểm tra lại") == STALE


async def test_leaving_a_hand_in_keeps_the_post_and_says_so(stage: Stage) -> None:
    await stage.alice.says(LINK)
    [answer] = await stage.alice.says("/huy")
    assert "vẫn còn trong sổ" in answer
    assert "không được lưu" not in answer
    assert "Số 1" in (await stage.alice.says("/baicuatoi"))[0]


@pytest.mark.telegram_only("Zalo tells of no edited messages")
async def test_a_mended_post_may_be_handed_in_again_or_edited_in_the_chat(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}\nBài #DQTVTUYENTHANH")
    said = next(message for message in stage.alice.chat() if not message.from_bot)
    people.edit(stage.world, stage.alice.person, said, f"{LINK}\n{TEXT}")
    [answer] = await stage.alice.hears()
    assert answer.startswith("✅ Số 1")


@pytest.mark.parametrize(
    ("link", "explained"),
    [
        ("https://www.facebook.com/nguyen.van.a", "trang cá nhân hay trang"),
        ("https://www.facebook.com/groups/tuhaodanquantuvemiendong/", "cả nhóm"),
        ("https://www.facebook.com/stories/1234567890123/", "tin (story)"),
        ("https://www.facebook.com/media/set/?set=a.1234567890123", "album"),
        ("https://www.tiktok.com/@tuyenthanh", "chưa phải link"),
        ("https://www.facebook.com/watch/", "chưa phải link một bài"),
    ],
)
async def test_what_is_not_a_post_is_told_how_to_copy_the_right_link(stage: Stage, link: str, explained: str) -> None:
    [answer] = await stage.alice.says(f"{link} {TEXT}")
    assert explained in answer
    assert "Sao chép liên kết" in answer
    assert await all_posts(stage) == []


async def test_a_post_on_a_personal_page_is_not_logged_and_the_official_targets_are_named(stage: Stage) -> None:
    [answer] = await stage.alice.says(f"https://www.facebook.com/nguyen.van.a/posts/1234567890123 {TEXT}")
    assert "không ở trang, nhóm chính thức" in answer
    assert "TÔI YÊU CHIẾN SĨ SAO VUÔNG" in answer
    assert await all_posts(stage) == []


async def test_an_unknown_site_is_named_as_such(stage: Stage) -> None:
    assert "trang này bot không biết" in (await stage.alice.says("https://example.com/bai-viet"))[0]


async def test_a_look_alike_of_facebook_is_an_unknown_site(stage: Stage) -> None:
    assert (
        "trang này bot không biết" in (await stage.alice.says("https://facebook.com@example.com/groups/1/posts/2"))[0]
    )


async def test_several_links_in_one_message_are_handled_each(stage: Stage) -> None:
    [answer] = await stage.alice.says(
        f"{GROUP}1111111111111\nMột {TAG}\n{GROUP}2222222222222\nHai #SAI\nhttps://example.com/x"
    )
    assert "✅ Số 1" in answer
    assert "⏳ Số 2" in answer
    assert "trang này bot không biết" in answer
    assert [post.state for post in await all_posts(stage)] == ["counted", "tag_wrong"]


async def test_links_under_each_other_share_the_text_below(stage: Stage) -> None:
    [answer] = await stage.alice.says(f"{GROUP}1111111111111\n{GROUP}2222222222222\n{TEXT}")
    assert answer.count("Đã tính") == 2


async def test_texts_of_several_posts_are_asked_for_one_after_the_other(stage: Stage) -> None:
    await stage.alice.says(f"{GROUP}1111111111111\n{GROUP}2222222222222")
    [first] = await stage.alice.says(f"Một {TAG}")
    assert "✅ Số 1" in first
    assert "Còn chờ nội dung của bài số 2" in first
    assert "✅ Số 2" in (await stage.alice.says(f"Hai {TAG}"))[0]


async def test_no_more_than_ten_links_are_read_and_the_rest_is_told(stage: Stage) -> None:
    links = "\n".join(f"{GROUP}{1111111111100 + n}" for n in range(12))
    [answer] = await stage.alice.says(f"{links}\n{TEXT}")
    assert "Còn 2 link chưa đọc" in answer
    assert len(await all_posts(stage)) == 10


@pytest.mark.telegram_only("what is long goes in parts on Zalo")
@pytest.mark.parametrize("language", ["Tiếng Việt", "English"])
@pytest.mark.parametrize(
    "item",
    [
        f"{GROUP}11111111111{{n}}\nBài #DQTVXATUYENTHANHTHIXAKIENTUONGTINHLONGAN\n",
        "https://www.facebook.com/mot.trang.ca.nhan.co.ten.that.dai.that.la.dai/posts/11111111111{n}\nBài #SAI\n",
        "https://www.facebook.com/groups/mot.nhom.co.ten.that.dai.that.la.dai.qua.dai{n}/\n",
        f"https://www.facebook.com/share/p/AbCdEf1{{n}}/\nBài {{n}} {TAG}\n",
    ],
)
async def test_the_longest_answer_still_fits_into_one_message(stage: Stage, language: str, item: str) -> None:
    await stage.alice.says("/ngonngu")
    await stage.alice.presses(language)
    [answer] = await stage.alice.says("".join(item.format(n=n) for n in range(10, 24)))
    assert "Còn 4 link" in answer or "4 more links" in answer
    assert len(answer) < 4096


async def test_a_reel_does_not_show_its_page_so_the_author_says_where_it_is(stage: Stage) -> None:
    [answer] = await stage.alice.says(f"https://www.facebook.com/reel/998877665544 {TEXT}")
    assert "không cho biết bài đăng ở đâu" in answer
    [answer] = await stage.alice.presses("Quân khu 7")
    assert answer.startswith("✅ Số 1 · Người chiến sĩ Sao vuông Quân khu 7 · video")


async def test_a_short_link_counts_once_the_full_link_is_there(stage: Stage) -> None:
    [answer] = await stage.alice.says(f"https://www.facebook.com/share/p/AbCdEf123/ {TEXT}")
    assert "link rút gọn không mang số của bài" in answer
    await stage.alice.presses("Gửi link đầy đủ")
    assert (await stage.alice.says(LINK))[0].startswith("✅ Số 1 · Tự hào Dân quân tự vệ Miền Đông")
    assert "đã ghi sổ, số 1" in (await stage.alice.says("https://www.facebook.com/share/p/AbCdEf123/"))[0]


async def test_a_short_link_of_a_post_that_is_logged_does_not_count_twice(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}\n{TEXT}")
    [answer] = await stage.alice.says(f"https://www.facebook.com/share/p/AbCdEf123/ {TEXT}")
    assert "trùng với bài số 1" in answer
    await stage.alice.presses("Gửi link đầy đủ")
    merged, answer = await stage.alice.says(LINK)
    assert "số 2 và bài số 1 là cùng một bài" in merged
    assert "đã ghi sổ, số 1" in answer
    assert [post.state for post in await all_posts(stage)] == ["counted", "merged"]


async def test_a_pfbid_link_with_the_text_of_a_logged_post_waits_for_the_full_link(stage: Stage) -> None:
    pfbid = "https://www.facebook.com/tuhaodanquantuvemiendong/posts/pfbid0AbCdEfGh123"
    assert "Đã tính" in (await stage.alice.says(f"{pfbid} {TEXT}"))[0]
    [answer] = await stage.alice.says(f"{pfbid}4 {TEXT}")
    assert "trùng với bài số 1" in answer
    assert "Tuần này: 1 bài" in answer


async def test_pictures_of_one_post_and_the_post_itself_are_one(stage: Stage) -> None:
    photo = "https://www.facebook.com/photo/?fbid=555555555555{n}&set=pcb.1234567890123"
    await stage.alice.says(f"{LINK}\n{TEXT}")
    for n in (1, 2):
        assert "đã ghi sổ, số 1" in (await stage.alice.says(f"{photo.format(n=n)} {TEXT}"))[0]


async def test_a_button_for_another_ones_post_does_nothing(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}\nBài #DQTVTUYENTHANH")
    await stage.bob.says("/hoso")
    assert await stage.bob.forges(stage.alice.data_of("Kiểm tra lại")) == STALE


@pytest.mark.parametrize("data", ["", "1|posts.check|1|AAAAAAAAAAAA", "2|x", "||||", "mine.withdraw!"])
async def test_a_forged_press_is_answered_and_does_nothing(stage: Stage, data: str) -> None:
    await stage.alice.says(f"{LINK}\nBài #DQTVTUYENTHANH")
    assert await stage.alice.forges(data or "x") == STALE
    assert (await all_posts(stage))[0].state == "tag_wrong"


async def test_a_person_without_a_unit_is_led_to_register(stage: Stage) -> None:
    await stage.charlie.starts()
    await stage.charlie.presses("Đồng ý")
    assert "đăng ký trước" in (await stage.charlie.says(f"{LINK}\n{TEXT}"))[0]
    assert await all_posts(stage) == []


async def test_hostile_words_in_a_text_come_back_as_words(stage: Stage) -> None:
    [answer] = await stage.alice.says(f"{LINK}\n<b>x</b> & </code> #DQTV<i>")
    assert number_in(answer) == 1
    assert stage.alice.last().text.startswith(answer)


@pytest.mark.telegram_only("nothing is copied by one tap on Zalo")
async def test_the_tag_is_shown_in_a_form_that_one_tap_copies(stage: Stage) -> None:
    [answer] = await stage.alice.says("/hashtag")
    assert TAG in answer
    assert stage.alice.copies() == [TAG]
    assert f"<code>{TAG}</code>" in stage.alice.last().html
