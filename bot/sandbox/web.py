"""The web chat's routes: the page, what it looks at, what people do, and the live stream of events.

Only a page of this very server may use them: a foreign Host (a name that was made to point here) or a foreign
Origin is refused, and the Content-Security-Policy lets nothing in but the page's own files.
"""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox import views
from bot.sandbox.errors import ApiError, SandboxError
from bot.sandbox.model import Json
from bot.sandbox.params import Upload
from bot.sandbox.people_http import act
from bot.sandbox.world import World

WEB = Path(__file__).parent / "web"
MEDIA_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
PAGE_FILES = {path.name: path for path in WEB.iterdir() if path.suffix in MEDIA_TYPES}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
LOCAL_NAMES = ("127.0.0.1", "localhost")


async def page(request: Request) -> Response:
    """One file of the page, by name; without a name the page itself."""
    _check_caller(request)
    path = PAGE_FILES.get(request.path_params.get("name", "index.html"))
    if path is None:
        raise HTTPException(404)
    return Response(path.read_bytes(), media_type=MEDIA_TYPES[path.suffix], headers=HEADERS)


async def look(request: Request) -> Response:
    """What stands somewhere: state, messages, commands, calls, toasts."""
    world = _check_caller(request)
    try:
        return JSONResponse(_look(world, request.path_params["what"], dict(request.query_params)))
    except (ApiError, KeyError, ValueError) as error:
        return JSONResponse({"error": str(error)}, status_code=400)


async def action(request: Request) -> Response:
    """What a person does."""
    world = _check_caller(request)
    try:
        return JSONResponse(act(world, request.path_params["action"], await _body(request)))
    except SandboxError as error:
        return JSONResponse({"error": str(error)}, status_code=400)


async def events(request: Request) -> Response:
    """Everything that happens from now on, as server-sent events."""
    world = _check_caller(request)
    return StreamingResponse(_events(world), media_type="text/event-stream", headers=HEADERS)


async def file(request: Request) -> Response:
    """A picture is shown; anything else is offered for saving, never opened in the page's name."""
    found = _check_caller(request).files.get(request.path_params["file_id"])
    if found is None:
        raise HTTPException(404)
    shown = "inline" if found.width else f"attachment; filename*=utf-8''{quote(found.name)}"
    media_type = found.mime_type if found.width else "application/octet-stream"
    return Response(found.content, media_type=media_type, headers=HEADERS | {"Content-Disposition": shown})


PAGE_ROUTES = [
    Route("/", page),
    Route("/sandbox/events", events),
    Route("/sandbox/files/{file_id}", file),
    Route("/sandbox/web/{name}", page),
    Route("/sandbox/{what}", look, methods=["GET"]),
    Route("/sandbox/{action}", action, methods=["POST"]),
]


def _check_caller(request: Request) -> World:
    """The world, for a caller from this machine's own page or a program; 403 for any other page."""
    host = request.headers.get("host", "")
    origin = request.headers.get("origin")
    if host.partition(":")[0] not in LOCAL_NAMES or origin not in (None, f"http://{host}"):
        raise HTTPException(403, "the sandbox answers only to its own page")
    world: World = request.app.state.world
    return world


def _look(world: World, what: str, asked: dict[str, str]) -> Any:
    match what:
        case "state":
            return _state(world)
        case "messages":
            after = int(asked.get("after", 0))
            found = world.messages(int(asked["chat"]))
            return [views.message(message) for message in found if message.message_id > after]
        case "commands":
            return world.commands_for(world.chat(int(asked["chat"])), world.person(int(asked["person"])))
        case "calls":
            return [views.call(call) for call in world.calls]
        case "toasts":
            return [views.toast(toast) for toast in world.toasts]
        case _:
            raise SandboxError(f"there is nothing called “{what}”")


def _state(world: World) -> Json:
    return {
        "bot": views.person(world.bot),
        "people": [views.person(person) for person in world.people.values()],
        "chats": [views.chat(chat, world.bot.id) for chat in world.chats.values()],
        "now": world.clock.now().isoformat(),
        "pending_updates": len(world.updates.pending),
    }


async def _body(request: Request) -> Json:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return _json_object(await request.body())
    async with request.form(max_part_size=64 * 1024 * 1024) as form:
        found: Json = {}
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                found[name] = Upload(value.filename or name, await value.read())
            else:
                found[name] = value
        return found


def _json_object(body: bytes) -> Json:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        raise SandboxError("the body is not JSON") from None
    if not isinstance(found, dict):
        raise SandboxError("the body is not a JSON object")
    return found


async def _events(world: World) -> AsyncIterator[str]:
    with world.feed.listen() as events:
        yield ": open\n\n"
        while (event := await events.get()) is not None:
            yield f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
