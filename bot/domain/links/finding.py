"""Links in what people write."""

import re
from functools import lru_cache

from bot.domain.links.hosts import host_name
from bot.domain.links.urls import INVISIBLE

# Signs no link holds unescaped: quotes, invisible characters, CJK and full-width punctuation, arrows and pictures.
_STOP = r"\s<>\"“”„«»`" + INVISIBLE + r"\u2190-\u21ff\u2600-\u27bf\u3000-\u303f\uff01-\uff20\U0001f000-\U0001faff"
# A scheme inside a link starts the next one, except where it is a wrapper's target (“?u=https://…”).
_REST = rf"(?:[^h{_STOP}]++|(?!(?<!=)https?://)h)++"
# Without a scheme: a whole name, not the tail of a longer one, of a mail address or of another link. Vietnamese
# letters may touch it, ASCII and the scripts of look-alikes may not. Its length is bounded, for “--a--a--a…” is tried
# from each “a”.
_BARE = (
    r"(?=[a-z0-9])(?<![A-Za-z0-9_.%@/=])(?<![A-Za-z0-9]-)(?<![\u0370-\u1cff])"
    r"(?P<host>[a-z0-9][a-z0-9-]{0,62}+(?:\.[a-z0-9-]{1,63}+){1,4}+)\.?(?::[0-9]{1,5}+)?"
    rf"(?=[/?][^{_STOP}]){_REST}"
)
_LINK = re.compile(rf"https?://(?=\w){_REST}|{_BARE}", re.IGNORECASE)
_SENTENCE_END = ".,;:!?…'‘’*~|()[]{}^–—"


@lru_cache(maxsize=64)  # asked of a message where it is sorted, handed in and compared
def find_links(text: str) -> tuple[str, ...]:
    """The links of a text as they stand there, in order, each once; punctuation and brackets after them left out.

    A link with a scheme is found wherever it begins, also glued to the word before; without a scheme it must be of a
    known host and have something after the host.
    """
    known = (match[0] for match in _LINK.finditer(text) if not match["host"] or host_name(match["host"].lower()))
    links = (link.rstrip(_SENTENCE_END) for link in known)
    # “(facebook.com/)” has nothing after the host once its bracket is off.
    return tuple(dict.fromkeys(link for link in links if _LINK.fullmatch(link)))
