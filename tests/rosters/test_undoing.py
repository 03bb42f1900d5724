"""Undoing in the background: what nobody claimed goes, values return, what changed since stays."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.actions import personal_data, rosters
from bot.storage import people
from bot.storage.models import (
    BatchState,
    ImportPart,
    Membership,
    MembershipState,
    OutboxRow,
    Tag,
    Unit,
)
from tests.rosters.desk import BOB, NOW, SETUP, Desk, names, person


@pytest.mark.usefixtures("small_parts")
def test_undoing_takes_out_whom_nobody_claimed_and_names_the_others(desk: Desk) -> None:
    number = desk.check([person(name) for name in names(53)])
    desk.confirm(number)
    desk.write()
    claimed, moved = names(2)
    desk.change(claimed, state=MembershipState.ACTIVE, claim_code=None)
    desk.change(moved, state=MembershipState.LEFT)
    assert desk.undo(number) == {"gone": 51, "returned": 0, "changed_since": 0, "stay": 2, "units_closed": 0}
    assert desk.state(number) == BatchState.UNDONE
    assert desk.listed() == []
    said = desk.do(lambda session: session.scalars(select(OutboxRow.body).order_by(OutboxRow.id.desc())).first())
    assert said
    assert claimed in said
    assert moved in said


def test_undoing_gives_values_back_unless_they_were_changed_since(desk: Desk) -> None:
    desk.confirm(desk.check([person(name, rank="Hạ sĩ") for name in ("Lê Văn C", "Lê Văn D")]))
    desk.write()
    number = desk.check(
        [person(name, rank="Trung sĩ", phone=f"091234567{n}") for n, name in enumerate(("Lê Văn C", "Lê Văn D"))]
    )
    desk.confirm(number)
    desk.write()
    desk.change("Lê Văn D", rank="Thượng sĩ")
    assert desk.undo(number) == {"gone": 0, "returned": 2, "changed_since": 1, "stay": 0, "units_closed": 0}
    rows = desk.do(
        lambda session: session.execute(
            select(Membership.rank, Membership.phone).where(Membership.rank.is_not(None)).order_by(Membership.id)
        ).all()
    )
    assert [tuple(each) for each in rows] == [("Hạ sĩ", None), ("Thượng sĩ", None)]


def test_a_number_that_was_taken_out_is_never_given_again(desk: Desk) -> None:
    number = desk.check([person("Lê Văn C"), person("Lê Văn D")])
    desk.confirm(number)
    desk.write()
    highest = desk.do(lambda session: session.scalar(select(func.max(Membership.id))))
    desk.undo(number)
    desk.confirm(desk.check([person("Lê Văn E")]))
    desk.write()
    lowest = desk.do(
        lambda session: session.scalar(select(func.min(Membership.id)).where(Membership.full_name == "Lê Văn E"))
    )
    assert highest is not None
    assert lowest is not None
    assert lowest > highest
    blank = desk.do(lambda session: session.get_one(Membership, highest))
    assert (blank.full_name, blank.claim_code, blank.state) == (None, None, MembershipState.ERASED)


def test_what_is_kept_for_undoing_goes_after_thirty_days_and_undoing_with_it(desk: Desk) -> None:
    number = desk.check([person("Lê Văn C")])
    desk.confirm(number)
    desk.write()
    late = NOW + timedelta(days=31)
    assert desk.do(lambda session: rosters.may_undo(desk.batch(session, number), NOW))
    assert desk.do(lambda session: rosters.forget_left(session, SETUP, late)) == 1
    assert desk.do(lambda session: rosters.forget_left(session, SETUP, late)) == 0
    assert not desk.do(lambda session: rosters.may_undo(desk.batch(session, number), late))
    assert desk.listed() == ["Lê Văn C"]


def test_rows_that_are_written_keep_no_names_in_what_is_kept_for_undoing(desk: Desk) -> None:
    desk.confirm(desk.check([person("Lê Văn C", phone="0912345678")]))
    desk.write()
    kept = desk.do(lambda session: [part.rows for part in session.scalars(select(ImportPart))])
    assert kept == [[]]


def test_an_erased_person_is_erased_from_what_is_kept_for_undoing(desk: Desk) -> None:
    number = desk.check([person("Bob", rank="Trung sĩ"), person("Alice", rank="Hạ sĩ")])
    desk.confirm(number)
    desk.write()
    assert "Trung sĩ" in str(desk.do(lambda session: [part.rows for part in session.scalars(select(ImportPart))]))

    def erase(session: Session) -> None:
        account = people.account_of(session, BOB)
        assert account
        personal_data.erase(session, account.person_id)

    desk.do(erase)
    [[row]] = desk.do(lambda session: [part.rows for part in session.scalars(select(ImportPart))])
    assert row["after"] == {"rank": "Hạ sĩ"}
    assert desk.undo(number)["returned"] == 1


NEW_UNIT = ("xã", "Thị xã Kiến Tường", "1/3/2027")
NEW_NAME = "Xã Hoàn Toàn Mới"


def test_a_unit_that_came_with_the_roster_is_closed_and_never_was(desk: Desk) -> None:
    number = desk.check([(*person("Lê Văn C", unit=NEW_NAME), *NEW_UNIT)])
    desk.confirm(number, with_units=True)
    desk.write()
    assert desk.undo(number)["units_closed"] == 1

    def look(session: Session) -> tuple[Unit, int]:
        made = session.scalars(select(Unit).where(Unit.name == NEW_NAME)).one()
        return made, len(session.scalars(select(Tag).where(Tag.unit_id == made.id)).all())

    made, tags = desk.do(look)
    assert (made.opened_on, made.closed_on, tags) == (NOW.date(), NOW.date(), 0)


def test_a_unit_that_came_with_the_roster_stays_with_whoever_is_in_it(desk: Desk) -> None:
    number = desk.check([(*person(name, unit=NEW_NAME), *NEW_UNIT) for name in ("Lê Văn C", "Lê Văn D")])
    desk.confirm(number, with_units=True)
    desk.write()
    desk.change("Lê Văn D", state=MembershipState.ACTIVE)
    undone = desk.undo(number)
    assert (undone["gone"], undone["stay"], undone["units_closed"]) == (1, 1, 0)
    assert desk.do(lambda session: session.scalars(select(Unit.closed_on).where(Unit.name == NEW_NAME)).one()) is None


def test_a_unit_that_was_there_before_the_roster_stays(desk: Desk) -> None:
    numbers = [desk.check([(*person(name, unit=NEW_NAME), *NEW_UNIT)]) for name in ("Lê Văn C", "Lê Văn D")]
    for number in numbers:
        desk.confirm(number, with_units=True)
    desk.write()
    assert desk.undo(numbers[1])["units_closed"] == 0
    assert desk.undo(numbers[0])["units_closed"] == 1
