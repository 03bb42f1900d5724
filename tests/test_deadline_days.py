"""Days and hours of a deadline, read as coordinators type them."""

from datetime import date

import pytest

from bot.actions.deadline_days import coming_day, period_for, read_days, read_hour

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
