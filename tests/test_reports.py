"""What is frozen in a report, against an independent count over the rows; filing at one moment from two sides."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.actions import completeness, obligations
from bot.actions import reports as filing
from bot.actions.report_figures import Draft, draft, fingerprint, fingerprint_of, freeze, thaw
from bot.actions.reports import FiledBefore, NotAsSeen, Shown
from bot.campaigns import load
from bot.channels.base import Identity
from bot.domain.figures import MEDIA, UnitFigures, sum_counts, sum_members
from bot.setup import Setup
from bot.storage import reports
from bot.storage.db import open_engine
from bot.storage.models import Duty, Membership, MembershipState, Obligation, Post, PostState, Report, Role, Unit
from tests.databases import A_MONDAY, Postgresql, Sqlite

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SETUP = Setup(load("long_an"), ZONE, b"k" * 32, {"telegram": Identity("sotin_bot", "Sổ Tin")})
DUE = datetime(2027, 3, 5, 17, tzinfo=ZONE)
TARGETS = [None, *(target.code for target in SETUP.campaign.targets)]
KINDS = ("post", "photo", "video", "reel", "alias")


@pytest.fixture
def engine(databases: Sqlite | Postgresql) -> Iterator[Engine]:
    opened = open_engine(databases.fresh("staged"))
    with Session(opened) as session, session.begin():
        [duty] = session.scalars(select(Duty).where(Duty.code == "weekly"))
        obligations.plan_duty(session, SETUP, duty, A_MONDAY)
    yield opened
    opened.dispose()


def unit(session: Session, name: str) -> Unit:
    return session.scalars(select(Unit).where(Unit.name == name).order_by(Unit.id)).first() or pytest.fail(name)


def weekly(session: Session, name: str) -> Obligation:
    owed = select(Obligation).where(Obligation.unit == unit(session, name), Obligation.due_at == DUE)
    return session.scalars(owed).one()


def member(session: Session, of: Unit, role: Role = Role.MEMBER) -> Membership:
    made = Membership(unit=of, kind="chien_si", role=role, state=MembershipState.ACTIVE, full_name="Nguyễn Văn A")
    made.created_at = made.decided_at = A_MONDAY
    session.add(made)
    session.flush()
    return made


def post(session: Session, by: Membership, number: int, chance: Random) -> Post:
    made = Post(campaign="long_an", key=f"fb:{number}", url="", platform="facebook", kind=chance.choice(KINDS))
    made.target, made.unit_id, made.membership, made.required_tag = chance.choice(TARGETS), by.unit_id, by, ""
    made.state = chance.choice([PostState.COUNTED] * 4 + [PostState.REFUSED, PostState.NO_TEXT])
    made.handed_in_at = DUE - timedelta(hours=chance.randint(-24, 24 * 8))
    session.add(made)
    return made


def posts_at_random(session: Session) -> None:
    """Posts of some communes of a district, of the district's own people, and of another district's."""
    chance = Random(7)  # noqa: S311 -- the same posts each time
    names = ("Xã Tuyên Thạnh", "Xã Bình Hiệp", "Thị xã Kiến Tường", "Xã Thái Bình Trung")
    people = [member(session, unit(session, name)) for name in names for _ in range(3)]
    for number in range(300):
        post(session, chance.choice(people), number, chance)
    session.flush()


def seen(made: Draft, owed: Obligation, version: int = 1) -> Shown:
    return Shown(version, fingerprint(freeze(made, owed)), None)


def file(session: Session, owed: Obligation, now: datetime = DUE, version: int = 1) -> Report:
    admin = member(session, owed.unit, Role.UNIT_ADMIN)
    shown = seen(draft(session, SETUP, owed), owed, version)
    return filing.file(session, SETUP, owed, admin, shown, now)


def counted_by_hand(session: Session, ids: list[int], units: set[int] | None = None) -> Counter[tuple[str, bool]]:
    rows = [row for row in session.scalars(select(Post)) if row.id in ids and (not units or row.unit_id in units)]
    return Counter((row.target or "", row.kind in MEDIA) for row in rows)


def numbers(figures: UnitFigures) -> Counter[tuple[str, bool]]:
    posts = {(target, False): count.posts for target, count in figures.counts.items()}
    media = {(target, True): count.media for target, count in figures.counts.items()}
    return +Counter(posts | media)


def parts_add_up(figures: UnitFigures) -> bool:
    parts = [figures.own, *figures.units]
    counts = sum_counts(part.counts for part in parts) == figures.counts
    members = sum_members(part.members for part in parts) == figures.members
    return counts and members and all(map(parts_add_up, figures.units))


def test_every_figure_of_a_communes_report_equals_a_count_of_the_rows(session: Session) -> None:
    posts_at_random(session)
    owed = weekly(session, "Xã Tuyên Thạnh")
    report = file(session, owed)
    inside = [
        row.id
        for row in session.scalars(select(Post).where(Post.unit_id == owed.unit_id).order_by(Post.id))
        if row.state == PostState.COUNTED and DUE - timedelta(days=7) <= row.handed_in_at < DUE
    ]
    figures = thaw(report.figures)
    assert sorted(report.figures["posts"]) == inside != []
    assert numbers(figures) == counted_by_hand(session, inside)
    by_person = Counter(row.membership_id for row in session.scalars(select(Post)) if row.id in inside)
    assert {line.membership_id: line.total.total for line in figures.people if line.total.total} == by_person
    assert sum(figures.members.values()) == len([line for line in figures.people if line.here]) == 6


def test_a_districts_report_is_the_sum_of_its_communes_as_they_filed(session: Session) -> None:
    posts_at_random(session)
    commune = file(session, weekly(session, "Xã Tuyên Thạnh"))
    for row in session.scalars(select(Post).where(Post.unit_id == commune.obligation.unit_id)):
        row.state = PostState.WITHDRAWN
    session.flush()
    report = file(session, weekly(session, "Thị xã Kiến Tường"))
    figures, ids = thaw(report.figures), report.figures["posts"]
    assert set(commune.figures["posts"]) < set(ids)
    assert len(ids) == len(set(ids)) == figures.total.total
    assert numbers(figures) == counted_by_hand(session, ids)
    assert parts_add_up(figures)
    for part in (figures.own, *figures.units):
        assert numbers(part) == counted_by_hand(session, ids, {part.unit_id})
    assert report.figures["below"][str(commune.obligation.unit_id)]["version"] == 1


def test_what_is_frozen_stays_whatever_becomes_of_its_posts(session: Session) -> None:
    posts_at_random(session)
    report = file(session, weekly(session, "Xã Tuyên Thạnh"))
    before, hash_ = dict(report.figures), report.hash
    ids = before["posts"]
    for number, state in zip(ids, [PostState.WITHDRAWN, PostState.MERGED, PostState.REFUSED], strict=False):
        session.get_one(Post, number).state = state
    session.flush()
    session.expire_all()
    assert (report.figures, report.hash, fingerprint_of(report)) == (before, hash_, hash_)
    gone, added = filing.changes(session, SETUP, report)
    assert ([row.id for row in gone], added) == (sorted(ids[:3]), 0)


def test_a_figure_that_was_altered_does_not_fit_its_hash(session: Session) -> None:
    report = file(session, weekly(session, "Xã Tuyên Thạnh"))
    assert fingerprint_of(report) == report.hash
    report.figures = {**report.figures, "posts": [7]}
    assert fingerprint_of(report) != report.hash


def test_no_name_of_a_person_is_frozen(session: Session) -> None:
    posts_at_random(session)
    report = file(session, weekly(session, "Xã Tuyên Thạnh"))
    assert "Nguyễn" not in str(report.figures)


@pytest.mark.parametrize(("late_by", "state"), [(0, "filed"), (60, "late")])
def test_late_is_after_the_due_hour(session: Session, late_by: int, state: str) -> None:
    owed = weekly(session, "Xã Tuyên Thạnh")
    file(session, owed, DUE + timedelta(seconds=late_by))
    assert owed.state == state


def test_only_the_version_and_the_figures_that_were_seen_are_filed(session: Session) -> None:
    owed = weekly(session, "Xã Tuyên Thạnh")
    admin = member(session, owed.unit, Role.UNIT_ADMIN)
    made = draft(session, SETUP, owed)
    with pytest.raises(FiledBefore):
        filing.file(session, SETUP, owed, admin, seen(made, owed, version=2), DUE)
    with pytest.raises(NotAsSeen):
        filing.file(session, SETUP, owed, admin, Shown(1, "0" * 64, None), DUE)
    assert reports.latest(session, owed.id) is None


def test_two_admins_at_one_moment_file_once(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        owed = weekly(session, "Xã Tuyên Thạnh")
        admins = [member(session, owed.unit, Role.UNIT_ADMIN).id for _ in range(2)]
        shown, number = seen(draft(session, SETUP, owed), owed), owed.id

    def work(admin: int) -> bool:
        with Session(engine) as mine, mine.begin():
            locked = reports.locked(mine, number) or pytest.fail("the obligation is gone")
            try:
                filing.file(mine, SETUP, locked, mine.get_one(Membership, admin), shown, DUE)
            except FiledBefore:
                return False
            return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(work, admins)) == [False, True]
    with Session(engine) as session:
        assert len(session.scalars(select(Report)).all()) == 1


def test_the_numbers_of_progress_add_up_and_equal_the_rows(session: Session) -> None:
    file(session, weekly(session, "Xã Tuyên Thạnh"))
    file(session, weekly(session, "Xã Bình Hiệp"), DUE + timedelta(hours=1))
    excused = weekly(session, "Thị xã Kiến Tường")
    coordinator = member(session, unit(session, "Tỉnh Long An"), Role.COORDINATOR)
    assert completeness.excuse(session, excused, coordinator, "paper", DUE)
    assert not completeness.excuse(session, excused, coordinator, "paper", DUE)
    now = DUE + timedelta(days=1)
    for each in completeness.overview(session, SETUP, unit(session, "Tỉnh Long An"), now):
        rows = select(Obligation).where(Obligation.duty_id == each.duty.id, Obligation.period == each.period)
        states: Any = Counter(row.state for row in session.scalars(rows))
        assert each.expected == states.total() == each.filed + each.excused + each.open
        assert (each.on_time, each.late, each.excused) == (states["filed"], states["late"], states["excused"])
    table = completeness.table(session, SETUP, unit(session, "Thị xã Kiến Tường"), now)
    assert sum(each.on_time for each in table.filings) == sum(each.late for each in table.filings) == 1
    assert sum(each.expected for each in table.filings) == len(table.filings) > 3
