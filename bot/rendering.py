"""One neutral message as the messages that a channel can say. Pure: what it takes is in its capabilities."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from bot import texts
from bot.channels.capabilities import Capabilities
from bot.channels.marks import parse, split, to_html, without_links
from bot.domain.folding import fold
from bot.messages import Button, Option, Outgoing

MOST_SHOWN = 9
"""How many options are numbered at once; the others come with “more”."""
MORE = "0"
MOST_ABOUT = 100
# “12. Nguyễn Văn A” and “15” bring their own numbers.
NUMBERED = re.compile(r"(\d{1,3})(?:\. (.+))?", re.DOTALL)
A_NUMBER = re.compile(r"\d{1,3}")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The messages in their order, none or several, and the options of the last one's words."""

    messages: tuple[Outgoing, ...]
    options: tuple[Option, ...] = ()


def render(message: Outgoing, capabilities: Capabilities) -> Rendered:
    """What the channel is to say; the message itself if the channel can do all that it asks for.

    A file that the channel cannot carry must have become a link before.
    """
    if message.passing and not capabilities.edit:
        return Rendered(())
    options: tuple[Option, ...] = ()
    if not capabilities.buttons:
        options = options_of(message)
        message = replace(message, text=_in_words(message, options), buttons=(), answers=None, notice="")
    if not capabilities.edit:
        message = replace(message, edits=None)
    return Rendered(_parts(message, capabilities), options)


def beginning(message: Outgoing) -> str:
    """The first line of the text without marks, cut short: enough to know the message again."""
    lines = parse(message.text).text.strip().splitlines() or [""]
    return lines[0] if len(lines[0]) <= MOST_ABOUT else f"{lines[0][: MOST_ABOUT - 1]}…"


def options_of(message: Outgoing) -> tuple[Option, ...]:
    """What one may answer instead of pressing a button; every button is one of them but those that open a page."""
    answers = _Answers(message)
    found = [answers.option(each) for each in _pressed(message)]
    if any(not each.answer for each in found):
        found.append(Option(MORE, texts.render("menus/more", message.language), ""))
    return tuple(found)


def chosen(options: Iterable[Option], said: str) -> Option | None:
    """The option that the words choose, with or without diacritics: by its answer, or by a label that no other has."""
    words = _bare(said)
    if not words:
        return None
    options = tuple(options)
    for each in options:
        if each.answer and _bare(each.answer) == words:
            return each
    named = [each for each in options if not each.solemn and words in (_bare(each.label), _bare(_name(each)))]
    return named[0] if len(named) == 1 else None


def nearly(options: Iterable[Option], said: str) -> bool:
    """Whether these words look like an answer that misses: a bare number, or a solemn act without its right number."""
    words = _bare(said)
    if A_NUMBER.fullmatch(words):
        return True
    for each in options:
        if each.solemn:
            act = _bare(each.answer).rpartition(" ")[0]
            if words in (act, _bare(each.label)) or re.fullmatch(rf"{re.escape(act)} ?\d+", words):
                return True
    return False


