"""The weekly summaries on their way: told to groups and admins on one day of the week, many units in one step."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from bot import outbox
from bot.actions.summaries import Summary, summarise_all, template_of
from bot.campaigns import quiet_hours
from bot.messages import Address, Outgoing, Priority
from bot.setup import Setup
from bot.speech import worded
from bot.storage import summaries as storage

DAY = timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MORNING, NOON = time(7), time(12)  # the next day, if the bot was down
UNITS_AT_ONCE = 40
"""What one transaction tells of: it holds everybody else up."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets the summary of a unit, and the key under which he gets it once; only who decides there sees `names`."""

    unit_id: int
    to: Address
    language: str
    key: str
    names: bool = False


def tell_week(session: Session, setup: Setup, now: datetime) -> int:
    """On the campaign's day, tell groups and admins of some units what their week was like; how many messages.

    From the campaign's hour on, outside the quiet hours; where the bot was down, in the next day's morning. One whose
    fate is unknown is not sent a second time: they are broadcasts.
    """
    day = told_on(setup, now)
    if day is None:
        return 0
    batch = dict(list(waiting_recipients(session, setup, day).items())[:UNITS_AT_ONCE])
    if not batch:
        return 0
    found = summarise_all(session, setup, batch, end_of(setup, day, now))
    told = [(each, found[unit_id]) for unit_id, waiting in batch.items() for each in waiting]
    messages = [(each.key, each.to, _message(setup, each, summary)) for each, summary in told]
    outbox.put_all(session, messages, now, Priority.BROADCAST)
    return len(messages)


def told_on(setup: Setup, now: datetime) -> date | None:
    """The day whose summary is told at this moment, if any."""
    local, weekday = setup.local(now), WEEKDAYS.index(setup.campaign.summary_weekday)
    if quiet_hours(setup.campaign, setup.zone).covers(now):
        return None
    if local.weekday() == weekday and local.time() >= setup.campaign.summary_hour:
        return local.date()
    day_after = local.weekday() == (weekday + 1) % 7
    return local.date() - DAY if day_after and MORNING <= local.time() < NOON else None


def waiting_recipients(session: Session, setup: Setup, day: date) -> dict[int, list[Recipient]]:
    """By unit, those who have not got the summary of the week of `day`: one message for each group and each person."""
    found = recipients(session, setup, day)
    done = storage.put_at(session, [each.key for each in found])
    waiting: dict[int, list[Recipient]] = defaultdict(list)
    for each in found:
        if each.key not in done:
            waiting[each.unit_id].append(each)
    return waiting


def recipients(session: Session, setup: Setup, day: date) -> list[Recipient]:
    """Groups that want it and admins; somebody who administers two units gets that of his newest membership."""
    prefix, found = prefix_of(day), dict[str, Recipient]()
    for each in (*_groups(session, setup, day, prefix), *_admins(session, setup, day, prefix)):
        found.setdefault(each.key, each)
    return list(found.values())


def prefix_of(day: date) -> str:
    """How the keys of all summaries of a week begin."""
    year, week, _ = day.isocalendar()
    return f"summary:{year}-{week:02}:"


def end_of(setup: Setup, day: date, now: datetime) -> datetime:
    """Up to when the summary of `day` counts: a moment before midnight at the latest, as Monday may follow."""
    return min(now, setup.midnight(day + DAY) - timedelta(microseconds=1))


def _message(setup: Setup, to: Recipient, summary: Summary) -> Outgoing:
    return worded(setup, to.to, to.language, template_of(summary), summary=summary, named=to.names)


def _groups(session: Session, setup: Setup, day: date, prefix: str) -> Iterator[Recipient]:
    for unit_id, group, language in storage.tied(session, setup.campaign.code, day):
        yield Recipient(unit_id, Address(group.channel, group.chat), language or "vi", f"{prefix}group:{group.id}")


def _admins(session: Session, setup: Setup, day: date, prefix: str) -> Iterator[Recipient]:
    for unit_id, person_id, to, language in storage.admins(session, setup.campaign.code, day):
        yield Recipient(unit_id, to, language, f"{prefix}person:{person_id}", names=True)
