"""The forms of reports: asked for in the chat, made in the background, sent to who asked."""

from collections.abc import AsyncIterator

import pytest

from tests.cast import Actor, Stage
from tests.databases import Sqlite
from tests.dialogue.reporting import COMMUNE, THURSDAY_EVENING, filed, hand_in
from tests.documents.reading import sheet_rows, word_table, workbook
from tests.zalo_cast import STAGES

ON_ITS_WAY = "📄 Đang lập tệp, sẽ gửi sau vài giây."


@pytest.fixture
async def stage(sqlite: Sqlite, messenger: str) -> AsyncIterator[Stage]:
    """On SQLite alone: how a file is asked for and made does not depend on the database."""
    async with STAGES[messenger](sqlite.fresh("staged")) as opened:
        yield opened


async def asked(stage: Stage, actor: Actor, label: str) -> tuple[str, str, bytes]:
    """The text, the name and the bytes of the file behind a button."""
    assert await actor.presses(label) == stage.passing(ON_ITS_WAY)
    while await stage.app.drawer.step():
        await stage.settle()
    await actor.hears()
    return actor.last().text.partition("\n\n")[0], *(await actor.file())


async def test_a_filed_report_comes_as_appendix_2_with_the_figures_that_were_filed(stage: Stage) -> None:
    await hand_in(stage, 1, 2)
    await stage.later(**THURSDAY_EVENING)
    await filed(stage)
    await stage.bob.presses("Xem báo cáo")
    await hand_in(stage, 3)
    text, name, made = await asked(stage, stage.bob, "Word")
    assert (text, name) == ("Báo cáo tuần của Xã Tuyên Thạnh, bản 1.", "bao-cao-2027-W09-ban-1.docx")
    assert word_table(made)[-1][-2:] == ["2", "0"]
    text, name, made = await asked(stage, stage.bob, "Excel")
    assert (text, name) == ("Báo cáo tuần của Xã Tuyên Thạnh, bản 1.", "bao-cao-2027-W09-ban-1.xlsx")
    assert [2, 0] in [row[-2:] for row in sheet_rows(made, "Phụ lục 2")]


async def test_the_members_of_a_part_of_the_tree_come_as_appendix_1(stage: Stage) -> None:
    await stage.bob.says("/tiendo")
    text, name, made = await asked(stage, stage.bob, "Phụ lục 1 (.docx)")
    assert text.startswith("Phụ lục 1: thành viên hiện nay")
    assert name == "phu-luc-1-xa-tuyen-thanh.docx"
    administrators, participants = ["I", "Ban quản trị (1 người)"], ["II", "Thành viên tham gia (1 người)"]
    assert [row[:2] for row in word_table(made)[1:]] == [administrators, ["1", "Bob"], participants, ["1", "Alice"]]
    await stage.dung.says("/tiendo")
    _, name, made = await asked(stage, stage.dung, "Phụ lục 1 (.xlsx)")
    assert name == "phu-luc-1-tinh-long-an.xlsx"
    listed = [(row[1], row[4]) for row in sheet_rows(made, "Phụ lục 1")]
    people = [("Dung", "Tỉnh Long An"), ("Bob", COMMUNE), ("Alice", COMMUNE)]
    assert [each for each in listed if each in people] == people


async def test_who_filed_comes_as_a_table_of_the_units_below(stage: Stage) -> None:
    await stage.later(**THURSDAY_EVENING)
    await filed(stage)
    await stage.later(days=1)
    await stage.dung.says("/tiendo")
    text, name, made = await asked(stage, stage.dung, "Bảng Excel")
    assert text.startswith("Tình hình nộp báo cáo của Tỉnh Long An, từ ")
    assert name == "tien-do-bao-cao.xlsx"
    assert workbook(made).sheetnames == ["Theo loại đơn vị", "Theo đơn vị"]
    [row] = [row for row in sheet_rows(made, "Theo đơn vị") if row[1] == COMMUNE and row[3] == "Báo cáo tuần"]
    assert row[4:] == [1, 1, 1, 0, 0, 0]
