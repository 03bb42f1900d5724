"""Which sources an installation gets for what it switches on."""

import subprocess
import sys
from typing import Any

import pytest

from bot.domain.links import read_link
from bot.posts import open_sources
from tests.posts.internet import Internet

CONTACT = "tin@longan.example"


def test_nothing_is_on_by_itself() -> None:
    assert open_sources(version="0.1.0") == ()


def test_a_bot_that_reads_no_posts_does_not_load_what_reads_them() -> None:
    asked = "import sys, bot.posts; bot.posts.open_sources(version='1'); print({'httpcore', 'ssl'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)  # noqa: S603 -- our own words
    assert ran.stdout == "set()\n"


async def test_all_that_is_switched_on_comes_the_most_reliable_first(internet: Internet) -> None:
    sources = open_sources(
        version="0.1.0",
        contact=CONTACT,
        page_tokens={"1000": "EAA"},
        youtube_key="AIza",
        tiktok=True,
        short_links=True,
        open_graph=True,
        fetcher=internet.fetcher(),
    )
    assert [(source.name, source.evidence) for source in sources] == [
        ("facebook_page", "confirmed_api"),
        ("youtube", "confirmed_api"),
        ("tiktok", "confirmed_api"),
        ("short_links", "resolved"),
        ("open_graph", "confirmed_public"),
    ]
    for source in sources:
        await source.close()


async def test_names_of_a_page_ignore_case(internet: Internet) -> None:
    [pages] = open_sources(
        version="0.1.0",
        contact=CONTACT,
        page_tokens={"1000": "EAA"},
        page_names={"1000": ["LongAn"]},
        fetcher=internet.fetcher(),
    )
    assert pages.reads(read_link("https://www.facebook.com/LONGAN/posts/77"))


async def test_without_a_test_the_real_network_is_opened() -> None:
    [source] = open_sources(version="0.1.0", contact=CONTACT, tiktok=True)
    await source.close()
    await source.close()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"tiktok": True, "contact": ""}, "contact"),
        ({"page_tokens": {"longan": "EAA"}}, "number"),
        ({"page_tokens": {"1000": "Secret\nEAA"}}, "token"),
        ({"page_tokens": {"1000": ""}}, "token"),
        ({"youtube_key": "Secret AIza"}, "key"),
    ],
)
def test_what_cannot_be_right_is_refused_at_the_start(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words) as error:
        open_sources(**{"version": "0.1.0", "contact": CONTACT, **settings})
    assert "Secret" not in str(error.value)
