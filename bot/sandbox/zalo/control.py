"""What people do on Zalo and what stands there, over HTTP: for the page, and for tests in another process.

`GET <prefix>/state`, `messages?chat=`, `calls` and `events`; `POST <prefix>/<action>` with a JSON object (or a form,
for a picture) that names the person by his id on Zalo. What is not possible is a 400 with `{"error": …}`.
"""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox.errors import SandboxError
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.feed import stream
from bot.sandbox.guard import HEADERS, body_of, check_caller
from bot.sandbox.params import Upload
from bot.sandbox.zalo import people, views
from bot.sandbox.zalo.model import Json, Person
from bot.sandbox.zalo.world import ZaloWorld

Action = Callable[[ZaloWorld, Json], Json]
INCOMPLETE = (KeyError, TypeError, ValueError)


def control(world: ZaloWorld, prefix: str) -> list[Route]:
    """The routes by which a world is looked at and acted in."""

    async def look(request: Request) -> Response:
        check_caller(request)
        try:
            return JSONResponse(_look(world, request.path_params["what"], dict(request.query_params)))
        except INCOMPLETE as error:
            return _refusal(error)

    async def act(request: Request) -> Response:
        check_caller(request)
        try:
            return JSONResponse(_act(world, request.path_params["action"], await body_of(request)))
        except INCOMPLETE as error:
            return _refusal(error)

    async def events(request: Request) -> Response:
        check_caller(request)
        return StreamingResponse(stream(world.feed), media_type="text/event-stream", headers=HEADERS)

    async def picture(request: Request) -> Response:
        check_caller(request)
        content = world.pictures.get(request.path_params["name"])
        return Response("", 404) if content is None else Response(content, media_type="image/png", headers=HEADERS)

    return [
        Route(f"{prefix}/events", events),
        Route(f"{prefix}/pictures/{{name}}", picture),
        Route(f"{prefix}/{{what}}", look, methods=["GET"]),
        Route(f"{prefix}/{{action}}", act, methods=["POST"]),
    ]


def _refusal(error: Exception) -> Response:
    words = str(error) if isinstance(error, SandboxError) else f"the request is not complete: {error!r}"
    return JSONResponse({"error": words}, status_code=400)


def _look(world: ZaloWorld, what: str, asked: dict[str, str]) -> Any:
    match what:
        case "state":
            return {
                "now": world.clock.now().isoformat(),
                "pending_updates": len(world.pending) + world.posting,
                "handed_out": world.handed_out,
                "answers": world.answers,
            }
        case "messages":
            return [world.view(message) for message in world.in_chat(asked["chat"])]
        case "calls":
            return [views.call(call) for call in world.calls]
        case _:
            raise SandboxError(f"there is nothing called “{what}”")


def _act(world: ZaloWorld, name: str, body: Json) -> Json:
    if name not in ACTIONS:
        raise SandboxError(f"there is no action “{name}”")
    return ACTIONS[name](world, body)


def _person(world: ZaloWorld, body: Json) -> Person:
    found = world.people.get(str(body["person"]))
    if found is None:
        raise SandboxError("there is nobody with this id on Zalo")
    return found


def _new_person(world: ZaloWorld, body: Json) -> Json:
    wanted = {key: body[key] for key in ("started", "description", "on_telegram") if key in body}
    person_id = str(body["id"]) if "id" in body else None
    person = world.add_person(str(body["name"]), person_id=person_id, **wanted)
    return views.person(person) | {"chat": person.id}


def _say(world: ZaloWorld, body: Json) -> Json:
    text = str(body["text"]).strip()
    if not text:
        raise SandboxError("there is nothing to send: the text is empty")
    return world.view(people.say(world, _person(world, body), text))


def _photo(world: ZaloWorld, body: Json) -> Json:
    file: Upload = body["file"]
    caption = str(body.get("caption", "")).strip()
    return world.view(people.send_photo(world, _person(world, body), file.content, caption))


def _sticker(world: ZaloWorld, body: Json) -> Json:
    return world.view(people.send_sticker(world, _person(world, body)))


def _voice(world: ZaloWorld, body: Json) -> Json:
    return world.view(people.send_voice(world, _person(world, body)))


def _file(world: ZaloWorld, body: Json) -> Json:
    return world.view(people.send_file(world, _person(world, body)))


def _turn(world: ZaloWorld, body: Json) -> Json:
    """Set knobs that are switches or numbers."""
    for name, value in body.items():
        kind = type(getattr(world.knobs, name, None))
        if kind not in (bool, int):
            raise SandboxError(f"there is no such knob: “{name}”")
        setattr(world.knobs, name, kind(value))
    return {}


def _fault(world: ZaloWorld, body: Json) -> Json:
    wanted: dict[str, Any] = {key: value for key, value in body.items() if key != "kind"}
    world.faults.add(Fault(FaultKind(body["kind"]), **wanted))
    return {}


ACTIONS: dict[str, Action] = {
    "person": _new_person,
    "say": _say,
    "photo": _photo,
    "sticker": _sticker,
    "voice": _voice,
    "file": _file,
    "knobs": _turn,
    "fault": _fault,
}