class _Answers:
    """Gives each button of one message the words that stand for it."""

    def __init__(self, message: Outgoing) -> None:
        self._message = message
        self._own = {each.label: own[1] for each in _pressed(message) if (own := NUMBERED.fullmatch(each.label))}
        self._taken: set[str] = {MORE, *self._own.values()}
        self._given: set[str] = set()
        self._shown = 0
        self._choose = texts.render("menus/choose", message.language)

    def option(self, button: Button) -> Option:
        data = button.data or ""
        if button.solemn:
            return Option(self._solemn(button, data), button.label, data, solemn=True)
        self._shown += 1
        shown = self._message.asks_number or self._shown <= MOST_SHOWN
        answer = self._answer(button.label) if shown else ""
        return Option(answer, button.label, data, copy=button.copy or "")

    def _answer(self, label: str) -> str:
        own = self._own.get(label)
        if self._message.asks_number and own != label:
            return self._once(_plain(label) if _bare(label) else self._choose)
        if own and own not in self._given and own != MORE:
            self._given.add(own)
            return own
        return self._next_number()

    def _next_number(self) -> str:
        number = next(str(each) for each in range(1, 1000) if str(each) not in self._taken)
        self._taken.add(number)
        return number

    def _solemn(self, button: Button, data: str) -> str:
        """What is done, such as “duyệt”, and a code that the same button always has, and hardly any other."""
        says = unicodedata.normalize("NFC", button.verb or button.label)
        words = [word for word in re.findall(r"\w+", says) if word.isalpha()]
        verb = " ".join(words if len(words) == 2 else words[:1]).upper() or self._choose.upper()
        code = 1000 + int.from_bytes(hashlib.sha256(data.encode()).digest()[:4]) % 9000
        while _bare(answer := f"{verb} {code}") in self._given:
            code = 1000 + (code - 999) % 9000
        self._given.add(_bare(answer))
        return answer

    def _once(self, answer: str) -> str:
        found, number = answer, 1
        while _bare(found) in self._given or A_NUMBER.fullmatch(_bare(found)):
            number += 1
            found = f"{answer} – {number}"
        self._given.add(_bare(found))
        return found


def _pressed(message: Outgoing) -> list[Button]:
    return [each for row in message.buttons for each in row if each.url is None]


def _in_words(message: Outgoing, options: Sequence[Option]) -> str:
    """The text, or the notice if there is none, and what the buttons held, as HTML."""
    text = message.text or escape(message.notice, quote=False)
    return "\n\n".join(part for part in (text, "\n".join(_lines(message, text)), _choice(message, options)) if part)


def _lines(message: Outgoing, text: str) -> Iterator[str]:
    """An address, or what one would copy, on a line of its own, unless it was said before."""
    said = without_links(parse(text)).text
    for button in (each for row in message.buttons for each in row):
        if button.url is not None and button.url not in said:
            yield escape(f"{button.label}: {button.url}", quote=False)
        elif button.copy is not None and button.copy not in said:
            yield f"<code>{escape(button.copy, quote=False)}</code>"


def _choice(message: Outgoing, options: Sequence[Option]) -> str:
    if not options:
        return ""
    shown = [each for each in options if each.answer and not each.solemn]
    by_number = [(each.answer, _name(each)) for each in shown if _name(each) != each.answer]
    return texts.render(
        "menus/options",
        message.language,
        numbered=[] if message.asks_number else by_number,
        named=[each.answer for each in shown if message.asks_number or _name(each) == each.answer],
        solemn=[(each.answer, each.label) for each in options if each.solemn],
    )


def _parts(message: Outgoing, capabilities: Capabilities) -> tuple[Outgoing, ...]:
    """One message for each part of the text: what is attached goes with the first, buttons with the last."""
    attached = message.file or message.picture or message.document
    if not (message.text or attached or message.answers):
        return ()
    if capabilities.styles == "html":
        # As it is: nothing that the bot says is longer than what its first channel takes, which the tests hold.
        return (message,)
    marked = without_links(parse(message.text))
    first, *others = (to_html(part) for part in split(marked, capabilities.most_text))
    if not others:
        return (replace(message, text=first),)
    later = [Outgoing(text, language=message.language) for text in others]
    return (replace(message, text=first, buttons=()), *later[:-1], replace(later[-1], buttons=message.buttons))


def _name(option: Option) -> str:
    """The label without a number of its own before it."""
    own = NUMBERED.fullmatch(option.label)
    return own[2] or own[1] if own else option.label


def _plain(label: str) -> str:
    """Without the pictures and signs around it."""
    return re.sub(r"^[^\w(“]+|[^\w)”!?…]+$", "", label)


def _bare(said: str) -> str:
    """As words are compared: folded, without signs around them."""
    return re.sub(r"^\W+|\W+$", "", fold(said))
