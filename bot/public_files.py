"""Files by link, for messengers that carry none: a page with one button for papers, the bytes themselves for pictures.

Whoever has the link gets the file: it cannot be guessed, goes to one chat and runs out. A paper comes only when the
button is pressed, so that a messenger's preview of the link fetches no more than the page. The button leads to an
address of its own, as browsers inside of apps hand it to the phone's downloads, which know no forms.
"""

import mimetypes
from collections.abc import Callable
from datetime import datetime, tzinfo
from urllib.parse import quote

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


def routes(db: Database, clock: Callable[[], datetime], zone: tzinfo) -> list[Route]:
    """The addresses that `bot.storage.downloads` makes links to; hours are said in `zone`."""

    async def page(request: Request) -> Response:
        return await db.run(_page, request.path_params["token"], clock(), zone)

    async def pressed(request: Request) -> Response:
        return await db.run(_way_to_paper, request.path_params["token"], clock())

    async def paper(request: Request) -> Response:
        return await db.run(_paper, request.path_params["token"], clock())

    async def picture(request: Request) -> Response:
        return await db.run(_picture, request.path_params["token"], clock())

    of_page, of_picture = (downloads.PATHS[kind] + "{token}" for kind in (DownloadKind.PAGE, DownloadKind.PICTURE))
    return [
        Route(of_page, page, methods=["GET"]),
        Route(of_page, pressed, methods=["POST"]),
        Route(of_page + "/{name:path}", paper, methods=["GET"]),
        Route(of_picture, picture, methods=["GET"]),
    ]


def _page(session: Session, token: str, now: datetime, zone: tzinfo) -> Response:
    found = downloads.find(session, token, DownloadKind.PAGE, now)
    if found is None:
        return _gone()
    file = session.get_one(StoredFile, found.file_id)
    language = _language(session, found)
    values = {"name": file.name, "size": len(file.content), "expires_at": found.expires_at.astimezone(zone)}
    return HTMLResponse(render("downloads/_page", language, **values), headers=ALWAYS)


def _way_to_paper(session: Session, token: str, now: datetime) -> Response:
    found = downloads.find(session, token, DownloadKind.PAGE, now)
    if found is None:
        return _gone()
    # Relative, as a proxy may have put the page elsewhere.
    name = session.get_one(StoredFile, found.file_id).name
    return RedirectResponse(f"{token}/{quote(name, safe='')}", 303, headers=ALWAYS)


def _paper(session: Session, token: str, now: datetime) -> Response:
    found = downloads.find(session, token, DownloadKind.PAGE, now)
    if found is None:
        return _gone()
    file = session.get_one(StoredFile, found.file_id)
    downloads.note_use(session, found, now)
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


def _gone() -> Response:
    both = "\n".join(render("downloads/_gone", language) for language in ("vi", "en"))
    return HTMLResponse(both, 404, headers=ALWAYS)


def _language(session: Session, found: Download) -> str:
    account = people.account_of(session, Address(found.channel, found.chat))
    return account.person.language if account else "vi"
