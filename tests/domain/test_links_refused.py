"""Links that open no post, and links that pretend to."""

import time
from collections.abc import Callable

import pytest

from bot.domain.links import Kind, find_links, read_link

FB = "https://www.facebook.com"
OA = "4318657068771012646"

# link, what it is instead, owner
NOT_POSTS = [
    (f"{FB}/dqtv.longan", "profile", "dqtv.longan"),
    (f"{FB}/dqtv/about", "profile", "dqtv"),
    (f"{FB}/dqtv/photos", "profile", "dqtv"),
    (f"{FB}/dqtv/videos/", "profile", "dqtv"),
    (f"{FB}/profile.php?id=100064123456789&sk=about", "profile", "100064123456789"),
    (f"{FB}/people/Alice/100064123456789/", "profile", "100064123456789"),
    (f"{FB}/p/Long-An-100064123456789/", "profile", "100064123456789"),
    (f"{FB}/pages/category/Government/Long-An-100064123456789/", "profile", "100064123456789"),
    (f"{FB}/groups/TuHao/", "group", "tuhao"),
    (f"{FB}/groups/123/members", "group", "123"),
    (f"{FB}/groups/123/posts/", "group", "123"),
    (f"{FB}/share/g/1AbcD2/", "group", None),
    (f"{FB}/stories/123/UzpfSVNDOjE=/", "story", None),
    (f"{FB}/hashtag/dqtvlongan", "hashtag", None),
    (f"{FB}/events/777/", "event", None),
    (f"{FB}/marketplace/item/456", "marketplace", None),
    (f"{FB}/watch/", "feed", None),
    (f"{FB}/reel/", "feed", None),
    ("https://www.facebook.com", "feed", None),
    (f"{FB}/search/posts?q=abc", "search", None),
    (f"{FB}/ads/library/?id=456", "ads", None),
    (f"{FB}/login/", "login", None),
    (f"{FB}/messages/t/456", "chat", None),
    (f"{FB}/sharer/sharer.php", "site", None),
    ("https://developers.facebook.com/dqtv/posts/456", "site", None),
    ("https://apps.facebook.com/dqtv/posts/456", "site", None),
    ("https://l.facebook.com/dqtv/posts/456", "site", None),
    ("https://l.facebook.com/l.php?u=javascript:alert(1)", "site", None),
    ("https://www.tiktok.com/@quandoan", "profile", "quandoan"),
    ("https://www.tiktok.com/tag/longan", "hashtag", None),
    ("https://www.youtube.com/@binhtan", "channel", "@binhtan"),
    ("https://www.youtube.com/channel/UCabc/videos", "channel", "UCabc"),
    ("https://www.youtube.com/playlist?list=PL1", "playlist", None),
    ("https://www.youtube.com/embed/videoseries?list=PL1", "playlist", None),
    (f"https://zalo.me/{OA}", "profile", OA),
    ("https://zalo.me/0900000000", "profile", None),
    ("https://zalo.me/s/1234567/", "app", None),
    (f"https://rd.zapps.vn/articles?pageId={OA}", "feed", OA),
]

