"""Where short links lead, and where they may not lead us."""

import pytest

from bot.domain.links import read_link
from bot.domain.readings import Reading
from bot.posts.base import NotThere, TryLater
from bot.posts.short_links import ShortLinks
from tests.posts.internet import AGENT, Internet, Reply

SHARE = "https://www.facebook.com/share/p/EMMeAHj1cLMNWAER/"
SHARE_PLACE = "www.facebook.com/share/p/EMMeAHj1cLMNWAER/"
POST = "https://www.facebook.com/groups/longan/posts/2603488166519287/"
TIKTOK = "https://www.tiktok.com/@longan/video/7106594312292453675"


def leads(location: str, status: int = 302) -> Reply:
    return Reply(status, b"<html>never read</html>", {"Location": location})


async def resolve(internet: Internet, link: str) -> Reading:
    return await ShortLinks(internet.fetcher()).read(read_link(link))


@pytest.mark.parametrize(
    ("link", "place", "location", "url"),
    [
        (SHARE, SHARE_PLACE, POST + "?rdid=x&share_url=y", POST),
        ("fb.watch/abc12", "fb.watch/abc12/", "https://www.facebook.com/watch/?v=123", "/watch/?v=123"),
        ("fb.me/abc12", "fb.me/abc12", POST, POST),
        ("vm.tiktok.com/ZM1", "vm.tiktok.com/ZM1/", TIKTOK + "?_r=1", TIKTOK),
        ("vt.tiktok.com/ZS1", "vt.tiktok.com/ZS1/", TIKTOK, TIKTOK),
        ("tiktok.com/t/ZT1", "www.tiktok.com/t/ZT1/", TIKTOK, TIKTOK),
        (SHARE, SHARE_PLACE, "/longan/posts/77", "/longan/posts/77"),
        (SHARE, SHARE_PLACE, "//www.facebook.com/longan/posts/77", "/longan/posts/77"),
        (SHARE, SHARE_PLACE, "https://vi-vn.facebook.com/longan/posts/77", "/longan/posts/77"),
        (SHARE, SHARE_PLACE, "https://www.facebook.com/login/?next=%2Flongan%2Fposts%2F77", "/longan/posts/77"),
        (SHARE, SHARE_PLACE, "https://www.facebook.com/longan/posts/b%C3%A0i/77", "/longan/posts/77"),
    ],
)
async def test_a_short_link_leads_to_its_post_which_is_not_opened(
    internet: Internet, link: str, place: str, location: str, url: str
) -> None:
    internet.replies[place] = leads(location)
    found = read_link((await resolve(internet, link)).url or "")
    assert found.url.endswith(url)
    assert (found.key or "").startswith(("fb:", "tt:"))
    assert internet.places() == [place]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_every_kind_of_redirect_counts(internet: Internet, status: int) -> None:
    internet.replies[SHARE_PLACE] = leads(POST, status)
    assert await resolve(internet, SHARE) == Reading(url=POST, owner="longan")


async def test_a_post_known_only_by_a_pfbid_is_an_answer_too(internet: Internet) -> None:
    internet.replies[SHARE_PLACE] = leads("https://www.facebook.com/longan/posts/pfbid02abc")
    assert read_link((await resolve(internet, SHARE)).url or "").key == "fbp:pfbid02abc"


async def test_three_redirects_are_followed(internet: Internet) -> None:
    internet.replies["fb.me/abc12"] = leads("https://fb.watch/abc12/")
    internet.replies["fb.watch/abc12/"] = leads(SHARE)
    internet.replies[SHARE_PLACE] = leads(POST)
    assert (await resolve(internet, "fb.me/abc12")).url == POST
    assert internet.places() == ["fb.me/abc12", "fb.watch/abc12/", SHARE_PLACE]


async def test_a_fourth_is_not(internet: Internet) -> None:
    internet.replies["fb.me/abc12"] = leads("https://fb.me/abc13")
    internet.replies["fb.me/abc13"] = leads("https://fb.watch/abc12/")
    internet.replies["fb.watch/abc12/"] = leads(SHARE)
    internet.replies[SHARE_PLACE] = leads(POST)
    with pytest.raises(NotThere, match="on and on"):
        await resolve(internet, "fb.me/abc12")
    assert SHARE_PLACE not in internet.places()


