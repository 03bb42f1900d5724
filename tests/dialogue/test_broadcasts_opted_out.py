"""Whoever wants no broadcasts gets only those that are a duty."""

import json

from bot.actions import broadcast_running
from bot.storage.models import Broadcast
from tests.cast import Stage
from tests.dialogue import reminding
from tests.dialogue.broadcasting import begin, begins, got, outcomes, sends, writes


async def test_who_opted_out_gets_none_until_he_takes_it_back(stage: Stage) -> None:
    await begin(stage)
    await stage.alice.says("/hoso")
    assert "không nhận thông báo chung nữa" in (await stage.alice.presses("Không nhận thông báo chung"))[-1]
    assert "Không nhận thông báo chung" in (await stage.alice.says("/hoso"))[-1]
    card = await writes(stage.dung, "Họp lúc 8 giờ")
    assert "2 người sẽ nhận" in card
    assert "1 người: không nhận thông báo chung (Alice)" in card
    await sends(stage.dung, "Họp lúc 8 giờ")
    assert got(stage.alice, "Họp") == []
    assert await outcomes(stage) == {"sent": 2, "left_out": 1}
    await stage.dung.says("/thongbao")
    await stage.dung.presses("Số 2")
    unreached = (await stage.dung.presses("Ai chưa nhận"))[-1]
    assert "Alice, Xã Tuyên Thạnh: không gửi (không nhận thông báo chung)" in unreached
    await stage.alice.presses("Nhận lại thông báo chung")
    await stage.dung.presses("◀ Kết quả")
    assert "1 người sẽ nhận, ví dụ: Alice" in (await stage.dung.presses("Gửi lại cho"))[-1]


async def test_what_the_unit_owes_is_said_all_the_same(stage: Stage) -> None:
    await reminding.begin(stage)
    await stage.bob.says("/hoso")
    await stage.bob.presses("Không nhận thông báo chung")
    card = await writes(stage.dung, "Xin nộp báo cáo")
    assert "không nhận thông báo chung (Bob)" in card
    await stage.dung.presses("Đối tượng")
    await stage.dung.presses("Chưa nộp báo cáo")
    await stage.dung.presses("Báo cáo tuần")
    card = (await stage.dung.presses("◀ Quay lại"))[-1]
    assert "Bob (Xã Tuyên Thạnh)" in card
    assert "không nhận thông báo chung" not in card


async def test_who_opts_out_while_it_is_on_its_way_does_not_get_it(stage: Stage) -> None:
    await begin(stage)
    await begins(stage)
    await stage.ask(lambda s: broadcast_running.pause(s, s.get_one(Broadcast, 1)))
    await stage.alice.says("/hoso")
    await stage.alice.presses("Không nhận thông báo chung")
    await stage.dung.says("/thongbao")
    await stage.dung.presses("Số 1")
    await stage.dung.presses("Gửi tiếp")
    await stage.later(seconds=5)
    assert await outcomes(stage) == {"sent": 2, "left_out": 1}


async def test_the_choice_and_the_broadcasts_are_in_the_log_and_in_what_is_held(stage: Stage) -> None:
    await begin(stage)
    await sends(stage.dung, "Họp lúc 8 giờ")
    await stage.alice.says("/hoso")
    await stage.alice.presses("Không nhận thông báo chung")
    assert "nhận thông báo chung có → không" in (await stage.bob.says("/nhatky"))[-1]
    await stage.alice.says("/xuatdulieu")
    held = json.loads((await stage.alice.file())[1])
    assert held["person"]["wants_broadcasts"] is False
    [told] = held["broadcasts_received"]
    assert (told["number"], told["text"], told["state"]) == (1, "Họp lúc 8 giờ", "sent")
    await stage.dung.says("/xuatdulieu")
    [sent] = json.loads((await stage.dung.file())[1])["broadcasts_sent"]
    assert (sent["number"], sent["text"], sent["state"]) == (1, "Họp lúc 8 giờ", "done")
