"""Every known form of link, and what it is."""

from urllib.parse import quote

import pytest

from bot.domain.links import canonical, read_link

FB = "https://www.facebook.com"
PFBID = "pfbid02kVtfL7nYyDSMWTx1qAZt3GxD8mBEJ5QhVuPfR6sNcKj9wXo4HgE2zTbCvLa"
VIDEO = "dQw4w9WgXcQ"
ARTICLE = "c1d0c5a3e8e601b858f7"
OA = "4318657068771012646"

# link, kind, key, owner
POSTS = [
    # Facebook: groups
    (f"{FB}/groups/123/posts/456/", "group_post", "fb:456", "123"),
    (f"{FB}/groups/123/permalink/456/", "group_post", "fb:456", "123"),
    (f"{FB}/groups/TuHaoMienDong/posts/456", "group_post", "fb:456", "tuhaomiendong"),
    (f"{FB}/groups/tu.hao/permalink/456?comment_id=9&reply_comment_id=8", "group_post", "fb:456", "tu.hao"),
    (f"{FB}/groups/123/posts/d41d8cd9/2013209885760000/?app=fbl", "group_post", "fb:2013209885760000", "123"),
    (f"{FB}/groups/123/posts/12345678/2013209885760000/", "group_post", "fb:2013209885760000", "123"),
    (f"{FB}/groups/123/posts/b%C3%A0i-vi%E1%BA%BFt-hay/456/", "group_post", "fb:456", "123"),
    (f"{FB}/groups/123/posts/bài-viết-hay/456/", "group_post", "fb:456", "123"),
    (f"{FB}/groups/123/?multi_permalinks=456", "group_post", "fb:456", "123"),
    (f"{FB}/groups/123?multi_permalinks=456,789&notif_id=1", "group_post", "fb:456", "123"),
    (f"{FB}/groups/123/?multi_permalinks=456%2C789", "group_post", "fb:456", "123"),
    ("https://m.facebook.com/groups/123?view=permalink&id=456", "group_post", "fb:456", "123"),
    ("https://mobile.facebook.com/groups/123?id=456&view=permalink", "group_post", "fb:456", "123"),
    (f"{FB}/groups/123/posts/{PFBID}", "group_post", f"fbp:{PFBID}", "123"),
    # Facebook: pages and profiles
    (f"{FB}/DQTVLongAn/posts/456", "post", "fb:456", "dqtvlongan"),
    (f"{FB}/dqtv.long.an/posts/456/", "post", "fb:456", "dqtv.long.an"),
    (f"{FB}/100064123456789/posts/456", "post", "fb:456", "100064123456789"),
    (f"{FB}/dqtv/posts/456:0", "post", "fb:456", "dqtv"),
    (f"{FB}/dqtv/posts/456%3A0", "post", "fb:456", "dqtv"),
    (f"{FB}/dqtv/posts/456:456", "post", "fb:456", "dqtv"),
    (f"{FB}/dqtv/posts/111_456", "post", "fb:456", "dqtv"),
    (f"{FB}/dqtv/posts/456%3Fcomment_id%3D7", "post", "fb:456", "dqtv"),
    (f"{FB}/dqtv/posts/000456", "post", "fb:456", "dqtv"),
    (f"{FB}/dqtv/posts/ra-qu%C3%A2n-hu%E1%BA%A5n-luy%E1%BB%87n/456/", "post", "fb:456", "dqtv"),
    (f"{FB}/dqtv/posts/456#comments", "post", "fb:456", "dqtv"),
    (f"{FB}/dqtv/posts/{PFBID}?rdid=abc", "post", f"fbp:{PFBID}", "dqtv"),
    (f"{FB}/dqtv/posts/ra-quan/{PFBID}", "post", f"fbp:{PFBID}", "dqtv"),
    (f"{FB}/dqtv/activity/456", "post", "fb:456", "dqtv"),
    (f"{FB}/pg/dqtv/posts/456", "post", "fb:456", "dqtv"),
    (f"{FB}/people/Alice/100064123456789/posts/456", "post", "fb:456", "100064123456789"),
    (f"{FB}/pages/Long-An/100064123456789/posts/456", "post", "fb:456", "100064123456789"),
    (f"{FB}/T%C3%B4i-y%C3%AAu-chi%E1%BA%BFn-s%C4%A9-100064123456789/posts/456", "post", "fb:456", "100064123456789"),
    (f"{FB}/permalink.php?story_fbid=456&id=111", "post", "fb:456", "111"),
    (f"{FB}/permalink.php?id=111&story_fbid=456", "post", "fb:456", "111"),
    (f"{FB}/permalink.php/?story_fbid=456&id=111", "post", "fb:456", "111"),
    (f"{FB}/permalink.php?story_fbid=456&amp;id=111", "post", "fb:456", "111"),
    (f"{FB}/permalink.php?story_fbid=456&amp;amp;id=111", "post", "fb:456", "111"),
    (f"{FB}/permalink.php?story_fbid={PFBID}&id=111", "post", f"fbp:{PFBID}", "111"),
    (f"{FB}/permalink.php?story_fbid=456", "post", "fb:456", None),
    ("https://m.facebook.com/story.php?story_fbid=456&id=111&m_entstream_source=timeline", "post", "fb:456", "111"),
    ("https://m.facebook.com/story.php?story_fbid=456%3A0&id=111", "post", "fb:456", "111"),
    ("https://mbasic.facebook.com/story.php?id=111&story_fbid=456", "post", "fb:456", "111"),
    (f"{FB}/story.php?story_fbid=456&id=dqtv", "post", "fb:456", "dqtv"),
    (f"{FB}/141700922567987_3903702929701082", "post", "fb:3903702929701082", "141700922567987"),
    (f"{FB}/events/777/permalink/456/", "event_post", "fb:456", None),
    # Facebook: videos and reels
    (f"{FB}/dqtv/videos/456/", "video", "fb:456", "dqtv"),
    (f"{FB}/dqtv/videos/ra-quan/456/", "video", "fb:456", "dqtv"),
    (f"{FB}/dqtv/videos/vb.111/456/?type=2&theater", "video", "fb:456", "dqtv"),
    (f"{FB}/dqtv/videos/pcb.999/456/", "video", "fb:456", "dqtv"),
    (f"{FB}/watch/?v=456", "video", "fb:456", None),
    (f"{FB}/watch?ref=saved&v=456", "video", "fb:456", None),
    (f"{FB}/watch/live/?v=456", "video", "fb:456", None),
    (f"{FB}/video.php?v=456", "video", "fb:456", None),
    (f"{FB}/video/video.php?v=456", "video", "fb:456", None),
    (f"{FB}/photo.php?v=456", "video", "fb:456", None),
    (f"{FB}/reel/456", "reel", "fb:456", None),
    (f"{FB}/reel/456/?s=single_unit&fs=e", "reel", "fb:456", None),
    (f"{FB}/reels/456", "reel", "fb:456", None),
    (f"{FB}/dqtv/reel/456", "reel", "fb:456", "dqtv"),
    # Facebook: photos and albums
    (f"{FB}/photo.php?fbid=456&set=a.111", "photo", "fb:456", None),
    (f"{FB}/photo/?fbid=456&set=pcb.999", "photo", "fb:456", None),
    (f"{FB}/photo?fbid=456", "photo", "fb:456", None),
    (f"{FB}/photo/?fbid={PFBID}", "photo", f"fbp:{PFBID}", None),
    ("https://m.facebook.com/photo.php?fbid=456&id=111&set=a.5.6.7", "photo", "fb:456", "111"),
    (f"{FB}/photo/?fbid=456&set=g.123", "photo", "fb:456", "123"),
    (f"{FB}/dqtv/photos/a.111/456/", "photo", "fb:456", "dqtv"),
    (f"{FB}/dqtv/photos/a.111.222.333/456/?type=3", "photo", "fb:456", "dqtv"),
    (f"{FB}/dqtv/photos/456", "photo", "fb:456", "dqtv"),
    (f"{FB}/dqtv/photos/ra-qu%C3%A2n/456", "photo", "fb:456", "dqtv"),
    (f"{FB}/dqtv/photos/t.111/456", "photo", "fb:456", "dqtv"),
    (f"{FB}/dqtv/photos/pcb.999/456/", "photo", "fb:456", "dqtv"),
    (f"{FB}/dqtv/photos/pb.111.-2207520000../456/", "photo", "fb:456", "dqtv"),
    (f"{FB}/media/set/?set=a.456&type=3", "album", "fb:456", None),
    (f"{FB}/media/set/?set=a.456.111.222", "album", "fb:456", None),
    (f"{FB}/media/set?vanity=dqtv&set=a.456", "album", "fb:456", "dqtv"),
    (f"{FB}/dqtv/photos/?tab=album&album_id=456", "album", "fb:456", "dqtv"),
    # Facebook: aliases
    (f"{FB}/share/p/EMMeAHj1cLMNWAER/", "alias", "fbs:EMMeAHj1cLMNWAER", None),
    (f"{FB}/share/p/1Ab-cD_2/?mibextid=wwXIfr", "alias", "fbs:1Ab-cD_2", None),
    (f"{FB}/share/v/1AbcD2/", "alias", "fbs:1AbcD2", None),
    (f"{FB}/share/r/1AbcD2/", "alias", "fbs:1AbcD2", None),
    (f"{FB}/share/1AbcD2/", "alias", "fbs:1AbcD2", None),
    ("https://fb.watch/aB3_cD-e/", "alias", "fbw:aB3_cD-e", None),
    ("https://fb.watch/v/aB3_cD-e/", "alias", "fbw:aB3_cD-e", None),
    ("https://www.fb.watch/aB3/?ref=share", "alias", "fbw:aB3", None),
    ("fb.watch/aB3", "alias", "fbw:aB3", None),
    ("https://fb.me/1AbcD2", "alias", "fbm:1AbcD2", None),
    # Facebook: hosts
    ("facebook.com/dqtv/posts/456", "post", "fb:456", "dqtv"),
    ("//facebook.com/dqtv/posts/456", "post", "fb:456", "dqtv"),
    ("HTTPS://WWW.FACEBOOK.COM/DQTV/posts/456", "post", "fb:456", "dqtv"),
    ("http://facebook.com/dqtv/posts/456", "post", "fb:456", "dqtv"),
    ("https://www.facebook.com:443/dqtv/posts/456", "post", "fb:456", "dqtv"),
    ("https://www.facebook.com./dqtv/posts/456", "post", "fb:456", "dqtv"),
    ("https://vi-vn.facebook.com/dqtv/posts/456", "post", "fb:456", "dqtv"),
    ("https://business.facebook.com/dqtv/posts/456", "post", "fb:456", "dqtv"),
    ("https://web.facebook.com/dqtv/posts/456?_rdc=1&_rdr", "post", "fb:456", "dqtv"),
    ("https://touch.facebook.com/groups/123/permalink/456/", "group_post", "fb:456", "123"),
    ("https://fb.com/dqtv/posts/456", "post", "fb:456", "dqtv"),
    ("https://www.facebook.com//dqtv///posts/456//", "post", "fb:456", "dqtv"),
    ("\u200b https://www.facebook.com/dqtv/posts/456 \ufeff", "post", "fb:456", "dqtv"),
    ("https://www.facebook.com/%64qtv/%70osts/456", "post", "fb:456", "dqtv"),
    # Wrappers
    ("https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.facebook.com%2Fdqtv%2Fposts%2F456", "post", "fb:456", "dqtv"),
    ("https://lm.facebook.com/l.php?u=https%3A%2F%2Fyoutu.be%2FdQw4w9WgXcQ", "video", "yt:dQw4w9WgXcQ", None),
    (f"{FB}/flx/warn/?u=https%3A%2F%2Fvt.tiktok.com%2FZSabc%2F", "alias", "tts:ZSabc", None),
    (f"{FB}/login/?next=https%3A%2F%2Fm.facebook.com%2Fgroups%2F123%2Fposts%2F456", "group_post", "fb:456", "123"),
    (f"{FB}/login/?next=%2Fgroups%2F123%2Fposts%2F456", "group_post", "fb:456", "123"),
    (f"{FB}/login.php?next=https%3A%2F%2Ffacebook.com%2Freel%2F456", "reel", "fb:456", None),
    (f"{FB}/plugins/post.php?href=https%3A%2F%2Ffacebook.com%2Fdqtv%2Fposts%2F456", "post", "fb:456", "dqtv"),
    (f"{FB}/plugins/video.php?href=facebook.com%2Fdqtv%2Fvideos%2F456", "video", "fb:456", "dqtv"),
    (f"{FB}/sharer/sharer.php?u=https://www.facebook.com/dqtv/posts/456", "post", "fb:456", "dqtv"),
    ("https://l.instagram.com/?u=https%3A%2F%2Ffb.watch%2FaB3", "alias", "fbw:aB3", None),
    ("https://www.youtube.com/redirect?q=https%3A%2F%2Ffacebook.com%2Fdqtv%2Fposts%2F456", "post", "fb:456", "dqtv"),
    # YouTube
    (f"https://www.youtube.com/watch?v={VIDEO}", "video", f"yt:{VIDEO}", None),
    (f"https://www.youtube.com/watch?list=PL1&v={VIDEO}&t=30s", "video", f"yt:{VIDEO}", None),
    (f"https://www.youtube.com/watch?feature=share&amp;v={VIDEO}", "video", f"yt:{VIDEO}", None),
    (f"https://m.youtube.com/watch?v={VIDEO}", "video", f"yt:{VIDEO}", None),
    (f"https://music.youtube.com/watch?v={VIDEO}", "video", f"yt:{VIDEO}", None),
    (f"https://youtu.be/{VIDEO}?si=abc", "video", f"yt:{VIDEO}", None),
    (f"youtu.be/{VIDEO}", "video", f"yt:{VIDEO}", None),
    ("https://youtu.be/-_-_-_-_-_-", "video", "yt:-_-_-_-_-_-", None),
    (f"https://www.youtube.com/shorts/{VIDEO}", "video", f"yt:{VIDEO}", None),
    (f"https://www.youtube.com/live/{VIDEO}?feature=share", "video", f"yt:{VIDEO}", None),
    (f"https://www.youtube.com/embed/{VIDEO}", "video", f"yt:{VIDEO}", None),
    (f"https://www.youtube-nocookie.com/embed/{VIDEO}", "video", f"yt:{VIDEO}", None),
    (f"https://www.youtube.com/v/{VIDEO}", "video", f"yt:{VIDEO}", None),
    ("https://www.youtube.com/post/UgkxAbCdEfGhIjKl_123", "post", "yt:UgkxAbCdEfGhIjKl_123", None),
    ("https://www.youtube.com/channel/UCabc/community?lb=UgkxAbCdEfGhIjKl", "post", "yt:UgkxAbCdEfGhIjKl", "UCabc"),
    ("https://www.youtube.com/@binhtan/community?lb=UgkxAbCdEfGhIjKl", "post", "yt:UgkxAbCdEfGhIjKl", "@binhtan"),
    # TikTok
    ("https://www.tiktok.com/@Quan.Doan/video/73123?is_from_webapp=1", "video", "tt:73123", "quan.doan"),
    ("https://www.tiktok.com/@quandoan/photo/7312345678901234567", "photo", "tt:7312345678901234567", "quandoan"),
    ("https://www.tiktok.com/%40quandoan/video/7312345678901234567", "video", "tt:7312345678901234567", "quandoan"),
    ("https://www.tiktok.com/@/video/7312345678901234567", "video", "tt:7312345678901234567", None),
    ("https://www.tiktok.com/share/video/7312345678901234567", "video", "tt:7312345678901234567", None),
    ("https://m.tiktok.com/v/7312345678901234567.html", "video", "tt:7312345678901234567", None),
    ("https://www.tiktok.com/embed/v2/7312345678901234567", "video", "tt:7312345678901234567", None),
    ("https://www.tiktokv.com/share/video/7312345678901234567/", "video", "tt:7312345678901234567", None),
    ("https://vm.tiktok.com/ZMabc123/", "alias", "tts:ZMabc123", None),
    ("https://vt.tiktok.com/ZSabc123", "alias", "tts:ZSabc123", None),
    ("https://www.tiktok.com/t/ZTabc123/", "alias", "tts:ZTabc123", None),
    ("https://lite.tiktok.com/t/ZTabc123", "alias", "tts:ZTabc123", None),
    # Zalo
    (f"https://officialaccount.me/d?id={ARTICLE}&pageId={OA}", "article", f"zalo:{ARTICLE}", OA),
    (f"https://rd.zapps.vn/detail/{OA}?id={ARTICLE}&pageId={OA}&zarsrc=30", "article", f"zalo:{ARTICLE}", OA),
    (f"https://rd.zapps.vn/detail/{OA}?id={ARTICLE}&utm_source=zalo", "article", f"zalo:{ARTICLE}", OA),
    (f"https://rd.zapps.vn/video?id={ARTICLE}&pageId={OA}", "video", f"zalo:{ARTICLE}", OA),
]  # fmt: skip


