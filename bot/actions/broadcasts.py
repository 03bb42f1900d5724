"""What is said to many: from the draft to the moment at which it may go."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from bot.actions import broadcast_files, broadcast_pace, broadcast_running, broadcast_words
from bot.actions.broadcast_audience import describe
from bot.actions.broadcast_pace import Part
from bot.buttons import Row, Tap
from bot.campaigns import quiet_hours
from bot.domain.audience import Audience, digest
from bot.messages import Address
from bot.setup import Setup
from bot.speech import say_to_account
from bot.storage import broadcasts as stored
from bot.storage import people, recipients, reminders, units
from bot.storage.broadcasts import Preview
from bot.storage.models import Account, Broadcast, BroadcastState, Membership, MembershipState, Role
from bot.storage.models.broadcasts import ACTIVE

UNDO_FOR = timedelta(seconds=60)


class Submitted(StrEnum):
    """What became of the wish to send a broadcast."""

    SET = "set"
    ASKED = "asked"
    SAME = "same"  # the same words are on their way to the same people
    NOBODY = "nobody"
    NO_APPROVER = "no_approver"


def draft(
    session: Session,
    setup: Setup,
    by: Membership,
    text: str,
    audience: Audience,
    now: datetime,
    *,
    at: Address | None = None,
) -> Broadcast:
    """A broadcast that nobody has got yet. `text` is in the HTML subset; its author hears of it `at` his chat."""
    broadcast = Broadcast(campaign=setup.campaign.code, unit_id=by.unit_id, by_id=by.id, text=text, created_at=now)
    broadcast.audience = audience.to_json()
    account = None if at else reminders.account_to_reach(session, by.person_id)
    to = Address(account.channel, account.chat) if account else at
    broadcast.channel, broadcast.chat = (to.channel, to.chat) if to else (None, None)
    broadcast.state, broadcast.confirm, broadcast.urgent = BroadcastState.DRAFT, False, False
    session.add(broadcast)
    session.flush()
    return broadcast


def announce(
    session: Session,
    setup: Setup,
    by: Membership,
    text: str,
    audience: Audience,
    now: datetime,
    *,
    confirm: bool = False,
) -> Broadcast:
    """Say `text` (HTML subset) to an audience at once, or when a second coordinator agreed or the quiet hours are over.

    Its state says which: RUNNING or DONE, ASKED or SET. DRAFT if it cannot go: nobody is there, the same is on its way,
    or there is no second coordinator; its author finds it under /thongbao.
    """
    broadcast = draft(session, setup, by, text, audience, now)
    broadcast.confirm = confirm
    if submit(session, setup, broadcast, now, at_once=True) is Submitted.SET:
        broadcast_running.begin_if_due(session, setup, broadcast, now)
    return broadcast


def say_fixed(session: Session, setup: Setup, by: Membership, template: str, audience: Audience, now: datetime) -> int:
    """Send a fixed text of bot/actions/broadcast_words.py at once, to everybody once a day; how many are told.

    Nobody needs to agree to it, and nothing is kept if there is nobody to tell.
    """
    broadcast = draft(session, setup, by, "", audience, now)
    broadcast.template = template
    reach = preview(session, setup, broadcast, now).reach
    began = submit(session, setup, broadcast, now, at_once=True) is Submitted.SET
    if not began:
        session.delete(broadcast)
        session.flush()
        return 0
    broadcast_running.begin_if_due(session, setup, broadcast, now)
    return reach


def audience_of(broadcast: Broadcast) -> Audience:
    """To whom it goes."""
    return Audience.of_json(broadcast.audience)


def preview(session: Session, setup: Setup, broadcast: Broadcast, now: datetime) -> Preview:
    """What would come of it now."""
    return stored.preview(session, audience_of(broadcast), broadcast_running.scope(setup, now, broadcast.template))


def parts(session: Session, setup: Setup, broadcast: Broadcast, seen: Preview, now: datetime) -> list[Part]:
    """What each messenger would have to do for it, at its time."""
    at = max(now, broadcast.wanted_at or now)
    per_person = broadcast_words.per_person(setup, broadcast, seen.channels)
    return broadcast_pace.parts(session, setup, seen.channels, per_person, at)


def parts_left(session: Session, setup: Setup, broadcast: Broadcast, now: datetime) -> list[Part]:
    """What each messenger still has to do for one that began."""
    left = recipients.left(session, broadcast.id)
    return broadcast_pace.parts(session, setup, left, broadcast_words.per_person(setup, broadcast, left), now)


def may_manage(by: Membership, broadcast: Broadcast) -> bool:
    """Whether it is of this person's unit or one below."""
    return by.role in people.ROLES_THAT_DECIDE and units.is_within(broadcast.unit, by.unit_id)


