"""What is said in a chat without buttons, held against the options that were put there: an answer becomes a press."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from html import escape

from sqlalchemy.orm import Session

from bot import outbox
from bot.channels.capabilities import capabilities_of
from bot.domain.folding import fold
from bot.messages import Address, Button, Incoming, Option, Outgoing, Press
from bot.rendering import chosen, nearly
from bot.storage import menus
from bot.storage.models import ChatMenu
from bot.texts import render

MOST_SAID = 100


def heard(session: Session, message: Incoming, asked_at: datetime | None, now: datetime) -> Incoming | None:
    """The message, as a press if it chooses an option; None if it could only be answered with the options again.

    While a question waits that was asked at `asked_at`, options from before it count only if they are solemn: what is
    typed answers the question.
    """
    if not _may_choose(message):
        return message
    found = menus.seen(session, message.address)
    menu, option = _choice(found, message.text, asked_at)
    if menu is None or option is None:
        if not found or asked_at or not nearly(menus.options_of(found[0]), message.text):
            return message
        menu, why = found[0], "unknown"
    elif option.copy:
        # Alone in its message, as a phone copies a message whole.
        outbox.put(session, message.address, Outgoing(f"<code>{escape(option.copy, quote=False)}</code>"), now)
        return None
    elif option.data and menu.expires_at > now:
        return _pressed(message, option)
    else:
        why = "more"
    _show(session, message.address, menu, "expired" if menu.expires_at <= now else why, now)
    return None


def bare_command(message: Incoming) -> str:
    """“trogiup” for “Trợ giúp”, where no menu lists the commands; empty where one does, or for what is no command."""
    is_plain = message.private and not message.attachment and len(message.text) <= MOST_SAID
    if capabilities_of(message.address.channel).menu or not is_plain:
        return ""
    return fold(message.text).replace(" ", "")


def _may_choose(message: Incoming) -> bool:
    if capabilities_of(message.address.channel).buttons or message.press or message.happening:
        return False
    is_more_than_words = message.forwarded or message.edited or message.attachment
    return not is_more_than_words and 0 < len(message.text) <= MOST_SAID and not message.text.startswith("/")


def _choice(found: Sequence[ChatMenu], said: str, asked_at: datetime | None) -> tuple[ChatMenu | None, Option | None]:
    """The newest menu counts whole; of older ones labels do, and solemn acts, as their words are their own."""
    for menu in found:
        options = menus.options_of(menu)
        if asked_at is not None and menu.put_at < asked_at:
            options = tuple(each for each in options if each.solemn)
        elif menu is not found[0]:
            worded = (each for each in options if (each.data or each.copy) and not each.label.isdigit())
            options = tuple(each if each.solemn else replace(each, answer="") for each in worded)
        option = chosen(options, said)
        if option:
            return menu, option
    return None, None


def _pressed(message: Incoming, option: Option) -> Incoming:
    press = Press(message.message or "said", option.data, None)
    return replace(message, text="", html="", press=press)


def _show(session: Session, to: Address, menu: ChatMenu, why: str, now: datetime) -> None:
    """Put the options again, those not shown yet first if more were asked for."""
    options = [each for each in menus.options_of(menu) if each.data or each.copy]
    if why == "more":
        options.sort(key=lambda each: bool(each.answer))
    rows = tuple((_button(each),) for each in options)
    text = render("menus/again", menu.language, why=why, about=menu.about)
    outbox.put(session, to, Outgoing(text, rows, language=menu.language), now)


def _button(option: Option) -> Button:
    """As it was before it became words."""
    verb = option.answer.rpartition(" ")[0] if option.solemn else ""
    return Button(option.label, option.data or None, option.copy or None, solemn=option.solemn, verb=verb)
