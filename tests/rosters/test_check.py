"""The dry run over rows: every fault of a row at once, and what is no fault."""

import pytest

from bot.domain.rosters.check import Outcome
from bot.domain.rosters.meeting import Entry
from bot.domain.rosters.table import Unreadable
from bot.domain.rosters.values import Kinds
from tests.rosters.ground import ADMIN, KINDS, NO_FALLBACK, THANH_B, TUYEN_THANH, checked, codes, notes

HEAD = (
    "STT",
    "HỌ VÀ TÊN",
    "ĐƠN VỊ",
    "LOẠI THÀNH VIÊN",
    "CẤP BẬC",
    "CHỨC VỤ",
    "TÊN FACEBOOK",
    "SỐ ĐIỆN THOẠI",
    "MÃ ĐƠN VỊ",
)
T = "Xã Tuyên Thạnh"
UNIT_HEAD = ("HỌ VÀ TÊN", "ĐƠN VỊ", "LOẠI ĐƠN VỊ", "THUỘC ĐƠN VỊ", "NGÀY LẬP ĐƠN VỊ")

# What a row says → all its faults.
FAULTS: dict[tuple[str, ...], list[str]] = {
    ("1", "", T): ["name_missing"],
    ("1", "Nguyễn Văn 2", T): ["name_bad"],
    ("1", "https://fb.com/x", T): ["name_bad"],
    ("1", "A", T): ["name_bad"],
    ("1", "N" * 101 + " A", T): ["name_bad"],
    ("1", "NguyÔn V¨n A", T): ["old_font"],
    ("1", "Nguyeãn Vaên A", T): ["old_font"],
    ("1", "=B2&C2", T): ["formula"],
    ("1", "#REF!", T): ["formula"],
    ("1", "Lê Văn Cường", "#N/A"): ["formula"],
    ("1", "Lê Văn Cường", ""): ["unit_missing"],
    ("1", "Lê Văn Cường", "Xã Nơi Khác"): ["unit_unknown"],
    ("1", "Lê Văn Cường", "Xã Tân Thành"): ["unit_several"],
    ("1", "Lê Văn Cường", T, "", "", "", "", "", "99999"): ["code_unknown"],
    ("1", "Lê Văn Cường", T, "", "", "", "", "", "27821"): ["code_differs"],
    ("1", "Lê Văn Cường", T, "Sĩ quan"): ["kind_unknown"],
    ("1", "Lê Văn Cường", T, "", "x" * 61): ["too_long"],
    ("1", "Lê Văn Cường", T, "", "", "x" * 61, "y" * 61): ["too_long", "too_long"],
    ("1", "Lê Văn Cường", T, "", "", "", "", "123"): ["phone_bad"],
    ("1", "Lê Văn Cường", T, "", "", "", "", "9.1E+08"): ["phone_bad"],
    ("1", "", "Xã Nơi Khác", "Sĩ quan", "x" * 61, "", "", "12"): [
        *("name_missing", "too_long", "kind_unknown", "phone_bad", "unit_unknown")
    ],
}


@pytest.mark.parametrize(("row", "faults"), FAULTS.items())
def test_all_faults_of_a_row_are_told_at_once(row: tuple[str, ...], faults: list[str]) -> None:
    [line] = checked(HEAD, row).lines
    assert sorted(codes(line)) == sorted(faults)
    assert line.outcome is Outcome.FAULTY


def test_a_person_who_is_not_there_is_new_with_a_tidy_name() -> None:
    [line] = checked(HEAD, ("1", "  NGUYỄN   VĂN AN ", T, "cán bộ", "Thiếu úy", "-", "", "912345678")).lines
    assert line.entry == Entry("Nguyễn Văn An", "can_bo", "Thiếu úy", None, None, "0912345678")
    assert (line.outcome, line.unit) == (Outcome.NEW, TUYEN_THANH)


