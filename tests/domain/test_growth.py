"""How a page grew since the year began."""

from datetime import date
from fractions import Fraction

import pytest

from bot.domain.growth import Growth, audience, growth

DECEMBER, JANUARY, MARCH, MAY = date(2026, 12, 1), date(2027, 1, 1), date(2027, 3, 1), date(2027, 5, 1)


def of(**followers: int) -> dict[date, dict[str, int | None]]:
    days = {"dec": DECEMBER, "jan": JANUARY, "mar": MARCH, "may": MAY}
    return {days[month]: {"followers": number} for month, number in followers.items()}


def test_a_year_begins_with_the_last_figure_before_it() -> None:
    assert growth(of(dec=1_000, jan=1_010, may=1_060), "followers", 2027) == Growth(  # type: ignore[arg-type]  # plain keys
        "followers", DECEMBER, 1_000, MAY, 1_060
    )


def test_without_one_it_begins_with_its_first() -> None:
    found = growth(of(jan=1_000, may=1_050), "followers", 2027)  # type: ignore[arg-type]  # plain keys
    assert found
    assert (found.base, found.percent, found.reaches(5), found.reaches(6)) == (1_000, Fraction(5), True, False)


@pytest.mark.parametrize("months", [{}, of(jan=1), of(dec=1)])
def test_one_month_is_no_growth(months: dict[date, dict[str, int | None]]) -> None:
    assert growth(months, "followers", 2027) is None  # type: ignore[arg-type]  # plain keys


def test_a_growth_that_falls_short_is_never_shown_as_the_target() -> None:
    almost = Growth("followers", DECEMBER, 100_000, MAY, 104_999)
    assert (almost.tenths, almost.reaches(5)) == (49, False)
    assert Growth("followers", DECEMBER, 1_000, MAY, 999).tenths == -1


def test_from_nobody_there_is_no_percentage() -> None:
    begun = Growth("members", DECEMBER, 0, MAY, 5)
    assert (begun.percent, begun.tenths, begun.reaches(5)) == (None, None, True)


def test_a_page_is_measured_by_its_followers_or_else_by_its_likes() -> None:
    months = {JANUARY: {"likes": 10, "followers": None}, MAY: {"likes": 12, "followers": 30}}
    found = audience("page", months, 2027)  # type: ignore[arg-type]  # plain keys
    assert found
    assert (found.field, found.more) == ("likes", 2)
