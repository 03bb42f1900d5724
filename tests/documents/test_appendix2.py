from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents.appendix2 import appendix2_docx, appendix2_of, appendix2_xlsx
from bot.documents.appendix2_rows import ERASED, FormSection
from bot.documents.forms import Row
from bot.domain.figures import Count, MemberLine, UnitFigures, UnitRow, roll_up
from tests.documents.reading import HEAD, sheet_rows, word_table, word_text

SECTIONS = (FormSection("I", "Sao vuông", ("sao_vuong",)), FormSection("II", "Miền Đông", ("mien_dong", "quan_khu_7")))
WINDOW = (date(2026, 1, 30), date(2026, 2, 5))
UNITS = (
    UnitRow(1, None, "Huyện Đức Hòa", "district"),
    UnitRow(2, 1, "Xã Tân Phú", "commune"),
    UnitRow(3, 1, "Xã Hựu Thạnh", "commune"),
    UnitRow(4, 1, "Phòng Nội vụ", "body"),
)
MEMBERS = [(1, "can_bo", 3), (2, "can_bo", 1), (2, "chien_si", 9), (3, "chien_si", 7), (4, "can_bo", 2)]
POSTS = [
    (1, "sao_vuong", Count(1, 0)),
    (2, "sao_vuong", Count(5, 2)),
    (2, "quan_khu_7", Count(1, 4)),
    (3, "mien_dong", Count(2, 0)),
    (3, "quan_khu_7", Count(0, 3)),
]
DISTRICT = roll_up(1, UNITS, MEMBERS, POSTS)


def rows(figures: UnitFigures) -> list[Row]:
    return list(appendix2_of(figures, SECTIONS, HEAD, *WINDOW).rows)


def cells(figures: UnitFigures) -> list[tuple[str | int, ...]]:
    return [row.cells for row in rows(figures)]


def test_a_district_lists_its_communes_in_both_sections() -> None:
    assert cells(DISTRICT) == [
        ("I", "Sao vuông", 6, 16, 6, 2),
        ("1", "Ban CHQS huyện", 3, 0, 1, 0),
        ("2", "Ban CHQS xã, phường", 1, 16, 5, 2),
        ("2.1", "Xã Hựu Thạnh", 0, 7, 0, 0),
        ("2.2", "Xã Tân Phú", 1, 9, 5, 2),
        ("3", "Ban CHQS tự vệ cơ quan", 2, 0, 0, 0),
        ("3.1", "Phòng Nội vụ", 2, 0, 0, 0),
        ("II", "Miền Đông", 6, 16, 3, 7),
        ("1", "Ban CHQS huyện", 3, 0, 0, 0),
        ("2", "Ban CHQS xã, phường", 1, 16, 3, 7),
        ("2.1", "Xã Hựu Thạnh", 0, 7, 2, 3),
        ("2.2", "Xã Tân Phú", 1, 9, 1, 4),
        ("3", "Ban CHQS tự vệ cơ quan", 2, 0, 0, 0),
        ("3.1", "Phòng Nội vụ", 2, 0, 0, 0),
        ("", "Tổng cộng (I + II)", 6, 16, 9, 9),
    ]


def test_a_commune_names_each_member_and_his_posts() -> None:
    def member(number: int, name: str | None, kind: str, count: Count, *, here: bool = True) -> tuple[int, MemberLine]:
        return 2, MemberLine(number, name, None, None, None, kind, {"sao_vuong": count}, here)

    people = [
        member(1, "An", "can_bo", Count(1, 0)),
        member(2, "Bình", "chien_si", Count(3, 2)),
        member(3, None, "chien_si", Count(1, 0), here=False),
    ]
    members = [(2, "can_bo", 1), (2, "chien_si", 1)]
    commune = roll_up(2, UNITS[1:2], members, [(2, "sao_vuong", Count(5, 2))], people)
    assert cells(commune)[:5] == [
        ("I", "Sao vuông", 1, 1, 5, 2),
        ("1", "Ban CHQS xã, phường", 1, 1, 5, 2),
        ("1.1", "Bình", 0, 1, 3, 2),
        ("1.2", "An", 1, 0, 1, 0),
        ("1.3", ERASED, 0, 0, 1, 0),
    ]


def test_a_province_has_a_line_for_each_district_in_each_group() -> None:
    units = (UnitRow(9, None, "Tỉnh Long An", "province"), UnitRow(1, 9, "Huyện Đức Hòa", "district"), *UNITS[1:])
    province = roll_up(9, units, [*MEMBERS, (9, "can_bo", 4)], POSTS)
    assert cells(province)[:9] == [
        ("I", "Sao vuông", 10, 16, 6, 2),
        ("1", "Ban CHQS huyện", 3, 0, 1, 0),
        ("1.1", "Huyện Đức Hòa", 3, 0, 1, 0),
        ("2", "Ban CHQS xã, phường", 1, 16, 5, 2),
        ("2.1", "Huyện Đức Hòa", 1, 16, 5, 2),
        ("3", "Ban CHQS tự vệ cơ quan", 2, 0, 0, 0),
        ("3.1", "Huyện Đức Hòa", 2, 0, 0, 0),
        ("4", "Đơn vị khác", 4, 0, 0, 0),
        ("4.1", "Tỉnh Long An", 4, 0, 0, 0),
    ]