@pytest.mark.parametrize(
    ("row", "outcome", "told"),
    [
        (("1", "Lê Văn An", T), Outcome.SAME, []),
        (("1", "lê văn an", T, "", "", "", "", "0912345678"), Outcome.SAME, []),
        (("1", "Lê Văn An", T, "Cán bộ"), Outcome.CHANGED, ["changes"]),
        (("1", "Lê Văn An", T, "", "Hạ sĩ"), Outcome.CHANGED, ["changes"]),
        (("1", "Lê Văn An", T, "", "", "", "", "0999999999"), Outcome.NEW, []),  # a namesake
        (("1", "Lê Văn Ân", T), Outcome.NEW, []),  # another name
        (("1", "Lê Văn An", "Xã Hòa Bình"), Outcome.NEW, []),  # another unit
        (("1", "Trần Thị Bình", T, "", "", "", "Tên khác"), Outcome.SAME, ["kept"]),
        (("1", "Trần Thị Bình", T, "", "Trung úy", "", "Tên khác"), Outcome.CHANGED, ["changes", "kept"]),
        (("1", "Trần Thị Bình", T, "", "", "", "", "0912345678"), Outcome.CHANGED, ["changes"]),
    ],
)
def test_a_person_who_is_there_is_recognised(row: tuple[str, ...], outcome: Outcome, told: list[str]) -> None:
    [line] = checked(HEAD, row).lines
    assert (line.outcome, notes(line), codes(line)) == (outcome, told, [])


def test_a_person_twice_in_a_sheet_is_told_with_the_other_row() -> None:
    rows = [("1", "Lê Văn Cường", T), ("2", "LÊ VĂN CƯỜNG", "tuyen thanh"), ("3", "Lê Văn Cường", "Xã Hòa Bình")]
    first, second, third = checked(HEAD, *rows).lines
    assert ([each.values for each in second.faults], codes(first), codes(third)) == ([("2",)], [], [])


def test_namesakes_with_two_numbers_are_two_people_and_one_without_is_in_doubt() -> None:
    rows = [("1", "Lê Văn C", T, *[""] * 4, f"091234567{last}") for last in range(2)]
    lines = checked(HEAD, *rows, ("3", "Lê Văn C", T)).lines
    assert [codes(each) for each in lines] == [[], [], ["twin"]]


def test_a_kind_comes_from_its_column_or_from_the_position_or_from_the_sender() -> None:
    rows = [("1", "Lê Văn C", T, "soldier"), ("2", "Lê Văn D", T, "", "", "CÁN BỘ"), ("3", "Lê Văn E", T)]
    found = checked(HEAD, *rows, ground=NO_FALLBACK)
    assert [each.entry and each.entry.kind for each in found.lines] == ["chien_si", "can_bo", None]
    assert (codes(found.lines[2]), found.kindless) == (["kind_missing"], 1)


def test_in_an_admins_only_unit_the_unit_may_be_left_out() -> None:
    [line] = checked(HEAD, ("1", "Lê Văn C", ""), ground=ADMIN).lines
    assert line.unit == TUYEN_THANH


def test_an_admin_reaches_no_unit_outside_his_own_and_adds_none() -> None:
    rows = [("Lê Văn C", "Xã Hòa Bình", "", "", ""), ("Lê Văn D", "Xã Mới", "xã", "Thị xã Kiến Tường", "")]
    found = checked(UNIT_HEAD, *rows, ground=ADMIN)
    assert [codes(each) for each in found.lines] == [["unit_unknown"], ["unit_unknown"]]
    assert not found.units


def test_a_coordinators_sheet_may_ask_for_units_once_each() -> None:
    rows = [
        ("Lê Văn C", "Xã Mới", "xã", "Thị xã Kiến Tường", "1/7/2026"),
        ("Lê Văn D", "xã mới", "Xã, phường, thị trấn", "kien tuong", ""),
        ("", "Xã Mới Nữa", "commune", "Huyện Mộc Hóa", "46204"),
        ("Lê Văn E", "Xã Tân Thành", "", "Huyện Mộc Hóa", ""),
    ]
    found = checked(UNIT_HEAD, *rows)
    assert [codes(each) for each in found.lines] == [[], [], [], []]
    assert [(each.name, each.type, str(each.opened_on)) for each in found.units] == [
        ("Xã Mới", "commune", "2026-07-01"),
        ("Xã Mới Nữa", "commune", "2026-07-01"),
    ]
    assert (found.waiting, found.count(Outcome.NEW), found.lines[3].unit) == (2, 1, THANH_B)


