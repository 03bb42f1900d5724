from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from bot.documents.deadline import Deadline
from bot.documents.ics import calendar

DUE = datetime(2026, 6, 10, 17, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
MADE_ON = date(2026, 6, 1)


def events(*deadlines: Deadline, made_on: date = MADE_ON) -> list[Any]:
    return list(icalendar.Calendar.from_ical(calendar(deadlines, made_on)).walk("VEVENT"))


def test_each_deadline_is_an_event_at_its_moment_with_an_alarm_the_day_before() -> None:
    deadline = Deadline("long_an:monthly:2026-06", "Báo cáo tháng", DUE, "trước ngày 10 hằng tháng")
    [event] = events(deadline)
    assert event["uid"] == "long_an:monthly:2026-06@sotin.local"
    assert event.decoded("dtstart") == DUE == datetime(2026, 6, 10, 10, tzinfo=UTC)
    assert event["summary"] == "Hạn nộp: Báo cáo tháng"
    assert event["description"] == "trước ngày 10 hằng tháng\nHạn: 17:00 ngày 10/06/2026"
    [alarm] = event.walk("VALARM")
    assert alarm.decoded("trigger") == timedelta(days=-1)


def test_a_moved_deadline_keeps_its_id_and_overrides_the_earlier_file() -> None:
    [before] = events(Deadline("a", "Báo cáo", DUE))
    [after] = events(Deadline("a", "Báo cáo", DUE + timedelta(days=2)), made_on=MADE_ON + timedelta(days=1))
    assert before["uid"] == after["uid"]
    assert before["sequence"] < after["sequence"]
    assert before.decoded("dtstamp") < after.decoded("dtstamp")


def test_the_file_is_as_the_standard_asks() -> None:
    made = calendar([Deadline("a", "Báo cáo " + "dài " * 60, DUE)], MADE_ON)
    lines = made.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert b"DTSTART:20260610T100000Z" in lines
    assert max(map(len, lines)) <= 75


def test_a_name_cannot_add_lines_of_its_own() -> None:
    name = "x\r\nEND:VEVENT\nBEGIN:VEVENT;\\,\x00"
    [event] = events(Deadline(name, name, DUE, name))
    assert event["summary"] == "Hạn nộp: x END:VEVENT BEGIN:VEVENT;\\,"


def test_a_calendar_without_deadlines_is_a_calendar() -> None:
    assert events() == []
