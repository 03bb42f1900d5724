"""The judge of the crash test sees what it is there to see."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.crash.check import Record, check
from tests.crash.script import AGAIN, LOGGED, OTHERS, Said

FIRST = Said("1", "link 1", LOGGED, "fb:1")
SECOND = Said("1", "link 2", LOGGED, "fb:2")
TAG_ASKED = Said("1", "/hashtag", OTHERS["/hashtag"])
FIRST_AGAIN = Said("1", "link 1", AGAIN, "fb:1")
SAID = (FIRST, SECOND, TAG_ASKED, FIRST_AGAIN)
ANSWERS = tuple(("1", said.answer.format(number=7 if said.key == "fb:1" else 8) + " …") for said in SAID)
GOOD = Record(said=SAID, posts=[("fb:1", 7), ("fb:2", 8)], rows=2, handled=4, answers=4, arrived=ANSWERS, in_flight=())


def arrived(*places: int) -> Record:
    return replace(GOOD, arrived=[ANSWERS[place] for place in places])


def test_a_good_record_has_no_fault() -> None:
    assert not check(GOOD).wrong


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        (replace(GOOD, posts=[("fb:1", 7)]), "lost"),
        (replace(GOOD, posts=[("fb:1", 7), ("fb:2", 8), ("fb:2", 9)]), "logged_twice"),
        (replace(GOOD, rows=3), "handled_twice"),
        (replace(GOOD, answers=5), "handled_twice"),
        (replace(GOOD, handled=3), "not_handled"),
        (replace(GOOD, posts=[("fb:1", 8), ("fb:2", 7)]), "out_of_order"),
        (arrived(0, 2, 1, 3), "out_of_order"),
        (arrived(0, 1, 3), "unanswered"),
        (arrived(0, 1, 2, 3, 0), "unasked"),
        (arrived(0, 1, 1, 2, 3), "repeated_without_reason"),
        (replace(GOOD, lost_on_the_way=2, may_get_lost=1), "lost_without_reason"),
    ],
)
def test_every_fault_is_seen(record: Record, fault: str) -> None:
    assert fault in check(record).wrong


def test_an_answer_in_flight_at_a_kill_may_come_twice_but_not_three_times() -> None:
    twice, thrice = arrived(0, 1, 1, 2, 3), arrived(0, 1, 1, 1, 2, 3)
    in_flight: Sequence[tuple[str, str]] = [ANSWERS[1]]
    assert not check(replace(twice, in_flight=in_flight)).wrong
    assert check(replace(twice, in_flight=in_flight)).answered_twice == 1
    assert check(replace(thrice, in_flight=in_flight)).wrong == {"repeated_without_reason": 1}


def test_what_a_messenger_lost_with_a_killed_process_is_counted_apart() -> None:
    figures = check(replace(GOOD, lost_on_the_way=2, may_get_lost=2))
    assert (figures.lost_on_the_way, figures.wrong) == (2, {})
