"""Buttons that were genuine once: pressed by another, twice, after the role was lost, after the person was erased."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.storage.models import Account, AuditRow, Membership, MembershipState, Role, Unit
from handlers.profile import WORDS_THAT_ERASE
from tests.cast import STALE, Actor, Stage
from tests.databases import Sqlite


@pytest.fixture
def databases(sqlite: Sqlite) -> Sqlite:
    """The same lines refuse them on either database."""
    return sqlite


async def waiting(stage: Stage) -> str:
    """Charlie waits to be let in; what is behind Bob's button that does it."""
    await stage.register(stage.charlie)
    await stage.bob.hears()
    return stage.bob.data_of("Duyệt")


async def state_of(stage: Stage, actor: Actor) -> str | None:
    def look(session: Session) -> str | None:
        person = select(Account.person_id).where(Account.chat == str(actor.person.id)).scalar_subquery()
        return session.scalar(select(Membership.state).where(Membership.person_id == person))

    return await stage.ask(look)


async def decisions(stage: Stage) -> int:
    let_in = select(AuditRow).where(AuditRow.act == "approval.yes")
    return len(await stage.ask(lambda session: session.scalars(let_in).all()))


async def change_bob(stage: Stage, **values: object) -> None:
    def change(session: Session) -> None:
        person = select(Account.person_id).where(Account.chat == str(stage.bob.person.id)).scalar_subquery()
        session.execute(update(Membership).where(Membership.person_id == person).values(**values))

    await stage.ask(change)


async def test_the_button_of_somebody_elses_chat_does_nothing(stage: Stage) -> None:
    data = await waiting(stage)
    for actor in (stage.alice, stage.dung, stage.charlie):
        await actor.says("/hoso")
        assert await actor.forges(data) == STALE
    assert await state_of(stage, stage.charlie) == MembershipState.PENDING


@pytest.mark.parametrize(
    "lost",
    [
        {"role": Role.MEMBER},
        {"role": Role.DEPUTY, "role_until": None},
        {"state": MembershipState.LEFT},
        {"state": MembershipState.ERASED, "person_id": None},
    ],
    ids=["the role", "the time", "the place", "everything"],
)
async def test_who_lost_his_role_presses_in_vain(stage: Stage, lost: dict[str, object]) -> None:
    data = await waiting(stage)
    await change_bob(stage, **lost)
    await stage.bob.forges(data)
    assert await state_of(stage, stage.charlie) == MembershipState.PENDING
    assert await decisions(stage) == 0


async def test_who_moved_to_another_unit_presses_in_vain(stage: Stage) -> None:
    data = await waiting(stage)
    await change_bob(stage, unit_id=select(Unit.id).where(Unit.name == "Huyện Đức Hòa").scalar_subquery())
    await stage.bob.forges(data)
    assert await state_of(stage, stage.charlie) == MembershipState.PENDING


async def test_a_press_that_is_repeated_is_done_once(stage: Stage) -> None:
    data = await waiting(stage)
    for _ in range(3):
        await stage.bob.says("/hoso")
        await stage.bob.forges(data)
    assert await state_of(stage, stage.charlie) == MembershipState.ACTIVE
    assert await decisions(stage) == 1


async def test_who_was_erased_meanwhile_is_not_let_in_by_an_old_button(stage: Stage) -> None:
    data = await waiting(stage)
    await stage.charlie.says("/xoadulieu")
    await stage.charlie.says(WORDS_THAT_ERASE["vi"])
    assert await state_of(stage, stage.charlie) is None
    await stage.bob.forges(data)
    nobodys = select(Membership.state).where(Membership.person_id.is_(None))
    states = await stage.ask(lambda session: session.scalars(nobodys).all())
    assert MembershipState.ACTIVE not in states


async def test_a_button_of_last_month_does_what_may_still_be_done_and_no_more(stage: Stage) -> None:
    data = await waiting(stage)
    await stage.owe_nothing()
    stage.world.clock.advance(timedelta(days=40))
    await stage.bob.forges(data[:-1] + ("A" if data[-1] != "A" else "B"))
    assert await state_of(stage, stage.charlie) == MembershipState.PENDING
    await stage.bob.forges(data)
    assert await state_of(stage, stage.charlie) == MembershipState.ACTIVE
