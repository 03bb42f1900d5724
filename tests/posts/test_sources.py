"""What each source makes of the answers of its site. The answers are made up after the sites' references."""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from bot.domain.links import read_link
from bot.domain.readings import Reading
from bot.posts.base import NotThere, Source, TryLater, Unread
from bot.posts.facebook_page import FacebookPages, Page
from bot.posts.fetching import Fetcher, Limits
from bot.posts.tiktok import TikTok
from bot.posts.youtube import YouTube
from tests.posts.internet import Internet, Reply

TOKEN = "EAAToken"  # noqa: S105 -- opens nothing
PAGE = Page("1000", TOKEN, frozenset({"longan"}))
GRAPH = "graph.facebook.com/v26.0/"
POST = "https://www.facebook.com/longan/posts/77"
REEL = "https://www.facebook.com/longan/reel/88/"
PHOTO = "https://www.facebook.com/longan/photos/99"
VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
TIKTOK = "https://www.tiktok.com/@longan/video/7106594312292453675"
VIDEOS, OEMBED = "www.googleapis.com/youtube/v3/videos", "www.tiktok.com/oembed"
WORDS = "Ra quân tình nguyện #TINHNGUYENTUYENTHANHLONGAN"
SOURCES = [("facebook", POST, GRAPH + "1000_77"), ("youtube", VIDEO, VIDEOS), ("tiktok", TIKTOK, OEMBED)]


def source(name: str, fetcher: Fetcher) -> Source:
    made: dict[str, Source] = {
        "facebook": FacebookPages(fetcher, (PAGE,)),
        "youtube": YouTube(fetcher, "AIzaKey"),
        "tiktok": TikTok(fetcher),
    }
    return made[name]


def says(status: int = 200, /, **answer: object) -> Reply:
    return Reply(status, json.dumps(answer).encode(), {"Content-Type": "application/json"})


async def read(internet: Internet, name: str, link: str) -> Reading:
    asked = source(name, internet.fetcher())
    assert asked.reads(read_link(link))
    return await asked.read(read_link(link))


async def test_a_post_of_our_page_is_read_with_the_pages_token(internet: Internet) -> None:
    internet.replies[GRAPH + "1000_77"] = says(
        id="1000_77",
        message=WORDS,
        permalink_url="https://www.facebook.com/longan/posts/pfbid02abc?x=1",
        created_time="2026-04-18T10:00:00+0000",
    )
    assert await read(internet, "facebook", POST) == Reading(
        text=WORDS,
        url="https://www.facebook.com/longan/posts/pfbid02abc",
        posted_at=datetime(2026, 4, 18, 10, tzinfo=UTC),
        owner="1000",
    )
    [asked] = internet.asked
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert parse_qs(asked.query) == {"fields": ["message,permalink_url,created_time,from"]}


async def test_a_reel_is_read_by_its_own_number(internet: Internet) -> None:
    author = {"id": "1000", "name": "Long An"}
    internet.replies[GRAPH + "88"] = says(description=WORDS, permalink_url="/reel/88/", **{"from": author})
    reading = await read(internet, "facebook", REEL)
    assert (reading.text, reading.url) == (WORDS, "https://www.facebook.com/reel/88/")


async def test_the_caption_of_a_photo_is_its_name(internet: Internet) -> None:
    link = "https://www.facebook.com/photo.php?fbid=99&set=pcb.77"
    internet.replies[GRAPH + "99"] = says(name=WORDS, link=link, **{"from": {"id": "1000"}})
    reading = await read(internet, "facebook", PHOTO)
    assert reading.text == WORDS
    assert read_link(reading.url or "").aliases == ("fb:77",)


@pytest.mark.parametrize("author", [{"from": {"id": "2000"}}, {}])
async def test_somebody_elses_video_under_our_name_is_not_ours(internet: Internet, author: dict[str, object]) -> None:
    internet.replies[GRAPH + "88"] = says(description=WORDS, **author)
    with pytest.raises(NotThere, match="own"):
        await read(internet, "facebook", REEL)


async def test_a_post_without_words_is_read_as_such(internet: Internet) -> None:
    internet.replies[GRAPH + "1000_77"] = says(id="1000_77")
    assert await read(internet, "facebook", POST) == Reading(owner="1000")


@pytest.mark.parametrize(
    ("status", "error", "outcome"),
    [
        (400, {"code": 100, "error_subcode": 33}, NotThere),
        (403, {"code": 10}, NotThere),
        (403, {"code": 200}, NotThere),
        (404, {"code": 803}, NotThere),
        (400, {"code": 190}, TryLater),
        (400, {"code": 4}, TryLater),
        (400, {"code": 32}, TryLater),
        (400, {"code": 1}, TryLater),
        (400, {"code": 99, "is_transient": True}, TryLater),
        (200, {"code": 100}, NotThere),
        (400, {}, NotThere),
    ],
)
async def test_graphs_errors_say_whether_to_ask_again(
    internet: Internet, status: int, error: dict[str, object], outcome: type[Unread]
) -> None:
    internet.replies[GRAPH + "1000_77"] = says(status, error={"message": f"bad {TOKEN} {WORDS}", **error})
    with pytest.raises(outcome) as raised:
        await read(internet, "facebook", POST)
    assert str(error.get("code", 0)) in raised.value.reason
    assert TOKEN not in raised.value.reason
    assert WORDS not in raised.value.reason


@pytest.mark.parametrize(
    "link",
    [
        "https://www.facebook.com/other/posts/77",
        "https://www.facebook.com/longan/posts/pfbid02abc",
        "https://www.facebook.com/groups/longan/posts/77",
        "https://www.facebook.com/watch/?v=88",
        "https://www.facebook.com/longan",
        "https://www.facebook.com/share/p/abc123/",
        VIDEO,
    ],
)
def test_only_numbered_posts_of_our_pages_are_asked_about(internet: Internet, link: str) -> None:
    assert not source("facebook", internet.fetcher()).reads(read_link(link))


