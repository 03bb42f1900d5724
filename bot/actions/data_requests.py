"""What people ask about their data: kept, answered in time, the officers reminded (decree 356/2025/NĐ-CP)."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.actions import personal_data
from bot.actions.report_forms import Wanted
from bot.buttons import Tap
from bot.campaigns import quiet_hours
from bot.documents.forms import Letterhead
from bot.documents.request_register import Entry, register_xlsx
from bot.domain.deadlines import WorkingDays
from bot.messages import Priority
from bot.setup import Setup
from bot.speech import say, say_to_person
from bot.storage import data_requests, duties, operators, units
from bot.storage.models import DataRequest, DataRequestKind, Membership, Unit

WORKING_DAYS = 2  # for the answer, those after the day on which it was asked
END_OF_DAY = time(17)
MOST_DAYS = timedelta(days=60)  # as long as days off may ever follow each other
LONGEST_WORDS = 1_000
MOST_OPEN = 5  # of one person: who asks more often is answered to the first ones
REGISTER_OF = timedelta(days=366)
KINDS = tuple(DataRequestKind)


def ask(
    session: Session,
    setup: Setup,
    who: tuple[int, str, Membership | None],
    kind: DataRequestKind,
    words: str,
    now: datetime,
) -> DataRequest:
    """Keep what somebody (person, subject, membership if any) asks.

    The officers are told; where there are none, the operators.
    """
    row = _add(session, setup, who, kind, words, now)
    officers = data_requests.officers(session, setup.campaign.code)
    for officer in officers:
        _say(session, setup, officer, row, "data_requests/came", f"data:{row.id}:came:{officer.id}", now)
    if not officers:
        _tell_operators(session, setup, row, f"data:{row.id}:came", now)
    return row


def answered_at_once(
    session: Session, setup: Setup, who: tuple[int, str, Membership | None], kind: DataRequestKind, now: datetime
) -> None:
    """He took his data along, or erased them, by himself: this is on the register, and what waited for it is done."""
    person_id, subject, _ = who
    waiting = [each for each in data_requests.of_person(session, person_id, subject) if each.answered_at is None]
    ending = [each for each in waiting if kind == DataRequestKind.ERASURE or each.kind == kind]
    for each in ending or [_add(session, setup, who, kind, "", now)]:
        each.answered_at = now
    session.flush()


def answer(session: Session, setup: Setup, row: DataRequest, words: str, by: Membership, now: datetime) -> bool | None:
    """Answer a request in words; whether the person could be told. None if it was answered before."""
    if row.answered_at is not None:
        return None
    row.answered_at, row.answered_by_id, row.answer = now, by.id, words
    values: dict[str, Any] = {"of": row.kind, "at": setup.local(row.asked_at), "answer": words}
    values["body"] = setup.campaign.body
    again = [(Tap("data_requests.again", "data.show"),)]
    return say_to_person(session, setup, row.person_id, "data_requests/answer", now, rows=again, **values)


def erase_for(session: Session, setup: Setup, row: DataRequest, by: Membership, now: datetime) -> bool:
    """Erase whoever asked for it, and tell him last of all; False if it was answered before, or asks for less."""
    person_id = row.person_id
    if row.answered_at is not None or row.kind != DataRequestKind.ERASURE or person_id is None:
        return False
    row.answered_at, row.answered_by_id = now, by.id
    session.flush()
    say_to_person(session, setup, person_id, "data_requests/erased_you", now, body=setup.campaign.body)
    personal_data.erase(session, person_id)
    return True


def may_answer(session: Session, by: Membership) -> bool:
    """Whether he is an officer of his campaign."""
    return any(each.id == by.id for each in data_requests.officers(session, by.unit.campaign))


def due_for(session: Session, setup: Setup, asked_at: datetime) -> datetime:
    """The end of the second working day after the day on which it was asked."""
    day = setup.today(asked_at)
    calendar = duties.calendar(session, setup.campaign.code, day, day + MOST_DAYS)
    return _at(setup, working_day_after(calendar, day, WORKING_DAYS))


def working_day_after(calendar: WorkingDays, day: date, number: int) -> date:
    """The working day so many working days after this day, which itself does not count."""
    last = day + MOST_DAYS
    while number and day < last:
        day += timedelta(days=1)
        number -= calendar.is_working(day)
    return day


def remind(session: Session, setup: Setup, now: datetime) -> int:
    """Remind the officers of what is due the next working day, today, or was due before: once a day; how many."""
    if quiet_hours(setup.campaign, setup.zone).covers(setup.local(now)):
        return 0
    told, today = 0, setup.today(now)
    officers = data_requests.officers(session, setup.campaign.code)
    for row in data_requests.open_ones(session, setup.campaign.code):
        row.due_at = due_for(session, setup, row.asked_at)  # the calendar may have changed since
        if today < _day_before(session, setup, row):
            continue
        key = f"data:{row.id}:{today.isoformat()}"
        told += sum(_say(session, setup, each, row, "data_requests/due", f"{key}:{each.id}", now) for each in officers)
        if not officers:
            told += _tell_operators(session, setup, row, key, now)
    return told


def table(session: Session, setup: Setup, subject: Mapping[str, int], _language: str, now: datetime) -> Wanted:
    """The register of the last year, for Excel."""
    unit = session.get_one(Unit, subject["unit"])
    rows = data_requests.all_since(session, setup.campaign.code, now - REGISTER_OF)
    entries = tuple(_entry(session, setup, row) for row in rows)
    data = (Letterhead(unit.name, setup.today(now)), unit.name, entries)
    return Wanted(register_xlsx, data, "yeu-cau-du-lieu.xlsx", "data_requests/table", {"number": len(entries)})


def _add(
    session: Session,
    setup: Setup,
    who: tuple[int, str, Membership | None],
    kind: DataRequestKind,
    words: str,
    now: datetime,
) -> DataRequest:
    person_id, subject, member = who
    row = DataRequest(campaign=setup.campaign.code, person_id=person_id, subject=subject, kind=kind, words=words)
    row.asked_at, row.due_at = now, due_for(session, setup, now)
    if member:
        row.unit_id, row.membership_id = member.unit_id, member.id
    session.add(row)
    session.flush()
    return row


def _say(
    session: Session, setup: Setup, officer: Membership, row: DataRequest, template: str, key: str, now: datetime
) -> bool:
    return say_to_person(
        session,
        setup,
        officer.person_id,
        template,
        now,
        rows=[(Tap("data_requests.show", "data.request", (row.id,), {"number": row.id}),)],
        priority=Priority.REMINDER,
        key=key,
        number=row.id,
        of=row.kind,
        name=name_of(row),
        unit=row.membership.unit.name if row.membership else None,
        due=setup.local(row.due_at),
        late=now > row.due_at,
    )


def _tell_operators(session: Session, setup: Setup, row: DataRequest, key: str, now: datetime) -> int:
    """Nobody answers for the campaign: whoever can appoint somebody hears so, without who asks for what."""
    values: dict[str, Any] = {"campaign": setup.campaign.name, "number": row.id, "due": setup.local(row.due_at)}
    return sum(
        say(
            session,
            setup,
            operators.address(each),
            "vi",
            "operate/data_request",
            now,
            key=f"{key}:{each.chat}",
            **values,
        )
        for each in operators.all_of_them(session)
    )


def name_of(row: DataRequest) -> str | None:
    """Who asks, as far as it is still known."""
    return row.membership.full_name if row.membership else None


def _day_before(session: Session, setup: Setup, row: DataRequest) -> date:
    due = setup.today(row.due_at)
    return duties.calendar(session, setup.campaign.code, due - MOST_DAYS, due).working_day_before(due)


def _at(setup: Setup, day: date) -> datetime:
    return setup.midnight(day).replace(hour=END_OF_DAY.hour)


def _entry(session: Session, setup: Setup, row: DataRequest) -> Entry:
    by = session.get(Membership, row.answered_by_id) if row.answered_by_id else None
    unit = session.get(Unit, row.unit_id) if row.unit_id else None
    return Entry(
        number=row.id,
        asked=setup.local(row.asked_at),
        kind=row.kind,
        name=name_of(row) or "",
        unit=", ".join(each.name for each in units.path(unit)) if unit else "",
        words=row.words,
        due=setup.local(row.due_at),
        answered=setup.local(row.answered_at) if row.answered_at else None,
        by=(by.full_name or "") if by else "",
        answer=row.answer or "",
    )


FORMS = {"data_requests": table}
