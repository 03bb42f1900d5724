"""Telephone numbers as they stand in spreadsheets."""

import re
from decimal import Decimal, InvalidOperation

_BLANKS = re.compile(r"[\s.\-–()'\u200b]+")
_COUNTRY = re.compile(r"(?:\+|00)?84(?=\d{9,10}$)")
# Mobile numbers have ten digits since 2018; those of a place begin with 02 and have ten or eleven.
_VALID = re.compile(r"0[35789]\d{8}|02\d{8,9}")
_LOST_ZERO = re.compile(r"[35789]\d{8}|2\d{8,9}")
_NUMBER = re.compile(r"\d+\.0+|\d(?:[.,]\d+)?[eE]\+?\d{1,2}")


def read_phone(typed: str) -> str | None:
    """The number with its leading zero, “0912345678”; None if it is not one.

    Excel drops the zero and may write 912345678.0 or 9.12345678E8; people write +84, 84 and blanks.
    """
    text = typed.strip()
    if _NUMBER.fullmatch(text):
        text = _whole(text)
    digits = _COUNTRY.sub("0", _BLANKS.sub("", text))
    if digits.startswith("00"):
        digits = digits[1:]  # “+84 (0)912…”
    if _LOST_ZERO.fullmatch(digits):
        digits = "0" + digits
    return digits if _VALID.fullmatch(digits) else None


def _whole(text: str) -> str:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return text
    rounded = "e" in text.lower() and len(number.as_tuple().digits) < 7  # the rest was lost on the way
    return text if rounded or number != number.to_integral_value() else str(int(number))
