"""The morning's lines for the operators."""

from datetime import timedelta

from sqlalchemy.orm import Session

from bot.storage import operators, people, upkeep
from bot.storage.models import InboxRow, InboxState, OutboxRow, OutboxState
from tests.cast import Stage
from tests.databases import A_MONDAY


async def operated(stage: Stage) -> None:
    """Charlie looks after the installation; nothing else speaks."""
    await stage.owe_nothing()
    await stage.ask(lambda s: operators.follow_settings(s, [stage.charlie.address], stage.app.now()))
    await stage.charlie.says("/vanhanh")


async def test_it_comes_once_a_day_and_not_before_half_past_seven(stage: Stage) -> None:
    await operated(stage)
    await stage.later(minutes=5)
    assert await stage.charlie.hears() == []  # he became operator today
    await stage.later(hours=22)
    assert await stage.charlie.hears() == []
    await stage.later(minutes=30)
    [line] = await stage.charlie.hears()
    assert line.startswith("Sổ vận hành sáng 2/3/2027\n")
    assert "không có gì chờ" in line
    await stage.later(hours=10)
    await stage.restart()
    await stage.later(hours=1)
    assert await stage.charlie.hears() == []
    await stage.later(hours=24)
    assert "3/3/2027" in (await stage.charlie.hears())[0]


async def test_after_downtime_it_comes_once_for_the_day_that_it_is(stage: Stage) -> None:
    await operated(stage)
    stage.world.clock.advance(timedelta(days=5, hours=3))
    await stage.restart()
    await stage.later(minutes=1)
    [line] = await stage.charlie.hears()
    assert "6/3/2027" in line


async def test_it_tells_what_wants_to_be_looked_at(stage: Stage) -> None:
    await operated(stage)

    def trouble(session: Session) -> None:
        dead = InboxRow(channel="telegram", update_id="77", chat="1", received_at=A_MONDAY, not_before=A_MONDAY)
        dead.state, dead.alerted, dead.handled_at = InboxState.DEAD, True, A_MONDAY
        session.add(dead)
        at = {"channel": "telegram", "priority": "0_reply", "body": "{}", "created_at": A_MONDAY}
        session.add(OutboxRow(chat="1", state=OutboxState.FAILED, not_before=A_MONDAY, settled_at=A_MONDAY, **at))
        again = A_MONDAY + timedelta(days=2)
        session.add(OutboxRow(chat="2", state=OutboxState.WAITING, not_before=again, error="502", attempts=3, **at))
        upkeep.note_backup(session, A_MONDAY, "/backups/sotin.db", 12_345_678)
        upkeep.note_failed_backup(session, A_MONDAY, "sotin: the backup cannot be written to /backups: disk full.")

    await stage.ask(trouble)
    await stage.alice.says("/hashtag")
    await stage.later(hours=23)
    [line] = await stage.charlie.hears()
    assert "24 giờ qua: gửi 2 · hỏng 1" in line
    assert "Chờ lâu nhất: 1380 phút ⚠️" in line
    assert "Tin không xử lý được: 1 ⚠️" in line
    assert "Sao lưu: 09:00 1/3/2027, 12.3 MB" in line
    assert "disk full" in line
    assert "Đĩa còn trống" in line or not stage.app.db.embedded


async def test_an_operator_who_is_a_person_here_reads_it_in_his_language(stage: Stage) -> None:
    await operated(stage)

    def english(session: Session) -> None:
        account = people.account_of(session, stage.alice.address)
        assert account is not None
        account.person.language = "en"
        operators.follow_settings(session, [stage.alice.address], A_MONDAY)

    await stage.ask(english)
    await stage.later(hours=23)
    [line] = await stage.alice.hears()
    assert "on the morning of 2/3/2027" in line
    assert "none yet ⚠️" in line


async def test_nobody_is_told_while_nobody_is_operator_and_the_turn_is_not_lost(stage: Stage) -> None:
    await stage.owe_nothing()
    await stage.later(hours=23)
    assert await stage.ask(lambda s: upkeep.take_turn(s, "daily_line", "2027-03-02"))
    assert not await stage.ask(lambda s: upkeep.take_turn(s, "daily_line", "2027-03-02"))
    assert await stage.ask(lambda s: upkeep.take_turn(s, "daily_line", "2027-03-03"))
