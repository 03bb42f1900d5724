"""Periods for which people are commended."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.periods import Period, between, read_period, usual

DAYS = st.dates(date(2001, 1, 1), date(2098, 12, 31))


@pytest.mark.parametrize(
    ("code", "first", "last", "before"),
    [
        ("2027Q1", date(2027, 1, 1), date(2027, 3, 31), "2026Q4"),
        ("2027Q4", date(2027, 10, 1), date(2027, 12, 31), "2027Q3"),
        ("2027H1", date(2027, 1, 1), date(2027, 6, 30), "2026H2"),
        ("2027", date(2027, 1, 1), date(2027, 12, 31), "2026"),
    ],
)
def test_a_code_stands_for_its_days_and_knows_the_one_before(code: str, first: date, last: date, before: str) -> None:
    period = read_period(code)
    assert period
    assert (period.start, period.last, period.before.code) == (first, last, before)


@pytest.mark.parametrize("code", ["", "2027Q5", "2027H3", "1999", "2027Q", "739951-739951", "000000-000001", "x"])
def test_what_is_no_period_is_refused(code: str) -> None:
    assert read_period(code) is None


@given(DAYS, st.integers(0, 730))
def test_days_of_ones_own_come_back_and_follow_a_period_right_before(first: date, length: int) -> None:
    period = between(first, first + timedelta(days=length))
    assert read_period(period.code) == period
    assert period.before.end == period.start


def test_days_that_are_a_quarter_are_that_quarter() -> None:
    assert between(date(2027, 4, 1), date(2027, 6, 30)).code == "2027Q2"


@given(DAYS)
def test_today_is_in_the_periods_that_are_offered_first(today: date) -> None:
    offered = usual(today)
    assert all(period.start <= today < period.end for period in offered[::2])
    assert [period.before for period in offered[::2]] == offered[1::2]
    assert all(isinstance(each, Period) and read_period(each.code) == each for each in offered)
