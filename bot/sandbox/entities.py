"""Marks on a text (Telegram's MessageEntity): UTF-16 arithmetic, and those that Telegram finds by itself.

Source of the rules: Bot API, "MessageEntity" and "Formatting options"; what makes a hashtag, a command
and a mention is as the official clients show it: `#a#b` is no hashtag, nor is one made of digits alone.
"""

import re
from typing import NotRequired, TypedDict

_WORD = r"[\w\u200c]"
_PATTERNS = (
    (
        "url",
        re.compile(
            r"(?<![\w@.])(?:https?://[^\s<>\"/]+|(?:[a-z0-9-]+\.)+(?:com|net|org|vn|be|me|tv|watch|info)\b)"
            r"(?:[/?#:][^\s<>\"]*)?",
            re.IGNORECASE,
        ),
    ),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("hashtag", re.compile(rf"(?<!{_WORD})#(?=\d*[^\W\d]){_WORD}{{1,256}}(?!{_WORD}*#)")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{4,32}(?!\w)")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>@])")),
)


class Entity(TypedDict):
    """One mark; offset and length count UTF-16 units, as the Bot API does."""

    type: str
    offset: int
    length: int
    url: NotRequired[str]
    language: NotRequired[str]


def utf16_len(text: str) -> int:
    """Length in UTF-16 units: letters beyond the basic plane (most emoji) count two."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def slice_utf16(text: str, start: int, end: int) -> str:
    """The part of the text between two UTF-16 offsets."""
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le", "replace")


def find_entities(text: str, taken: list[Entity] | None = None) -> list[Entity]:
    """Links, mail addresses, hashtags, mentions and commands in a text, in order, with those already `taken`.

    Nothing is found inside code, links or other marks of the same place, as in the messenger.
    """
    blocked = [e for e in taken or [] if e["type"] in ("code", "pre", "text_link")]
    found: list[Entity] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            entity = _entity(kind, text, match.start(), match.group().rstrip(".,;:!?)'\""))
            if not any(_overlap(entity, other) for other in blocked + found):
                found.append(entity)
    return sorted([*(taken or []), *found], key=lambda e: (e["offset"], -e["length"]))


def trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Text without blanks around it, and the entities moved and cut to fit; empty ones go."""
    body = text.strip()
    shift = utf16_len(text[: len(text) - len(text.lstrip())])
    end = utf16_len(body)
    moved = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        length = min(entity["offset"] + entity["length"] - shift, end) - start
        if length > 0:
            moved.append(Entity(**{**entity, "offset": start, "length": length}))
    return body, moved


def _entity(kind: str, text: str, start: int, found: str) -> Entity:
    return Entity(type=kind, offset=utf16_len(text[:start]), length=utf16_len(found))


def _overlap(one: Entity, other: Entity) -> bool:
    return one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"]
