"""Deadlines as a calendar file (RFC 5545) for the calendars of phones and offices."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.documents.deadline import Deadline
from bot.documents.plain import plain

if TYPE_CHECKING:
    from icalendar import Event

_PRODUCT = "-//So Tin//Deadlines//VI"
_DOMAIN = "sotin.local"
_ALARM = timedelta(days=-1)


def calendar(deadlines: Iterable[Deadline], made_on: date, name: str = "Hạn báo cáo") -> bytes:
    """An .ics with one event for each deadline and an alarm the day before.

    A file made on a later day moves the events of an earlier one, as each keeps its UID and has a higher SEQUENCE.
    Times are in UTC, which every calendar turns into the reader's own time.
    """
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", plain(name))
    for deadline in deadlines:
        made.add_component(_event(deadline, made_on))
    return bytes(made.to_ical())


def _event(deadline: Deadline, made_on: date) -> "Event":
    from icalendar import Alarm, Event

    event, alarm = Event(), Alarm()
    event.add("uid", f"{plain(deadline.key)}@{_DOMAIN}")
    event.add("dtstamp", datetime.combine(made_on, time(), UTC))
    event.add("sequence", (made_on - date(2020, 1, 1)).days)
    event.add("dtstart", deadline.due_at.astimezone(UTC))
    event.add("summary", f"Hạn nộp: {plain(deadline.name)}")
    event.add("description", f"{plain(deadline.wording)}\nHạn: {deadline.due_at:%H:%M ngày %d/%m/%Y}".strip())
    event.add("transp", "TRANSPARENT")
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"Ngày mai đến hạn: {plain(deadline.name)}")
    alarm.add("trigger", _ALARM)
    event.add_component(alarm)
    return event
