"""The one way in which readers of posts reach the network: guarded against being led astray, and sparing with hosts.

httpcore is used without a client above it: it follows no redirects, keeps no cookies, reads no proxy from the
environment and unpacks nothing, so none of that has to be switched off.
"""

import asyncio
import re
import ssl
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

import httpcore
import structlog
from pydantic import BaseModel, ValidationError

from bot.posts.base import NotThere, TryLater
from bot.posts.circuit import Circuit
from bot.posts.dialing import NotPublic, PublicNetwork, Resolve, look_up

_log = structlog.get_logger()
_URL = re.compile(r"https://(?P<host>[A-Za-z0-9.-]+?)\.?(?::443)?(?P<target>/[!-\"$-~]*)(?:#.*)?", re.DOTALL)
_AGENT = re.compile(r"[!-'*-~]+(?: [!-'*-~]+)*")
_LONGEST_SILENCE = 86_400.0
_TOO_MANY = 429
_REFUSED = frozenset({401, 403})
_UNREACHED = (NotPublic, httpcore.ConnectError, httpcore.ConnectTimeout)
_BROKEN = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, TimeoutError)

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for all of a request, seconds of it for the connection, bytes of the body."""

    total: float = 10.0
    connect: float = 5.0
    size: int = 256 * 1024


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host answered: names of headers in lower case; `cut` if the body was longer than we read."""

    host: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool

    def read_as(self, model: type[Model]) -> Model:
        """The JSON in the body; TryLater if it is something else."""
        try:
            return model.model_validate_json(self.body)
        except ValidationError:
            # The validator's words would quote the body.
            raise TryLater(f"{self.host} answered {self.status} with something we cannot read") from None


def user_agent(version: str, contact: str) -> str:
    """Who we say we are; ValueError if `contact`, a web or mail address, is missing or does not fit into a header."""
    if not _AGENT.fullmatch(contact):
        raise ValueError("reading posts needs a contact: a web or mail address in plain letters")
    return f"SoTin/{version} (+{contact})"


def permitted(url: str, hosts: Collection[str]) -> httpcore.URL:
    """The address to ask for: https, port 443, no user name, one of `hosts`; NotThere for any other."""
    found = _URL.fullmatch(url)
    host = found["host"].lower() if found else ""
    if not found or host not in hosts:
        raise NotThere("an address that we do not open")
    return httpcore.URL(scheme=b"https", host=host.encode(), port=None, target=found["target"].encode())


class Fetcher:
    """Asks hosts, one request at a time each, and leaves alone those that fail.

    The last three arguments are the network itself: names to addresses, addresses to connections, and whose
    certificates to trust; `clock` gives seconds that only grow.
    """

    def __init__(
        self,
        agent: str,
        limits: Limits = LIMITS,
        clock: Callable[[], float] = time.monotonic,
        resolve: Resolve = look_up,
        dial: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.limits = limits
        self.clock = clock
        self._agent = agent
        self._circuits: defaultdict[str, Circuit] = defaultdict(Circuit)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        # No connection is kept: reading is rare, and so each request goes to an address checked just now.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls or ssl.create_default_context(),
            max_keepalive_connections=0,
            network_backend=PublicNetwork(resolve, dial or httpcore.AnyIOBackend()),
        )

    async def get(
        self,
        url: str,
        hosts: Collection[str],
        headers: Mapping[str, str] | None = None,
        *,
        seconds: float | None = None,
        body: bool = True,
    ) -> Answer:
        """One GET within `seconds`; redirects are answers, too, and without `body` only the headers are read.

        Raises NotThere for an address that is not `permitted`; TryLater if the host is out of reach or too slow,
        answers 429 or 5xx, or is left alone for now.
        """
        asked = permitted(url, hosts)
        host = asked.host.decode()
        async with self._turns[host]:
            self._begin(host)
            try:
                async with asyncio.timeout(self.limits.total if seconds is None else seconds):
                    answer = await self._exchange(asked, headers or {}, body)
            except (*_UNREACHED, *_BROKEN) as error:
                self._circuits[host] = self._circuits[host].failed(self.clock())
                # Not chained: an error about a header quotes it, token and all.
                raise _explain(host, error) from None
            return self._judge(answer)

    async def close(self) -> None:
        """Close the connections; more than once is harmless."""
        await self._pool.aclose()

    def _begin(self, host: str) -> None:
        now = self.clock()
        if wait := self._circuits[host].wait(now):
            raise TryLater(f"{host} is left alone for now", wait, asked=False)
        self._circuits[host] = self._circuits[host].begin(now)

    async def _exchange(self, url: httpcore.URL, headers: Mapping[str, str], body: bool) -> Answer:
        sent = {"User-Agent": self._agent, "Accept-Encoding": "identity", "Connection": "close", **headers}
        timeouts = {"connect": self.limits.connect}
        async with self._pool.stream(
            "GET",
            url,
            headers=[(name.encode(), value.encode()) for name, value in sent.items()],
            extensions={"timeout": timeouts},
        ) as response:
            received = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            if received.get("content-encoding", "identity") != "identity":
                raise httpcore.RemoteProtocolError
            content, cut = await self._content(response) if body else (b"", False)
        return Answer(url.host.decode(), response.status, received, content, cut)

    async def _content(self, response: httpcore.Response) -> tuple[bytes, bool]:
        content = bytearray()
        async for part in response.aiter_stream():
            content += part
            if len(content) > self.limits.size:
                return bytes(content[: self.limits.size]), True
        return bytes(content), False

    def _judge(self, answer: Answer) -> Answer:
        _log.info("asked", host=answer.host, status=answer.status)
        circuit = self._circuits[answer.host]
        if answer.status == _TOO_MANY or answer.status >= 500:
            silence = _retry_after(answer)
            self._circuits[answer.host] = circuit.failed(self.clock(), silence or 0.0)
            raise TryLater(f"{answer.host} answered {answer.status}", silence)
        refused = answer.status in _REFUSED
        self._circuits[answer.host] = circuit.failed(self.clock()) if refused else circuit.succeeded()
        return answer


def _explain(host: str, error: Exception) -> TryLater:
    if isinstance(error, NotPublic):
        return TryLater(f"{host} leads to an address that is not public", asked=False)
    if isinstance(error, _UNREACHED):
        return TryLater(f"{host} is out of reach: {type(error).__name__}", asked=False)
    return TryLater(f"{host} did not answer properly: {type(error).__name__}")


def _retry_after(answer: Answer) -> float | None:
    """Seconds; dates are not read, and nobody silences us for more than a day."""
    value = answer.headers.get("retry-after", "")
    return min(float(value), _LONGEST_SILENCE) if value.isascii() and value.isdigit() else None