def submit(
    session: Session,
    setup: Setup,
    broadcast: Broadcast,
    now: datetime,
    *,
    at_once: bool = False,
) -> Submitted:
    """Send the draft, in a minute or at its time, once a second coordinator agreed if it goes to many."""
    found = audience_of(broadcast)
    said = (broadcast.text, broadcast.template, broadcast.picture, broadcast.document)
    broadcast.digest = digest(broadcast.campaign, found, *said)
    if stored.active_like(session, broadcast, ACTIVE):
        return Submitted.SAME
    seen = preview(session, setup, broadcast, now)
    if not seen.reach:
        return Submitted.NOBODY
    broadcast_files.want_again(session, setup, broadcast, now)
    if seen.reach > setup.campaign.broadcasts.approve_above and broadcast.template is None:
        asked = approvers(session, broadcast)
        if not asked:
            return Submitted.NO_APPROVER
        broadcast.state = BroadcastState.ASKED
        _ask(session, setup, broadcast, asked, seen, now)
        return Submitted.ASKED
    _set(setup, broadcast, now if at_once else now + UNDO_FOR)
    session.flush()  # the index on the digest lets only one of two at the same moment through
    return Submitted.SET


def undo(session: Session, broadcast: Broadcast) -> bool:
    """Make it a draft again, unless it has begun."""
    if broadcast.state not in (BroadcastState.SET, BroadcastState.ASKED, BroadcastState.REFUSED):
        return False
    broadcast.state, broadcast.approved_by_id, broadcast.reason = BroadcastState.DRAFT, None, None
    broadcast.starts_at = None
    session.flush()
    return True


def approvers(session: Session, broadcast: Broadcast) -> list[Account]:
    """Where the coordinators of its unit and of those above can be reached, but for its author."""
    found: dict[int, Account] = {}
    for unit in units.path(broadcast.unit):
        for one in people.deciders_in(session, unit):
            account = reminders.account_to_reach(session, one.person_id)
            if account and one.role == Role.COORDINATOR and one.person_id != broadcast.by.person_id:
                found[account.id] = account
    return list(found.values())


def may_approve(by: Membership, broadcast: Broadcast) -> bool:
    """Whether this is a second coordinator for it."""
    active = by.role == Role.COORDINATOR and by.state == MembershipState.ACTIVE
    return active and by.person_id != broadcast.by.person_id and units.is_within(broadcast.unit, by.unit_id)


def approve(session: Session, setup: Setup, broadcast: Broadcast, by: Membership, now: datetime) -> None:
    """It goes in a minute, or at its time; its author hears so and may still take it back."""
    broadcast.approved_by_id = by.id
    _set(setup, broadcast, now + UNDO_FOR)
    session.flush()
    starts = setup.local(broadcast.starts_at or now)
    undo_row = (Tap("broadcasts.undo", "broadcast.undo", (broadcast.id,)),)
    _tell_author(session, setup, broadcast, "broadcasts/approved", now, [undo_row], by=by.full_name, starts=starts)


def refuse(session: Session, setup: Setup, broadcast: Broadcast, by: Membership, reason: str, now: datetime) -> None:
    """It does not go; its author hears why and may change it."""
    broadcast.state, broadcast.reason = BroadcastState.REFUSED, reason
    session.flush()
    edit = (Tap("broadcasts.mend", "broadcast.undo", (broadcast.id,)),)
    _tell_author(session, setup, broadcast, "broadcasts/refused", now, [edit], by=by.full_name, reason=reason)


def author_account(session: Session, broadcast: Broadcast) -> Account | None:
    """Where its author hears of it."""
    if broadcast.channel is None or broadcast.chat is None:
        return None
    return people.account_of(session, Address(broadcast.channel, broadcast.chat))


def _set(setup: Setup, broadcast: Broadcast, earliest: datetime) -> None:
    starts = max(earliest, broadcast.wanted_at or earliest)
    if not broadcast.urgent:
        starts = quiet_hours(setup.campaign, setup.zone).over(starts)
    broadcast.state, broadcast.starts_at = BroadcastState.SET, starts


def _ask(
    session: Session, setup: Setup, broadcast: Broadcast, asked: Sequence[Account], seen: Preview, now: datetime
) -> None:
    session.flush()
    yes = Tap("broadcasts.approve", "broadcast.approve", (broadcast.id,), solemn=True)
    no = Tap("broadcasts.refuse", "broadcast.refuse", (broadcast.id,), solemn=True)
    look = Tap("broadcasts.test", "broadcast.test", (broadcast.id,))
    starts = setup.local(broadcast.wanted_at) if broadcast.wanted_at else None
    waiting = parts(session, setup, broadcast, seen, now)
    for account in asked:
        say_to_account(
            session,
            setup,
            account,
            "broadcasts/asked",
            now,
            rows=[(yes, no), (look,)],
            who=broadcast.by.full_name,
            unit=broadcast.unit.name,
            reach=seen.reach,
            starts=starts,
            urgent=broadcast.urgent,
            parts=waiting,
            audience=describe(session, setup, audience_of(broadcast), account.person.language),
            beginning=broadcast_words.plain(broadcast.text),
        )


def _tell_author(
    session: Session,
    setup: Setup,
    broadcast: Broadcast,
    template: str,
    now: datetime,
    rows: Sequence[Row],
    **values: Any,
) -> None:
    account = author_account(session, broadcast)
    if account:
        say_to_account(session, setup, account, template, now, rows=rows, **values)