@pytest.mark.parametrize(
    ("row", "faults"),
    [
        (("Lê Văn C", "Xã Mới", "làng", "Thị xã Kiến Tường", ""), ["type_unknown"]),
        (("Lê Văn C", "Xã Mới", "xã", "Huyện Nào Đó", ""), ["parent_unknown"]),
        (("Lê Văn C", "Xã Mới", "xã", "", ""), ["parent_unknown"]),
        (("Lê Văn C", "Xã Mới", "xã", "Huyện Mộc Hóa", "31/2/2027"), ["date_bad"]),
        (("Lê Văn C", "Xã Mới", "xã", "Huyện Mộc Hóa", "7/13/2027"), ["date_bad"]),
        (("Lê Văn C", "Xã " + "x" * 90, "xã", "Huyện Mộc Hóa", ""), ["too_long"]),
        (("", "Xã Mới", "làng", "", "hôm qua"), ["date_bad", "parent_unknown", "type_unknown"]),
    ],
)
def test_a_new_unit_needs_its_type_its_place_and_a_day_that_is_one(row: tuple[str, ...], faults: list[str]) -> None:
    [line] = checked(UNIT_HEAD, row).lines
    assert sorted(codes(line)) == faults


def test_a_new_unit_whose_name_is_near_anothers_is_pointed_out() -> None:
    [line] = checked(UNIT_HEAD, ("Lê Văn C", "Xã Hòa Bìn", "xã", "Huyện Mộc Hóa", "")).lines
    assert notes(line) == ["unit_new", "unit_near"]


@pytest.mark.parametrize(
    "heading",
    ["Họ và tên", "HỌ TÊN", "họ & tên", "Họ và tên (ghi chữ in hoa)", " Họ  và\ntên *", "Full name", "Ho va ten"],
)
def test_headings_are_known_however_they_are_typed(heading: str) -> None:
    [line] = checked(("TT", heading, "Địa phương, đơn vị"), ("1", "Lê Văn C", T)).lines
    assert line.outcome is Outcome.NEW


@pytest.mark.parametrize("above", [0, 1, 9, 30])
def test_the_header_may_stand_some_rows_down(above: int) -> None:
    [line] = checked(*[("Danh sách thành viên",)] * above, HEAD, ("1", "Lê Văn C", T)).lines
    assert line.number == above + 2


def test_a_name_in_two_columns_is_put_together() -> None:
    [line] = checked(("STT", "Họ đệm", "Tên", "Đơn vị"), ("1", "Nguyễn Văn", "An", T)).lines
    assert line.entry
    assert line.entry.name == "Nguyễn Văn An"


def test_numbering_totals_and_a_second_header_are_passed_over() -> None:
    rows = [("(1)", "(2)", "(3)"), ("1", "Lê Văn C", T), HEAD, ("2", "Lê Văn D", T), ("Tổng cộng: 2 người",)]
    assert [each.number for each in checked(HEAD, *rows).lines] == [3, 5]


def test_signatures_are_no_people() -> None:
    end = [("Người lập biểu", "Thủ trưởng đơn vị"), ("(Ký)", "(Ký, đóng dấu)"), ("", "Trần Văn Ký")]
    assert len(checked(HEAD, ("1", "Lê Văn C", T), *end).lines) == 1


@pytest.mark.parametrize(
    ("rows", "fault"),
    [((), "empty"), ((HEAD,), "empty"), ((("a", "b"), ("c", "d")), "no_header"), ((("STT", "ĐƠN VỊ"),), "no_header")],
)
def test_a_sheet_without_header_or_people_is_refused(rows: tuple[tuple[str, ...], ...], fault: str) -> None:
    with pytest.raises(Unreadable) as refused:
        checked(*rows)
    assert refused.value.fault == fault


SCHOOL_KINDS = Kinds((("giao_duc", "Cán bộ quản lý, giáo viên", "School manager, teacher"), *KINDS))


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("Chiến sĩ", "chien_si"),
        ("CHIẾN SỸ", "chien_si"),
        ("chien sy", "chien_si"),
        ("soldier", "chien_si"),
        ("Giáo viên", "giao_duc"),
        ("cán bộ quản lí", "giao_duc"),
        ("Cán bộ", "can_bo"),
        ("Cán", None),
        ("viên", None),
        ("", None),
    ],
)
def test_a_kind_is_known_by_its_name_or_by_a_name_that_stands_in_it(typed: str, kind: str | None) -> None:
    assert SCHOOL_KINDS.read(typed) == kind


def test_a_name_that_stands_in_two_kinds_is_neither() -> None:
    kinds = Kinds((("a", "Giáo viên, nhân viên", "A"), ("b", "Học sinh, nhân viên", "B")))
    assert kinds.read("nhân viên") is None
    assert kinds.read("học sinh") == "b"
