"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`.

Source: Bot API, "Making requests": the envelope `{"ok": …}`, GET and POST, four ways to pass parameters.
"""

import json
from hmac import compare_digest

from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.bot_api import Dropped, Garbage, call
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.params import Params, Upload
from bot.sandbox.world import World


async def method(request: Request) -> Response:
    """One call of the bot, with the answer that its outcome asks for."""
    if not _has_token(request):
        return _refused(ApiError(401, "Unauthorized"))
    world: World = request.app.state.world
    try:
        result = await call(world, request.path_params["method"], await _read(request))
    except ApiError as error:
        return _refused(error)
    except Garbage as garbage:
        kind = "text/html" if garbage.body.startswith("<") else "application/json"
        return Response(garbage.body, media_type=kind)
    except Dropped:
        return await _cut(request)
    except ClientDisconnect:
        return Response()  # the bot died in the middle of its request: nobody waits for an answer
    return JSONResponse({"ok": True, "result": result})


async def download(request: Request) -> Response:
    """The bytes of a file, under the path that getFile gave."""
    world: World = request.app.state.world
    file = world.files.at(request.path_params["path"])
    if file is None or not _has_token(request):
        return _refused(ApiError(404, "Not Found"))
    return Response(file.content, media_type="application/octet-stream")


BOT_ROUTES = [
    Route("/bot{token}/{method}", method, methods=["GET", "POST"]),
    Route("/file/bot{token}/{path:path}", download),
]


def _has_token(request: Request) -> bool:
    return compare_digest(request.path_params["token"].encode(), request.app.state.token.encode())


async def _read(request: Request) -> Params:
    values: dict[str, object] = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return Params(values | _json_object(await request.body()))
    uploads = {}
    async with request.form(max_part_size=64 * 1024 * 1024) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                uploads[name] = Upload(value.filename or name, await value.read())
            else:
                values[name] = value
    return Params(values, uploads)


def _json_object(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(found, dict):
        raise bad_request("can't parse JSON object")
    return found


def _refused(error: ApiError) -> Response:
    body: dict[str, object] = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters is not None:
        body["parameters"] = error.parameters
    return JSONResponse(body, status_code=error.code)


async def _cut(request: Request) -> Response:
    """Cut the connection; the response only satisfies the protocol, nobody gets it."""
    request.app.state.hang_up(request)
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response()
