"""Moments as people type them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.moments import read_moment

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("14:00", (3, 1, 14, 0)),
        ("14h", (3, 1, 14, 0)),
        ("14h30", (3, 1, 14, 30)),
        ("8 giờ", (3, 2, 8, 0)),
        ("08:00 25/12", (12, 25, 8, 0)),
        ("25/12 8:00", (12, 25, 8, 0)),
        ("25/12/2027, 8h05", (12, 25, 8, 5)),
        ("ngày 2/3 7:00", (3, 2, 7, 0)),
        ("1/3 8:00", (3, 1, 8, 0)),
    ],
)
def test_an_hour_with_or_without_a_day_is_read(typed: str, read: tuple[int, int, int, int]) -> None:
    month, day, hour, minute = read
    assert read_moment(typed, NOW) == datetime(2027, month, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize("typed", ["", "chiều mai", "25:00", "8:75", "8:00 31/2", "8:00 mai", "25/12"])
def test_what_is_no_moment_is_none(typed: str) -> None:
    assert read_moment(typed, NOW) is None


@given(st.text(max_size=30))
def test_nothing_typed_makes_reading_fail(typed: str) -> None:
    read_moment(typed, NOW)
