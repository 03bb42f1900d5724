"""Where short links lead: share/…, fb.watch, fb.me, vm. and vt.tiktok.com, tiktok.com/t/….

Only the headers of redirects are read, and the last address is never opened: as soon as one names a post, it is the
answer, so that the page of the post is not downloaded. One request per link ever; the caller keeps that in the
database, and `TryLater.asked` tells it whether a request was made.
"""

from urllib.parse import urljoin

from bot.domain.links import Kind, Link, read_link
from bot.domain.readings import Reading
from bot.posts.base import NotThere, Proof, TryLater
from bot.posts.fetching import Answer, Fetcher

_MOST_HOPS = 3
_HOSTS = {
    *("facebook.com", "www.facebook.com", "m.facebook.com", "web.facebook.com"),
    *("fb.watch", "www.fb.watch", "fb.me", "www.fb.me"),
    *("tiktok.com", "www.tiktok.com", "m.tiktok.com", "vm.tiktok.com", "vt.tiktok.com", "lite.tiktok.com"),
}
_REDIRECTS = {301, 302, 303, 307, 308}


class ShortLinks:
    """A bot.posts.base.Source that says of a short link only its `url`; the owner, too, if the address shows it."""

    name = "short_links"
    evidence: Proof = "resolved"

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def reads(self, link: Link) -> bool:
        """Links whose post only the platform knows."""
        return link.kind is Kind.ALIAS

    async def read(self, link: Link) -> Reading:
        """The post behind the link, in at most three redirects and ten seconds.

        Facebook may lead to a `pfbid`: the key of the answer is then another alias, still without a number.
        """
        url, end = link.url, self._fetcher.clock() + self._fetcher.limits.total
        for hop in range(_MOST_HOPS):
            url = await self._next(url, end - self._fetcher.clock(), first=hop == 0)
            found = read_link(url)
            if found.key and found.kind is not Kind.ALIAS:
                return Reading(url=found.url, owner=found.owner)
            if found.kind is Kind.NOT_POST:
                raise NotThere(f"the link leads to no post but to: {found.what}")
        raise NotThere("the link leads on and on")

    async def _next(self, url: str, seconds: float, *, first: bool) -> str:
        try:
            answer = await self._fetcher.get(url, _HOSTS, seconds=seconds, body=False)
        except TryLater as error:
            raise TryLater(error.reason, error.seconds, asked=error.asked or not first) from None
        return _target(url, answer)

    async def close(self) -> None:
        """Close the connections."""
        await self._fetcher.close()


def _target(url: str, answer: Answer) -> str:
    location = answer.headers.get("location")
    if answer.status not in _REDIRECTS or not location:
        raise NotThere(f"{answer.host} answered {answer.status} without saying where the link leads")
    try:
        return urljoin(url, location)
    except ValueError:
        raise NotThere(f"{answer.host} leads to something that is no address") from None
