"""Bình Tân in the sandbox: the youth union's pages on Facebook and its channels on TikTok and YouTube."""

import pytest

from tests.cast import Stage

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


async def test_a_union_that_owes_no_reports_is_reminded_of_nothing(youth: Stage) -> None:
    await youth.later(days=40)
    said = [*await youth.bob.hears(), *await youth.dung.hears()]
    assert not any("🔔" in text or "📋" in text for text in said)
    assert "chưa có nhiệm vụ" in (await youth.bob.says("/nhiemvu"))[0].lower()
