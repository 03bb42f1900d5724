"""The weekly summary of a unit: what was counted, whom to thank, what is due next; told on one day of the week."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.actions.progress import QuotaProgress, is_for_unit, unit_quotas
from bot.campaigns import Kind, Quota, UnitType, quiet_hours
from bot.domain.figures import ZERO, Count, UnitFigures
from bot.domain.handins import month_start, week_start
from bot.messages import Address, Priority
from bot.setup import Setup
from bot.speech import say
from bot.storage import obligations
from bot.storage import summaries as storage
from bot.storage import units as tree
from bot.storage.figures import Contributor, figures, top_contributors
from bot.storage.models import ObligationState, Unit

WEEK, DAY = timedelta(days=7), timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MORNING, NOON = time(7), time(12)  # the next day, if the bot was down
UNITS_AT_ONCE = 10
MOST_PLACES, MOST_NAMED, BEST, MOST_DUE = 8, 3, 3, 3
LOOKED_AT = 50  # contributors, as some may not be named


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """How many of the members, or of the units, have reached a quota; `whom` names their kinds or types, if not all."""

    quota: Quota
    reached: int
    of: int
    whom: tuple[Kind | UnitType, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """The best of the units of one class below a unit."""

    type: UnitType
    best: tuple[UnitFigures, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """Reports that are due at one moment, each as the `rule` of its duty."""

    at: datetime
    duties: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A unit's week from Monday to `until`, local times; `before` counts the week before up to the same hour.

    `places` are targets by name, None for all others, with a total of `total`; no one on a board is the last.
    """

    unit: str
    start: datetime
    until: datetime
    total: Count
    before: Count
    places: tuple[tuple[str | None, Count], ...]
    own: tuple[QuotaProgress, ...]
    quotas: tuple[QuotaLine, ...]
    praised: tuple[Contributor, ...]
    boards: tuple[Board, ...]
    due: tuple[Due, ...]

    @property
    def more(self) -> int:
        """Posts more than the week before."""
        return self.total.total - self.before.total


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets the summary of a unit, and the key under which he gets it once."""

    unit_id: int
    to: Address
    language: str
    key: str


def summarise(session: Session, setup: Setup, unit: Unit, now: datetime) -> Summary:
    """The unit's week up to `now`."""
    until = setup.local(now)
    start, day, campaign = week_start(until), until.date(), setup.campaign
    counted = figures(session, campaign.code, unit.id, start, until, day, named=False)
    before = figures(session, campaign.code, unit.id, start - WEEK, until - WEEK, day, named=False)
    return Summary(
        unit=unit.name,
        start=start,
        until=until,
        total=counted.total,
        before=before.total,
        places=_places(setup, counted),
        own=unit_quotas(session, setup, unit, now),
        quotas=reached_quotas(session, setup, unit, now),
        praised=_praised(session, setup, unit, start, until),
        boards=tuple(_boards(setup, counted)),
        due=_due(session, setup, unit, until),
    )


def template_of(summary: Summary) -> str:
    """The text for it: a short one where there was nothing in both weeks."""
    return "summaries/week" if summary.total.total or summary.before.total else "summaries/nothing"


def reached_quotas(session: Session, setup: Setup, unit: Unit, now: datetime) -> tuple[QuotaLine, ...]:
    """How far the unit and all below it are with each quota that is asked of somebody there but of the unit alone."""
    lines = [reached(session, setup, unit, quota, setup.local(now)) for quota in setup.campaign.quotas]
    own = {id(quota) for quota in setup.campaign.quotas if is_for_unit(setup.campaign, quota, unit)}
    return tuple(line for line in lines if line.of > (id(line.quota) in own))


def reached(session: Session, setup: Setup, unit: Unit, quota: Quota, until: datetime) -> QuotaLine:
    """How far the unit and all below it are with a quota, in the week or month up to `until`, a local time."""
    start, code = week_start(until) if quota.per == "week" else month_start(until), setup.campaign.code
    day, least = until.date(), quota.at_least
    if quota.who == "member":
        found = storage.members_reaching(session, code, unit.id, start, until, day, least, quota.kinds)
        return QuotaLine(quota, *found, _whom(setup, quota))
    below = (each for each in tree.living_below(session, unit.id, day) if obligations.alive_on(each, day))
    alive = {each.id for each in (unit, *below) if is_for_unit(setup.campaign, quota, each)}
    counted = figures(session, code, unit.id, start, until, day, named=False)
    enough = [each for each in (counted, *_below(counted)) if each.own.total.total >= least and each.unit_id in alive]
    return QuotaLine(quota, len(enough), len(alive), _whom(setup, quota))


