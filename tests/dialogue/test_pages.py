"""/trang: the directory of pages, their figures month by month, and who is asked for what is missing."""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import pages as actions
from bot.domain.figures_typed import Figures
from bot.domain.page_links import PageLink, read_page
from bot.storage import pages
from bot.storage.models import AuditRow, Membership, Page, PageFigures, Role, Unit
from tests.cast import STALE, Actor, Stage
from tests.databases import A_MONDAY
from tests.dialogue.reporting import COMMUNE, DISTRICT, appoint, signed
from tests.documents.reading import sheet_rows, word_table

PROVINCE = "Tỉnh Long An"
LINK = "https://www.facebook.com/xatuyenthanh"
GROUP = "https://www.facebook.com/groups/tuyenthanh"
NOT_YOURS = ["Trang này không thuộc phần anh/chị phụ trách. Gõ /trang để xem danh mục của mình."]
FEBRUARY, MARCH = date(2027, 2, 1), date(2027, 3, 1)


async def add(actor: Actor, link: str = LINK, name: str = "Trang xã", by: str = "Ban Biên tập") -> str:
    await actor.says("/trang")
    await actor.presses("Thêm trang")
    await actor.says(link)
    await actor.says(name)
    await (actor.says(by) if by else actor.presses("Không ghi"))
    return (await actor.presses("Lưu"))[-1]


async def keep(stage: Stage, unit: str, link: str, name: str) -> None:
    """A page that is in the directory already."""

    def work(session: Session) -> None:
        of = session.scalars(select(Unit).where(Unit.name == unit)).one()
        by = session.scalars(select(Membership).where(Membership.full_name == "Dung")).one()
        read = read_page(link)
        assert isinstance(read, PageLink)
        actions.add(session, of, read, name, "", by, A_MONDAY)

    await stage.ask(work)


async def enter(stage: Stage, actor: Actor, line: str, *, other_month: bool = False, page: int = 1) -> str:
    await signed(stage, actor, "pages.figures", page)
    if other_month:
        await actor.presses("Nhập cho tháng")
    return (await actor.says(line))[-1]


async def months(stage: Stage, page: int = 1) -> Mapping[date, Figures]:
    found = await stage.ask(lambda s: pages.months(s, [page], date(2026, 1, 1)))
    return found.get(page, {})


async def test_a_page_is_added_with_link_name_and_administrator_and_everybody_below_sees_it(stage: Stage) -> None:
    shown = await add(stage.bob, "Trang của xã: https://m.facebook.com/XaTuyenThanh/?ref=share")
    assert "Trang Facebook của Xã Tuyên Thạnh" in shown
    assert "Người quản trị: Ban Biên tập" in shown
    assert LINK in shown
    for actor in (stage.alice, stage.dung):
        assert "1. Trang xã · trang Facebook" in (await actor.says("/trang"))[-1]
    assert "Thêm trang" not in str(stage.alice.buttons() if await stage.alice.says("/trang") else "")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("Trang của xã", "Chưa thấy link"),
        (f"{LINK} {GROUP}", "Mỗi lần một link"),
        ("https://example.org/a", "chỉ nhận trang trên"),
        ("https://www.facebook.com/profile.php?id=100012345678", "trang cá nhân"),
        ("https://www.facebook.com/share/1AbCdE/", "link chia sẻ rút gọn"),
        (f"{LINK}/posts/123456789", "link của một bài"),
        ("https://www.facebook.com/hashtag/a", "không mở ra trang"),
    ],
)
async def test_what_is_no_official_page_is_refused_with_the_reason(stage: Stage, typed: str, why: str) -> None:
    await stage.bob.says("/trang")
    await stage.bob.presses("Thêm trang")
    assert why in (await stage.bob.says(typed))[-1]
    assert "Tên trang?" in (await stage.bob.says(LINK))[-1]


async def test_a_facebook_name_is_confirmed_to_be_no_private_profile(stage: Stage) -> None:
    await stage.bob.says("/trang")
    await stage.bob.presses("Thêm trang")
    await stage.bob.says(LINK)
    await stage.bob.says("Trang xã")
    assert "không phải trang cá nhân" in (await stage.bob.presses("Không ghi"))[-1]
    assert "Xin xem lại" in (await stage.bob.says("đúng"))[-1]
    assert await stage.ask(lambda s: s.scalars(select(Page)).all()) == []


async def test_a_page_is_in_the_directory_once_and_comes_back_with_its_figures(stage: Stage) -> None:
    await add(stage.bob)
    await enter(stage, stage.bob, "16.000 20.000 35")
    await stage.dung.says("/trang")
    await stage.dung.presses("Thêm trang")
    assert "đã có trong danh mục: Trang xã của Xã Tuyên Thạnh" in (await stage.dung.says(LINK))[-1]
    await signed(stage, stage.bob, "pages.close", 1)
    assert "đã đóng" in (await stage.bob.presses("Đóng trang này"))[-1]
    assert "Chưa có trang" in (await stage.bob.says("/trang"))[-1]
    shown = await add(stage.dung, name="Trang tỉnh", by="")
    assert "của Tỉnh Long An" in shown
    assert "Người theo dõi: 20.000" in shown


