"""Whatever comes from Zalo's side, nothing is thrown out of the channel, and no good update is lost."""

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import OurFault, SendError
from bot.channels.zalo import ZaloChannel
from bot.channels.zalo_errors import result_of
from bot.channels.zalo_reading import ATTACHMENTS, LONGEST_ID, keep, read
from bot.messages import RawUpdate
from bot.webhook import LARGEST_BODY, build_app

JSON = dict[str, Any]
HOA = "6ede9afa66b88fe6d6a9"
SECRET = "s3cret-of-the-door"  # noqa: S105 -- opens nothing but this test's own door
CHANNEL = ZaloChannel("1:x", "http://127.0.0.1:1")

# With halves of letters, which are valid in JSON and in no database.
TEXT = st.text(st.characters(codec=None), max_size=30)
PLAIN = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30)
FIELDS = (
    *("event_name", "message", "from", "chat", "id", "message_id", "text", "caption", "photo", "photo_url"),
    *("is_bot", "chat_type", "result", "ok", "date", "error_code", "description"),
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.sampled_from([*ATTACHMENTS, "x" * 9999])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS) | TEXT, inner, max_size=5),
    max_leaves=12,
)
MESSAGES = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=8)
UPDATES = st.fixed_dictionaries({"event_name": st.sampled_from([*ATTACHMENTS]) | VALUES, "message": MESSAGES | VALUES})
WRAPPED = st.fixed_dictionaries({"ok": VALUES, "result": UPDATES | VALUES})
ANYTHING = st.one_of(VALUES, UPDATES, WRAPPED, st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=5))


def accepted(body: bytes) -> RawUpdate | None:
    """What became of a call; the only refusal is a ValueError."""
    try:
        return CHANNEL.accept(body)
    except ValueError:
        return None


def check_that_it_can_be_kept(raw: RawUpdate) -> None:
    for part in (raw.id, raw.chat, raw.payload):
        assert "\0" not in part
        assert part.encode().decode() == part
    assert len(raw.id) <= 2 * LONGEST_ID + 1
    assert len(raw.chat) <= LONGEST_ID


def check_that_it_is_read_or_refused(raw: RawUpdate) -> None:
    try:
        said = read(raw, ("Bot Sổ Tin",))
    except ValueError:
        return
    for part in (said.text, said.sender, said.address.chat, said.picture or "") if said else ():
        assert "\0" not in part
        assert part.encode().decode() == part


@given(ANYTHING)
def test_any_body_is_kept_or_refused(data: object) -> None:
    raw = accepted(json.dumps(data).encode())
    if raw is not None:
        check_that_it_can_be_kept(raw)
        check_that_it_is_read_or_refused(raw)


@given(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=5) | UPDATES)
def test_any_update_of_a_poll_is_kept(update: JSON) -> None:
    raw = keep(update)
    check_that_it_can_be_kept(raw)
    check_that_it_is_read_or_refused(raw)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_kept_or_refused(body: bytes) -> None:
    accepted(body)


@given(MESSAGES, VALUES, PLAIN, st.sampled_from([*ATTACHMENTS]), st.booleans())
def test_a_good_update_is_kept_and_read_whatever_else_is_in_it(
    more: JSON, beside: object, text: str, event: str, wrapped: bool
) -> None:
    needed = {
        "from": {"id": HOA, "is_bot": False, "of_tomorrow": beside},
        "chat": {"id": HOA, "chat_type": "PRIVATE", "of_tomorrow": beside},
        "message_id": "2d758cb5e222177a4e35",
        "text": text,
        "caption": "",
        "photo": "",
        "photo_url": "",
    }
    update = {"event_name": event, "message": more | needed, "of_tomorrow": beside}
    raw = accepted(json.dumps({"ok": True, "result": update} if wrapped else update).encode())
    assert raw is not None
    assert (raw.id, raw.chat) == (f"{event} 2d758cb5e222177a4e35", HOA)
    said = read(raw, ())
    assert said is not None
    assert (said.text, said.sender) == (text.strip(), HOA)


