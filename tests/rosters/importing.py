"""Parts that dialogues about imports share."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.sandbox import people
from bot.sandbox.model import Message
from bot.storage.models import BatchState, ImportBatch, Membership, MembershipState
from scheduler.jobs import JOBS
from tests.cast import Actor, Stage


async def sends(actor: Actor, name: str, content: bytes, caption: str = "") -> list[str]:
    """Send a file; what the bot answered."""
    people.send_document(actor.stage.world, actor.person, name, content, caption)
    return await actor.hears()


async def imports(actor: Actor, content: bytes, name: str = "danh-sach.xlsx") -> list[str]:
    """Ask for an import and send the file; what came after it."""
    await actor.says("/nhap")
    return await sends(actor, name, content)


async def writes(actor: Actor, button: str = "Ghi ") -> list[str]:
    """Confirm, and let the jobs write."""
    said = await actor.presses(button)
    await work(actor.stage)
    return said + await hears_all(actor)


async def work(stage: Stage) -> None:
    """Let the jobs write and undo; the others would take long, and speak in between."""
    for job in JOBS:
        if job.name in ("write_rosters", "undo_rosters"):
            await stage.app.tick(job)
    await stage.settle()


async def hears_all(actor: Actor) -> list[str]:
    """Let all that is to be made in the background be made, too."""
    while await actor.stage.app.drawer.step():
        pass
    return await actor.hears()


def files(actor: Actor) -> list[Message]:
    """The messages of the bot that hold a file, oldest first."""
    return [each for each in actor.chat() if each.from_bot and each.document]


def content(message: Message) -> bytes:
    assert message.document is not None
    return message.document.content


async def listed(stage: Stage) -> list[tuple[str | None, str, str | None]]:
    """(name, unit, telephone) of those in the rosters whom nobody claimed."""

    def look(session: Session) -> list[tuple[str | None, str, str | None]]:
        statement = select(Membership).where(Membership.state == MembershipState.LISTED).order_by(Membership.id)
        return [(each.full_name, each.unit.name, each.phone) for each in session.scalars(statement)]

    return await stage.ask(look)


async def batches(stage: Stage) -> list[tuple[int, str, dict[str, object]]]:
    """(number, state, figures) of all imports."""

    def look(session: Session) -> list[tuple[int, str, dict[str, object]]]:
        found = session.scalars(select(ImportBatch).order_by(ImportBatch.id))
        return [(each.id, BatchState(each.state).value, each.figures) for each in found]

    return await stage.ask(look)