async def test_a_link_that_leads_to_itself_comes_to_an_end(internet: Internet) -> None:
    internet.replies[SHARE_PLACE] = leads(SHARE)
    with pytest.raises(NotThere, match="on and on"):
        await resolve(internet, SHARE)
    assert len(internet.asked) == 3


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/x",
        "https://www.facebook.com.evil.example/share/p/abc/",
        "https://www.faceb00k.com/share/p/abc/",
        "https://www.faceb\u043e\u043ek.com/share/p/abc/",
        "http://fb.watch/abc12/",
        "https://fb.watch:8443/abc12/",
        "https://www.facebook.com@evil.example/share/p/abc/",
        "https://user:secret@fb.watch/abc12/",
        "https://127.0.0.1/share/p/abc/",
        "https://localhost/",
        "https://[::1]/",
        "https://[broken",
        "https://169.254.169.254/latest/meta-data/",
        "https://2130706433/",
        "//evil.example/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://graph.facebook.com/me",
    ],
)
async def test_a_redirect_off_the_list_is_not_followed(internet: Internet, location: str) -> None:
    internet.replies[SHARE_PLACE] = leads(location)
    with pytest.raises(NotThere) as error:
        await resolve(internet, SHARE)
    assert "secret" not in error.value.reason
    assert internet.places() == [SHARE_PLACE]
    assert len(internet.dialled) == 1


@pytest.mark.parametrize(
    ("location", "what"),
    [
        ("https://www.facebook.com/longan", "profile"),
        ("https://www.facebook.com/groups/longan/", "group"),
        ("https://www.facebook.com/login/", "login"),
        ("https://www.tiktok.com/", "feed"),
    ],
)
async def test_a_link_that_leads_to_no_post_says_what_it_leads_to(internet: Internet, location: str, what: str) -> None:
    internet.replies[SHARE_PLACE] = leads(location)
    with pytest.raises(NotThere, match=what):
        await resolve(internet, SHARE)
    assert len(internet.asked) == 1


@pytest.mark.parametrize(
    "reply", [Reply(200), leads(POST, 200), Reply(400), Reply(403), Reply(404), Reply(302), Reply(304)]
)
async def test_an_answer_without_a_redirect_tells_nothing(internet: Internet, reply: Reply) -> None:
    internet.replies[SHARE_PLACE] = reply
    with pytest.raises(NotThere, match=str(reply.status)):
        await resolve(internet, SHARE)


async def test_the_body_of_a_redirect_is_not_waited_for(internet: Internet) -> None:
    internet.replies[SHARE_PLACE] = Reply(302, b"", {"Location": POST}, stalls=True)
    assert (await resolve(internet, SHARE)).url == POST


@pytest.mark.parametrize("status", [429, 500])
async def test_a_site_in_trouble_is_asked_later(internet: Internet, status: int) -> None:
    internet.replies[SHARE_PLACE] = Reply(status)
    with pytest.raises(TryLater) as error:
        await resolve(internet, SHARE)
    assert error.value.asked


async def test_trouble_on_the_second_hop_still_means_that_the_link_was_asked_for(internet: Internet) -> None:
    internet.names["fb.watch"] = ["10.0.0.1"]
    internet.replies["fb.me/abc12"] = leads("https://fb.watch/abc12/")
    with pytest.raises(TryLater, match="not public") as error:
        await resolve(internet, "fb.me/abc12")
    assert error.value.asked
    assert [address for address, _ in internet.dialled] == ["8.8.4.4"]


async def test_the_time_is_for_all_hops_together(internet: Internet) -> None:
    internet.replies["fb.me/abc12"] = leads("https://fb.watch/abc12/")
    internet.replies["fb.watch/abc12/"] = Reply(302, stalls=True, headers={"Location": SHARE})
    internet.replies[SHARE_PLACE] = leads(POST)
    internet.passes_on_request = 6.0
    with pytest.raises(TryLater, match="TimeoutError"):
        await resolve(internet, "fb.me/abc12")
    assert SHARE_PLACE not in internet.places()


async def test_the_site_learns_who_asks_and_gets_no_cookie(internet: Internet) -> None:
    internet.replies["fb.me/abc12"] = Reply(302, b"", {"Location": "https://fb.me/abc13", "Set-Cookie": "id=1"})
    internet.replies["fb.me/abc13"] = leads(POST)
    await resolve(internet, "fb.me/abc12")
    assert [asked.headers["user-agent"] for asked in internet.asked] == [AGENT, AGENT]
    assert not any("cookie" in asked.headers for asked in internet.asked)


@pytest.mark.parametrize(
    "link", [POST, TIKTOK, "https://www.facebook.com/longan", "https://fb.watch/", "https://x.vn/a"]
)
def test_only_short_links_are_asked_about(internet: Internet, link: str) -> None:
    source = ShortLinks(internet.fetcher())
    assert source.reads(read_link(SHARE))
    assert not source.reads(read_link(link))
