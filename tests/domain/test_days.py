"""Days as people type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.days import EARLIEST, LATEST, read_day

TODAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    "typed", ["1/7/2027", "01-07-2027", "1.7.27", "1/7", " ngày 1/7/2027 ", "Ngày 01 / 07 / 2027", "１/７"]
)
def test_the_day_stands_before_the_month_and_the_year_may_be_left_out(typed: str) -> None:
    assert read_day(typed, TODAY) == date(2027, 7, 1)


@pytest.mark.parametrize(
    "typed", ["", "31/2", "7/13", "29/2/2027", "1/1/1999", "1/1/2101", "hôm nay", "1/7/20277", "17"]
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    assert read_day(typed, TODAY) is None


@given(st.dates(date(EARLIEST, 1, 1), date(LATEST, 12, 31)))
def test_a_written_day_is_read_as_it_is(day: date) -> None:
    assert read_day(f"{day.day}/{day.month}/{day.year}", TODAY) == day


@given(st.text())
def test_whatever_is_typed_nothing_breaks(typed: str) -> None:
    read_day(typed, TODAY)
