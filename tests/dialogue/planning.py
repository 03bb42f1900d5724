"""Steps that the dialogues about units changed from a day on share."""

from sqlalchemy import func, select

from bot.storage.models import Role, UnitChange
from tests.cast import Stage
from tests.dialogue.reminding import appoint
from tests.dialogue.rostering import COMMUNE

DAY = "2/3/2027"
DISTRICT, OTHER_DISTRICT = "Thị xã Kiến Tường", "Huyện Mộc Hóa"
NEW_TAG = "#DQTVTUYENHOAKIENTUONGLONGAN"


async def card(stage: Stage, name: str = COMMUNE) -> str:
    await stage.dung.says(f"/donvi {name}")
    return (await stage.dung.presses(name))[0]


async def renaming(stage: Stage, name: str = "Xã Tuyên Hòa", of: str = COMMUNE) -> str:
    """What is shown of a new name, before it is saved."""
    await card(stage, of)
    await stage.dung.presses("Đổi tên")
    return (await stage.dung.says(name))[0]


async def moving(stage: Stage, to: str = OTHER_DISTRICT) -> str:
    """What is shown of a move, before it is saved."""
    await card(stage)
    await stage.dung.presses("Chuyển cấp trên")
    await stage.dung.says(to)
    return (await stage.dung.presses(to))[0]


async def planned(stage: Stage, day: str = DAY) -> str:
    """Save what is shown for another day than today."""
    await stage.dung.presses("Từ ngày khác")
    await stage.dung.says(day)
    return (await stage.dung.presses("Lưu"))[0]


async def number_planned(stage: Stage) -> int:
    return await stage.ask(lambda s: s.scalars(select(func.count()).select_from(UnitChange)).one())


def told(news: list[str]) -> list[str]:
    return [text for text in news if "như đã hẹn" in text or "không làm được" in text]


async def coordinating(stage: Stage) -> None:
    """Charlie coordinates the district that the unit goes to."""
    await stage.register(stage.charlie, "Lê Thị C")
    await appoint(stage, stage.charlie, OTHER_DISTRICT, Role.COORDINATOR)
