"""Review: every case of the queue, decided by people, told to the author."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import roster
from bot.campaigns.profile import Review
from bot.messages import Address
from bot.storage.models import Post, ReviewCase, Role, Unit
from tests.cast import TAG, Actor, Stage
from tests.databases import A_MONDAY

GROUP = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/"
LINK = f"{GROUP}1234567890123/"
SHARE = "https://www.facebook.com/share/p/AbCdEf123/"
TEXT = f"Dân quân xã ra quân giúp dân gặt lúa. {TAG}"
WRONG = "Dân quân xã ra quân giúp dân gặt lúa. #DQTV_TUYENTHANH_KIENTUONG_LONGAN"


async def states(stage: Stage) -> list[str]:
    return list(await stage.ask(lambda s: s.scalars(select(Post.state).order_by(Post.id)).all()))


async def cases(stage: Stage) -> list[ReviewCase]:
    return list(await stage.ask(lambda s: s.scalars(select(ReviewCase).order_by(ReviewCase.id)).all()))


async def disputed(stage: Stage, number: int = 1, link: str = LINK) -> None:
    await stage.alice.says(f"{link}\n{WRONG}")
    [answer] = await stage.alice.presses("Nhờ người xem")
    assert f"Đã chuyển bài số {number} cho người duyệt" in answer


async def refused(stage: Stage) -> None:
    await disputed(stage)
    await stage.bob.says("/duyet")
    await stage.bob.presses("Duyệt từng bài")
    await stage.bob.presses("❌ Từ chối")
    await stage.bob.presses("Không có hashtag đúng")


async def appoint(stage: Stage, actor: Actor, unit: str, role: Role) -> None:
    """Give somebody of the cast a role in another unit, as the command line does."""

    def work(session: Session) -> None:
        found = session.scalars(select(Unit).where(Unit.name == unit).limit(1)).one()
        assert roster.appoint(session, Address("telegram", str(actor.person.id)), found, role, A_MONDAY)

    await stage.ask(work)


async def test_nothing_waits_at_first(stage: Stage) -> None:
    assert await stage.bob.says("/duyet") == ["Không có bài nào chờ anh/chị duyệt."]
    assert "dành cho quản trị" in (await stage.alice.says("/duyet"))[0]


async def test_a_disputed_verdict_is_accepted_by_the_unit_admin_and_counts(stage: Stage) -> None:
    await disputed(stage)
    [queue] = await stage.bob.says("/duyet")
    assert "1 bài chờ duyệt, lâu nhất từ 09:00 1/3/2027" in queue
    assert "tác giả cho là bot xem nhầm: 1" in queue
    [case] = await stage.bob.presses("Duyệt từng bài")
    for words in (
        "Số 1 · Alice, Xã Tuyên Thạnh",
        f"Hashtag phải có: {TAG}",
        "dấu gạch dưới",
        "gặt lúa",
        "Đã viết: #DQTV",
    ):
        assert words in case
    assert await stage.bob.presses("✅ Duyệt") == [
        "✅ Đã duyệt bài số 1.",
        "✅ Đã duyệt hết, không còn bài nào chờ.",
    ]
    assert "Bài số 1 đã được người duyệt xem và được tính" in (await stage.alice.hears())[0]
    assert "Tuần này: 1 bài" in (await stage.alice.says("/baicuatoi"))[0]
    [post] = await stage.ask(lambda s: s.scalars(select(Post)).all())
    assert (post.state, post.evidence) == ("counted", "confirmed_person")


async def test_a_refusal_reaches_the_author_with_reason_and_repair(stage: Stage) -> None:
    await refused(stage)
    [verdict] = await stage.alice.hears()
    assert "Bài số 1 chưa được tính: bài không có hashtag đúng" in verdict
    assert f"thêm hashtag {TAG} vào bài" in verdict
    assert "khiếu nại một lần" in verdict
    assert "❌ bị từ chối" in (await stage.alice.says("/baicuatoi"))[0]


async def test_a_refusal_in_own_words_is_read_by_the_author_as_written(stage: Stage) -> None:
    await disputed(stage)
    await stage.bob.says("/duyet")
    await stage.bob.presses("Duyệt từng bài")
    await stage.bob.presses("❌ Từ chối")
    assert "Hãy viết lý do từ chối bài số 1" in (await stage.bob.presses("Lý do khác"))[0]
    assert "Đã từ chối bài số 1" in (await stage.bob.says("Bài <b>quá ngắn</b>"))[0]
    assert "chưa được tính: Bài <b>quá ngắn</b>." in (await stage.alice.hears())[0]


async def test_a_refused_post_handed_in_again_after_repair_is_seen_by_a_person_before_it_counts(stage: Stage) -> None:
    await refused(stage)
    assert "chờ người duyệt" in (await stage.alice.says(f"{LINK}\n{TEXT}"))[-1]
    assert await states(stage) == ["in_review"]
    assert "gửi lại sau khi bị từ chối" in (await stage.bob.presses("Duyệt từng bài"))[0]
    await stage.bob.presses("✅ Duyệt")
    assert await states(stage) == ["counted"]


async def test_check_again_works_after_a_refusal(stage: Stage) -> None:
    await refused(stage)
    await stage.alice.hears()
    await stage.alice.presses("Kiểm tra lại")
    assert "chờ người duyệt" in (await stage.alice.says(TEXT))[0]


async def test_one_appeal_goes_to_the_level_above_and_never_to_the_first_reviewer(stage: Stage) -> None:
    await refused(stage)
    await stage.alice.hears()
    assert "vì sao bài số 1 phải được tính" in (await stage.alice.presses("Khiếu nại"))[0]
    assert "lên Tỉnh Long An" in (await stage.alice.says("Bài có hashtag ở dòng cuối"))[0]
    assert "Không có bài nào" in (await stage.bob.says("/duyet"))[0]
    await stage.dung.says("/duyet")
    [case] = await stage.dung.presses("Duyệt từng bài")
    assert "khiếu nại" in case
    assert "Tác giả nói: Bài có hashtag ở dòng cuối" in case
    await stage.dung.presses("❌ Từ chối")
    await stage.dung.presses("Không mở được")
    [verdict] = await stage.alice.hears()
    assert "Đây là kết luận của cấp trên" in verdict
    assert "Khiếu nại" not in " ".join(stage.alice.buttons())
    assert await stage.alice.presses("Khiếu nại") == ["Nút này không còn dùng được nữa."]


async def test_an_accepted_appeal_counts(stage: Stage) -> None:
    await refused(stage)
    await stage.alice.hears()
    await stage.alice.presses("Khiếu nại")
    await stage.alice.says("Xin xem lại")
    await stage.dung.says("/duyet")
    await stage.dung.presses("Duyệt từng bài")
    await stage.dung.presses("✅ Duyệt")
    assert "được tính" in (await stage.alice.hears())[0]
    assert await states(stage) == ["counted"]


async def test_nobody_reviews_his_own_post(stage: Stage) -> None:
    await stage.bob.says(f"{LINK}\n{WRONG}")
    await stage.bob.presses("Nhờ người xem")
    assert "Không có bài nào" in (await stage.bob.says("/duyet"))[0]
    assert "1 bài chờ duyệt" in (await stage.dung.says("/duyet"))[0]


async def test_an_admin_of_another_unit_neither_sees_nor_decides(stage: Stage) -> None:
    await disputed(stage)
    await stage.bob.says("/duyet")
    await stage.bob.presses("Duyệt từng bài")
    await appoint(stage, stage.bob, "Xã Thạnh Hưng", Role.UNIT_ADMIN)
    assert "Không có bài nào" in (await stage.bob.says("/duyet"))[0]
    assert "không thuộc quyền" in (await stage.bob.presses("✅ Duyệt"))[0]
    await appoint(stage, stage.bob, "Xã Tuyên Thạnh", Role.MEMBER)
    await stage.bob.presses("✅ Duyệt")
    assert await states(stage) == ["in_review"]


async def test_two_reviewers_at_once_never_get_the_same_case(stage: Stage) -> None:
    for number in (1, 2):
        await disputed(stage, number, f"{GROUP}111111111111{number}")
    await stage.bob.says("/duyet")
    await stage.dung.says("/duyet")
    [bobs] = await stage.bob.presses("Duyệt từng bài")
    [dungs] = await stage.dung.presses("Duyệt từng bài")
    assert "Số 1 ·" in bobs
    assert "Số 2 ·" in dungs
    bob_data = stage.bob.data_of("✅ Duyệt")
    assert "Nút này" in (await stage.dung.forges(bob_data))[0]
    assert "không còn bài nào" in (await stage.bob.presses("✅ Duyệt"))[-1]
    assert await states(stage) == ["counted", "in_review"]


async def test_two_reviewers_who_press_in_the_same_moment_take_different_cases(stage: Stage) -> None:
    for number in (1, 2):
        await disputed(stage, number, f"{GROUP}111111111111{number}")
    await stage.bob.says("/duyet")
    await stage.dung.says("/duyet")
    await asyncio.gather(stage.bob.presses("Duyệt từng bài"), stage.dung.presses("Duyệt từng bài"))
    claims = [case.claimed_by_id for case in await cases(stage)]
    assert len(set(claims)) == 2
    assert None not in claims


async def test_a_case_that_was_left_alone_goes_to_the_next_reviewer(stage: Stage) -> None:
    await disputed(stage)
    await stage.bob.says("/duyet")
    await stage.bob.presses("Duyệt từng bài")
    assert "Không có bài nào" in (await stage.dung.says("/duyet"))[0]
    await stage.later(minutes=16)
    assert "1 bài chờ duyệt" in (await stage.dung.says("/duyet"))[-1]
    await stage.dung.presses("Duyệt từng bài")
    await stage.dung.presses("✅ Duyệt")
    assert "đã có người xử lý" in (await stage.bob.presses("❌ Từ chối"))[-1]


async def test_a_skipped_case_goes_to_the_end_and_comes_back_later(stage: Stage) -> None:
    for number in (1, 2):
        await disputed(stage, number, f"{GROUP}111111111111{number}")
    await stage.bob.says("/duyet")
    await stage.bob.presses("Duyệt từng bài")
    skipped, following = await stage.bob.presses("Bỏ qua")
    assert skipped == "⏭ Bỏ qua bài số 1."
    assert "Số 2 ·" in following
    assert "trừ 2 bài anh/chị vừa bỏ qua" in (await stage.bob.presses("Bỏ qua"))[1]
    await stage.later(hours=2)
    assert "Số 1 ·" in (await stage.bob.presses("Duyệt từng bài"))[-1]


async def test_the_author_is_asked_and_his_answer_comes_back_to_the_queue(stage: Stage) -> None:
    await disputed(stage)
    await stage.bob.says("/duyet")
    await stage.bob.presses("Duyệt từng bài")
    await stage.bob.presses("Hỏi tác giả")
    assert "Đã hỏi tác giả bài số 1" in (await stage.bob.says("Hashtag ở dòng nào?"))[0]
    [question] = await stage.alice.hears()
    assert "Hashtag ở dòng nào?" in question
    assert "Không có bài nào" in (await stage.bob.says("/duyet"))[0]
    await stage.alice.presses("Trả lời về số 1")
    assert "Đã chuyển trả lời" in (await stage.alice.says("Ở dòng cuối ạ"))[0]
    await stage.bob.says("/duyet")
    [case] = await stage.bob.presses("Duyệt từng bài")
    assert "Tác giả nói: Ở dòng cuối ạ" in case
    assert "Đã hỏi: Hashtag ở dòng nào?" in case


async def test_a_question_without_an_answer_comes_back_after_a_week(stage: Stage) -> None:
    await disputed(stage)
    await stage.bob.says("/duyet")
    await stage.bob.presses("Duyệt từng bài")
    await stage.bob.presses("Hỏi tác giả")
    await stage.bob.says("Hashtag ở dòng nào?")
    await stage.later(days=6)
    assert "Không có bài nào" in (await stage.bob.says("/duyet"))[0]
    await stage.later(days=2)
    assert "1 bài chờ duyệt" in (await stage.bob.says("/duyet"))[-1]


async def test_a_screenshot_of_a_waiting_post_is_shown_to_the_reviewer(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}\n{WRONG}")
    assert "Đã kèm ảnh vào bài số 1" in (await stage.alice.sends_picture())[0]
    await stage.bob.says("/duyet")
    picture, case = await stage.bob.presses("Duyệt từng bài")
    assert "Ảnh chụp của bài số 1" in picture
    assert any(message.photo for message in stage.bob.chat() if message.from_bot)
    assert "có ảnh chụp của tác giả" in case
    assert "tác giả gửi ảnh chụp" in case


async def test_a_screenshot_asks_which_post_it_is_of_if_several_wait(stage: Stage) -> None:
    for number in (1, 2):
        await stage.alice.says(f"{GROUP}111111111111{number}\n{WRONG}")
    await stage.alice.says("/huy")
    assert "Ảnh này là của bài số mấy?" in (await stage.alice.sends_picture())[0]
    assert "Đã kèm ảnh vào bài số 1" in (await stage.alice.presses("Số 1"))[0]
    assert [case.post_id for case in await cases(stage)] == [1]


async def test_a_picture_of_nothing_is_met_with_a_hint(stage: Stage) -> None:
    await stage.alice.sends_picture()
    assert await cases(stage) == []


async def test_a_short_link_is_resolved_by_a_reviewer(stage: Stage) -> None:
    await stage.alice.says(f"{SHARE} {TEXT}")
    await stage.bob.says("/duyet")
    [case] = await stage.bob.presses("Duyệt từng bài")
    assert "link rút gọn" in case
    await stage.bob.presses("Nhập link đầy đủ")
    assert "chưa phải link đầy đủ" in (await stage.bob.says("https://www.facebook.com/nguyen.van.a"))[0]
    assert "bài được tính" in (await stage.bob.says(LINK))[0]
    assert "bài được tính" in (await stage.alice.hears())[0]
    assert "đã ghi sổ, số 1" in (await stage.dung.says(f"{LINK}\n{TEXT}"))[0]


async def test_two_logged_posts_are_merged_and_the_first_keeps_the_credit(stage: Stage) -> None:
    await stage.alice.says(f"{SHARE} {TEXT}")
    await stage.bob.says(f"{LINK}\nBài khác hẳn, viết về việc trồng cây ở xã nhà. {TAG}")
    assert await states(stage) == ["unresolved", "counted"]
    await stage.dung.says("/duyet")
    await stage.dung.presses("Duyệt từng bài")
    await stage.dung.presses("Trùng với bài khác")
    assert "Không có bài nào khác mang số này" in (await stage.dung.says("99"))[0]
    [question] = await stage.dung.says("2")
    assert "Hai bài này là một?" in question
    assert (await stage.dung.presses("Đúng, gộp làm một"))[0] == "🔗 Đã gộp: số 2 vào số 1."
    assert await states(stage) == ["counted", "merged"]
    told = await stage.alice.hears()
    assert "Số 1 · Tự hào Dân quân tự vệ Miền Đông: đã đủ căn cứ" in told[1]
    assert "vẫn tính cho bạn" in told[0]
    assert "Bài số 2 và bài số 1 là cùng một bài" in (await stage.bob.hears())[0]
    assert "đã gộp với số 1" in (await stage.bob.says("/baicuatoi"))[0]


async def test_an_echoed_share_link_ties_a_short_link_to_its_post(stage: Stage) -> None:
    await stage.alice.says(f"{SHARE} {TEXT}")
    [answer] = await stage.dung.says(
        f"{LINK}?share_url=https%3A%2F%2Fwww.facebook.com%2Fshare%2Fp%2FAbCdEf123%2F {TEXT}"
    )
    assert "đã ghi sổ, số 1" in answer
    assert "đã đủ căn cứ" in (await stage.alice.hears())[0]
    assert await states(stage) == ["counted"]


async def test_an_echo_written_by_hand_never_ties_two_numbers(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}?share_url=https%3A%2F%2Fwww.facebook.com%2Fshare%2Fp%2FAbCdEf123%2F {TEXT}")
    echo = "?share_url=https%3A%2F%2Fwww.facebook.com%2Fshare%2Fp%2FAbCdEf123%2F"
    [answer] = await stage.bob.says(f"{GROUP}9999999999999{echo}\nBài của Bob về việc trồng cây. {TAG}")
    assert "✅ Số 2" in answer
    assert "đã ghi sổ, số 1" in (await stage.dung.says(f"{SHARE} {TEXT}"))[0]


async def test_nearly_the_same_text_counts_but_is_shown_to_a_reviewer(stage: Stage) -> None:
    text = (
        "Sáng nay Ban Chỉ huy quân sự xã phối hợp với đoàn thanh niên ra quân giúp bà con ấp Hai thu hoạch lúa chạy "
        "lũ, sửa lại con đường vào trường học và phát quang bờ kênh dài hơn một cây số."
    )
    await stage.alice.says(f"{GROUP}1111111111111\n{text} {TAG}")
    [answer] = await stage.bob.says(f"{GROUP}2222222222222\n{text} Chia sẻ lại! {TAG}")
    assert "Đã tính" in answer
    await stage.dung.says("/duyet")
    [case] = await stage.dung.presses("Duyệt từng bài")
    assert "nội dung giống bài khác" in case
    assert "So với Số 1 · Alice" in case
    await stage.dung.presses("❌ Từ chối")
    await stage.dung.presses("Chia sẻ trùng lặp")
    assert "viết bài mới thay cho bài chia sẻ lại" in (await stage.bob.hears())[0]
    assert await states(stage) == ["counted", "refused"]


async def test_some_declared_posts_are_drawn_for_a_look_and_clean_ones_accepted_together(stage: Stage) -> None:
    stage.change_campaign(review=Review(sample=1))
    for number in range(3):
        await stage.alice.says(f"{GROUP}111111111111{number}\nBài {number} {TAG}")
    [queue] = await stage.bob.says("/duyet")
    assert "kiểm tra ngẫu nhiên: 3" in queue
    [listed] = await stage.bob.presses("Xem 3 bài đạt")
    assert listed.count("mở bài") == 3
    done, rest = await stage.bob.presses("Duyệt cả 3 bài")
    assert done == "✅ Đã duyệt 3 bài: số 1, 2, 3."
    assert "không còn bài nào" in rest
    levels = await stage.ask(lambda s: s.scalars(select(Post.evidence)).all())
    assert set(levels) == {"confirmed_person"}


async def test_a_sample_that_is_refused_counts_no_more(stage: Stage) -> None:
    stage.change_campaign(review=Review(sample=1))
    await stage.alice.says(f"{LINK}\n{TEXT}")
    await stage.bob.says("/duyet")
    await stage.bob.presses("Duyệt từng bài")
    await stage.bob.presses("❌ Từ chối")
    await stage.bob.presses("Không mở được")
    assert "đặt bài ở chế độ công khai" in (await stage.alice.hears())[0]
    assert "Tuần này: 0 bài" in (await stage.alice.says("/baicuatoi"))[0]


async def test_a_reel_without_a_page_needs_a_target_before_it_is_accepted(stage: Stage) -> None:
    await stage.alice.says(f"https://www.facebook.com/reel/998877665544 {WRONG}")
    await stage.alice.presses("Nhờ người xem")
    await stage.bob.says("/duyet")
    await stage.bob.presses("Duyệt từng bài")
    assert "Bài số 1 đăng ở đâu?" in (await stage.bob.presses("✅ Duyệt"))[0]
    assert "Đã duyệt bài số 1" in (await stage.bob.presses("Quân khu 7"))[0]
    assert await states(stage) == ["counted"]


async def test_a_withdrawn_post_leaves_the_queue(stage: Stage) -> None:
    await disputed(stage)
    await stage.alice.says("/baicuatoi")
    await stage.alice.presses("Rút số 1")
    await stage.alice.presses("Rút bài này")
    assert "Không có bài nào" in (await stage.bob.says("/duyet"))[0]


async def test_a_mended_text_settles_a_disputed_post_by_itself(stage: Stage) -> None:
    await disputed(stage)
    assert "Đã tính" in (await stage.alice.says(f"{LINK}\n{TEXT}"))[0]
    assert "Không có bài nào" in (await stage.bob.says("/duyet"))[0]


async def test_reviewers_are_told_once_a_day_in_the_daytime(stage: Stage) -> None:
    await disputed(stage)
    await stage.later(minutes=10)
    [told] = await stage.bob.hears()
    assert "1 bài chờ anh/chị duyệt" in told
    await stage.later(hours=3)
    assert await stage.bob.hears() == []
    await stage.later(hours=14)
    assert await stage.bob.hears() == []  # it is two at night
    await stage.later(hours=7)
    assert len(await stage.bob.hears()) == 1


async def test_texts_and_pictures_go_after_the_campaigns_period_and_the_verdict_stays(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}\n{TEXT}")
    await stage.later(days=91)
    [post] = await stage.ask(lambda s: s.scalars(select(Post)).all())
    assert (post.text, post.state, post.found_tag) == (None, "counted", TAG)
    assert post.text_hash


async def test_what_is_still_to_be_decided_stays_whole(stage: Stage) -> None:
    await disputed(stage)
    await stage.later(days=91)
    [post] = await stage.ask(lambda s: s.scalars(select(Post)).all())
    assert post.text == WRONG


@pytest.mark.parametrize("language", ["Tiếng Việt", "English"])
async def test_the_longest_case_still_fits_into_one_message(stage: Stage, language: str) -> None:
    await stage.bob.says("/ngonngu")
    await stage.bob.presses(language)
    long = "Dân quân xã ra quân. " * 180
    await stage.alice.says(f"{LINK}\n{long[:3000]} #DQTV_TUYENTHANH_KIENTUONG_LONGAN")
    await stage.alice.presses("Nhờ người xem")
    await stage.bob.says("/duyet")
    await stage.bob.presses("Duyệt từng bài" if language == "Tiếng Việt" else "one by one")
    assert len(stage.bob.last().text) < 4096
    assert "2027" in stage.bob.last().text
