"""The guards around every request of the readers."""

import asyncio
import gzip
import logging
import traceback
from collections.abc import Awaitable

import pytest
import structlog
import trustme
from pydantic import BaseModel

from bot.posts.base import TryLater
from bot.posts.circuit import FAILURES, SHORTEST
from bot.posts.dialing import look_up
from bot.posts.fetching import Answer, Limits
from tests.posts.internet import AGENT, PUBLIC, Internet, Reply

HOSTS = {"www.facebook.com"}
PAGE = "https://www.facebook.com/page"
PLACE = "www.facebook.com/page"
SHORT = Limits(total=0.05)
TOKEN = "Bearer Secret123"  # noqa: S105 -- opens nothing
BROKEN_TOKEN = "Bearer Secret123\nbroken"  # noqa: S105 -- opens nothing


class Words(BaseModel):
    words: str


async def test_an_answer_comes_whole_and_the_site_learns_who_asks(internet: Internet) -> None:
    internet.replies[PLACE] = Reply(200, b"hello", {"Content-Type": "text/plain"})
    answer = await internet.fetcher().get(PAGE + "?a=1", HOSTS)
    assert (answer.status, answer.body, answer.cut) == (200, b"hello", False)
    [asked] = internet.asked
    assert asked.query == "a=1"
    assert asked.headers["user-agent"] == AGENT
    assert asked.headers["accept-encoding"] == "identity"
    assert "cookie" not in asked.headers


async def test_the_connection_goes_to_the_address_that_was_checked(internet: Internet) -> None:
    internet.replies[PLACE] = Reply()
    await internet.fetcher().get(PAGE, HOSTS)
    assert internet.dialled == [(PUBLIC, 443)]


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        [PUBLIC, "10.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"],
        ["::ffff:169.254.169.254"],
        ["not an address"],
    ],
)
async def test_a_name_with_an_address_inside_is_not_connected_to(internet: Internet, addresses: list[str]) -> None:
    internet.names["www.facebook.com"] = addresses
    with pytest.raises(TryLater, match="not public") as error:
        await internet.fetcher().get(PAGE, HOSTS)
    assert not error.value.asked
    assert internet.dialled == []


async def test_the_systems_resolver_understands_odd_spellings_and_the_guard_sees_what_they_mean() -> None:
    assert await look_up("0x7f.1", 443) == ["127.0.0.1"]


async def test_a_name_without_address_is_tried_again_later(internet: Internet) -> None:
    internet.names["www.facebook.com"] = []
    with pytest.raises(TryLater, match="out of reach") as error:
        await internet.fetcher().get(PAGE, HOSTS)
    assert not error.value.asked


async def test_when_one_address_is_dead_the_next_is_tried_and_ipv4_goes_first(internet: Internet) -> None:
    internet.names["www.facebook.com"] = ["2a03:2880::1", "157.240.1.1", "157.240.1.2"]
    internet.dead = {"157.240.1.1"}
    internet.replies[PLACE] = Reply(200, b"here")
    assert (await internet.fetcher().get(PAGE, HOSTS)).body == b"here"
    assert [address for address, _ in internet.dialled] == ["157.240.1.1", "157.240.1.2"]


async def test_a_certificate_of_another_name_is_refused(authority: trustme.CA) -> None:
    impostor = Internet(authority, certified=["evil.example"])
    server = await impostor.open()
    with pytest.raises(TryLater, match="ConnectError") as error:
        await impostor.fetcher().get(PAGE, HOSTS)
    assert (error.value.asked, impostor.asked) == (False, [])
    server.close()


async def test_a_certificate_of_another_authority_is_refused(internet: Internet) -> None:
    stranger = Internet(trustme.CA())
    stranger.port = internet.port
    with pytest.raises(TryLater, match="ConnectError"):
        await stranger.fetcher().get(PAGE, HOSTS)
    assert internet.asked == []


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
async def test_a_proxy_in_the_environment_is_ignored(
    internet: Internet, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "http://proxy.example:3128")
    internet.replies[PLACE] = Reply(200, b"direct")
    assert (await internet.fetcher().get(PAGE, HOSTS)).body == b"direct"
    assert internet.dialled == [(PUBLIC, 443)]


async def test_a_redirect_is_an_answer_and_is_not_followed(internet: Internet) -> None:
    internet.replies[PLACE] = Reply(302, b"", {"Location": "https://www.facebook.com/next"})
    answer = await internet.fetcher().get(PAGE, HOSTS)
    assert answer.headers["location"] == "https://www.facebook.com/next"
    assert internet.places() == [PLACE]


async def test_a_body_of_a_mebibyte_is_cut(internet: Internet) -> None:
    internet.replies[PLACE] = Reply(200, b"x" * 1024 * 1024)
    answer = await internet.fetcher().get(PAGE, HOSTS)
    assert (len(answer.body), answer.cut) == (256 * 1024, True)


async def test_a_body_of_just_the_limit_is_whole(internet: Internet) -> None:
    internet.replies[PLACE] = Reply(200, b"12345")
    answer = await internet.fetcher(Limits(size=5)).get(PAGE, HOSTS)
    assert (answer.body, answer.cut) == (b"12345", False)


async def test_a_compressed_body_is_never_unpacked(internet: Internet) -> None:
    bomb = gzip.compress(b"\0" * 10_000_000)
    internet.replies[PLACE] = Reply(200, bomb, {"Content-Encoding": "gzip"})
    with pytest.raises(TryLater, match="RemoteProtocolError"):
        await internet.fetcher().get(PAGE, HOSTS)


