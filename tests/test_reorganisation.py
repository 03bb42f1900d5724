"""What a closing may do and does, without the conversation: over Long An's tree with the cast, on both databases."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import reorganisation, roster, tag_roster, tags
from bot.actions.reorganisation import close, move_members, undo
from bot.actions.successors import Part, day_fault, may_close, out_of_reach, preview, propose
from bot.buttons import Tap
from bot.campaigns import load
from bot.messages import Address, Incoming
from bot.request import Request
from bot.setup import Setup
from bot.storage import units
from bot.storage.models import Membership, MembershipState, OutboxRow, Role, Tag, TagKind, Unit
from handlers.reorganise import rows_to_choose
from tests.databases import A_MONDAY

SETUP = Setup(load("long_an"), ZoneInfo("Asia/Ho_Chi_Minh"), b"key", {})
CAMPAIGN = SETUP.campaign
TODAY = SETUP.today(A_MONDAY)


def unit(session: Session, name: str) -> Unit:
    return session.scalars(select(Unit).where(Unit.name == name).order_by(Unit.id).limit(1)).one()


def member(session: Session, name: str) -> Membership:
    return session.scalars(select(Membership).where(Membership.full_name == name)).one()


def shut(session: Session, old: Unit, *parts: Part, day: date = TODAY) -> reorganisation.Closing:
    return close(session, SETUP, old, parts, day, member(session, "Dung"), A_MONDAY)


def to(goal: Unit) -> Part:
    return Part(goal.name, goal.id)


def test_a_coordinator_closes_what_is_below_his_unit_and_never_his_own(session: Session) -> None:
    dung, commune = member(session, "Dung"), unit(session, "Xã Tuyên Thạnh")
    assert may_close(dung, commune)
    assert not may_close(dung, unit(session, "Tỉnh Long An"))
    assert not may_close(member(session, "Bob"), commune)
    dung.unit_id = unit(session, "Huyện Vĩnh Hưng").id
    assert not may_close(dung, commune)


def test_nobody_sends_members_where_he_has_no_say(session: Session) -> None:
    dung, commune = member(session, "Dung"), unit(session, "Xã Thái Bình Trung")
    parts = [Part("Xã Mới"), to(unit(session, "Xã Tuyên Thạnh")), to(unit(session, "Xã Vĩnh Trị"))]
    assert out_of_reach(session, dung, commune, parts) == []
    dung.unit_id = unit(session, "Huyện Vĩnh Hưng").id
    assert out_of_reach(session, dung, commune, parts) == ["Xã Mới", "Xã Tuyên Thạnh"]


def test_a_new_unit_stands_under_the_top_with_the_new_provinces_tag_and_the_old_tag_ends(session: Session) -> None:
    old = unit(session, "Xã Tuyên Thạnh")
    [made] = shut(session, old, *propose(session, SETUP, old)).successors
    assert (made.code, made.type, made.opened_on, old.closed_on) == ("m27817", "commune", TODAY, TODAY)
    assert made.parent == unit(session, "Tỉnh Long An")
    rows = session.scalars(select(Tag).where(Tag.unit_id.in_([old.id, made.id])).order_by(Tag.id)).all()
    assert [(row.tag, row.valid_from, row.valid_until) for row in rows] == [
        ("#DQTVTUYENTHANHKIENTUONGLONGAN", None, TODAY),
        ("#DQTVTUYENTHANHTAYNINH", TODAY, None),
    ]
    assert {row.kind for row in rows} == {TagKind.REQUIRED}


def test_a_tag_that_ends_earlier_keeps_its_end(session: Session) -> None:
    old, dung = unit(session, "Xã Tuyên Thạnh"), member(session, "Dung")
    ended = TODAY - timedelta(days=5)
    tag_roster.accept(session, CAMPAIGN, tag_roster.Holder(old), "#Cu", (None, ended), dung, A_MONDAY)
    assert shut(session, old, Part("Xã Mới")).reversible
    assert session.scalars(select(Tag.valid_until).where(Tag.tag == "#Cu")).one() == ended


def test_what_cannot_be_brought_back_as_it_was_is_not_offered_to_be_undone(session: Session) -> None:
    old, dung = unit(session, "Xã Tuyên Thạnh"), member(session, "Dung")
    later = TODAY + timedelta(days=5)
    tag_roster.accept(session, CAMPAIGN, tag_roster.Holder(old), "#Sau", (None, later), dung, A_MONDAY)
    assert not shut(session, old, Part("Xã Mới")).reversible


def test_a_successor_may_keep_the_tag_of_what_went_into_it(session: Session) -> None:
    old = Unit(campaign="long_an", code="x", type="body", name="Ban Chỉ huy X", folded="ban chi huy x")
    old.parent = unit(session, "Tỉnh Long An")
    session.add(old)
    before = tag_roster.propose_unit(session, CAMPAIGN, old)
    parts, day = [Part("Ban chỉ huy X")], date(2025, 6, 1)
    assert preview(session, SETUP, old, parts, day).tags[0].clashes == ()
    [made] = shut(session, old, *parts, day=day).successors
    [row] = session.scalars(select(Tag).where(Tag.unit_id == made.id)).all()
    assert (row.kind, row.folded) == (TagKind.REQUIRED, before.folded)


def test_two_new_units_with_one_tag_are_named_as_a_clash(session: Session) -> None:
    old = unit(session, "Xã Tuyên Thạnh")
    told = preview(session, SETUP, old, [Part("Xã Tân Thạnh"), Part("Xã Tân Thành")], TODAY).tags
    assert [each.clashes for each in told] == [("Xã Tân Thành",), ("Xã Tân Thạnh",)]


def test_a_day_is_refused_on_which_somebody_would_be_sent_round_in_a_circle(session: Session) -> None:
    one, other = unit(session, "Xã Tuyên Thạnh"), unit(session, "Xã Thạnh Trị")
    shut(session, one, to(other), day=TODAY)
    at = {days: day_fault(session, other, [Part("Xã Mới")], TODAY + timedelta(days), TODAY) for days in (-1, 0, 1)}
    assert [fault and fault.code for fault in at.values()] == ["unit", "unit", None]
    back = day_fault(session, other, [to(one)], TODAY + timedelta(days=1), TODAY)
    assert back
    assert (back.code, back.names) == ("successors", ("Xã Tuyên Thạnh",))


def test_a_day_is_refused_before_a_successor_opens_or_while_units_live_below(session: Session) -> None:
    old, district = unit(session, "Xã Tuyên Thạnh"), unit(session, "Thị xã Kiến Tường")
    [made] = shut(session, old, Part("Xã Mới")).successors
    early = day_fault(session, unit(session, "Xã Thạnh Trị"), [to(made)], TODAY - timedelta(days=1), TODAY)
    assert early
    assert early.code == "successors"
    below = day_fault(session, district, [to(made)], TODAY, TODAY)
    assert below
    assert below.code == "below"
    assert "Xã Thạnh Trị" in below.names
    assert old.name not in below.names


def test_members_go_on_through_units_that_were_closed_in_turn(session: Session) -> None:
    one, other, last = (unit(session, name) for name in ("Xã Tuyên Thạnh", "Xã Thạnh Trị", "Xã Bình Hiệp"))
    shut(session, one, to(other), day=TODAY - timedelta(days=2))
    shut(session, other, to(last), day=TODAY)
    assert [move_members(session, SETUP, A_MONDAY) for _ in range(3)] == [2, 2, 0]
    assert member(session, "Alice").unit == last


def test_a_member_who_signs_by_name_gets_the_tag_of_his_new_unit_and_the_old_one_has_its_grace(
    session: Session,
) -> None:
    schools = session.scalars(select(Unit).where(Unit.type == "school").order_by(Unit.id).limit(2)).all()
    alice = member(session, "Alice")
    alice.unit = schools[0]
    before = tag_roster.propose_member(session, CAMPAIGN, alice)
    assert preview(session, SETUP, schools[0], [to(schools[1])], TODAY).tags[0].tag is None
    shut(session, schools[0], to(schools[1]))
    assert move_members(session, SETUP, A_MONDAY) == 1
    force = tags.in_force(session, SETUP, alice, TODAY)
    assert force.required != before.tag
    assert before.tag in force.accepted
    assert force.settled


def test_what_another_closing_made_meanwhile_is_not_made_twice(session: Session) -> None:
    one, other = unit(session, "Xã Tuyên Thạnh"), unit(session, "Xã Thạnh Trị")
    parts = propose(session, SETUP, one)
    made = shut(session, one, *parts).successors
    assert shut(session, other, *parts).successors == made
    assert not undo(session, one, 0)  # people_then is wrong: somebody was moved
    assert undo(session, one, 2)
    assert units.successors(session, other.id) == list(made)
    assert undo(session, other, 0)
    assert roster.unit_with_code(session, "long_an", "m27817") is None


def test_nothing_is_undone_once_a_new_unit_has_a_member_or_somebody_has_the_old_tag(session: Session) -> None:
    one, other = unit(session, "Xã Tuyên Thạnh"), unit(session, "Xã Thạnh Trị")
    [made] = shut(session, one, Part("Xã Mới")).successors
    newcomer = Membership(unit=made, full_name="N", kind="chien_si", state=MembershipState.PENDING, created_at=A_MONDAY)
    session.add(newcomer)
    session.flush()
    assert not undo(session, one, 2)
    session.delete(newcomer)
    session.flush()
    session.add(
        Tag(
            campaign="long_an",
            unit_id=other.id,
            tag="#DQTVTUYENTHANHKIENTUONGLONGAN",
            folded="#dqtvtuyenthanhkientuonglongan",
            kind=TagKind.REQUIRED,
            proposed=False,
            set_at=A_MONDAY,
        )
    )
    session.flush()
    assert not undo(session, one, 2)


def test_members_of_a_divided_unit_are_asked_even_if_it_was_long_ago(session: Session) -> None:
    old = unit(session, "Xã Tuyên Thạnh")
    shut(session, old, Part("Xã Một"), Part("Xã Hai"), day=date(2025, 7, 1))
    assert [move_members(session, SETUP, A_MONDAY) for _ in range(2)] == [2, 0]
    assert move_members(session, SETUP, A_MONDAY + timedelta(days=7)) == 2
    keys = session.scalars(select(OutboxRow.key).where(OutboxRow.key.like("choose:%"))).all()
    assert len(set(keys)) == 4


def test_under_an_answer_stands_the_choice_of_those_who_have_not_made_it(session: Session) -> None:
    alice, old = member(session, "Alice"), unit(session, "Xã Tuyên Thạnh")
    message = Incoming(Address("telegram", "2002"), private=True, sender="2002")
    request = Request(session, SETUP, message, A_MONDAY, membership=alice)
    assert rows_to_choose(request) == []
    first, second = shut(session, old, Part("Xã Một"), Part("Xã Hai")).successors
    assert rows_to_choose(request) == [
        (Tap("reorganise.choose", "reorganise.choose", (old.id, part.id), {"name": part.name}),)
        for part in (first, second)
    ]
    alice.unit = first
    session.flush()
    assert rows_to_choose(request) == []


def test_a_role_goes_along(session: Session) -> None:
    shut(session, unit(session, "Xã Tuyên Thạnh"), Part("Xã Mới"))
    move_members(session, SETUP, A_MONDAY)
    bob = member(session, "Bob")
    assert (bob.unit.name, bob.role) == ("Xã Mới", Role.UNIT_ADMIN)
