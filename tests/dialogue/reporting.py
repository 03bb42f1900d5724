"""Steps that the dialogues about reports share."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import roster
from bot.buttons import Tap, wire
from bot.storage.models import Obligation, Report, Role, Unit
from tests.cast import TAG, Actor, Stage
from tests.databases import A_MONDAY

GROUP = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/12345678"
VIDEO = "https://www.facebook.com/toiyeuchiensisaovuong/videos/12345678"
COMMUNE, DISTRICT = "Xã Tuyên Thạnh", "Thị xã Kiến Tường"
NOT_YOURS = "Báo cáo này không thuộc phần anh/chị phụ trách"
THURSDAY_EVENING = {"days": 3, "hours": 8, "minutes": 30}  # 17:30, from when on the weekly report may be filed


async def hand_in(stage: Stage, *numbers: int, link: str = GROUP, by: str = "alice") -> None:
    actor: Actor = getattr(stage, by)
    for number in numbers:
        answer = await actor.says(f"{link}{number:05}\nDân quân xã giúp dân gặt lúa. {TAG}")
        assert "Đã tính" in answer[-1]


async def filed(stage: Stage, by: str = "bob", remarks: str = "") -> list[str]:
    """The weekly report, from the list to the receipt."""
    actor: Actor = getattr(stage, by)
    await actor.says("/baocao")
    await actor.presses("Báo cáo tuần")
    await actor.presses("Tiếp")
    await (actor.says(remarks) if remarks else actor.presses("Không ghi chú"))
    return await actor.presses("Nộp báo cáo")


async def all_reports(stage: Stage) -> list[Report]:
    return list(await stage.ask(lambda s: s.scalars(select(Report).order_by(Report.id)).all()))


async def weekly(stage: Stage, unit: str = COMMUNE, period: str = "2027-W09") -> Obligation:
    def work(session: Session) -> Obligation:
        found = select(Obligation).join(Obligation.unit).join(Obligation.duty)
        rows = session.scalars(found.where(Unit.name == unit, Obligation.period == period).order_by(Obligation.id))
        return next(row for row in rows if row.duty.code == "weekly")

    return await stage.ask(work)


async def appoint(stage: Stage, actor: Actor, unit: str, role: Role) -> None:
    def work(session: Session) -> None:
        found = session.scalars(select(Unit).where(Unit.name == unit).order_by(Unit.id).limit(1)).one()
        assert roster.appoint(session, actor.address, found, role, A_MONDAY)

    await stage.ask(work)


async def signed(stage: Stage, actor: Actor, action: str, *args: str | int) -> list[str]:
    """Press a button that we could have sent to this chat, but did not."""
    to = actor.address
    return await actor.forges(wire(Tap("register.begin", action, args), to, "vi", stage.app.setup.key).data or "")
