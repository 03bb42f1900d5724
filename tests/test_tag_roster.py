"""The roster of tags: who may have one, from when to when, and what becomes of a clash."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.actions import tag_roster, tag_rule
from bot.actions.tag_roster import Holder, Taken
from bot.campaigns import load
from bot.storage import tags
from bot.storage.models import Membership, Tag, TagKind, Unit
from tests.databases import A_MONDAY

CAMPAIGN = load("long_an")
TODAY = date(2027, 3, 1)
GRACE = timedelta(days=CAMPAIGN.tag_grace_days)
OURS, CLASHING = "#DQTVTUYENTHANHKIENTUONGLONGAN", "#DQTVHIEPHOADUCHOALONGAN"


def holder(session: Session, name: str = "Xã Tuyên Thạnh") -> Holder:
    return Holder(session.scalars(select(Unit).where(Unit.name == name)).one())


def admin(session: Session) -> Membership:
    return session.scalars(select(Membership).where(Membership.full_name == "Dung")).one()


def require(session: Session, of: Holder, tag: str, start: date | None) -> list[Tag]:
    return tag_roster.require(session, CAMPAIGN, of, tag, start, admin(session), A_MONDAY)[1]


def kinds(session: Session, of: Holder) -> list[tuple[str, str, date | None, date | None]]:
    return [(row.tag, row.kind, row.valid_from, row.valid_until) for row in of.rows(session)]


def test_the_tag_before_ends_where_the_new_one_begins(session: Session) -> None:
    of = holder(session)
    require(session, of, "#A", TODAY)
    assert kinds(session, of) == [("#A", "required", TODAY, None), (OURS, "required", None, TODAY)]


def test_a_tag_that_always_held_leaves_no_other(session: Session) -> None:
    of = holder(session)
    require(session, of, "#A", TODAY)
    require(session, of, "#B", None)
    assert kinds(session, of) == [("#B", "required", None, None)]


def test_a_tag_to_come_gives_way_to_one_that_comes_earlier(session: Session) -> None:
    of = holder(session)
    require(session, of, "#A", TODAY + timedelta(days=30))
    require(session, of, "#B", TODAY)
    assert kinds(session, of) == [("#B", "required", TODAY, None), (OURS, "required", None, TODAY)]


@pytest.mark.parametrize("tag", [OURS, OURS.lower(), CLASHING])
def test_what_another_unit_has_or_is_proposed_is_refused_in_any_letter_case(session: Session, tag: str) -> None:
    with pytest.raises(Taken) as refused:
        require(session, holder(session, "Xã Bình Hiệp"), tag, TODAY)
    assert "Xã Hiệp Hòa" in tag_roster.names_of(refused.value.rows) or tag != CLASHING


def test_a_tag_is_free_for_others_when_its_grace_is_over(session: Session) -> None:
    require(session, holder(session), "#A", TODAY)
    other = holder(session, "Xã Bình Hiệp")
    for start in (None, TODAY, TODAY + GRACE - timedelta(days=1)):
        found = tag_roster.twins(session, CAMPAIGN, other, OURS, start, None)
        assert tag_roster.names_of(found) == ["Xã Tuyên Thạnh"]
        assert tag_roster.free_from(CAMPAIGN, found) == TODAY + GRACE
    require(session, other, OURS, TODAY + GRACE)


def test_a_tag_may_be_lent_out_before_its_holder_has_it(session: Session) -> None:
    require(session, holder(session), "#A", TODAY)
    days = (None, TODAY)
    other = holder(session, "Xã Bình Hiệp")
    tag_roster.accept(session, CAMPAIGN, other, "#A", days, admin(session), A_MONDAY)
    with pytest.raises(Taken):
        tag_roster.accept(session, CAMPAIGN, other, "#A", (None, None), admin(session), A_MONDAY)


@pytest.mark.parametrize("start", [None, TODAY, TODAY + timedelta(days=9)])
def test_the_last_who_is_left_with_a_clash_has_the_tag(session: Session, start: date | None) -> None:
    town, commune = holder(session, "Thị trấn Hiệp Hòa"), holder(session, "Xã Hiệp Hòa")
    before = tags.number_of_clashes(session, "long_an")
    settled = require(session, commune, "#A", start)
    assert [(row.unit.name, row.kind) for row in settled] == [("Thị trấn Hiệp Hòa", "required")]
    assert tags.number_of_clashes(session, "long_an") == before - 2
    with pytest.raises(Taken):
        require(session, commune, CLASHING, TODAY)
    assert kinds(session, town) == [(CLASHING, "required", None, None)]


def test_of_three_that_clash_none_has_the_tag_before_one_is_left(session: Session) -> None:
    third = holder(session, "Xã Bình Hiệp")
    for row in third.rows(session):
        row.tag, row.folded, row.kind = CLASHING, CLASHING.lower(), TagKind.CLASH
    assert require(session, third, "#A", None) == []
    assert len(require(session, holder(session, "Xã Hiệp Hòa"), "#B", None)) == 1


def test_an_accepted_tag_ends_and_one_that_never_began_goes(session: Session) -> None:
    of = holder(session)
    for tag, start in (("#A", None), ("#B", TODAY), ("#C", TODAY + timedelta(days=9))):
        row = tag_roster.accept(session, CAMPAIGN, of, tag, (start, None), admin(session), A_MONDAY)
        tag_roster.end(session, CAMPAIGN, row, TODAY)
    assert kinds(session, of) == [("#A", "accepted", None, TODAY), (OURS, "required", None, None)]


def test_when_a_tag_to_come_is_taken_back_the_one_before_goes_on(session: Session) -> None:
    of = holder(session)
    require(session, of, "#A", TODAY + timedelta(days=9))
    tag_roster.end(session, CAMPAIGN, of.rows(session)[0], TODAY)
    assert kinds(session, of) == [(OURS, "required", None, None)]


def test_a_tag_to_come_stays_if_the_one_before_is_promised_to_somebody(session: Session) -> None:
    of, start = holder(session), TODAY + timedelta(days=9)
    require(session, of, "#A", start)
    require(session, holder(session, "Xã Bình Hiệp"), OURS, start + GRACE)
    with pytest.raises(Taken):
        tag_roster.end(session, CAMPAIGN, of.rows(session)[0], TODAY)
    assert kinds(session, of) == [("#A", "required", start, None), (OURS, "required", None, start)]


def test_of_two_who_set_one_tag_at_once_the_second_waits_and_is_refused(engine: Engine) -> None:
    def second() -> None:
        with Session(engine) as session, session.begin():
            require(session, holder(session, "Xã Bình Hiệp"), "#A", TODAY)

    with ThreadPoolExecutor(1) as pool, Session(engine) as session:
        require(session, holder(session), "#A", TODAY)
        setting = pool.submit(second)
        assert not wait([setting], timeout=0.2).done
        session.commit()
        with pytest.raises(Taken):
            setting.result()


def test_a_changed_rule_is_proposed_anew_and_the_old_tag_counts_for_a_while(session: Session) -> None:
    of, town = holder(session), holder(session, "Xã Bình Hiệp")
    assert tag_rule.follow(session, CAMPAIGN, TODAY) == 0
    require(session, town, "#CUAXABINHHIEP", None)
    merged = CAMPAIGN.rule.model_copy(update={"province": "Tây Ninh"})
    changed = CAMPAIGN.model_copy(update={"tag_rule": merged})
    assert tag_rule.follow(session, changed, TODAY) > 200
    assert kinds(session, of) == [
        ("#DQTVTUYENTHANHKIENTUONGTAYNINH", "required", TODAY, None),
        (OURS, "required", None, TODAY),
    ]
    assert kinds(session, town) == [("#CUAXABINHHIEP", "required", None, None)]
    assert tag_rule.follow(session, changed, TODAY) == 0
