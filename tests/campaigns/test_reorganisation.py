"""What became of old units: the table's successors, found by names as people write them."""

import csv
import unicodedata
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaigns import read_units, unit_path
from bot.campaigns.reorganisation import Successor, proposed_successors

TABLE = Path(__file__).parents[2] / "bot" / "campaigns" / "vn_units.tsv"
ROWS = list(csv.DictReader(TABLE.read_text("utf-8").splitlines(), delimiter="\t"))
UNITS = {unit.code: unit for unit in read_units("long_an")}
LONG_AN, TAY_NINH = "Tỉnh Long An", "Tỉnh Tây Ninh"
KIEN_TUONG = ("Xã Tuyên Thạnh", "Thị xã Kiến Tường")
LOC_NINH = ("Huyện Lộc Ninh", "Tỉnh Bình Phước")
TUYEN_THANH = Successor("Xã Tuyên Thạnh", "commune", TAY_NINH, "27817", main=True)


def path(commune: str, district: str, province: str = LONG_AN) -> list[tuple[str, str]]:
    return [("commune", commune), ("district", district), ("province", province)]


def names(commune: str, district: str, province: str = LONG_AN) -> list[str]:
    return [successor.name for successor in proposed_successors(path(commune, district, province))]


def test_a_commune_has_its_successor_in_the_new_province() -> None:
    assert proposed_successors(path(*KIEN_TUONG)) == (TUYEN_THANH,)


def test_a_province_has_its_successor() -> None:
    assert proposed_successors([("province", LONG_AN)]) == (Successor(TAY_NINH, "province", TAY_NINH, "80", main=True),)


def test_a_commune_that_was_divided_has_all_its_parts_the_main_one_first() -> None:
    found = proposed_successors(path("Xã Thái Bình Trung", "Huyện Vĩnh Hưng"))
    assert [(part.name, part.main) for part in found] == [
        ("Xã Vĩnh Hưng", True),
        ("Xã Khánh Hưng", False),
        ("Xã Tuyên Bình", False),
    ]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_names_are_found_in_any_unicode_form(form: Literal["NFC", "NFD", "NFKC", "NFKD"]) -> None:
    commune, district, province = (unicodedata.normalize(form, name) for _, name in path(*KIEN_TUONG))
    assert proposed_successors(path(commune, district, province)) == (TUYEN_THANH,)


@pytest.mark.parametrize(
    ("commune", "district"),
    [
        ("xã tuyên thạnh", "THỊ XÃ KIẾN TƯỜNG"),
        ("Xa Tuyen Thanh", "Thi xa Kien Tuong"),
        ("Xã Tuyen Thạnh ", "Thị xã  Kiến Tường"),
    ],
)
def test_case_spacing_and_missing_diacritics_do_not_hide_a_unit(commune: str, district: str) -> None:
    assert names(commune, district) == ["Xã Tuyên Thạnh"]


def test_the_tone_may_stand_on_either_vowel() -> None:
    assert names("Xã Hoà Khánh Nam", "Huyện Đức Hoà") == names("Xã Hòa Khánh Nam", "Huyện Đức Hòa") != []


def test_diacritics_decide_between_units_and_against_one_that_is_not_there() -> None:
    assert names("Xã Lộc Thạnh", *LOC_NINH) == ["Xã Lộc Thạnh"]
    assert names("Xã Lộc Thành", *LOC_NINH) == ["Xã Lộc Thành"]
    assert names("Xã Tân Thành", "Huyện Thủ Thừa") == ["Xã Thủ Thừa", "Xã Mỹ Thạnh"]
    assert names("Xã Tân Thạnh", "Huyện Thủ Thừa") == []


def test_a_plain_name_that_fits_two_units_is_not_guessed() -> None:
    assert names("Xa Loc Thanh", *LOC_NINH) == []
    assert names("Xa Tan Thanh", "Huyện Thủ Thừa") == ["Xã Thủ Thừa", "Xã Mỹ Thạnh"]


@pytest.mark.parametrize(
    "unknown",
    [
        [],
        [("district", "Thị xã Kiến Tường"), ("province", LONG_AN)],
        [("body", "Sở Nội vụ"), ("province", LONG_AN)],
        [("commune", "Xã Tuyên Thạnh")],
        [("commune", "Xã Tuyên Thạnh"), ("province", LONG_AN)],
        path("Xã Không Có", "Thị xã Kiến Tường"),
        path("Xã Tuyên Thạnh", "Huyện Không Có"),
        path("Xã Tuyên Thạnh", "Thị xã Kiến Tường", "Tỉnh Không Có"),
        path("Phường Tuyên Thạnh", "Thị xã Kiến Tường"),
    ],
)
def test_an_unknown_unit_has_no_successors(unknown: list[tuple[str, str]]) -> None:
    assert proposed_successors(unknown) == ()


def test_every_commune_of_long_an_finds_its_own_row() -> None:
    successors = {(row["era"], row["level"], row["code"]): row["successor_codes"] for row in ROWS}
    communes = [unit for unit in UNITS.values() if unit.type == "commune"]
    for unit in communes:
        found = proposed_successors(unit_path(UNITS, unit.code))
        assert " ".join(part.code for part in found) == successors["old", "commune", unit.code], unit
        assert {part.province for part in found} == {TAY_NINH}
    assert len(communes) == 186


def test_every_old_province_and_commune_of_the_table_has_successors_that_exist() -> None:
    new = {(row["level"], row["code"]): row for row in ROWS if row["era"] == "new"}
    for row in ROWS:
        if row["era"] == "old" and row["level"] != "district":
            assert row["successor_codes"], row
            assert all((row["level"], code) in new for code in row["successor_codes"].split()), row
    assert all(row["level"] == "province" or ("province", row["parent_code"]) in new for row in new.values())


@given(st.text(), st.text())
def test_no_name_raises(commune: str, district: str) -> None:
    assert proposed_successors(path(commune, district)) == ()
    assert proposed_successors(path(f"Xã Tuyên Thạnh{commune}", "Thị xã Kiến Tường")) in {(), (TUYEN_THANH,)}
