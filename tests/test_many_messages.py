"""Many messages queued at once are the same as one by one, however long and whatever hangs on them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.messages import Address, Button, FileKind, Outgoing, Priority
from bot.storage import downloads, installation, menus
from bot.storage.models import ChatMenu, OutboxRow

NOW = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
Many = Sequence[tuple[str, Address, Outgoing]]


def choices(number: int) -> tuple[tuple[Button, ...], ...]:
    read, ask = Button("✅ Đã đọc", f"1|read|{number}|s"), Button("Hỏi người gửi", f"1|ask|{number}|s")
    return (read,), (ask,), (Button("🗑 Xóa", f"1|drop|{number}|s", solemn=True),)


def broadcast(session: Session, people: int) -> Many:
    """To people on both messengers; some of what is said is long, has a file, or is not for Zalo at all."""
    file = outbox.keep_file(session, "ke-hoach.docx", b"PK", FileKind.DOCUMENT, NOW)
    shapes = (
        Outgoing("<b>Họp</b> lúc 8 giờ"),
        Outgoing("<b>" + "Họp lúc 8 giờ.\n" * 200 + "</b>"),
        Outgoing("đang làm", passing=True),
        Outgoing("Kế hoạch", file=file),
    )
    return [
        (
            f"broadcast:{number}",
            Address(("telegram", "zalo")[number % 2], str(number)),
            Outgoing(shape.text, choices(number), passing=shape.passing, file=shape.file),
        )
        for number in range(people)
        for shape in (shapes[number // 2 % len(shapes)],)
    ]


def queued(session: Session) -> list[tuple[Any, ...]]:
    """What is in the outbox, and the options that hang on it; links to files have another secret each time."""
    rows = session.scalars(select(OutboxRow).order_by(OutboxRow.channel, OutboxRow.chat, OutboxRow.id)).all()
    at = {row.id: place for place, row in enumerate(rows)}
    options = {
        menu.row_id: (menus.options_of(menu), menu.about, menu.expires_at) for menu in session.scalars(select(ChatMenu))
    }
    return [
        (
            *(row.channel, row.chat, row.key, row.priority, row.file_id, row.not_before, row.expires_at),
            row.body.partition("/tep/")[0],
            at.get(row.follows_id or 0),
            options.get(row.id),
        )
        for row in rows
    ]


def test_many_at_once_are_the_same_as_one_by_one(session: Session) -> None:
    installation.keep(session, downloads.PUBLIC_URL, "https://sotin.test")
    many = broadcast(session, 80)
    for key, to, message in many:
        outbox.put(session, to, message, NOW, priority=Priority.BROADCAST, key=key)
    one_by_one = queued(session)
    session.execute(delete(OutboxRow))
    session.expire_all()
    outbox.put_all(session, many, NOW, Priority.BROADCAST)
    assert queued(session) == one_by_one


def test_everybody_on_zalo_is_offered_his_own_options(session: Session) -> None:
    people = 1_000
    many = [(str(each), Address("zalo", str(each)), Outgoing("Họp", choices(each))) for each in range(people)]
    outbox.put_all(session, many, NOW, Priority.BROADCAST)
    rows = {row.id: row for row in session.scalars(select(OutboxRow))}
    found = {menu.chat: menu for menu in session.scalars(select(ChatMenu))}
    assert len(found) == len(rows) == people
    for number in range(people):
        menu = found[str(number)]
        text = outbox.BODY.validate_json(rows[menu.row_id].body).text
        read, ask, drop = menus.options_of(menu)
        assert [each.data for each in (read, ask, drop)] == [button.data for (button,) in choices(number)]
        assert "1. ✅ Đã đọc\n2. Hỏi người gửi\n" in text
        assert f"Trả lời <b>{drop.answer}</b> để chọn “🗑 Xóa”" in text


def test_nothing_to_queue_is_no_error(session: Session) -> None:
    outbox.put_all(session, [], NOW, Priority.BROADCAST)
    assert queued(session) == []
