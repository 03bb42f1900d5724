"""Tags within two slips of each other: all are found, without comparing each with each."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaigns import load, read_units, tag_for, unit_path
from bot.domain.hashtags import Strangers, check, near_pairs
from bot.domain.hashtags.distance import edits
from bot.domain.hashtags.neighbours import Neighbourhood

ALIKE = st.text("ab", max_size=20)
TAGS = st.lists(st.builds(str.__add__, st.sampled_from(["", "#DQTV"]), ALIKE | st.text("aAbĐđ\0 ", max_size=5)))


@given(TAGS, st.integers(0, 2))
def test_the_pairs_are_those_that_comparing_all_finds(tags: list[str], most: int) -> None:
    pairs = ((a, b, edits(a.casefold(), b.casefold(), most)) for a, b in combinations(tags, 2))
    assert sorted(near_pairs(tags, most)) == sorted(pair for pair in pairs if pair[2] <= most)


def test_all_near_tags_of_a_province_are_found() -> None:
    campaign, units = load("long_an"), {unit.code: unit for unit in read_units("long_an")}
    tags = [tag_for(campaign, unit_path(units, code)) for code in units]
    pairs = ((a, b, edits(a, b, 2)) for a, b in combinations(tags, 2))
    assert sorted(near_pairs(tags)) == sorted(pair for pair in pairs if pair[2] <= 2)


@pytest.mark.parametrize(
    ("tags", "pairs"),
    [
        ((), []),
        (("#A",), []),
        (("#TANTHANH", "#tanthanh"), [("#TANTHANH", "#tanthanh", 0)]),
        (("#TANTHANH", "#TANTHAHN"), [("#TANTHANH", "#TANTHAHN", 1)]),
        (("#TANTHANH", "#TANTHANG", "#TANTHAN"), [("#TANTHANH", "#TANTHANG", 1), ("#TANTHANH", "#TANTHAN", 1)]),
        (("#TANTHANH", "#KIENTUONG"), []),
    ],
)
def test_the_first_of_a_pair_is_the_one_that_stands_first(
    tags: tuple[str, ...], pairs: list[tuple[str, str, int]]
) -> None:
    found = list(near_pairs(tags))
    assert [pair for pair in found if pair[0] == "#TANTHANH"] == pairs
    assert found == list(near_pairs(tags))


@given(st.lists(ALIKE, unique=True), ALIKE)
def test_a_neighbourhood_is_asked_for_fewer_slips_than_it_knows(words: list[str], word: str) -> None:
    neighbourhood = Neighbourhood(2)
    for each in words:
        neighbourhood.add(each)
    near = {(each, 1) for each in words if edits(each, word, 1) == 1} | {(each, 0) for each in words if each == word}
    assert set(neighbourhood.near(word, 1)) == near


@given(st.lists(st.text("DQTVANH#", max_size=12)), st.text("DQTVANH# ", max_size=40))
def test_others_made_ready_once_give_the_same_verdicts(others: list[str], text: str) -> None:
    strangers = Strangers(others)
    for required in ("#DQTVAN", "#ANH", *others[:2]) * 5:
        assert check(text, required, others=strangers) == check(text, required, others=others)


def test_one_s_own_tag_among_the_others_is_still_one_s_own() -> None:
    strangers = Strangers(["#DQTVTANAN", "#DQTVTANTRU"])
    assert check("#DQTV_TANAN", "#DQTVTANAN", others=strangers).fault == "underscore"
    assert check("#DQTVTANAM", "#DQTVTANAN", others=strangers).fault == "typo"
    assert check("#DQTVTANTRU", "#DQTVTANAN", others=strangers).matched == "#DQTVTANTRU"


@given(st.lists(ALIKE.map(str.upper)), ALIKE)
def test_the_first_answers_and_the_later_ones_are_the_same(others: list[str], letters: str) -> None:
    strangers = Strangers(others)
    first = sorted(strangers.near(letters, 2))
    assert all(sorted(strangers.near(letters, 2)) == first for _ in range(12))
