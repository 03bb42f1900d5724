"""/khenthuong: the list for a period, the posts behind it, and the paper."""

import pytest
from sqlalchemy import select

from bot.storage.models import Membership
from tests.cast import STALE, Stage
from tests.dialogue.reporting import hand_in, signed
from tests.documents.reading import word_table

NOT_YOURS = ["Phần này không thuộc đơn vị anh/chị phụ trách, hoặc người này đề nghị không nêu tên."]


async def listed(stage: Stage, label: str = "Quý 1/2027") -> str:
    await stage.dung.says("/khenthuong")
    return (await stage.dung.presses(label))[-1]


async def test_every_figure_leads_to_its_posts(stage: Stage) -> None:
    await hand_in(stage, *range(1, 10))
    shown = await listed(stage)
    assert "1. Xã Tuyên Thạnh: " in shown
    assert "9 bài/2 người" in shown
    assert "1. Alice (Xã Tuyên Thạnh): 100,0 điểm · 9 bài" in shown
    [all_of_class] = await stage.dung.presses("Xã, phường, thị trấn: 1")
    assert "bài 40,0 + " in all_of_class or "bài 80,0 + " in all_of_class
    [posts] = await stage.dung.presses("🔎 Xã Tuyên Thạnh")
    assert "Số 9 · " in posts
    assert "Alice" not in posts
    assert "Số 1 · " in (await stage.dung.presses("Sau"))[-1]
    await stage.dung.presses("Khen thưởng")
    await stage.dung.presses("Chiến sĩ: 1")
    assert "Alice: các bài được tính" in (await stage.dung.presses("🔎 Alice"))[-1]


async def test_who_asked_not_to_be_named_is_counted_and_neither_named_nor_opened(stage: Stage) -> None:
    await hand_in(stage, 1)
    await stage.alice.says("/hoso")
    assert "đề nghị khen thưởng không nêu tên bạn" in (await stage.alice.presses("Không nêu tên tôi"))[0]
    shown = await listed(stage)
    assert "Alice" not in shown
    assert "Chiến sĩ (1 bài)" in shown
    alice = await stage.ask(lambda s: s.scalars(select(Membership.id).where(Membership.full_name == "Alice")).one())
    assert await signed(stage, stage.dung, "commend.posts", "p", alice, "2027Q1", 0) == NOT_YOURS


async def test_days_may_be_typed(stage: Stage) -> None:
    await hand_in(stage, 1)
    await stage.dung.says("/khenthuong")
    assert "từ 1/2/2027 đến hết 28/2/2027" in (await stage.dung.says("1/2/2027 - 28/2/2027"))[-1].lower()
    await stage.dung.says("/khenthuong")
    for typed, why in (
        ("mai", "chưa đọc được"),
        ("1/1/2020 - 1/1/2027", "hai năm"),
        ("1/1/2028 - 2/1/2028", "bắt đầu"),
    ):
        assert why in (await stage.dung.says(typed))[-1]
    assert "1 bài" in (await stage.dung.says("1/3/2027"))[-1]


async def test_the_paper_is_made_in_the_background(stage: Stage) -> None:
    await hand_in(stage, 1, 2)
    await listed(stage)
    await stage.dung.presses("Word")
    while await stage.app.drawer.step():
        await stage.settle()
    name, content = await stage.dung.file()
    assert name == "khen-thuong-20270101-20270301-tinh-long-an.docx"
    assert ["1", "Alice, Xã Tuyên Thạnh", "2"] in [row[:3] for row in word_table(content)]


@pytest.mark.parametrize("what", ["u", "p"])
async def test_a_made_up_button_shows_nothing_of_another_unit(stage: Stage, what: str) -> None:
    dung = await stage.ask(lambda s: s.scalars(select(Membership).where(Membership.full_name == "Dung")).one())
    await stage.bob.says("/khenthuong")
    number = dung.id if what == "p" else dung.unit_id
    assert await signed(stage, stage.bob, "commend.posts", what, number, "2027Q1", 0) == NOT_YOURS


async def test_a_button_with_no_period_is_too_old(stage: Stage) -> None:
    await stage.dung.says("/khenthuong")
    assert await signed(stage, stage.dung, "commend.show", "2027Q7") == STALE
    assert await signed(stage, stage.dung, "commend.list", "2027Q1", "u99", 0) == STALE
