"""A unit that ends and goes into no other: its people are told on the day, and asked where they are now."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions.dissolution import REASON
from bot.storage.models import AuditRow, Membership, MembershipState, Unit
from tests.cast import Stage
from tests.dialogue.test_reorganise import chosen, number_of, signed

UNIT = "Xã Tuyên Thạnh"
GONE = "không còn là thành viên ở đó"


async def dissolved(stage: Stage, day: str = "") -> list[str]:
    await chosen(stage)
    while any("☑" in label for label in stage.dung.buttons()):
        await stage.dung.presses("☑")
    await stage.dung.presses("Không có đơn vị nhận")
    await (stage.dung.says(day) if day else stage.dung.presses("Hôm nay"))
    return await stage.dung.presses("Xác nhận")


async def states(stage: Stage) -> dict[str | None, str]:
    def look(session: Session) -> dict[str | None, str]:
        rows = session.execute(select(Membership.full_name, Membership.state))
        return {row.full_name: row.state for row in rows}

    return await stage.ask(look)


async def test_what_it_means_is_shown_before_and_nothing_is_changed_until_it_is_confirmed(stage: Stage) -> None:
    await chosen(stage)
    while any("☑" in label for label in stage.dung.buttons()):
        await stage.dung.presses("☑")
    await stage.dung.presses("Không có đơn vị nhận")
    [shown] = await stage.dung.presses("Hôm nay")
    assert "Không có đơn vị nhận" in shown
    assert "2 người, thôi là thành viên trong ít phút nữa" in shown
    assert "1 người là quản trị hoặc điều phối thôi vai trò" in shown
    await stage.later(minutes=2)
    assert GONE not in str(await stage.alice.hears())
    assert (await states(stage))["Alice"] == MembershipState.ACTIVE


async def test_its_members_are_told_once_let_go_and_asked_where_they_are_now(stage: Stage) -> None:
    assert "không có đơn vị nhận" in (await dissolved(stage))[0]
    await stage.later(minutes=2)
    [told] = await stage.alice.hears()
    assert UNIT in told
    assert GONE in told
    assert "đơn vị khác" in told
    assert stage.alice.buttons() == ["Đăng ký"]
    assert GONE in str(await stage.bob.hears())
    await stage.later(hours=24)
    assert GONE not in str(await stage.alice.hears())
    found = await states(stage)
    assert (found["Alice"], found["Bob"], found["Dung"]) == (*[MembershipState.LEFT] * 2, MembershipState.ACTIVE)
    await stage.alice.presses("Đăng ký")
    assert "họ và tên" in stage.alice.last().text.lower()


async def test_on_a_day_to_come_nobody_is_let_go_before(stage: Stage) -> None:
    await dissolved(stage, "5/3/2027")
    await stage.later(days=3)
    assert (await states(stage))["Alice"] == MembershipState.ACTIVE
    await stage.later(days=1, hours=1)
    assert (await states(stage))["Alice"] == MembershipState.LEFT


async def test_it_can_be_taken_back_as_long_as_nobody_was_told(stage: Stage) -> None:
    await dissolved(stage, "5/3/2027")
    assert "vẫn hoạt động" in (await stage.dung.presses("Hoàn tác"))[0]
    assert (await stage.ask(lambda s: s.scalars(select(Unit).where(Unit.name == UNIT)).one())).closed_on is None
    await stage.later(days=5)
    assert (await states(stage))["Alice"] == MembershipState.ACTIVE
    await dissolved(stage)
    await stage.later(minutes=2)
    assert "đã có người được chuyển hoặc được báo" in str(await stage.dung.presses("Hoàn tác"))
    assert (await states(stage))["Alice"] == MembershipState.LEFT


async def test_each_who_goes_is_in_the_log_with_the_closing(stage: Stage) -> None:
    await dissolved(stage)
    await stage.later(minutes=2)
    logged = await stage.ask(lambda s: s.scalars(select(AuditRow).where(AuditRow.unit_id.is_not(None))).all())
    closing = [row for row in logged if row.subject == "units" and "closed_on" in row.after]
    assert closing[-1].act == "reorganise.confirm"
    gone = [row for row in logged if row.act == "reorganise.end"]
    assert {(row.subject, row.after["state"]) for row in gone} == {("memberships", "left")}
    assert len(gone) == 2
    assert REASON not in str([row.after for row in gone])


async def test_only_who_stands_above_may_do_it(stage: Stage) -> None:
    number = await number_of(stage, UNIT)
    await stage.bob.says("/hashtag")
    await signed(stage, stage.bob, "reorganise.none", number)
    assert (await stage.ask(lambda s: s.get_one(Unit, number))).closed_on is None
