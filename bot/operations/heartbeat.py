"""A sign of life to a service elsewhere, which raises the alarm when it stays away."""

import httpx
import structlog

log = structlog.get_logger()

ANSWER_WITHIN = 10.0


class Heartbeat:
    """Calls one https address and follows nothing from there; says once that it is not heard, once that it is."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url
        self._client = httpx.AsyncClient(timeout=ANSWER_WITHIN, trust_env=False, transport=transport)
        self._heard = True

    async def beat(self, wrong: list[str]) -> bool:
        """Call, unless something is wrong with the bot: silence is what raises the alarm. Whether it was heard."""
        if wrong:
            log.error("no sign of life is given", why="; ".join(wrong))
            return False
        heard = await self._call()
        if heard != self._heard:
            log.info("the sign of life is heard again") if heard else log.warning("the sign of life is not heard")
        self._heard = heard
        return heard

    async def close(self) -> None:
        """Close the connection."""
        await self._client.aclose()

    async def _call(self) -> bool:
        try:
            answer = await self._client.get(self._url)
        except httpx.HTTPError:
            return False  # which kind it was may quote the address, and that is a secret
        return answer.is_success
