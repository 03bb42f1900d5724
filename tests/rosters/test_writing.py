"""Writing in the background: in parts, exactly once, against what has changed meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.actions import claims, roster_imports, rosters
from bot.actions.roster_imports import AT_ONCE
from bot.messages import Document
from bot.storage import audit, people
from bot.storage.models import (
    AuditRow,
    BatchState,
    ImportPart,
    Membership,
    Role,
    Unit,
    WantedFile,
)
from tests.rosters.desk import BOB, DUNG, NOW, SETUP, TT, Desk, names, person


def test_thousands_of_rows_are_written_in_parts_with_a_code_each(desk: Desk) -> None:
    number = desk.check([person(name) for name in names(2_600)])
    assert desk.listed() == []
    desk.confirm(number)
    assert desk.write() == 2_600 // AT_ONCE + 2  # the parts, and the end
    assert desk.figures(number)["written"] == {"new": 2_600, "changed": 0, "same": 0, "passed": 0}
    assert sorted(map(str, desk.listed())) == sorted(names(2_600))
    codes = desk.do(
        lambda session: list(session.scalars(select(Membership.claim_code).where(Membership.batch_id == number)))
    )
    assert len(set(codes)) == 2_600
    assert all(code and len(code) == claims.CODE_LENGTH for code in codes)
    roles = desk.do(
        lambda session: list(session.scalars(select(Membership.role).where(Membership.batch_id == number).distinct()))
    )
    assert roles == [Role.MEMBER]


def test_a_restart_between_parts_goes_on_where_it_was(desk: Desk, small_parts: int) -> None:
    number = desk.check([person(name) for name in names(50)])
    desk.confirm(number)
    desk.do(lambda session: rosters.write_next(session, SETUP, NOW))
    again = Desk(desk.engine)  # nothing is remembered but the rows
    assert len(again.listed()) == small_parts
    again.write()
    assert len(set(again.listed())) == 50


def test_a_part_that_fails_leaves_nothing_and_is_written_by_the_next_try(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = desk.check([person(name) for name in names(3)])
    desk.confirm(number)
    with monkeypatch.context() as broken:
        broken.setattr(claims, "new_code", lambda: "SAMECODE")
        with pytest.raises(Exception, match="claim_code"):
            desk.write()
    assert desk.listed() == []
    desk.write()
    assert len(desk.listed()) == 3


@pytest.mark.usefixtures("small_parts")
def test_the_same_file_of_two_admins_at_once_is_written_once(desk: Desk) -> None:
    rows = [person(name) for name in names(50)]
    first, second = desk.check(rows, BOB), desk.check(rows, DUNG)
    desk.confirm(first)
    desk.confirm(second)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: desk.write(), range(2)))
    desk.write()
    assert len(desk.listed()) == len(set(desk.listed())) == 50
    assert desk.figures(first)["written"]["new"] == 50
    assert desk.figures(second)["written"] == {"new": 0, "changed": 0, "same": 50, "passed": 0}


def test_a_unit_that_was_closed_meanwhile_gets_nobody(desk: Desk) -> None:
    number = desk.check([person("Lê Văn C"), person("Lê Văn D", unit="Xã Bình Hiệp")])

    def close(session: Session) -> None:
        session.scalars(select(Unit).where(Unit.name == TT)).one().closed_on = NOW.date()

    desk.do(close)
    desk.confirm(number)
    desk.write()
    assert desk.listed() == ["Lê Văn D"]
    assert desk.figures(number)["written"]["passed"] == 1


def test_changes_are_written_and_an_empty_cell_changes_nothing(desk: Desk) -> None:
    desk.confirm(desk.check([person("Lê Văn C", rank="Hạ sĩ", phone="0912345678")]))
    desk.write()
    number = desk.check([person("Lê Văn C", rank="Trung sĩ")])
    desk.confirm(number)
    desk.write()
    found = desk.do(lambda session: session.scalars(select(Membership).where(Membership.full_name == "Lê Văn C")).one())
    assert (found.rank, found.phone) == ("Trung sĩ", "0912345678")
    assert desk.figures(number)["written"] == {"new": 0, "changed": 1, "same": 0, "passed": 0}


NEW_UNIT = ("xã", "Thị xã Kiến Tường", "1/2/2027")


def test_units_that_a_sheet_asks_for_are_added_with_their_people(desk: Desk) -> None:
    rows = [(*person("Lê Văn C", unit="Xã Hoàn Toàn Mới"), *NEW_UNIT), person("Lê Văn D")]
    number = desk.check(rows)
    desk.confirm(number, with_units=True)
    desk.write()
    unit = desk.do(lambda session: session.scalars(select(Unit).where(Unit.name == "Xã Hoàn Toàn Mới")).one())
    assert (unit.type, str(unit.opened_on)) == ("commune", "2027-02-01")
    assert sorted(map(str, desk.listed())) == ["Lê Văn C", "Lê Văn D"]
    undone = desk.undo(number)
    assert (undone["gone"], undone["units_closed"]) == (2, 1)
    assert desk.do(lambda session: session.get_one(Unit, unit.id)).closed_on == NOW.date()


def test_no_unit_is_added_under_one_that_closes_meanwhile(desk: Desk) -> None:
    number = desk.check([(*person("Lê Văn C", unit="Xã Hoàn Toàn Mới"), *NEW_UNIT), person("Lê Văn D")])

    def close(session: Session) -> None:
        above = session.scalars(select(Unit).where(Unit.name == "Thị xã Kiến Tường")).one()
        above.closed_on = NOW.date() + timedelta(days=4)

    desk.do(close)
    desk.confirm(number, with_units=True)
    desk.write()
    assert desk.do(lambda session: session.scalars(select(Unit.id).where(Unit.name == "Xã Hoàn Toàn Mới")).all()) == []
    assert desk.listed() == ["Lê Văn D"]
    assert desk.figures(number)["written"]["passed"] == 1


def test_without_the_units_only_the_others_are_written(desk: Desk) -> None:
    number = desk.check([(*person("Lê Văn C", unit="Xã Hoàn Toàn Mới"), *NEW_UNIT), person("Lê Văn D")])
    desk.confirm(number)
    desk.write()
    assert desk.listed() == ["Lê Văn D"]
    assert desk.figures(number)["written"]["passed"] == 0


def test_two_sheets_that_ask_for_one_unit_add_it_once(desk: Desk) -> None:
    numbers = [desk.check([(*person(name, unit="Xã Hoàn Toàn Mới"), *NEW_UNIT)]) for name in names(2)]
    for number in numbers:
        desk.confirm(number, with_units=True)
    desk.write()
    many = select(func.count()).select_from(Unit).where(Unit.name == "Xã Hoàn Toàn Mới")
    assert desk.do(lambda session: session.scalar(many)) == 1
    assert len(desk.listed()) == 2


def test_the_log_tells_of_the_import_and_of_changed_values_without_what_is_personal(desk: Desk) -> None:
    desk.confirm(desk.check([person("Lê Văn C")]))
    desk.write()
    number = desk.check([person("Lê Văn C", rank="Trung sĩ", phone="0912345678")])
    desk.confirm(number)
    desk.write()
    rows = desk.do(lambda session: session.scalars(select(AuditRow).where(AuditRow.act == "rosters.write")).all())
    assert {row.subject for row in rows} == {"import_batches", "memberships"}
    changed = next(row for row in rows if row.subject == "memberships" and row.before)
    assert changed.after == {"rank": audit.HIDDEN, "phone": audit.HIDDEN}
    assert changed.by_id is not None
    assert all("Lê Văn C" not in str(row.after) and "0912345678" not in str(row.after) for row in rows)


def test_what_nobody_decides_on_is_dropped_after_a_day(desk: Desk) -> None:
    number = desk.check([person("Lê Văn C")])
    soon, late = NOW + timedelta(hours=23), NOW + timedelta(hours=25)
    assert desk.do(lambda session: rosters.forget_left(session, SETUP, soon)) == 0
    assert desk.do(lambda session: rosters.forget_left(session, SETUP, late)) == 1
    assert desk.do(lambda session: rosters.forget_left(session, SETUP, late)) == 0
    assert desk.state(number) == BatchState.DROPPED
    assert desk.do(lambda session: session.scalar(select(func.count()).select_from(ImportPart))) == 0


def test_who_is_no_admin_any_more_has_his_file_not_read(desk: Desk) -> None:
    def ask_and_fall(session: Session) -> None:
        account = people.account_of(session, BOB)
        assert account
        by = people.active_membership(session, account.person_id, "long_an")
        assert by
        roster_imports.ask(session, SETUP, by, BOB, Document("ref", "x.csv"), NOW)
        by.role = Role.MEMBER

    desk.do(ask_and_fall)
    assert desk.do(lambda session: roster_imports.next_due(SETUP, session, NOW, ())) is None
    assert desk.state(1) == BatchState.DROPPED


def test_claim_codes_are_sent_only_if_somebody_is_new(desk: Desk) -> None:
    desk.confirm(desk.check([person("Lê Văn C")]))
    desk.write()
    desk.confirm(desk.check([person("Lê Văn C", rank="Hạ sĩ")], BOB))
    desk.write()
    wanted = desk.do(lambda session: [row.subject for row in session.scalars(select(WantedFile))])
    assert wanted == [{"batch": 1}]
