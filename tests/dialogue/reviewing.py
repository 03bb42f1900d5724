"""Steps that several dialogues about review share."""

from sqlalchemy import select

from bot.storage.models import Post, ReviewCase
from tests.cast import TAG, Stage

GROUP = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/"
LINK = f"{GROUP}1234567890123/"
SHARE = "https://www.facebook.com/share/p/AbCdEf123/"
TEXT = f"Dân quân xã ra quân giúp dân gặt lúa. {TAG}"
WRONG = "Dân quân xã ra quân giúp dân gặt lúa. #DQTV_TUYENTHANH_KIENTUONG_LONGAN"


async def states(stage: Stage) -> list[str]:
    return list(await stage.ask(lambda s: s.scalars(select(Post.state).order_by(Post.id)).all()))


async def cases(stage: Stage) -> list[ReviewCase]:
    return list(await stage.ask(lambda s: s.scalars(select(ReviewCase).order_by(ReviewCase.id)).all()))


async def disputed(stage: Stage, number: int = 1, link: str = LINK) -> None:
    await stage.alice.says(f"{link}\n{WRONG}")
    [answer] = await stage.alice.presses("Nhờ người xem")
    assert f"Đã chuyển bài số {number} cho người duyệt" in answer


async def refused(stage: Stage) -> None:
    await disputed(stage)
    await stage.bob.says("/duyet")
    await stage.bob.presses("Duyệt từng bài")
    await stage.bob.presses("❌ Từ chối")
    await stage.bob.presses("Không có hashtag đúng")
