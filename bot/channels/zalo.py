"""The Zalo Bot Platform, on httpx. The token is part of every address: none may get into a log or an exception."""

import json
import logging
from collections.abc import Mapping, Sequence

import httpx
import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.channels import tls, zalo_reading
from bot.channels.base import CommandMenu, Identity, OurFault, TryLater
from bot.channels.marks import units
from bot.channels.zalo_errors import LimitOfToday, TimedOut, lost, result_of
from bot.channels.zalo_text import Style, styled
from bot.domain.quota import Quota
from bot.messages import Address, Incoming, Outgoing, RawUpdate

log = structlog.get_logger()
# At INFO it writes the address of every call.
logging.getLogger("httpx").setLevel(logging.WARNING)

TIMEOUT = 15.0
# Zalo fetches the picture before it answers; still less than the lease of a claimed message.
PHOTO_TIMEOUT = 45.0
POLL_GRACE = 10.0
MOST_TEXT = 2000
PICTURE_HOSTS = (".zdn.vn",)


class Me(BaseModel):
    """The answer of getMe."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    account_name: str
    display_name: str = ""


class ZaloChannel:
    """A bot.channels.base.Channel. getUpdates gives each update once, whether it arrives or not.

    `quota` is counted by whoever sends; here it is only told.
    """

    name = zalo_reading.NAME
    # A poll is never broken off, so that it must be short enough for the bot to stop in time.
    longest_poll = 6.0
    repeats = False
    secret_header = "X-Bot-Api-Secret-Token"  # noqa: S105 -- the header's name, not a secret
    probes = True

    def __init__(self, token: str, api_base: str, quota: Quota | None = None) -> None:
        self.quota = quota
        self._token = token
        self._client = httpx.AsyncClient(base_url=f"{api_base}/bot{token}/", verify=tls.trusted())
        self._names: tuple[str, ...] = ()
        self._unconfirmed: list[RawUpdate] = []

    async def open(self, menu: CommandMenu) -> Identity:  # noqa: ARG002 -- Zalo has no command menus
        """Ask who the bot is."""
        try:
            me = Me.model_validate(await self._call("getMe", {}))
        except ValidationError:
            raise OurFault("Zalo's answer to getMe is not what it was") from None
        self._names = tuple(name for name in (me.display_name, me.account_name) if name)
        return Identity(self._names[0], f"https://bot.zaloplatforms.com/bots/{me.id}")

    async def fetch(self, wait: float) -> list[RawUpdate]:
        """One update at most. It is given again until it is confirmed, though Zalo has forgotten it."""
        if not self._unconfirmed:
            self._unconfirmed = await self._poll(wait)
        return list(self._unconfirmed)

    async def _poll(self, wait: float) -> list[RawUpdate]:
        try:
            # The documentation wants a string.
            found = await self._call("getUpdates", {"timeout": str(int(wait))}, wait + POLL_GRACE)
        except TimedOut:
            return []
        updates = found if isinstance(found, list) else [found]
        return [zalo_reading.keep(update) for update in updates if isinstance(update, dict) and update]

    def confirm(self, updates: Sequence[RawUpdate]) -> None:
        """These are safe."""
        self._unconfirmed = [each for each in self._unconfirmed if each not in updates]

    async def use_webhook(self, url: str, secret: str) -> None:
        """Have updates posted to `url`; on a day with too many starts, go on with the one that is set."""
        try:
            result = await self._call("setWebhook", {"url": url, "secret_token": secret}, PHOTO_TIMEOUT)
        except LimitOfToday:
            if not await self._has_webhook(url):
                raise
            log.warning("Zalo takes no new webhook today; the one that is set is this one")
            return
        checked = result.get("verification") if isinstance(result, dict) else None
        if isinstance(checked, dict) and checked.get("ok") is False:
            log.warning("Zalo does not reach the webhook", outcome=str(checked.get("outcome")))

    async def _has_webhook(self, url: str) -> bool:
        result = await self._call("getWebhookInfo", {})
        return isinstance(result, dict) and result.get("url") == url

    async def use_polling(self) -> None:
        """Remove a webhook; that there is none is answered with an error."""
        try:
            await self._call("deleteWebhook", {})
        except OurFault as fault:
            log.info("there was no webhook to remove", reason=fault.reason)

    def accept(self, body: bytes) -> RawUpdate | None:
        """The update in a webhook call, bare or wrapped."""
        if not body.strip():
            return None
        try:
            update = zalo_reading.unwrapped(json.loads(body))
            return zalo_reading.keep(update) if update else None
        except RecursionError:
            raise ValueError("not an update: nested too deeply") from None

    def read(self, update: RawUpdate) -> Incoming | None:
        """What a kept update means."""
        return zalo_reading.read(update, self._names)

    async def send(self, to: Address, message: Outgoing, content: bytes | None) -> str | None:  # noqa: ARG002 -- Zalo takes no bytes
        """Send a text, or a picture by its public address. Everything else was rendered into texts before."""
        text, styles = styled(message.text)
        if message.picture:
            return await self._send_picture(to, message.picture, text)
        return await self._send_text(to, text, styles) if text else None

    async def _send_text(self, to: Address, text: str, styles: Sequence[Style]) -> str:
        plain = {"chat_id": to.chat, "text": text}
        if not styles:
            return _number(await self._call("sendMessage", plain))
        try:
            return _number(await self._call("sendMessage", {**plain, "text_styles": [_wire(each) for each in styles]}))
        except OurFault as fault:
            log.warning("Zalo refuses the styles of a text, it goes plain", reason=fault.reason)
            return _number(await self._call("sendMessage", plain))

    async def _send_picture(self, to: Address, address: str, text: str) -> str:
        caption = {"caption": text} if text else {}
        try:
            sent = await self._call("sendPhoto", {"chat_id": to.chat, "photo": address, **caption}, PHOTO_TIMEOUT)
        except OurFault as fault:
            log.warning("Zalo refuses a picture, its address goes as text", reason=fault.reason)
            both = f"{text}\n{address}".strip()
            return await self._send_text(to, both if units(both) <= MOST_TEXT else text, ())
        return _number(sent)

    async def admins(self, chat: str) -> frozenset[str]:  # noqa: ARG002 -- Zalo tells of no group
        """Nobody: Zalo does not say who administers a group."""
        return frozenset()

    async def download(self, reference: str, most: int) -> bytes:
        """A picture by its address, on Zalo's own hosts only; Zalo hands on no other files."""
        if not self._is_theirs(reference):
            raise OurFault("a picture that does not lie with Zalo")
        try:
            async with self._client.stream("GET", reference, timeout=PHOTO_TIMEOUT) as answer:
                if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                    raise TryLater(f"Zalo does not give out a picture now ({answer.status_code})")
                if answer.status_code != httpx.codes.OK:
                    raise OurFault(f"Zalo does not give out a picture any more ({answer.status_code})")
                return await _at_most(answer, most)
        except httpx.HTTPError as error:
            problem = TryLater(f"no picture ({type(error).__name__})")
        raise problem

    def _is_theirs(self, reference: str) -> bool:
        try:
            url = httpx.URL(reference)
        except httpx.InvalidURL:
            return False
        base = self._client.base_url
        at_the_api = (url.scheme, url.host, url.port) == (base.scheme, base.host, base.port)
        return at_the_api or (url.scheme == "https" and url.port is None and url.host.endswith(PICTURE_HOSTS))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _call(self, method: str, parameters: Mapping[str, object], within: float = TIMEOUT) -> object:
        timeout = httpx.Timeout(within, connect=TIMEOUT)
        try:
            answer = await self._client.post(method, json=parameters, timeout=timeout)
        except httpx.HTTPError as error:
            problem = lost(error)
        else:
            return result_of(answer.status_code, answer.content, self._token)
        # Out here the error hangs on nothing that knows the address.
        raise problem


async def _at_most(answer: httpx.Response, most: int) -> bytes:
    content = bytearray()
    async for part in answer.aiter_bytes():
        content += part
        if len(content) > most:
            raise OurFault(f"the picture has more than {most} bytes")
    return bytes(content)


def _wire(style: Style) -> dict[str, object]:
    return {"start": style.start, "len": style.len, "st": list(style.st)}


def _number(result: object) -> str:
    """The id of what was sent; empty if Zalo does not say it, as sent it is all the same."""
    return str(result.get("message_id", "")) if isinstance(result, dict) else ""
