"""What has just come is handled at once; what a fault undid is not forgotten."""

import asyncio

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import handling
from bot.delivery import sender
from bot.sandbox import people
from bot.storage.models import InboxRow, InboxState
from tests.cast import Stage


async def test_what_a_failed_turn_undid_is_handled_without_waiting_for_the_next_look(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handling, "SOON", 600.0)  # the next look by itself would come too late
    stop = asyncio.Event()
    running = asyncio.create_task(stage.app.handling.run(stop))
    people.say(stage.world, stage.alice.person, "/hashtag")
    with monkeypatch.context() as broken:
        broken.setattr(sender, "record", _fails)
        await stage.app.receiver.receive(stage.app.channels["telegram"], 0)
    async with asyncio.timeout(10):
        while await stage.ask(_waiting):
            pass  # the question gives the others their turn
    stop.set()
    stage.app.handling.wake()
    await running
    assert len(await stage.alice.hears()) == 1


def _fails(*_: object) -> None:
    raise ZeroDivisionError


def _waiting(session: Session) -> int:
    return session.scalar(select(func.count()).where(InboxRow.state == InboxState.WAITING)) or 0
