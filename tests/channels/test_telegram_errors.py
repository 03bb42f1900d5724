"""What Telegram's errors ask us to do next, and that what is noted of them gives nothing away."""

from datetime import timedelta

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.base import InDoubt, Moved, NoConnection, OurFault, SendError, Throttled, TryLater, Unreachable
from bot.channels.telegram_errors import cannot_edit, explain, is_harmless

URL = "https://api.telegram.org/bot1000000001:secret/sendMessage"
KEY = ConnectionKey("api.telegram.org", 443, True, True, None, None, None)


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


TABLE: list[tuple[TelegramError, type[SendError]]] = [
    (RetryAfter(timedelta(seconds=7)), Throttled),
    (ChatMigrated(-1002005), Moved),
    (Forbidden("Forbidden: bot was blocked by the user"), Unreachable),
    (Forbidden("Forbidden: bot was kicked from the group chat"), Unreachable),
    (BadRequest("Chat not found"), Unreachable),
    (BadRequest("user is deactivated"), Unreachable),
    (BadRequest("Bad Request: PEER_ID_INVALID"), Unreachable),
    (BadRequest("have no rights to send a message"), Unreachable),
    (BadRequest("can't parse entities"), OurFault),
    (BadRequest("message is too long"), OurFault),
    (InvalidToken(f"The token `{URL}` was rejected"), TryLater),
    (NetworkError("Bad Gateway"), TryLater),
    (caused(NetworkError(URL), aiohttp.ClientConnectorError(KEY, OSError(URL))), NoConnection),
    (caused(TimedOut(), aiohttp.ConnectionTimeoutError(URL)), NoConnection),
    (caused(NetworkError(URL), aiohttp.InvalidURL(URL)), NoConnection),
    (caused(TimedOut(), aiohttp.SocketTimeoutError(URL)), InDoubt),
    (caused(TimedOut(), TimeoutError(URL)), InDoubt),
    (caused(NetworkError(URL), aiohttp.ClientPayloadError(URL)), InDoubt),
    (caused(NetworkError(URL), aiohttp.ClientOSError(URL)), InDoubt),
    (caused(NetworkError(URL), aiohttp.ServerDisconnectedError(URL)), InDoubt),
    (TelegramError("Invalid server response"), InDoubt),
    (Conflict(URL), OurFault),
]


@pytest.mark.parametrize(("error", "meaning"), TABLE, ids=lambda value: getattr(value, "message", ""))
def test_an_error_says_what_to_do_next(error: TelegramError, meaning: type[SendError]) -> None:
    assert type(explain(error)) is meaning


@pytest.mark.parametrize(("error", "_meaning"), TABLE)
def test_what_is_noted_of_an_error_holds_neither_address_nor_token(error: TelegramError, _meaning: object) -> None:
    reason = explain(error).reason
    assert reason
    assert "secret" not in reason
    assert "http" not in reason


@pytest.mark.parametrize("seconds", [7, timedelta(seconds=7)])
def test_a_429_says_for_how_long(seconds: int | timedelta) -> None:
    error = explain(RetryAfter(seconds))
    assert isinstance(error, Throttled)
    assert error.seconds == 7


def test_a_moved_group_says_where_to() -> None:
    error = explain(ChatMigrated(-1002005))
    assert isinstance(error, Moved)
    assert error.chat == "-1002005"


@pytest.mark.parametrize(
    ("words", "harmless", "gone"),
    [
        ("Message is not modified: specified new message content is exactly the same", True, False),
        ("Message to edit not found", False, True),
        ("Message can't be edited", False, True),
        ("There is no text in the message to edit", False, True),
        ("Message text is empty", False, False),
    ],
)
def test_an_edit_may_be_done_already_or_need_a_new_message(words: str, harmless: bool, gone: bool) -> None:
    error = BadRequest(words)
    assert (is_harmless(error), cannot_edit(error)) == (harmless, gone)
