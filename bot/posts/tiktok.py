"""Videos and photo posts on TikTok, by its oEmbed interface, which needs no key."""

from urllib.parse import urlencode

from pydantic import BaseModel

from bot.domain.links import Link, read_link
from bot.domain.readings import Reading
from bot.posts.base import NotThere, Proof
from bot.posts.fetching import Fetcher

_HOST = "www.tiktok.com"
_KEY = "tt:"
_OK = 200


class _Embed(BaseModel):
    title: str | None = None
    author_url: str | None = None
    embed_product_id: str | None = None


class TikTok:
    """A bot.posts.base.Source for links that carry the number; the caption, with its hashtags, is the `title`."""

    name = "tiktok"
    evidence: Proof = "confirmed_api"

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def reads(self, link: Link) -> bool:
        """Videos and photo posts; a short link has to be resolved first."""
        return (link.key or "").startswith(_KEY)

    async def read(self, link: Link) -> Reading:
        """The caption and the author's handle."""
        query = urlencode({"url": link.url})
        answer = await self._fetcher.get(f"https://{_HOST}/oembed?{query}", {_HOST})
        if answer.status != _OK:
            raise NotThere(f"{_HOST} answered {answer.status}")
        embed = answer.read_as(_Embed)
        if embed.embed_product_id not in {None, (link.key or "").removeprefix(_KEY)}:
            raise NotThere(f"{_HOST} answered about another post")
        return Reading(text=embed.title or None, url=link.url, owner=_handle(embed.author_url))

    async def close(self) -> None:
        """Close the connections."""
        await self._fetcher.close()


def _handle(author_url: str | None) -> str | None:
    return read_link(author_url).owner if author_url else None
