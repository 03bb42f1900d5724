"""Broadcasts of several: a second coordinator's word, two at once, pause and stop, what is on its way."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.actions import broadcast_running
from bot.actions import broadcasts as acting
from bot.domain.audience import Audience
from bot.storage.models import Broadcast, BroadcastState, Membership, OutboxRow, OutboxState, Role
from tests.cast import Actor, Stage
from tests.dialogue import reminding
from tests.dialogue.broadcasting import begin, begins, broadcasts, got, outcomes, second_coordinator, writes
from tests.dialogue.reminding import signed


@pytest.fixture
async def charlie(stage: Stage) -> Actor:
    """A second coordinator; more than one recipient needs his word."""
    await begin(stage, approve_above=1)
    return await second_coordinator(stage)


async def test_many_get_nothing_before_a_second_coordinator_agreed(stage: Stage, charlie: Actor) -> None:
    assert "cần một điều phối khác duyệt" in await writes(stage.dung, "Họp")
    assert "Đã hỏi" in (await stage.dung.presses("📣 Gửi"))[-1]
    asked = (await charlie.hears())[-1]
    assert "Dung (Tỉnh Long An) xin duyệt một thông báo gửi cho 4 người nhận" in asked
    await stage.later(minutes=5)
    assert got(stage.alice, "Họp") == []
    assert any("Họp" in text for text in await charlie.presses("Gửi thử"))
    assert "Đã duyệt" in (await charlie.presses("✅ Duyệt"))[-1]
    assert "Trần Thị C đã duyệt" in (await stage.dung.hears())[-1]
    await stage.later(seconds=61)
    assert len(got(stage.alice, "Họp")) == 1


@pytest.mark.usefixtures("charlie")
async def test_the_author_does_not_agree_to_his_own(stage: Stage) -> None:
    await writes(stage.dung, "Họp")
    await stage.dung.presses("📣 Gửi")
    assert "không thuộc phạm vi" in (await signed(stage, stage.dung, "broadcast.approve", 1))[-1]
    assert "điều phối" in (await signed(stage, stage.bob, "broadcast.approve", 1))[-1]
    assert await broadcasts(stage) == [(1, BroadcastState.ASKED)]


async def test_whoever_sends_anothers_draft_answers_for_it(stage: Stage, charlie: Actor) -> None:
    await writes(stage.dung, "Họp")
    await signed(stage, charlie, "broadcast.send", 1)
    assert "không thuộc phạm vi" in (await signed(stage, charlie, "broadcast.approve", 1))[-1]
    assert "Trần Thị C" in (await stage.dung.hears())[-1]


async def test_a_second_coordinator_who_refuses_gives_a_reason_and_the_author_mends_it(
    stage: Stage, charlie: Actor
) -> None:
    await writes(stage.dung, "Hop")
    await stage.dung.presses("📣 Gửi")
    await charlie.presses("❌ Từ chối")
    assert "đã được báo lý do" in (await charlie.says("Sai chính tả"))[-1]
    assert "Trần Thị C không duyệt thông báo của bạn: Sai chính tả" in (await stage.dung.hears())[-1]
    assert "không còn chờ duyệt: bị từ chối" in (await charlie.presses("✅ Duyệt"))[-1]
    await stage.dung.presses("Sửa và gửi lại")
    await stage.dung.presses("Sửa nội dung")
    await stage.dung.says("Họp")
    await stage.dung.presses("📣 Gửi")
    await charlie.presses("✅ Duyệt")
    await stage.later(seconds=61)
    assert (len(got(stage.alice, "Họp")), len(got(stage.alice, "Hop"))) == (1, 0)


async def test_without_a_second_coordinator_it_does_not_go_to_many(stage: Stage) -> None:
    await begin(stage, approve_above=1)
    await writes(stage.dung, "Họp")
    assert "chưa có ai" in (await stage.dung.presses("📣 Gửi"))[-1]
    assert await broadcasts(stage) == [(1, BroadcastState.DRAFT)]


async def test_two_coordinators_write_at_once_and_everybody_gets_both(stage: Stage) -> None:
    await begin(stage)
    charlie = await second_coordinator(stage)
    for actor in (stage.dung, charlie):
        await actor.says("/thongbao")
        await actor.presses("Soạn thông báo")
    await stage.dung.says("Việc một")
    await charlie.says("Việc hai")
    await stage.dung.presses("📣 Gửi")
    await charlie.presses("📣 Gửi")
    await stage.later(seconds=61)
    await stage.later(seconds=5)
    assert [len(got(stage.alice, words)) for words in ("Việc một", "Việc hai")] == [1, 1]
    assert await outcomes(stage) == {"sent": 8}


async def test_only_one_of_two_equal_ones_goes(stage: Stage) -> None:
    await begin(stage)
    charlie = await second_coordinator(stage)
    await writes(stage.dung, "Họp")
    await writes(charlie, "Họp")
    await stage.dung.presses("📣 Gửi")
    assert "Bot không gửi hai lần" in (await charlie.presses("📣 Gửi"))[-1]


async def test_paused_it_takes_back_what_was_not_sent_and_resumed_it_goes_on(stage: Stage) -> None:
    await begin(stage)
    await begins(stage)
    assert await outcomes(stage) == {"queued": 3}
    await stage.ask(lambda s: broadcast_running.pause(s, s.get_one(Broadcast, 1)))
    assert await outcomes(stage) == {"waiting": 3}
    assert got(stage.alice, "Họp") == []
    await stage.restart()
    await stage.later(minutes=5)
    assert got(stage.alice, "Họp") == []
    await stage.dung.says("/thongbao")
    await stage.dung.presses("Số 1")
    assert any("đang gửi" in text for text in await stage.dung.presses("Gửi tiếp"))
    await stage.later(seconds=5)
    assert await outcomes(stage) == {"sent": 3}
    assert len(got(stage.alice, "Họp")) == 1


async def test_stopped_it_goes_to_nobody_else_for_good(stage: Stage) -> None:
    await begin(stage)
    await begins(stage)
    now = stage.world.clock.now()
    await stage.ask(lambda s: broadcast_running.stop(s, s.get_one(Broadcast, 1), now))
    assert await outcomes(stage) == {"stopped": 3}
    await stage.later(minutes=5)
    assert got(stage.alice, "Họp") == []
    await stage.dung.says("/thongbao")
    assert "░░░░░░░░░░ 0 %\nĐã gửi 0/3 · không gửi nữa 3" in (await stage.dung.presses("Số 1"))[-1]
    await signed(stage, stage.dung, "broadcast.resume", 1)
    assert await broadcasts(stage) == [(1, BroadcastState.STOPPED)]


async def test_what_was_in_flight_when_the_bot_died_is_in_doubt_and_not_sent_again(stage: Stage) -> None:
    await begin(stage)
    await begins(stage)
    first = select(OutboxRow.id).where(OutboxRow.key.startswith("broadcast:")).order_by(OutboxRow.id).limit(1)
    sending = update(OutboxRow).where(OutboxRow.id.in_(first.scalar_subquery())).values(state=OutboxState.SENDING)
    await stage.ask(lambda s: s.execute(sending) and None)
    await stage.restart()
    await stage.later(minutes=2)
    await stage.later(seconds=5)
    assert await outcomes(stage) == {"in_doubt": 1, "sent": 2}
    assert any("chưa rõ 1" in each.text for each in stage.dung.chat())


async def test_others_announce_by_code_and_it_begins_at_once(stage: Stage) -> None:
    await begin(stage)

    def announce(session: Session) -> str:
        dung = session.scalars(select(Membership).where(Membership.role == Role.COORDINATOR)).one()
        now = stage.world.clock.now()
        return acting.announce(session, stage.app.setup, dung, "Trang của tuần", Audience(dung.unit_id), now).state

    assert await stage.ask(announce) == BroadcastState.RUNNING
    await stage.settle()
    assert len(got(stage.alice, "Trang của tuần")) == 1
    assert await stage.ask(announce) == BroadcastState.DRAFT  # the same is on its way
    await stage.later(seconds=5)
    assert await stage.ask(announce) == BroadcastState.RUNNING


async def test_who_has_not_filed_is_an_audience(stage: Stage) -> None:
    await reminding.begin(stage)
    await writes(stage.dung, "Xin nộp báo cáo")
    await stage.dung.presses("Đối tượng")
    await stage.dung.presses("Chưa nộp báo cáo")
    told = (await stage.dung.presses("Báo cáo tuần"))[-1]
    assert "vai trò điều phối, quản trị đơn vị, người được ủy quyền, chưa nộp Báo cáo tuần" in told
    await reminding.settle_all(stage)
    assert "Không có ai sẽ nhận" in (await stage.dung.presses("◀ Quay lại"))[-1]


async def test_its_end_is_told_in_one_message_however_long_it_took(stage: Stage) -> None:
    await begin(stage)
    await begins(stage)
    await stage.ask(lambda s: broadcast_running.pause(s, s.get_one(Broadcast, 1)))
    await stage.later(minutes=3)
    await stage.ask(lambda s: broadcast_running.resume(s, stage.app.setup, s.get_one(Broadcast, 1), stage.app.now()))
    for _ in range(12):
        await stage.later(seconds=7)
    told = [each.text for each in stage.dung.chat() if each.from_bot and "3/3" in each.text]
    assert len(told) == 1
    assert "đã gửi xong" in told[0]
    assert not any("░" in each.text for each in stage.dung.chat())
