"""Figures of many pages as a file: handed out, checked, written once confirmed, taken back as a whole."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.models import AuditRow, Page, PageFigures, Unit
from tests.cast import STALE, Actor, Stage
from tests.databases import A_MONDAY
from tests.dialogue.reporting import COMMUNE, signed
from tests.dialogue.test_pages import LINK, NOT_YOURS, PROVINCE, enter, keep, months
from tests.rosters.importing import content, files, hears_all, sends, work, writes
from tests.rosters.sheets import cells_of, saved, workbook
from tests.rosters.test_dialogue import press_of

HEADINGS = ("Trang", "Link", "Lượt thích", "Người theo dõi", "Thành viên", "Tin bài")
OTHER = "https://www.facebook.com/tinhlongan"
FEBRUARY = date(2027, 2, 1)


async def asks(actor: Actor) -> list[str]:
    await actor.says("/trang")
    return await actor.presses("Gửi số liệu bằng tệp")


async def hands_in(actor: Actor, *rows: tuple[object, ...]) -> list[str]:
    """Ask, and send a sheet of these rows; what came after it."""
    await asks(actor)
    return await sends(actor, "so-lieu.xlsx", workbook(HEADINGS, *rows))


@pytest.fixture
async def pages(stage: Stage) -> Stage:
    """A page of Bob's commune, number 1, and one of the province, number 2."""
    await keep(stage, COMMUNE, LINK, "Trang xã")
    await keep(stage, PROVINCE, OTHER, "Trang tỉnh")
    return stage


async def test_the_sheet_that_is_handed_out_comes_back_filled_in_and_is_written_once_confirmed(pages: Stage) -> None:
    bob = pages.bob
    [intro] = await asks(bob)
    assert "Số liệu tháng 2/2027 bằng tệp · Xã Tuyên Thạnh" in intro
    await bob.presses("Mẫu Excel")
    await hears_all(bob)
    book = load_workbook(io.BytesIO(content(files(bob)[-1])))
    [row] = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert row[1:5] == (COMMUNE, "Trang xã", LINK, "2/2027")
    assert row[5:] == ("", "", "–", "")
    book.worksheets[0]["F2"], book.worksheets[0]["I2"] = "16.000", 35
    _, sheet, summary = await sends(bob, "so-lieu.xlsx", saved(book))
    assert "LỖI" in sheet
    assert "Số liệu mới: 1 trang" in summary
    assert await months(pages) == {}
    writing, done = await writes(bob)
    assert "Đang ghi 1 dòng" in writing
    assert "Số liệu mới: 1 trang" in done
    assert await months(pages) == {FEBRUARY: {"likes": 16_000, "followers": None, "members": None, "posts": 35}}


async def test_a_sheet_that_comes_back_mended_need_not_be_asked_for_again(pages: Stage) -> None:
    *_, faulty = await hands_in(pages.bob, ("Trang xã", "", "nhiều"))
    assert "Có lỗi, sẽ không ghi: 1 dòng" in faulty
    await sends(pages.bob, "so-lieu.xlsx", workbook(HEADINGS, ("Trang xã", "", 17_000)))
    *_, summary = await pages.bob.presses("Nhập số liệu trang")
    assert "Số liệu mới: 1 trang" in summary
    await writes(pages.bob)
    assert (await months(pages))[FEBRUARY]["likes"] == 17_000
    assert await pages.bob.forges(press_of(pages, pages.bob, "pages.take")) == STALE


async def test_an_empty_cell_leaves_what_was_known_of_the_month(pages: Stage) -> None:
    await pages.bob.says("/trang")
    await enter(pages, pages.bob, "16.000 20.000 35")
    *_, summary = await hands_in(pages.bob, ("Trang xã", "", 17_000))
    assert "Đã có, có thay đổi: 1 trang" in summary
    await writes(pages.bob)
    assert (await months(pages))[FEBRUARY] == {"likes": 17_000, "followers": 20_000, "members": None, "posts": 35}


async def test_a_whole_sheet_is_taken_back_and_the_figures_before_it_count_again(pages: Stage) -> None:
    dung = pages.dung
    await dung.says("/trang")
    await enter(pages, dung, "16.000 20.000 35")
    await hands_in(dung, ("Trang xã", "", 1, 2, "", 3), ("Trang tỉnh", "", 4))
    await writes(dung)
    assert (await months(pages, 2))[FEBRUARY]["likes"] == 4
    await dung.says("/nhap")
    [listed] = await dung.presses("Các lần nhập trước")
    assert "so-lieu.xlsx (số liệu trang)" in listed
    [shown] = await dung.presses("1. so-lieu.xlsx")
    assert "Số liệu mới 1, thay số cũ 1, bỏ qua 0." in shown
    assert dung.buttons() == ["↩️ Hoàn tác", "◀ Danh sách"]
    [question] = await dung.presses("Hoàn tác")
    assert "Số liệu của 1 trang sẽ trở lại như trước khi nhập" in question
    await dung.presses("Đúng, hoàn tác")
    await work(pages)
    assert "Đã bỏ số liệu của 2 trang" in (await hears_all(dung))[-1]
    assert (await months(pages))[FEBRUARY]["likes"] == 16_000
    assert await months(pages, 2) == {}


