"""What the preview texts of a public page confirm."""

import time
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.links import read_link
from bot.domain.readings import Reading
from bot.posts.base import NotThere, TryLater
from bot.posts.open_graph import OpenGraph, preview
from tests.posts.internet import AGENT, Internet, Reply

POST = "https://www.facebook.com/longan/posts/77"
PLACE = "www.facebook.com/longan/posts/77"
HTML = {"Content-Type": "text/html; charset=utf-8"}


def page(**tags: str) -> Reply:
    return Reply(200, _page(tags.items()).encode(), HTML)


def _page(tags: Iterable[tuple[str, str]]) -> str:
    lines = (f'<meta property="og:{name}" content="{content}" />' for name, content in tags)
    return f"<!doctype html><html><head>{''.join(lines)}</head><body><p>other words</p></body></html>"


async def read(internet: Internet, link: str = POST) -> Reading:
    return await OpenGraph(internet.fetcher()).read(read_link(link))


async def test_title_and_description_are_the_text_and_may_be_cut(internet: Internet) -> None:
    internet.replies[PLACE] = page(title="Xã Tuyên Thạnh", description="Ra quân #LONGAN &amp; hơn", url=POST + "?x=1")
    assert await read(internet) == Reading(text="Xã Tuyên Thạnh\n\nRa quân #LONGAN & hơn", url=POST, cut=True)


async def test_the_page_is_asked_for_once_by_an_honest_name(internet: Internet) -> None:
    internet.replies[PLACE] = page(title="Xã")
    await read(internet)
    [asked] = internet.asked
    assert asked.headers["user-agent"] == AGENT
    assert asked.headers["accept"] == "text/html"


async def test_a_page_beyond_the_limit_is_read_as_far_as_it_came(internet: Internet) -> None:
    long = page(title="Xã", description="#LONGAN").body + b"<p>" + b"x" * 1024 * 1024
    internet.replies[PLACE] = Reply(200, long, HTML)
    assert (await read(internet)).text == "Xã\n\n#LONGAN"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"<html><body>log in</body></html>", HTML),
        Reply(200, b"\xff\xfe\x00garbage", HTML),
        Reply(200, page(title="").body, HTML),
        Reply(200, page(title="Xã").body, {"Content-Type": "application/pdf"}),
        Reply(200, page(title="Xã").body),
        Reply(302, b"", {"Location": "https://www.facebook.com/login/"}),
        Reply(400),
        Reply(403),
        Reply(404),
    ],
)
async def test_a_page_without_preview_says_nothing(internet: Internet, reply: Reply) -> None:
    internet.replies[PLACE] = reply
    with pytest.raises(NotThere):
        await read(internet)
    assert internet.places() == [PLACE]


@pytest.mark.parametrize("status", [429, 500])
async def test_a_site_in_trouble_is_asked_later(internet: Internet, status: int) -> None:
    internet.replies[PLACE] = Reply(status)
    with pytest.raises(TryLater):
        await read(internet)


async def test_the_page_of_another_post_is_not_believed(internet: Internet) -> None:
    internet.replies[PLACE] = page(title="Xã", url="https://www.facebook.com/longan/posts/78")
    with pytest.raises(NotThere, match="another"):
        await read(internet)


@pytest.mark.parametrize("url", ["https://www.facebook.com/longan/posts/pfbid02abc", "https://www.facebook.com/longan"])
async def test_a_page_that_calls_itself_otherwise_may_be_the_same_post(internet: Internet, url: str) -> None:
    internet.replies[PLACE] = page(title="Xã", url=url)
    assert (await read(internet)).text == "Xã"


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<META NAME='og:title' CONTENT='a \"b\"'>", {"og:title": 'a "b"'}),
        ('<meta content="x" property="og:title"><meta property="og:title" content="y">', {"og:title": "x"}),
        ('<meta\n  property="og:description"\n  content="two\nlines">', {"og:description": "two\nlines"}),
        ("<meta property=og:title content=bare>", {"og:title": "bare"}),
        ('<meta property="og:title" content="#LONGAN &lt;3 &#7841;">', {"og:title": "#LONGAN <3 ạ"}),
        ('<meta property="og:title" content="a > b">', {"og:title": "a > b"}),
        ('<meta property="og:image" content="x">', {}),
        ('<metal property="og:title" content="x">', {}),
        ('<meta property="og:title" content="never closed', {}),
        ("<![x<![y", {}),
    ],
)
def test_a_preview_is_found_in_whatever_way_it_is_written(html: str, found: dict[str, str]) -> None:
    assert preview(html) == found


@given(st.text("<>meta/ !-[]&#='\"og:title", max_size=200))
def test_no_page_makes_the_reader_fail(html: str) -> None:
    preview(html)
    preview(f"<meta {html}>")


@pytest.mark.parametrize("piece", ["<", "<!--", "<a ", "<meta a='", '<meta "', "<![", "</", "<meta a=b "])
def test_a_page_made_to_waste_time_does_not(piece: str) -> None:
    html = piece * (256 * 1024 // len(piece))
    started = time.process_time()
    preview(html)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("link", "reads"),
    [
        (POST, True),
        ("https://www.tiktok.com/@longan/video/7106594312292453675", True),
        ("https://youtu.be/dQw4w9WgXcQ", True),
        ("https://www.facebook.com/share/p/abc123/", False),
        ("https://www.facebook.com/media/set/?set=a.123", False),
        ("https://www.facebook.com/longan", False),
        ("https://officialaccount.me/d?id=abc&pageId=123", False),
        ("https://example.vn/posts/77", False),
    ],
)
def test_only_posts_of_known_sites_are_opened(internet: Internet, link: str, reads: bool) -> None:
    assert OpenGraph(internet.fetcher()).reads(read_link(link)) is reads
