"""Steps that the dialogues about deadlines share."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.actions import roster
from bot.buttons import Tap, wire
from bot.storage.models import Duty, Obligation, ObligationState, Reminder, Role, Unit
from tests.cast import Actor, Stage
from tests.databases import A_MONDAY

TO_TUESDAY_8, TO_FRIDAY_8 = {"hours": 23}, {"days": 3, "hours": 23}


async def begin(stage: Stage, *, quotas: bool = False) -> None:
    """A few units owe reports, which keeps the ledger small; members owe posts only with `quotas`."""

    def work(session: Session) -> None:
        district = select(Unit.id).where(Unit.name == "Thị xã Kiến Tường").scalar_subquery()
        stay = (Unit.type == "province") | (Unit.id == district) | (Unit.parent_id == district)
        others = update(Unit).where(~stay, Unit.name != "Huyện Tân Hưng")
        session.execute(others.values(closed_on=A_MONDAY.date()))
        session.execute(delete(Obligation))

    await stage.ask(work)
    if not quotas:
        stage.change_campaign(quotas=())
    await stage.later(seconds=1)


def reports(news: list[str]) -> list[str]:
    return [text for text in news if "Nhắc nộp báo cáo" in text]


async def settle_all(stage: Stage, *, but: str = "") -> None:
    """Everything is filed, except what one unit owes."""

    def work(session: Session) -> None:
        others = select(Unit.id).where(Unit.name != but)
        done = update(Obligation).where(Obligation.unit_id.in_(others)).values(state=ObligationState.FILED)
        session.execute(done)

    await stage.ask(work)


async def obligation(stage: Stage, code: str = "weekly", unit: str = "Xã Tuyên Thạnh") -> Obligation:
    statement = select(Obligation).join(Obligation.unit).join(Obligation.duty).order_by(Obligation.due_at).limit(1)
    return await stage.ask(lambda s: s.scalars(statement.where(Unit.name == unit, Duty.code == code)).one())


async def appoint(stage: Stage, actor: Actor, unit: str, role: Role) -> None:
    def work(session: Session) -> None:
        found = session.scalars(select(Unit).where(Unit.name == unit).order_by(Unit.id).limit(1)).one()
        assert roster.appoint(session, actor.address, found, role, A_MONDAY)

    await stage.ask(work)


async def steps(stage: Stage) -> list[tuple[str, str]]:
    rows = await stage.ask(lambda s: s.execute(select(Reminder.step, Reminder.state).order_by(Reminder.id)).all())
    return [(step, state) for step, state in rows]


async def signed(stage: Stage, actor: Actor, action: str, *args: str | int) -> list[str]:
    """Press a button that we could have sent to this chat, but did not."""
    await actor.says("/datthe")  # a message with buttons
    to = actor.address
    return await actor.forges(wire(Tap("register.begin", action, args), to, "vi", stage.app.setup.key).data or "")