async def test_two_who_add_the_same_page_at_once_add_it_once(stage: Stage) -> None:
    for actor in (stage.bob, stage.dung):
        await actor.says("/trang")
        await actor.presses("Thêm trang")
        await actor.says(LINK)
        await actor.says("Trang")
        await actor.presses("Không ghi")
    await stage.bob.presses("Lưu")
    assert "đã có trong danh mục" in (await stage.dung.presses("Lưu"))[-1]
    assert len(await stage.ask(lambda s: s.scalars(select(Page)).all())) == 1


async def test_name_and_administrator_are_changed_and_the_change_is_in_the_log_without_the_name(stage: Stage) -> None:
    await add(stage.bob)
    await signed(stage, stage.bob, "pages.rename", 1)
    assert "không quá 120 ký tự" in (await stage.bob.says("x" * 121))[-1]
    assert "Trang mới" in (await stage.bob.says("Trang  mới"))[-1]
    await signed(stage, stage.bob, "pages.person", 1)
    assert "Người quản trị: Trần Thị B" in (await stage.bob.says("Trần Thị B"))[-1]
    rows = await stage.ask(lambda s: s.scalars(select(AuditRow).where(AuditRow.subject == "pages")).all())
    assert [row.act for row in rows] == ["pages.save", "?pages.rename", "?pages.person"]
    assert not any("Trần" in str((row.before, row.after)) for row in rows)


async def test_the_last_entry_of_a_month_counts(stage: Stage) -> None:
    await add(stage.bob)
    await enter(stage, stage.bob, "16.000 20.000 35")
    assert await months(stage) == {FEBRUARY: {"likes": 16_000, "followers": 20_000, "members": None, "posts": 35}}
    await enter(stage, stage.bob, "16,100; 20,200; -", other_month=True)
    found = await months(stage)
    assert found[FEBRUARY] == {"likes": 16_100, "followers": 20_200, "members": None, "posts": None}
    assert len(await stage.ask(lambda s: s.scalars(select(PageFigures)).all())) == 2


async def test_growth_is_reckoned_against_the_years_start_and_its_target(stage: Stage) -> None:
    stage.change_campaign(pages=stage.app.setup.campaign.pages.model_copy(update={"growth_percent": 5}))
    await add(stage.bob)
    await enter(stage, stage.bob, "1.000 2.000 9")
    shown = await enter(stage, stage.bob, "1.000 2.099 9")
    assert "Người theo dõi: tăng 99 (+4,9 %), từ 2.000 (tháng 2/2027) lên 2.099 (tháng 3/2027)" in shown
    assert "chưa đạt chỉ tiêu +5 %" in shown
    assert "✅ đạt chỉ tiêu +5 %" in await enter(stage, stage.bob, "1.000 2.100 9")


@pytest.mark.parametrize(("line", "why"), [("16 nghìn 2 3", "“nghìn”"), ("16.000 3", "Cần 3 số"), ("- - -", "ít nhất")])
async def test_figures_that_cannot_be_read_are_asked_for_again(stage: Stage, line: str, why: str) -> None:
    await add(stage.bob)
    assert why in await enter(stage, stage.bob, line)
    assert "Người theo dõi: 2" in (await stage.bob.says("1 2 3"))[-1]


async def test_a_group_is_asked_for_members(stage: Stage) -> None:
    await add(stage.bob, GROUP, "Nhóm xã")
    assert "Thành viên: 9.300" in await enter(stage, stage.bob, "9.300 42")


async def test_a_pasted_table_is_shown_before_it_is_saved(stage: Stage) -> None:
    await keep(stage, COMMUNE, LINK, "Trang xã")
    await keep(stage, COMMUNE, GROUP, "Nhóm xã")
    await stage.bob.says("/trang")
    await stage.bob.presses("Dán số liệu")
    [check] = await stage.bob.says(f"Tên\tThích\tTheo dõi\ntrang xa\t16.000\t20k\n{GROUP}\t\t\t9.300\t42\nLạ\t1")
    assert "Nhóm xã: - · - · 9.300 · 42" in check
    assert "“20k” chưa phải là số" in check
    assert "Lạ: không có trang này" in check
    assert await months(stage, 2) == {}
    await stage.bob.presses("Nhập cho tháng 3/2027")
    await stage.bob.presses("Lưu 1 trang")
    assert list(await months(stage, 2)) == [MARCH]
    assert await signed(stage, stage.bob, "pages.paste!") == STALE


