"""Zalo's links: articles and videos of official accounts (OA). Personal timeline posts have no public link."""

from bot.domain.links.forms import Form, Site, not_post
from bot.domain.links.hosts import ZALO, ZALO_ARTICLE, ZALO_CHAT, ZALO_READER
from bot.domain.links.link import Kind

_GRAMMAR = {
    "oa": r"(?P<owner>[1-9][0-9]{0,19})",
    "id": r"(?P<id>[A-Za-z0-9_-]{1,64})",
    # Longer than any phone number: zalo.me/<phone> is a person, whose number is not kept.
    "owner": r"(?P<owner>[1-9][0-9]{13,19})",
}

_FORMS = {
    ZALO_ARTICLE: (
        Form(
            Kind.ARTICLE,
            ("d?id={id}[&pageId={oa}]",),
            "zalo:{id}",
            "https://officialaccount.me/d?id={id}[&pageId={owner}]",
        ),
    ),
    ZALO_READER: (
        Form(
            Kind.ARTICLE,
            ("detail/**?id={id}&pageId={oa}", "detail/{oa}?id={id}", "detail/**?id={id}"),
            "zalo:{id}",
            "https://officialaccount.me/d?id={id}[&pageId={owner}]",
        ),
        Form(
            Kind.VIDEO,
            ("video?id={id}[&pageId={oa}]",),
            "zalo:{id}",
            "https://rd.zapps.vn/video?id={id}[&pageId={owner}]",
        ),
        not_post("feed", "articles?pageId={oa}", "articles"),
    ),
    ZALO: (
        not_post("app", "s/**"),
        not_post("group", "g/**"),
        not_post("site", "", "pc|download"),
        not_post("profile", "{owner}", "**"),
    ),
    ZALO_CHAT: (not_post("chat", "**"),),
}

SITE = Site("zalo", _GRAMMAR, _FORMS)
