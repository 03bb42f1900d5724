"""What each recipient of a broadcast is sent: its author's words, or a fixed text filled in for him."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.actions import broadcast_files
from bot.actions.reminders import file_buttons, lines_of
from bot.buttons import Row, Tap, wire
from bot.messages import Address, Outgoing
from bot.rendering import render as rendered
from bot.setup import Setup
from bot.storage import attachments, overdue
from bot.storage.models import Attachment, Broadcast, Membership, Obligation
from bot.storage.recipients import Next
from bot.texts import render

URGED = "reminders/urged"

Words = Callable[[Session, Setup, Sequence[Next], datetime], Mapping[int, tuple[str, Sequence[Row]]]]
"""Recipient → text and buttons; whoever is not among them need not be told any more."""


def messages(
    session: Session, setup: Setup, broadcast: Broadcast, batch: Sequence[Next], now: datetime
) -> dict[int, Outgoing]:
    """Recipient → what he is sent."""
    if broadcast.template:
        words = TEMPLATES[broadcast.template](session, setup, batch, now)
    else:
        kinds = {_kind(setup, each) for each in batch}
        texts = {kind: text(broadcast, kind[0], replies=kind[1], group=kind[2]) for kind in kinds}
        words = {each.id: (texts[_kind(setup, each)], _rows(setup, broadcast, each)) for each in batch}
    attached = attachments.of_broadcast(session, broadcast.id)
    return {
        each.id: _outgoing(setup, attached, each, *words[each.id])
        for each in batch
        if each.id in words and each.channel and each.chat
    }


def text(broadcast: Broadcast, language: str, *, replies: bool, group: bool = False) -> str:
    """The author's words under the name of his unit; with `replies` one asks him by a reply.

    In a group there is neither a button nor anybody whose reply it would be.
    """
    return render(
        "broadcasts/message",
        language,
        unit=broadcast.unit.name,
        text=Markup(broadcast.text),  # noqa: S704 -- the channel escaped it and let only marks of the subset through
        confirm=broadcast.confirm and not group,
        replies=replies and not group,
    )


def show_to(session: Session, setup: Setup, broadcast: Broadcast, to: Address, language: str, now: datetime) -> None:
    """Send it to one chat to look at; its buttons are left out, as nobody counts there."""
    attached = attachments.of_broadcast(session, broadcast.id)
    words = text(broadcast, language, replies=setup.can(to.channel).replies)
    outbox.put(session, to, _with(setup, attached, to.channel, Outgoing(words, language=language)), now)


def per_person(setup: Setup, broadcast: Broadcast, channels: Iterable[str]) -> dict[str, int]:
    """Channel → how many messages of that messenger one recipient gets: long texts are split there."""
    found = {}
    for channel in channels:
        words = text(broadcast, "vi", replies=setup.can(channel).replies)
        found[channel] = max(1, len(rendered(Outgoing(words), setup.can(channel)).messages))
    return found


def plain(html: str) -> str:
    """The words without their marks, on one line."""
    return " ".join(Markup(html).striptags().split())  # noqa: S704 -- only read, never sent as it is


def _rows(setup: Setup, broadcast: Broadcast, each: Next) -> list[Row]:
    if each.membership_id is None:
        return []  # in a group nobody could tell who pressed
    rows: list[Row] = []
    if broadcast.confirm:
        rows.append((Tap("broadcasts.read", "broadcast.read", (each.id,)),))
    if not _replies(setup, each):
        rows.append((Tap("broadcasts.question", "broadcast.ask", (each.id,)),))
    return rows


def _kind(setup: Setup, each: Next) -> tuple[str, bool, bool]:
    """Recipients of one kind read the same words: language, whether one replies there, whether it is a group."""
    return each.language, _replies(setup, each), each.membership_id is None


def _replies(setup: Setup, each: Next) -> bool:
    return each.channel is None or setup.can(each.channel).replies


def _outgoing(setup: Setup, attached: Attachment | None, each: Next, words: str, rows: Sequence[Row]) -> Outgoing:
    to = Address(each.channel or "", each.chat or "")
    buttons = tuple(tuple(wire(button, to, each.language, setup.key, setup.mark) for button in row) for row in rows)
    return _with(setup, attached, to.channel, Outgoing(words, buttons, language=each.language))


def _with(setup: Setup, attached: Attachment | None, channel: str, message: Outgoing) -> Outgoing:
    """The message with what is attached; a word about it where it cannot be had."""
    if attached is None:
        return message
    carried = broadcast_files.carried(setup, attached, channel)
    if not carried:
        message = replace(message, text=f"{message.text}\n\n{render('broadcasts/without_file', message.language)}")
    return replace(message, **carried)


def _urged(
    session: Session, setup: Setup, batch: Sequence[Next], now: datetime
) -> dict[int, tuple[str, Sequence[Row]]]:
    """All that his unit is late with."""
    units = _units(session, [each.membership_id for each in batch if each.membership_id])
    owed: dict[int, list[Obligation]] = {}
    for obligation in overdue.past_due(session, setup.campaign.code, set(units.values()), now):
        owed.setdefault(obligation.unit_id, []).append(obligation)
    found: dict[int, tuple[str, Sequence[Row]]] = {}
    for each in batch:
        late = owed.get(units.get(each.membership_id or 0, 0))
        if late:
            lines = lines_of(setup, each.language, late, now)
            found[each.id] = render(URGED, each.language, units=lines), file_buttons(each.language, late)
    return found


def _units(session: Session, memberships: Collection[int]) -> dict[int, int]:
    statement = select(Membership.id, Membership.unit_id).where(Membership.id.in_(memberships))
    return {row[0]: row[1] for row in session.execute(statement)}


TEMPLATES: Mapping[str, Words] = {URGED: _urged}
