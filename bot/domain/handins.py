"""Which text belongs to which link of a message, and what a handed-in post still needs. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

# Shorter words beside a link, with no hashtag in them, are a greeting (“em gửi bài ạ”), not the text of a post.
SHORTEST_TEXT = 80


@dataclass(frozen=True, slots=True)
class HandIn:
    """A link as it was written, and the text that came with it, empty if none did."""

    link: str
    text: str


def split(text: str, links: Sequence[str]) -> list[HandIn]:
    """The links of a message with the text of each.

    Text under a link is that link's, unless the message begins with a text and ends with a link: then text belongs to
    the link under it. Links without text between them share it: one post put in several places.
    """
    places = _places(text, links)
    if not places:
        return []
    before = text[: places[0].start].strip()
    ends = [place.start for place in places[1:]] + [len(text)]
    after = [text[place.stop : until].strip() for place, until in zip(places, ends, strict=True)]
    upside_down = looks_like_text(before) and not after[-1]
    bodies = _shared([before, *after[:-1]]) if upside_down else _shared(after[::-1])[::-1]
    if len(bodies) == 1 and before and not looks_like_text(bodies[0]):
        bodies = [f"{before}\n{bodies[0]}".strip()]
    return [HandIn(text[place], body) for place, body in zip(places, bodies, strict=True)]


def _shared(texts: Iterable[str]) -> list[str]:
    """The texts, where an empty one takes the one before it."""
    shared: list[str] = []
    for own in texts:
        shared.append(own or (shared[-1] if shared else ""))
    return shared


def _places(text: str, links: Sequence[str]) -> list[slice]:
    """Where the links stand, in order; a link that the text does not hold stands nowhere."""
    places: list[slice] = []
    at = 0
    for link in links:
        start = text.find(link, at)
        if start >= 0:
            at = start + len(link)
            places.append(slice(start, at))
    return places


def looks_like_text(text: str) -> bool:
    """Whether words are the text of a post rather than a word of greeting: they hold a hashtag or are long enough."""
    return "#" in text or "＃" in text or len(text) >= SHORTEST_TEXT


def fingerprint(text: str) -> str:
    """A hash that is equal for texts which differ only in case, spacing, punctuation or Unicode form."""
    plain = " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))
    return hashlib.sha256(plain.encode()).hexdigest()


def week_start(local: datetime) -> datetime:
    """Monday 00:00 of the week of a local time."""
    monday = local.date() - timedelta(days=local.weekday())
    return datetime.combine(monday, time(), local.tzinfo)


def month_start(local: datetime) -> datetime:
    """The first of the month, 00:00, of a local time."""
    return datetime.combine(local.date().replace(day=1), time(), local.tzinfo)


Need = Literal["target", "text", "tag", "full_link", "review", "nothing"]


def need(
    *,
    target: str | None,
    has_text: bool,
    verdict: str | None,
    may_be_double: bool,
    needs_person: bool = False,
    needs_tag: bool = True,
) -> Need:
    """What keeps a post from counting; the text is asked for before anything else, as it is the evidence.

    Where no tag is needed, a post counts by its target alone.
    """
    if needs_tag and not has_text:
        return "text"
    if needs_tag and verdict != "ok":
        return "tag"
    if may_be_double:
        # The full link will show the target, too.
        return "full_link"
    if target is None:
        return "target"
    return "review" if needs_person else "nothing"
