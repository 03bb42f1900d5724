"""Nobody drowns the others out: who says too much is told once and then passed over until he was quiet for a while."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.flood import A_SECOND, HEARD_AGAIN, MOST_AT_ONCE, Flood, Verdict, decide, forgettable

NOW = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
PAUSES = st.lists(st.floats(0, 90), min_size=1, max_size=300)


def said(*pauses: float) -> list[Verdict]:
    """The verdicts about things that are said with so many seconds before each."""
    state, now, verdicts = None, NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        state, verdict = decide(state, now)
        verdicts.append(verdict)
    return verdicts


@pytest.mark.parametrize("number", [1, 40, 60])
def test_an_honest_batch_is_handled_whole(number: int) -> None:
    assert said(*[0.0] * number) == [Verdict.HANDLE] * number


def test_a_member_who_forwards_forty_posts_and_asks_about_each_is_handled() -> None:
    assert set(said(*[0.0] * 40, *[1.5] * 40)) == {Verdict.HANDLE}


def test_whoever_goes_on_is_told_once_and_then_passed_over() -> None:
    verdicts = said(*[0.0] * 100)
    assert verdicts[60:] == [Verdict.TELL_ONCE, *[Verdict.IGNORE] * 39]


def test_after_a_pause_he_is_heard_again_and_may_be_told_again() -> None:
    verdicts = said(*[0.0] * 62, HEARD_AGAIN, *[0.0] * 10)
    assert verdicts[62:] == [*[Verdict.HANDLE] * 10, Verdict.TELL_ONCE]


def test_a_steady_stream_at_the_rim_is_not_told_for_ever() -> None:
    assert said(*[0.0] * 60, *[0.5] * 600).count(Verdict.TELL_ONCE) <= 600 * 0.5 / HEARD_AGAIN


@given(PAUSES)
def test_no_more_is_handled_than_the_bucket_and_what_came_back(pauses: list[float]) -> None:
    assert said(*pauses).count(Verdict.HANDLE) <= MOST_AT_ONCE + sum(pauses[1:]) * A_SECOND + 0.01


@given(PAUSES)
def test_nothing_is_passed_over_before_the_person_was_told(pauses: list[float]) -> None:
    for before, verdict in pairwise([Verdict.HANDLE, *said(*pauses)]):
        assert verdict != Verdict.IGNORE or before in (Verdict.TELL_ONCE, Verdict.IGNORE)
        assert verdict != Verdict.TELL_ONCE or before == Verdict.HANDLE


@given(st.lists(st.floats(1.0, 1e6), max_size=200))
def test_whoever_takes_a_second_for_each_is_always_handled(pauses: list[float]) -> None:
    assert set(said(*pauses)) <= {Verdict.HANDLE}


@given(st.floats(0, MOST_AT_ONCE), st.floats(-1e6, 1e6), st.booleans())
def test_a_clock_that_goes_back_gives_nothing_and_takes_nothing_more(tokens: float, step: float, told: bool) -> None:
    after, _ = decide(Flood(tokens, NOW, told), NOW + timedelta(seconds=step))
    assert after.at >= NOW
    assert tokens - 1.0 <= after.tokens <= MOST_AT_ONCE
    assert after.tokens >= 0


@given(st.floats(0, MOST_AT_ONCE), st.floats(0, 200), st.booleans())
def test_what_may_be_forgotten_says_no_more_than_nothing(tokens: float, later: float, told: bool) -> None:
    state, now = Flood(tokens, NOW, told), NOW + timedelta(seconds=later)
    if forgettable(state, now):
        assert decide(state, now) == decide(None, now)
