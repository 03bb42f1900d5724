"""Which unit a cell means."""

import pytest

from bot.domain.rosters.units import Found, NotFound, UnitBook
from tests.rosters.ground import (
    HOA_BINH,
    KIEN_TUONG,
    MOC_HOA,
    PROVINCE,
    SCHOOL,
    THANH_A,
    THANH_B,
    TUYEN_THANH,
    UNITS,
)

BOOK = UnitBook(UNITS, [each.id for each in UNITS])
A, B = "Xã Tân Thành (Thị xã Kiến Tường)", "Xã Tân Thành (Huyện Mộc Hóa)"

MEANT = {
    ("Xã Tuyên Thạnh", "", ""): TUYEN_THANH,
    ("XÃ TUYÊN THẠNH", "", ""): TUYEN_THANH,
    ("xa tuyen thanh", "", ""): TUYEN_THANH,
    ("Tuyên Thạnh", "", ""): TUYEN_THANH,
    ("tuyen thanh", "", ""): TUYEN_THANH,
    ("Ban CHQS xã Tuyên Thạnh", "", ""): TUYEN_THANH,
    ("Ban chỉ huy quân sự xã Tuyên Thạnh", "", ""): TUYEN_THANH,
    ("Xã Tân Thành, Thị xã Kiến Tường", "", ""): THANH_A,
    ("Tân Thành - Mộc Hóa", "", ""): THANH_B,
    ("Xã Tân Thành", "", "Huyện Mộc Hóa"): THANH_B,
    ("Xã Tân Thành", "", "kien tuong"): THANH_A,
    ("Xã Tân Thành, Mộc Hóa, Long An", "", ""): THANH_B,
    ("Xã Hoà Bình", "", ""): HOA_BINH,  # the tone on the other vowel
    ("Tỉnh Long An", "", ""): PROVINCE,
    ("Kiến Tường", "", ""): KIEN_TUONG,
    ("Huyện Mộc Hoá", "", ""): MOC_HOA,
    ("Trường THPT Nguyễn Hữu Thọ - cơ sở 2", "", ""): SCHOOL,
    ("Trường Trung học phổ thông Nguyễn Hữu Thọ - cơ sở 2", "", ""): SCHOOL,
    ("truong trung hoc pho thong nguyen huu tho - co so 2", "", ""): SCHOOL,
    ("X. Tuyên Thạnh", "", ""): TUYEN_THANH,
    ("x.tuyen thanh", "", ""): TUYEN_THANH,
    ("BCHQS X. Tuyên Thạnh", "", ""): TUYEN_THANH,
    ("TX Kiến Tường", "", ""): KIEN_TUONG,
    ("TX.Kiến Tường", "", ""): KIEN_TUONG,
    ("H. Mộc Hóa", "", ""): MOC_HOA,
    ("", "27790", ""): TUYEN_THANH,
    ("", "12", ""): THANH_A,  # a number, whose zeros are gone
    ("Xã Tân Thành", "00012", ""): THANH_A,
    ("Xã tên cũ", "27790", ""): TUYEN_THANH,  # the code is sure
}
NOT_MEANT = {
    ("Xã Tân Thành", "", ""): NotFound("unit_several", (A, B)),
    ("Tân Thành", "", ""): NotFound("unit_several", (A, B)),
    ("Xã Tuyên Thanh", "", ""): NotFound("unit_unknown", ("Xã Tuyên Thạnh (Thị xã Kiến Tường)",)),
    ("Xã Tuyen Thạn", "", ""): NotFound("unit_unknown", ("Xã Tuyên Thạnh (Thị xã Kiến Tường)",)),
    ("Phường Tuyên Thạnh", "", ""): NotFound("unit_unknown"),
    ("P. Tuyên Thạnh", "", ""): NotFound("unit_unknown", ("Xã Tuyên Thạnh (Thị xã Kiến Tường)",)),
    ("TT Tuyên Thạnh", "", ""): NotFound("unit_unknown", ("Xã Tuyên Thạnh (Thị xã Kiến Tường)",)),
    ("Xã Tuyên Thạnh, Huyện Mộc Hóa", "", ""): NotFound("unit_unknown", ("Xã Tuyên Thạnh (Thị xã Kiến Tường)",)),
    ("Trung đội cơ động", "", ""): NotFound("unit_unknown"),
    (",", "", ""): NotFound("unit_unknown"),
    ("", "99", ""): NotFound("code_unknown"),
    ("Xã Hòa Bình", "27790", ""): NotFound("code_differs", ("Xã Tuyên Thạnh (Thị xã Kiến Tường)",)),
}


@pytest.mark.parametrize(("said", "unit"), MEANT.items())
def test_a_unit_is_found_as_people_write_it(said: tuple[str, str, str], unit: int) -> None:
    found = BOOK.find(*said)
    assert isinstance(found, Found), found
    assert found.unit.id == unit


@pytest.mark.parametrize(("said", "answer"), NOT_MEANT.items())
def test_what_may_mean_another_unit_is_asked_about(said: tuple[str, str, str], answer: NotFound) -> None:
    assert BOOK.find(*said) == answer


def test_units_outside_are_not_found_and_not_suggested() -> None:
    book = UnitBook(UNITS, [TUYEN_THANH])
    assert book.find("Xã Hòa Bình") == NotFound("unit_unknown")
    assert book.find("", "27821") == NotFound("code_unknown")


def test_one_written_otherwise_than_its_name_is_a_guess_that_is_told() -> None:
    assert BOOK.find("Xã Tuyên Thạnh") == Found(UNITS[3])
    assert BOOK.find("tuyen thanh") == Found(UNITS[3], guessed=True)


def test_a_sheet_full_of_unknown_units_is_not_searched_without_end() -> None:
    book = UnitBook(UNITS, [each.id for each in UNITS])
    answers = [book.find(f"Xã Tuyên Thanh {number}") for number in range(400)]
    assert answers[-1] == NotFound("unit_unknown")
