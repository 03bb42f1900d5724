"""Days and hours of a deadline, read as coordinators type them."""

from datetime import date

import pytest

from bot.actions.deadline_days import (
    coming_day,
    in_order,
    period_for,
    read_days,
    read_days_before,
    read_hour,
    read_step,
)
from bot.domain.deadlines import STEPS

TODAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("rhythm", "typed", "days"),
    [
        ("weekly", "Thứ sáu", ("FREQ=WEEKLY;BYDAY=FR",)),
        ("weekly", "friday", ("FREQ=WEEKLY;BYDAY=FR",)),
        ("weekly", "T6", ("FREQ=WEEKLY;BYDAY=FR",)),
        ("weekly", "CN", ("FREQ=WEEKLY;BYDAY=SU",)),
        ("weekly", "thứ 9", None),
        ("monthly", "ngày 10", ("FREQ=MONTHLY;BYMONTHDAY=10",)),
        ("monthly", "cuối tháng", ("FREQ=MONTHLY;BYMONTHDAY=-1",)),
        ("monthly", "29", None),
        ("monthly", "0", None),
        ("quarterly", "10", ("FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=10",)),
        ("yearly", "20/11", ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=20",)),
        ("yearly", "10/11 và 30/5", ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=10")),
        ("yearly", "29/2/2028", None),
        ("yearly", "31/4", None),
        ("once", "1/2/2027", None),
        ("once", "1/7/2027, 1/8/2027", ()),
    ],
)
def test_days_are_read_as_people_type_them(rhythm: str, typed: str, days: tuple[str, ...] | None) -> None:
    found = read_days(rhythm, typed, TODAY)  # type: ignore[arg-type]  # the table is of plain words
    assert (found.rrules if found else None) == days


@pytest.mark.parametrize(
    ("typed", "hour"),
    [("17:00", "17:00"), ("17h", "17:00"), ("7h30", "07:30"), ("17 giờ", "17:00"), ("24:00", None), ("sáng", None)],
)
def test_hours_are_read_as_people_type_them(typed: str, hour: str | None) -> None:
    found = read_hour(typed)
    assert (f"{found:%H:%M}" if found else None) == hour


@pytest.mark.parametrize(
    ("typed", "days"),
    [("5", 5), ("5 ngày", 5), ("3 days before", 3), ("0", 0), ("32", None), ("năm", None), ("-1", None)],
)
def test_a_cut_off_day_is_read_as_people_type_it(typed: str, days: int | None) -> None:
    assert read_days_before(typed) == days


@pytest.mark.parametrize(
    ("typed", "step"),
    [
        ("7 ngày trước", "before_7d"),
        ("1 day before", "before_1d"),
        ("4 giờ trước", "before_4h"),
        ("4h trước", "before_4h"),
        ("2 ngày sau", "after_2d"),
        ("12 hours after", "after_12h"),
        ("0 ngày trước", None),
        ("100 ngày trước", None),
        ("7 ngày", None),
        ("trước", None),
    ],
)
def test_a_reminder_is_read_as_people_type_it(typed: str, step: str | None) -> None:
    assert read_step(typed) == step


def test_reminders_stand_in_the_order_in_which_they_come_each_once() -> None:
    steps = ["after_1d", "day", "before_2h", "before_7d", "after_4h", "before_1d", "day"]
    assert in_order(steps) == ["before_7d", "before_1d", "day", "before_2h", "after_4h", "after_1d"]
    assert in_order(STEPS) == list(STEPS)


def test_a_day_without_a_year_is_the_next_one_of_that_name() -> None:
    assert coming_day("1/3", TODAY) == TODAY
    assert coming_day("28/2", TODAY) == date(2028, 2, 28)
    assert coming_day("28/2/2027", TODAY) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("typed", "period"), [("20/11", "yearly"), ("30/5, 10/11", "half_year"), ("1/2, 1/3", "yearly")]
)
def test_two_days_in_two_halves_of_the_year_make_half_years(typed: str, period: str) -> None:
    days = read_days("yearly", typed, TODAY)
    assert days
    assert period_for("yearly", days) == period
