"""Pictures that somebody asks for: said at once, drawn in the background, sent once."""

from collections.abc import AsyncIterator, Set
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import pictures
from bot.drawing import Drawer, Drawing
from bot.storage.models import Obligation, ObligationState, WantedPicture
from tests.cast import Stage
from tests.databases import Sqlite


@pytest.fixture
async def stage(sqlite: Sqlite) -> AsyncIterator[Stage]:
    """On SQLite alone: what is drawn, and where, does not depend on the database."""
    async with Stage(sqlite.fresh("staged")) as opened:
        yield opened


async def draw(stage: Stage) -> None:
    while await stage.app.drawer.step():
        await stage.settle()


async def test_the_year_and_the_map_of_who_filed_are_drawn_and_sent_once(stage: Stage) -> None:
    await stage.later(days=7)
    await stage.ask(file_something)
    await stage.dung.says("/thoihan")
    assert "Đang vẽ" in (await stage.dung.presses("12 tháng tới"))[-1]
    await stage.dung.says("/tiendo")
    assert "Đang vẽ" in (await stage.dung.presses("Biểu đồ Báo cáo tuần"))[-1]
    await draw(stage)
    sent = [message for message in stage.dung.chat() if message.from_bot and message.photo]
    assert ["12 tháng tới" in sent[0].text, "Đơn vị nào đã nộp" in sent[1].text] == [True, True]
    assert all(message.photo and message.photo.content.startswith(b"\x89PNG") for message in sent)
    await draw(stage)
    assert len([message for message in stage.dung.chat() if message.photo]) == 2
    rows = await stage.ask(lambda s: s.scalars(select(WantedPicture)).all())
    assert all(row.settled_at for row in rows)


async def test_a_picture_nobody_waits_for_any_more_is_not_drawn(stage: Stage) -> None:
    await stage.dung.says("/thoihan")
    await stage.dung.presses("12 tháng tới")
    stage.world.clock.advance(timedelta(hours=2))
    assert await stage.app.drawer.step() == 0


async def test_who_waits_hears_that_a_picture_could_not_be_drawn(stage: Stage) -> None:
    await stage.alice.says("/thoihan")
    await stage.alice.presses("12 tháng tới")

    def broken(session: Session, now: datetime, done_with: Set[str]) -> Drawing | None:
        wanted = pictures.next_wanted(stage.app.setup, session, now, done_with)
        return replace(wanted, function=bytes.fromhex, args=("no picture",)) if wanted else None

    drawer = Drawer(stage.app.db, [broken], stage.world.clock.now)
    assert await drawer.step() == 1
    assert await drawer.step() == 0
    drawer.close()
    assert "Chưa vẽ được hình" in (await stage.alice.hears())[-1]


def file_something(session: Session) -> None:
    for row in session.scalars(select(Obligation).limit(5)):
        row.state = ObligationState.FILED