async def test_the_table_in_word_and_excel_says_what_was_entered(stage: Stage) -> None:
    await keep(stage, COMMUNE, LINK, "Trang xã")
    await keep(stage, COMMUNE, GROUP, "Nhóm xã")
    await keep(stage, PROVINCE, "https://www.tiktok.com/@longan", "Kênh tỉnh")
    await stage.bob.says("/trang")
    await enter(stage, stage.bob, "16.000 20.000 35")
    await enter(stage, stage.bob, "9.300 42", page=2)
    await stage.dung.says("/trang")
    for label in ("Word", "Excel"):
        await stage.dung.presses(label)
        while await stage.app.drawer.step():
            await stage.settle()
        _, content = await stage.dung.file()
        rows = word_table(content) if label == "Word" else sheet_rows(content, "Trang, nhóm, kênh")
        table = [["" if cell is None else str(cell).replace(".", "") for cell in row] for row in rows]
        assert ["2", "Nhóm xã", COMMUNE, "", "", "9300", "42", ""] in table
        assert ["3", "Trang xã", COMMUNE, "16000", "20000", "", "35", ""] in table
        assert [row[3:7] for row in table if row[1:2] == ["Tổng cộng: 3"]] == [["16000", "20000", "9300", "77"]]
        parts = [row[1] for row in table if row[0] == "" and "trang, nhóm, kênh" in row[1]]
        assert parts == ["Tỉnh Long An: 1 trang, nhóm, kênh", f"{DISTRICT}: 2 trang, nhóm, kênh"]


async def test_the_growth_of_a_page_comes_as_a_picture(stage: Stage) -> None:
    await add(stage.bob)
    await enter(stage, stage.bob, "16.000 20.000 35")
    await stage.alice.says("/trang")
    await signed(stage, stage.alice, "pages.chart", 1)
    while await stage.app.drawer.step():
        await stage.settle()
    await stage.alice.hears()
    assert stage.alice.last().photo
    assert (await stage.alice.picture()).startswith(b"\x89PNG")


async def test_pages_are_counted_by_unit(stage: Stage) -> None:
    await keep(stage, COMMUNE, LINK, "Trang xã")
    await keep(stage, COMMUNE, GROUP, "Nhóm xã")
    await keep(stage, PROVINCE, "https://www.tiktok.com/@longan", "Kênh tỉnh")
    await stage.dung.says("/trang")
    [shown] = await stage.dung.presses("Theo đơn vị")
    assert "Thị xã Kiến Tường: 2\n• Tỉnh Long An (của chính đơn vị): 1" in shown
    assert "2 trang, nhóm, kênh" in (await stage.dung.presses("Thị xã Kiến Tường: 2"))[-1]


async def test_a_long_directory_is_turned_page_by_page(stage: Stage) -> None:
    for number in range(9):
        await keep(stage, COMMUNE, f"{LINK}{number}", f"Trang {number}")
    assert "8. Trang 7" in (await stage.bob.says("/trang"))[-1]
    assert "9. Trang 8" in (await stage.bob.presses("Trang sau"))[-1]


@pytest.mark.parametrize("action", ["add", "docx", "paste"])
async def test_a_made_up_button_opens_no_other_unit(stage: Stage, action: str) -> None:
    await stage.bob.says("/trang")
    assert await signed(stage, stage.bob, f"pages.{action}", 1) == NOT_YOURS


@pytest.mark.parametrize("action", ["show", "rename", "close", "close!", "figures", "chart"])
async def test_a_made_up_button_touches_no_page_of_another_unit(stage: Stage, action: str) -> None:
    await add(stage.dung)
    await stage.bob.says("/trang")
    assert await signed(stage, stage.bob, f"pages.{action}", 1) == NOT_YOURS
    [page] = await stage.ask(lambda s: s.scalars(select(Page)).all())
    assert page.closed_at is None


async def test_who_is_no_admin_any_more_cannot_finish_what_he_began(stage: Stage) -> None:
    await add(stage.bob)
    await signed(stage, stage.bob, "pages.rename", 1)
    await appoint(stage, stage.bob, COMMUNE, Role.MEMBER)
    await stage.bob.says("Trang khác")
    assert (await stage.ask(lambda s: s.get_one(Page, 1))).name == "Trang xã"


async def test_admins_are_asked_once_for_the_figures_of_the_last_month(stage: Stage) -> None:
    await stage.owe_nothing()
    await keep(stage, COMMUNE, LINK, "Trang xã")
    await keep(stage, COMMUNE, GROUP, "Nhóm xã")
    await stage.later(days=33, hours=0)  # 3 April
    told = [each for each in await stage.bob.hears() if "Chưa có số liệu tháng 3/2027" in each]
    assert len(told) == 1
    assert "Trang xã" in told[0]
    await stage.later(days=1)
    await stage.later(days=3)
    assert not [each for each in await stage.bob.hears() if "Chưa có số liệu" in each]
    await stage.bob.presses("🔢 Nhóm xã")
    await stage.bob.says("9.300 42")
    assert list(await months(stage, 2)) == [MARCH]


async def test_nobody_is_asked_at_night_or_for_a_month_in_which_the_page_was_not_there(stage: Stage) -> None:
    await stage.owe_nothing()
    await add(stage.bob)
    await stage.later(days=3)  # 4 March: the page is of March
    assert not [each for each in await stage.bob.hears() if "Chưa có số liệu" in each]
    await stage.later(days=30, hours=13)  # 3 April, 22:00
    assert not [each for each in await stage.bob.hears() if "Chưa có số liệu" in each]
    await stage.later(hours=11)
    assert [each for each in await stage.bob.hears() if "Chưa có số liệu" in each]
