"""Videos on YouTube, by the Data API's `videos.list`: one unit of the daily quota for each."""

from urllib.parse import urlencode

from pydantic import AwareDatetime, BaseModel, Field

from bot.domain.links import Kind, Link
from bot.domain.readings import Reading
from bot.posts.base import NotThere, Proof, TryLater
from bot.posts.fetching import Fetcher

_HOST = "www.googleapis.com"
_KEY = "yt:"
_OK = 200
_WAIT = 3_600.0


class _Snippet(BaseModel):
    title: str = ""
    description: str = ""
    published: AwareDatetime | None = Field(default=None, alias="publishedAt")
    channel: str | None = Field(default=None, alias="channelId")


class _Video(BaseModel):
    id: str
    snippet: _Snippet


class _Videos(BaseModel):
    items: list[_Video] = []


class YouTube:
    """A bot.posts.base.Source for videos, shorts and live streams; community posts have no API."""

    name = "youtube"
    evidence: Proof = "confirmed_api"

    def __init__(self, fetcher: Fetcher, key: str) -> None:
        self._fetcher = fetcher
        self._key = key

    def reads(self, link: Link) -> bool:
        """Any video."""
        return link.platform == "youtube" and link.kind is Kind.VIDEO

    async def read(self, link: Link) -> Reading:
        """Title and description, the time of publication, the channel's id."""
        number = (link.key or "").removeprefix(_KEY)
        query = urlencode({"part": "snippet", "id": number})
        # In a header, since addresses end up in logs on the way.
        answer = await self._fetcher.get(
            f"https://{_HOST}/youtube/v3/videos?{query}", {_HOST}, {"X-Goog-Api-Key": self._key}
        )
        if answer.status != _OK:
            # A key that is wrong, used up or not switched on: nothing that this video could be blamed for.
            raise TryLater(f"{_HOST} answered {answer.status}: the key or its quota", _WAIT)
        for video in answer.read_as(_Videos).items:
            if video.id == number:
                return _reading(link, video.snippet)
        raise NotThere("YouTube knows no such public video")

    async def close(self) -> None:
        """Close the connections."""
        await self._fetcher.close()


def _reading(link: Link, snippet: _Snippet) -> Reading:
    text = "\n\n".join(part for part in (snippet.title, snippet.description) if part)
    return Reading(text=text or None, url=link.url, posted_at=snippet.published, owner=snippet.channel)
