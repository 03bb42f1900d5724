"""Files by link, for messengers that carry none: a page with one button for papers, the bytes themselves for pictures.

A link cannot be guessed, goes to one chat and runs out. A paper's link opens in one browser: the one in which its
button is pressed first, known again by a cookie. The page alone binds nobody, so that a messenger's preview of the link
spends nothing; and it brings the cookie, so that a second tap on the button comes from the same browser as the first.
The button leads to an address of its own, as browsers inside of apps hand it to the phone's downloads, which know no
forms and may keep no cookies: this address holds the key. Pictures are fetched by the messenger, which keeps no cookie:
whoever has their link gets them.
"""

import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from urllib.parse import quote, urlencode, urlsplit

import structlog
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.messages import Address
from bot.storage import downloads, people
from bot.storage.db import Database
from bot.storage.models import Download, DownloadKind, StoredFile
from bot.texts import render

log = structlog.get_logger()

ALWAYS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
# What a browser may show; anything else is handed out as bytes to be saved.
PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
COOKIE = "sotin"
KEY = "k"


@dataclass(frozen=True)
class Browser:
    """A browser at a link, and when; `key` is what it keeps for this link, or is to keep if it `is_new`."""

    token: str
    key: str
    is_new: bool
    now: datetime


def routes(db: Database, clock: Callable[[], datetime], zone: tzinfo) -> list[Route]:
    """The addresses that `bot.storage.downloads` makes links to; hours are said in `zone`."""

    async def page(request: Request) -> Response:
        return await db.run(_page, _browser(request, clock()), zone)

    async def pressed(request: Request) -> Response:
        return await db.run(_way_to_paper, _browser(request, clock()))

    async def paper(request: Request) -> Response:
        return await db.run(_paper, _browser(request, clock(), request.query_params.get(KEY)))

    async def picture(request: Request) -> Response:
        return await db.run(_picture, request.path_params["token"], clock())

    of_page, of_picture = (downloads.PATHS[kind] + "{token}" for kind in (DownloadKind.PAGE, DownloadKind.PICTURE))
    return [
        Route(of_page, page, methods=["GET"]),
        Route(of_page, pressed, methods=["POST"]),
        Route(of_page + "/{name:path}", paper, methods=["GET"]),
        Route(of_picture, picture, methods=["GET"]),
    ]


def _browser(request: Request, now: datetime, key: str | None = None) -> Browser:
    kept = key or request.cookies.get(COOKIE)
    return Browser(request.path_params["token"], kept or downloads.new_key(), not kept, now)


def _page(session: Session, browser: Browser, zone: tzinfo) -> Response:
    found = downloads.find(session, browser.token, DownloadKind.PAGE, browser.now)
    if found is None:
        return _gone()
    if found.opener is not None and not downloads.belongs_to(found, browser.key):
        return _taken(found)
    file = session.get_one(StoredFile, found.file_id)
    language = _language(session, found)
    values = {"name": file.name, "size": len(file.content), "expires_at": found.expires_at.astimezone(zone)}
    page = HTMLResponse(render("downloads/_page", language, **values), headers=ALWAYS)
    return _with_key(session, page, browser, found)


def _way_to_paper(session: Session, browser: Browser) -> Response:
    found = downloads.find(session, browser.token, DownloadKind.PAGE, browser.now)
    if found is None:
        return _gone()
    if not downloads.bind(session, found, browser.key):
        return _taken(found)
    # Relative, as a proxy may have put the page elsewhere.
    name = quote(session.get_one(StoredFile, found.file_id).name, safe="")
    way = RedirectResponse(f"{browser.token}/{name}?{urlencode({KEY: browser.key})}", 303, headers=ALWAYS)
    return _with_key(session, way, browser, found)


def _paper(session: Session, browser: Browser) -> Response:
    found = downloads.find(session, browser.token, DownloadKind.PAGE, browser.now)
    if found is None:
        return _gone()
    if found.opener is None:
        return RedirectResponse(f"../{browser.token}", 303, headers=ALWAYS)
    if not downloads.belongs_to(found, browser.key):
        return _taken(found)
    file = session.get_one(StoredFile, found.file_id)
    downloads.note_use(session, found, browser.now)
    log.info("file handed out", download=found.id, file=file.id, channel=found.channel, chat=found.chat)
    saved_as = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"}
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return Response(file.content, media_type=kind, headers=ALWAYS | saved_as)


def _picture(session: Session, token: str, now: datetime) -> Response:
    found = downloads.find(session, token, DownloadKind.PICTURE, now)
    file = session.get(StoredFile, found.file_id) if found else None
    kind = PICTURES.get(f".{file.name.rpartition('.')[2].lower()}") if file else None
    if found is None or file is None or kind is None:
        return _gone()
    downloads.note_use(session, found, now)
    return Response(file.content, media_type=kind, headers=ALWAYS)


def _with_key(session: Session, answer: Response, browser: Browser, found: Download) -> Response:
    """The answer with the cookie, if the browser has none: for this link alone, and for as long as it lasts."""
    if browser.is_new:
        where = urlsplit(downloads.address(session, browser.token, DownloadKind.PAGE) or "")
        lasts = int((found.expires_at - browser.now).total_seconds())
        is_secure = where.scheme == "https"
        # Strict would hide it when the link is pressed again on a web page of the messenger.
        answer.set_cookie(COOKIE, browser.key, lasts, path=where.path, secure=is_secure, httponly=True, samesite="lax")
    return answer


def _gone() -> Response:
    return HTMLResponse(_both(taken=False), 404, headers=ALWAYS)


def _taken(found: Download) -> Response:
    """403 and not 410: the link is still there, for another browser."""
    log.info("file refused to another browser", download=found.id, channel=found.channel, chat=found.chat)
    return HTMLResponse(_both(taken=True), 403, headers=ALWAYS)


def _both(*, taken: bool) -> str:
    return "\n".join(render("downloads/_gone", language, taken=taken) for language in ("vi", "en"))


def _language(session: Session, found: Download) -> str:
    account = people.account_of(session, Address(found.channel, found.chat))
    return account.person.language if account else "vi"
