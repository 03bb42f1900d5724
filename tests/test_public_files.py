"""Links to files: a page with a button for papers, in one browser; the bytes for pictures; for as long as they hold."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.cookies import Morsel, SimpleCookie
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from structlog.testing import capture_logs

from bot import outbox, public_files
from bot.messages import Address, FileKind
from bot.storage import downloads, installation
from bot.storage.db import Database
from bot.storage.models import Download, DownloadKind

NOW = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
ALICE = Address("zalo", "6ede9afa66b88fe6d6a9")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(2000)
PAPER = b"PK paper"
ELSEWHERE = "đã được mở trên thiết bị hoặc trình duyệt khác"
Browsers = Callable[[], httpx.AsyncClient]


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def browsers(db: Database, clock: Clock) -> Browsers:
    """Browsers of people who do not know of each other, each with its own cookies."""
    app = Starlette(routes=public_files.routes(db, clock, ZoneInfo("Asia/Ho_Chi_Minh")))
    return lambda: httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://sotin.test")


@pytest.fixture
async def browser(browsers: Browsers) -> AsyncIterator[httpx.AsyncClient]:
    async with browsers() as opened:
        yield opened


async def link(db: Database, kind: DownloadKind, name: str, content: bytes, base: str = "https://sotin.test") -> str:
    def make(session: Session) -> str | None:
        installation.keep(session, downloads.PUBLIC_URL, base)
        file = outbox.keep_file(session, name, content, FileKind.DOCUMENT, NOW)
        return downloads.link(session, file.id, ALICE, kind, NOW)

    made = await db.run(make)
    assert made
    return made


async def test_a_paper_comes_when_its_button_is_pressed_and_not_before(
    db: Database, browser: httpx.AsyncClient
) -> None:
    url = await link(db, DownloadKind.PAGE, "Phụ lục 2 <tuần>.docx", b"PK paper")
    page = await browser.get(url)
    assert page.status_code == 200
    assert "Phụ lục 2 &lt;tuần&gt;.docx" in page.text
    assert "09:00 2/3/2027" in page.text
    assert b"PK paper" not in page.content
    assert await db.run(lambda s: s.scalars(select(Download.used_at)).one()) is None
    pressed = await browser.post(url)
    assert (pressed.status_code, pressed.content) == (303, b"")
    paper = await browser.get(urljoin(url, pressed.headers["location"]))
    assert paper.content == b"PK paper"
    assert paper.headers["content-disposition"].startswith("attachment; filename*=UTF-8''Ph%E1%BB%A5%20l%E1%BB%A5c")
    assert await db.run(lambda s: s.scalars(select(Download.used_at)).one()) == NOW


async def test_a_picture_answers_get_and_head_any_number_of_times(db: Database, browser: httpx.AsyncClient) -> None:
    url = await link(db, DownloadKind.PICTURE, "chart.png", PNG)
    for _ in range(3):
        head, got = await browser.head(url), await browser.get(url)
        assert (head.status_code, got.content) == (200, PNG)
        assert head.headers["content-length"] == got.headers["content-length"] == str(len(PNG))
        assert got.headers["content-type"] == "image/png"


@pytest.mark.parametrize(("kind", "hours"), [(DownloadKind.PAGE, 24), (DownloadKind.PICTURE, 2)])
async def test_a_link_that_has_run_out_says_what_to_do(
    db: Database, browser: httpx.AsyncClient, clock: Clock, kind: DownloadKind, hours: int
) -> None:
    url = await link(db, kind, "chart.png", PNG)
    clock.now = NOW + timedelta(hours=hours, minutes=-1)
    assert (await browser.get(url)).status_code == 200
    clock.now = NOW + timedelta(hours=hours)
    answer = await browser.get(url)
    assert answer.status_code == 404
    assert "yêu cầu tệp một lần nữa" in answer.text
    assert (await browser.post(url)).status_code in (404, 405)
    assert (await browser.get(f"{url}/chart.png")).status_code == 404


async def test_a_link_of_one_kind_does_not_open_the_other_door(db: Database, browser: httpx.AsyncClient) -> None:
    page = await link(db, DownloadKind.PAGE, "list.png", PNG)
    assert (await browser.get(page.replace("/tep/", "/anh/"))).status_code == 404
    picture = await link(db, DownloadKind.PICTURE, "chart.png", PNG)
    assert (await browser.post(picture.replace("/anh/", "/tep/"))).status_code == 404


@pytest.mark.parametrize("token", ["x", "%00", "ạ" * 50, "a" * 5000])
async def test_a_made_up_link_opens_nothing(browser: httpx.AsyncClient, token: str) -> None:
    assert (await browser.get(f"/tep/{token}")).status_code == 404
    assert (await browser.get(f"/anh/{token}")).status_code == 404


async def test_what_is_no_picture_is_never_shown_as_one(db: Database, browser: httpx.AsyncClient) -> None:
    url = await link(db, DownloadKind.PICTURE, "page.html", b"<script>alert(1)</script>")
    assert (await browser.get(url)).status_code == 404


async def test_nobody_frames_keeps_or_follows_the_page(db: Database, browser: httpx.AsyncClient) -> None:
    headers = (await browser.get(await link(db, DownloadKind.PAGE, "a.docx", b"PK"))).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "no-referrer")


async def press(browser: httpx.AsyncClient, url: str) -> httpx.Response:
    """What comes of pressing the button on the page of a link."""
    await browser.get(url)
    return await browser.post(url, follow_redirects=True)


def is_refused(answer: httpx.Response) -> bool:
    return answer.status_code == 403 and ELSEWHERE in answer.text and PAPER not in answer.content


def cookie_of(answer: httpx.Response) -> Morsel[str]:
    return SimpleCookie(answer.headers["set-cookie"])[public_files.COOKIE]


async def test_who_opened_a_link_opens_it_until_it_runs_out(
    db: Database, browser: httpx.AsyncClient, clock: Clock
) -> None:
    url = await link(db, DownloadKind.PAGE, "a.docx", PAPER)
    assert (await press(browser, url)).content == PAPER
    clock.now = NOW + timedelta(hours=23)
    assert (await press(browser, url)).content == PAPER
    for more in ({}, {"Range": "bytes=3-"}):  # the phone's downloads ask again
        assert (await browser.get(f"{url}/a.docx", headers=more)).content == PAPER
    clock.now = NOW + timedelta(hours=24)
    assert [(await each).status_code for each in (browser.get(url), browser.post(url))] == [404, 404]
    assert (await browser.get(f"{url}/a.docx")).status_code == 404


async def test_another_browser_is_refused_politely_and_gets_no_byte(db: Database, browsers: Browsers) -> None:
    url = await link(db, DownloadKind.PAGE, "ke-hoach.docx", PAPER)
    async with browsers() as first, browsers() as second:
        assert PAPER not in (await second.get(url)).content  # before: the page with the button
        assert (await press(first, url)).content == PAPER
        for answer in (await second.get(url), await second.post(url), await second.get(f"{url}/ke-hoach.docx")):
            assert is_refused(answer)
            assert "hãy mở lại cuộc trò chuyện với Sổ Tin và yêu cầu tệp một lần nữa" in answer.text
            assert 'lang="en">This link was already opened on another device' in answer.text
            assert "ke-hoach" not in answer.text
            assert "set-cookie" not in answer.headers
        head = await second.head(url)
        assert (head.status_code, head.content) == (403, b"")
        assert (await press(first, url)).content == PAPER


async def test_the_phones_downloads_get_the_paper_without_the_browsers_cookies(
    db: Database, browsers: Browsers
) -> None:
    url = await link(db, DownloadKind.PAGE, "a.docx", PAPER)
    async with browsers() as browser, browsers() as phone:
        pressed = await browser.post(url)
        handed_on = urljoin(url, pressed.headers["location"])
        assert (await phone.get(handed_on)).content == PAPER
        assert is_refused(await phone.get(f"{url}/a.docx?{public_files.KEY}=x"))
        assert is_refused(await phone.get(url))


@pytest.mark.parametrize("cookie", ["", "x", "sotin", '"', "ạ"])
async def test_a_made_up_cookie_opens_nothing(
    db: Database, browser: httpx.AsyncClient, browsers: Browsers, cookie: str
) -> None:
    url = await link(db, DownloadKind.PAGE, "a.docx", PAPER)
    await press(browser, url)
    async with browsers() as other:
        answer = await other.get(f"{url}/a.docx", headers={b"cookie": f"{public_files.COOKIE}={cookie}".encode()})
    assert is_refused(answer)


async def test_a_preview_spends_nothing(db: Database, browsers: Browsers) -> None:
    url = await link(db, DownloadKind.PAGE, "a.docx", PAPER)
    async with browsers() as preview, browsers() as person:
        for _ in range(3):
            assert (await preview.get(url)).status_code == (await preview.head(url)).status_code == 200
        led = await preview.get(f"{url}/a.docx")
        assert (led.status_code, urljoin(f"{url}/a.docx", led.headers["location"])) == (303, url)
        assert await db.run(lambda s: s.scalars(select(Download.opener)).one()) is None
        assert (await press(person, url)).content == PAPER
        assert is_refused(await preview.get(url))


async def test_of_all_who_press_at_once_exactly_one_gets_the_paper(db: Database, browsers: Browsers) -> None:
    url = await link(db, DownloadKind.PAGE, "a.docx", PAPER)
    people = [browsers() for _ in range(8)]
    answers = await asyncio.gather(*(press(each, url) for each in people))
    assert [each.content for each in answers if each.status_code == 200] == [PAPER]
    assert sum(map(is_refused, answers)) == 7
    for each in people:
        await each.aclose()


async def test_of_two_who_found_the_link_free_one_gets_it(db: Database) -> None:
    url = await link(db, DownloadKind.PAGE, "a.docx", PAPER)
    found = await db.run(downloads.find, url.rpartition("/")[2], DownloadKind.PAGE, NOW)
    assert found
    assert [await db.run(downloads.bind, found, key) for key in ("a", "b", "a")] == [True, False, True]


async def test_a_second_tap_before_the_first_is_answered_gets_the_paper(
    db: Database, browser: httpx.AsyncClient
) -> None:
    url = await link(db, DownloadKind.PAGE, "a.docx", PAPER)
    await browser.get(url)
    taps = await asyncio.gather(*(browser.post(url, follow_redirects=True) for _ in range(2)))
    assert [each.content for each in taps] == [PAPER, PAPER]


@pytest.mark.parametrize(
    ("base", "before"), [("https://sotin.test", ""), ("http://127.0.0.1:8443", ""), ("https://a.vn/bot", "/bot")]
)
async def test_the_cookie_is_for_one_link_and_no_script_and_lasts_no_longer_than_the_link(
    db: Database, browsers: Browsers, clock: Clock, base: str, before: str
) -> None:
    url = await link(db, DownloadKind.PAGE, "a.docx", PAPER, base)
    token = url.rpartition("/")[2]
    clock.now = NOW + timedelta(hours=20, seconds=0.5)
    async with browsers() as pressed, browsers() as looked:
        for answer in (await looked.get(f"/tep/{token}"), await pressed.post(f"/tep/{token}")):
            cookie = cookie_of(answer)
            assert len(cookie.value) == 32
            assert (cookie["path"], cookie["max-age"]) == (f"{before}/tep/{token}", str(4 * 3600 - 1))
            assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "lax", "")
            assert bool(cookie["secure"]) is base.startswith("https:")


async def test_neither_a_link_nor_a_cookie_lies_in_the_ledger_or_in_a_log(db: Database, browsers: Browsers) -> None:
    url = await link(db, DownloadKind.PAGE, "ke-hoach.docx", PAPER)
    with capture_logs() as lines:
        async with browsers() as first, browsers() as second:
            await press(first, url)
            await press(second, url)
            [key] = first.cookies.values()
    assert {line["event"] for line in lines} == {"file handed out", "file refused to another browser"}
    [row] = await db.run(lambda s: s.execute(select(*Download.__table__.columns)).all())
    assert re.fullmatch("[0-9a-f]{64}", row.opener)
    for secret in (key, url.rpartition("/")[2]):
        assert secret not in str(lines)
        assert secret not in str(row)


async def test_a_picture_knows_no_cookie(db: Database, browsers: Browsers) -> None:
    url = await link(db, DownloadKind.PICTURE, "chart.png", PNG)
    for _ in range(2):
        async with browsers() as messenger:
            answer = await messenger.get(url)
            assert (answer.content, "set-cookie" in answer.headers) == (PNG, False)
