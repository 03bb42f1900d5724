"""Review: the queue, who takes what, and the decisions of people."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import roster
from bot.campaigns.profile import Review
from bot.storage.models import Post, Role, Unit
from tests.cast import TAG, Actor, Stage
from tests.databases import A_MONDAY
from tests.dialogue.reviewing import GROUP, LINK, TEXT, WRONG, cases, disputed, states


async def appoint(stage: Stage, actor: Actor, unit: str, role: Role) -> None:
    """Give somebody of the cast a role in another unit, as the command line does."""

    def work(session: Session) -> None:
        found = session.scalars(select(Unit).where(Unit.name == unit).limit(1)).one()
        assert roster.appoint(session, actor.address, found, role, A_MONDAY)

    await stage.ask(work)


async def test_nothing_waits_at_first(stage: Stage) -> None:
    assert await stage.bob.says("/duyet") == ["Không có bài nào chờ anh/chị duyệt."]
    assert "dành cho quản trị" in (await stage.alice.says("/duyet"))[0]


async def test_a_reviewer_is_told_that_the_author_erased_what_was_to_be_seen(stage: Stage) -> None:
    await disputed(stage)
    await stage.alice.says("/xoadulieu")
    await stage.alice.says("XÓA HẾT")
    await stage.bob.says("/duyet")
    [case] = await stage.bob.presses("Duyệt từng bài")
    assert "không còn gì để xem. Hãy từ chối bài này." in case
    assert "Hashtag phải có" not in case
    await stage.bob.presses("❌ Từ chối")
    assert "không còn bài nào chờ" in (await stage.bob.presses("Không mở được"))[1]


async def test_once_a_person_is_to_look_the_bot_waits_for_the_text_no_more_and_says_so(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}\n{WRONG}")
    [said] = await stage.alice.presses("Nhờ người xem")
    assert "Bot không chờ nội dung bài này nữa." in said
    [answer] = await stage.alice.says("Nội dung gì đó đủ dài để là nội dung của một bài viết.")
    assert "số 1" not in answer
    assert [post.state for post in await stage.ask(lambda s: s.scalars(select(Post)).all())] == ["in_review"]


async def test_of_two_posts_the_text_of_the_other_one_is_still_waited_for(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}\n{WRONG}\n{LINK}9\n{WRONG}")
    [said] = await stage.alice.presses("Nhờ người xem số 1")
    assert "Bot còn chờ nội dung bài số 2: hãy dán vào đây." in said
    assert "Số 2" in (await stage.alice.says(f"{TEXT} {TAG}"))[-1]


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
    assert "Lựa chọn này" in (await stage.dung.forges(bob_data))[0]
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


async def test_reviewers_are_told_once_a_day_in_the_daytime(stage: Stage) -> None:
    await stage.owe_nothing()
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