@given(st.integers(100, 599), ANYTHING)
def test_any_answer_is_a_result_or_says_what_to_do_next(status: int, data: object) -> None:
    with suppress(SendError):
        result = result_of(status, json.dumps(data).encode(), "1:x")
        assert isinstance(data, dict)
        assert data["ok"] is True
        if isinstance(result, dict):
            check_that_it_can_be_kept(keep(result))


def update(text: str, **fields: Any) -> JSON:
    sender, chat = {"id": HOA}, {"id": HOA, "chat_type": "PRIVATE"}
    message = {"from": sender, "chat": chat, "message_id": "2d75", "text": text, **fields}
    return {"event_name": "message.text.received", "message": message}


@pytest.mark.parametrize("text", ["nửa chữ \ud83d", "trống \0 rỗng"])
def test_what_no_database_keeps_is_read_as_a_sign_for_it(text: str) -> None:
    raw = accepted(json.dumps(update(text)).encode())
    assert raw is not None
    check_that_it_can_be_kept(raw)
    said = read(raw, ())
    assert said is not None
    assert said.text == text.replace("\ud83d", "�").replace("\0", "�")


def test_an_id_that_is_too_long_to_be_looked_up_is_not_taken_for_one() -> None:
    raw = accepted(json.dumps(update("x", message_id="9" * 10_000)).encode())
    assert raw is not None
    check_that_it_can_be_kept(raw)
    assert raw == accepted(json.dumps(update("x", message_id="9" * 10_000)).encode())


@pytest.fixture
async def door() -> AsyncIterator[tuple[httpx.AsyncClient, list[RawUpdate]]]:
    kept: list[RawUpdate] = []

    async def keep_all(updates: list[RawUpdate]) -> None:
        kept.extend(updates)

    app = build_app(CHANNEL, "/zalo", SECRET, keep_all)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client:
        yield client, kept


DEEP = 200_000
BODIES = [
    pytest.param(b"[" * DEEP, 400, id="nested"),
    pytest.param(b'{"event_name":"x","message":' + b"[" * DEEP + b"]" * DEEP + b"}", 400, id="nested and closed"),
    pytest.param(b'{"event_name":"x","message":' + b"9" * 5000 + b"}", 400, id="a number of 5,000 digits"),
    pytest.param(b" " * (LARGEST_BODY + 1), 413, id="huge"),
    pytest.param(json.dumps(update("x" * 500_000)).encode(), 200, id="long"),
    pytest.param(json.dumps({"ok": True, "result": update("x")}).encode("utf-16"), 200, id="wide"),
]


@pytest.mark.parametrize(("body", "status"), BODIES)
async def test_a_hostile_call_is_answered(
    door: tuple[httpx.AsyncClient, list[RawUpdate]], body: bytes, status: int
) -> None:
    client, kept = door
    answer = await client.post("/zalo", content=body, headers={"X-Bot-Api-Secret-Token": SECRET})
    assert (answer.status_code, len(kept)) == (status, status == 200)


@pytest.mark.parametrize("secret", ["", SECRET[:-1], f"{SECRET} x", "é", "\x7f" * 9000])
async def test_a_hostile_secret_is_refused(door: tuple[httpx.AsyncClient, list[RawUpdate]], secret: str) -> None:
    client, kept = door
    header = {"X-Bot-Api-Secret-Token": secret.encode()}
    answer = await client.post("/zalo", json=update("x"), headers=header)  # type: ignore[arg-type]  # bytes as they are
    assert (answer.status_code, kept) == (403, [])


@pytest.mark.parametrize(
    "address",
    [
        "https://[",
        "https://zdn.vn.evil.example/a",
        "http://a.zdn.vn/a",
        "https://a.zdn.vn:22/a",
        "https://u@127.0.0.1/a",
    ],
)
async def test_a_picture_anywhere_else_is_never_asked_for(address: str) -> None:
    with pytest.raises(OurFault, match="does not lie with Zalo"):
        await CHANNEL.download(address, 10)
