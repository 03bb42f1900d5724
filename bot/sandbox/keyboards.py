"""Inline keyboards, checked as Telegram checks them (Bot API, InlineKeyboardButton)."""

from typing import Any

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.limits import CALLBACK_DATA_MAX, COPY_TEXT_MAX
from bot.sandbox.model import Button
from bot.sandbox.params import Params

_LINKS = ("http://", "https://", "tg://")


def read_buttons(params: Params) -> list[list[Button]]:
    """The rows of buttons in `reply_markup`, empty where there are none; a 400 for what Telegram refuses."""
    markup = params.json("reply_markup")
    if markup is None or "remove_keyboard" in markup or "force_reply" in markup:
        return []
    if "inline_keyboard" not in markup:
        raise bad_request("the sandbox knows inline keyboards only")
    rows = [[_checked(button) for button in row] for row in markup["inline_keyboard"]]
    return [row for row in rows if row]


def _checked(button: Any) -> Button:
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad_request("can't parse inline keyboard button: text must be non-empty")
    refused = _refusal(button)
    if refused is not None:
        raise refused
    return button


def _refusal(button: Button) -> ApiError | None:
    data, url, copied = button.get("callback_data"), button.get("url"), button.get("copy_text")
    if data is not None:
        fits = 1 <= len(data.encode()) <= CALLBACK_DATA_MAX
        return None if fits else bad_request("BUTTON_DATA_INVALID")
    if url is not None:
        return None if url.startswith(_LINKS) else bad_request(f"inline keyboard button URL '{url}' is invalid")
    if copied is not None:
        fits = 1 <= len(copied.get("text", "")) <= COPY_TEXT_MAX
        return None if fits else bad_request("BUTTON_COPY_TEXT_INVALID")
    return bad_request("can't parse inline keyboard button: text buttons are unallowed in the inline keyboard")
