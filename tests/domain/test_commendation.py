"""Points for commendation: sums of their parts, the same whatever order the figures come in."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commendation import POINTS, WHOLE, Tally, proposed, rank


@st.composite
def tallies(draw: st.DrawFn) -> list[Tally[int]]:
    def one(key: int) -> Tally[int]:
        due, quotas = draw(st.integers(0, 5)), draw(st.integers(0, 13))
        return Tally(
            key,
            draw(st.sampled_from(["commune", "school"])),
            draw(st.integers(0, 40)),
            draw(st.integers(0, 30)),
            draw(st.integers(0, due)),
            due,
            draw(st.integers(0, quotas)),
            quotas,
            draw(st.none() | st.integers(0, 40)),
        )

    return [one(key) for key in range(draw(st.integers(0, 12)))]


@given(tallies())
def test_a_total_is_the_sum_of_its_parts_and_at_most_a_hundred(given_: list[Tally[int]]) -> None:
    for score in (each for scores in rank(given_).values() for each in scores):
        assert score.total == sum(score.parts.values())
        assert all(part >= 0 for part in score.parts.values())
        assert score.total <= WHOLE + len(score.parts)  # each part is rounded by itself


@given(st.data())
def test_the_order_does_not_depend_on_that_of_the_figures(data: st.DataObject) -> None:
    given_ = data.draw(tallies())
    assert rank(data.draw(st.permutations(given_))) == rank(given_)


@given(tallies())
def test_a_place_is_one_more_than_the_number_of_those_who_did_better(given_: list[Tally[int]]) -> None:
    for scores in rank(given_).values():
        assert [each.place for each in scores] == sorted(each.place for each in scores)
        for each in scores:
            assert each.place == 1 + sum(other.total > each.total for other in scores)


@given(tallies())
def test_everybody_with_a_post_has_a_place_in_his_class_and_nobody_else(given_: list[Tally[int]]) -> None:
    placed = {(peers, each.tally.key) for peers, scores in rank(given_).items() for each in scores}
    assert placed == {(each.peers, each.key) for each in given_ if each.posts}


@given(tallies(), st.integers(1, 4))
def test_one_tally_for_several_gives_the_places_that_one_for_each_would(given_: list[Tally[int]], several: int) -> None:
    each = [replace(tally, key=10 * tally.key + at) for tally in given_ for at in range(several)]
    apart = rank(each)
    for peers, scores in rank([replace(tally, number=several) for tally in given_]).items():
        found = {score.tally.key: (score.place, score.parts) for score in scores}
        assert found == {score.tally.key // 10: (score.place, score.parts) for score in apart[peers]}
        of = sum(tally.peers == peers for tally in each)
        chosen = {score.tally.key for score in proposed(scores, of)}
        assert chosen == {score.tally.key // 10 for score in proposed(apart[peers], of)}


@given(tallies())
def test_more_posts_never_give_fewer_points_for_posts(given_: list[Tally[int]]) -> None:
    for scores in rank(given_).values():
        same = {tuple(each.parts): each for each in scores}
        for one in scores:
            other = same[tuple(one.parts)]
            if one.tally.rate >= other.tally.rate:
                assert one.parts["posts"] >= other.parts["posts"]


@given(tallies())
def test_whoever_is_proposed_ties_with_nobody_who_is_not(given_: list[Tally[int]]) -> None:
    for scores in rank(given_).values():
        shown = proposed(scores, len(scores))
        left = scores[len(shown) :]
        assert not left or shown[-1].total > left[0].total


def test_posts_are_divided_by_the_size_of_a_unit() -> None:
    small, large = Tally(1, "commune", 10, 5), Tally(2, "commune", 30, 30)
    [first, second] = rank([large, small])["commune"]
    assert (first.tally.key, first.total, second.total) == (1, WHOLE, WHOLE // 2)
    assert small.rate == Fraction(2)


def test_equals_share_a_place_and_the_next_one_is_left_out() -> None:
    scores = rank([Tally(key, "commune", posts) for key, posts in ((1, 9), (2, 9), (3, 4))])["commune"]
    assert [each.place for each in scores] == [1, 1, 3]


def test_what_does_not_apply_leaves_its_points_to_the_rest() -> None:
    [score] = rank([Tally(1, "commune", 4, on_time=1, due=2)])["commune"]
    both = POINTS["posts"] + POINTS["on_time"]
    assert score.parts == {
        "posts": round(WHOLE * POINTS["posts"] / both),
        "on_time": round(WHOLE * POINTS["on_time"] / both / 2),
    }


def test_only_the_upper_half_is_proposed_with_all_who_tie_with_its_last() -> None:
    scores = rank([Tally(key, "commune", posts) for key, posts in enumerate((9, 8, 8, 8, 1, 1), 1)])["commune"]
    assert [each.tally.key for each in proposed(scores, 6)] == [1, 2, 3, 4]
    assert proposed([], 6) == []


def test_where_most_did_nothing_all_who_did_are_proposed() -> None:
    scores = rank([Tally(1, "commune", 9), Tally(2, "commune", 1)])["commune"]
    assert len(proposed(scores, 10)) == 2
