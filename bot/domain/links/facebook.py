"""Facebook's links. Forms as seen in share buttons, notifications, old mobile pages and public link tests."""

from dataclasses import replace

from bot.domain.links.forms import Fields, Form, Site, compile_pattern, not_post
from bot.domain.links.hosts import FACEBOOK, FACEBOOK_OUT, FACEBOOK_SERVICES, FB_ME, FB_WATCH
from bot.domain.links.link import Kind, Link
from bot.domain.links.urls import Address, parse

# First words of Facebook's own pages: never the name of a page, profile or group.
_RESERVED = (
    "activity|ads|ajax|bookmarks|business|careers|checkpoint|commerce|dialog|directory|donate|events|"
    "feed|feeds|find-friends|flx|friends|fundraisers|games|gaming|groups|hashtag|help|home|jobs|l|"
    "latest|legal|live|login|marketplace|me|media|memories|messages|n|nd|news|notes|notifications|"
    "offers|p|pages|people|pg|photo|photos|places|plugins|policies|policy|posts|privacy|public|recover|"
    "reel|reels|reg|rooms|saved|search|settings|share|sharer|signup|stories|story|terms|topic|topics|"
    "ufi|video|videos|watch"
)
_END = r"(?=/|$)"
# Ids are 64-bit numbers; leading zeros would make a second key for one post.
_NUMBER = r"[1-9][0-9]{0,18}"
_ZEROS = r"(?:0+(?=[1-9]))?"
# What may cling to an id: `:0` (a story's part), or the query after a `?` written twice or escaped.
_REST = r"(?:[:?][^/]*)?"
_OWNER = (
    rf"(?!(?i:{_RESERVED}){_END})(?![^/]*\.(?i:php){_END})"
    rf"(?:[^/]+-(?=[0-9]{{9,19}}{_END}))?(?P<owner>[A-Za-z0-9][A-Za-z0-9._-]{{0,79}})"
)
_ID = rf"(?:[0-9]{{1,19}}_)?{_ZEROS}(?P<id>{_NUMBER}|pfbid[0-9A-Za-z]{{1,128}}){_REST}"

_GRAMMAR = {
    "id": _ID,
    "ids": rf"{_ID}(?:,.*)?",
    "owner": _OWNER,
    # A page in the ways that are written before its name: /pg/X, /p/Name-ID, /pages/Name/ID, /people/Name/ID.
    "page": rf"(?:(?i:pg|p|people/[^/]+|pages/category/[^/]+|pages/[^/]+)/)?{_OWNER}",
    "owner_post": rf"(?P<owner>{_NUMBER})_{_ZEROS}(?P<id>{_NUMBER}){_REST}",
    "group": r"(?P<group>[A-Za-z0-9][A-Za-z0-9._-]{0,79})",
    "event": rf"(?P<event>{_NUMBER})",
    "set": rf"(?P<set>(?:pcb|gm|g)\.{_NUMBER})",
    "album": rf"(?P<album>a|oa|pcb|gm)\.(?P<id>{_NUMBER})(?:\..*)?",
    "token": r"(?P<token>[A-Za-z0-9_-]{2,64})",
    # A page's tabs; below these words something unreadable is better called unknown than a profile.
    "tab": rf"(?!(?i:posts|permalink|activity|videos|photos|reel){_END})[^/]+",
}

