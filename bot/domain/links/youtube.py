"""YouTube's links: one id of eleven characters, whatever the path."""

from bot.domain.links.forms import Form, Site, not_post
from bot.domain.links.hosts import YOUTU_BE, YOUTUBE
from bot.domain.links.link import Kind

_REST = r"(?:[?&][^/]*)?"

_GRAMMAR = {
    # Two words of the embedded player happen to have the length of an id.
    "id": rf"(?P<id>(?!videoseries|live_stream)[A-Za-z0-9_-]{{11}}){_REST}",
    "post": rf"(?P<id>Ug[A-Za-z0-9_-]{{4,60}}){_REST}",
    "handle": r"(?P<owner>@[^/]{1,60})",
    "channel": r"(?P<owner>[^/]{1,100})",
}

_VIDEO = "https://www.youtube.com/watch?v={id}"

_FORMS = {
    YOUTUBE: (
        Form(
            Kind.VIDEO,
            ("watch|watch_popup?v={id}", "watch|shorts|live|embed|v|e/{id}/**"),
            "yt:{id}",
            _VIDEO,
        ),
        Form(
            Kind.POST,
            (
                "post/{post}",
                "channel|c|user/{channel}/community|posts?lb={post}",
                "{handle}/community|posts?lb={post}",
            ),
            "yt:{id}",
            "https://www.youtube.com/post/{id}",
        ),
        not_post("channel", "channel|c|user/{channel}/**", "{handle}/**"),
        not_post("playlist", "playlist/**", "embed/videoseries"),
        not_post("clip", "clip/**"),
        not_post("hashtag", "hashtag/**"),
        not_post("search", "results"),
        not_post("feed", "", "feed/**", "watch|shorts|live"),
    ),
    YOUTU_BE: (Form(Kind.VIDEO, ("{id}", "watch?v={id}"), "yt:{id}", _VIDEO),),
}

SITE = Site("youtube", _GRAMMAR, _FORMS)
