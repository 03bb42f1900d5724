"""What holds for every link, made up by hypothesis."""

from dataclasses import replace
from urllib.parse import quote

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.links import Kind, canonical, find_links, read_link

ASCII_WORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

# Every form, with the names of its parts where they go.
FORMS = [
    "facebook.com/groups/{group}/posts/{post}/",
    "facebook.com/groups/{group}/permalink/{post}/",
    "facebook.com/groups/{group}/posts/{slug}/{post}/",
    "facebook.com/groups/{group}/?multi_permalinks={post},{number}",
    "facebook.com/groups/{group}?view=permalink&id={post}",
    "facebook.com/{owner}/posts/{post}",
    "facebook.com/{owner}/posts/{number}:0",
    "facebook.com/{owner}/posts/{slug}/{post}",
    "facebook.com/{owner}/activity/{post}",
    "facebook.com/pg/{owner}/posts/{post}",
    "facebook.com/pages/{slug}/{number}/posts/{post}",
    "facebook.com/permalink.php?story_fbid={post}&id={owner}",
    "facebook.com/story.php?id={number}&story_fbid={post}",
    "facebook.com/story.php?id={number}&amp;story_fbid={post}",
    "facebook.com/permalink.php?story_fbid={post}",
    "facebook.com/{number}_{number}",
    "facebook.com/events/{number}/permalink/{post}/",
    "facebook.com/{owner}/videos/{post}",
    "facebook.com/{owner}/videos/{slug}/{post}",
    "facebook.com/{owner}/videos/vb.{number}/{post}",
    "facebook.com/{owner}/videos/pcb.{number}/{post}",
    "facebook.com/watch/?v={post}",
    "facebook.com/watch/live/?v={post}",
    "facebook.com/video.php?v={post}",
    "facebook.com/video/video.php?v={post}",
    "facebook.com/reel/{post}",
    "facebook.com/{owner}/reel/{post}",
    "facebook.com/photo.php?fbid={post}&set=a.{number}",
    "facebook.com/photo/?fbid={post}&set=pcb.{number}",
    "facebook.com/photo/?fbid={post}&set=gm.{number}",
    "facebook.com/photo/?fbid={post}&set=g.{number}",
    "facebook.com/photo.php?fbid={post}&id={owner}&set=pcb.{number}",
    "facebook.com/{owner}/photos/a.{number}/{post}",
    "facebook.com/{owner}/photos/pcb.{number}/{post}",
    "facebook.com/{owner}/photos/{post}",
    "facebook.com/media/set/?set=a.{number}",
    "facebook.com/media/set/?vanity={owner}&set=pcb.{number}",
    "facebook.com/{owner}/photos/?tab=album&album_id={number}",
    "facebook.com/share/p/{token}/",
    "facebook.com/share/v/{token}/",
    "facebook.com/share/r/{token}/",
    "facebook.com/share/{token}/",
    "fb.watch/{token}/",
    "fb.watch/v/{token}/",
    "fb.me/{token}",
    "youtube.com/watch?v={video}",
    "youtube.com/shorts/{video}",
    "youtube.com/live/{video}",
    "youtube.com/embed/{video}",
    "youtu.be/{video}",
    "youtube.com/post/Ugkx{video}",
    "youtube.com/channel/{token}/community?lb=Ugkx{video}",
    "tiktok.com/@{handle}/video/{number}",
    "tiktok.com/@{handle}/photo/{number}",
    "tiktok.com/@/video/{number}",
    "tiktok.com/share/video/{number}",
    "m.tiktok.com/v/{number}.html",
    "tiktok.com/embed/v2/{number}",
    "vm.tiktok.com/{token}/",
    "vt.tiktok.com/{token}/",
    "tiktok.com/t/{token}/",
    "officialaccount.me/d?id={token}&pageId={number}",
    "officialaccount.me/d?id={token}",
    "rd.zapps.vn/detail/{number}?id={token}&pageId={number}",
    "rd.zapps.vn/detail/{number}?id={token}",
    "rd.zapps.vn/video?id={token}&pageId={number}",
]

PIECES = (
    *(
        "/",
        "/",
        "/",
        "?",
        "&",
        "&amp;",
        "=",
        "#",
        ".",
        "..",
        "\\",
        "@",
        ":",
        ":0",
        "%2F",
        "%3F",
        "%",
        "%00",
        " ",
        "\n",
        "\u200b",
    ),
    *(
        "https://",
        "//",
        "www.facebook.com",
        "m.facebook.com",
        "fb.watch",
        "youtu.be",
        "l.php?u=",
        "login/?next=",
        "evil.com",
    ),
    *(
        "groups",
        "posts",
        "permalink",
        "videos",
        "photos",
        "reel",
        "share",
        "p",
        "pages",
        "people",
        "media/set",
        "events",
    ),
    *(
        "permalink.php?",
        "photo.php?",
        "watch?v=",
        "story_fbid=",
        "id=",
        "fbid=",
        "set=pcb.",
        "set=g.",
        "multi_permalinks=",
    ),
    *(
        "12",
        "034",
        "1_2",
        "dqtv",
        "a-100064123456789",
        "pfbid02abcdefghijkl",
        "share_url=",
        "dQw4w9WgXcQ",
        "@dqtv",
        "ở",
    ),
)
AFTER = (
    "",
    " ",
    ".",
    ", ",
    ")",
    "”",
    "!",
    "…",
    "\n",
    ". Xin chào",
    ") và",
    "” nhé",
    ", fb.watch",
    "👉 xem",
    "\u200b",
    "?!",
)

