"""Posts on the body's own Facebook Pages, by the Graph API with each Page's token (`pages_read_engagement`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin

from pydantic import AwareDatetime, BaseModel, Field

from bot.domain.links import Kind, Link, read_link
from bot.domain.readings import Reading
from bot.posts.base import NotThere, Proof, TryLater
from bot.posts.fetching import Answer, Fetcher

_HOST = "graph.facebook.com"
# The version of 29 July 2026; each is served for about two years.
_API = f"https://{_HOST}/v26.0"
_SITE = "https://www.facebook.com/"
_NUMBER = "fb:"
_OK = 200
# Graph's codes: trouble of its own, and too many requests by app, user or Page.
_PASSING = frozenset({1, 2, 4, 17, 32, 341, 613})
# A token that ran out or was withdrawn. The operator can mend that, and then the same call goes through.
_TOKEN = frozenset({102, 190, 463, 467})
_TOKEN_WAIT = 3_600.0


@dataclass(frozen=True, slots=True)
class Page:
    """A Page we have the token of; `names` are the owners by which links show it, handles in lower case."""

    id: str
    token: str = field(repr=False)
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Node:
    """How an object is asked for: its id in the API, and which fields hold its words and its address."""

    id: str
    words: str
    address: str


_STORY = _Node("{page}_{id}", "message", "permalink_url")
_VIDEO = _Node("{id}", "description", "permalink_url")
_PHOTO = _Node("{id}", "name", "link")
# The reference of a Page's posts says that it leaves out reels; videos and photos have ids of their own.
_NODES = {Kind.POST: _STORY, Kind.VIDEO: _VIDEO, Kind.REEL: _VIDEO, Kind.PHOTO: _PHOTO}


class _Author(BaseModel):
    id: str


class _Error(BaseModel):
    code: int = 0
    is_transient: bool = False


class _Object(BaseModel):
    message: str | None = None
    description: str | None = None
    name: str | None = None
    permalink_url: str | None = None
    link: str | None = None
    created_time: AwareDatetime | None = None
    author: _Author | None = Field(default=None, alias="from")
    error: _Error | None = None


class FacebookPages:
    """A bot.posts.base.Source for links that show one of our Pages as owner and carry the object's number."""

    name = "facebook_page"
    evidence: Proof = "confirmed_api"

    def __init__(self, fetcher: Fetcher, pages: tuple[Page, ...]) -> None:
        self._fetcher = fetcher
        self._pages: Mapping[str, Page] = {name: page for page in pages for name in (page.id, *page.names)}

    def reads(self, link: Link) -> bool:
        """Posts, videos, reels and photos of our own Pages, unless the link carries a `pfbid` instead of the number."""
        own = link.platform == "facebook" and link.owner in self._pages
        return own and link.kind in _NODES and (link.key or "").startswith(_NUMBER)

    async def read(self, link: Link) -> Reading:
        """The words, address and time that the API gives."""
        page, node = self._pages[link.owner or ""], _NODES[link.kind]
        number = (link.key or "").removeprefix(_NUMBER)
        query = urlencode({"fields": f"{node.words},{node.address},created_time,from"}, safe=",")
        answer = await self._fetcher.get(
            f"{_API}/{node.id.format(page=page.id, id=number)}?{query}",
            {_HOST},
            {"Authorization": f"Bearer {page.token}"},
        )
        return _reading(answer, page, node)

    async def close(self) -> None:
        """Close the connections."""
        await self._fetcher.close()


def _reading(answer: Answer, page: Page, node: _Node) -> Reading:
    found = answer.read_as(_Object)
    if found.error or answer.status != _OK:
        raise _explain(answer.status, found.error or _Error())
    # A link may name our Page and carry the number of somebody else's video; a story's id holds the Page's.
    if node is not _STORY and (found.author is None or found.author.id != page.id):
        raise NotThere("the object is not the Page's own")
    address = getattr(found, node.address)
    return Reading(
        text=getattr(found, node.words),
        url=read_link(urljoin(_SITE, address)).url if address else None,
        posted_at=found.created_time,
        owner=page.id,
    )


def _explain(status: int, error: _Error) -> TryLater | NotThere:
    """Only numbers are told: the API's own words may quote what was asked."""
    reason = f"{_HOST} answered {status}, code {error.code}"
    if error.code in _TOKEN:
        return TryLater(f"{reason}: the Page's token is not valid any more", _TOKEN_WAIT)
    passing = error.is_transient or error.code in _PASSING
    return TryLater(reason) if passing else NotThere(reason)
