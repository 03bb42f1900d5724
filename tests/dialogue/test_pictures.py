"""Pictures that somebody asks for: said at once, drawn in the background, sent once."""

from collections.abc import AsyncIterator, Set
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.actions import summary_charts, wanted
from bot.drawing import Drawer, Drawing, Gathered
from bot.storage.models import Obligation, ObligationState, OutboxRow, Role, WantedFile
from tests.cast import Stage
from tests.databases import Sqlite
from tests.dialogue.reporting import COMMUNE, appoint, hand_in
from tests.zalo_cast import STAGES


@pytest.fixture
async def stage(sqlite: Sqlite, messenger: str) -> AsyncIterator[Stage]:
    """On SQLite alone: what is drawn, and where, does not depend on the database."""
    async with STAGES[messenger](sqlite.fresh("staged")) as opened:
        yield opened


ON_ITS_WAY = "🖼 Đang vẽ, hình sẽ tới sau vài giây."


async def draw(stage: Stage) -> None:
    while await stage.app.drawer.step():
        await stage.settle()


async def test_the_year_and_the_map_of_who_filed_are_drawn_and_sent_once(stage: Stage) -> None:
    await stage.later(days=7)
    await stage.ask(file_something)
    await stage.dung.says("/thoihan")
    assert await stage.dung.presses("12 tháng tới") == stage.passing(ON_ITS_WAY)
    await stage.dung.says("/tiendo")
    assert await stage.dung.presses("Biểu đồ Báo cáo tuần") == stage.passing(ON_ITS_WAY)
    await draw(stage)
    sent = [message for message in stage.dung.chat() if message.from_bot and message.photo]
    assert ["12 tháng tới" in sent[0].text, "Đơn vị nào đã nộp" in sent[1].text] == [True, True]
    assert (await stage.dung.picture()).startswith(b"\x89PNG")
    await draw(stage)
    assert len([message for message in stage.dung.chat() if message.photo]) == 2
    rows = await stage.ask(lambda s: s.scalars(select(WantedFile)).all())
    assert all(row.settled_at for row in rows)


async def test_pictures_speak_the_language_of_who_asks(stage: Stage) -> None:
    await stage.later(days=7)
    await stage.ask(file_something)
    await stage.dung.says("/ngonngu")
    await stage.dung.presses("English")
    await stage.dung.says("/deadlines")
    await stage.dung.presses("12 months")
    await stage.dung.says("/progress")
    await stage.dung.presses("Map of Weekly report")
    year, filings = [await stage.ask(partial(gathered, stage, number)) for number in (1, 2)]
    assert [year.args[-1], filings.args[-1]] == ["en", "en"]
    assert year.args[0] == "Report deadlines: Tỉnh Long An"
    assert "Weekly report" in {each.name for each in year.args[1]}
    assert filings.args[0] == "Weekly report: Tỉnh Long An"
    names, columns = filings.args[1], filings.args[2]
    assert columns == ["5/3"]
    assert len(set(names)) == len(names)
    assert {"Thị trấn Hiệp Hòa", "Xã Tân Lập, Huyện Mộc Hóa"} <= set(names)


async def test_no_map_is_offered_before_a_period_is_over(stage: Stage) -> None:
    await stage.dung.says("/tiendo")
    assert not [label for label in stage.dung.buttons() if "Biểu đồ" in label]


@pytest.mark.telegram_only("on Zalo a picture is behind a link, not in the outbox")
async def test_the_chart_of_a_week_is_drawn_once_in_each_language_and_sent_to_those_who_speak_it(stage: Stage) -> None:
    await hand_in(stage, 1)
    await appoint(stage, stage.alice, COMMUNE, Role.UNIT_ADMIN)
    await stage.alice.says("/ngonngu")
    await stage.alice.presses("English")
    await stage.later(days=4, hours=8)
    [(vi, to_bob), (en, to_alice)] = await stage.ask(partial(charts_of_commune, stage))
    assert (vi[0], vi[-1]) == ("Xã Tuyên Thạnh: bài được tính mỗi tuần, từ thứ Hai", "vi")
    assert (en[0], en[-1]) == ("Xã Tuyên Thạnh: posts counted each week, from Monday", "en")
    assert vi[1:-1] == en[1:-1]
    assert (to_bob, to_alice) == ([str(stage.bob.person.id)], [str(stage.alice.person.id)])


async def test_a_picture_nobody_waits_for_any_more_is_not_drawn(stage: Stage) -> None:
    await stage.dung.says("/thoihan")
    await stage.dung.presses("12 tháng tới")
    stage.world.clock.advance(timedelta(hours=2))
    assert await stage.app.drawer.step() == 0


@pytest.mark.parametrize("fault", ["drawn", "gathered"])
async def test_who_waits_hears_that_a_picture_could_not_be_made(stage: Stage, fault: str) -> None:
    await stage.alice.says("/thoihan")
    await stage.alice.presses("12 tháng tới")

    def broken(session: Session, now: datetime, done_with: Set[str]) -> Drawing | None:
        found = wanted.next_wanted(stage.app.setup, session, now, done_with)
        return replace(found, gather=gather) if found else None

    def unlike_a_picture(_session: Session, _now: datetime) -> Gathered:
        return Gathered(bytes.fromhex, ("no picture",), lambda _session, _content, _now: None)

    def without_figures(_session: Session, _now: datetime) -> Gathered:
        raise LookupError

    gather = {"drawn": unlike_a_picture, "gathered": without_figures}[fault]
    drawer = Drawer(stage.app.trials.of("draw"), [broken], stage.world.clock.now)
    assert await drawer.step() == 1
    assert await drawer.step() == 0
    drawer.close()
    assert "Chưa vẽ được hình" in (await stage.alice.hears())[-1]


def file_something(session: Session) -> None:
    for row in session.scalars(select(Obligation).limit(5)):
        row.state = ObligationState.FILED


def gathered(stage: Stage, number: int, session: Session) -> Gathered:
    """What the picture asked for as the first, second … is made of."""
    now, drawings = stage.world.clock.now(), list[Drawing]()
    for _ in range(number):
        drawing = wanted.next_wanted(stage.app.setup, session, now, {each.name for each in drawings})
        assert drawing
        drawings.append(drawing)
    found = drawings[-1].gather(session, now)
    assert found
    return found


def charts_of_commune(stage: Stage, session: Session) -> list[tuple[tuple[Any, ...], list[str]]]:
    """What the week's charts of the commune are made of, and the chats that they go to, Vietnamese first."""
    now, seen, found = stage.world.clock.now(), set[str](), []
    while drawing := summary_charts.next_chart(stage.app.setup, session, now, seen):
        seen.add(drawing.name)
        made = drawing.gather(session, now)
        if made and COMMUNE in made.args[0]:
            made.settle(session, b"", now)
            found.append((made.args, _newest_chats(session)))
    return sorted(found, key=lambda each: each[0][-1], reverse=True)


def _newest_chats(session: Session) -> list[str]:
    """Where the last file that was kept goes."""
    newest = select(func.max(OutboxRow.file_id)).scalar_subquery()
    return list(session.scalars(select(OutboxRow.chat).where(OutboxRow.file_id == newest)))