async def test_headers_without_end_are_refused(internet: Internet) -> None:
    internet.replies[PLACE] = Reply(200, b"", {"X-Long": "x" * 1024 * 1024})
    with pytest.raises(TryLater):
        await internet.fetcher().get(PAGE, HOSTS)


@pytest.mark.parametrize("body", [b"", b"the first half of"])
async def test_a_host_that_stalls_is_given_up(internet: Internet, body: bytes) -> None:
    internet.replies[PLACE] = Reply(200, body, stalls=True)
    with pytest.raises(TryLater, match="TimeoutError") as error:
        await internet.fetcher(SHORT).get(PAGE, HOSTS)
    assert error.value.asked


async def test_a_resolver_that_stalls_is_given_up(internet: Internet) -> None:
    internet.mute.add("www.facebook.com")
    with pytest.raises(TryLater, match="ConnectTimeout") as error:
        await internet.fetcher(Limits(connect=0.02)).get(PAGE, HOSTS)
    assert not error.value.asked


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120.0), ("999999999", 86_400.0), ("soon", None), ("-5", None), ("\udcb2", None), ("", None)],
)
async def test_a_host_that_wants_silence_says_for_how_long(
    internet: Internet, header: str, seconds: float | None
) -> None:
    internet.replies[PLACE] = Reply(429, b"", {"Retry-After": header})
    with pytest.raises(TryLater, match="429") as error:
        await internet.fetcher().get(PAGE, HOSTS)
    assert error.value.seconds == seconds


async def test_a_host_that_wants_silence_is_not_asked_again_before(internet: Internet) -> None:
    internet.replies[PLACE] = Reply(429, b"", {"Retry-After": "120"})
    fetcher = internet.fetcher()
    with pytest.raises(TryLater):
        await fetcher.get(PAGE, HOSTS)
    internet.now += 20
    with pytest.raises(TryLater, match="left alone") as error:
        await fetcher.get(PAGE, HOSTS)
    assert (error.value.seconds, error.value.asked) == (100.0, False)
    assert len(internet.asked) == 1


@pytest.mark.parametrize("status", [401, 403, 500, 503])
async def test_a_host_that_fails_again_and_again_is_left_alone(internet: Internet, status: int) -> None:
    internet.replies[PLACE] = Reply(status)
    fetcher = internet.fetcher()
    for _ in range(FAILURES):
        await _outcome(fetcher.get(PAGE, HOSTS))
    assert "left alone" in await _outcome(fetcher.get(PAGE, HOSTS))
    internet.now += SHORTEST
    internet.replies[PLACE] = Reply(200)
    assert await _outcome(fetcher.get(PAGE, HOSTS)) == "200"
    assert await _outcome(fetcher.get(PAGE, HOSTS)) == "200"
    assert len(internet.asked) == FAILURES + 2


async def test_a_failing_host_does_not_keep_others_away(internet: Internet) -> None:
    internet.names["www.facebook.com"] = ["127.0.0.1"]
    internet.replies["fb.me/x"] = Reply(200)
    fetcher = internet.fetcher()
    outcomes = [await _outcome(fetcher.get(PAGE, HOSTS)) for _ in range(FAILURES + 1)]
    assert "left alone" in outcomes[-1]
    assert (await fetcher.get("https://fb.me/x", {"fb.me"})).status == 200


async def test_a_host_has_one_request_at_a_time(internet: Internet) -> None:
    internet.replies[PLACE] = Reply(200, stalls=True)
    fetcher = internet.fetcher()
    first = asyncio.create_task(fetcher.get(PAGE, HOSTS))
    while not internet.asked:  # noqa: ASYNC110 -- gives way to the server, and does not wait
        await asyncio.sleep(0)
    second = asyncio.create_task(fetcher.get(PAGE, HOSTS))
    for _ in range(100):
        await asyncio.sleep(0)
    assert len(internet.dialled) == 1
    for task in (first, second):
        task.cancel()
    await asyncio.gather(first, second, return_exceptions=True)


async def test_neither_errors_nor_logs_hold_a_token(internet: Internet, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    internet.replies[PLACE] = Reply(500, b"your token Secret123 is bad")
    with structlog.testing.capture_logs() as logs, pytest.raises(TryLater) as error:
        await internet.fetcher().get(PAGE, HOSTS, {"Authorization": TOKEN})
    assert internet.asked[0].headers["authorization"] == TOKEN
    assert logs == [{"event": "asked", "host": "www.facebook.com", "status": 500, "log_level": "info"}]
    assert "Secret" not in _told(error.value) + caplog.text


async def test_an_error_about_a_header_does_not_quote_it(internet: Internet) -> None:
    with pytest.raises(TryLater) as error:
        await internet.fetcher().get(PAGE, HOSTS, {"Authorization": BROKEN_TOKEN})
    assert "Secret" not in _told(error.value)


async def test_an_error_about_a_body_does_not_quote_it(internet: Internet) -> None:
    internet.replies[PLACE] = Reply(200, b'{"named": "Secret"}')
    answer = await internet.fetcher().get(PAGE, HOSTS)
    with pytest.raises(TryLater) as error:
        answer.read_as(Words)
    assert "Secret" not in _told(error.value)


async def _outcome(request: Awaitable[Answer]) -> str:
    try:
        return str((await request).status)
    except TryLater as error:
        return error.reason


def _told(error: TryLater) -> str:
    return error.reason + "".join(traceback.format_exception(error))
