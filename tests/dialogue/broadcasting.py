"""Steps that the dialogues about broadcasts share."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import roster
from bot.sandbox import people
from bot.storage.models import Broadcast, Recipient, Role, Unit
from scheduler.jobs import JOBS
from tests.cast import Actor, Stage
from tests.databases import A_MONDAY


async def begin(stage: Stage, *, approve_above: int = 200) -> None:
    """Nothing else speaks in between."""
    await stage.owe_nothing()
    chosen = stage.app.setup.campaign.broadcasts.model_copy(update={"approve_above": approve_above})
    stage.change_campaign(broadcasts=chosen)


async def second_coordinator(stage: Stage) -> Actor:
    """Charlie, who stands beside Dung."""
    await stage.register(stage.charlie, "Trần Thị C")
    await stage.bob.hears()

    def work(session: Session) -> None:
        province = session.scalars(select(Unit).where(Unit.type == "province")).one()
        at = stage.charlie.address
        assert roster.appoint(session, at, province, Role.COORDINATOR, A_MONDAY)

    await stage.ask(work)
    return stage.charlie


async def writes(actor: Actor, text: str, *, html: bool = False) -> str:
    """A draft; what its card says."""
    await actor.says("/thongbao")
    await actor.presses("Soạn thông báo")
    if not html:
        return (await actor.says(text))[-1]
    people.say(actor.stage.world, actor.person, text, html=True)
    return (await actor.hears())[-1]


async def sends(actor: Actor, text: str) -> None:
    """A broadcast that has gone out."""
    await writes(actor, text)
    await actor.presses("📣 Gửi")
    await actor.stage.later(seconds=61)
    await actor.stage.later(seconds=3)


async def begins(stage: Stage) -> None:
    """A broadcast of Dung's in the outbox, before anything was sent."""
    await writes(stage.dung, "Họp")
    await stage.dung.presses("📣 Gửi")
    stage.world.clock.advance(timedelta(seconds=61))
    await stage.app.tick(next(job for job in JOBS if job.name == "run_broadcasts"))


def got(actor: Actor, text: str) -> list[str]:
    """What stands in a chat of it."""
    return [each.text for each in actor.chat() if each.from_bot and text in each.text and each.text.startswith("📣 ")]


async def broadcasts(stage: Stage) -> list[tuple[int, str]]:
    rows = await stage.ask(lambda s: s.execute(select(Broadcast.id, Broadcast.state).order_by(Broadcast.id)).all())
    return [(id_, state) for id_, state in rows]


async def outcomes(stage: Stage) -> dict[str, int]:
    """State → how many recipients, of all broadcasts."""
    states = await stage.ask(lambda s: s.scalars(select(Recipient.state)).all())
    return {state: states.count(state) for state in states}
