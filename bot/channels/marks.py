"""Text with marks: the HTML subset of bot/texts taken apart, cut, and put together again. Pure.

Places are characters of the text; lengths that a messenger limits are UTF-16 units.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from html.parser import HTMLParser

from bot.channels.graphemes import is_boundary

SAME = {"strong": "b", "em": "i", "ins": "u", "del": "s", "strike": "s"}
KNOWN = {"b", "i", "u", "s", "code", "pre", "a", "blockquote"}
# Where a long text is best cut, the best first.
CUTS = ("\n\n", "\n", " ")


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark from `start` up to `end`; `tag` as in HTML, `url` only for a link."""

    start: int
    end: int
    tag: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """Plain text and the marks on it; they nest, and an outer one comes before those inside it."""

    text: str
    marks: tuple[Mark, ...] = ()


def units(text: str) -> int:
    """The length in UTF-16 units: characters beyond the basic plane count two."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def parse(html: str) -> Marked:
    """The text of HTML in the subset; of other tags only what they hold is left."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.marked()


def to_html(marked: Marked) -> str:
    """The same as HTML."""
    pieces, done = [], 0
    for place, tag in _tags(marked.marks):
        pieces += [escape(marked.text[done:place], quote=False), tag]
        done = place
    return "".join([*pieces, escape(marked.text[done:], quote=False)])


def cut(marked: Marked, start: int, end: int) -> Marked:
    """The part from `start` up to `end`, with the marks that lie on it."""
    inside = [(max(each.start, start), min(each.end, end), each) for each in marked.marks]
    marks = (replace(mark, start=low - start, end=high - start) for low, high, mark in inside if low < high)
    return Marked(marked.text[start:end], tuple(marks))


def without_links(marked: Marked) -> Marked:
    """The same with each address in brackets behind the words that hid it, unless the words are the address."""
    text, done = "", 0
    added: list[tuple[int, int]] = []
    for link in sorted((each for each in marked.marks if each.tag == "a"), key=lambda each: each.end):
        address = "" if marked.text[link.start : link.end].strip() == link.url else f" ({link.url})"
        text += marked.text[done : link.end] + address
        added.append((link.end, len(address)))
        done = link.end
    marks = (
        replace(
            each,
            start=each.start + sum(length for place, length in added if place <= each.start),
            end=each.end + sum(length for place, length in added if place < each.end),
        )
        for each in marked.marks
        if each.tag != "a"
    )
    return Marked(text + marked.text[done:], tuple(marks))


def split(marked: Marked, most: int) -> list[Marked]:
    """In parts of at most `most` UTF-16 units (2 at least), none of them blank; blanks at the cuts go.

    It is cut between paragraphs, lines or words if one ends in the latter half of what fits, else between characters.
    """
    parts = []
    rest = _trimmed(marked)
    while units(rest.text) > most:
        end = _best_cut(rest.text, _reach(rest.text, most))
        parts.append(_trimmed(cut(rest, 0, end)))
        rest = _trimmed(cut(rest, end, len(rest.text)))
    return [*parts, rest] if rest.text or not parts else parts


def _best_cut(text: str, reach: int) -> int:
    for blank in CUTS:
        at = text.rfind(blank, reach // 2, reach + len(blank))
        if at > 0 and is_boundary(text, at):
            return at
    places = (at for at in range(reach, 0, -1) if is_boundary(text, at))
    # A single cluster that fills a message is no character that anybody can read.
    return next(places, reach)


def _reach(text: str, most: int) -> int:
    """How many characters fit into so many units."""
    room = most
    for place, letter in enumerate(text):
        room -= 1 + (letter > "\uffff")
        if room < 0:
            return place
    return len(text)


def _trimmed(marked: Marked) -> Marked:
    text = marked.text
    start, end = 0, len(text)
    while start < end and text[start].isspace() and is_boundary(text, start + 1):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return cut(marked, start, end)


def _tags(marks: tuple[Mark, ...]) -> Iterator[tuple[int, str]]:
    """The tags with their places, in order."""
    still_open: list[Mark] = []
    for mark in marks:
        while still_open and still_open[-1].end <= mark.start:
            yield _closing(still_open.pop())
        url = f' href="{escape(mark.url)}"' if mark.url else ""
        yield mark.start, f"<{mark.tag}{url}>"
        still_open.append(mark)
    while still_open:
        yield _closing(still_open.pop())


def _closing(mark: Mark) -> tuple[int, str]:
    return mark.end, f"</{mark.tag}>"


@dataclass(slots=True)
class _Open:
    tag: str
    start: int
    url: str
    order: int


class _Parser(HTMLParser):
    """Collects the text, and the marks in the order in which they open."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        self._marks: list[tuple[int, Mark]] = []
        self._opened = 0

    def marked(self) -> Marked:
        marks = (mark for _, mark in sorted(self._marks, key=lambda each: each[0]) if mark.start < mark.end)
        return Marked("".join(self._pieces), tuple(marks))

    def handle_data(self, data: str) -> None:
        self._pieces.append(data)
        self._length += len(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = SAME.get(tag, tag)
        if known in KNOWN:
            self._open.append(_Open(known, self._length, dict(attrs).get("href") or "", self._opened))
            self._opened += 1

    def handle_endtag(self, tag: str) -> None:
        known = SAME.get(tag, tag)
        if self._open and self._open[-1].tag == known:
            last = self._open.pop()
            self._marks.append((last.order, Mark(last.start, self._length, last.tag, last.url)))
