"""/vaitro: who holds which role, who may give it, when it ends, and the alarm when nobody is left."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.buttons import Tap, wire
from bot.sandbox import people as sandbox
from bot.storage.models import Account, Membership, MembershipState, Person, Role, Unit
from tests.cast import Actor, Stage
from tests.databases import A_MONDAY

NO = "Việc này dành cho quản trị đơn vị trong phạm vi của mình"


async def signed(stage: Stage, actor: Actor, action: str, *args: str | int) -> list[str]:
    """Press a button that we could have sent to this chat, but did not."""
    await actor.says("/trogiup")
    await actor.says("/hoso")  # a message with buttons
    to = actor.address
    return await actor.forges(wire(Tap("help.show", action, args), to, "vi", stage.app.setup.key).data or "")


async def member(stage: Stage, name: str) -> Membership:
    return await stage.ask(lambda s: s.scalars(select(Membership).where(Membership.full_name == name)).one())


async def add(stage: Stage, name: str, unit: str, role: Role = Role.MEMBER) -> int:
    """Somebody without a telephone in a unit."""

    def work(session: Session) -> int:
        found = session.scalars(select(Unit).where(Unit.name == unit).order_by(Unit.id)).first()
        person = Person(created_at=A_MONDAY)
        row = Membership(person=person, unit=found, full_name=name, kind="can_bo", role=role, created_at=A_MONDAY)
        row.state = MembershipState.ACTIVE
        session.add(row)
        session.flush()
        return row.id

    return await stage.ask(work)


async def make_deputy(stage: Stage, day: str = "5/3") -> list[str]:
    await stage.bob.says("/vaitro")
    await stage.bob.presses("Giao vai trò")
    await stage.bob.says("ALICE tuyen")
    await stage.bob.presses("Alice")
    await stage.bob.presses("Phó")
    return await stage.bob.says(day)


async def test_a_deputy_does_what_an_admin_does_until_his_last_day_is_over(stage: Stage) -> None:
    await stage.owe_nothing()
    [done] = await make_deputy(stage)
    assert done.startswith("✅ Alice (Xã Tuyên Thạnh) nay là phó (tạm thay) đến hết thứ Sáu 5/3/2027")
    [told] = await stage.alice.hears()
    assert "đến hết thứ Sáu 5/3/2027 (Bob giao)" in told
    assert "chờ" in (await stage.alice.says("/duyet"))[0].casefold()
    await stage.register(stage.charlie)
    assert "Nguyễn Văn A xin vào" in (await stage.alice.hears())[0]
    await stage.later(days=4, hours=14, minutes=59)  # Friday 23:59
    assert (await member(stage, "Alice")).role == Role.DEPUTY
    await stage.bob.hears()
    await stage.alice.hears()
    await stage.later(minutes=1)
    assert (await member(stage, "Alice")).role == Role.MEMBER
    assert await stage.alice.hears() == [
        "Thời gian bạn làm phó ở Xã Tuyên Thạnh đã hết: từ giờ bạn là thành viên. Cảm ơn bạn."
    ]
    assert "Alice đã hết thời gian làm phó" in (await stage.bob.hears())[0]
    assert NO in (await stage.alice.says("/duyet"))[0]


async def test_a_deputy_sees_roles_and_gives_none(stage: Stage) -> None:
    await make_deputy(stage)
    [seen] = [text for text in await stage.alice.says("/vaitro") if "Vai trò:" in text]
    assert "Bob: quản trị đơn vị" in seen
    assert "Bạn đang là phó" in seen
    other = await add(stage, "Hoa", "Xã Tuyên Thạnh")
    for role in (Role.DEPUTY, Role.UNIT_ADMIN):
        assert NO in (await signed(stage, stage.alice, "roles.give", other, role))[-1]
    assert NO in (await signed(stage, stage.alice, "invite.role", (await member(stage, "Alice")).unit_id))[-1]
    assert "Phó không bàn giao" in (await stage.alice.says("/bangiao"))[0]


@pytest.mark.parametrize("day", ["28/2", "1/3/2028x", "2/3/2028", "31/2", "mai"])
async def test_a_deputys_last_day_lies_within_a_year(stage: Stage, day: str) -> None:
    assert "Ngày cuối phải từ hôm nay (1/3/2027)" in (await make_deputy(stage, day))[0]
    assert (await member(stage, "Alice")).role == Role.MEMBER
    assert "đến hết thứ Hai 1/3/2027" in (await stage.bob.says("1/3"))[0]


async def test_nobody_gives_more_than_he_has_nor_touches_himself_an_equal_or_who_is_above(stage: Stage) -> None:
    alice, bob, dung = [(await member(stage, name)).id for name in ("Alice", "Bob", "Dung")]
    equal = await add(stage, "Hoa", "Xã Tuyên Thạnh", Role.UNIT_ADMIN)
    elsewhere = await add(stage, "Lan", "Xã Thạnh Hưng")
    tries = [(alice, Role.COORDINATOR), (bob, Role.DEPUTY), (dung, Role.DEPUTY), (equal, Role.DEPUTY)]
    for number, role in [*tries, (elsewhere, Role.UNIT_ADMIN)]:
        for action in ("roles.give", "roles.give!"):
            assert NO in (await signed(stage, stage.bob, action, number, role))[-1]
    for number in (bob, dung, equal, elsewhere):
        assert NO in (await signed(stage, stage.bob, "roles.take!", number))[-1]
    assert NO in (await signed(stage, stage.dung, "roles.take!", dung))[-1]
    assert "trên cấp" in (await signed(stage, stage.bob, "roles.member", equal))[-1]
    assert (await signed(stage, stage.alice, "roles.take!", bob))[
        -1
    ] == "Việc này dành cho quản trị đơn vị trong phạm vi của mình. Nếu bạn cần, hãy liên hệ quản trị đơn vị bạn."
    roles = await stage.ask(lambda s: s.execute(select(Membership.full_name, Membership.role)).all())
    assert {tuple(row) for row in roles} >= {("Alice", "member"), ("Bob", "unit_admin"), ("Dung", "coordinator")}


async def test_a_coordinator_finds_a_unit_below_and_changes_its_admin(stage: Stage) -> None:
    await stage.dung.says("/vaitro")
    await stage.dung.presses("Đơn vị khác")
    await stage.dung.says("tuyen thanh")
    await stage.dung.presses("Xã Tuyên Thạnh")
    await stage.dung.presses("Bob")
    assert "Điều phối" in stage.dung.buttons()
    assert "thôi vai trò quản trị đơn vị" in (await stage.dung.presses("Thôi vai trò"))[0]
    assert "nay là thành viên" in (await stage.dung.presses("✅"))[0]
    assert "Bạn đã thôi vai trò trong Xã Tuyên Thạnh (Dung)" in (await stage.bob.hears())[0]
    assert NO in (await stage.bob.says("/vaitro"))[0]


async def test_units_without_an_admin_are_listed_a_page_at_a_time(stage: Stage) -> None:
    await stage.dung.says("/vaitro")
    [page] = await stage.dung.presses("Chưa có quản trị: 209")
    assert page.startswith("209 đơn vị chưa có quản trị mà bot liên lạc được:\n1. ")
    assert "\n9. " in (await stage.dung.presses("Trang sau"))[0]
    assert (await stage.bob.says("/vaitro"))[0]
    assert "dành cho điều phối" in (await signed(stage, stage.bob, "roles.without", 0))[-1]


@pytest.mark.telegram_only("Zalo does not tell who blocked the bot")
async def test_that_a_unit_lost_its_admin_is_told_once_with_a_button(stage: Stage) -> None:
    await stage.owe_nothing()
    await stage.later(minutes=6)
    assert await stage.dung.hears() == []
    sandbox.block(stage.world, stage.bob.person)
    await stage.settle()
    await stage.later(minutes=6)
    [alarm] = await stage.dung.hears()
    assert "Không còn quản trị nào liên lạc được ở:\n• Xã Tuyên Thạnh › Thị xã Kiến Tường" in alarm
    await stage.later(hours=1)
    assert await stage.dung.hears() == []
    assert "Vai trò: Xã Tuyên Thạnh" in (await stage.dung.presses("Chọn người: Xã Tuyên Thạnh"))[0]
    sandbox.unblock(stage.world, stage.bob.person)
    await stage.settle()
    await stage.later(minutes=6)
    await stage.ask(lambda s: s.execute(update(Account).where(Account.chat == "2003").values(reachable=False)))
    await stage.later(minutes=6)
    assert len(await stage.dung.hears()) == 1  # another loss
