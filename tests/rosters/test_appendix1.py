"""Appendix 1 is read back: as the bot prints it, and as an office types it."""

from datetime import date

from bot.documents.appendix1 import Appendix1, Person, appendix1_xlsx
from bot.documents.forms import Letterhead
from bot.documents.roster_sheet_reading import read_table
from bot.domain.rosters.check import Outcome, check
from bot.domain.rosters.meeting import Entry
from tests.rosters.ground import ADMIN, COORDINATOR, THANH_B, TUYEN_THANH, codes, notes
from tests.rosters.sheets import workbook

T = "Xã Tuyên Thạnh"
TITLE = "MẪU BÁO CÁO DANH SÁCH THÀNH VIÊN THAM GIA VIẾT TIN, BÀI TRÊN TRANG, NHÓM FACEBOOK CỦA BAN CHQS XÃ TUYÊN THẠNH"


def test_what_the_bot_prints_comes_back_without_a_fault() -> None:
    administrators = (
        Person("Nguyễn Thị Lan", "Trung úy", "Trưởng ban", T, "Lan Nguyễn"),
        Person("Phạm Văn Đức", unit=T),
    )
    people = tuple(Person(f"Lê Văn {letter}", "", "Chiến sĩ", "Xã Hòa Bình", "=x") for letter in "CDE")
    head = Letterhead("Ban CHQS thị xã Kiến Tường", date(2027, 3, 1), superior="Bộ CHQS tỉnh Long An", place="Long An")
    content = appendix1_xlsx(Appendix1(head, "Ban CHQS thị xã Kiến Tường", administrators, people))
    found = check(read_table(content), COORDINATOR).lines
    assert [codes(each) for each in found[:2]] == [[], []]
    assert [(each.entry and each.entry.name, each.unit, notes(each)) for each in found[:2]] == [
        ("Nguyễn Thị Lan", TUYEN_THANH, ["administrator"]),
        ("Phạm Văn Đức", TUYEN_THANH, ["administrator"]),
    ]
    assert [each.entry and each.entry.name for each in found[2:]] == ["Lê Văn C", "Lê Văn D", "Lê Văn E"]


def test_a_form_with_nobody_in_a_section_comes_back() -> None:
    head = Letterhead("Xã Tuyên Thạnh", date(2027, 3, 1), place="Long An")
    content = appendix1_xlsx(Appendix1(head, T, (), (Person("Lê Văn C", position="Chiến sĩ", unit=T),)))
    [line] = check(read_table(content), ADMIN).lines
    assert (line.outcome, line.entry) == (Outcome.NEW, Entry("Lê Văn C", "chien_si", position="Chiến sĩ"))


def test_an_office_types_it_with_letterhead_sections_totals_and_signatures() -> None:
    content = workbook(
        ("BỘ CHQS TỈNH LONG AN", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("BAN CHQS XÃ TUYÊN THẠNH", None, None, "Độc lập - Tự do - Hạnh phúc"),
        ("Số: 12/BC-BCH", None, None, "Tuyên Thạnh, ngày 10 tháng 01 năm 2022"),
        (),
        ("Phụ lục 1",),
        (TITLE,),
        ("(Kèm theo Báo cáo số 12/BC-BCH ngày 10/01/2022 của Ban CHQS xã)",),
        (),
        ("STT", "HỌ VÀ TÊN", "CẤP BẬC", "CHỨC VỤ", "ĐƠN VỊ", "TÊN FACEBOOK"),
        ("I", "BAN QUẢN TRỊ", None, None, None, None),
        (1, "NGUYỄN THỊ LAN", "4/", "CHT", "Ban CHQS xã", "Lan Nguyễn"),
        ("II", "THÀNH VIÊN THAM GIA", None, None, None, None),
        (1, "Lê Văn C", "", "Chiến sĩ", "Xã Tuyên Thạnh", "C Lê"),
        (2, "Lê  văn  D", "-", "chiến sĩ", "tuyên thạnh", None),
        (3, "3. Trần Thị Bình", "Thượng úy", "Cán bộ", "Xã Tuyên Thạnh", "Bình Trần"),
        ("Tổng cộng", "4 người", None, None, None, None),
        (),
        (None, None, None, "CHỈ HUY TRƯỞNG", None, None),
        (None, None, None, "(Đã ký)", None, None),
        (None, None, None, "Thiếu tá Nguyễn Văn Z", None, None),
        merged=["A6:F6", "B10:F10", "B12:F12"],
    )
    found = check(read_table(content), ADMIN).lines
    assert [each.number for each in found] == [11, 13, 14, 15]
    # “Ban CHQS xã” does not say which: with one unit only, it is for the admin to leave it out or to name it.
    assert [codes(each) for each in found] == [["unit_unknown"], [], [], []]
    assert [each.outcome for each in found[1:]] == [Outcome.NEW, Outcome.NEW, Outcome.CHANGED]
    assert notes(found[0]) == ["administrator"]


def test_a_list_of_several_communes_names_their_district() -> None:
    content = workbook(
        (TITLE,),
        ("TT", "Họ tên", "Cấp bậc", "Chức vụ", "Địa phương, đơn vị", "Facebook"),
        (1, "Lê Văn C", None, "Chiến sĩ", "Ban CHQS xã Tân Thành, huyện Mộc Hóa", "C Lê"),
        (2, "Lê Văn D", None, "Chiến sĩ", "Tân Thành", "D Lê"),
    )
    first, second = check(read_table(content), COORDINATOR).lines
    assert (first.unit, codes(first)) == (THANH_B, [])
    assert codes(second) == ["unit_several"]
