"""What the levels above hear: who has not filed, in one digest, and which units nobody could be told in."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.actions import broadcasts
from bot.actions.broadcast_words import URGED
from bot.actions.obligations import rule_for
from bot.actions.reminder_times import DAYS_OFF, Hours, hours, steps_of
from bot.actions.reminders import duty_name
from bot.buttons import Tap
from bot.domain.audience import Audience
from bot.domain.deadlines import DutyRule, due_steps
from bot.domain.handins import week_start
from bot.messages import Priority
from bot.setup import Setup
from bot.speech import say_to_account
from bot.storage import obligations
from bot.storage import overdue as owing
from bot.storage import reminders as stored
from bot.storage.models import Duty, Membership, ObligationState, Role
from bot.storage.overdue import Node
from bot.storage.people import ROLES_THAT_DECIDE
from bot.storage.reminders import DutyPeriod

AT_ONCE = 200
MOST_NAMES = 20
FEWEST_NAMES = 5
DIGESTS = ("after_1h", "after_1d", "after_3d")
BEFORE = ("before_7d",)
# The outbox knows for a week that it said something: a message that comes later than this could come twice.
HELPS = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Digest:
    """A round of digests about periods that were due together; said once under `key` + person."""

    key: str
    due_at: datetime
    periods: tuple[DutyPeriod, ...]
    late: bool


@dataclass(slots=True)
class Tally:
    """What is expected of the units below one, by one duty."""

    total: int
    missing: list[int]


def tell_overdue(session: Session, setup: Setup, now: datetime) -> int:
    """Tell those who stand over units which of them did not file, an hour, one day and three days after; how many."""
    open_hours = hours(session, setup, now)
    if open_hours.quiet.covers(now):
        return 0
    until = open_hours.helps_until(now)
    return sum(_tell_digest(session, setup, each, now, until) for each in _digests(session, setup, open_hours, now))


def urge(session: Session, setup: Setup, by: Membership, due_at: datetime, now: datetime) -> tuple[int, int, int]:
    """Tell those who file for the units below `by` that are late; (units, people told, units without anybody).

    Everybody hears of all that his unit is late with, at most once a day, whoever asks for it.
    """
    behind = owing.behind_at(session, setup.campaign.code, by.unit_id, due_at)
    whom = Audience(by.unit_id, roles=tuple(ROLES_THAT_DECIDE), late=int(due_at.timestamp()))
    told = broadcasts.say_fixed(session, setup, by, URGED, whom, now) if behind else 0
    unheard = set(behind) - owing.with_deciders(session, setup.campaign.code)
    return len(behind), told, len(unheard)


def tell_unreachable(session: Session, setup: Setup, now: datetime) -> int:
    """Tell coordinators, a week before, in which units nobody can be told of what is due; how many were told.

    What is due within one week of the calendar is one message, so that weekly reports are no noise.
    """
    open_hours = hours(session, setup, now)
    if open_hours.quiet.covers(now):
        return 0
    weeks, until = _weeks(session, setup, open_hours, now), open_hours.helps_until(now)
    return sum(_tell_unreachable(session, setup, key, periods, now, until) for key, periods in weeks.items())


def _digests(session: Session, setup: Setup, open_hours: Hours, now: datetime) -> Iterator[Digest]:
    """The rounds whose hour has come."""
    together: dict[datetime, list[DutyPeriod]] = defaultdict(list)
    for period, _ in stored.open_periods(session, setup.campaign.code, now - DAYS_OFF - HELPS, now):
        together[period.due_at].append(period)
    known = _rules(session, setup)
    for due_at, periods in together.items():
        steps = steps_of(known[periods[0].duty_id], periods[0], due_at, open_hours, DIGESTS)
        decision = due_steps(steps, now, (), due_at, open_hours.calendar, open_hours.quiet)
        if decision.say and now < decision.say.at + HELPS:
            key = f"overdue:{int(due_at.timestamp())}:{decision.say.name}:"
            yield Digest(key, due_at, tuple(periods), decision.late)


def _tell_digest(session: Session, setup: Setup, digest: Digest, now: datetime, until: datetime) -> int:
    tree = owing.tree(session, setup.campaign.code)
    tallies = _tallies(owing.expected(session, digest.periods), tree)
    above = [unit_id for unit_id, by_duty in tallies.items() if any(tally.missing for tally in by_duty.values())]
    duties = stored.duties(session, {each.duty_id for each in digest.periods})
    people = stored.deciders(session, above, digest.key, AT_ONCE)
    return sum(
        _say_digest(session, setup, one, digest, tallies[one.unit_id], duties, tree, now, until) for one in people
    )


def _say_digest(
    session: Session,
    setup: Setup,
    one: Membership,
    digest: Digest,
    tallies: Mapping[int, Tally],
    duties: Mapping[int, Duty],
    tree: Mapping[int, Node],
    now: datetime,
    until: datetime,
) -> bool:
    account = stored.account_to_reach(session, one.person_id)
    if account is None:
        return False
    missing = {duty_id: tally for duty_id, tally in tallies.items() if tally.missing}
    return say_to_account(
        session,
        setup,
        account,
        "reminders/overdue",
        now,
        rows=[(Tap("reminders.all", "remind.all", (int(digest.due_at.timestamp()),), solemn=True),)],
        priority=Priority.REMINDER,
        key=f"{digest.key}{one.person_id}",
        expires_at=until,
        duties=_shown(missing, duties, tree, account.person.language),
        due=setup.local(digest.due_at),
        late=digest.late,
    )


def _tallies(expected: Sequence[tuple[int, int, str]], tree: Mapping[int, Node]) -> dict[int, dict[int, Tally]]:
    """Unit → duty → what is expected of those below it."""
    found: dict[int, dict[int, Tally]] = defaultdict(lambda: defaultdict(lambda: Tally(0, [])))
    for duty_id, unit_id, state in expected:
        for above in _upwards(tree[unit_id].parent_id, tree):
            tally = found[above][duty_id]
            tally.total += 1
            if state == ObligationState.OPEN:
                tally.missing.append(unit_id)
    return found


def _upwards(unit_id: int | None, tree: Mapping[int, Node]) -> Iterator[int]:
    """The unit and all above it."""
    while unit_id is not None:
        yield unit_id
        unit_id = tree[unit_id].parent_id


def _names(unit_ids: Iterable[int], tree: Mapping[int, Node], most: int) -> dict[str, Any]:
    nodes = sorted((tree[unit_id] for unit_id in unit_ids), key=lambda node: (node.folded, node.name))
    return {"names": _told_apart(nodes[:most], tree), "more": max(0, len(nodes) - most)}


def _told_apart(nodes: Sequence[Node], tree: Mapping[int, Node]) -> list[str]:
    """Their names; those that several bear with the unit above, as a province has more than one “Phường 1”."""
    often = Counter(node.name for node in nodes)
    above = [tree[node.parent_id].name if node.parent_id and often[node.name] > 1 else "" for node in nodes]
    return [f"{node.name} ({over})" if over else node.name for node, over in zip(nodes, above, strict=True)]


def _shown(
    tallies: Mapping[int, Tally], duties: Mapping[int, Duty], tree: Mapping[int, Node], language: str
) -> list[dict[str, Any]]:
    most = max(FEWEST_NAMES, MOST_NAMES // len(tallies))
    return [
        {
            "name": duty_name(duties[duty_id], language),
            "missing": len(tally.missing),
            "total": tally.total,
            **_names(tally.missing, tree, most),
        }
        for duty_id, tally in sorted(tallies.items())
    ]


def _weeks(session: Session, setup: Setup, open_hours: Hours, now: datetime) -> dict[str, list[DutyPeriod]]:
    """Key of a message → the periods that it is about: due in one week, the first of them seven days ahead."""
    if not open_hours.calendar.is_working(setup.today(now)):
        return {}
    found: dict[str, list[DutyPeriod]] = defaultdict(list)
    begun: dict[str, datetime] = {}
    known = _rules(session, setup)
    start, campaign = week_start(setup.local(now)), setup.campaign.code
    for period, opens_at in stored.expected_periods(session, campaign, start, now + HELPS + DAYS_OFF):
        year, week, _ = setup.today(period.due_at).isocalendar()
        key = f"unreachable:{year}-W{week:02}:"
        found[key].append(period)
        for step in steps_of(known[period.duty_id], period, opens_at, open_hours, BEFORE):
            begun[key] = min(step.at, begun.get(key, step.at))
    return {key: found[key] for key, at in begun.items() if at <= now < at + HELPS}


def _tell_unreachable(
    session: Session, setup: Setup, key: str, periods: Sequence[DutyPeriod], now: datetime, until: datetime
) -> int:
    tree = owing.tree(session, setup.campaign.code)
    rows = owing.expected(session, [each for each in periods if each.due_at > now])
    heard = owing.with_deciders(session, setup.campaign.code)
    unheard = {unit_id for _, unit_id, state in rows if state == ObligationState.OPEN} - heard
    by_root: dict[int, list[int]] = defaultdict(list)
    for unit_id in unheard:
        for root_id in _upwards(unit_id, tree):
            by_root[root_id].append(unit_id)
    coordinators = stored.deciders(session, by_root, key, AT_ONCE, roles=(Role.COORDINATOR,))
    duties = stored.duties(session, {each.duty_id for each in periods}).values()
    first = min(setup.local(each.due_at) for each in periods)
    told = 0
    for one in coordinators:
        names = _names(by_root[one.unit_id], tree, MOST_NAMES)
        told += _tell_of_unheard(session, setup, one, key, now, until, duties=duties, first=first, **names)
    return told


def _tell_of_unheard(
    session: Session,
    setup: Setup,
    one: Membership,
    key: str,
    now: datetime,
    until: datetime,
    *,
    duties: Iterable[Duty],
    **values: Any,
) -> bool:
    account = stored.account_to_reach(session, one.person_id)
    if account is None:
        return False
    names = [duty_name(duty, account.person.language) for duty in duties]
    return say_to_account(
        session,
        setup,
        account,
        "reminders/unreachable",
        now,
        priority=Priority.REMINDER,
        key=f"{key}{one.person_id}",
        expires_at=until,
        duties=names,
        **values,
    )


def _rules(session: Session, setup: Setup) -> dict[int, DutyRule]:
    return {duty.id: rule_for(duty) for duty in obligations.duties(session, setup.campaign.code)}
