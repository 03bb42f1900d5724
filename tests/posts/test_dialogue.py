"""What the readers do for the author: from a handed-in link through the worker to what he hears."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from bot.posts import open_sources
from bot.storage.models import Post, PostEvidence, PostKey, PostReading
from tests.cast import TAG, Stage
from tests.databases import Postgresql, Sqlite
from tests.posts.internet import Internet, Reply

PAGE = "https://www.facebook.com/toiyeuchiensisaovuong/posts/77"
GRAPH = "graph.facebook.com/v26.0/100000000000001_77"
SHARE = "https://www.facebook.com/share/p/EMMeAHj1cLMNWAER/"
SHARE_PLACE = "www.facebook.com/share/p/EMMeAHj1cLMNWAER/"
GROUP = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/1234567890123/"
TEXT = f"Dân quân xã ra quân giúp dân gặt lúa. {TAG}"


def page_says(text: str) -> Reply:
    body = f'{{"message": "{text}", "created_time": "2027-02-27T01:00:00+0000", "id": "100000000000001_77"}}'
    return Reply(body=body.encode(), headers={"Content-Type": "application/json"})


@pytest.fixture
async def stage(databases: Sqlite | Postgresql, internet: Internet) -> AsyncIterator[Stage]:
    """The stage with the body's own Page to be read, and short links to be followed."""
    sources = open_sources(
        version="0",
        contact="https://sotin.example",
        page_tokens={"100000000000001": "EAAToken"},
        page_names={"100000000000001": ("toiyeuchiensisaovuong",)},
        short_links=True,
        fetcher=internet.fetcher(),
    )
    async with Stage(databases.fresh("staged"), sources=sources) as opened:
        yield opened


async def one_post(stage: Stage) -> Post:
    return await stage.ask(lambda s: s.scalars(select(Post).order_by(Post.id).limit(1)).one())


async def test_a_post_on_the_own_page_is_confirmed_without_the_authors_text(stage: Stage, internet: Internet) -> None:
    internet.replies[GRAPH] = page_says(TEXT)
    answer, better = await stage.alice.says(PAGE)
    assert "dán nội dung bài" in answer
    assert "Số 1 · TÔI YÊU CHIẾN SĨ SAO VUÔNG: đã đủ căn cứ, bài được tính" in better
    post = await one_post(stage)
    assert (post.state, post.evidence, str(post.posted_on)) == ("counted", "confirmed_api", "2027-02-27")
    [learnt] = await stage.ask(lambda s: s.scalars(select(PostEvidence)).all())
    assert (learnt.source, learnt.level, learnt.verdict) == ("facebook_page", "confirmed_api", "ok")


async def test_a_page_that_is_down_slows_nobody_and_is_asked_again(stage: Stage, internet: Internet) -> None:
    internet.replies[GRAPH] = Reply(500)
    assert "Đã tính" in (await stage.alice.says(f"{PAGE}\n{TEXT}"))[0]
    internet.replies[GRAPH] = page_says(TEXT)
    await stage.later(minutes=2)
    assert (await one_post(stage)).evidence == "confirmed_api"
    assert internet.places() == [GRAPH, GRAPH]


async def test_that_a_source_sees_nothing_is_never_held_against_the_author(stage: Stage, internet: Internet) -> None:
    internet.replies[GRAPH] = Reply(404)
    [answer] = await stage.alice.says(PAGE)
    assert "dán nội dung bài" in answer
    assert (await one_post(stage)).state == "no_text"


async def test_a_page_that_shows_another_text_than_was_given_is_shown_to_a_person(
    stage: Stage, internet: Internet
) -> None:
    internet.replies[GRAPH] = page_says("Dân quân xã ra quân giúp dân gặt lúa. #KHAC")
    assert "Đã tính" in (await stage.alice.says(f"{PAGE}\n{TEXT}"))[0]
    await stage.bob.says("/duyet")
    [case] = await stage.bob.presses("Duyệt từng bài")
    assert "nội dung trên trang khác nội dung đã gửi" in case
    assert "đọc từ facebook_page, hashtag chưa đúng" in case
    assert (await one_post(stage)).state == "counted"


async def test_a_post_mended_on_the_page_is_read_again_when_it_is_checked_again(
    stage: Stage, internet: Internet
) -> None:
    internet.replies[GRAPH] = page_says("Bài không hashtag")
    await stage.alice.says(f"{PAGE}\nDân quân xã giúp dân #DQTV_TUYENTHANH_KIENTUONG_LONGAN")
    internet.replies[GRAPH] = page_says(TEXT)
    heard = await stage.alice.says(f"{PAGE}\nDân quân xã giúp dân #DQTV_TUYENTHANH_KIENTUONG_LONGAN")
    assert "đã đủ căn cứ" in heard[-1]


async def test_a_short_link_is_followed_once_and_the_post_counts(stage: Stage, internet: Internet) -> None:
    internet.replies[SHARE_PLACE] = Reply(302, headers={"Location": f"{GROUP}?rdid=x"})
    answer, better = await stage.alice.says(f"{SHARE} {TEXT}")
    assert "link rút gọn không mang số của bài" in answer
    assert "Tự hào Dân quân tự vệ Miền Đông: đã đủ căn cứ" in better
    keys = await stage.ask(lambda s: s.scalars(select(PostKey).order_by(PostKey.key)).all())
    assert [(key.key, key.source) for key in keys] == [
        ("fb:1234567890123", "redirect"),
        ("fbs:EMMeAHj1cLMNWAER", "link"),
    ]
    assert "đã ghi sổ, số 1" in (await stage.bob.says(f"{SHARE} {TEXT}"))[0]
    assert internet.places() == [SHARE_PLACE]


async def test_a_short_link_that_leads_to_a_logged_post_is_merged_with_it(stage: Stage, internet: Internet) -> None:
    internet.replies[SHARE_PLACE] = Reply(302, headers={"Location": GROUP})
    await stage.bob.says(f"{GROUP}\nBài của Bob về việc trồng cây. {TAG}")
    heard = await stage.alice.says(f"{SHARE} {TEXT}")
    assert "Bài số 2 và bài số 1 là cùng một bài" in heard[-1]
    assert await stage.ask(lambda s: s.scalars(select(Post.state).order_by(Post.id)).all()) == ["counted", "merged"]


async def test_a_short_link_that_was_asked_about_in_vain_is_never_asked_about_again(
    stage: Stage, internet: Internet
) -> None:
    internet.replies[SHARE_PLACE] = Reply(503)
    await stage.alice.says(f"{SHARE} {TEXT}")
    await stage.later(days=1)
    await stage.alice.says(f"{SHARE} {TEXT}")
    assert internet.places() == [SHARE_PLACE]
    [row] = await stage.ask(lambda s: s.scalars(select(PostReading)).all())
    assert row.state == "failed"


async def test_what_was_being_read_when_the_bot_went_down_is_read_after_its_start(
    stage: Stage, internet: Internet
) -> None:
    internet.replies[GRAPH] = page_says(TEXT)
    await stage.alice.says("/hashtag")

    def lose(session: object) -> None:
        for row in session.scalars(select(PostReading)):  # type: ignore[attr-defined]  # a Session
            row.state, row.claimed_until = "reading", stage.world.clock.now()

    internet.replies[GRAPH] = Reply(500)
    await stage.alice.says(f"{PAGE}\n{TEXT}")
    internet.replies[GRAPH] = page_says(TEXT)
    await stage.ask(lose)
    await stage.later(minutes=1)
    assert (await one_post(stage)).evidence == "confirmed_api"
