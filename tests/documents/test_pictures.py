import re
import unicodedata
from dataclasses import astuple
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.documents import heat_map as heat
from bot.documents.canvas import WIDTH, drawable, fitted, letters, lightness
from bot.documents.deadline import Deadline
from bot.documents.heat_map import LOOKS, State, heat_map
from bot.documents.weekly_chart import COLOURS, Series, weekly_chart
from bot.documents.words import WORDS, Words
from bot.documents.year_ahead import SHADES, year_ahead
from bot.texts import LANGUAGES
from tests.documents.reading import picture_size

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
VOWELS = ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"]
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
HOSTILE = ("$\\frac{$", "a\x00b\ud800", "W" * 300, "<b>&", "李明", "😀", "")


def test_the_font_has_every_vietnamese_letter() -> None:
    lower = {unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES} | {"đ"}
    assert len(lower) == 73
    every = lower | {letter.upper() for letter in lower} | {look.sign for look in LOOKS.values()}
    assert {letter for letter in every if ord(letter) not in letters()} == set()


def test_what_the_font_lacks_becomes_a_box() -> None:
    assert drawable("Nguyễn 李") == "Nguyễn □"


@pytest.mark.parametrize(("text", "shown"), [("Xã Tân Phú", "Xã Tân Phú"), ("Xã Tân Phú Trung", "Xã Tân Ph…")])
def test_a_long_name_is_cut_visibly(text: str, shown: str) -> None:
    assert fitted(text, 10) == shown


def test_the_states_differ_in_grey_and_by_their_sign() -> None:
    for one, other in combinations(LOOKS.values(), 2):
        assert abs(lightness(one.colour) - lightness(other.colour)) > 0.1
        assert one.sign != other.sign


def test_the_shades_of_the_year_get_darker_and_neighbours_in_a_bar_differ() -> None:
    assert sorted(SHADES, key=lightness, reverse=True) == list(SHADES)
    for (one, hatch), (other, next_hatch) in pairwise(COLOURS):
        assert abs(lightness(one) - lightness(other)) > 0.1
        assert hatch != next_hatch


@pytest.mark.parametrize(("units", "periods"), [(0, 0), (1, 1), (5, 8), (60, 26), (61, 53)])
def test_a_heat_map_is_drawn_for_any_number_of_units(units: int, periods: int) -> None:
    states = [[list(State)[(unit + period) % 5] for period in range(periods)] for unit in range(units)]
    names = [f"Xã {unit}" for unit in range(units)]
    width, height = picture_size(heat_map("Nộp báo cáo", names, [f"Tuần {week}" for week in range(periods)], states))
    assert width == WIDTH
    assert height <= 1_800


def test_of_many_units_those_that_owe_most_are_kept_in_their_order() -> None:
    states = [[State.FILED, State.FILED] for _ in range(70)]
    states[3], states[68], states[69] = [State.LATE] * 2, [State.OPEN, State.FILED], [State.OPEN] * 2
    shown = heat._most_owing(states)
    assert shown == [*range(58), 68, 69]
    note, words = "Hiển thị 60 đơn vị còn thiếu nhiều nhất trong 70 đơn vị. Xem đủ trong bảng Excel.", WORDS["vi"]
    assert heat._note(70, 4, words) == note
    assert not heat._note(60, 30, words)


def test_a_picture_speaks_every_language_of_the_bot_and_each_its_own_words() -> None:
    assert WORDS.keys() == LANGUAGES.keys()
    due = Deadline("a", "Weekly", datetime(2026, 6, 10, 17, tzinfo=ZONE))
    maps = {heat_map("Map", [], [], [], language) for language in WORDS}
    weeks = {weekly_chart("Week", ["1"], [], 12_345, language) for language in WORDS}
    years = {year_ahead("Year", [due, due], due.due_at.date(), (), language) for language in WORDS}
    assert len(maps) == len(weeks) == len(years) == len(WORDS)


@pytest.mark.parametrize("words", WORDS.values())
def test_the_words_of_a_picture_can_be_drawn_and_filled_in(words: Words) -> None:
    said = [text for value in astuple(words) for text in ([value] if isinstance(value, str) else value)]
    assert [text for text in said if drawable(text) != text] == []
    filled = words.most_units.format(shown=60, all=70), words.most_periods.format(shown=30, all=40)
    assert filled[0].count("60") == filled[0].count("70") == filled[1].count("30") == filled[1].count("40") == 1
    assert [words.months[place].format(year=2026).endswith("2026") for place in range(12)] == [True] * 12
    assert (len(words.weekdays), len(words.states)) == (7, len(State))
    assert "Xã" in words.week_title.format(unit="Xã")
    assert {"Xã", "Tuần"} <= set(words.map_title.format(unit="Xã", duty="Tuần").replace(":", "").split())
    assert "Xã" in words.year_title.format(unit="Xã")
    assert {"Tuần", "1/6"} <= set(re.split(r"[ ():]", words.next_day.format(name="Tuần", day="1/6")))


def test_a_state_changes_the_picture() -> None:
    pictures = {heat_map("Nộp báo cáo", ["Xã"], ["Tuần 1"], [[state]]) for state in State}
    assert len(pictures) == len(State)


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_a_unit_is_called_can_be_drawn(text: str) -> None:
    assert picture_size(heat_map(text, [text], [text], [[State.OPEN]]))
    assert picture_size(weekly_chart(text, [text], [Series(text, (3,))], 1))
    deadline = Deadline("a", text, datetime(2026, 6, 10, 17, tzinfo=ZONE))
    assert picture_size(year_ahead(text, [deadline], date(2026, 6, 1)))


@pytest.mark.parametrize("quota", [None, 0, 4, 5_000_000])
def test_a_weekly_chart_is_drawn_with_and_without_a_quota(quota: int | None) -> None:
    series = [Series(f"Trang {number}", (0, number, 12_345)) for number in range(8)]
    assert picture_size(weekly_chart("Tuần này", ["1", "2", "3"], series, quota))[0] == WIDTH
    assert picture_size(weekly_chart("Tuần này", [], [], quota))[0] == WIDTH


def test_more_targets_than_colours_share_the_last_one() -> None:
    many = [Series(f"Trang {number}", (number, 1)) for number in range(9)]
    few = [*many[:5], Series("Trang, nhóm khác", (5 + 6 + 7 + 8, 4))]
    assert weekly_chart("Tuần này", ["1", "2"], many) == weekly_chart("Tuần này", ["1", "2"], few)


def test_a_year_has_a_mark_for_each_day_of_it_and_none_before() -> None:
    start = date(2026, 11, 21)
    due = datetime(2026, 11, 21, 17, tzinfo=ZONE)
    empty = year_ahead("Hạn", [], start)
    assert year_ahead("Hạn", [Deadline("a", "Báo cáo tuần", due - timedelta(days=1))], start) == empty
    marked = {
        year_ahead("Hạn", [Deadline("a", "Báo cáo tuần", due + timedelta(days=days))], start) for days in (0, 1, 300)
    }
    assert len(marked | {empty}) == 4
    two = [Deadline("a", "Báo cáo tuần", due), Deadline("b", "Báo cáo tuần", due)]
    assert year_ahead("Hạn", two, start) != year_ahead("Hạn", two[:1], start)
    assert year_ahead("Hạn", [], start, {date(2026, 11, 23)}) != empty
