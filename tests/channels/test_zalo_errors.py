"""What Zalo's answers ask us to do next, and that the token gets into no error, no log and no repr."""

import json
import logging
import traceback

import httpx
import pytest
from structlog.testing import capture_logs

from bot.channels.base import InDoubt, NoConnection, OurFault, OverQuota, Rejected, SendError, Throttled, TryLater
from bot.channels.zalo import ZaloChannel
from bot.channels.zalo_errors import LONGEST_REASON, LimitOfToday, TimedOut, lost, result_of
from bot.messages import Address, Outgoing
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.zalo.model import Person
from bot.sandbox.zalo.server import ZaloServer
from bot.sandbox.zalo.world import ZaloWorld
from tests.channels.conftest import ZALO_TOKEN

NGINX = b"<html><center><h1>x</h1></center></html>"


def refusal(code: object, key: str = "error_code") -> bytes:
    return json.dumps({"ok": False, "description": f"Bad request: {ZALO_TOKEN}", key: code}).encode()


TABLE: list[tuple[int, bytes, type[SendError]]] = [
    (200, refusal(400), OurFault),
    (200, refusal("400"), OurFault),
    (400, refusal(400), OurFault),
    (200, refusal(404), OurFault),
    (200, refusal(401), Rejected),
    (401, refusal(401), Rejected),
    (200, refusal(403), TryLater),
    (200, refusal(408), TimedOut),
    (408, refusal(408), TimedOut),
    (408, NGINX, TimedOut),
    (200, refusal(426), LimitOfToday),
    (200, refusal(426, "errorCode"), LimitOfToday),
    (200, refusal(429), OverQuota),
    (200, refusal(500), TryLater),
    (503, b'{"ok": false}', TryLater),
    (429, NGINX, Throttled),
    (500, NGINX, TryLater),
    (502, NGINX, TryLater),
    (504, NGINX, InDoubt),
    (404, NGINX, TryLater),
    (301, b"", TryLater),
    (200, NGINX, InDoubt),
    (200, b"", InDoubt),
    (200, b"\xff\xfe", InDoubt),
    (200, b"[]", InDoubt),
    (200, b'{"ok": "true"}', InDoubt),
    (200, b'{"ok": true, "result": {"message_id": "4', InDoubt),
]


@pytest.mark.parametrize(("status", "body", "meaning"), TABLE)
def test_an_answer_says_what_to_do_next_and_not_the_token(status: int, body: bytes, meaning: type[SendError]) -> None:
    with pytest.raises(SendError) as caught:
        result_of(status, body, ZALO_TOKEN)
    assert type(caught.value) is meaning
    assert caught.value.reason
    assert ZALO_TOKEN not in "".join(traceback.format_exception(caught.value))


def test_a_result_is_given_whatever_it_is() -> None:
    assert result_of(200, b'{"ok": true}', ZALO_TOKEN) is None
    assert result_of(200, b'{"ok": true, "result": {"a": 1}, "new": 2}', ZALO_TOKEN) == {"a": 1}


def test_a_long_description_is_cut() -> None:
    body = json.dumps({"ok": False, "description": "x" * 9999, "error_code": 400}).encode()
    with pytest.raises(OurFault) as caught:
        result_of(200, body, ZALO_TOKEN)
    assert len(caught.value.reason) <= LONGEST_REASON + len("400 ")


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (httpx.ConnectError, NoConnection),
        (httpx.ConnectTimeout, NoConnection),
        (httpx.PoolTimeout, NoConnection),
        (httpx.ReadTimeout, InDoubt),
        (httpx.WriteError, InDoubt),
        (httpx.RemoteProtocolError, InDoubt),
    ],
)
def test_a_lost_connection_is_in_doubt_only_if_the_request_went_out(
    error: type[httpx.TransportError], meaning: type[SendError]
) -> None:
    explained = lost(error(f"https://bot-api.zaloplatforms.com/bot{ZALO_TOKEN}/sendMessage"))
    assert type(explained) is meaning
    assert ZALO_TOKEN not in explained.reason


FAULTS = [Fault(kind) for kind in FaultKind if kind is not FaultKind.DELAY]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.kind)
async def test_the_token_is_in_no_log_no_exception_and_no_repr(
    zalo_server: ZaloServer, zalo: ZaloWorld, hoa: Person, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    channel = ZaloChannel(ZALO_TOKEN, zalo_server.address)
    with capture_logs() as lines:
        await channel.open({})
        zalo.faults.add(Fault(fault.kind))
        with pytest.raises(SendError) as caught:
            await channel.send(Address("zalo", hoa.id), Outgoing("<b>x</b>"), None)
    await channel.close()
    error = caught.value
    # The emulator's own web server writes down what it was asked.
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("uvicorn")]
    told = "".join(traceback.format_exception(error)) + repr(channel) + str(lines) + str(ours)
    assert (error.__cause__, error.__context__) == (None, None)
    assert "zalo-s3cret" not in told
