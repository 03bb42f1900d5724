"""python-telegram-bot's requests, made by aiohttp: three times as many a second as by the library's own client."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels import tls


@dataclass(frozen=True, slots=True)
class Values:
    """A call's values that need no preparing: the library's RequestData would cost as much as the call."""

    values: Mapping[str, object]
    contains_files = False

    @property
    def json_payload(self) -> bytes:
        """What is posted."""
        return json.dumps(self.values).encode()


class AiohttpRequest(BaseRequest):
    """At most `connections` at once; the rest waits for a free one. Times are in seconds.

    NetworkError and TimedOut have aiohttp's error as their cause, which tells whether the request went out.
    """

    def __init__(self, connections: int, timeout: float, proxy: str | None) -> None:
        self._connections = connections
        self._timeout = timeout
        self._proxy = proxy
        self._client: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer."""
        return self._timeout

    async def initialize(self) -> None:
        """Get ready; a second call does nothing."""
        if self._client is None:
            connector = aiohttp.TCPConnector(limit=self._connections, ssl=tls.trusted())
            self._client = aiohttp.ClientSession(connector=connector)

    async def shutdown(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 -- the library's signature
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 -- the library's signature
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 -- the library's signature
    ) -> tuple[int, bytes]:
        """Status and body of the answer."""
        await self.initialize()
        if self._client is None:
            raise RuntimeError("closed")
        answer_within = read_timeout if isinstance(read_timeout, (int, float)) else self._timeout
        timeout = aiohttp.ClientTimeout(total=None, connect=self._timeout, sock_read=answer_within)
        body, headers = _body(request_data)
        try:
            async with self._client.request(
                method, url, data=body, headers=headers, timeout=timeout, proxy=self._proxy
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error


def _body(request_data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str]]:
    """What is posted, and its headers."""
    if request_data is None:
        return None, {"User-Agent": BaseRequest.USER_AGENT}
    if not request_data.contains_files:
        return request_data.json_payload, {"User-Agent": BaseRequest.USER_AGENT, "Content-Type": "application/json"}
    form = aiohttp.FormData(request_data.json_parameters)
    for part, (name, content, kind) in request_data.multipart_data.items():
        form.add_field(part, content, filename=name, content_type=kind)
    return form, {"User-Agent": BaseRequest.USER_AGENT}


def proxy_for(address: str) -> str | None:
    """The proxy that the environment names for an address: it may be the only way out."""
    parts = urlsplit(address)
    if proxy_bypass(parts.netloc):
        return None
    return getproxies().get(parts.scheme)
