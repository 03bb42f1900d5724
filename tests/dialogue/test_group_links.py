"""A group becomes a unit's by /lienket, and nobody else's."""

import pytest
from sqlalchemy import select

from bot.sandbox import people
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.model import Status
from bot.storage.models import Membership, Role
from tests.cast import Stage
from tests.dialogue.setting_tags import appoint
from tests.dialogue.summarising import group_row, heard, in_group, linked, to_friday, weeks


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_an_admin_of_both_links_the_group_to_his_unit(stage: Stage) -> None:
    await linked(stage)
    row = await group_row(stage)
    bob = await stage.ask(lambda s: s.scalars(select(Membership).where(Membership.full_name == "Bob")).one())
    assert (row.unit_id, row.linked_by_id, row.summaries) == (bob.unit_id, bob.id, True)
    assert await in_group(stage, stage.bob, "/link@sotin_bot") == heard(stage)[:1]


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_who_administers_only_the_unit_is_refused(stage: Stage) -> None:
    stage.group.members[stage.bob.person.id] = Status.MEMBER
    [answer] = await in_group(stage, stage.bob, "/lienket")
    assert "cần là quản trị của nhóm này" in answer
    row = await group_row(stage)
    assert (row.unit_id, row.linked_by_id) == (None, None)


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_who_administers_only_the_group_is_refused(stage: Stage) -> None:
    stage.group.members[stage.alice.person.id] = Status.ADMINISTRATOR
    [answer] = await in_group(stage, stage.alice, "/lienket")
    assert answer.startswith("Lệnh này dành cho quản trị của đơn vị")
    assert (await group_row(stage)).linked_by_id is None


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_nobody_is_named_and_nothing_is_kept_of_a_stranger_in_the_group(stage: Stage) -> None:
    stage.group.members[stage.charlie.person.id] = Status.ADMINISTRATOR
    [answer] = await in_group(stage, stage.charlie, "/lienket")
    assert "Người mới" not in answer
    assert (await group_row(stage)).linked_by_id is None


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_a_second_unit_is_refused_until_the_first_gives_the_group_up(stage: Stage) -> None:
    await linked(stage)
    stage.group.members[stage.dung.person.id] = Status.ADMINISTRATOR
    [answer] = await in_group(stage, stage.dung, "/lienket")
    assert "đã liên kết với Xã Tuyên Thạnh; mỗi nhóm chỉ liên kết với một đơn vị" in answer
    [answer] = await in_group(stage, stage.bob, "/lienket huy")
    assert answer.startswith("Đã bỏ liên kết nhóm này với Xã Tuyên Thạnh")
    [answer] = await in_group(stage, stage.dung, "/lienket")
    assert answer.startswith("Nhóm này là nhóm của Tỉnh Long An")


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_only_an_admin_undoes_a_link(stage: Stage) -> None:
    [answer] = await in_group(stage, stage.alice, "/lienket huy")
    assert answer.startswith("Nhóm này chưa liên kết")
    await linked(stage)
    [answer] = await in_group(stage, stage.alice, "/lienket hủy")
    assert answer.startswith("Lệnh này dành cho quản trị")
    assert (await group_row(stage)).unit_id is not None


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_the_admin_of_another_unit_decides_nothing_here(stage: Stage) -> None:
    await linked(stage)
    await appoint(stage, stage.alice, "Huyện Tân Trụ", Role.UNIT_ADMIN)
    for command in ("/lienket huy", "/tongket tat"):
        [answer] = await in_group(stage, stage.alice, command)
        assert answer.startswith("Lệnh này dành cho quản trị")


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_where_the_messenger_does_not_answer_nothing_is_linked_and_it_is_said(stage: Stage) -> None:
    stage.world.faults.add(Fault(FaultKind.SERVER_ERROR, method="getChatAdministrators"))
    [answer] = await in_group(stage, stage.bob, "/lienket")
    assert "chưa hỏi được ai là quản trị nhóm này" in answer
    assert (await group_row(stage)).unit_id is None
    await linked(stage)


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_a_link_that_was_asked_for_before_a_crash_comes_about_after_it(stage: Stage) -> None:
    people.say(stage.world, stage.bob.person, "/lienket", stage.group)
    for channel in stage.app.channels.values():
        await stage.app.receiver.receive(channel, 0)
    await stage.app.handling.next()
    assert heard(stage) == []
    await stage.restart()
    await stage.settle()
    assert heard(stage)[0].startswith("Nhóm này là nhóm của Xã Tuyên Thạnh")


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_other_commands_in_a_group_go_to_the_private_chat(stage: Stage) -> None:
    [answer] = await in_group(stage, stage.bob, "/duyet")
    assert "chat riêng" in answer


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_a_group_that_became_a_supergroup_stays_the_units(stage: Stage) -> None:
    await linked(stage)
    grown = people.upgrade(stage.world, stage.bob.person, stage.group)
    await stage.settle()
    await to_friday(stage)
    assert len(weeks(stage, grown.id)) == 1
