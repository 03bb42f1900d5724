"""At the most talkative level, with handlers and sends that fail: no name, number, code, word or token gets anywhere
but into the ledger's own columns."""

import contextlib
import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs
from telegram.error import BadRequest

from bot import logs
from bot.channels.base import SendError
from bot.channels.telegram_errors import explain
from bot.channels.zalo_errors import result_of
from bot.sandbox.faults import Fault, FaultKind, Faults
from bot.storage.models import InboxRow, Membership, OutboxRow, Post, PostReading
from tests.cast import TAG, TOKEN, Stage
from tests.databases import Sqlite
from tests.test_logs import quiet_again
from tests.zalo_cast import STAGES, ZALO_TOKEN, ZaloStage

NAME, FACEBOOK, PHONE = "Trần Thị Dấu Riêng", "Dấu Riêng Phây", "0987001234"
POST = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/99887766"
WORDS = "câu chữ riêng tư"
CODE = "MA-RIENG-4711"
SECRETS = (
    NAME,
    "Dấu Riêng",
    FACEBOOK,
    PHONE,
    PHONE[1:],
    "99887766",
    WORDS,
    CODE,
    TOKEN,
    TOKEN.partition(":")[2] + "/",
    ZALO_TOKEN,
    ZALO_TOKEN.partition(":")[2] + "/",
    TAG,
)

_ = quiet_again  # a fixture
pytestmark = pytest.mark.usefixtures("quiet_again", "capsys")  # the logs go to the stderr of the test


class Broken(Exception):
    """An error that quotes all it knows."""


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What goes to structlog, with the logs set up as `sotin run` does; the libraries write to stderr."""
    monkeypatch.setattr("structlog.configure", lambda **_: None)
    logs.set_up("DEBUG")
    with capture_logs(processors=[merge_contextvars]) as lines:
        yield lines


@pytest.fixture(params=STAGES)
async def talked(request: pytest.FixtureRequest, sqlite: Sqlite) -> AsyncIterator[Stage]:
    """A stage of either messenger on which private things are said."""
    async with STAGES[request.param](sqlite.fresh("staged")) as stage:
        yield stage


def faults_of(stage: Stage) -> Faults:
    """Where the messenger on this stage is made to fail."""
    return stage.zalo.faults if isinstance(stage, ZaloStage) else stage.world.faults


async def speak(stage: Stage) -> None:
    """A registration, a claim, a hand-in, a search, an invitation, forged presses, a file."""
    await stage.register(stage.charlie, NAME)
    await stage.bob.presses("Duyệt")
    await stage.charlie.says(f"{POST}\n{WORDS} {TAG}")
    await stage.charlie.says(f"/ketnoi {CODE}")
    await stage.charlie.says(f"/start {CODE}")
    await stage.charlie.says(f"/vanhanh {CODE}")
    await stage.bob.says(f"/thanhvien {NAME}")
    await stage.bob.says("/moi")
    await stage.bob.forges(f"1|{WORDS}|{CODE}")
    await stage.bob.says("/nhap")
    await stage.bob.sends_file(f"{NAME}.csv", f"HỌ VÀ TÊN,SỐ ĐIỆN THOẠI\n{NAME},{PHONE}\n".encode(), WORDS)


def notes(session: Session) -> str:
    """Whatever the ledger keeps about errors."""
    columns = (InboxRow.error, OutboxRow.error, PostReading.reason)
    return " ".join(str(each) for column in columns for each in session.scalars(select(column)) if each)


def found_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret.casefold() in text.casefold()]


async def test_no_log_holds_what_was_said(talked: Stage, said: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    await speak(talked)
    text = json.dumps(said, ensure_ascii=False, default=str) + capsys.readouterr().err
    assert "update handled" in text
    assert found_in(text) == []
    assert WORDS in await talked.ask(lambda session: session.scalars(select(Post.text)).one() or "")


async def test_handlers_that_fail_quote_nothing(
    talked: Stage, said: list[Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object, session: Session, raw: Any, __: object) -> None:
        session.add(Membership(full_name=NAME, kind=WORDS, phone=PHONE, unit_id=-1, created_at=None))
        with contextlib.suppress(KeyError):
            raise Broken(f"{NAME} {PHONE} {raw.payload} {TOKEN} {ZALO_TOKEN}")
        session.flush()

    monkeypatch.setattr("bot.routing.Routes.handle", fail)
    await talked.alice.says(f"{NAME} {PHONE} {WORDS}")
    for _ in range(5):
        await talked.later(seconds=40)
    text = json.dumps(said, ensure_ascii=False, default=str) + capsys.readouterr().err
    assert "update given up" in text
    assert found_in(text) == []
    assert found_in(await talked.ask(notes)) == []


@pytest.mark.parametrize(
    "kind", [FaultKind.GARBAGE, FaultKind.SERVER_ERROR, FaultKind.FORBIDDEN, FaultKind.DROP_BEFORE]
)
async def test_sends_that_fail_quote_nothing(
    talked: Stage, said: list[Any], capsys: pytest.CaptureFixture[str], kind: FaultKind
) -> None:
    faults_of(talked).add(
        Fault(kind, times=20, method="sendMessage", body=f"{NAME} {PHONE} {WORDS} {TOKEN} {ZALO_TOKEN}")
    )
    await talked.alice.says(f"/thanhvien {NAME} {WORDS}")
    await talked.later(minutes=10)
    text = json.dumps(said, ensure_ascii=False, default=str) + capsys.readouterr().err
    assert found_in(text) == []
    assert found_in(await talked.ask(notes)) == []


@pytest.mark.parametrize(
    "description",
    [
        f'Bad Request: can\'t parse entities: Unsupported start tag "{NAME}" at byte offset 12',
        f"Bad Request: inline keyboard button URL '{POST}' is invalid: Wrong HTTP URL",
        f"Bad Request: failed to get HTTP URL content: {POST}?{PHONE}",
        f"field “{WORDS}” is too long",
    ],
    ids=["a tag", "a button", "an address", "a field"],
)
def test_a_messenger_that_quotes_the_message_is_not_quoted(description: str) -> None:
    reasons = [explain(BadRequest(description)).reason]
    with pytest.raises(SendError) as refused:
        result_of(400, json.dumps({"ok": False, "error_code": 400, "description": description}).encode(), TOKEN)
    reasons += [refused.value.reason, str(refused.value)]
    assert [found_in(reason) for reason in reasons] == [[], [], []]
    assert all(re.search("parse entities|keyboard button|url content|too long", reason.lower()) for reason in reasons)
