from datetime import UTC, date, datetime

from bot.documents.member_list import Member, member_list_xlsx
from bot.documents.request_register import Entry, register_xlsx
from tests.documents.reading import HEAD, sheet_rows, workbook

BOB = Member(
    "Xã Tân Phú", "Bob", "Cán bộ", "", "Xã đội trưởng", "", "Quản trị đơn vị", "Đang tham gia", date(2027, 3, 1)
)
WICKED = Member("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "=x", "Thành viên", "Chưa nhận mã", None, "0912345678")
ASKED = Entry(
    7, datetime(2027, 3, 1, 9, tzinfo=UTC), "erasure", "", "", "", datetime(2027, 3, 3, 17, tzinfo=UTC), None, "", ""
)


def test_everybody_has_a_row_and_telephone_numbers_keep_their_nought() -> None:
    rows = sheet_rows(member_list_xlsx(HEAD, "huyện Đức Hòa", (BOB, WICKED), True), "Thành viên")
    assert rows[1][-1] == "Điện thoại"
    assert rows[2][:4] == [1, "Xã Tân Phú", "Bob", "Cán bộ"]
    assert rows[2][9] == "01/03/2027"
    assert rows[3][-1] == "0912345678"
    assert rows[4][1] == "Tổng cộng 2 người"


def test_without_the_right_to_them_there_is_no_column_of_numbers() -> None:
    rows = sheet_rows(member_list_xlsx(HEAD, "huyện Đức Hòa", (WICKED,), False), "Thành viên")
    assert "Điện thoại" not in rows[1]
    assert "0912345678" not in rows[2]


def test_what_looks_like_a_formula_stays_text() -> None:
    sheet = workbook(member_list_xlsx(HEAD, "=1+1", (WICKED,), True))["Thành viên"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert sheet["B3"].value == "=1+1"


def test_an_empty_list_says_so() -> None:
    rows = sheet_rows(member_list_xlsx(HEAD, "xã Tân Phú", (), False), "Thành viên")
    assert rows[-1][1] == "Tổng cộng 0 người"


def test_the_register_says_who_was_answered_in_time() -> None:
    in_time = Entry(8, ASKED.asked, "access", "Bob", "Xã", "=1", ASKED.due, ASKED.due, "Dung", "Có")
    late = Entry(9, ASKED.asked, "access", "Bob", "Xã", "", ASKED.due, datetime(2027, 3, 3, 17, 1, tzinfo=UTC), "", "")
    rows = sheet_rows(register_xlsx(HEAD, "tỉnh Long An", (ASKED, in_time, late)), "Yêu cầu dữ liệu")
    assert [row[8] for row in rows[2:5]] == [None, "Có", "Không"]
    assert rows[4][9] == "Người yêu cầu tự làm trong bot"
    assert rows[5][1] == "3 yêu cầu, 1 trả lời đúng hạn"
