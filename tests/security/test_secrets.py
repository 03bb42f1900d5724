"""Nothing that opens anything lies in the tree, and the settings show no secret by accident."""

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import SecretStr

from bot.buttons import MOST_BYTES, SIGNATURE_LENGTH, Tap, wire
from bot.messages import Address
from bot.settings import Settings
from bot.storage.downloads import TOKEN_BYTES
from tests.test_buttons import ROOT

SECRETS = re.compile(
    rb"\b\d{8,10}:[A-Za-z0-9_-]{35}\b"  # a bot's token
    rb"|\bAIza[0-9A-Za-z_-]{35}\b|\bEAA[0-9A-Za-z]{30,}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bAKIA[0-9A-Z]{16}\b"
    rb"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    rb"|://[^/\s:@{}<>\"']+:(?!password|secret|x@|\{)[^/\s:@{}<>\"']{8,}@"  # a password in an address
)
SECRET_NAMES = re.compile("token|secret|key|password")
OPEN = {"facebook_page_tokens": "123=geheim-1", "zalo_webhook_secret": "geheim-22"}


def files() -> Iterator[Path]:
    """What goes out with the project."""
    for path in ROOT.iterdir():
        if path.is_file() and path.name != ".env":
            yield path
        elif (
            path.is_dir()
            and (not path.name.startswith(".") or path.name == ".ci")
            and path.name not in ("data", "dist")
        ):
            inside = (each for each in path.rglob("*") if each.is_file() and each.suffix != ".pyc")
            yield from (each for each in inside if ".venv" not in each.parts)  # others' programs, for the benchmarks


def test_no_file_holds_a_secret() -> None:
    found = {path: match for path in files() if (match := SECRETS.search(path.read_bytes()))}
    assert found == {}


def test_the_file_of_settings_that_people_fill_in_never_goes_out() -> None:
    assert ".env" in (ROOT / ".gitignore").read_text("utf-8").split()
    example = (ROOT / ".env.example").read_text("utf-8")
    given = {name: value for name, value in re.findall(r"^#?([A-Z_]+)=(.*)$", example, re.MULTILINE) if value}
    assert not [name for name in given if SECRET_NAMES.search(name.lower())]


def test_every_secret_of_the_settings_hides_itself() -> None:
    secret = [name for name in Settings.model_fields if SECRET_NAMES.search(name)]
    assert len(secret) >= 6
    for name in secret:
        assert SecretStr in getattr(Settings.model_fields[name].annotation, "__args__", ()), name
        shown = repr(Settings(_env_file=None, **{name: OPEN.get(name, "geheim-333")}))  # type: ignore[arg-type]  # they are made of text
        assert "geheim" not in shown


def test_a_password_in_the_address_of_the_ledger_is_not_shown() -> None:
    assert "geheim" not in repr(Settings(_env_file=None, database_url="postgresql://sotin:geheim@host/db"))


def test_what_opens_something_cannot_be_guessed() -> None:
    assert TOKEN_BYTES * 8 >= 128
    assert SIGNATURE_LENGTH * 6 >= 64
    assert (
        len((wire(Tap("help.show", "help.show"), Address("telegram", "1"), "vi", b"k").data or "").encode())
        < MOST_BYTES
    )
