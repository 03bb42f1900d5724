"""Telephone numbers as spreadsheets have them."""

import pytest

from bot.domain.rosters.phones import read_phone

GOOD = {
    "0912345678": "0912345678",
    "912345678": "0912345678",
    "912345678.0": "0912345678",
    "9.12345678E8": "0912345678",
    "9.12345678e+08": "0912345678",
    "9,12345678E+08": "0912345678",
    "84912345678": "0912345678",
    "+84912345678": "0912345678",
    "+84 (0)912 345 678": "0912345678",
    "0084912345678": "0912345678",
    "0912.345.678": "0912345678",
    "0912-345-678": "0912345678",
    " 0912 345 678 ": "0912345678",
    "'0912345678": "0912345678",
    "0272 3826 123": "02723826123",
    "2723826123": "02723826123",
    "84": None,
    "0843123456": "0843123456",
    "843123456": "0843123456",
}
BAD = [
    "",
    "x",
    "12345",
    "01234567890",
    "9.12E+08",
    "0912345678/0987654321",
    "0112345678",
    "09123456789",
    "1e99",
    "NaN",
    "٠٩",
]


@pytest.mark.parametrize(("typed", "read"), GOOD.items())
def test_a_number_is_read_as_it_is_dialled_here(typed: str, read: str | None) -> None:
    assert read_phone(typed) == read


@pytest.mark.parametrize("typed", BAD)
def test_what_is_no_number_is_not_made_one(typed: str) -> None:
    assert read_phone(typed) is None