async def test_all_faults_come_at_once_and_pages_of_other_units_are_refused_row_by_row(pages: Stage) -> None:
    *_, summary = await hands_in(
        pages.bob, ("Trang xã", "", 1), ("Trang tỉnh", "", 5), ("x", OTHER, 5), ("Trang xã", "", "1,2K")
    )
    assert "Có lỗi, sẽ không ghi: 3 dòng" in summary
    back = cells_of(content(files(pages.bob)[-1]))
    assert [str(row[6] or "").partition(":")[0] for row in back[1:]] == [
        "",
        "Không có trang “Trang tỉnh” trong phạm vi của bạn",
        f"Không có trang với link “{OTHER}” trong phạm vi của bạn".partition(":")[0],
        "LƯỢT THÍCH",
    ]
    await writes(pages.bob)
    assert set(await months(pages)) == {FEBRUARY}
    assert await months(pages, 2) == {}


async def test_a_page_that_moved_away_or_was_closed_meanwhile_is_passed_over(pages: Stage) -> None:
    await keep(pages, COMMUNE, f"{LINK}2", "Trang hai")
    await keep(pages, COMMUNE, f"{LINK}3", "Trang ba")
    await hands_in(pages.bob, ("Trang xã", "", 1), ("Trang hai", "", 2), ("Trang ba", "", 3))

    def change(session: Session) -> None:
        session.get_one(Page, 1).unit_id = session.scalars(select(Unit.id).where(Unit.name == PROVINCE)).one()
        session.get_one(Page, 3).closed_at = A_MONDAY

    await pages.ask(change)
    _, done = await writes(pages.bob)
    assert "Bỏ qua 2 dòng" in done
    assert "dòng 2, 3" in done
    assert [await months(pages, number) != {} for number in (1, 3, 4)] == [False, False, True]


async def test_the_other_month_can_be_chosen_and_a_row_can_name_its_own(pages: Stage) -> None:
    await asks(pages.bob)
    [again] = await pages.bob.presses("Nhập cho tháng 3/2027")
    assert "Số liệu tháng 3/2027 bằng tệp" in again
    sheet = workbook((*HEADINGS[:3], "Tháng"), ("Trang xã", "", 5), ("Trang xã", "", 4, "1/2027"))
    await sends(pages.bob, "so-lieu.xlsx", sheet)
    await writes(pages.bob)
    found = {month: each["likes"] for month, each in (await months(pages)).items()}
    assert found == {date(2027, 3, 1): 5, date(2027, 1, 1): 4}


async def test_words_or_another_kind_of_file_leave_the_question_open(pages: Stage) -> None:
    await asks(pages.bob)
    assert "dưới dạng tệp .xlsx hoặc .csv" in (await pages.bob.says("16.000"))[-1]
    assert "không đọc được loại tệp" in (await sends(pages.bob, "a.pdf", b"%PDF"))[-1]
    assert "Chưa đọc được “a.csv”" in (await sends(pages.bob, "a.csv", b"x,y\n1,2\n"))[-1]


async def test_who_does_not_look_after_the_unit_gets_no_sheet_and_writes_nothing(pages: Stage) -> None:
    await pages.alice.says("/trang")
    assert "📥 Gửi số liệu bằng tệp" not in pages.alice.buttons()
    assert "dành cho quản trị" in (await signed(pages, pages.alice, "pages.sheet", 1, "now"))[-1]
    await pages.bob.says("/trang")
    for action in ("pages.sheet", "pages.template"):
        assert await signed(pages, pages.bob, action, 1, "now") == NOT_YOURS
    await hands_in(pages.bob, ("Trang xã", "", 1))
    await pages.dung.says("/trang")
    assert "không phải của bạn" in (await signed(pages, pages.dung, "rosters.write", 1))[-1]
    assert await signed(pages, pages.bob, "rosters.kind", 1, "chien_si") in ([], STALE)
    assert (await writes(pages.bob))[-1].startswith("✅")


async def test_the_log_shows_the_rows_of_one_sheet_as_one_line(pages: Stage) -> None:
    await hands_in(pages.dung, ("Trang xã", "", 1), ("Trang tỉnh", "", 2))
    await writes(pages.dung)
    [log] = await pages.dung.says("/nhatky")
    assert log.count("Số liệu trang, thêm mới") == 1
    assert "(và 1 trang nữa cùng tệp nhập)" in log


async def test_the_log_says_who_entered_the_figures_and_who_took_them_back(pages: Stage) -> None:
    await hands_in(pages.bob, ("Trang xã", "", 1))
    await writes(pages.bob)
    rows = await pages.ask(lambda s: s.scalars(select(AuditRow).where(AuditRow.subject == "page_figures")).all())
    entry = await pages.ask(lambda s: s.scalars(select(PageFigures)).one())
    assert [(row.act, row.after["likes"], row.by_id) for row in rows] == [("rosters.write", 1, entry.entered_by_id)]
