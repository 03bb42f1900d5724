"""Telegram, on python-telegram-bot's Bot. Its Updater is not used: it confirms updates before they are handled."""

import json
import os
from collections.abc import Sequence
from typing import cast
from urllib.parse import urlencode

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    ChatMember,
    ChatMemberRestricted,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.request import RequestData

from bot.channels import telegram_reading
from bot.channels.base import CommandMenu, Identity, InDoubt, OurFault, TryLater
from bot.channels.telegram_errors import cannot_edit, explain, is_harmless
from bot.channels.telegram_http import AiohttpRequest, Values, proxy_for
from bot.domain.quota import Quota
from bot.messages import Address, Button, FileKind, Incoming, Outgoing, RawUpdate

# Opt in to the library's coming behaviour: it warns on every 429 otherwise.
os.environ.setdefault("PTB_TIMEDELTA", "true")

SEND_TIMEOUT = 15.0
CONNECTIONS = 100
NO_PREVIEW = {"is_disabled": True}
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
SCOPES: dict[str, BotCommandScope] = {
    "private": BotCommandScopeAllPrivateChats(),
    "group": BotCommandScopeAllGroupChats(),
}


class TelegramChannel:
    """A bot.channels.base.Channel. `api_base` is any Bot API server's address."""

    name = telegram_reading.NAME
    longest_poll = 50.0
    repeats = True
    quota: Quota | None = None
    secret_header = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- the header's name, not a secret
    probes = False

    def __init__(self, token: str, api_base: str) -> None:
        proxy = proxy_for(api_base)
        self._poll = AiohttpRequest(2, SEND_TIMEOUT, proxy)
        self.bot = Bot(
            token,
            base_url=f"{api_base}/bot",
            base_file_url=f"{api_base}/file/bot",
            request=AiohttpRequest(CONNECTIONS, SEND_TIMEOUT, proxy),
            get_updates_request=self._poll,
        )
        self._offset: int | None = None

    async def open(self, menu: CommandMenu) -> Identity:
        """Say hello and set the command menus per scope and language."""
        try:
            await self.bot.initialize()
            for (scope, language), commands in menu.items():
                await self.bot.set_my_commands(
                    [BotCommand(name, description) for name, description in commands],
                    scope=SCOPES[scope],
                    language_code=language or None,
                )
        except TelegramError as error:
            raise explain(error) from error
        return Identity(self.bot.username, f"https://t.me/{self.bot.username}?start=")

    async def fetch(self, wait: float) -> list[RawUpdate]:
        """New updates by long polling; the offset is raised only by `confirm`."""
        try:
            # Not through the library's get_updates: one update that it cannot parse would stop all that come after.
            updates = await self._poll.post(
                f"{self.bot.base_url}/getUpdates?{self._query(wait)}", read_timeout=wait + SEND_TIMEOUT
            )
        except TelegramError as error:
            raise explain(error) from error
        if not isinstance(updates, list):
            raise TryLater("Telegram answered getUpdates with something else")
        return [telegram_reading.keep(update) for update in updates if isinstance(update, dict)]

    def _query(self, wait: float) -> str:
        asked = {"timeout": int(wait), "allowed_updates": json.dumps(ALLOWED_UPDATES)}
        return urlencode(asked if self._offset is None else {**asked, "offset": self._offset})

    def confirm(self, updates: Sequence[RawUpdate]) -> None:
        """Let the next fetch tell Telegram that these have arrived."""
        if updates:
            self._offset = max(int(update.id) for update in updates) + 1

    async def use_webhook(self, url: str, secret: str) -> None:
        """Have updates posted to `url`, each with `secret` in its header."""
        try:
            # One connection: with several, a chat's later update may arrive before an earlier one.
            await self.bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, max_connections=1)
        except TelegramError as error:
            raise explain(error) from error

    async def use_polling(self) -> None:
        """Remove a webhook, which would keep `fetch` from working; waiting updates are kept."""
        try:
            await self.bot.delete_webhook()
        except TelegramError as error:
            raise explain(error) from error

    def accept(self, body: bytes) -> RawUpdate:
        """The update in a webhook call."""
        data = json.loads(body)
        if not isinstance(data, dict) or not isinstance(data.get("update_id"), int):
            raise ValueError("not an update")
        return telegram_reading.keep(data)

    def read(self, update: RawUpdate) -> Incoming | None:
        """What a kept update means."""
        return telegram_reading.read(update)

    async def send(self, to: Address, message: Outgoing, content: bytes | None) -> str | None:
        """Answer the press, then edit or send."""
        try:
            if message.answers:
                await self._answer(message)
            if not message.text and not message.file and not message.picture and not message.document:
                return None
            if message.edits:
                return await self._edit(to, message)
            return await self._post(to, message, content)
        except TelegramError as error:
            raise explain(error) from error
        except (AttributeError, KeyError, TypeError) as error:
            # The library makes no message of an answer that is none: it may have been sent all the same.
            raise InDoubt("Telegram's answer could not be read") from error

    async def admins(self, chat: str) -> frozenset[str]:
        """Who administers a group; a person's private chat has his own id."""
        try:
            members = await self.bot.get_chat_administrators(int(chat))
        except TelegramError as error:
            raise explain(error) from error
        return frozenset(str(member.user.id) for member in members)

    async def standing(self, chat: str) -> str | None:
        """What keeps the bot from writing to a group; None if nothing does."""
        try:
            member = await self.bot.get_chat_member(int(chat), self.bot.id)
        except (BadRequest, Forbidden):
            return "the bot is not in it any more"
        except TelegramError as error:
            raise explain(error) from error
        if member.status in (ChatMember.LEFT, ChatMember.BANNED):
            return "the bot is not in it any more"
        silenced = isinstance(member, ChatMemberRestricted) and not member.can_send_messages
        return "the bot may not write there: give it the right to send messages" if silenced else None

    async def download(self, reference: str, most: int) -> bytes:
        """A file by its id; Telegram gives out no more than 20 MB."""
        try:
            file = await self.bot.get_file(reference)
            if (file.file_size or 0) > most:
                raise OurFault(f"the file has more than {most} bytes")
            content = bytes(await file.download_as_bytearray())
        except TelegramError as error:
            raise explain(error) from error
        if len(content) > most:
            raise OurFault(f"the file has more than {most} bytes")
        return content

    async def close(self) -> None:
        """Close the connections."""
        await self.bot.shutdown()

    async def _answer(self, message: Outgoing) -> None:
        try:
            await self.bot.answer_callback_query(message.answers or "", text=message.notice or None)
        except BadRequest:
            # The press is too old to be answered. What the message itself says still matters.
            return

    async def _edit(self, to: Address, message: Outgoing) -> str | None:
        try:
            await self.bot.edit_message_text(
                message.text,
                chat_id=int(to.chat),
                message_id=int(message.edits or 0),
                parse_mode=ParseMode.HTML,
                reply_markup=_keyboard(message.buttons),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except BadRequest as error:
            if cannot_edit(error):
                return await self._post(to, message, None)
            if not is_harmless(error):
                raise
        return message.edits

    async def _post(self, to: Address, message: Outgoing, content: bytes | None) -> str:
        chat, keyboard = int(to.chat), _keyboard(message.buttons)
        if message.picture:
            sent = await self.bot.send_photo(
                chat, message.picture, caption=message.text, parse_mode=ParseMode.HTML, reply_markup=keyboard
            )
        elif message.document:
            sent = await self.bot.send_document(
                chat, message.document, caption=message.text, parse_mode=ParseMode.HTML, reply_markup=keyboard
            )
        elif message.file is None:
            return await self._post_text(chat, message.text, keyboard)
        elif message.file.kind is FileKind.PHOTO:
            file = InputFile(content or b"", message.file.name)
            sent = await self.bot.send_photo(
                chat, file, caption=message.text, parse_mode=ParseMode.HTML, reply_markup=keyboard
            )
        else:
            file = InputFile(content or b"", message.file.name)
            sent = await self.bot.send_document(
                chat, file, caption=message.text, parse_mode=ParseMode.HTML, reply_markup=keyboard
            )
        return str(sent.message_id)

    async def _post_text(self, chat: int, text: str, keyboard: InlineKeyboardMarkup | None) -> str:
        """Most of what is said. Of the answer only the number is read: a whole Message would cost as much again."""
        values = {"chat_id": chat, "text": text, "parse_mode": ParseMode.HTML, "link_preview_options": NO_PREVIEW}
        markup = {"reply_markup": keyboard.to_dict()} if keyboard else {}
        data = cast(RequestData, Values({**values, **markup}))  # the library asks it for nothing else
        sent = await self.bot.request.post(f"{self.bot.base_url}/sendMessage", data)
        if not isinstance(sent, dict) or not isinstance(sent["message_id"], int):
            raise TypeError("not a message")
        return str(sent["message_id"])


def _keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows])


def _button(button: Button) -> InlineKeyboardButton:
    if button.copy is not None:
        return InlineKeyboardButton(button.label, copy_text=CopyTextButton(button.copy))
    return InlineKeyboardButton(button.label, callback_data=button.data, url=button.url)
