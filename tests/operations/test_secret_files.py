"""Secrets out of files, as systemd and container runtimes hand them over."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings, StartError, is_secret

SECRETS = [name for name, field in Settings.model_fields.items() if is_secret(name, field)]
VALUES = {"facebook_page_tokens": "123=abc", "heartbeat_url": "https://watch.example.org/x"}


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name}_FILE".upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_every_secret_is_known() -> None:
    words = ("token", "secret", "key", "url", "password")
    public = ("telegram_webhook_url", "zalo_webhook_url", "public_url")
    assert [name for name in Settings.model_fields if any(w in name for w in words) and name not in public] == SECRETS


@pytest.mark.parametrize("name", SECRETS)
def test_each_may_stand_in_a_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    value = VALUES.get(name, "a-long-secret")
    (tmp_path / "secret").write_text(f"{value}\n")
    monkeypatch.setenv(f"{name}_FILE".upper(), str(tmp_path / "secret"))
    found = getattr(Settings(_env_file=None), name)
    assert (found.get_secret_value() if isinstance(found, SecretStr) else found) == value


def test_the_file_may_be_named_in_env_too_and_the_environment_goes_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text("from the file")
    (tmp_path / ".env").write_text("YOUTUBE_API_KEY_FILE=secret\nZALO_BOT_TOKEN=from .env\n")
    assert _read("youtube_api_key") == "from the file"
    monkeypatch.setenv("YOUTUBE_API_KEY", "from the environment")
    monkeypatch.setenv("ZALO_BOT_TOKEN_FILE", "secret")
    assert (_read("youtube_api_key"), _read("zalo_bot_token")) == ("from the environment", "from the file")


def test_what_is_no_secret_is_not_read_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "zone").write_text("Europe/Berlin")
    monkeypatch.setenv("TIME_ZONE_FILE", str(tmp_path / "zone"))
    assert Settings(_env_file=None).time_zone == "Asia/Ho_Chi_Minh"


@pytest.mark.parametrize(
    ("content", "also", "said"),
    [(None, "", "cannot be read"), (b"", "", "is empty"), (b"\xff\xfe", "", "cannot be read"), (b"x", "y", "both")],
)
def test_a_file_that_is_of_no_use_is_said_plainly_and_without_the_secret(
    content: bytes | None, also: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", also)
    with pytest.raises(StartError, match=said) as failed:
        Settings(_env_file=None)
    assert "TELEGRAM_BOT_TOKEN" in str(failed.value)


def _read(name: str) -> str:
    value: SecretStr = getattr(Settings(), name)
    return value.get_secret_value()