def _whom(setup: Setup, quota: Quota) -> tuple[Kind | UnitType, ...]:
    campaign = setup.campaign
    kinds = [kind for kind in campaign.membership.kinds if kind.code in quota.kinds]
    types = [campaign.class_named(each) for each in quota.types]
    return (*kinds, *(row for row in types if row))


def say_summary(
    session: Session,
    setup: Setup,
    summary: Summary,
    recipient: Recipient,
    now: datetime,
    priority: Priority = Priority.BROADCAST,
) -> bool:
    """Queue it; False if this recipient got it before. A broadcast whose fate is unknown is not sent a second time."""
    to, language, template = recipient.to, recipient.language, template_of(summary)
    return say(session, setup, to, language, template, now, key=recipient.key, priority=priority, summary=summary)


def tell_week(session: Session, setup: Setup, now: datetime) -> int:
    """On the campaign's day, tell groups and admins of some units what their week was like; how many messages.

    From the campaign's hour on, outside the quiet hours; where the bot was down, in the next day's morning.
    """
    day = told_on(setup, now)
    if day is None:
        return 0
    until = end_of(setup, day, now)
    batch = list(waiting_recipients(session, setup, day).items())[:UNITS_AT_ONCE]
    return sum(_tell(session, setup, unit_id, waiting, until, now) for unit_id, waiting in batch)


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
    done = storage.keys_put(session, prefix_of(day))
    waiting: dict[int, list[Recipient]] = defaultdict(list)
    for each in recipients(session, setup, day):
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


def _tell(
    session: Session, setup: Setup, unit_id: int, waiting: list[Recipient], until: datetime, now: datetime
) -> int:
    summary = summarise(session, setup, session.get_one(Unit, unit_id), until)
    return sum(say_summary(session, setup, summary, each, now) for each in waiting)


def _groups(session: Session, setup: Setup, day: date, prefix: str) -> Iterator[Recipient]:
    for unit_id, group, language in storage.tied(session, setup.campaign.code, day):
        yield Recipient(unit_id, Address(group.channel, group.chat), language or "vi", f"{prefix}group:{group.id}")


def _admins(session: Session, setup: Setup, day: date, prefix: str) -> Iterator[Recipient]:
    for unit_id, account, language in storage.admins(session, setup.campaign.code, day):
        to, key = Address(account.channel, account.chat), f"{prefix}person:{account.person_id}"
        yield Recipient(unit_id, to, language, key)


def _places(setup: Setup, counted: UnitFigures) -> tuple[tuple[str | None, Count], ...]:
    """Where most posts stand, in the campaign's order, and all other places as one."""
    names = {target.code: target.name for target in setup.campaign.targets}
    known = [code for code in names if code in counted.counts]
    most = set(sorted(known, key=lambda code: -counted.counts[code].total)[:MOST_PLACES])
    shown: list[tuple[str | None, Count]] = [(names[code], counted.counts[code]) for code in known if code in most]
    others = sum((count for code, count in counted.counts.items() if code not in most), ZERO)
    return (*shown, (None, others)) if others.total else tuple(shown)


def _praised(session: Session, setup: Setup, unit: Unit, start: datetime, until: datetime) -> tuple[Contributor, ...]:
    found = top_contributors(session, setup.campaign.code, unit.id, start, until, LOOKED_AT)
    named = storage.may_be_named(session, [each.membership_id for each in found])
    return tuple(each for each in found if each.membership_id in named)[:MOST_NAMED]


def _boards(setup: Setup, counted: UnitFigures) -> Iterator[Board]:
    """The best of each class of units below that has two or more; one alone has nobody to be compared with."""
    classes: dict[UnitType, list[UnitFigures]] = {each: [] for each in setup.campaign.unit_types}
    for each in _below(counted):
        classes[setup.campaign.unit_type(each.type, each.name)].append(each)
    for type_, peers in classes.items():
        best = sorted((each for each in peers if each.total.total), key=lambda each: -each.total.total)[:BEST]
        if len(peers) > 1 and best:
            yield Board(type_, tuple(best))


def _below(unit: UnitFigures) -> Iterator[UnitFigures]:
    for each in unit.units:
        yield each
        yield from _below(each)


def _due(session: Session, setup: Setup, unit: Unit, until: datetime) -> tuple[Due, ...]:
    """What is due next and still open; reports of one hour stand together."""
    rows = obligations.of_unit(session, unit.id, until, 12)
    by_moment: dict[datetime, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row.state == ObligationState.OPEN:
            by_moment[row.due_at].append(row.duty.rule)
    return tuple(Due(setup.local(at), tuple(duties)) for at, duties in list(by_moment.items())[:MOST_DUE])
