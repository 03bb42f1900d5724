"""A taste of `python -m tests.fuzz`, so that it cannot rot unseen."""

import pytest

from tests.fuzz.rounds import Tally, fuzz
from tests.fuzz.targets import TARGETS, Target


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_some_hostile_inputs_break_no_law(target: Target) -> None:
    tally = Tally()
    fuzz(target, 30, 1, tally)
    assert tally.seen >= 30
