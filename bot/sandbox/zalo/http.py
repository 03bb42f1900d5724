"""The Zalo Bot API over HTTP: `/bot<token>/<method>` by GET or POST; query, form, JSON and multipart."""

import asyncio
import json
from collections.abc import Coroutine
from hmac import compare_digest
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.zalo.methods import METHODS
from bot.sandbox.zalo.model import Call, Json
from bot.sandbox.zalo.refusals import NOTHING, Refused, bad_request
from bot.sandbox.zalo.world import ZaloWorld

NGINX = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr>nginx</body></html>"
WORDS = {429: "429 Too Many Requests", 500: "500 Internal Server Error", 502: "502 Bad Gateway"}


async def method(request: Request) -> Response:
    """One call of the bot, with the answer or the fault that meets it."""
    world: ZaloWorld = request.app.state.world
    name = request.path_params["method"]
    fault = world.faults.take(name, None)
    params: Json = {}
    outcome = "ok"
    try:
        params = await _read(request)
        answer = await _answer(request, name, params, fault)
    except Refused as refused:
        outcome = str(refused)
        answer = _refused(world, refused)
    except ClientDisconnect:
        return Response()
    world.calls.append(Call(name, params, world.clock.now(), fault.kind if fault else outcome))
    world.feed.publish("call", method=name)
    return answer


async def picture(request: Request) -> Response:
    """A picture that somebody sent, public as Zalo's are."""
    content = request.app.state.world.pictures.get(request.path_params["name"])
    return Response("", 404) if content is None else Response(content, media_type="image/png")


ROUTES = [
    Route("/bot{token}/{method}", method, methods=["GET", "POST"]),
    Route("/pictures/{name}", picture),
]


async def _answer(request: Request, name: str, params: Json, fault: Fault | None) -> Response:
    world: ZaloWorld = request.app.state.world
    if not compare_digest(request.path_params["token"].encode(), request.app.state.token.encode()):
        raise Refused(401, "Unauthorized", status=world.knobs.token_status)
    if name not in METHODS:
        raise Refused(404, "Not Found")
    if fault is not None and (met := await _meet(request, fault)) is not None:
        return met
    if name == "getUpdates" and not world.knobs.dead_polls_take:
        result = await _while_heard(request, METHODS[name](world, params))
    else:
        result = await METHODS[name](world, params)
    done = JSONResponse({"ok": True} if result is NOTHING else {"ok": True, "result": result})
    if fault is not None and fault.kind is FaultKind.GARBAGE:
        return Response(bytes(done.body)[:-5], media_type="application/json")
    if fault is not None and fault.kind is FaultKind.DROP_AFTER:
        return await _cut(request)
    return done


async def _while_heard(request: Request, work: Coroutine[Any, Any, object]) -> object:
    """The work's result, given up as soon as the caller has gone."""
    working, leaving = asyncio.create_task(work), asyncio.create_task(_gone(request))
    try:
        await asyncio.wait([working, leaving], return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _meet(request: Request, fault: Fault) -> Response | None:
    """What a fault does before the act; None if the act goes on."""
    match fault.kind:
        case FaultKind.TOO_MANY_REQUESTS:
            return _page(429)
        case FaultKind.SERVER_ERROR:
            return _page(fault.status)
        case FaultKind.FORBIDDEN:
            raise Refused(403, "Internal server error")
        case FaultKind.DROP_BEFORE:
            return await _cut(request)
        case FaultKind.DELAY:
            await asyncio.sleep(fault.seconds)
        case FaultKind.SILENT:
            await asyncio.sleep(fault.seconds)
            return await _cut(request)
    return None


def _page(status: int) -> Response:
    return Response(NGINX.format(WORDS.get(status, str(status))), status, media_type="text/html")


def _refused(world: ZaloWorld, refused: Refused) -> Response:
    code: object = str(refused.code) if world.knobs.string_codes else refused.code
    return JSONResponse({"ok": False, "description": refused.description, refused.key: code}, refused.status)


async def _read(request: Request) -> Json:
    values: Json = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        return values | _json_object(await request.body())
    async with request.form() as form:
        # A file is no value: the API has no place for it.
        return values | {name: value for name, value in form.items() if not isinstance(value, UploadFile)}


def _json_object(body: bytes) -> Json:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        raise bad_request("The body is no JSON") from None
    if not isinstance(found, dict):
        raise bad_request("The body is no JSON object")
    return found


async def _cut(request: Request) -> Response:
    """Cut the connection; the response only satisfies the protocol, nobody gets it."""
    request.app.state.hang_up(request)
    await _gone(request)
    return Response()
