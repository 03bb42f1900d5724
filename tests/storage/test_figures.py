"""The figures beside an independent count in Python over the same rows, on both databases."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.domain.figures import ZERO, Count, MemberLine, UnitFigures
from bot.domain.links import Kind
from bot.storage.contributors import Contributor, top_contributors
from bot.storage.db import Database
from bot.storage.figures import Behind, counts_by_week, drill_down, figures, part_of, posts_of
from bot.storage.models import MembershipState, PostState, Unit
from tests.storage.ledger import (
    DAY,
    END,
    MORROW,
    PICTURES_AND_FILMS,
    START,
    TARGETS,
    Ledger,
    counted,
    member,
    post,
    unit,
)


@pytest.fixture
def session(db: Database) -> Iterator[Session]:
    with db.transaction() as opened:
        yield opened


def of_week(session: Session, root: Unit, day: date = DAY, *, named: bool = True) -> UnitFigures:
    return figures(session, "own", root.id, START, END, day, named=named)


def posts_of_week(session: Session, *roots: Unit) -> dict[int, UnitFigures]:
    return posts_of(session, "own", part_of(session, [each.id for each in roots], DAY), START, END)


def everything(found: UnitFigures) -> Iterator[UnitFigures]:
    yield found
    for each in found.units:
        yield from everything(each)


def names(found: UnitFigures) -> list[str]:
    return [each.name for each in everything(found)]


@pytest.fixture(params=range(3))
def ledger(session: Session, request: pytest.FixtureRequest) -> Ledger:
    return Ledger(session, request.param)


def test_all_figures_are_those_of_an_independent_count(session: Session, ledger: Ledger) -> None:
    for found in everything(of_week(session, ledger.units[0])):
        inside = ledger.within(session.get_one(Unit, found.unit_id))
        assert found.members == Counter(each.kind for each in ledger.members_of(inside))
        for target in TARGETS:
            posts = [each for each in ledger.posts_of(inside) if each.target == target]
            assert found.counts.get(target or "", ZERO) == counted(posts)


def test_all_people_are_named_with_their_own_posts(session: Session, ledger: Ledger) -> None:
    for found in everything(of_week(session, ledger.units[0])):
        posts = ledger.posts_of({found.unit_id})
        here = {each.id for each in ledger.members_of({found.unit_id})}
        assert {line.membership_id for line in found.people if line.here} == here
        assert {line.membership_id for line in found.people} == here | {each.membership_id for each in posts}
        for line in found.people:
            assert line.total == counted([each for each in posts if each.membership_id == line.membership_id])


def test_all_units_are_shown_that_live_or_have_posts_and_those_above_them(session: Session, ledger: Ledger) -> None:
    root = ledger.units[0]
    worth_showing = ledger.alive() | {each.unit_id for each in ledger.posts_of(ledger.within(root))}
    expected = {each.id for each in ledger.units if ledger.within(each) & worth_showing}
    found = [each.unit_id for each in everything(of_week(session, root))]
    assert (len(found), set(found)) == (len(expected), expected)


def test_figures_without_names_are_the_same_figures(session: Session, ledger: Ledger) -> None:
    named, unnamed = (everything(of_week(session, ledger.units[0], named=named)) for named in (True, False))
    assert [replace(each, people=(), units=()) for each in named] == [replace(each, units=()) for each in unnamed]


def test_every_unit_alone_has_the_figures_it_has_within_the_whole(session: Session, ledger: Ledger) -> None:
    for found in everything(of_week(session, ledger.units[0])):
        assert of_week(session, session.get_one(Unit, found.unit_id)) == found


def test_units_asked_for_together_have_the_figures_that_each_has_alone(session: Session, ledger: Ledger) -> None:
    alone = {each.id: posts_of_week(session, each)[each.id] for each in ledger.units}
    draw = Random(7)  # noqa: S311 -- nothing secret is drawn
    batches: list[Sequence[Unit]] = [ledger.units, *(draw.sample(ledger.units, 4) for _ in range(12))]
    for batch in batches:
        found = posts_of_week(session, *batch)
        assert {each.id: found[each.id] for each in batch} == {each.id: alone[each.id] for each in batch}


def test_posts_below_a_unit_that_is_not_open_yet_count_above_it_whoever_else_is_asked_for(session: Session) -> None:
    province = unit(session, "province")
    commune = unit(session, "commune", unit(session, "district", province, opened_on=MORROW))
    post(session, member(session, commune))
    for batch in ([province], [province, commune]):
        found = posts_of_week(session, *batch)[province.id]
        assert (found.total, names(found)) == (Count(1), ["province", "district", "commune"])


def test_a_closed_unit_that_is_asked_for_is_not_shown_above_it_without_posts(session: Session) -> None:
    province = unit(session, "province")
    closed = unit(session, "closed", province, closed_on=DAY)
    found = posts_of_week(session, province, closed)
    assert (names(found[province.id]), names(found[closed.id])) == (["province"], ["closed"])


def test_behind_every_figure_there_are_just_as_many_posts(session: Session, ledger: Ledger) -> None:
    for found, target, media in product(everything(of_week(session, ledger.units[0])), TARGETS, (True, False)):
        code = target or ""
        behind = Behind("own", found.unit_id, START, END, targets=(code,), media=media)
        figure, own = (each.counts.get(code, ZERO) for each in (found, found.own))
        assert len(drill_down(session, behind, 0, 999)) == (figure.media if media else figure.posts)
        alone = drill_down(session, replace(behind, below=False), 0, 999)
        assert len(alone) == (own.media if media else own.posts)


def test_a_week_of_a_chart_is_the_units_own_figure_of_that_week(session: Session, ledger: Ledger) -> None:
    root, starts = ledger.units[0], [START - timedelta(days=7), START, END]
    found = counts_by_week(session, "own", [each.id for each in ledger.units], starts)
    for at, start in enumerate(starts):
        week = figures(session, "own", root.id, start, start + timedelta(days=7), DAY)
        assert week.total.total
        for each in everything(week):
            drawn = {code: count for code, count in each.own.counts.items() if count.total}
            assert found[each.unit_id][at] == drawn
        shown = {each.unit_id for each in everything(week)}
        assert all(unit_id in shown or not weeks[at] for unit_id, weeks in found.items())


def test_photos_videos_and_reels_are_media_and_all_else_is_posts(session: Session) -> None:
    author = member(session, unit(session, "u"))
    for kind in Kind:
        post(session, author, kind=kind, target=kind)
    counts = of_week(session, author.unit).counts
    assert counts == {kind: Count(0, 1) if kind in PICTURES_AND_FILMS else Count(1, 0) for kind in Kind}


def test_a_post_stays_with_the_unit_it_was_handed_in_for_when_its_author_moves(session: Session) -> None:
    district = unit(session, "d")
    old, new = unit(session, "old", district, closed_on=date(2027, 3, 4)), unit(session, "new", district)
    author = member(session, old, "An")
    post(session, author)
    author.unit_id = new.id
    post(session, author, kind="reel")
    after, before = of_week(session, district).units
    an = MemberLine(author.id, "An", None, None, None, "chien_si", {"sao_vuong": Count(0, 1)})
    assert (after.name, after.members, after.people) == ("new", {"chien_si": 1}, (an,))
    left = replace(an, counts={"sao_vuong": Count(1, 0)}, here=False)
    assert (before.name, before.members, before.people) == ("old", {}, (left,))


def test_a_closed_unit_is_shown_with_posts_only_and_with_what_stands_above_it(session: Session) -> None:
    province = unit(session, "province")
    district = unit(session, "district", province, closed_on=date(2027, 3, 1))
    commune = unit(session, "commune", district, closed_on=date(2027, 3, 1))
    author = member(session, commune)
    assert names(of_week(session, province)) == ["province"]
    post(session, author)
    assert names(of_week(session, province)) == ["province", "district", "commune"]


@pytest.mark.parametrize(
    ("opened_on", "closed_on", "shown"),
    [(DAY, None, True), (MORROW, None, False), (None, MORROW, True), (None, DAY, False)],
)
def test_a_unit_lives_from_the_day_it_opens_until_the_day_before_it_closes(
    session: Session, opened_on: date | None, closed_on: date | None, shown: bool
) -> None:
    district = unit(session, "district")
    member(session, unit(session, "commune", district, opened_on=opened_on, closed_on=closed_on))
    found = of_week(session, district)
    assert (len(found.units), found.members) == ((1, {"chien_si": 1}) if shown else (0, {}))


@pytest.mark.parametrize(("hour", "members"), [(16, {"chien_si": 1}), (17, {})])
def test_a_member_counts_from_the_local_day_on_which_he_was_let_in(
    session: Session, hour: int, members: dict[str, int]
) -> None:
    commune = unit(session, "u")
    member(session, commune, decided=datetime(2027, 3, 7, hour, tzinfo=UTC))  # 17:00 UTC is midnight in Vietnam
    assert of_week(session, commune).members == members


def test_what_an_erased_person_posted_still_counts_without_his_name(session: Session) -> None:
    commune = unit(session, "u")
    gone = member(session, commune, None, state=MembershipState.ERASED)
    post(session, gone)
    found = of_week(session, commune)
    assert (found.members, found.total, [line.name for line in found.people]) == ({}, Count(1), [None])


def test_asking_for_a_hundred_units_takes_no_more_statements_than_for_one(session: Session) -> None:
    root = unit(session, "root")
    asked = statements_of(session, root)
    for number in range(100):
        post(session, member(session, unit(session, f"u{number}", root)))
    session.flush()
    assert statements_of(session, root) == asked <= 6


def statements_of(session: Session, root: Unit) -> int:
    asked: list[str] = []

    def listen(*args: object) -> None:
        asked.append(str(args[2]))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", listen)
    of_week(session, root)
    of_week(session, root, named=False)
    event.remove(connection, "before_cursor_execute", listen)
    return len(asked)


def test_those_with_the_most_posts_come_first_and_of_equals_the_earlier_member(session: Session) -> None:
    district = unit(session, "Huyện A")
    commune = unit(session, "Xã B", district)
    one, two, three = (member(session, commune, name) for name in ("Một", "Hai", "Ba"))
    erased, absent = member(session, commune, None), member(session, unit(session, "Xã C"), "Vắng")
    for author in (two, three, three, one, erased, erased, erased, absent, absent, absent):
        post(session, author)
    post(session, three, kind="video")
    post(session, one, state=PostState.REFUSED)
    post(session, one, at=END)
    found = top_contributors(session, "own", part_of(session, [district.id, commune.id], DAY), START, END, 2)
    best = [Contributor(three.id, "Ba", "Xã B", Count(2, 1)), Contributor(one.id, "Một", "Xã B", Count(1))]
    assert found == {district.id: best, commune.id: best}


def test_posts_that_a_member_left_behind_where_he_was_are_added_up_above(session: Session) -> None:
    district = unit(session, "Huyện A")
    old, new = unit(session, "Xã B", district), unit(session, "Xã C", district)
    moved, stayed = member(session, old, "Một"), member(session, old, "Hai")
    for author in (moved, stayed, stayed):
        post(session, author)
    moved.unit_id = new.id
    post(session, moved)
    post(session, moved, kind="video")
    part = part_of(session, [district.id, old.id, new.id], DAY)
    found = top_contributors(session, "own", part, START, END, 1)
    assert {id_: [(each.name, each.unit, each.count) for each in best] for id_, best in found.items()} == {
        district.id: [("Một", "Xã C", Count(2, 1))],
        old.id: [("Hai", "Xã B", Count(2))],
        new.id: [("Một", "Xã C", Count(1, 1))],
    }


def test_the_posts_behind_a_members_figure_come_page_by_page_the_newest_first(session: Session) -> None:
    commune = unit(session, "u")
    author, other = member(session, commune), member(session, commune)
    third, first, second = (post(session, author, at=START + timedelta(hours=hour)) for hour in (3, 1, 2))
    post(session, other)
    behind = Behind("own", commune.id, START, END, membership_id=author.id)
    assert [drill_down(session, behind, offset, 2) for offset in (0, 2, 4)] == [[third, second], [first], []]
