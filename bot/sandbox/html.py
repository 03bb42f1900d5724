"""Telegram's HTML: parsed strictly into text and entities, and written back from them.

Source: Bot API, "Formatting options, HTML style". The errors carry Telegram's words, because a bot that sends
broken HTML must be met here as it would be there.
"""

import re
from dataclasses import dataclass, field
from html import escape

from bot.sandbox.entities import Entity, slice_utf16, utf16_len

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
}
_TAGS = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "spoiler": "tg-spoiler"}
_ATTRIBUTES = r"(?:\s+[^\s=<>]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s<>\"']+))?)*"
_TOKEN = re.compile(
    rf"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?P<attributes>{_ATTRIBUTES})\s*>"
    r"|(?P<stray><)"
    r"|&(?P<reference>lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});"
    r"|(?P<text>[^<&]+|&)"
)
_ATTRIBUTE = re.compile(r"([^\s=<>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s<>\"']+)))?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_LINK = re.compile(r"(?:https?://|tg://|[^\s/:]+\.[^\s/:]+)\S*\Z", re.IGNORECASE)


class HtmlError(ValueError):
    """The HTML cannot be parsed; the text is what Telegram would say after "can't parse entities: "."""


@dataclass
class _Open:
    tag: str
    start: int
    attributes: dict[str, str]


@dataclass
class _Parse:
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += utf16_len(text)


def parse(source: str) -> tuple[str, list[Entity]]:
    """HTML → (text, entities sorted outermost first); HtmlError for unknown, unclosed or crossed tags."""
    state = _Parse()
    for token in _TOKEN.finditer(source):
        offset = len(source[: token.start()].encode())
        if token["stray"]:
            raise HtmlError(f'Unsupported start tag "" at byte offset {offset}')
        if token["name"]:
            _tag(state, token["name"].lower(), token["attributes"], bool(token["close"]), offset)
        else:
            state.add(_letter(token["reference"]) if token["reference"] else token["text"])
    if state.open:
        raise HtmlError(f'Can\'t find end tag corresponding to start tag "{state.open[-1].tag}"')
    return "".join(state.pieces), _without_marks_in_code(state.entities)


def to_html(text: str, entities: list[Entity]) -> str:
    """Text and entities → HTML of the same subset; marks that the messenger finds by itself get no tag."""
    marks = [(e["offset"], _end(e), tags) for e in entities if (tags := _wrap(e))]
    cuts = sorted({0, utf16_len(text), *(start for start, _, _ in marks), *(end for _, end, _ in marks)})
    out: list[str] = []
    closing: list[tuple[int, str]] = []
    for at, following in zip(cuts, [*cuts[1:], cuts[-1]], strict=True):
        while closing and closing[-1][0] <= at:
            out.append(closing.pop()[1])
        for _, end, (opening_tag, closing_tag) in (mark for mark in marks if mark[0] == at):
            out.append(opening_tag)
            closing.append((end, closing_tag))
        out.append(escape(slice_utf16(text, at, following), quote=False))
    return "".join(out)


def _tag(state: _Parse, name: str, attributes: str, closing: bool, offset: int) -> None:
    if closing:
        _close(state, name, offset)
        return
    found = {key.lower(): _unescape(a or b or c) for key, a, b, c in _ATTRIBUTE.findall(attributes)}
    if name not in _KINDS:
        raise HtmlError(f'Unsupported start tag "{name}" at byte offset {offset}')
    if name == "span" and found.get("class") != "tg-spoiler":
        raise HtmlError(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    state.open.append(_Open(name, state.length, found))


def _close(state: _Parse, name: str, offset: int) -> None:
    if not state.open:
        raise HtmlError(f"Unexpected end tag at byte offset {offset}")
    opened = state.open.pop()
    if opened.tag != name:
        raise HtmlError(f'Unmatched end tag at byte offset {offset}, expected "</{opened.tag}>", found "</{name}>"')
    length = state.length - opened.start
    entity = Entity(type=_KINDS[name], offset=opened.start, length=length)
    if length and _completed(entity, opened, state):
        state.entities.append(entity)


def _completed(entity: Entity, opened: _Open, state: _Parse) -> bool:
    """Fill in the link or language; False where Telegram drops the mark and keeps the text."""
    if opened.tag == "a":
        text = slice_utf16("".join(state.pieces), opened.start, state.length)
        entity["url"] = opened.attributes.get("href") or text
        return bool(_LINK.match(entity["url"]))
    language = opened.attributes.get("class", "")
    if opened.tag == "code" and language.startswith("language-"):
        entity["language"] = language.removeprefix("language-")
    return True


def _without_marks_in_code(entities: list[Entity]) -> list[Entity]:
    """Code holds no other mark; `<pre><code class="language-x">` is one block with a language."""
    # They were noted as they closed, innermost first; marks of equal extent must come out outermost first.
    outermost_first = entities[::-1]
    ordered = sorted(outermost_first, key=lambda e: (e["offset"], -e["length"]))
    kept: list[Entity] = []
    for entity in ordered:
        outer = next((k for k in kept if k["type"] in ("code", "pre") and _end(entity) <= _end(k)), None)
        if outer is None:
            if entity["type"] == "code":
                entity.pop("language", None)
            kept.append(entity)
        elif outer["type"] == "pre" and "language" in entity:
            outer["language"] = entity["language"]
    return kept


def _wrap(entity: Entity) -> tuple[str, str] | None:
    kind = entity["type"]
    if kind == "text_link":
        return f'<a href="{escape(entity["url"])}">', "</a>"
    if kind == "pre" and "language" in entity:
        return f'<pre><code class="language-{escape(entity["language"])}">', "</code></pre>"
    if kind in ("code", "pre", "blockquote"):
        return f"<{kind}>", f"</{kind}>"
    return (f"<{_TAGS[kind]}>", f"</{_TAGS[kind]}>") if kind in _TAGS else None


def _end(entity: Entity) -> int:
    return entity["offset"] + entity["length"]


def _letter(reference: str) -> str:
    if not reference.startswith("#"):
        return _NAMED[reference]
    code = int(reference[2:], 16) if reference[1] == "x" else int(reference[1:])
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else f"&{reference};"


def _unescape(value: str) -> str:
    return re.sub(r"&(lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});", lambda found: _letter(found[1]), value)