numbers = st.integers(min_value=1, max_value=2**63 - 1).map(str)
pfbids = st.text(ASCII_WORD, min_size=40, max_size=70).map("pfbid{}".format)
handles = st.text(ASCII_WORD + ".", min_size=1, max_size=30).map("Dqtv{}".format)
tokens = st.text(ASCII_WORD + "-_", min_size=8, max_size=24)
videos = st.text(ASCII_WORD + "-_", min_size=11, max_size=11)
slugs = st.text("abăâđêôơưtrnảạấ- ", min_size=1, max_size=20).map("bài-{}".format)
noise_names = st.sampled_from(["fbclid", "mibextid", "rdid", "__cft__[0]", "__tn__", "utm_source", "si", "ref", "_rdr"])
noise = st.lists(st.tuples(noise_names, st.text(max_size=20)), max_size=4)


@st.composite
def links(draw: st.DrawFn) -> str:
    """A link of any form, its parts as they come."""
    owner = draw(st.one_of(handles, numbers))
    parts = {
        "owner": owner,
        "group": draw(st.one_of(handles, numbers)),
        "handle": draw(handles),
        "post": draw(st.one_of(numbers, pfbids)),
        "number": draw(numbers),
        "token": draw(tokens),
        "video": draw(videos),
        "slug": quote(draw(slugs)),
    }
    return "https://www." + draw(st.sampled_from(FORMS)).format_map(parts).removeprefix("www.")


def _with_parameters(link: str, parameters: list[tuple[str, str]]) -> str:
    added = "&".join(f"{quote(name)}={quote(value)}" for name, value in parameters)
    return f"{link}{'&' if '?' in link else '?'}{added}" if added else link


def _only_host(link: str) -> str:
    """Some hosts have no `www.`: write the link as the form does."""
    bare = link.removeprefix("https://www.")
    return f"https://{bare}" if bare.startswith(("rd.", "vm.", "vt.", "m.")) else link


posts = links().map(_only_host)


@given(posts)
def test_every_form_is_read_as_a_post_or_an_alias(link: str) -> None:
    read = read_link(link)
    assert read.key is not None
    assert read.kind not in {Kind.NOT_POST, Kind.UNKNOWN}


@given(posts)
def test_canonical_of_canonical_is_canonical(link: str) -> None:
    assert canonical(canonical(link)) == canonical(link)


@given(posts)
def test_the_canonical_link_keeps_key_kind_and_aliases(link: str) -> None:
    read = read_link(link)
    again = read_link(read.url)
    assert replace(again, owner=read.owner) == read


@given(posts, noise)
def test_tracking_parameters_change_nothing(link: str, parameters: list[tuple[str, str]]) -> None:
    assert read_link(_with_parameters(link, parameters)) == read_link(link)


@given(posts)
def test_a_wrapped_link_is_read_as_the_link(link: str) -> None:
    assert read_link(f"https://l.facebook.com/l.php?u={quote(link, safe='')}&h=AT0") == read_link(link)


@given(posts, st.sampled_from(["m", "mbasic", "web", "touch", "business", "vi-vn", "en-gb"]))
def test_the_host_label_changes_nothing(link: str, label: str) -> None:
    assume("www.facebook.com" in link)
    assert read_link(link.replace("www.facebook.com", f"{label}.facebook.com")) == read_link(link)


@given(st.text())
def test_no_text_makes_the_reader_raise_and_reading_twice_is_reading_once(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)
    assert read_link(canonical(text)).key == read_link(text).key


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=14).map("".join))
def test_no_jumble_of_pieces_of_links_makes_the_reader_raise_or_change_its_mind(jumble: str) -> None:
    for link in (
        jumble,
        f"https://www.facebook.com/{jumble}",
        f"fb.com/groups/{jumble}",
        f"//l.facebook.com?u={jumble}",
    ):
        read = read_link(link)
        again = read_link(read.url)
        assert (again.url, again.key, again.kind) == (read.url, read.key, read.kind)


@given(st.text())
def test_no_text_makes_the_finder_raise_and_what_it_finds_stands_in_the_text(text: str) -> None:
    found = find_links(text)
    assert all(link in text for link in found)
    assert len(found) == len(set(found))


@given(st.text("ăâđêôơưảạấ abc,.:!(“\n", max_size=20), posts, st.sampled_from(AFTER))
def test_a_link_glued_into_text_is_found(before: str, link: str, after: str) -> None:
    assert find_links(f"{before}{link}{after}") == (link,)