@pytest.mark.parametrize(
    "link", [POST, "https://www.facebook.com/1000/posts/77", "https://m.facebook.com/LongAn/posts/77"]
)
def test_a_page_is_known_by_number_and_by_name(internet: Internet, link: str) -> None:
    assert source("facebook", internet.fetcher()).reads(read_link(link))


def test_a_page_does_not_show_its_token() -> None:
    assert TOKEN not in repr(PAGE)


async def test_a_video_is_read_with_the_key_in_a_header(internet: Internet) -> None:
    snippet = {
        "title": "Ngày hội",
        "description": WORDS,
        "publishedAt": "2026-04-18T10:00:00Z",
        "channelId": "UClongan",
        "channelTitle": "Long An",
    }
    internet.replies[VIDEOS] = says(items=[{"id": "dQw4w9WgXcQ", "snippet": snippet}])
    assert await read(internet, "youtube", "https://youtu.be/dQw4w9WgXcQ?si=x") == Reading(
        text=f"Ngày hội\n\n{WORDS}", url=VIDEO, posted_at=datetime(2026, 4, 18, 10, tzinfo=UTC), owner="UClongan"
    )
    [asked] = internet.asked
    assert asked.headers["x-goog-api-key"] == "AIzaKey"
    assert parse_qs(asked.query) == {"part": ["snippet"], "id": ["dQw4w9WgXcQ"]}


@pytest.mark.parametrize("items", [[], [{"id": "another1234", "snippet": {}}]])
async def test_a_video_that_youtube_does_not_show_is_not_there(internet: Internet, items: list[object]) -> None:
    internet.replies[VIDEOS] = says(items=items)
    with pytest.raises(NotThere):
        await read(internet, "youtube", VIDEO)


@pytest.mark.parametrize("status", [400, 403])
async def test_a_key_that_youtube_refuses_is_not_the_videos_fault(internet: Internet, status: int) -> None:
    internet.replies[VIDEOS] = says(status, error={"message": "AIzaKey"})
    with pytest.raises(TryLater) as error:
        await read(internet, "youtube", VIDEO)
    assert error.value.seconds == 3600
    assert "AIza" not in error.value.reason


async def test_a_caption_on_tiktok_is_its_title(internet: Internet) -> None:
    internet.replies[OEMBED] = says(
        title=WORDS, author_url="https://www.tiktok.com/@LongAn", embed_product_id="7106594312292453675"
    )
    assert await read(internet, "tiktok", TIKTOK + "?_r=1") == Reading(text=WORDS, url=TIKTOK, owner="longan")
    assert parse_qs(internet.asked[0].query) == {"url": [TIKTOK]}


@pytest.mark.parametrize("status", [400, 403, 404])
async def test_what_tiktok_does_not_show_is_not_there(internet: Internet, status: int) -> None:
    internet.replies[OEMBED] = says(status, code=status, message="Something went wrong")
    with pytest.raises(NotThere, match=str(status)):
        await read(internet, "tiktok", TIKTOK)


async def test_an_answer_about_another_video_is_not_believed(internet: Internet) -> None:
    internet.replies[OEMBED] = says(title=WORDS, embed_product_id="1")
    with pytest.raises(NotThere, match="another"):
        await read(internet, "tiktok", TIKTOK)


@pytest.mark.parametrize("link", ["https://vm.tiktok.com/ZM1/", "https://www.tiktok.com/@longan", POST])
def test_tiktok_is_asked_about_numbered_posts_only(internet: Internet, link: str) -> None:
    assert not source("tiktok", internet.fetcher()).reads(read_link(link))


@pytest.mark.parametrize("link", ["https://www.youtube.com/post/UgkxAbc", "https://www.youtube.com/@longan", POST])
def test_youtube_is_asked_about_videos_only(internet: Internet, link: str) -> None:
    assert not source("youtube", internet.fetcher()).reads(read_link(link))


@pytest.mark.parametrize(("name", "link", "place"), SOURCES)
@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"<html>not json</html>"),
        Reply(200, b""),
        Reply(200, b"[1, 2]"),
        Reply(200, b"[" * 100_000),
        Reply(200, b'{"items": 7, "message": [], "title": {}}'),
        Reply(200, b'{"title": "' + b"x" * 1024 * 1024 + b'"}'),
        Reply(200, b'{"title": "\xff"}'),
        Reply(429, b"", {"Retry-After": "7"}),
        Reply(500, b"oops"),
        Reply(200, stalls=True),
    ],
    ids=["html", "nothing", "list", "deep", "types", "large", "letters", "throttled", "down", "slow"],
)
async def test_trouble_is_tried_again_later(internet: Internet, name: str, link: str, place: str, reply: Reply) -> None:
    internet.replies[place] = reply
    limits = Limits(total=0.05) if reply.stalls else Limits()
    with pytest.raises(TryLater) as error:
        await source(name, internet.fetcher(limits)).read(read_link(link))
    assert error.value.seconds == (7 if reply.status == 429 else None)
    assert internet.places() == [place]


@pytest.mark.parametrize(("name", "link", "place"), SOURCES)
async def test_no_source_goes_where_an_answer_points(internet: Internet, name: str, link: str, place: str) -> None:
    internet.replies[place] = Reply(302, b"{}", {"Location": "https://www.facebook.com/elsewhere"})
    with pytest.raises(Unread):
        await read(internet, name, link)
    assert internet.places() == [place]
