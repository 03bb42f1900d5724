"""Hostile texts, links and names: pieces of real ones, anything Unicode has, and far too many of each."""

import unicodedata
from urllib.parse import quote

from hypothesis import strategies as st

LONGEST_TEXT = 4_096  # characters of a message
LONGEST_LINK = 16_384
_WRAPPERS = (
    "https://l.facebook.com/l.php?u=",
    "https://www.facebook.com/login/?next=",
    "https://www.facebook.com/plugins/post.php?href=",
    "https://www.facebook.com/sharer/sharer.php?u=",
    "https://www.youtube.com/redirect?q=",
    "https://www.google.com/url?q=",
)
_OF_LINKS = (
    *("https://", "http://", "//", "HTTPS://", "javascript:", "www.", "m.", "vi-vn.", "--a", "a.b", "-", ".", ".."),
    *("facebook.com/", "fb.watch/", "fb.me/", "youtu.be/", "www.youtube.com/", "vm.tiktok.com/", "evil.example/"),
    *("zalo.me/", "groups/", "posts/", "permalink/", "videos/", "photos/", "reel/", "share/p/", "events/", "pages/"),
    *("people/", "permalink.php?", "photo.php?", "watch?v=", "story_fbid=", "id=", "fbid=", "set=pcb.", "set=g."),
    *("multi_permalinks=", "share_url=", "dqtv/", "@dqtv/", "video/", "1", "0", "1234567890123456", "1_2", "pfbid0aB"),
    *("Qm7-xK_2bZc", "Ugkx12345", "/", "?", "&", "&amp;", "=", "#", "\\", "@", ":", ":0", ":443", "%", "%2F", "%2e"),
    *("%00", "%25", "+", ";", ",", "[", "]"),
)  # fmt: skip
_OF_TEXTS = (
    *("#", "##", "# ", "＃", "﹟", "#D", "#a#b", "_", "-", " ", "\n", "\t", ".", ",", "(", ")", "&", "/", "'", "…"),
    *("DQTV", "TUYENTHANH", "KIENTUONG", "LONGAN", "TAYNINH", "LONG", "AN", "XA", "HUYEN", "TRUONG", "THPT", "VA"),
    *("SO", "GDDT", "dân quân tự vệ", "xã ", "thị xã ", "huyện ", "Tuyên Thạnh", "Kiến Tường", "Long An", "P.1"),
    *("phường 1", "TP. ", "tỉnh ", "Sở ", "Nội vụ", "Giáo dục và Đào tạo", "trường ", "trung học phổ thông"),
    *("huyện ủy", "uỷ ban nhân dân", "Nguyễn Văn A", "TUYEENTHANHJ", "D9", "sfrxj", "w", "aa", "12345", "đ", "Ð"),
    *("\u0301", "\u0323", "\u031b", "\u200b", "\u00ad", "\u2060", "\ufe0f", "\u00a0", "\u202e", "\u0000", "👉"),
    *("Т", "Е", "Α", "ß", "ﬁ", "İ", "ı", "𝗗", "𝗤", "Ｄ", "ａ", "㍿", "ﷺ", "각", "ᄀ", "ᅡ", "👨\u200d👩\u200d👧"),
)  # fmt: skip

_characters = st.characters(codec="utf-8")
_counts = st.sampled_from([1, 1, 1, 2, 3, 10, 100, 1_000, LONGEST_TEXT])


def _jumble(pieces: tuple[str, ...], longest: int) -> st.SearchStrategy[str]:
    piece = st.sampled_from(pieces) | st.text(_characters, max_size=6)
    words = st.lists(piece, min_size=1, max_size=5).map("".join)
    many = st.builds(lambda word, count: word * min(count, longest), words, _counts)
    return st.lists(piece | many, max_size=16).map(lambda parts: "".join(parts)[:longest])


@st.composite
def _wrapped(draw: st.DrawFn) -> str:
    link = draw(_jumble(_OF_LINKS, 300))
    for wrapper in draw(st.lists(st.sampled_from(_WRAPPERS), max_size=8)):
        link = wrapper + (quote(link, safe="") if draw(st.booleans()) else link)
    return link[:LONGEST_LINK]


links = _jumble(_OF_LINKS, LONGEST_LINK) | _wrapped()
texts = _jumble(_OF_TEXTS, LONGEST_TEXT) | _jumble((*_OF_TEXTS, *_OF_LINKS), LONGEST_TEXT)
names = _jumble(_OF_TEXTS, 200) | texts


@st.composite
def disguised(draw: st.DrawFn, tag: str) -> str:
    """The tag within a hostile text, with pieces put in, taken out and exchanged, once or many times over."""
    for piece in draw(st.lists(st.sampled_from(("", *_OF_TEXTS)) | _characters, max_size=3)):
        at = draw(st.integers(0, len(tag)))
        tag = tag[:at] + piece + tag[at + draw(st.sampled_from([0, 0, 1, 2, 4, 6])) :]
    before = draw(texts)[:2_000] + draw(st.sampled_from([" ", "\n", "(", ""]))
    text = before + (tag + draw(st.sampled_from([" ", ""]))) * draw(st.sampled_from([1, 1, 1, 2, 20, 200]))
    return (unicodedata.normalize("NFD", text) if draw(st.booleans()) else text)[:LONGEST_TEXT]
