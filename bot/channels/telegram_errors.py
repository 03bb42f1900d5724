"""What Telegram's errors ask us to do next. Pure."""

from datetime import timedelta

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.base import InDoubt, Moved, NoConnection, OurFault, SendError, Throttled, TryLater, Unreachable

# The request never left this machine, so sending again cannot double it.
NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)

# Telegram answers 400, not 403, to some chats that are gone for good.
GONE = ("chat not found", "user is deactivated", "peer_id_invalid", "group chat was deactivated", "have no rights")
NOT_EDITABLE = ("message to edit not found", "can't be edited", "no text in the message to edit")


def explain(error: TelegramError) -> SendError:
    """The error that says what to do next; its reason holds no URL and no token."""
    match error:
        case RetryAfter():
            wait = error.retry_after
            return Throttled(wait.total_seconds() if isinstance(wait, timedelta) else float(wait))
        case ChatMigrated():
            return Moved(str(error.new_chat_id))
        case Forbidden():
            return Unreachable(error.message)
        case BadRequest():
            gone = any(words in error.message.lower() for words in GONE)
            return Unreachable(error.message) if gone else OurFault(error.message)
        case InvalidToken():
            return TryLater("Telegram does not accept the token")
        case TimedOut() | NetworkError():
            return _network(error)
        case _ if type(error) is TelegramError:
            # The library's error for an answer that is not the API's, such as a proxy's page.
            return InDoubt("Telegram's answer could not be read")
        case _:
            return OurFault(type(error).__name__)


def _network(error: NetworkError) -> SendError:
    cause = error.__cause__
    if isinstance(cause, NOT_SENT):
        return NoConnection(f"no connection ({type(cause).__name__})")
    if isinstance(cause, (aiohttp.ClientError, TimeoutError)):
        return InDoubt(f"connection lost ({type(cause).__name__})")
    return TryLater("Telegram could not answer")


def is_harmless(error: BadRequest) -> bool:
    """True if the message already shows what an edit wanted, so the work is done."""
    return "message is not modified" in error.message.lower()


def cannot_edit(error: BadRequest) -> bool:
    """True if the message to edit is gone, too old, or a picture: a new one says the same."""
    return any(words in error.message.lower() for words in NOT_EDITABLE)
