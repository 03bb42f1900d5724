"""Which text belongs to which link, when a week begins, and what a post still needs."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.handins import HandIn, fingerprint, looks_like_text, month_start, need, split, week_start
from bot.domain.links import find_links

A, B, C = (f"https://www.facebook.com/groups/1/posts/{number}" for number in (11, 22, 33))
NEWS, MORE = "Ra quân huấn luyện #TAG", "Thăm gia đình chính sách #TAG"
LONG = "Sáng nay đơn vị ra quân huấn luyện năm 2027, toàn thể cán bộ, chiến sĩ tham gia đầy đủ và đúng giờ."
HELLO = "em gửi bài ạ"
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

SPLITS = [
    # what was sent, the text of each link in it
    pytest.param(A, [""], id="a link alone"),
    pytest.param(f"{A}\n{NEWS}", [NEWS], id="text under the link"),
    pytest.param(f"{NEWS}\n{A}", [NEWS], id="text above the link"),
    pytest.param(f"{LONG}\n{A}", [LONG], id="long text without a tag above the link"),
    pytest.param(f"{HELLO} {A}", [HELLO], id="greeting only"),
    pytest.param(f"{HELLO}\n{A}\n{NEWS}", [NEWS], id="greeting above, text under"),
    pytest.param(f"{NEWS}\n{A}\nnhờ duyệt", [f"{NEWS}\nnhờ duyệt"], id="text above, thanks under"),
    pytest.param(f"{A}\n{NEWS}\n{B}\n{MORE}", [NEWS, MORE], id="link, text, link, text"),
    pytest.param(f"{NEWS}\n{A}\n{MORE}\n{B}", [NEWS, MORE], id="text, link, text, link"),
    pytest.param(f"{A}\n{B}\n{NEWS}", [NEWS, NEWS], id="one text under two links"),
    pytest.param(f"{A}\n{B}\n{NEWS}\n{C}\n{MORE}", [NEWS, NEWS, MORE], id="two links share, the third has its own"),
    pytest.param(f"{A}\n{B}\n{C}", ["", "", ""], id="links only"),
    pytest.param(f"{A}\n{NEWS}\n{B}", [NEWS, ""], id="the last link has none yet"),
    pytest.param(f"{NEWS}\n{A}\n{B}", [NEWS, NEWS], id="one text above two links"),
    pytest.param(f"{NEWS}\n{A}\n{B}\n{MORE}\n{C}", [NEWS, NEWS, MORE], id="above: two share, the third has its own"),
    pytest.param(f"{HELLO}\n{A}\n{B}", ["", ""], id="greeting and two links"),
    pytest.param(f"{A}\n{NEWS}\n{A}", [f"{NEWS}\n{A}"], id="the same link twice"),
]


@pytest.mark.parametrize(("sent", "texts"), SPLITS)
def test_every_link_gets_the_text_that_is_meant_for_it(sent: str, texts: list[str]) -> None:
    links = find_links(sent)
    assert split(sent, links) == [HandIn(link, text) for link, text in zip(links, texts, strict=True)]


@given(st.lists(st.sampled_from([A, B, C, NEWS, HELLO, "\n", " ", "(", ")"])).map("".join))
def test_no_link_of_a_message_is_left_out(sent: str) -> None:
    links = find_links(sent)
    assert [item.link for item in split(sent, links)] == [*links]


def test_a_message_without_a_link_holds_no_hand_in() -> None:
    assert split(NEWS, []) == []


@pytest.mark.parametrize(
    ("text", "is_one"),
    [(HELLO, False), ("", False), ("#TAG", True), ("＃TAG", True), ("a" * 79, False), ("a" * 80, True)],
)
def test_a_greeting_is_not_the_text_of_a_post(text: str, is_one: bool) -> None:
    assert looks_like_text(text) is is_one


@pytest.mark.parametrize("other", ["ra quân,  HUẤN LUYỆN!", "Ra quân\nhuấn luyện", "Ra quân huấn luyện"])
def test_case_spacing_punctuation_and_unicode_form_do_not_make_another_text(other: str) -> None:
    assert fingerprint(other) == fingerprint("Ra quân huấn luyện")


def test_a_diacritic_makes_another_text() -> None:
    assert fingerprint("Ra quan huấn luyện") != fingerprint("Ra quân huấn luyện")


BORDERS = [
    # moment in UTC, week and month it belongs to in Vietnam
    ("2027-02-28T16:59:59", "2027-02-22T00:00:00+07:00", "2027-02-01T00:00:00+07:00"),
    ("2027-02-28T17:00:00", "2027-03-01T00:00:00+07:00", "2027-03-01T00:00:00+07:00"),
    ("2027-03-07T16:59:59", "2027-03-01T00:00:00+07:00", "2027-03-01T00:00:00+07:00"),
    ("2026-12-31T17:00:00", "2026-12-28T00:00:00+07:00", "2027-01-01T00:00:00+07:00"),
    ("2027-01-01T12:00:00", "2026-12-28T00:00:00+07:00", "2027-01-01T00:00:00+07:00"),
]


@pytest.mark.parametrize(("moment", "week", "month"), BORDERS)
def test_weeks_begin_on_monday_and_months_on_the_first_by_the_local_clock(moment: str, week: str, month: str) -> None:
    local = datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(VIETNAM)
    assert week_start(local).isoformat() == week
    assert month_start(local).isoformat() == month


def test_a_week_begins_at_midnight_even_if_the_clock_was_changed_in_it() -> None:
    berlin = datetime(2027, 3, 31, 12, tzinfo=ZoneInfo("Europe/Berlin"))  # summer time began on 28 March
    assert week_start(berlin).isoformat() == "2027-03-29T00:00:00+02:00"
    assert month_start(berlin).isoformat() == "2027-03-01T00:00:00+01:00"


NEEDS = [
    # target, has text, verdict, may be double → what is asked for
    (None, False, None, True, "text"),
    ("group", False, None, False, "text"),
    ("group", True, "near_miss", False, "tag"),
    (None, True, "absent", True, "tag"),
    (None, True, "ok", True, "full_link"),
    (None, True, "ok", False, "target"),
    ("group", True, "ok", True, "full_link"),
    ("group", True, "ok", False, "nothing"),
]


@pytest.mark.parametrize(("target", "has_text", "verdict", "may_be_double", "wanted"), NEEDS)
def test_one_thing_is_asked_for_at_a_time_the_text_first(
    target: str | None, has_text: bool, verdict: str | None, may_be_double: bool, wanted: str
) -> None:
    assert need(target=target, has_text=has_text, verdict=verdict, may_be_double=may_be_double) == wanted


LINKS = ["https://fb.com/groups/1/posts/2", "facebook.com/reel/3?x=ề", "HTTPS://YOUTU.BE/dQw4w9WgXcQ", "fb.watch/ab"]


@given(st.lists(st.one_of(st.text(max_size=20), st.sampled_from(LINKS)), max_size=8).map(" ".join))
def test_every_link_found_in_a_message_is_handed_in_whatever_else_it_holds(text: str) -> None:
    links = find_links(text)
    assert [item.link for item in split(text, links)] == [*links]
