"""The preview texts (Open Graph) of a post's public page.

Off unless the operator switches it on, knowing that Meta's terms allow no automatic reading outside its API. The text
is shortened and often missing, so it can only confirm: a hashtag that is not in it means nothing. One request per
link ever; the caller keeps that in the database, and `TryLater.asked` tells it whether the request was made.
"""

import re
from html.parser import HTMLParser

from bot.domain.links import Kind, Link, read_link
from bot.domain.readings import Reading
from bot.posts.base import NotThere, Proof
from bot.posts.fetching import Answer, Fetcher

_HOSTS = {"www.facebook.com", "www.tiktok.com", "www.youtube.com"}
_PLATFORMS = {"facebook", "tiktok", "youtube"}
_UNREADABLE = {Kind.ALIAS, Kind.ALBUM}
_OK = 200
_WANTED = {"og:title", "og:description", "og:url"}
# Only the tags themselves go to the parser: it raises on some pages, and on others its time grows with the square of
# their size (measured: 8 s for 32 KiB). A `<` ends each try, so that this search stays linear.
_META = re.compile(r"<meta\s(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+>", re.IGNORECASE)


class OpenGraph:
    """A bot.posts.base.Source for public pages of posts. Redirects, as to a log-in page, are not followed."""

    name = "open_graph"
    evidence: Proof = "confirmed_public"

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def reads(self, link: Link) -> bool:
        """Posts of Facebook, TikTok and YouTube, but no short links and no albums."""
        return bool(link.key) and link.platform in _PLATFORMS and link.kind not in _UNREADABLE

    async def read(self, link: Link) -> Reading:
        """Title and description, perhaps cut, and the page's own address if it is that of a post."""
        answer = await self._fetcher.get(link.url, _HOSTS, {"Accept": "text/html"})
        if answer.status != _OK:
            raise NotThere(f"{answer.host} answered {answer.status}")
        if answer.headers.get("content-type", "").partition(";")[0].strip().lower() != "text/html":
            raise NotThere(f"{answer.host} answered with something else than a page")
        return _reading(link, answer)

    async def close(self) -> None:
        """Close the connections."""
        await self._fetcher.close()


def _reading(link: Link, answer: Answer) -> Reading:
    said = preview(answer.body.decode("utf-8", errors="replace"))
    text = "\n\n".join(said[name] for name in ("og:title", "og:description") if said.get(name))
    if not text:
        raise NotThere(f"{answer.host} shows no preview of the post")
    page = read_link(said.get("og:url", ""))
    if _differs(link, page):
        raise NotThere(f"{answer.host} showed another post")
    return Reading(text=text, url=page.url if page.key else None, cut=True)


def _differs(asked: Link, shown: Link) -> bool:
    """Two numbers of one kind that are not the same; a number and a `pfbid` may well be one post."""
    if not asked.key or not shown.key:
        return False
    same = shown.key in {asked.key, *asked.aliases} or asked.key in shown.aliases
    return not same and shown.key.partition(":")[0] == asked.key.partition(":")[0]


def preview(page: str) -> dict[str, str]:
    """The first og:title, og:description and og:url of a page, as far as it has them."""
    reader = _Tags()
    for tag in _META.findall(page):
        reader.feed(tag)
    return reader.found


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("property") or given.get("name")
        if tag == "meta" and name in _WANTED:
            self.found.setdefault(name, given.get("content") or "")
