"""How long a broadcast takes on each messenger, and whether its quota is enough. Pure."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.broadcast_pace import Fit, Part, lasts
from bot.domain.quota import Quota, Usage

COUNTS = st.integers(0, 100_000)


@pytest.mark.parametrize(
    ("messages", "today", "month", "fit", "at_once"),
    [
        (10, None, None, Fit.ENOUGH, 10),
        (10, 10, 10, Fit.ENOUGH, 10),
        (10, 9, None, Fit.ANOTHER_DAY, 9),
        (10, 9, 9, Fit.ANOTHER_MONTH, 9),
        (10, None, 0, Fit.ANOTHER_MONTH, 0),
        (10, 0, 5000, Fit.ANOTHER_DAY, 0),
    ],
)
def test_what_the_quota_leaves_decides_when_the_rest_goes(
    messages: int, today: int | None, month: int | None, fit: Fit, at_once: int
) -> None:
    part = Part("zalo", 5, messages, today, month)
    assert (part.fit, part.at_once) == (fit, at_once)


def test_the_slower_messenger_decides_how_long_it_takes() -> None:
    telegram, zalo = Part("telegram", 18_426, 18_426, None, None), Part("zalo", 50, 100, None, None)
    assert lasts([telegram]).total_seconds() == 633
    assert lasts([zalo]).total_seconds() == 20
    assert lasts([telegram, zalo]) == lasts([telegram])
    assert lasts([]).total_seconds() == 0


@given(COUNTS.filter(bool), COUNTS)
def test_what_is_left_of_a_quota_is_what_can_be_sent_before_it_is_kept_for_answers(limit: int, used: int) -> None:
    quota = Quota(limit, None, ZoneInfo("Asia/Ho_Chi_Minh"))
    left = Usage(quota, today=used).left_today
    assert left is not None
    assert Usage(quota, today=used + left).is_tight
    assert left == 0 or not Usage(quota, today=used + left - 1).is_tight


def test_nothing_is_left_of_a_day_on_which_the_messenger_refused() -> None:
    quota = Quota(100, None, ZoneInfo("Asia/Ho_Chi_Minh"))
    assert (Usage(quota, refused=True).left_today, Usage(quota).left_this_month) == (0, None)
