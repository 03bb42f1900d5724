"""What people type to break something: it is handled or refused with a word, kept whole, and shown as text."""

import json
from typing import Any

from sqlalchemy import func, select

from bot import outbox
from bot.channels.telegram_reading import UNKEEPABLE
from bot.messages import RawUpdate
from bot.sandbox.html import parse
from bot.sandbox.limits import TEXT_MAX
from bot.storage.models import InboxRow, InboxState, OutboxRow, Post
from tests.cast import TAG, Stage
from tests.test_webhook import update

POST = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/"
ZALGO = "Nguyễn " + "A" + "\u0300\u0301\u0302\u0303\u0336\u0489" * 200
TEXTS = {
    "a NUL": "a\0b",
    "control characters": "\x01\x02\x1b[31m\x7f\x85",
    "half a character": "a\ud800b",
    "the other half": "\udfff",
    "turned around": "\u202etxet desrever\u202c\u2066x\u2069",
    "zalgo": ZALGO,
    "nothing to be seen": "\u200b\u200d\ufeff\u2060",
    "a long one": "dài " * 1_000,
    "one endless word": "x" * 4_096,
    "emoji": "👨‍👩‍👧‍👦" * 500,
    "marks of the messenger": "<b>&lt;\"'</a><script>alert(1)</script>",
    "words of a template": "{{ 7 * 7 }}{% for x in y %}",
    "words of a database": "'; DROP TABLE persons; --",
    "a path": "../../etc/passwd\0.png",
    "a number without end": "9" * 4_000,
    "digits of another script": "٣٤",
    "a line of a log": "x\nlevel=error event='forged'",
}
# The same as the text of a post, with what reaches further in one.
POSTED = TEXTS | {
    "deeply nested": "<b><i>(" * 500 + "x" + ")</i></b>" * 80,
    "letters from right to left": "שלום عليكم " * 100,
    "nothing to be seen between the letters": "\u200b".join("bài viết " * 20),
    "half characters and whole ones": "\ud83d\ud83d\ude00\ude00" * 200,
    "hashtags without end": "#A" * 1_000 + " #" * 500,
    "links without end": "https://x.vn/" + "a/" * 1_500,
}
# What is asked before: the words are an answer, or stand behind a command.
QUESTIONS = ("", "/dangky", "/ketnoi")
COMMANDS = ("/start", "/ketnoi", "/vanhanh", "/thanhvien", "/donvi", "/tongket", "/lienket")


def sent(stage: Stage, number: int, text: str, person: int, **more: object) -> RawUpdate:
    """The text as it would come by webhook, in JSON that hides what no text can hold."""
    made: dict[str, Any] = update(number)
    made["message"] |= {"text": text, "message_id": number, **more}
    made["message"]["from"]["id"] = made["message"]["chat"]["id"] = person
    raw = stage.app.channels["telegram"].accept(json.dumps(made).encode())
    assert raw
    return raw


async def test_no_text_leaves_an_update_unhandled(stage: Stage) -> None:
    await stage.charlie.starts()
    await stage.charlie.presses("Đồng ý")
    charlie, bob = stage.charlie.person.id, stage.bob.person.id
    said = [(charlie, words) for ask in QUESTIONS for text in TEXTS.values() for words in (ask, text) if words]
    said += [(bob, f"{command} {text}") for command in COMMANDS for text in TEXTS.values()]
    raw = [sent(stage, number, text, person) for number, (person, text) in enumerate(said, 10_000)]
    await handle(stage, raw)
    found = await stage.ask(lambda session: session.scalars(select(InboxRow).where(InboxRow.id > 0)).all())
    assert len(found) >= len(said)
    assert {(row.state, row.error) for row in found} == {(InboxState.DONE, None)}


def address(text: str) -> str:
    return text.split()[0]


async def handle(stage: Stage, raw: list[RawUpdate]) -> None:
    await stage.app.receiver.keep(raw)
    while await stage.app.handling.next():
        pass


def nested(text: str) -> list[dict[str, Any]]:
    """A hundred marks around the same words, as a messenger's client could send them."""
    kinds = ("bold", "italic", "blockquote", "text_link", "code")
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return [{"type": kinds[each % 5], "offset": 0, "length": units, "url": "https://x.vn/"} for each in range(100)]


def kept(text: str) -> str:
    """What is to be found of a post's text: all but links and blanks, and a sign for what no text can hold."""
    read = UNKEEPABLE.sub("\ufffd", json.loads(json.dumps(text)))  # halves of a character may meet there
    return "".join(word for word in read.split() if not word.startswith("https://"))


async def test_a_post_is_logged_whole_and_answered_once_whatever_its_text_is(stage: Stage) -> None:
    before = await stage.ask(lambda session: session.scalar(select(func.max(OutboxRow.id)))) or 0
    texts = [f"{POST}{number}/ {text}\n{TAG}" for number, text in enumerate(POSTED.values(), 1_000)]
    numbered, alice = enumerate(texts, 20_000), stage.alice.person.id
    await handle(stage, [sent(stage, number, text, alice, entities=nested(text)) for number, text in numbered])
    inbox = await stage.ask(lambda session: session.scalars(select(InboxRow.state).distinct()).all())
    assert inbox == [InboxState.DONE]
    posts = await stage.ask(lambda session: session.scalars(select(Post).order_by(Post.id)).all())
    logged = {post.url: kept(post.text or "") for post in posts}
    assert {url: logged.get(url) for url in map(address, texts)} == {address(text): kept(text) for text in texts}
    answers = await stage.ask(lambda session: session.scalars(select(OutboxRow).where(OutboxRow.id > before)).all())
    said = [parse(outbox.BODY.validate_json(row.body).text)[0] for row in answers]
    assert {row.chat for row in answers} == {str(alice)}
    assert len(said) == len(texts)
    assert all("Hashtag đúng. Đã tính." in text and len(text) <= TEXT_MAX for text in said)
