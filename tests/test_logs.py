"""Logs carry update id and chat, never a token, a name or a message's text."""

import json
import logging
from collections.abc import Iterator

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from bot import logs
from bot.logs import failure
from tests.cast import TAG, TOKEN, Stage

NAME = "Nguyễn Văn A"
GROUP = "https://www.facebook.com/groups/miendongtuhao/posts/424242"
TEXT = f"Ra quân huấn luyện năm mới {TAG}"


class Refused(Exception):
    """An error that quotes what it should not."""


def refuse(words: str) -> None:
    raise Refused(words)


def test_a_failure_is_its_class_and_its_place_without_its_words() -> None:
    with pytest.raises(Refused) as caught:
        refuse(f"{NAME} {TOKEN}")
    said = failure(caught.value)
    assert said.startswith(f"Refused at {__file__}:")
    assert NAME not in said
    assert TOKEN not in said


def test_a_failure_that_was_never_raised_has_no_place() -> None:
    assert failure(Refused(NAME)) == "Refused"


async def test_a_whole_dialogue_leaves_no_word_of_it_in_the_logs(stage: Stage) -> None:
    with capture_logs(processors=[merge_contextvars]) as lines:
        await stage.register(stage.charlie, NAME)
        await stage.bob.presses("Duyệt")
        await stage.charlie.says(f"{GROUP}\n{TEXT}")
        await stage.alice.says("không phải link")
        await stage.alice.forges("1|forged|x")
    assert {line["event"] for line in lines} >= {"update handled"}
    assert {line["chat"] for line in lines if "chat" in line} >= {str(stage.charlie.person.id)}
    assert all({"update", "chat", "channel"} <= set(line) for line in lines if line["event"] == "update handled")
    logged = json.dumps(lines, ensure_ascii=False, default=str)
    for word in (NAME, "Nguyễn", "Charlie", "424242", TAG, "huấn luyện", "không phải link", TOKEN):
        assert word not in logged


async def test_what_a_failing_handler_was_told_is_not_logged(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.routing.Routes.handle", lambda *_: refuse(TEXT))
    with capture_logs() as lines:
        await stage.alice.says(TEXT)
    assert lines[0]["error"].startswith("Refused at ")
    assert "huấn luyện" not in str(lines)


@pytest.fixture
def quiet_again() -> Iterator[None]:
    """Put the levels back as they were: they belong to the whole process."""
    names = ("", "httpx", "httpcore", "apscheduler", "alembic", "uvicorn", "telegram")
    levels = {name: logging.getLogger(name).level for name in names}
    handlers = list(logging.getLogger().handlers)
    yield
    logging.getLogger().handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.usefixtures("quiet_again")
def test_libraries_that_log_addresses_with_the_token_are_silenced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("structlog.configure", lambda **_: None)
    logs.set_up("DEBUG")
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    assert not logging.getLogger("telegram.ext").isEnabledFor(logging.ERROR)
