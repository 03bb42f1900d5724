"""A month of the simulated year on both databases, and that the judge finds each fault that is put into its record."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.databases import Postgresql, Sqlite
from tests.year.almanac import VIETNAM, due_moments, windows
from tests.year.checker import Checker
from tests.year.driver import Size, Year
from tests.year.reading import is_reminder
from tests.year.record import Heard, Place, Record, Settled, Somebody

LOOKS = ((0, 40), (8, 15), (15, 20), (18, 20))
SHORT = Size(units=12, members=30, days=30, kills=4, seed=4, looks=LOOKS)
TUESDAY, THURSDAY, FRIDAY = (datetime(2027, 3, day, 8, 10, tzinfo=VIETNAM) for day in (2, 4, 5))
DUE = datetime(2027, 3, 5, 17, tzinfo=VIETNAM)
BOB, DUNG = 7, 8
HOUR = timedelta(hours=1)


async def test_a_month_of_kills_and_downtimes_loses_doubles_and_misplaces_no_reminder(
    databases: Sqlite | Postgresql,
) -> None:
    record = await Year(databases.fresh("empty"), SHORT).run()
    findings = Checker(record).check()
    assert findings.faults == {kind: [] for kind in findings.faults}
    assert findings.demanded > 200
    assert findings.named > 200
    assert findings.quotas > 20
    assert findings.told > 10


def reminder(at: datetime, left: str) -> Heard:
    line = f"• Báo cáo tuần: trước 17:00 thứ Sáu 5/3/2027 ({left})"
    return Heard(BOB, at, f"🔔 Nhắc nộp báo cáo\n\nXã Một\n{line}")


def a_week() -> Record:
    """Xã Một's Bob is told on Tuesday, Thursday and Friday, and files on Friday at noon; the coordinator hears of two
    units of which one did not file."""
    monday = datetime(2027, 3, 1, 9, tzinfo=VIETNAM)
    places = [Place("Tỉnh", None, False), Place("Xã Một", "Tỉnh", True), Place("Xã Hai", "Tỉnh", True)]
    bob = Somebody(BOB, "Xã Một", True, monday - HOUR, posts=[monday])
    dung = Somebody(DUNG, "Tỉnh", True, monday - HOUR, posts=[monday])
    digest = "📋 Hạn nộp: 17:00 thứ Sáu 5/3/2027\n\n1/2 đơn vị chưa nộp Báo cáo tuần\n• Xã Hai"
    heard = [reminder(TUESDAY, "còn 3 ngày"), reminder(THURSDAY, "ngày mai"), reminder(FRIDAY, "hôm nay")]
    heard.append(Heard(DUNG, DUE + HOUR, digest))
    settled = [Settled("Xã Một", "Báo cáo tuần", DUE, DUE - 5 * HOUR)]
    up = [TUESDAY, THURSDAY, FRIDAY, DUE + HOUR]
    return Record(monday, monday + timedelta(days=4, hours=12), places, [bob, dung], settled, up, heard)


def without_thursday(record: Record) -> Record:
    return replace(record, heard=[heard for heard in record.heard if heard.at != THURSDAY])


def thursday_again(record: Record) -> Record:
    return replace(record, heard=[*record.heard, reminder(THURSDAY + 5 * HOUR, "ngày mai")])


def two_of_one_morning(record: Record) -> Record:
    return replace(record, heard=[*record.heard, reminder(THURSDAY + HOUR, "ngày mai")])


def in_the_night(record: Record) -> Record:
    return replace(record, heard=[*record.heard, Heard(DUNG, FRIDAY + 15 * HOUR, record.heard[-1].text)])


def thursday_in_the_night(record: Record) -> Record:
    moved = [replace(each, at=each.at + 15 * HOUR) if each.at == THURSDAY else each for each in record.heard]
    return replace(record, heard=moved)


def after_it_was_filed(record: Record) -> Record:
    return replace(record, heard=[*record.heard, reminder(DUE - 2 * HOUR, "hôm nay")])


def to_somebody_else(record: Record) -> Record:
    return replace(record, heard=[*record.heard, replace(reminder(TUESDAY, "còn 3 ngày"), chat=DUNG)])


def as_still_coming(record: Record) -> Record:
    late = Heard(BOB, DUE + HOUR, reminder(DUE, "hôm nay").text)
    return replace(record, settled=[], heard=[*record.heard[:-1], late])


def a_wrong_name(record: Record) -> Record:
    told = record.heard[-1]
    return replace(record, heard=[*record.heard[:-1], replace(told, text=told.text.replace("Xã Hai", "Xã Một"))])


def no_post(record: Record) -> Record:
    return replace(record, people=[replace(each, posts=[]) for each in record.people])


def test_the_judge_has_nothing_against_a_week_as_it_should_be() -> None:
    findings = Checker(a_week()).check()
    assert findings.wrong == {}
    assert (findings.reminders, findings.named, findings.told, findings.demanded) == (3, 3, 1, 3)


@pytest.mark.parametrize(
    ("doctor", "wrong"),
    [
        (without_thursday, {"lost": 1}),
        (thursday_again, {"twice": 1}),
        (two_of_one_morning, {"twice": 2}),
        (in_the_night, {"quiet": 1}),
        (thursday_in_the_night, {"lost": 1, "quiet": 1, "out_of_turn": 1}),
        (after_it_was_filed, {"unfounded": 1}),
        (to_somebody_else, {"unfounded": 1}),
        (as_still_coming, {"out_of_turn": 1}),
        (a_wrong_name, {"digests": 1}),
        (no_post, {"lost": 2}),
    ],
)
def test_the_judge_finds_what_was_put_wrong_in_the_record(
    doctor: Callable[[Record], Record], wrong: dict[str, int]
) -> None:
    assert Checker(doctor(a_week())).check().wrong == wrong


@pytest.mark.parametrize("chat", {heard.chat for heard in a_week().heard if is_reminder(heard)})
def test_every_single_reminder_that_is_taken_away_is_missed(chat: int) -> None:
    week = a_week()
    for taken in [heard for heard in week.heard if heard.chat == chat]:
        left = replace(week, heard=[heard for heard in week.heard if heard is not taken])
        assert Checker(left).check().wrong == {"lost": 1}


def test_reports_that_fall_on_a_day_off_keep_it_and_are_reminded_of_before() -> None:
    friday = datetime(2027, 4, 30, 17, tzinfo=VIETNAM)  # Reunification Day; Monday is off for 1 May, a Saturday
    steps = [step.at for step in windows(friday, friday - timedelta(days=7))]
    assert [f"{at:%a %d/%m %H}" for at in steps] == [
        "Tue 27/04 08",
        "Thu 29/04 08",
        "Fri 30/04 08",
        "Fri 30/04 15",
        "Tue 04/05 08",
    ]


def test_three_reports_fall_on_the_tenth_of_june() -> None:
    june = date(2027, 6, 10)
    due = {report for report, _, _ in due_moments(june, june + timedelta(days=1))}
    assert due == {"Báo cáo tháng", "Báo cáo quý", "Báo cáo 6 tháng"}
