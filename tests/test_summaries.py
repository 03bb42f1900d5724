"""When a weekly summary is told, to whom, and what it counts; who may tie a group to a unit."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from bot.actions import group_links, obligations, summaries
from bot.actions.summaries import summarise, summarise_all
from bot.actions.weekly import end_of, tell_week, told_on, waiting_recipients
from bot.campaigns import Quota, load
from bot.channels.base import Identity
from bot.domain.figures import ZERO
from bot.domain.links import Kind
from bot.messages import Address
from bot.setup import Setup
from bot.storage import people
from bot.storage.db import open_engine
from bot.storage.models import Group, Membership, MembershipState, OutboxRow, Post, PostState, Role, Unit
from handlers import command_menu
from tests.databases import Postgresql, Sqlite

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FRIDAY = date(2027, 3, 5)
AT_FOUR = datetime(2027, 3, 5, 16, tzinfo=ZONE).astimezone(UTC)
SETUP = Setup(load("long_an"), ZONE, b"k" * 32, {"telegram": Identity("sotin_bot", "https://t.me/sotin_bot?start=")})


def with_campaign(**changes: object) -> Setup:
    return replace(SETUP, campaign=SETUP.campaign.model_copy(update=changes))


@pytest.fixture
def session(databases: Sqlite | Postgresql) -> Iterator[Session]:
    engine = open_engine(databases.fresh("staged"))
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def unit(session: Session, name: str) -> Unit:
    return session.scalars(select(Unit).where(Unit.name == name).order_by(Unit.id)).first() or Unit()


def member(session: Session, name: str) -> Membership:
    return session.scalars(select(Membership).where(Membership.full_name == name)).one()


def enrol(session: Session, number: int, where: Unit, role: Role = Role.MEMBER) -> Membership:
    account = people.add_person(session, Address("telegram", f"9{number}"), "vi", AT_FOUR)
    made = Membership(person=account.person, unit=where, full_name=f"Người {number}", kind="chien_si", role=role)
    made.state, made.created_at = MembershipState.ACTIVE, AT_FOUR - timedelta(days=30)
    session.add(made)
    session.flush()
    return made


def post(session: Session, by: Membership, number: int, ago: timedelta = timedelta(hours=1), **fields: object) -> None:
    usual: dict[str, object] = {"target": "mien_dong", "kind": Kind.POST, "state": PostState.COUNTED}
    made = Post(campaign="long_an", key=f"fb:{number}", url="", platform="facebook", required_tag="", **usual | fields)
    made.unit_id, made.membership, made.handed_in_at = by.unit_id, by, AT_FOUR - ago
    session.add(made)
    session.flush()


def group(session: Session, by: Membership | None, number: int = 1) -> Group:
    made = Group(channel="telegram", chat=f"-{number}", title="", added_at=AT_FOUR, present=True)
    if by:
        made.unit_id, made.linked_by_id = by.unit_id, by.id
    session.add(made)
    session.flush()
    return made


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2027-03-04 16:00", None),
        ("2027-03-05 15:59", None),
        ("2027-03-05 16:00", FRIDAY),
        ("2027-03-05 20:59", FRIDAY),
        ("2027-03-05 21:00", None),  # quiet hours
        ("2027-03-06 06:59", None),
        ("2027-03-06 07:00", FRIDAY),
        ("2027-03-06 11:59", FRIDAY),
        ("2027-03-06 12:00", None),
        ("2027-03-07 08:00", None),
    ],
)
def test_it_is_told_on_friday_or_the_morning_after(at: str, told: date | None) -> None:
    assert told_on(SETUP, datetime.fromisoformat(at).replace(tzinfo=ZONE)) == told


def test_it_is_not_told_in_the_quiet_hours_of_the_campaign() -> None:
    setup = with_campaign(quiet_hours=(time(19), time(8, 30)))
    hours = ("2027-03-05 18:59", "2027-03-05 19:00", "2027-03-06 08:29", "2027-03-06 08:30")
    told = [told_on(setup, datetime.fromisoformat(at).replace(tzinfo=ZONE)) for at in hours]
    assert told == [FRIDAY, None, None, FRIDAY]


def test_a_campaign_may_choose_another_day_also_one_before_a_monday() -> None:
    setup = with_campaign(summary_weekday="SU")
    monday = datetime(2027, 3, 8, 8, tzinfo=ZONE)
    assert told_on(setup, monday) == date(2027, 3, 7)
    assert setup.local(end_of(setup, date(2027, 3, 7), monday)).isoformat() == "2027-03-07T23:59:59.999999+07:00"


def test_the_places_add_up_to_the_total_however_many_there_are(session: Session) -> None:
    alice = member(session, "Alice")
    targets = [SETUP.campaign.targets[0].model_copy(update={"code": f"t{number}"}) for number in range(12)]
    for number, each in enumerate(targets):
        for more in range(number + 1):
            post(session, alice, 100 * number + more, target=each.code, kind=Kind.PHOTO if more % 2 else Kind.POST)
    post(session, alice, 9_999, target=None)
    found = summarise(session, with_campaign(targets=tuple(targets)), alice.unit, AT_FOUR)
    assert len(found.places) == summaries.MOST_PLACES + 1
    assert found.places[-1][0] is None
    assert sum((count for _, count in found.places), ZERO) == found.total
    assert found.total.total == 79


def test_only_what_counts_and_falls_into_the_week_is_counted(session: Session) -> None:
    alice = member(session, "Alice")
    hours = {1: 1, 2: 4 * 24 + 15, 3: 4 * 24 + 16, 4: 4 * 24 + 17, 5: 7 * 24 - 1, 6: 7 * 24 + 1}
    for number, ago in hours.items():
        post(session, alice, number, timedelta(hours=ago))
    post(session, alice, 7, state=PostState.TAG_WRONG)
    found = summarise(session, SETUP, alice.unit, AT_FOUR)
    assert (found.total.total, found.before.total, found.more) == (3, 1, 2)


def test_a_quota_of_members_tells_how_many_reached_it(session: Session) -> None:
    alice = member(session, "Alice")
    others = [enrol(session, number, alice.unit) for number in range(3)]
    for number, by in enumerate((alice, alice, others[0])):
        post(session, by, number)
    quota = Quota(who="member", per="week", at_least=2)
    [line] = summarise(session, with_campaign(quotas=(quota,)), alice.unit, AT_FOUR).quotas
    assert (line.reached, line.of) == (1, 5)  # Bob is the fifth


def test_those_furthest_from_their_quota_are_named_first_and_only_those_of_the_unit_itself(session: Session) -> None:
    alice = member(session, "Alice")
    others = [enrol(session, number, alice.unit) for number in range(4)]
    for number, by in enumerate((alice, alice, others[0])):
        post(session, by, number)
    changed = with_campaign(quotas=(Quota(who="member", per="week", at_least=2),))
    [line] = summarise(session, changed, alice.unit, AT_FOUR).quotas
    assert (line.reached, line.of, line.bar) == (1, 6, "▓░░░░░")
    assert (line.behind, line.more) == (("Bob", "Người 1", "Người 2"), 2)
    assert alice.unit.parent
    [above] = summarise(session, changed, alice.unit.parent, AT_FOUR).quotas
    assert (above.reached, above.behind) == (1, ())


def test_a_quota_of_units_counts_what_each_has_itself(session: Session) -> None:
    alice = member(session, "Alice")
    for number in range(2):
        post(session, alice, number, timedelta(days=4, hours=20 * number))
    above = alice.unit.parent
    assert above
    quota = Quota(who="unit", per="month", at_least=2)
    [line] = summarise(session, with_campaign(quotas=(quota,)), above, AT_FOUR).quotas
    assert line.reached == 0  # the second post is of February
    post(session, alice, 3)
    [line] = summarise(session, with_campaign(quotas=(quota,)), above, AT_FOUR).quotas
    assert line.reached == 1
    assert line.of == 1 + len(session.scalars(select(Unit).where(Unit.parent_id == above.id)).all())


def test_those_who_stay_unnamed_make_room_for_the_next(session: Session) -> None:
    where = member(session, "Alice").unit
    for number in range(5):
        by = enrol(session, number, where)
        by.named = number != 1
        for more in range(9 - number):
            post(session, by, 10 * number + more)
    found = summarise(session, SETUP, where, AT_FOUR)
    assert [each.name for each in found.praised] == ["Người 0", "Người 2", "Người 3"]


def test_communes_stand_beside_communes_and_districts_beside_districts(session: Session) -> None:
    communes = session.scalars(select(Unit).where(Unit.type == "commune").order_by(Unit.id).limit(5)).all()
    for number, where in enumerate(communes):
        by = enrol(session, number, where)
        for more in range(number + 1):
            post(session, by, 10 * number + more)
    found = summarise(session, SETUP, unit(session, "Tỉnh Long An"), AT_FOUR)
    boards = {board.type.type: board.best for board in found.boards}
    assert list(boards) == ["district", "commune"]
    assert [each.name for each in boards["commune"]] == [each.name for each in reversed(communes)][:3]


def test_reports_that_are_due_at_one_hour_stand_together(session: Session) -> None:
    obligations.plan(session, SETUP, AT_FOUR)
    found = summarise(session, SETUP, member(session, "Alice").unit, AT_FOUR)
    assert [f"{each.at:%d/%m %H:%M}" for each in found.due] == ["05/03 17:00", "10/03 17:00", "12/03 17:00"]
    assert [duty["code"] for duty in found.due[1].duties] == ["monthly", "quarterly"]


def test_who_administers_two_units_gets_one_summary_that_of_the_newer(session: Session) -> None:
    bob = member(session, "Bob")
    other = unit(session, "Huyện Tân Trụ")
    session.add(
        Membership(
            person_id=bob.person_id,
            unit=other,
            full_name="Bob",
            kind="can_bo",
            role=Role.UNIT_ADMIN,
            state=MembershipState.ACTIVE,
            created_at=AT_FOUR,
        )
    )
    session.flush()
    waiting = waiting_recipients(session, SETUP, FRIDAY)
    assert [each.to.chat for each in waiting[other.id]] == ["2003"]
    assert bob.unit_id not in waiting


def test_however_often_the_job_runs_each_gets_one(session: Session) -> None:
    bob = member(session, "Bob")
    for number in range(25):
        group(session, bob, number + 1)
    while tell_week(session, SETUP, AT_FOUR):
        pass
    assert tell_week(session, SETUP, AT_FOUR + timedelta(hours=2)) == 0
    chats = session.scalars(select(OutboxRow.chat)).all()
    assert len(chats) == len(set(chats)) == 27
    keys = set(session.scalars(select(OutboxRow.key)))
    assert {f"summary:2027-09:person:{bob.person_id}", "summary:2027-09:group:1"} <= keys


def test_the_weeks_of_many_units_take_no_more_statements_than_that_of_one(session: Session) -> None:
    quotas = (Quota(who="member", per="week", at_least=1), Quota(who="unit", per="month", at_least=2))
    setup = with_campaign(quotas=quotas)
    ids = list(session.scalars(select(Unit.id)))
    asked = [statements_of(session, setup, some) for some in (ids[:1], ids)]
    assert asked[0] == asked[1]


def statements_of(session: Session, setup: Setup, unit_ids: list[int]) -> int:
    asked: list[str] = []

    def listen(*args: object) -> None:
        asked.append(str(args[2]))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", listen)
    summarise_all(session, setup, unit_ids, AT_FOUR)
    event.remove(connection, "before_cursor_execute", listen)
    return len(asked)


def test_each_unit_has_the_same_week_alone_as_among_all(session: Session) -> None:
    where = member(session, "Alice").unit
    for number in range(4):
        by = enrol(session, number, where if number % 2 else unit(session, "Huyện Tân Trụ"))
        post(session, by, number, timedelta(days=2 * number), kind=Kind.PHOTO if number % 2 else Kind.POST)
    obligations.plan(session, SETUP, AT_FOUR)
    found = summarise_all(session, SETUP, session.scalars(select(Unit.id)).all(), AT_FOUR)
    for each in (where, where.parent or where, unit(session, "Huyện Tân Trụ"), unit(session, "Tỉnh Long An")):
        assert summarise(session, SETUP, each, AT_FOUR) == found[each.id]


def test_a_closed_unit_gets_nothing_and_its_group_is_free(session: Session) -> None:
    bob = member(session, "Bob")
    linked = group(session, bob)
    bob.unit.closed_on = FRIDAY
    session.flush()
    assert bob.unit_id not in waiting_recipients(session, SETUP, FRIDAY)
    assert group_links.unit_of(session, SETUP, linked, AT_FOUR) is None


def test_a_link_is_settled_once_and_only_for_who_is_an_admin_still(session: Session) -> None:
    bob, asked = member(session, "Bob"), group(session, None)
    group_links.ask(asked, bob)
    bob.role = Role.MEMBER
    group_links.settle(session, SETUP, asked.id, {"2003"}, AT_FOUR)
    assert (asked.unit_id, asked.linked_by_id) == (None, None)
    bob.role = Role.UNIT_ADMIN
    group_links.ask(asked, bob)
    for admins in ({"2003"}, {"1"}, None):  # a second replica's answer comes too late
        group_links.settle(session, SETUP, asked.id, admins, AT_FOUR)
    assert asked.unit_id == bob.unit_id
    assert len(session.scalars(select(OutboxRow.id)).all()) == 1


def test_groups_have_a_menu_of_their_own_in_both_languages() -> None:
    menu = command_menu()
    assert [name for name, _ in menu["group", ""]] == ["tongket", "lienket", "trogiup"]
    assert [name for name, _ in menu["group", "en"]] == ["summary", "link", "help"]
