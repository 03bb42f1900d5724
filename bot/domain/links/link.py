"""What a link turns out to be."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a link opens. `ALIAS` opens a post whose id only the platform knows; `UNKNOWN` could not be read."""

    POST = "post"
    PHOTO = "photo"
    VIDEO = "video"
    REEL = "reel"
    GROUP_POST = "group_post"
    EVENT_POST = "event_post"
    ARTICLE = "article"
    ALBUM = "album"
    ALIAS = "alias"
    NOT_POST = "not_post"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Link:
    """A link as read offline.

    `platform`: "facebook", "youtube", "tiktok", "zalo"; None for any other site.
    `key`: the same for all links to one object, without owner and kind, since one object is reached by several of
        both: "fb:", "yt:", "tt:", "zalo:" and the id. For aliases "fbp:" (pfbid), "fbs:" (share), "fbw:" (fb.watch),
        "fbm:" (fb.me), "tts:" (TikTok): equal means the same post, different means nothing. None if there is no post.
    `owner`: page, profile, group or channel as the link names it (handle or number); Facebook's and TikTok's handles
        ignore case and are lower-case here.
    `url`: built from the ids alone, so it carries nothing the sender added; without a post, the link as it came.
    `group`: the group of a group's post or photo.
    `what`: for NOT_POST one of profile, channel, group, event, story, hashtag, search, feed, login, marketplace,
        playlist, clip, sound, chat, ads, app, site.
    `aliases`: other keys of the same post that the link carries. A photo's key is the photo's id, for that is what
        the link opens; the post it belongs to (`set=pcb.P`) is an alias, so that a `set` somebody cut off or
        added never changes the key.
    """

    platform: str | None
    kind: Kind
    key: str | None
    owner: str | None
    url: str
    group: str | None = None
    what: str | None = None
    aliases: tuple[str, ...] = ()
