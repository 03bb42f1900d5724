"""Bình Phước in the sandbox: posts count by their page, guidance is read and confirmed, reports by quarter."""

from sqlalchemy import select

from bot.storage.models import Consent
from tests.cast import Stage

POST = "https://www.facebook.com/groups/binhphuocxinchao/posts/12345678"


async def test_a_post_in_the_provinces_group_counts(pages: Stage) -> None:
    [answer] = await pages.alice.says(POST)
    assert "Bình Phước xin chào" in answer
    assert "Không cần hashtag. Đã tính." in answer
    assert "░" not in answer


async def test_a_reel_counts_once_its_author_says_where_it_stands(pages: Stage) -> None:
    [answer] = await pages.alice.says("https://www.facebook.com/reel/1234567890123")
    assert "Chưa tính" in answer
    [counted] = await pages.alice.presses("Tự hào Bình Phước")
    assert "Đã tính" in counted


async def test_the_guidance_is_confirmed_once_and_counted_for_those_above(pages: Stage) -> None:
    [text] = await pages.alice.says("/huongdan")
    assert "Chỉ đăng điều đã kiểm tra" in text
    assert "Đã đọc trong phần" not in text
    [read] = await pages.alice.presses("Tôi đã đọc")
    assert "Bạn đã xác nhận đã đọc" in read
    assert pages.alice.buttons() == []
    [seen] = await pages.bob.says("/huongdan")
    assert "1/2 người" in seen
    assert "1/3 người" in (await pages.dung.says("/guide"))[0]
    versions = await pages.ask(lambda s: s.scalars(select(Consent.version)).all())
    assert list(versions) == ["binh_phuoc posting 1"]


async def test_a_campaign_without_guidance_says_so(stage: Stage) -> None:
    assert "chưa có văn bản" in (await stage.alice.says("/huongdan"))[0]


async def test_members_of_a_commune_see_the_campaigns_deadlines(pages: Stage) -> None:
    await pages.later(minutes=30)
    [deadlines] = await pages.alice.says("/thoihan")
    assert "Báo cáo quý" in deadlines


async def test_a_unit_is_reorganised_without_tags(pages: Stage) -> None:
    await pages.dung.says("/sapxep")
    await pages.dung.says("xa thanh hoa")
    await pages.dung.presses("Xã Thanh Hòa")
    assert not any("lỗi" in text for text in await pages.dung.hears())
    assert "hashtag" not in pages.dung.last().text.lower()
