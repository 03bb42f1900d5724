"""Long An's deadlines once more, reckoned apart from the program: due moments, days off and the hours of reminders."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
DAY = timedelta(days=1)
DUE, MORNING, WAKING, BEDTIME = time(17), time(8), time(6, 30), time(21)
NOON = time(12)
LAST_HELP = 38 * DAY  # an open report that nobody could be told of for so long is left to the digests

# Labour code of 2019, article 112, and 24/11 by the resolution on culture; Tết and the days in lieu as far as they are
# foreseen. Weekend days among them are there for completeness.
OFF = {
    *(date(2027, 1, 1), date(2027, 2, 4), date(2027, 2, 5), date(2027, 2, 8), date(2027, 2, 9), date(2027, 2, 10)),
    *(date(2027, 4, 16), date(2027, 4, 30), date(2027, 5, 3), date(2027, 9, 2), date(2027, 9, 3), date(2027, 11, 24)),
    *(date(2028, 1, 3), date(2028, 1, 24), date(2028, 1, 25), date(2028, 1, 26), date(2028, 1, 27), date(2028, 1, 28)),
    *(date(2028, 4, 4), date(2028, 5, 1), date(2028, 5, 2), date(2028, 9, 1), date(2028, 9, 4), date(2028, 11, 24)),
}
KNOWN_YEARS = (2027, 2028)


@dataclass(frozen=True, slots=True)
class Window:
    """A step of a report: told once in [begin, end), and at the first moment from `at` on at which one may speak."""

    begin: datetime
    at: datetime
    end: datetime


def is_worked(day: date) -> bool:
    """Whether people are at work; AssertionError for a year that this calendar does not know."""
    assert day.year in KNOWN_YEARS or day.year == KNOWN_YEARS[0] - 1, day
    return day.weekday() < 5 and day not in OFF


def is_quiet(at: datetime) -> bool:
    """Whether nobody may be disturbed."""
    hour = at.astimezone(VIETNAM).time()
    return hour >= BEDTIME or hour < WAKING


def may_speak(at: datetime, due_at: datetime) -> bool:
    """Whether people may be told now of what is due then."""
    today = at.astimezone(VIETNAM).date()
    return not is_quiet(at) and (is_worked(today) or today == due_at.astimezone(VIETNAM).date())


def due_moments(start: date, end: date) -> Iterator[tuple[str, datetime, datetime]]:
    """(Report, due moment, due moment of the one before) of all that is due on the days [start, end)."""
    for report in ("Báo cáo tuần", "Báo cáo tháng", "Báo cáo quý", "Báo cáo 6 tháng", "Báo cáo năm"):
        before: datetime | None = None
        day = start - 400 * DAY
        while day < end:
            if _is_due(report, day):
                due_at = datetime.combine(day, DUE, VIETNAM)
                if before and day >= start:
                    yield report, due_at, before
                before = due_at
            day += DAY


def windows(due_at: datetime, opened_at: datetime) -> list[Window]:
    """The steps of a report: 3 days, 1 day, the morning and 2 hours before; 1 and 3 days after. In order."""
    due_day = due_at.date()
    early = [_back(due_day - 3 * DAY, due_day), _back(due_day - DAY, due_day), due_day]
    steps = [_not_before(datetime.combine(day, MORNING, VIETNAM), opened_at, due_day) for day in early]
    steps.append(due_at - timedelta(hours=2))
    steps += [datetime.combine(_on(due_day + days * DAY), MORNING, VIETNAM) for days in (1, 3)]
    kept: list[datetime] = []
    for at in reversed(steps):
        if not kept or at < kept[0]:
            kept.insert(0, at)
    return [_window(at, kept[place + 1 : place + 2], due_at) for place, at in enumerate(kept)]


def quota_day(monday: date) -> date | None:
    """The day of a week on which members hear of posts they owe: Friday, or the last working day before it."""
    days = [monday + days * DAY for days in range(5)]
    return max((day for day in days if is_worked(day)), default=None)


def first_from(moments: list[datetime], start: datetime) -> int:
    """The place of the first of these ordered moments that is not before `start`."""
    return bisect_left(moments, start)


def _is_due(report: str, day: date) -> bool:
    if report == "Báo cáo tuần":
        return day.weekday() == 4
    if report == "Báo cáo năm":
        return (day.month, day.day) == (11, 20)
    months = {"Báo cáo quý": (3, 6, 9, 12), "Báo cáo 6 tháng": (6,)}.get(report, tuple(range(1, 13)))
    return day.day == 10 and day.month in months


def _window(at: datetime, following: list[datetime], due_at: datetime) -> Window:
    """Whatever must be said within one morning may be said together, from its first allowed minute on."""
    end = _begin(following[0]) if following else due_at + LAST_HELP
    return Window(_begin(at), at, min(end, due_at) if at < due_at else end)


def _begin(at: datetime) -> datetime:
    return datetime.combine(at.date(), WAKING, VIETNAM) if at.time() < NOON else at


def _back(day: date, due_day: date) -> date:
    while day != due_day and not is_worked(day):
        day -= DAY
    return day


def _on(day: date) -> date:
    while not is_worked(day):
        day += DAY
    return day


def _not_before(at: datetime, opened_at: datetime, due_day: date) -> datetime:
    if at >= opened_at:
        return at
    while opened_at.date() != due_day and not is_worked(opened_at.date()):
        opened_at += DAY
    return opened_at