@pytest.mark.parametrize(("link", "kind", "key", "owner"), POSTS)
def test_a_link_to_a_post_is_read(link: str, kind: str, key: str, owner: str | None) -> None:
    read = read_link(link)
    assert (read.kind, read.key, read.owner) == (kind, key, owner)


@pytest.mark.parametrize("link", [row[0] for row in POSTS])
def test_the_canonical_link_is_read_as_the_same_post(link: str) -> None:
    read = read_link(link)
    again = read_link(read.url)
    assert (again.url, again.key, again.kind) == (read.url, read.key, read.kind)
    assert read.url.startswith("https://")


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("m.facebook.com/groups/TuHao/permalink/456/?ref=share", f"{FB}/groups/tuhao/posts/456/"),
        (f"{FB}/story.php?id=111&story_fbid=456&fbclid=x", f"{FB}/permalink.php?story_fbid=456&id=111"),
        (f"{FB}/photo.php?fbid=456&set=a.1&type=3", f"{FB}/photo/?fbid=456"),
        (f"{FB}/photo/?set=pcb.999&fbid=456", f"{FB}/photo/?fbid=456&set=pcb.999"),
        (f"https://www.youtube.com/shorts/{VIDEO}?si=x", f"https://www.youtube.com/watch?v={VIDEO}"),
        ("https://m.tiktok.com/v/731.html", "https://www.tiktok.com/@/video/731"),
        ("https://vm.tiktok.com/ZMabc?x=1", "https://vm.tiktok.com/ZMabc/"),
        ("facebook.com/dqtv", "https://facebook.com/dqtv"),
        (" https://Longan.gov.vn/Bai?x=1 ", "https://longan.gov.vn/Bai?x=1"),
        ("xin chào", "xin chào"),
    ],
)
def test_the_canonical_link_holds_the_ids_and_nothing_else(link: str, url: str) -> None:
    assert canonical(link) == url


