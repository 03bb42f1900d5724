"""Readers of public posts, and the resolver of short links. None is needed to log a post, and all are off by default.

How to add a source: write a `bot.posts.base.Source` in a file of its own, with the hosts it may ask, give it an
argument in `open_sources`, and add answers of its kind to `tests/posts`.
"""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from bot.posts.base import NotThere, Proof, Source, TryLater, Unread

if TYPE_CHECKING:
    from bot.posts.fetching import Fetcher

__all__ = ["NotThere", "Proof", "Source", "TryLater", "Unread", "open_sources"]


def open_sources(
    *,
    version: str,
    contact: str = "",
    page_tokens: Mapping[str, str] | None = None,
    page_names: Mapping[str, Collection[str]] | None = None,
    youtube_key: str = "",
    tiktok: bool = False,
    short_links: bool = False,
    open_graph: bool = False,
    fetcher: "Fetcher | None" = None,
) -> tuple[Source, ...]:
    """The sources that are switched on, the most reliable first: ask the first that `reads` a link, then the next.

    `page_tokens`: number of each own Facebook Page → its token; `page_names`: number → handles by which links show it.
    `contact`: who answers for the bot, told to every site. ValueError if it, a token or the key is missing or unfit.
    """
    if not (page_tokens or youtube_key or tiktok or short_links or open_graph):
        return ()
    from bot.posts import opening

    web = fetcher or opening.Fetcher(opening.user_agent(version, contact))
    sources: tuple[Source | None, ...] = (
        opening.facebook_pages(web, page_tokens, page_names or {}) if page_tokens else None,
        opening.youtube(web, youtube_key) if youtube_key else None,
        opening.TikTok(web) if tiktok else None,
        opening.ShortLinks(web) if short_links else None,
        opening.OpenGraph(web) if open_graph else None,
    )
    return tuple(source for source in sources if source)