def test_what_has_no_column_or_section_is_told_under_the_table() -> None:
    figures = roll_up(1, UNITS, [*MEMBERS, (2, "giao_duc", 4)], [*POSTS, (2, "", Count(2, 1))])
    remarks = appendix2_of(figures, SECTIONS, HEAD, *WINDOW).remarks
    assert remarks[1:] == (
        "Ngoài ra có 4 thành viên thuộc các đối tượng khác.",
        "Ngoài ra có 3 tin, bài, hình ảnh, video không thuộc các trang, nhóm nêu trên.",
    )


def test_word_and_excel_show_every_figure() -> None:
    form = appendix2_of(DISTRICT, SECTIONS, HEAD, *WINDOW)
    in_word, in_excel = appendix2_docx(form), appendix2_xlsx(form)
    assert word_table(in_word)[2:] == [[str(cell) for cell in row.cells] for row in form.rows]
    assert word_table(in_word)[:2] == [
        ["TT", "Địa phương, đơn vị", "Tổng số Thành viên tham gia", "Tổng số tin, bài đã đăng ký"],
        ["", "", "Cán bộ", "Chiến sĩ", "Tin, bài", "Hình ảnh, video"],
    ]
    shown = sheet_rows(in_excel, "Phụ lục 2")
    assert shown[8 : 8 + len(form.rows)] == [[cell if cell != "" else None for cell in row.cells] for row in form.rows]
    assert shown[6][2] == "Tổng số Thành viên tham gia"
    assert shown[7][2:] == ["Cán bộ", "Chiến sĩ", "Tin, bài", "Hình ảnh, video"]
    for said in (word_text(in_word), [row[0] for row in shown]):
        assert "Số liệu từ ngày 30/01/2026 đến hết ngày 05/02/2026" in said


def test_thousands_are_written_with_a_point_in_word_and_stay_numbers_in_excel() -> None:
    figures = roll_up(1, UNITS[:1], [(1, "chien_si", 18_426)], [])
    form = appendix2_of(figures, SECTIONS, HEAD, *WINDOW)
    assert word_table(appendix2_docx(form))[-1] == ["", "Tổng cộng (I + II)", "0", "18.426", "0", "0"]
    assert [None, "Tổng cộng (I + II)", 0, 18_426, 0, 0] in sheet_rows(appendix2_xlsx(form), "Phụ lục 2")


TYPES = ("province", "district", "commune", "body", "school")
TARGETS = ("sao_vuong", "mien_dong", "quan_khu_7", "")


@st.composite
def trees(draw: st.DrawFn) -> UnitFigures:
    """Any tree of up to a dozen units, with members and posts anywhere."""
    number = draw(st.integers(1, 12))
    parents = [None, *(draw(st.integers(0, index)) for index in range(number - 1))]
    units = [
        UnitRow(id_, parent, f"Đơn vị {id_ % 3}", draw(st.sampled_from(TYPES))) for id_, parent in enumerate(parents)
    ]
    of_unit = st.integers(0, number - 1)
    members = draw(st.lists(st.tuples(of_unit, st.sampled_from(("can_bo", "chien_si", "giao_duc")), st.integers(0, 9))))
    counts = st.builds(Count, st.integers(0, 99), st.integers(0, 99))
    posts: Any = draw(st.lists(st.tuples(of_unit, st.sampled_from(TARGETS), counts)))
    return roll_up(0, units, members, posts)


@settings(deadline=None)
@given(trees())
def test_every_total_is_the_sum_of_its_parts(figures: UnitFigures) -> None:
    def sums(parts: list[Row]) -> list[int]:
        return [sum(int(row.cells[column]) for row in parts) for column in range(2, 6)]

    *body, total = rows(figures)
    starts = [index for index, row in enumerate(body) if row.look == "section"]
    blocks = [body[start:end] for start, end in zip(starts, [*starts[1:], len(body)], strict=True)]
    for section, *rest in blocks:
        groups = [row for row in rest if row.look == "group"]
        assert sums(groups) == list(section.cells[2:])
        for group in groups:
            lines = [row for row in rest if str(row.cells[0]).startswith(f"{group.cells[0]}.")]
            assert not lines or sums(lines) == list(group.cells[2:])
    assert sums([block[0] for block in blocks])[2:] == list(total.cells[4:])
    assert list(total.cells[2:4]) == list(blocks[0][0].cells[2:4])
    assert list(total.cells[2:4]) == [figures.members.get(kind, 0) for kind in ("can_bo", "chien_si")]


@settings(deadline=None)
@given(trees())
def test_no_post_and_no_member_is_left_out(figures: UnitFigures) -> None:
    form = appendix2_of(figures, SECTIONS, HEAD, *WINDOW)
    told = sum(int(remark.split()[3]) for remark in form.remarks[1:])
    assert sum(map(int, form.rows[-1].cells[2:])) + told == sum(figures.members.values()) + figures.total.total
