"""Zalo's updates and what they mean to us, in both shapes of a webhook's body."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from bot.channels.zalo import ZaloChannel
from bot.channels.zalo_reading import keep, read
from bot.messages import Address, Attachment, Incoming, RawUpdate

JSON = dict[str, Any]
HOA = "6ede9afa66b88fe6d6a9"
GROUP = "zgr-0a1b2c3d4e5f60718293"
PHOTO = "https://photo-stal-1.zdn.vn/abc.jpg"
NAMES = ("Bot Sổ", "Bot Sổ Tin", "bot.VDKyGxQvc")


def update(event: str = "text", *, chat: str = HOA, bot: bool = False, **fields: Any) -> JSON:
    message: JSON = {
        "from": {"id": HOA, "display_name": "Hoa", "is_bot": bot},
        "chat": {"id": chat, "chat_type": "GROUP" if chat.startswith("zgr-") else "PRIVATE"},
        "message_id": "2d758cb5e222177a4e35",
        "date": 1750316131602,
        **fields,
    }
    return {"event_name": f"message.{event}.received", "message": message}


def said(text: str = "", *, chat: str = HOA, **fields: Any) -> Incoming:
    return Incoming(Address("zalo", chat), chat == HOA, HOA, text=text, message="2d758cb5e222177a4e35", **fields)


PICTURE = {"attachment": Attachment.PHOTO, "picture": PHOTO}
OTHER, HIDDEN = {"attachment": Attachment.OTHER}, {"attachment": Attachment.HIDDEN}
TABLE = [
    pytest.param(update(text="Xin chào"), said("Xin chào"), id="text"),
    pytest.param(update(text="/start ABC"), said("/start ABC"), id="a command"),
    pytest.param(update("image", photo_url=PHOTO, message_type="CHAT_PHOTO"), said(**PICTURE), id="a picture as it is"),
    pytest.param(update("image", photo=PHOTO, caption="x"), said("x", **PICTURE), id="a picture as documented"),
    pytest.param(update("image", photo_url="file:///etc/passwd"), said(attachment=Attachment.PHOTO), id="no address"),
    pytest.param(update("sticker", sticker="0e07", url=PHOTO), said(**OTHER), id="a sticker"),
    pytest.param(update("voice", voice_url="https://x.zdn.vn/a.aac"), said(**OTHER), id="a voice"),
    pytest.param(update("unsupported"), said(**HIDDEN), id="a file, a card or a preview"),
    pytest.param(update("hologram", beam=[1]), None, id="an event of tomorrow"),
    pytest.param(update(text="x", bot=True), None, id="said by a bot"),
    pytest.param(update(chat=GROUP, text="@Bot Sổ Tin  giúp"), said("giúp", chat=GROUP), id="said to us in a group"),
    pytest.param(update(chat=GROUP, text="@bot.VDKyGxQvc x"), said("x", chat=GROUP), id="by the account's name"),
    pytest.param(update(chat=GROUP, text="@Lan x"), said("@Lan x", chat=GROUP), id="said to another in a group"),
    pytest.param(
        update("image", chat=GROUP, photo_url=PHOTO, caption="@Bot Sổ x"),
        said("x", chat=GROUP, **PICTURE),
        id="a picture in a group",
    ),
]


def channel() -> ZaloChannel:
    return ZaloChannel("1:x", "http://127.0.0.1:1")


def accepted(data: object) -> RawUpdate | None:
    return channel().accept(json.dumps(data).encode())


@pytest.mark.parametrize(("data", "meaning"), TABLE)
def test_an_update_means_the_same_bare_and_wrapped(data: JSON, meaning: Incoming | None) -> None:
    bare, wrapped = accepted(data), accepted({"ok": True, "result": data})
    assert bare is not None
    assert bare == wrapped
    assert read(bare, NAMES) == meaning


@pytest.mark.parametrize(("data", "meaning"), TABLE)
def test_fields_nobody_knows_change_nothing(data: JSON, meaning: Incoming | None) -> None:
    message = {**data["message"], "of_tomorrow": {"a": [1, None, "x"]}}
    assert read(keep({**data, "message": message, "more": 1}), NAMES) == meaning


def test_an_update_is_kept_by_its_event_and_message_with_its_chat() -> None:
    raw = keep(update(chat=GROUP, text="x"))
    assert (raw.channel, raw.id, raw.chat) == ("zalo", "message.text.received 2d758cb5e222177a4e35", GROUP)


@pytest.mark.parametrize("body", [b"", b"  \r\n", b"{}", b'{"ok": true, "result": {}}'])
def test_an_empty_probe_is_no_update_and_no_error(body: bytes) -> None:
    assert channel().accept(body) is None


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'"x"', b"\xff", b'{"a": 1}', b'{"event_name": 5}'])
def test_what_is_not_an_update_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the class is the contract, the words are the parser's
        channel().accept(body)


MANGLED: list[JSON] = [
    {"event_name": "message.text.received"},
    {"event_name": "message.text.received", "message": 5},
    {"event_name": "message.text.received", "message": {"chat": 5, "text": "x"}},
    {"event_name": "message.text.received", "message": {"chat": {"id": None}, "message_id": ""}},
]


@pytest.mark.parametrize("data", MANGLED)
def test_an_update_that_cannot_be_understood_is_kept_all_the_same(data: JSON) -> None:
    raw = keep(data)
    assert (raw.chat, json.loads(raw.payload)) == ("", data)
    assert raw.id == keep(data).id != keep({**data, "other": 1}).id
    with pytest.raises(ValidationError):
        read(raw, NAMES)


def test_an_update_of_the_wrong_type_is_not_bent_to_fit() -> None:
    data = update(text="x")
    data["message"]["message_id"] = 7
    with pytest.raises(ValidationError):
        read(keep(data), NAMES)
