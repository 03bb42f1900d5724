"""Links to official pages, groups and channels, as opposed to posts and to what belongs to a private person. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.domain.links import Kind, Link, find_links, read_link
from bot.domain.links.urls import parse

PageFault = Literal["no_link", "several", "site", "private", "short", "post", "other"]
PageSort = Literal["page", "group", "channel"]

# Facebook gives these addresses to people: a page can have one, too, but nobody can tell by the link.
_PRIVATE = re.compile(r"(profile\.php|people|me|friends)(/|$)", re.IGNORECASE)
_ZALO_GROUP = re.compile(r"g/(?P<code>[A-Za-z0-9]{2,40})", re.IGNORECASE)
_YOUTUBE = re.compile(r"(?P<way>channel|c|user)/(?P<name>[^/]{1,100})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page by its link. `key` is the same for all ways to write the address; `url` holds nothing else.

    A Facebook name may also be that of a private profile, which the link does not show: `unsure`.
    """

    platform: str
    kind: PageSort
    key: str
    url: str
    unsure: bool = False


def read_page(typed: str) -> PageLink | PageFault:
    """The one page whose link was typed, or what is wrong with it."""
    links = find_links(typed)
    if len(links) != 1:
        return "several" if links else "no_link"
    link = read_link(links[0])
    if link.platform is None:
        return "site"
    if link.kind is Kind.ALIAS or (link.what == "group" and "/share/" in link.url):
        return "short"
    if link.kind is not Kind.NOT_POST:
        return "other" if link.kind is Kind.UNKNOWN else "post"
    return _READERS[link.platform](link)


def _facebook(link: Link) -> PageLink | PageFault:
    if link.what == "group" and link.group:
        url = f"https://www.facebook.com/groups/{link.group}"
        return PageLink("facebook", "group", f"facebook:group:{link.group}", url)
    if link.what != "profile":
        return "other"
    if link.owner is None or _PRIVATE.match(_path(link)):
        return "private"
    url = f"https://www.facebook.com/{link.owner}"
    return PageLink("facebook", "page", f"facebook:page:{link.owner}", url, unsure=True)


def _tiktok(link: Link) -> PageLink | PageFault:
    if link.what != "profile" or not link.owner:
        return "other"
    return PageLink("tiktok", "channel", f"tiktok:{link.owner}", f"https://www.tiktok.com/@{link.owner}")


def _youtube(link: Link) -> PageLink | PageFault:
    if link.what != "channel" or not link.owner:
        return "other"
    named = _YOUTUBE.match(_path(link))
    # Only the ids of channels tell large letters from small ones.
    where = f"{named['way'].lower()}/{named['name']}" if named else link.owner.lower()
    key = where if where.startswith("channel/") else where.lower()
    return PageLink("youtube", "channel", f"youtube:{key}", f"https://www.youtube.com/{where}")


def _zalo(link: Link) -> PageLink | PageFault:
    group = _ZALO_GROUP.match(_path(link)) if link.what == "group" else None
    if group:
        return PageLink("zalo", "group", f"zalo:group:{group['code']}", f"https://zalo.me/g/{group['code']}")
    if link.what != "profile":
        return "other"
    if link.owner is None:  # a telephone number: a person
        return "private"
    return PageLink("zalo", "channel", f"zalo:{link.owner}", f"https://zalo.me/{link.owner}")


_READERS = {"facebook": _facebook, "tiktok": _tiktok, "youtube": _youtube, "zalo": _zalo}


def _path(link: Link) -> str:
    address = parse(link.url)
    return address.path if address else ""
