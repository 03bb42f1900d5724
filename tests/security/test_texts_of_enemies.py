"""What people type to break something: it is handled or refused with a word, kept whole, and shown as text."""

import json
from typing import Any

from sqlalchemy import select

from bot.messages import RawUpdate
from bot.storage.models import InboxRow, InboxState
from tests.cast import Stage
from tests.test_webhook import update

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
# What is asked before: the words are an answer, or stand behind a command.
QUESTIONS = ("", "/dangky", "/ketnoi")
COMMANDS = ("/start", "/ketnoi", "/vanhanh", "/thanhvien", "/donvi", "/tongket", "/lienket")


def sent(stage: Stage, number: int, text: str, person: int) -> RawUpdate:
    """The text as it would come by webhook, in JSON that hides what no text can hold."""
    made: dict[str, Any] = update(number)
    made["message"]["text"] = text
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
    await stage.app.receiver.keep(raw)
    while await stage.app.handling.next():
        pass
    found = await stage.ask(lambda session: session.scalars(select(InboxRow).where(InboxRow.id > 0)).all())
    assert len(found) >= len(said)
    assert {(row.state, row.error) for row in found} == {(InboxState.DONE, None)}
