"""The web chat's routes: the page, what it looks at, what people do, and the live stream of events."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox import views
from bot.sandbox.errors import ApiError, SandboxError
from bot.sandbox.feed import stream
from bot.sandbox.guard import HEADERS, body_of, check_caller
from bot.sandbox.model import Json
from bot.sandbox.people_http import act
from bot.sandbox.world import World
from bot.sandbox.zalo import views as zalo_views
from bot.sandbox.zalo.world import ZaloWorld

WEB = Path(__file__).parent / "web"
MEDIA_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
PAGE_FILES = {path.name: path for path in WEB.iterdir() if path.suffix in MEDIA_TYPES}


async def page(request: Request) -> Response:
    """One file of the page, by name; without a name the page itself."""
    check_caller(request)
    path = PAGE_FILES.get(request.path_params.get("name", "index.html"))
    if path is None:
        raise HTTPException(404)
    return Response(path.read_bytes(), media_type=MEDIA_TYPES[path.suffix], headers=HEADERS)


async def look(request: Request) -> Response:
    """What stands somewhere: state, messages, commands, calls, toasts."""
    world = _world(request)
    try:
        if request.path_params["what"] == "state":
            return JSONResponse(_state(world, request.app.state.zalo))
        return JSONResponse(_look(world, request.path_params["what"], dict(request.query_params)))
    except (ApiError, KeyError, ValueError) as error:
        return JSONResponse({"error": str(error)}, status_code=400)


async def action(request: Request) -> Response:
    """What a person does."""
    world = _world(request)
    try:
        return JSONResponse(act(world, request.path_params["action"], await body_of(request)))
    except SandboxError as error:
        return JSONResponse({"error": str(error)}, status_code=400)


async def events(request: Request) -> Response:
    """Everything that happens from now on, as server-sent events."""
    world = _world(request)
    return StreamingResponse(stream(world.feed), media_type="text/event-stream", headers=HEADERS)


async def file(request: Request) -> Response:
    """A picture is shown; anything else is offered for saving, never opened in the page's name."""
    found = _world(request).files.get(request.path_params["file_id"])
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


def _world(request: Request) -> World:
    """The world, for whoever may look at it."""
    check_caller(request)
    world: World = request.app.state.world
    return world


def _look(world: World, what: str, asked: dict[str, str]) -> Any:
    match what:
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


def _state(world: World, zalo: ZaloWorld | None) -> Json:
    only_there = [person for person in zalo.people.values() if person.on_telegram is None] if zalo else []
    chats = [zalo_views.chat(chat, zalo.bot_name) for chat in zalo.chats.values()] if zalo else []
    return {
        "bot": views.person(world.bot),
        "people": [*map(views.person, world.people.values()), *map(zalo_views.person, only_there)],
        "chats": [*(views.chat(chat, world.bot.id) for chat in world.chats.values()), *chats],
        "has_zalo": zalo is not None,
        "now": world.clock.now().isoformat(),
        "pending_updates": len(world.updates.pending),
    }
