"""TikTok's links. Videos and photo posts share one space of ids; short links tell nothing without the network."""

from bot.domain.links.forms import Form, Site, not_post
from bot.domain.links.hosts import TIKTOK, TIKTOK_VM, TIKTOK_VT
from bot.domain.links.link import Kind

_GRAMMAR = {
    "id": r"(?:0+(?=[1-9]))?(?P<id>[1-9][0-9]{0,19})",
    "handle": r"@(?P<owner>[A-Za-z0-9._]{0,60})",
    "token": r"(?P<token>[A-Za-z0-9_-]{2,64})",
}

_POSTS = (
    Form(
        Kind.VIDEO,
        (
            "{handle}/video/{id}/**",
            "share/video/{id}/**",
            "i18n/share/video/{id}/**",
            "v/{id}",
            "v/{id}.html",
            "embed/{id}",
            "embed/v2|v3/{id}",
            "player/v1/{id}",
        ),
        "tt:{id}",
        "https://www.tiktok.com/@[{owner}]/video/{id}",
    ),
    Form(Kind.PHOTO, ("{handle}/photo/{id}/**",), "tt:{id}", "https://www.tiktok.com/@[{owner}]/photo/{id}"),
)

_FORMS = {
    TIKTOK: (
        *_POSTS,
        Form(Kind.ALIAS, ("t/{token}",), "tts:{token}", "https://www.tiktok.com/t/{token}/"),
        not_post("playlist", "{handle}/playlist|collection/**"),
        not_post("profile", "{handle}", "{handle}/live"),
        not_post("hashtag", "tag/**"),
        not_post("sound", "music/**"),
        not_post("search", "search/**", "discover/**"),
        not_post("login", "login/**"),
        not_post("feed", "", "foryou|following|explore|live|friends"),
    ),
    TIKTOK_VM: (*_POSTS, Form(Kind.ALIAS, ("{token}",), "tts:{token}", "https://vm.tiktok.com/{token}/")),
    TIKTOK_VT: (*_POSTS, Form(Kind.ALIAS, ("{token}",), "tts:{token}", "https://vt.tiktok.com/{token}/")),
}

SITE = Site("tiktok", _GRAMMAR, _FORMS, caseless=frozenset({"owner"}))
