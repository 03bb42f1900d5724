"""What the dialogues about hashtags share: how admins set them, and how members use them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import roster
from bot.storage.models import Role, Tag, Unit
from tests.cast import Actor, Stage
from tests.databases import A_MONDAY

GROUP = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/"
NEW = "#DQTVTUYENTHANHMOI"


async def appoint(stage: Stage, actor: Actor, unit: str, role: Role) -> None:
    """Give somebody of the cast a role in another unit, as the command line does."""

    def work(session: Session) -> None:
        found = session.scalars(select(Unit).where(Unit.name == unit)).one()
        assert roster.appoint(session, actor.address, found, role, A_MONDAY)

    await stage.ask(work)


async def tag_rows(stage: Stage, unit: str = "Xã Tuyên Thạnh") -> list[tuple[str, str]]:
    statement = select(Tag.tag, Tag.kind).join(Tag.unit).where(Unit.name == unit).order_by(Tag.id)
    return [(tag, kind) for tag, kind in await stage.ask(lambda s: s.execute(statement).all())]


async def hand_in(actor: Actor, number: int, tag: str) -> str:
    return (await actor.says(f"{GROUP}{number}\nDân quân xã ra quân giúp dân gặt lúa. {tag}"))[0]


async def set_tag(actor: Actor, tag: str, day: str, *, button: str = "Đặt hashtag bắt buộc") -> list[str]:
    """From the overview, through all questions; what was said to the confirm."""
    await actor.presses(button)
    await actor.says(tag)
    if "/" in day:
        await actor.says(day)
    else:
        await actor.presses(day)
    if "Thêm" in button:
        await actor.presses("Không thời hạn")
    return await actor.presses("Lưu")


async def open_unit(actor: Actor, typed: str, unit: str) -> list[str]:
    await actor.says("/datthe")
    await actor.presses("Đơn vị khác")
    await actor.says(typed)
    return await actor.presses(unit)