UNKNOWNS = [
    "",
    "xin chào",
    "https://",
    "https://longan.gov.vn/bai-viet/456",
    "https://facebook.com@evil.com/dqtv/posts/456",
    "https://www.facebook.com:443@evil.com/dqtv/posts/456",
    "https://evil.com@facebook.com/dqtv/posts/456",
    "https://facebook.com%40evil.com/dqtv/posts/456",
    "https://facebook.com\\@evil.com/dqtv/posts/456",
    "https://evil.com\\.facebook.com/dqtv/posts/456",
    "https://www.facebook.com\\dqtv\\posts\\456",
    "https://facebook.com.evil.com/dqtv/posts/456",
    "https://evilfacebook.com/dqtv/posts/456",
    "https://evil.com/www.facebook.com/dqtv/posts/456",
    "https://evil.com/?u=https://www.facebook.com/dqtv/posts/456",
    "https://evil.com#@facebook.com/dqtv/posts/456",
    "https://fаcebook.com/dqtv/posts/456",  # a Cyrillic а
    "https://faceboo\u212a.com/dqtv/posts/456",  # the Kelvin sign, whose lower case is k
    "https://ｆａｃｅｂｏｏｋ.com/dqtv/posts/456",
    "https://facebook。com/dqtv/posts/456",
    "https://xn--fcebook-2fg.com/dqtv/posts/456",
    "https://www.facebook.com:8443/dqtv/posts/456",
    "javascript:alert('facebook.com/dqtv/posts/456')",
    "ftp://facebook.com/dqtv/posts/456",
    "fb://facebook.com/dqtv/posts/456",
    "https://[::1/dqtv/posts/456",
    "https://www.facebook.com/dqtv\n/posts/456",
    "https://www.facebook.com/dqtv/posts/../456",
    "https://www.facebook.com/dqtv/posts/%2e%2e/456",
    "https://www.facebook.com/dqtv/posts/" + "9" * 20,
    "https://www.facebook.com/dqtv/posts/٤٥٦",
    "https://www.facebook.com/dqtv/posts/0",
    "https://www.facebook.com/dqtv/posts/chưa-có-số",
    "https://www.facebook.com/groups/posts%2F456/posts",
    "https://www.facebook.com/permalink.php?id=111",
    "https://www.facebook.com/settings.php/posts/456",
    "https://www.facebook.com/marketing.php",
    "https://www.youtube.com/embed/live_stream?channel=UCabc",
    "https://youtu.be/short",
    "https://officialaccount.me/",
]


@pytest.mark.parametrize(("link", "what", "owner"), NOT_POSTS)
def test_a_link_to_something_else_is_named(link: str, what: str, owner: str | None) -> None:
    read = read_link(link)
    assert (read.kind, read.what, read.owner, read.key) == (Kind.NOT_POST, what, owner, None)


@pytest.mark.parametrize("link", UNKNOWNS)
def test_what_is_no_link_to_a_known_site_stays_unknown(link: str) -> None:
    read = read_link(link)
    assert (read.kind, read.key, read.owner) == (Kind.UNKNOWN, None, None)


HOSTILE = [
    f"{FB}/dqtv/posts/456?x=" + "a" * 10_000,
    f"{FB}/dqtv/posts/456?" + "x=1&" * 2_500,
    f"{FB}/dqtv/posts/" + "a/" * 5_000,
    f"{FB}/dqtv/posts/" + "1/" * 1_000 + "x",
    f"{FB}/groups/1/posts/" + "0" * 2_000,
    f"{FB}/" + "a-" * 1_000 + "/posts/456",
    f"{FB}/" + "%41" * 3_300,
    "https://" + "a." * 5_000 + "facebook.com/dqtv/posts/456",
    "facebook.com/" * 800,
    "m.facebook.com" * 700,
    "https://" * 1_250,
    "a.b " * 2_500,
    "ở" * 10_000,
    "https://fb.watch/" + ")" * 10_000,
    "-a" * 5_000 + ".facebook.com/x",
    "--a" * 3_333,
    ".--a" * 2_500,
    "--a.b:1" * 1_400,
    "\u200b" * 10_000,
    f"{FB}/l.php?u=" * 500,
]


@pytest.mark.parametrize("parser", [read_link, find_links])
@pytest.mark.parametrize("link", HOSTILE, ids=range(len(HOSTILE)))
def test_ten_thousand_hostile_characters_are_read_in_milliseconds(parser: Callable[[str], object], link: str) -> None:
    def seconds() -> float:
        start = time.process_time()
        parser(link)
        return time.process_time() - start

    # Measured: at most 4.4 ms. Anything that grows faster than the text would take a hundred; the bound leaves room
    # for a slow machine, and the least of several runs leaves its other work out.
    assert min(seconds() for _ in range(5)) < 0.025


def test_a_long_query_does_not_hide_the_post() -> None:
    assert read_link(HOSTILE[0]).key == "fb:456"
    assert read_link(HOSTILE[1]).key == "fb:456"


def test_the_scheme_that_is_added_counts_as_part_of_the_length() -> None:
    start = "facebook.com/dqtv?x="
    longest = start + "a" * (16_384 - len("https://") - len(start))
    assert read_link(longest).owner == "dqtv"
    assert read_link(read_link(longest).url).owner == "dqtv"
    assert read_link(longest + "a").kind == Kind.UNKNOWN