@pytest.mark.parametrize(
    ("link", "aliases", "group"),
    [
        (f"{FB}/photo/?fbid=456&set=pcb.999", ("fb:999",), None),
        (f"{FB}/dqtv/photos/pcb.999/456", ("fb:999",), None),
        (f"{FB}/dqtv/videos/pcb.999/456", ("fb:999",), None),
        (f"{FB}/photo/?fbid=456&set=gm.999", ("fb:999",), None),
        (f"{FB}/photo/?fbid=456&set=g.123", (), "123"),
        (f"{FB}/photo/?fbid=456&set=a.123", (), None),
        (f"{FB}/groups/123/posts/456?share_url={FB}/share/p/1AbcD2/", ("fbs:1AbcD2",), "123"),
        (f"{FB}/dqtv/posts/456?share_url=https%3A%2F%2Ffacebook.com%2Fshare%2Fv%2F1AbcD2%2F", ("fbs:1AbcD2",), None),
        (f"{FB}/dqtv/posts/456?share_url=https%3A%2F%2Fevil.com%2Fshare%2Fv%2F1AbcD2%2F", (), None),
        (f"{FB}/share/p/1AbcD2/?share_url={FB}/share/p/1AbcD2/", (), None),
    ],
)  # fmt: skip
def test_other_keys_and_the_group_are_kept(link: str, aliases: tuple[str, ...], group: str | None) -> None:
    read = read_link(link)
    assert (read.aliases, read.group) == (aliases, group)


def _wrapped(link: str, times: int) -> str:
    for _ in range(times):
        link = f"https://l.facebook.com/l.php?u={quote(link, safe='')}"
    return link


def test_three_wrappers_are_peeled_and_a_fourth_is_too_many() -> None:
    link = f"{FB}/dqtv/posts/456"
    assert [read_link(_wrapped(link, n)).key for n in (1, 2, 3, 4)] == ["fb:456", "fb:456", "fb:456", None]
    too_deep = _wrapped(link, 4)
    assert canonical(too_deep) == too_deep


def test_one_post_has_one_key_whatever_its_link() -> None:
    links = [
        f"{FB}/Nintendo/posts/2257188721032235",
        "https://m.facebook.com/story.php?story_fbid=2257188721032235&id=119240841493711",
        f"{FB}/watch/?v=2257188721032235",
        f"{FB}/reel/2257188721032235",
        f"{FB}/119240841493711_2257188721032235",
    ]
    assert {read_link(link).key for link in links} == {"fb:2257188721032235"}
