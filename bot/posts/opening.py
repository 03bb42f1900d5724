"""The sources themselves, loaded only once one is switched on: a bot that reads no posts need not load its readers."""

import re
from collections.abc import Collection, Mapping

from bot.posts.facebook_page import FacebookPages, Page
from bot.posts.fetching import Fetcher, user_agent
from bot.posts.open_graph import OpenGraph
from bot.posts.short_links import ShortLinks
from bot.posts.tiktok import TikTok
from bot.posts.youtube import YouTube

__all__ = ["Fetcher", "OpenGraph", "ShortLinks", "TikTok", "facebook_pages", "user_agent", "youtube"]

_SECRET = re.compile(r"[!-~]+")


def facebook_pages(fetcher: Fetcher, tokens: Mapping[str, str], names: Mapping[str, Collection[str]]) -> FacebookPages:
    """The body's own Pages; ValueError if one is not given by its number, or a token cannot be one."""
    if not all(number.isascii() and number.isdigit() for number in tokens):
        raise ValueError("a Facebook Page is given by its number")
    if not all(map(_SECRET.fullmatch, tokens.values())):
        raise ValueError("the token of a Facebook Page holds signs that no token has")
    return FacebookPages(
        fetcher,
        tuple(
            Page(number, token, frozenset(name.lower() for name in names.get(number, ())))
            for number, token in tokens.items()
        ),
    )


def youtube(fetcher: Fetcher, key: str) -> YouTube:
    """YouTube with a key; ValueError if it cannot be one."""
    if not _SECRET.fullmatch(key):
        raise ValueError("the key for YouTube holds signs that no key has")
    return YouTube(fetcher, key)
