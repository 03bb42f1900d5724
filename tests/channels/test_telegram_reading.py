"""Telegram's updates, as JSON, and what they mean to us. Source of the shapes: Bot API, "Update"."""

import json
from typing import Any

import pytest

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_reading import read
from bot.messages import Address, Attachment, Document, Happening, Incoming, Press, RawUpdate

JSON = dict[str, Any]
ALICE: JSON = {"id": 2002, "is_bot": False, "first_name": "Alice"}
BOT: JSON = {"id": 1, "is_bot": True, "first_name": "Sổ Tin"}
PRIVATE: JSON = {"id": 2002, "type": "private", "first_name": "Alice"}
GROUP: JSON = {"id": -2005, "type": "group", "title": "Truyền thông"}
LINK = "https://www.facebook.com/groups/1/posts/2"
STICKER: JSON = {
    "file_id": "f",
    "file_unique_id": "u",
    "type": "regular",
    "width": 1,
    "height": 1,
    "is_animated": False,
    "is_video": False,
}
PHOTO: JSON = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
HERE, THERE = Address("telegram", "2002"), Address("telegram", "-2005")


def message(chat: JSON = PRIVATE, **fields: Any) -> JSON:
    return {"message_id": 7, "date": 1_800_000_000, "chat": chat, "from": ALICE, **fields}


def standing(chat: JSON, status: str) -> JSON:
    new: JSON = {"user": BOT, "status": status}
    if status == "kicked":
        new["until_date"] = 0
    old: JSON = {"user": BOT, "status": "member"}
    return {"chat": chat, "from": ALICE, "date": 1_800_000_000, "old_chat_member": old, "new_chat_member": new}


def entity(kind: str, offset: int, length: int, **fields: Any) -> JSON:
    return {"type": kind, "offset": offset, "length": length, **fields}


def said(text: str = "", **fields: Any) -> Incoming:
    return Incoming(HERE, True, "2002", text=text, message="7", **fields)


ORIGIN: JSON = {"type": "hidden_user", "date": 1_800_000_000, "sender_user_name": "Trang"}
PRESS: JSON = {"id": "55", "from": ALICE, "chat_instance": "1", "data": "1|tag.show|x"}
TABLE = [
    pytest.param("message", message(text="xin chào"), said("xin chào"), id="text"),
    pytest.param(
        "message",
        message(caption=LINK, photo=[PHOTO]),
        said(LINK, attachment=Attachment.PHOTO, picture="f"),
        id="a picture's caption",
    ),
    pytest.param(
        "message",
        message(document={"file_id": "f", "file_unique_id": "u"}),
        said(attachment=Attachment.DOCUMENT, document=Document("f")),
        id="a file",
    ),
    pytest.param(
        "message",
        message(document={"file_id": "f", "file_unique_id": "u", "file_name": "a.xlsx", "file_size": 7}, caption="đây"),
        said("đây", attachment=Attachment.DOCUMENT, document=Document("f", "a.xlsx", 7)),
        id="a file with its name and a caption",
    ),
    pytest.param(
        "message",
        message(text="vâng ạ", reply_to_message={**message(text="Họp"), "message_id": 5}),
        said("vâng ạ", replies_to="5"),
        id="a reply",
    ),
    pytest.param(
        "message",
        message(
            text="🚩 a<b & c",
            entities=[entity("bold", 0, 4), entity("italic", 3, 3), entity("spoiler", 5, 1), entity("hashtag", 0, 2)],
        ),
        said("🚩 a<b & c", html="<b>🚩 <i>a</i></b>&lt;b &amp; c"),
        id="marks that overlap, letters of two units, and what must be escaped",
    ),
    pytest.param(
        "message",
        message(text="xem đây", entities=[entity("text_link", 4, 3, url='https://a.vn/?x="&y')]),
        said('xem đây\nhttps://a.vn/?x="&y', html='xem <a href="https://a.vn/?x=&quot;&amp;y">đây</a>'),
        id="a link under words",
    ),
    pytest.param("message", message(sticker=STICKER), said(attachment=Attachment.OTHER), id="a sticker"),
    pytest.param(
        "message",
        message(voice={"file_id": "f", "file_unique_id": "u", "duration": 1}),
        said(attachment=Attachment.OTHER),
        id="a voice message",
    ),
    pytest.param(
        "message",
        message(location={"longitude": 106.4, "latitude": 10.5}),
        said(attachment=Attachment.OTHER),
        id="a place",
    ),
    pytest.param(
        "message",
        message(text="bài đây", entities=[entity("text_link", 0, 3, url=LINK)]),
        said(f"bài đây\n{LINK}", html=f'<a href="{LINK}">bài</a> đây'),
        id="an address hidden behind a word",
    ),
    pytest.param(
        "message",
        message(caption="bài đây", photo=[PHOTO], caption_entities=[entity("text_link", 0, 3, url=LINK)]),
        said(
            f"bài đây\n{LINK}",
            attachment=Attachment.PHOTO,
            picture="f",
            html=f'<a href="{LINK}">bài</a> đây',
        ),
        id="an address hidden in a caption",
    ),
    pytest.param(
        "message",
        message(text=LINK, entities=[entity("text_link", 0, len(LINK), url=LINK)]),
        said(LINK, html=f'<a href="{LINK}">{LINK}</a>'),
        id="an address shown and hidden at once",
    ),
    pytest.param(
        "message", message(text="bài", forward_origin=ORIGIN), said("bài", forwarded=True), id="a forwarded message"
    ),
    pytest.param("edited_message", message(text="sửa", edit_date=1), said("sửa", edited=True), id="an edited message"),
    pytest.param(
        "message", message(GROUP, text="/help"), Incoming(THERE, False, "2002", "/help", "7"), id="said in a group"
    ),
    pytest.param("message", message(pinned_message=message(text="x")), None, id="a pinned message"),
    pytest.param("message", message(GROUP, new_chat_members=[ALICE]), None, id="somebody came into a group"),
    pytest.param("channel_post", message(text="x"), None, id="a post in a channel"),
    pytest.param("kind_of_tomorrow", {"a": 1}, None, id="what nobody asked for"),
    pytest.param(
        "callback_query",
        {**PRESS, "message": message(text="x")},
        Incoming(HERE, True, "2002", message="7", press=Press("55", "1|tag.show|x", "7")),
        id="a press",
    ),
    pytest.param(
        "callback_query",
        {**PRESS, "message": {"message_id": 7, "chat": PRIVATE, "date": 0}},
        Incoming(HERE, True, "2002", message="7", press=Press("55", "1|tag.show|x", "7")),
        id="a press on a message too old to be shown",
    ),
    pytest.param(
        "callback_query",
        {**PRESS, "inline_message_id": "9"},
        Incoming(HERE, True, "2002", press=Press("55", "1|tag.show|x", None)),
        id="a press without a message",
    ),
    pytest.param(
        "my_chat_member",
        standing(PRIVATE, "kicked"),
        Incoming(HERE, True, "2002", happening=Happening.BLOCKED),
        id="blocked",
    ),
    pytest.param(
        "my_chat_member",
        standing(PRIVATE, "member"),
        Incoming(HERE, True, "2002", happening=Happening.UNBLOCKED),
        id="let in again",
    ),
    pytest.param(
        "my_chat_member",
        standing(GROUP, "member"),
        Incoming(THERE, False, "2002", happening=Happening.JOINED_GROUP, title="Truyền thông"),
        id="added to a group",
    ),
    pytest.param(
        "my_chat_member",
        standing(GROUP, "left"),
        Incoming(THERE, False, "2002", happening=Happening.LEFT_GROUP, title="Truyền thông"),
        id="taken out of a group",
    ),
    pytest.param(
        "message",
        message(GROUP, migrate_to_chat_id=-1002005),
        Incoming(THERE, False, "2002", happening=Happening.GROUP_MOVED, moved_to="-1002005"),
        id="a group became a supergroup",
    ),
    pytest.param("message", message({**GROUP, "id": -1002005}, migrate_from_chat_id=-2005), None, id="its new id"),
]


