"""Who may use the sandbox's page, and what comes along.

Only a page of this very server may: a foreign Host (a name that was made to point here) or a foreign Origin is
refused, and the Content-Security-Policy lets nothing in but the page's own files.
"""

import json

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.sandbox.errors import SandboxError
from bot.sandbox.model import Json
from bot.sandbox.params import Upload

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
MOST_UPLOADED = 64 * 1024 * 1024


def check_caller(request: Request) -> None:
    """Let pass a caller from this machine's own page, or a program; 403 for any other page."""
    host = request.headers.get("host", "")
    origin = request.headers.get("origin")
    if host.partition(":")[0] not in LOCAL_NAMES or origin not in (None, f"http://{host}"):
        raise HTTPException(403, "the sandbox answers only to its own page")


async def body_of(request: Request) -> Json:
    """The values of a JSON object or of a form with its files; SandboxError if it is neither."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return _json_object(await request.body())
    async with request.form(max_part_size=MOST_UPLOADED) as form:
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