_WWW = (
    Form(
        Kind.GROUP_POST,
        (
            "groups/{group}/posts/**/{id}/**",
            "groups/{group}/permalink/**/{id}/**",
            "groups/{group}/**?multi_permalinks={ids}",
            "groups/{group}?view=permalink&id={id}",
        ),
        "fb:{id}",
        "https://www.facebook.com/groups/{group}/posts/{id}/",
    ),
    Form(
        Kind.POST,
        ("permalink.php|story.php?story_fbid={id}[&id={owner}]", "{owner_post}"),
        "fb:{id}",
        "https://www.facebook.com/permalink.php?story_fbid={id}[&id={owner}]",
    ),
    Form(
        Kind.POST,
        ("{page}/posts/**/{id}/**", "{page}/activity/**/{id}/**"),
        "fb:{id}",
        "https://www.facebook.com/{owner}/posts/{id}",
    ),
    Form(
        Kind.EVENT_POST,
        ("events/{event}/permalink/{id}/**",),
        "fb:{id}",
        "https://www.facebook.com/events/{event}/permalink/{id}/",
    ),
    Form(
        Kind.VIDEO,
        ("{page}/videos/{set}/{id}", "{page}/videos/**/{id}/**"),
        "fb:{id}",
        "https://www.facebook.com/{owner}/videos/[{set}/]{id}/",
    ),
    Form(
        Kind.VIDEO,
        ("watch|video.php|photo.php?v={id}", "watch/live?v={id}", "video/video.php?v={id}"),
        "fb:{id}",
        "https://www.facebook.com/watch/?v={id}",
    ),
    Form(
        Kind.REEL,
        ("reel|reels/{id}/**", "{page}/reel|reels/{id}/**"),
        "fb:{id}",
        "https://www.facebook.com/[{owner}/]reel/{id}/",
    ),
    Form(
        Kind.PHOTO,
        ("photo|photo.php?fbid={id}[&set={set}][&id={owner}]",),
        "fb:{id}",
        "https://www.facebook.com/photo/?fbid={id}[&set={set}][&id={owner}]",
    ),
    Form(
        Kind.PHOTO,
        ("{page}/photos/{set}/{id}/**", "{page}/photos/**/{id}/**"),
        "fb:{id}",
        "https://www.facebook.com/{owner}/photos/[{set}/]{id}/",
    ),
    Form(
        Kind.ALBUM,
        ("media/set?set={album}[&vanity={owner}]",),
        "fb:{id}",
        "https://www.facebook.com/media/set/?set={album}.{id}[&vanity={owner}]",
    ),
    Form(
        Kind.ALBUM,
        ("{page}/photos?album_id={id}",),
        "fb:{id}",
        "https://www.facebook.com/{owner}/photos/?album_id={id}",
    ),
    not_post("group", "share/g/**"),
    not_post("story", "share/s/**", "stories/**"),
    not_post("event", "share/e/**", "events", "events/{event}", "events/{tab}/**"),
    Form(Kind.ALIAS, ("share/p/{token}",), "fbs:{token}", "https://www.facebook.com/share/p/{token}/"),
    Form(Kind.ALIAS, ("share/v/{token}",), "fbs:{token}", "https://www.facebook.com/share/v/{token}/"),
    Form(Kind.ALIAS, ("share/r/{token}",), "fbs:{token}", "https://www.facebook.com/share/r/{token}/"),
    Form(Kind.ALIAS, ("share/{token}",), "fbs:{token}", "https://www.facebook.com/share/{token}/"),
    not_post("group", "groups", "groups/{group}", "groups/{group}/{tab}/**", "groups/{group}/posts", "group.php"),
    not_post("hashtag", "hashtag/**", "watch/hashtag/**"),
    not_post("marketplace", "marketplace/**", "commerce/**"),
    not_post("search", "search/**", "watch/search/**"),
    not_post(
        "feed", "", "home.php", "watch|reel|reels|live|gaming", "watch/{tab}/**", "saved|notifications|memories/**"
    ),
    not_post("chat", "messages/**"),
    not_post("login", "login|login.php|checkpoint|recover|reg|r.php/**"),
    not_post("ads", "ads/**"),
    not_post("site", "business|help|policies|policy|privacy|legal|settings|plugins|dialog|sharer/**"),
    not_post("site", "sharer.php|share.php", "share", "latest/**"),
    not_post("profile", "profile.php?id={owner}", "me|friends/**", "{page}"),
    not_post("profile", "{page}/posts|videos|photos|reels", "{page}/{tab}/**"),
)

_FORMS = {
    FACEBOOK: _WWW,
    FACEBOOK_OUT: (not_post("site", "**"),),
    FACEBOOK_SERVICES: (not_post("site", "**"),),
    FB_WATCH: (
        Form(Kind.ALIAS, ("{token}",), "fbw:{token}", "https://fb.watch/{token}/"),
        Form(Kind.ALIAS, ("v/{token}",), "fbw:{token}", "https://fb.watch/v/{token}/"),
    ),
    FB_ME: (
        not_post("event", "e/**"),
        not_post("group", "g/**"),
        Form(Kind.ALIAS, ("{token}",), "fbm:{token}", "https://fb.me/{token}"),
    ),
}

_SHARED = compile_pattern("share/p|v|r/{token}", _GRAMMAR)


def _finish(link: Link, fields: Fields, address: Address) -> Link:
    """Tell pfbid from number, and read what `set=` and an echoed `share_url=` say about the post."""
    if link.key is None:
        return link
    kind, _, number = fields.get("set", "").partition(".")
    group = number if kind == "g" else link.group
    post = f"fb:{number}" if kind in {"pcb", "gm"} else None
    aliases = [alias for alias in (post, _echoed_share(address)) if alias and alias != link.key]
    key = link.key.replace("fb:pfbid", "fbp:pfbid")
    return replace(link, key=key, group=group, owner=link.owner or group, aliases=tuple(aliases))


def _echoed_share(address: Address) -> str | None:
    """The alias of the share link that led here: Facebook repeats it in the address it opens."""
    share = parse(address.params.get("share_url", ""))
    fields = _SHARED.match(share) if share and share.name == FACEBOOK else None
    return f"fbs:{fields['token']}" if fields else None


SITE = Site("facebook", _GRAMMAR, _FORMS, caseless=frozenset({"owner", "group"}), finish=_finish)