def accepted(kind: str, payload: JSON) -> RawUpdate:
    """The update as the inbox keeps it."""
    channel = TelegramChannel("1:x", "http://127.0.0.1:1")
    return channel.accept(json.dumps({"update_id": 9, kind: payload}).encode())


@pytest.mark.parametrize(("kind", "payload", "meaning"), TABLE)
def test_an_update_means(kind: str, payload: JSON, meaning: Incoming | None) -> None:
    assert read(accepted(kind, payload)) == meaning


@pytest.mark.parametrize(("kind", "payload", "meaning"), TABLE)
def test_an_update_of_tomorrow_with_fields_nobody_knows_means_the_same(
    kind: str, payload: JSON, meaning: Incoming | None
) -> None:
    raw = accepted(kind, {**payload, "of_tomorrow": {"a": [1, None, "x"]}})
    assert json.loads(raw.payload)[kind]["of_tomorrow"] == {"a": [1, None, "x"]}
    assert read(raw) == meaning


def test_an_update_is_kept_with_its_number_and_its_chat() -> None:
    raw = accepted("message", message(GROUP, text="x"))
    assert (raw.channel, raw.id, raw.chat) == ("telegram", "9", "-2005")


def test_an_update_of_no_chat_is_kept_too() -> None:
    assert accepted("of_tomorrow", {"a": 1}).chat == ""


NOT_UPDATES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b"{}",
    b"\xff",
    b'{"update_id": "9"}',
]


@pytest.mark.parametrize("body", NOT_UPDATES)
def test_what_is_not_an_update_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the class is the contract, the words are the parser's
        TelegramChannel("1:x", "http://127.0.0.1:1").accept(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"update_id": 9, "message": 5}',
        b'{"update_id": 9, "message": {"text": "x"}}',
        b'{"update_id": 9, "message": {"message_id": 7, "date": "x", "chat": {}}}',
    ],
)
def test_an_update_that_cannot_be_understood_is_kept_all_the_same(body: bytes) -> None:
    raw = TelegramChannel("1:x", "http://127.0.0.1:1").accept(body)
    assert (raw.id, raw.chat, json.loads(raw.payload)) == ("9", "", json.loads(body))
