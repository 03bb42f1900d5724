"""Links in what people write."""

import pytest

from bot.domain.links import find_links


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("", []),
        ("không có link nào. v.v./", []),
        ("Bài đây:https://fb.watch/aB3/.", ["https://fb.watch/aB3/"]),
        ("đâyhttps://fb.watch/aB3/!", ["https://fb.watch/aB3/"]),
        ("xem ởfacebook.com/dqtv/posts/456", ["facebook.com/dqtv/posts/456"]),
        ("(fb.watch/aB3)", ["fb.watch/aB3"]),
        ("“https://youtu.be/dQw4w9WgXcQ”", ["https://youtu.be/dQw4w9WgXcQ"]),
        ("<https://youtu.be/dQw4w9WgXc_>", ["https://youtu.be/dQw4w9WgXc_"]),
        ("[bài](https://fb.watch/aB3), nhé", ["https://fb.watch/aB3"]),
        ("https://fb.watch/aB3👉xem", ["https://fb.watch/aB3"]),
        ("https://fb.watch/aB3\u200b", ["https://fb.watch/aB3"]),
        ("fb.watch/b fb.watch/a\nfb.watch/b", ["fb.watch/b", "fb.watch/a"]),
        ("https://fb.watch/a,https://fb.watch/b", ["https://fb.watch/a", "https://fb.watch/b"]),
        ("https://fb.watch/ahttps://fb.watch/b", ["https://fb.watch/a", "https://fb.watch/b"]),
        ("https://fb.watch/a/https://fb.watch/b", ["https://fb.watch/a/", "https://fb.watch/b"]),
        ("https://https://fb.watch/a", ["https://fb.watch/a"]),
        ("--fb.watch/a", ["fb.watch/a"]),
        ("l.facebook.com/l.php?u=https://fb.watch/a", ["l.facebook.com/l.php?u=https://fb.watch/a"]),
        ("- M.Facebook.com/dqtv/posts/4?a=1&amp;b=2…", ["M.Facebook.com/dqtv/posts/4?a=1&amp;b=2"]),
        ("-fb.watch/aB3", ["fb.watch/aB3"]),
        ("https://longan.gov.vn/bai", ["https://longan.gov.vn/bai"]),
        ("https://evil.com/facebook.com/dqtv/posts/4", ["https://evil.com/facebook.com/dqtv/posts/4"]),
        ("evil.com/facebook.com/dqtv/posts/4", []),
        ("alice@facebook.com/x notfacebook.com/x my-facebook.com/x", []),
        ("facebook.com.evil.com/dqtv/posts/4", []),
        ("раfacebook.com/x và рfacebook.com/x", []),
        ("đăng lên facebook.com.", []),
        ("đăng lên (facebook.com/)…", []),
        ("https://...", []),
        ("https://fb.watch/a\u00a0và", ["https://fb.watch/a"]),
        ("HTTPS://fb.watch/a", ["HTTPS://fb.watch/a"]),
        ("Hai bài: fb.watch/a; youtu.be/b?t=1.", ["fb.watch/a", "youtu.be/b?t=1"]),
    ],
)
def test_links_are_found_in_text(text: str, links: list[str]) -> None:
    assert [*find_links(text)] == links
