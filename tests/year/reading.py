"""What a message of the bot says, read out of its Vietnamese text as a person would."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tests.year.almanac import VIETNAM
from tests.year.record import Heard

REMINDER, QUOTA, DIGEST, UNREACHABLE = "🔔", "còn thiếu", "📋 Hạn nộp", "📵"
_WHEN = r"(\d\d):(\d\d) \D*?(\d+)/(\d+)/(\d{4})"
_LINE = re.compile(rf"• (?P<names>[^:]+): (?P<how>trước|đã quá hạn lúc) {_WHEN}")
_HEAD = re.compile(rf"📋 Hạn nộp: {_WHEN}")
_COUNT = re.compile(r"(\d+)/(\d+) đơn vị chưa nộp (.+)")


@dataclass(frozen=True, slots=True)
class Naming:
    """A report that a reminder named to somebody, and whether it said that the due hour was past."""

    chat: int
    at: datetime
    unit: str
    report: str
    due_at: datetime
    overdue: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """What a digest said of one report: so many of so many units did not file, and the names that it gave."""

    report: str
    due_at: datetime
    missing: int
    total: int
    names: tuple[str, ...]


def is_reminder(heard: Heard) -> bool:
    """Whether it calls somebody to do what he owes."""
    return heard.text.startswith(REMINDER) or QUOTA in heard.text.split("\n", 1)[0]


def may_not_disturb(heard: Heard) -> bool:
    """Whether it came of itself, so that it must keep the quiet hours."""
    return is_reminder(heard) or heard.text.startswith((DIGEST, UNREACHABLE))


def asks_for_posts(heard: Heard) -> bool:
    """Whether it says that posts are missing this week."""
    return is_reminder(heard) and QUOTA in heard.text


def namings(heard: Heard) -> Iterator[Naming]:
    """The reports that a reminder names."""
    if not heard.text.startswith(REMINDER):
        return
    unit = ""
    for line in heard.text.splitlines()[1:]:
        found = _LINE.match(line)
        if found is None:
            unit = line or unit
            continue
        due_at = _moment(*found.groups()[2:])
        for report in found["names"].split(", "):
            yield Naming(heard.chat, heard.at, unit, report, due_at, found["how"] != "trước")


def tallies(heard: Heard) -> list[Tally]:
    """What a digest says of each report."""
    head = _HEAD.match(heard.text)
    if head is None:
        return []
    due_at, found = _moment(*head.groups()), list[Tally]()
    for line in heard.text.splitlines()[1:]:
        if count := _COUNT.fullmatch(line):
            found.append(Tally(count[3], due_at, int(count[1]), int(count[2]), ()))
        elif line.startswith("• ") and found:
            last = found.pop()
            found.append(Tally(last.report, due_at, last.missing, last.total, (*last.names, line[2:])))
    return found


def _moment(hour: str, minute: str, day: str, month: str, year: str) -> datetime:
    return datetime(int(year), int(month), int(day), int(hour), int(minute), tzinfo=VIETNAM)
