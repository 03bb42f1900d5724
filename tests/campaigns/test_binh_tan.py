"""Bình Tân in the sandbox: the youth union's pages on Facebook and its channels on TikTok and YouTube."""

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.storage.models import Membership, MembershipState
from tests.cast import Stage
from tests.databases import A_MONDAY

POSTS = {
    "https://www.facebook.com/quandoanbinhtan/posts/12345678": "Quận Đoàn Bình Tân",
    "https://www.tiktok.com/@binhtantrongtoi.tiktok/video/7345678901234567890": "TikTok Bình Tân Trong Tôi",
}


@pytest.mark.parametrize("link", POSTS)
async def test_posts_count_on_each_platform(youth: Stage, link: str) -> None:
    [answer] = await youth.alice.says(link)
    assert POSTS[link] in answer
    assert "Đã tính" in answer


async def test_a_video_whose_link_names_no_channel_is_asked_for_its_place(youth: Stage) -> None:
    [answer] = await youth.alice.says("https://www.youtube.com/watch?v=dQw4w9WgXcQ")
    assert "Chưa tính" in answer
    assert "Đã tính" in (await youth.alice.presses("YouTube Bình Tân Trong Tôi"))[0]


async def test_members_say_that_they_follow_the_pages_and_the_union_sees_how_many_of_all(youth: Stage) -> None:
    def list_another(session: Session) -> None:
        bob = session.scalars(select(Membership).where(Membership.full_name == "Bob")).one()
        listed = Membership(unit_id=bob.unit_id, full_name="Trần B", kind=bob.kind, role=bob.role, created_at=A_MONDAY)
        listed.state = MembershipState.LISTED
        session.add(listed)

    await youth.ask(list_another)
    [text] = await youth.alice.says("/huongdan")
    assert "hãy chọn “Tôi đã theo dõi”" in text
    assert "chỉ tiêu" not in text
    assert "Bạn đã cho biết mình theo dõi" in (await youth.alice.presses("Tôi đã theo dõi"))[0]
    assert "1/3 người (33 %); chỉ tiêu 75 %." in (await youth.bob.says("/huongdan"))[0]
    await youth.bob.presses("Tôi đã theo dõi")
    [told] = await youth.dung.says("/huongdan")
    assert "2/4 người (50 %); chỉ tiêu 75 %." in told
    await youth.ask(lambda session: session.execute(delete(Membership).where(Membership.full_name == "Trần B")))
    await youth.dung.presses("Tôi đã theo dõi")
    assert "3/3 người (100 %); chỉ tiêu 75 %: ✅ đã đạt." in (await youth.dung.says("/huongdan"))[0]


async def test_a_union_that_owes_no_reports_is_reminded_of_nothing(youth: Stage) -> None:
    await youth.later(days=40)
    said = [*await youth.bob.hears(), *await youth.dung.hears()]
    assert not any("🔔" in text or "📋" in text for text in said)
    assert "chưa có nhiệm vụ" in (await youth.bob.says("/nhiemvu"))[0].lower()
