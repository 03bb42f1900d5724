"""/tiendo: who has filed and who has not, and units that are excused."""

import pytest
from sqlalchemy import select

from bot.storage.models import Obligation, ObligationState, Role
from tests.cast import STALE, Stage
from tests.dialogue.reporting import COMMUNE, NOT_YOURS, THURSDAY_EVENING, appoint, filed, signed, weekly


async def test_progress_counts_who_filed_and_names_who_did_not(stage: Stage) -> None:
    await stage.later(**THURSDAY_EVENING)
    await filed(stage)
    await stage.later(days=1)
    await stage.dung.hears()
    [progress] = await stage.dung.says("/tiendo")
    owed = await weekly(stage)
    of_period = (Obligation.duty_id == owed.duty_id, Obligation.period == owed.period)
    same = await stage.ask(lambda s: len(s.scalars(select(Obligation.id).where(*of_period)).all()))
    assert f"phải nộp {same} · đã nộp 1 (đúng hạn 1, trễ 0) · miễn 0 · chưa nộp {same - 1}" in progress
    [missing] = await stage.dung.presses("Báo cáo tuần 5/3")
    assert f"{same - 1} đơn vị chưa nộp" in missing
    [turned] = await stage.dung.presses("Trang sau")
    assert "\n9. " in turned
    [table] = await stage.dung.presses("Tiến độ")
    assert "Tiến độ nộp báo cáo: Tỉnh Long An" in table


@pytest.mark.parametrize("words", ["", "Mất điện cả tuần"])
async def test_a_coordinator_excuses_a_unit_with_a_reason(stage: Stage, words: str) -> None:
    await stage.later(hours=1)
    owed = await weekly(stage)
    await stage.bob.says("/baocao")
    await stage.dung.says("/tiendo")
    await signed(stage, stage.dung, "progress.unit", owed.id)
    await stage.dung.presses("Miễn nộp")
    [done] = await (stage.dung.says(words) if words else stage.dung.presses("Đã nộp bản giấy"))
    assert "Đã miễn Xã Tuyên Thạnh" in done
    assert (words or "đã nộp bản giấy") in done
    told = (await stage.bob.hears())[-1]
    assert (words or "đã nộp bản giấy") in told
    after = await weekly(stage)
    assert (after.state, after.reason) == (ObligationState.EXCUSED, words or "paper")
    assert "được miễn nộp" in (await signed(stage, stage.bob, "report.file", owed.id))[0]
    assert await signed(stage, stage.dung, "progress.paper", owed.id) == STALE


async def test_only_a_coordinator_above_excuses(stage: Stage) -> None:
    await stage.later(hours=1)
    owed = await weekly(stage)
    await stage.bob.says("/baocao")
    assert await signed(stage, stage.bob, "progress.paper", owed.id)
    await appoint(stage, stage.bob, COMMUNE, Role.COORDINATOR)
    assert NOT_YOURS in (await signed(stage, stage.bob, "progress.paper", owed.id))[0]
    assert NOT_YOURS in (await signed(stage, stage.bob, "progress.excuse", owed.id))[0]
    assert (await weekly(stage)).state == ObligationState.OPEN
