"""One neutral message as a channel can say it: buttons as words, long texts in parts, nothing lost."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.buttons import Tap, wire
from bot.channels.capabilities import TELEGRAM, ZALO, capabilities_of
from bot.channels.marks import parse, units
from bot.messages import Address, Attached, Button, FileKind, Option, Outgoing
from bot.rendering import MORE, beginning, chosen, nearly, options_of, render

PLAIN_LABELS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)
LABELS = st.one_of(
    PLAIN_LABELS,
    st.sampled_from(["✅ Duyệt", "Từ chối", "5", "0", "12. Nguyễn Văn A", "▶", "☑ Xã A", "17:00", "Xem thêm", "(!)"]),
)
BUTTONS = st.lists(st.tuples(LABELS, st.booleans()), max_size=25).map(
    lambda found: tuple(
        (Button(label, f"1|x|{place}|s", solemn=solemn),) for place, (label, solemn) in enumerate(found)
    )
)
APPROVE = Button("✅ Duyệt", "1|approval.yes|5|s", solemn=True)
REFUSE = Button("❌ Từ chối", "1|approval.no|5|s", solemn=True)
PROFILE = Button("Hồ sơ của tôi", "1|profile.show|s")
CHOICE = Outgoing("Duyệt <b>An</b>?", ((APPROVE, REFUSE), (PROFILE,)))


def said(message: Outgoing) -> str:
    return "\n---\n".join(parse(each.text).text for each in render(message, ZALO).messages)


def test_a_channel_that_can_do_all_gets_the_message_itself() -> None:
    file = Attached(1, "a.docx", FileKind.DOCUMENT)
    message = replace(CHOICE, edits="7", answers="8", file=file, passing=True, text="x" * 5000)
    rendered = render(message, TELEGRAM)
    assert rendered.messages == (message,)
    assert not rendered.options


def test_buttons_become_numbers_and_solemn_ones_words() -> None:
    text = said(CHOICE)
    [approve, refuse, profile] = options_of(CHOICE)
    assert text.startswith("Duyệt An?\n\nGõ số để chọn:\n1. Hồ sơ của tôi\nTrả lời DUYỆT ")
    assert approve.answer.startswith("DUYỆT ")
    assert refuse.answer.startswith("TỪ CHỐI ")
    assert profile.answer == "1"


@pytest.mark.parametrize("buttons", [(), ((Button("Mở", url="https://example.org/a"),),), ((APPROVE,),)])
def test_without_numbered_options_nothing_is_said_of_numbers(buttons: tuple[tuple[Button, ...], ...]) -> None:
    assert "số" not in said(Outgoing("Họ và tên của bạn?", buttons)).partition("?")[2]


def test_a_free_question_does_not_ask_for_a_number_in_answer() -> None:
    words = said(Outgoing("Vì sao?", ((PROFILE,),)))
    assert words == "Vì sao?\n\nGõ số để chọn:\n1. Hồ sơ của tôi"


def test_the_words_for_a_solemn_act_belong_to_that_button_alone() -> None:
    [another] = options_of(Outgoing("?", ((replace(APPROVE, data="1|approval.yes|6|s"),),)))
    assert another.answer != options_of(CHOICE)[0].answer
    assert options_of(CHOICE) == options_of(CHOICE)


def test_a_solemn_act_may_have_another_verb_than_its_label_begins_with() -> None:
    [reason] = options_of(Outgoing("?", ((Button("Không có hashtag", "1|x|s", solemn=True, verb="Từ chối"),),)))
    assert reason.answer.startswith("TỪ CHỐI ")
    assert nearly([reason], "từ chối")


@pytest.mark.parametrize("words", ["1", " 1. ", "hồ sơ của tôi", "HO SO CUA TOI", "Hồ sơ  của tôi!"])
def test_a_number_or_the_label_chooses(words: str) -> None:
    option = chosen(options_of(CHOICE), words)
    assert option
    assert option.data == PROFILE.data


@pytest.mark.parametrize("words", ["2", "duyệt", "Từ chối", "duyệt 1", "hồ sơ", "", "…", "11"])
def test_other_words_choose_nothing(words: str) -> None:
    assert chosen(options_of(CHOICE), words) is None


def test_a_solemn_act_takes_its_word_and_its_number_with_or_without_diacritics() -> None:
    options = options_of(CHOICE)
    code = options[0].answer.split()[-1]
    for words in (options[0].answer, f"duyet {code}", f" Duyệt  {code}."):
        assert chosen(options, words) == options[0]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2", True),
        ("15", True),
        ("duyệt", True),
        ("duyet 9", True),
        ("Từ chối", True),
        ("1234", False),
        ("chào", False),
    ],
)
def test_what_looks_like_an_answer_that_misses(words: str, *, expected: bool) -> None:
    assert nearly(options_of(CHOICE), words) is expected


def test_two_options_of_one_name_are_chosen_by_number_only() -> None:
    message = Outgoing("?", ((Button("Sửa", "a"), Button("sửa", "b")),))
    assert chosen(options_of(message), "sửa") is None
    assert [option.answer for option in options_of(message)] == ["1", "2"]


def test_labels_that_are_numbers_stand_for_themselves() -> None:
    days = tuple(Button(day, f"d{day}") for day in ("1", "5", "10"))
    options = options_of(Outgoing("?", (days, (Button("Ngày cuối tháng", "last"),))))
    assert [(option.answer, option.data) for option in options] == [
        ("1", "d1"),
        ("5", "d5"),
        ("10", "d10"),
        ("2", "last"),
    ]


def test_a_numbered_label_brings_its_number() -> None:
    message = Outgoing("?", ((Button("12. Nguyễn Văn A", "a"),), (Button("◀ Trước", "b"),)))
    assert "12. Nguyễn Văn A\n1. ◀ Trước" in said(message)


def test_where_a_number_is_asked_for_no_number_stands_for_a_button() -> None:
    message = Outgoing("Bao nhiêu?", ((Button("◀ Quay lại", "back"), PROFILE),), asks_number=True)
    options = options_of(message)
    assert all(chosen(options, str(number)) is None for number in range(100))
    assert chosen(options, "quay lai") == options[0]
    assert "Có thể trả lời: Quay lại · Hồ sơ của tôi" in said(message)


def test_at_most_nine_are_numbered_and_the_rest_comes_with_more() -> None:
    message = Outgoing("?", tuple((Button(f"Bài {letter}", letter),) for letter in "abcdefghijkl"))
    options = options_of(message)
    assert [option.answer for option in options] == [*"123456789", "", "", "", MORE]
    assert "9. Bài i\n0. Xem thêm" in said(message)
    assert "Bài j" not in said(message)
    assert chosen(options, "bài j") == Option("", "Bài j", "j")


def test_links_and_what_one_would_copy_get_lines_of_their_own() -> None:
    rows = ((Button("Mở bài", url="https://a.vn/?x&y"), Button("Sao chép", copy="#MOI"), Button("Chép", copy="#CO")),)
    text = said(Outgoing("Dùng <code>#CO</code>.", rows))
    assert text.startswith("Dùng #CO.\n\nMở bài: https://a.vn/?x&y\n#MOI\n\n")
    assert text.endswith("1. Sao chép\n2. Chép")


def test_an_edit_is_a_new_message_and_progress_is_left_out() -> None:
    assert render(Outgoing("xong", edits="7"), ZALO).messages == (Outgoing("xong"),)
    assert render(Outgoing("50 %", edits="7", passing=True), ZALO).messages == ()


def test_a_notice_is_said_if_nothing_else_is() -> None:
    assert render(Outgoing(answers="1", notice="a < b"), ZALO).messages == (Outgoing("a &lt; b"),)
    assert render(Outgoing("xong", answers="1", notice="đã lưu"), ZALO).messages == (Outgoing("xong"),)
    assert render(Outgoing(answers="1"), ZALO).messages == ()


def test_a_long_text_goes_in_parts_with_the_picture_first_and_the_options_last() -> None:
    message = Outgoing("<b>" + "dòng chữ\n" * 400 + "</b>", ((PROFILE,),), picture="https://a.vn/p")
    first, second = render(message, ZALO).messages
    assert (first.picture, second.picture) == ("https://a.vn/p", None)
    assert first.text.startswith("<b>dòng chữ")
    assert second.text.startswith("<b>dòng chữ")
    assert second.text.endswith("1. Hồ sơ của tôi")


def test_the_options_are_told_in_the_language_of_the_message() -> None:
    assert "Type a number to choose:" in said(replace(CHOICE, language="en"))


@given(st.text(st.characters(codec="utf-8"), max_size=60), BUTTONS, st.booleans())
def test_every_button_comes_back_by_its_answer_or_from_the_next_page(
    text: str, rows: tuple[tuple[Button, ...], ...], asks_number: bool
) -> None:
    message = Outgoing(text.replace("<", "").replace("&", ""), rows, asks_number=asks_number)
    options = options_of(message)
    assert [option.data for option in options if option.data] == [row[0].data for row in rows]
    for option in options:
        if option.answer:
            assert chosen(options, option.answer) == option
        else:
            assert options[-1].answer == MORE


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=6000), BUTTONS)
def test_every_message_fits_whatever_is_said(text: str, rows: tuple[tuple[Button, ...], ...]) -> None:
    message = Outgoing(text.replace("<", "").replace("&", ""), rows)
    assert all(units(parse(each.text).text) <= ZALO.most_text for each in render(message, ZALO).messages)


@given(BUTTONS, st.integers(0, 99_999))
def test_a_solemn_act_is_never_done_by_a_number(rows: tuple[tuple[Button, ...], ...], number: int) -> None:
    option = chosen(options_of(Outgoing("?", rows)), str(number))
    assert option is None or not option.solemn


def test_the_beginning_of_a_message_is_its_first_line_without_marks() -> None:
    assert beginning(Outgoing("<b>Duyệt &lt;An&gt;?</b>\nxin")) == "Duyệt <An>?"
    assert len(beginning(Outgoing("x" * 500))) == 100


def test_a_button_keeps_that_it_is_solemn() -> None:
    tap = Tap("approval.yes", "approval.yes", (5,), solemn=True)
    assert wire(tap, Address("zalo", "a"), "vi", b"k").solemn


def test_a_channel_that_nobody_knows_has_no_capabilities() -> None:
    with pytest.raises(KeyError):
        capabilities_of("pigeon")
