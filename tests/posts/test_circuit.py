"""When a failing host is left alone, and for how long."""

from hypothesis import given
from hypothesis import strategies as st

from bot.posts.circuit import FAILURES, LONGEST, SHORTEST, TRY, Circuit


def failing(times: int, now: float = 0.0) -> Circuit:
    circuit = Circuit()
    for _ in range(times):
        circuit = circuit.failed(now)
    return circuit


def test_a_few_failures_keep_nobody_out() -> None:
    assert failing(FAILURES - 1).wait(0.0) == 0


def test_failures_in_a_row_keep_all_out_for_a_minute() -> None:
    assert failing(FAILURES).wait(0.0) == SHORTEST
    assert failing(FAILURES).wait(SHORTEST) == 0


def test_an_answer_in_between_begins_the_count_anew() -> None:
    circuit = failing(FAILURES - 1).succeeded()
    assert circuit.failed(0.0).wait(0.0) == 0


def test_after_the_pause_one_may_try_and_the_others_wait() -> None:
    circuit = failing(FAILURES).begin(SHORTEST)
    assert circuit.wait(SHORTEST) == TRY


def test_a_failed_try_doubles_the_pause() -> None:
    circuit = failing(FAILURES).begin(SHORTEST).failed(SHORTEST)
    assert circuit.wait(SHORTEST) == 2 * SHORTEST


def test_a_try_that_is_answered_lets_all_pass_again() -> None:
    assert failing(FAILURES).begin(SHORTEST).succeeded() == Circuit()


def test_a_request_to_a_healthy_host_keeps_nobody_out() -> None:
    assert failing(1).begin(0.0).wait(0.0) == 0


def test_a_host_that_asks_for_silence_gets_it_at_once() -> None:
    assert Circuit().failed(10.0, silence=7.0).wait(10.0) == 7.0


@given(st.integers(0, 5_000), st.floats(0, 1e9))
def test_no_number_of_failures_keeps_a_host_away_for_more_than_an_hour(failures: int, now: float) -> None:
    assert Circuit(failures, 0.0).failed(now).wait(now) <= LONGEST + 1
