from datetime import date

from bot.documents.completeness import Completeness, Filing, completeness_xlsx
from tests.documents.reading import HEAD, sheet_rows, workbook

FILINGS = (
    Filing("Xã Tân Phú", "xã, phường", "Báo cáo tuần", 5, on_time=3, late=1, excused=1),
    Filing("Xã Tân Phú", "xã, phường", "Báo cáo tháng", 1, on_time=1),
    Filing("Phòng Nội vụ", "cơ quan", "Báo cáo tuần", 5, late=2),
    Filing("=1+1", "xã, phường", "Báo cáo tuần", 4, on_time=4),
)
TABLE = Completeness(HEAD, "huyện Đức Hòa", date(2026, 1, 1), date(2026, 2, 5), FILINGS)
COUNTS = ["Phải nộp", "Đã nộp", "Đúng hạn", "Trễ hạn", "Được miễn", "Chưa nộp"]


def test_the_first_sheet_adds_up_each_type_and_duty() -> None:
    assert sheet_rows(completeness_xlsx(TABLE), "Theo loại đơn vị")[1:] == [
        ["STT", "Loại đơn vị", "Loại báo cáo", *COUNTS],
        [1, "xã, phường", "Báo cáo tuần", 9, 8, 7, 1, 1, 0],
        [2, "xã, phường", "Báo cáo tháng", 1, 1, 1, 0, 0, 0],
        [3, "cơ quan", "Báo cáo tuần", 5, 2, 0, 2, 0, 3],
        [None, "Tổng cộng", None, 15, 11, 8, 3, 1, 3],
    ]


def test_the_second_sheet_has_each_unit_and_the_same_totals() -> None:
    rows = sheet_rows(completeness_xlsx(TABLE), "Theo đơn vị")
    assert rows[2] == [1, "Xã Tân Phú", "xã, phường", "Báo cáo tuần", 5, 4, 3, 1, 1, 0]
    assert [row[4:] for row in rows[2:-1]] == [
        [f.expected, f.filed, f.on_time, f.late, f.excused, f.missing] for f in FILINGS
    ]
    assert rows[-1] == [None, "Tổng cộng", None, None, 15, 11, 8, 3, 1, 3]


def test_the_sheets_can_be_filtered_without_the_totals_and_printed() -> None:
    sheet = workbook(completeness_xlsx(TABLE))["Theo đơn vị"]
    assert sheet.auto_filter.ref == "A2:J6"
    assert sheet.freeze_panes == "A3"
    assert sheet.print_title_rows == "$2:$2"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet["B6"].data_type == "s"


def test_a_table_without_any_report_has_totals_of_nought() -> None:
    nothing = Completeness(HEAD, "xã Tân Phú", date(2026, 1, 1), date(2026, 2, 5), ())
    assert sheet_rows(completeness_xlsx(nothing), "Theo loại đơn vị")[-1] == [None, "Tổng cộng", None, *[0] * 6]
