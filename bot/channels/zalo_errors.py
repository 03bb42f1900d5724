"""What the Zalo Bot Platform answers, and what its errors ask us to do next. Pure.

Errors of business come as HTTP 200 with `"ok": false`; errors of what stands before the API may come as HTML.
"""

import httpx
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from bot.channels.base import InDoubt, NoConnection, OurFault, OverQuota, Rejected, SendError, Throttled, TryLater

# The request never left this machine, so sending again cannot double it.
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

THROTTLED_FOR = 10.0
"""Seconds of silence after a 429 of the web server in front: it names none itself."""
OVER_QUOTA_FOR = 600.0
"""Seconds until the next try when the quota is used up."""
LONGEST_REASON = 200
# A gateway's time-out says nothing about what the server behind it did.
GATEWAY_TIMEOUT = 504


class TimedOut(InDoubt):
    """408, "Request timeout": to getUpdates it says that nothing is there, to anything else that nobody knows."""


class LimitOfToday(TryLater):
    """426: what may be done a few times a day only was done too often."""


class Envelope(BaseModel):
    """What every answer is wrapped in; testWebhook writes `errorCode`."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    ok: bool = Field(strict=True)
    result: object = None
    description: str = ""
    error_code: int = Field(default=0, validation_alias=AliasChoices("error_code", "errorCode"))


def result_of(status: int, body: bytes, token: str) -> object:
    """The `result` in an answer; raises the SendError that says what to do next, with no token in its reason."""
    try:
        envelope = Envelope.model_validate_json(body)
    except ValidationError:
        envelope = None
    if envelope is None:
        raise _unreadable(status)
    if envelope.ok:
        return envelope.result
    said = envelope.description.replace(token, "…") if token else envelope.description
    raise _refused(envelope.error_code or status, said[:LONGEST_REASON])


def lost(error: httpx.HTTPError) -> SendError:
    """What a failed connection means; its own words hold the address, and that the token."""
    if isinstance(error, NOT_SENT):
        return NoConnection(f"no connection ({type(error).__name__})")
    return InDoubt(f"connection lost ({type(error).__name__})")


def _refused(code: int, said: str) -> SendError:
    match code:
        case 401:
            return Rejected("Zalo does not accept the token")
        case 408:
            return TimedOut("Zalo was too slow")
        case 426:
            return LimitOfToday("Zalo allows this only a few times a day")
        case 429:
            return OverQuota(OVER_QUOTA_FOR)
        # The documentation calls 403 "Internal server error".
        case 403:
            return TryLater("Zalo could not answer (403)")
        case _ if code >= 500:
            return TryLater(f"Zalo could not answer ({code})")
        case _:
            return OurFault(f"{code} {said}")


def _unreadable(status: int) -> SendError:
    """An answer that is not the API's, such as a web server's page."""
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return Throttled(THROTTLED_FOR)
    if status == httpx.codes.REQUEST_TIMEOUT:
        return TimedOut("Zalo was too slow")
    if status == GATEWAY_TIMEOUT or httpx.codes.is_success(status):
        return InDoubt(f"Zalo's answer could not be read ({status})")
    return TryLater(f"Zalo could not answer ({status})")
