"""The hosts whose links are read: an exact list, so that no look-alike is ever taken for one of them."""

FACEBOOK = "www.facebook.com"
FACEBOOK_OUT = "l.facebook.com"
FACEBOOK_SERVICES = "developers.facebook.com"
FB_WATCH = "fb.watch"
FB_ME = "fb.me"
INSTAGRAM_OUT = "l.instagram.com"
YOUTUBE = "www.youtube.com"
YOUTU_BE = "youtu.be"
TIKTOK = "www.tiktok.com"
TIKTOK_VM = "vm.tiktok.com"
TIKTOK_VT = "vt.tiktok.com"
ZALO_ARTICLE = "officialaccount.me"
ZALO_READER = "rd.zapps.vn"
ZALO = "zalo.me"
ZALO_CHAT = "chat.zalo.me"
GOOGLE = "www.google.com"

# Our name of a host: the spellings it answers to. “*.” stands for one label (m, mbasic, web, business, vi-vn …).
_SPELLINGS = {
    FACEBOOK: "*.facebook.com facebook.com fb.com www.fb.com m.fb.com web.fb.com",
    FACEBOOK_OUT: "l.facebook.com lm.facebook.com",
    FACEBOOK_SERVICES: "developers.facebook.com apps.facebook.com about.facebook.com graph.facebook.com "
    "ai.facebook.com engineering.facebook.com research.facebook.com transparency.facebook.com",
    FB_WATCH: "fb.watch www.fb.watch",
    FB_ME: "fb.me www.fb.me",
    INSTAGRAM_OUT: "l.instagram.com",
    YOUTUBE: "youtube.com www.youtube.com m.youtube.com music.youtube.com "
    "youtube-nocookie.com www.youtube-nocookie.com",
    YOUTU_BE: "youtu.be www.youtu.be",
    TIKTOK: "tiktok.com www.tiktok.com m.tiktok.com lite.tiktok.com tiktokv.com www.tiktokv.com m.tiktokv.com",
    TIKTOK_VM: "vm.tiktok.com",
    TIKTOK_VT: "vt.tiktok.com",
    ZALO_ARTICLE: "officialaccount.me www.officialaccount.me",
    ZALO_READER: "rd.zapps.vn",
    ZALO: "zalo.me www.zalo.me oa.zalo.me",
    ZALO_CHAT: "chat.zalo.me",
    GOOGLE: "google.com www.google.com google.com.vn www.google.com.vn",
}
_NAMES = {spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings.split()}


def host_name(host: str) -> str | None:
    """Our name of a host given in lower case; None for a host whose links are not read."""
    return _NAMES.get(host) or _NAMES.get("*." + host.partition(".")[2])
