"""Which addresses may be asked for, and who the sites are told is asking."""

import pytest

from bot.posts.base import NotThere
from bot.posts.fetching import permitted, user_agent

HOSTS = {"www.facebook.com"}


@pytest.mark.parametrize(
    "url",
    [
        "https://www.facebook.com/x",
        "https://WWW.Facebook.com/x?a=1",
        "https://www.facebook.com:443/x",
        "https://www.facebook.com./x#part",
    ],
)
def test_https_to_a_known_host_is_permitted(url: str) -> None:
    asked = permitted(url, HOSTS)
    assert (asked.scheme, asked.host, asked.port) == (b"https", b"www.facebook.com", None)
    assert b"#" not in asked.target


@pytest.mark.parametrize(
    "url",
    [
        "http://www.facebook.com/x",
        "https://www.facebook.com:8443/x",
        "https://www.facebook.com:80/x",
        "https://user@www.facebook.com/x",
        "https://www.facebook.com@evil.example/x",
        "https://evil.example/www.facebook.com",
        "https://www.facebook.com.evil.example/x",
        "https://www.faceb\u043e\u043ek.com/x",
        "https://127.0.0.1/x",
        "https://2130706433/x",
        "https://[::1]/x",
        "https://www.facebook.com\\@evil.example/x",
        "https://www.facebook.com",
        "https://www.facebook.com/a b",
        "https://www.facebook.com/a\r\nX-Evil: 1",
        " https://www.facebook.com/x",
        "file:///etc/passwd",
        "ftp://www.facebook.com/x",
        "",
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(NotThere):
        permitted(url, HOSTS)


@pytest.mark.parametrize("contact", ["", "a\r\nb", "a) evil", "địa chỉ", " "])
def test_who_asks_has_to_say_whom_to_write_to(contact: str) -> None:
    with pytest.raises(ValueError, match="contact"):
        user_agent("0.1.0", contact)


def test_who_asks_names_program_version_and_contact() -> None:
    assert user_agent("0.1.0", "tin@longan.example") == "SoTin/0.1.0 (+tin@longan.example)"
