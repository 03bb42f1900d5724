"""Which links are those of an official page, group or channel."""

import pytest

from bot.domain.page_links import PageLink, read_page

PAGES = [
    ("https://www.facebook.com/TuHaoBinhPhuoc/photos?ref=x", "facebook:page:tuhaobinhphuoc", "page"),
    ("m.facebook.com/tuhaobinhphuoc", "facebook:page:tuhaobinhphuoc", "page"),
    ("https://www.facebook.com/pages/Tu-hao/12345678901", "facebook:page:12345678901", "page"),
    ("https://www.facebook.com/p/Xa-Tan-Phu-61551234567890/", "facebook:page:61551234567890", "page"),
    ("fb.com/groups/BinhPhuocXinChao/members", "facebook:group:binhphuocxinchao", "group"),
    ("https://www.tiktok.com/@Quandoan.bt?lang=vi", "tiktok:quandoan.bt", "channel"),
    ("https://www.youtube.com/@QuanDoan/videos", "youtube:@quandoan", "channel"),
    ("https://youtube.com/channel/UCabcXYZ", "youtube:channel/UCabcXYZ", "channel"),
    ("https://www.youtube.com/c/QuanDoan", "youtube:c/quandoan", "channel"),
    ("https://zalo.me/1234567890123456", "zalo:1234567890123456", "channel"),
    ("https://zalo.me/g/abcdef123", "zalo:group:abcdef123", "group"),
]
REFUSED = [
    ("Trang của xã", "no_link"),
    ("fb.com/a.b fb.com/c.d", "several"),
    ("https://example.org/trang", "site"),
    ("https://www.facebook.com/profile.php?id=100012345678", "private"),
    ("https://www.facebook.com/people/Nguyen-Van-A/100012345678/", "private"),
    ("https://www.facebook.com/me", "private"),
    ("https://zalo.me/0912345678", "private"),
    ("https://www.facebook.com/share/1AbCdEf/", "short"),
    ("https://www.facebook.com/share/g/AbCdEf/", "short"),
    ("https://vm.tiktok.com/ZMabc/", "short"),
    ("https://www.facebook.com/tuhaobinhphuoc/posts/123456", "post"),
    ("https://www.tiktok.com/@quandoan/video/7123456789", "post"),
    ("https://www.facebook.com/hashtag/x", "other"),
    ("https://www.youtube.com/results?search_query=x", "other"),
]


@pytest.mark.parametrize(("link", "key", "kind"), PAGES)
def test_a_page_is_known_by_its_address(link: str, key: str, kind: str) -> None:
    page = read_page(f"Trang của xã: {link}")
    assert isinstance(page, PageLink)
    assert (page.key, page.kind) == (key, kind)


@pytest.mark.parametrize("link", [link for link, _, _ in PAGES])
def test_the_address_that_is_kept_leads_to_the_same_page(link: str) -> None:
    page = read_page(link)
    assert isinstance(page, PageLink)
    assert read_page(page.url) == page


@pytest.mark.parametrize(("typed", "fault"), REFUSED)
def test_what_is_no_official_page_is_refused_with_the_reason(typed: str, fault: str) -> None:
    assert read_page(typed) == fault


def test_only_a_facebook_name_may_also_be_that_of_a_person() -> None:
    read = [read_page(link) for link, _, _ in PAGES]
    assert {page.key.split(":")[0] + page.kind for page in read if isinstance(page, PageLink) and page.unsure} == {
        "facebookpage"
    }
