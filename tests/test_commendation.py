"""The commendation list beside an independent count over the same ledger, in the chat's shape and on paper."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from bot.actions import commendation_files
from bot.actions.commendation import Commendations, commend
from bot.actions.commendation_classes import Class
from bot.actions.commendation_periods import slices, window_of
from bot.campaigns import load
from bot.domain.periods import read_period
from bot.setup import Setup
from bot.storage.models import Duty, Membership, Obligation, ObligationState, Post, Unit
from tests.documents.reading import sheet_rows, word_table
from tests.storage.ledger import member, post, unit

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LATER = datetime(2027, 7, 1, 2, tzinfo=UTC)
JANUARY = datetime(2027, 1, 4, 3, tzinfo=UTC)  # a Monday
CODE = "commended"
SETUP = Setup(load("long_an").model_copy(update={"code": CODE}), ZONE, b"k", {})
post_of = partial(post, campaign=CODE)


class Province:
    """Three communes in a district: A of two members, B of one, C without any post; and a school."""

    def __init__(self, session: Session) -> None:
        make = partial(unit, session, campaign=CODE)
        self.root = make("Tỉnh", type_="province")
        self.district = make("Huyện", self.root, type_="district")
        self.a, self.b, self.c = (make(f"Xã {name}", self.district) for name in "ABC")
        self.school = make("Trường D", self.district, type_="school")
        self.an, self.binh = member(session, self.a, "An"), member(session, self.a, "Bình")
        self.chi = member(session, self.b, "Chi")
        self.dung = member(session, self.school, "Dũng", kind="giao_duc")


@pytest.fixture
def province(session: Session) -> Province:
    return Province(session)


def hand_in(session: Session, by: Membership, number: int, *, at: datetime = JANUARY, **how: Any) -> None:
    for _ in range(number):
        post_of(session, by, at=at, **how)
    session.flush()


def listed(session: Session, province: Province, code: str = "2027Q1", now: datetime = LATER) -> Commendations:
    period = read_period(code)
    assert period
    found = commend(session, SETUP, province.root, period, now)
    assert found
    return found


def of_type(found: Commendations, type_: str) -> Class:
    rows = SETUP.campaign.unit_types
    return next(each for each in found.units if rows[int(each.code[1:])].type == type_)


def places(found: Class) -> list[tuple[int, str]]:
    return [(line.score.place, line.name) for line in found.lines]


def owed(session: Session, of: Unit, *states: ObligationState) -> None:
    duty = Duty(campaign=CODE, code=f"d{of.id}", rule={}, from_profile=True, starts_on=date(2027, 1, 1), set_at=JANUARY)
    session.add(duty)
    session.flush()
    for number, state in enumerate(states):
        at = JANUARY + timedelta(days=number)
        times = {"window_start": at, "window_end": at, "opens_at": at, "due_at": at}
        session.add(Obligation(campaign=CODE, unit_id=of.id, duty_id=duty.id, period=str(number), state=state, **times))
    session.flush()


def test_a_small_unit_stands_before_a_large_one_with_as_many_posts(session: Session, province: Province) -> None:
    hand_in(session, province.an, 3)
    hand_in(session, province.chi, 3)
    assert places(of_type(listed(session, province), "commune")) == [(1, "Xã B")]
    both = of_type(listed(session, province), "commune")
    assert (both.posts, both.others, both.other_posts) == (6, 2, 3)


def test_equals_share_a_place_and_nobody_without_posts_is_named(session: Session, province: Province) -> None:
    hand_in(session, province.an, 2)
    hand_in(session, province.binh, 2)
    hand_in(session, province.chi, 2)
    found = of_type(listed(session, province), "commune")
    assert places(found) == [(1, "Xã A"), (1, "Xã B")]
    assert found.others == 1


def test_units_are_compared_with_their_peers_alone(session: Session, province: Province) -> None:
    hand_in(session, province.an, 9)
    hand_in(session, province.dung, 1)
    assert places(of_type(listed(session, province), "school")) == [(1, "Trường D")]


def test_reports_on_time_count_and_excused_ones_are_not_owed(session: Session, province: Province) -> None:
    hand_in(session, province.chi, 1)
    states = ObligationState
    owed(session, province.b, states.FILED, states.LATE, states.OPEN, states.FILED, states.EXCUSED, states.CLOSED)
    [line] = of_type(listed(session, province), "commune").lines
    assert (line.score.tally.on_time, line.score.tally.due) == (2, 4)


def test_the_period_before_is_as_much_of_it_as_has_passed_of_this_one(session: Session, province: Province) -> None:
    hand_in(session, province.chi, 2)
    hand_in(session, province.chi, 1, at=datetime(2026, 10, 3, tzinfo=UTC))
    hand_in(session, province.chi, 5, at=datetime(2026, 12, 30, tzinfo=UTC))
    week = datetime(2027, 1, 8, tzinfo=UTC)
    [so_far] = of_type(listed(session, province, now=week), "commune").lines
    [over] = of_type(listed(session, province), "commune").lines
    assert (so_far.score.tally.before, over.score.tally.before) == (1, 6)
    assert listed(session, province, now=week).running


def test_who_was_not_there_before_is_not_compared_with_then(session: Session, province: Province) -> None:
    province.b.opened_on = date(2026, 11, 1)
    hand_in(session, province.chi, 1)
    session.flush()
    [line] = of_type(listed(session, province), "commune").lines
    assert line.score.tally.before is None
    assert "improvement" not in line.score.parts


def test_whole_weeks_in_which_the_quota_was_reached_are_counted(session: Session, province: Province) -> None:
    for weeks in (0, 0, 1, 5):
        hand_in(session, province.chi, 1, at=JANUARY + timedelta(weeks=weeks))
    found = next(each for each in listed(session, province).people for line in each.lines if line.name == "Chi")
    [line] = found.lines
    assert (line.score.tally.reached, line.score.tally.quotas) == (3, 12)  # from Monday 4 January to Sunday 28 March


def test_who_asks_not_to_be_named_is_counted_and_keeps_his_place(session: Session, province: Province) -> None:
    hand_in(session, province.an, 5)
    hand_in(session, province.binh, 4)
    hand_in(session, province.chi, 1)
    hand_in(session, member(session, province.c, "Giang"), 1)
    province.an.named = False
    session.flush()
    [people] = listed(session, province).people
    assert places(people) == [(2, "Bình")]
    assert (people.posts, people.others) == (11, 3)
    assert of_type(listed(session, province), "commune").posts == 11


def test_of_each_class_only_those_are_named_who_are_shown(session: Session, province: Province) -> None:
    for number, by in enumerate((province.an, province.binh, province.chi), 3):
        hand_in(session, by, number)
    period = read_period("2027Q1")
    assert period
    pages = [commend(session, SETUP, province.root, period, LATER, slice(at, at + 1)) for at in range(3)]
    whole = listed(session, province).people[0]
    assert [line.name for found in pages if found for line in found.people[0].lines] == [
        one.name for one in whole.lines
    ]
    assert {(page.people[0].number, page.people[0].posts) for page in pages if page} == {
        (len(whole.lines), whole.posts)
    }


def test_who_left_or_was_erased_is_counted_and_not_named(session: Session, province: Province) -> None:
    hand_in(session, province.an, 5)
    province.an.full_name, province.an.state = None, "erased"
    session.flush()
    [people] = listed(session, province).people
    assert (people.lines, people.posts, people.others) == ((), 5, 1)


def test_every_sum_is_that_of_the_ledger(session: Session, province: Province) -> None:
    for number, by in enumerate((province.an, province.binh, province.chi, province.dung)):
        hand_in(session, by, number + 2, at=JANUARY + timedelta(days=9 * number))
        hand_in(session, by, 1, state="refused")
        hand_in(session, by, 1, at=datetime(2027, 4, 1, tzinfo=ZONE))
    found = listed(session, province)
    ledger = [each for each in session.query(Post) if each.campaign == CODE and each.state == "counted"]
    inside = [each for each in ledger if each.handed_in_at < datetime(2027, 4, 1, tzinfo=ZONE)]
    communes = {province.a.id, province.b.id, province.c.id}
    assert of_type(found, "commune").posts == sum(each.unit_id in communes for each in inside)
    assert sum(each.posts for each in found.people) == len(inside)


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_the_paper_says_what_the_ledger_says(session: Session, province: Province, ending: str) -> None:
    hand_in(session, province.an, 3)
    hand_in(session, province.binh, 1)
    hand_in(session, province.chi, 7, kind="photo")
    hand_in(session, province.dung, 2)
    owed(session, province.b, ObligationState.FILED, ObligationState.LATE)
    period = read_period("2027Q1")
    assert period
    subject = commendation_files.subject_of(province.root, period)
    wanted = commendation_files.FORMS[f"commendation_{ending}"](session, SETUP, subject, "vi", LATER)
    made = wanted.function(*wanted.args)
    rows = word_table(made) if ending == "docx" else sheet_rows(made, "Khen thưởng")
    table = [["" if cell is None else str(cell) for cell in row] for row in rows]
    by_unit = Counter(each.unit_id for each in session.query(Post) if each.campaign == CODE)
    [line] = [row for row in table if row[1:2] == ["Xã B"]]
    assert (line[0], line[2], line[4]) == ("1", str(by_unit[province.b.id]), "1/2")
    sums = [int(row[2]) for row in table if row[1:2] == ["Cộng"]]
    of_people = [by_unit[province.a.id] + by_unit[province.b.id], by_unit[province.school.id]]
    assert sorted(sums[-2:]) == sorted(of_people)
    assert "Xã C" not in {row[1] for row in table if len(row) > 1}


def test_a_period_to_come_has_no_list(session: Session, province: Province) -> None:
    period = read_period("2028Q1")
    assert period
    assert commend(session, SETUP, province.root, period, LATER) is None
    with pytest.raises(LookupError):
        commendation_files.paper(
            session, SETUP, commendation_files.subject_of(province.root, period), "vi", LATER, ending="docx"
        )


def test_time_is_cut_at_mondays_and_at_the_first_of_a_month() -> None:
    cuts = slices(datetime(2027, 1, 1, tzinfo=ZONE), datetime(2027, 2, 10, tzinfo=ZONE))
    assert [each.day for each in cuts.starts] == [1, 4, 11, 18, 25, 1, 8]
    assert [first.day for first, _ in cuts.whole["week"]] == [4, 11, 18, 25, 1]
    assert [(first.month, len(pieces)) for first, pieces in cuts.whole["month"]] == [(1, 5)]


def test_a_period_that_is_over_is_compared_with_the_whole_one_before() -> None:
    period = read_period("2027Q1")
    assert period
    window = window_of(SETUP, period, LATER)
    assert (window.before_until, window.until) == (window.start, datetime(2027, 4, 1, tzinfo=ZONE))
