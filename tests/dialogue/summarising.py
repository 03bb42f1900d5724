"""Steps that the dialogues about groups and their weeks share."""

from datetime import timedelta

from sqlalchemy import select

from bot.sandbox import people
from bot.storage.models import Group
from tests.cast import TAG, Actor, Stage

GROUP = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/"
WORDS = "Dân quân xã ra quân giúp dân gặt lúa."
WEEK = "📊 Tổng kết tuần: Xã Tuyên Thạnh"
TO_FRIDAY = timedelta(days=4, hours=7)  # from Monday 09:00 to Friday 16:00


def heard(stage: Stage, chat: int | None = None) -> list[str]:
    """All that the bot said in the group, or in another chat."""
    return [each.text for each in stage.world.messages(chat or stage.group.id) if each.from_bot]


async def in_group(stage: Stage, actor: Actor, text: str) -> list[str]:
    """What the bot answers in the group."""
    before = len(heard(stage))
    people.say(stage.world, actor.person, text, stage.group)
    await stage.settle()
    return heard(stage)[before:]


async def linked(stage: Stage) -> None:
    [answer] = await in_group(stage, stage.bob, "/lienket")
    assert answer.startswith("Nhóm này là nhóm của Xã Tuyên Thạnh")


async def hand_in(actor: Actor, *numbers: int) -> None:
    for number in numbers:
        [answer] = await actor.says(f"{GROUP}{number}/\n{WORDS} {TAG}")
        assert "✅" in answer


async def group_row(stage: Stage) -> Group:
    return await stage.ask(lambda s: s.scalars(select(Group)).one())


def weeks(stage: Stage, chat: int | None = None) -> list[str]:
    return [text for text in heard(stage, chat) if text.startswith("📊")]


async def to_friday(stage: Stage) -> None:
    await stage.later(seconds=TO_FRIDAY.total_seconds())


async def in_group_later(stage: Stage, text: str) -> list[str]:
    before = len(heard(stage))
    await in_group(stage, stage.bob, text)
    await stage.later(minutes=10)
    return heard(stage)[before:]
