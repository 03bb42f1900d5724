"""A link taken apart: strictly, so that no two programs can see different hosts in what we accept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl, unquote

from bot.domain.links.hosts import host_name

_MAX_LINK = 16_384  # a message holds 4,096 characters; beyond this a link is an attack, not a link
_MAX_PATH = 2_048
_MAX_PARAMS = 100
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff"
_LAST_BLANK = 0x3000  # the ideographic space: Unicode has none after it
_EDGES = INVISIBLE + "".join(c for c in map(chr, range(_LAST_BLANK + 1)) if c.isspace())
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LINK = re.compile(
    r"(?:(?:(?P<scheme>https?):)?//)?(?P<authority>[^/?#\\]*)(?P<rest>(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?)",
    re.IGNORECASE,
)
# ASCII only: a host in other letters is a look-alike or, at best, nothing a share button makes.
_AUTHORITY = re.compile(r"(?P<host>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)\.?(?::(?:80|443)?)?")
_ESCAPED_AMPERSAND = re.compile(r"(?:amp;)+")


@dataclass(frozen=True, slots=True)
class Address:
    """A web address. `path` is decoded, without empty segments and outer slashes; `params` holds the first of each."""

    host: str
    name: str | None
    path: str
    params: Mapping[str, str]
    url: str


def clean(text: str) -> str:
    """The text without blanks and invisible characters at its ends."""
    return text.strip(_EDGES)


def parse(link: str) -> Address | None:
    """The address in a link with or without scheme; None unless it is a plain http(s) one.

    Refused are user names before the host, backslashes before the query, control characters, ports other than
    80 and 443, hosts outside ASCII, `.` and `..` in the path.
    """
    text = clean(link)
    parts = None if len(text) > _MAX_LINK or _CONTROL.search(text) else _LINK.fullmatch(text)
    authority = parts and _AUTHORITY.fullmatch(parts["authority"])
    path = _path(parts["path"]) if parts else None
    if not parts or not authority or path is None:
        return None
    host = authority["host"].lower()
    url = f"{(parts['scheme'] or 'https').lower()}://{host}{parts['rest']}"
    # The scheme that was added counts, or this url would be refused when it is read.
    return Address(host, host_name(host), path, _params(parts["query"] or ""), url) if len(url) <= _MAX_LINK else None


def _path(raw: str) -> str | None:
    if len(raw) > _MAX_PATH or "\\" in raw:
        return None
    segments = [unquote(segment) for segment in raw.split("/") if segment]
    if any(segment in {".", ".."} for segment in segments):
        return None
    return "/".join(segment.replace("/", "%2F") for segment in segments)


def _params(query: str) -> Mapping[str, str]:
    """The first value of each name; `&amp;id=` (a link copied out of HTML) counts as `id`.

    Only the name is mended: html.unescape would also turn `&not…=` or `&copy…=` inside good links into other signs.
    """
    params: dict[str, str] = {}
    first = "&".join(query.split("&", _MAX_PARAMS)[:_MAX_PARAMS])
    for name, value in parse_qsl(first, keep_blank_values=True):
        params.setdefault(_ESCAPED_AMPERSAND.sub("", name), value)
    return MappingProxyType(params)
