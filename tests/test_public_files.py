"""Links to files: a page with a button for papers, the bytes for pictures, for as long as they hold."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.applications import Starlette

from bot import outbox, public_files
from bot.messages import Address, FileKind
from bot.storage import downloads, installation
from bot.storage.db import Database
from bot.storage.models import Download, DownloadKind

NOW = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
ALICE = Address("zalo", "6ede9afa66b88fe6d6a9")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(2000)


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
async def browser(db: Database, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=public_files.routes(db, clock, ZoneInfo("Asia/Ho_Chi_Minh")))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://sotin.test") as client:
        yield client


async def link(db: Database, kind: DownloadKind, name: str, content: bytes) -> str:
    def make(session: Session) -> str | None:
        installation.keep(session, downloads.PUBLIC_URL, "https://sotin.test")
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
