"""The marks on what somebody wrote (Telegram's MessageEntity) as HTML in the subset of bot/texts. Pure.

Offsets count UTF-16 units (Bot API, "MessageEntity"). Marks that the subset lacks, such as spoilers and mentions,
become plain text.
"""

from collections.abc import Sequence
from html import escape

from telegram import MessageEntity

TAGS = {
    MessageEntity.BOLD: "b",
    MessageEntity.ITALIC: "i",
    MessageEntity.UNDERLINE: "u",
    MessageEntity.STRIKETHROUGH: "s",
    MessageEntity.CODE: "code",
    MessageEntity.PRE: "pre",
    MessageEntity.BLOCKQUOTE: "blockquote",
    MessageEntity.EXPANDABLE_BLOCKQUOTE: "blockquote",
}


def to_html(text: str, entities: Sequence[MessageEntity]) -> str:
    """Text or caption with its marks; empty if there are none, so that the plain text is all there is to know."""
    marks = [each for each in entities if _opening(each)]
    if not marks:
        return ""
    units = text.encode("utf-16-le")
    # An outer mark comes before those inside it.
    return _marked(units, sorted(marks, key=lambda each: (each.offset, -each.length)), 0, len(units) // 2).strip()


def _marked(units: bytes, marks: Sequence[MessageEntity], start: int, end: int) -> str:
    """The text from `start` to `end`; a mark that reaches over the end is cut there, as tags must nest."""
    pieces: list[str] = []
    rest = list(marks)
    while rest:
        outer = rest.pop(0)
        begin, until = max(outer.offset, start), min(outer.offset + outer.length, end)
        inner = [each for each in rest if each.offset < until]
        rest = rest[len(inner) :]
        pieces += [_plain(units, start, begin), _opening(outer), _marked(units, inner, begin, until), _closing(outer)]
        start = until
    return "".join([*pieces, _plain(units, start, end)])


def _plain(units: bytes, start: int, end: int) -> str:
    return escape(units[2 * start : 2 * end].decode("utf-16-le", "replace"), quote=False)


def _opening(mark: MessageEntity) -> str:
    if mark.type == MessageEntity.TEXT_LINK and mark.url:
        return f'<a href="{escape(mark.url)}">'
    return f"<{TAGS[mark.type]}>" if mark.type in TAGS else ""


def _closing(mark: MessageEntity) -> str:
    return f"</{TAGS.get(mark.type, 'a')}>"
