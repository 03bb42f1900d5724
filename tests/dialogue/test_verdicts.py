"""The author's side of a verdict: refusal, repair, question, screenshot, one appeal."""

from tests.cast import STALE, TAG, Stage
from tests.dialogue.reviewing import GROUP, LINK, TEXT, WRONG, cases, disputed, refused, states


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
    assert await stage.alice.presses("Khiếu nại") == STALE


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


async def test_a_mended_text_settles_a_disputed_post_by_itself(stage: Stage) -> None:
    await disputed(stage)
    assert "Đã tính" in (await stage.alice.says(f"{LINK}\n{TEXT}"))[0]
    assert "Không có bài nào" in (await stage.bob.says("/duyet"))[0]


async def test_a_question_is_answered_by_a_screenshot(stage: Stage) -> None:
    await disputed(stage)
    await stage.bob.says("/duyet")
    await stage.bob.presses("Duyệt từng bài")
    await stage.bob.presses("Hỏi tác giả")
    await stage.bob.says("Cho xem ảnh?")
    await stage.alice.presses("Trả lời về số 1")
    assert "Đã kèm ảnh vào bài số 1" in (await stage.alice.sends_picture())[0]
    assert "1 bài chờ duyệt" in (await stage.bob.says("/duyet"))[-1]
    assert await stage.alice.presses("Trả lời về số 1") == STALE


async def test_words_that_are_too_long_are_asked_for_again(stage: Stage) -> None:
    await refused(stage)
    await stage.alice.hears()
    await stage.alice.presses("Khiếu nại")
    assert "nhiều nhất 500 ký tự" in (await stage.alice.says("x" * 501))[0]
    assert "lên Tỉnh Long An" in (await stage.alice.says("Ngắn thôi"))[0]


async def test_at_the_top_there_is_nobody_left_to_appeal_to(stage: Stage) -> None:
    await disputed(stage)
    await stage.dung.says("/duyet")
    await stage.dung.presses("Duyệt từng bài")
    await stage.dung.presses("❌ Từ chối")
    await stage.dung.presses("Không mở được")
    await stage.alice.presses("Khiếu nại")
    assert "Chưa có cấp nào khác để xem lại bài số 1" in (await stage.alice.says("Xin xem lại"))[0]
    assert await states(stage) == ["refused"]


async def test_a_picture_that_belongs_to_no_post_yet_is_not_kept(stage: Stage) -> None:
    for number in (1, 2):
        await stage.alice.says(f"{GROUP}111111111111{number}\n{WRONG}")
    await stage.alice.says("/huy")
    await stage.alice.sends_picture()
    assert "Ảnh này là của bài số mấy?" in (await stage.alice.sends_picture())[0]
    assert "Chưa ghi nhận ảnh" in (await stage.alice.says("thôi"))[0]
    assert await stage.alice.presses("Số 1") == STALE
    assert await cases(stage) == []


async def test_a_settled_post_cannot_be_disputed_by_an_old_button(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}\n{WRONG}")
    data = stage.alice.data_of("Nhờ người xem")
    await stage.alice.says(f"{LINK}\n{TEXT}")
    assert await stage.alice.forges(data) == STALE
    assert await states(stage) == ["counted"]
