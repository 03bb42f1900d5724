"""What the audit log says of a roster: a line for each person, none of which hides what else was done."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import audit_log
from bot.documents.audit_table import line_of
from bot.storage import audit
from bot.storage.models import AuditRow, Membership, MembershipState, Unit
from tests.rosters.desk import BOB, SETUP, TT, Desk, names, person

LISTED = {"unit_id", "role", "state", "kind", "full_name"}


def lines(desk: Desk, act: str) -> list[AuditRow]:
    """The log's rows of people that an act wrote."""
    statement = select(AuditRow).where(AuditRow.act == act, AuditRow.subject == "memberships")
    return desk.do(lambda session: list(session.scalars(statement.order_by(AuditRow.id))))


def unit(session: Session, name: str = TT) -> Unit:
    return session.scalars(select(Unit).where(Unit.name == name)).one()


def test_each_person_of_a_roster_has_a_line_without_what_is_personal(desk: Desk) -> None:
    number = desk.check([person("Lê Văn C", phone="0912345678"), person("Lê Văn D", unit="Xã Bình Hiệp")])
    desk.confirm(number)
    desk.write()
    people = desk.do(
        lambda session: session.execute(
            select(Membership.id, Membership.unit_id, Membership.phone).where(Membership.batch_id == number)
        ).all()
    )
    found = {int(row.subject_id): row for row in lines(desk, "rosters.write")}
    assert found.keys() == {id_ for id_, _, _ in people}
    for id_, unit_id, phone in people:
        assert found[id_].unit_id == found[id_].after["unit_id"] == unit_id
        assert set(found[id_].after) == (LISTED | {"phone"} if phone else LISTED)
        assert found[id_].before == {}
        assert (found[id_].after["state"], found[id_].after["full_name"]) == (MembershipState.LISTED, audit.HIDDEN)
    assert not any("Lê" in str(row.after) or "0912" in str(row.after) for row in found.values())


def test_each_unit_of_a_roster_has_a_line(desk: Desk) -> None:
    new_unit = ("xã", "Thị xã Kiến Tường", "1/2/2027")
    desk.confirm(desk.check([(*person("Lê Văn C", unit="Xã Hoàn Toàn Mới"), *new_unit)]), with_units=True)
    desk.write()
    logged = select(AuditRow).where(AuditRow.act == "rosters.write", AuditRow.subject == "units")
    [row] = desk.do(lambda session: session.scalars(logged).all())
    assert (row.after["name"], row.after["opened_on"]) == ("Xã Hoàn Toàn Mới", "2027-02-01")


def test_each_person_who_goes_with_his_roster_has_a_line(desk: Desk) -> None:
    number = desk.check([person(name) for name in names(3)])
    desk.confirm(number)
    desk.write()
    desk.undo(number)
    gone = lines(desk, "rosters.undo")
    assert [row.subject_id for row in gone] == [row.subject_id for row in lines(desk, "rosters.write")]
    assert {(row.before["state"], row.after["state"]) for row in gone} == {("listed", "erased")}
    assert all(row.unit_id == desk.do(unit).id for row in gone)


@pytest.mark.usefixtures("small_parts")
def test_in_the_chat_the_people_of_a_roster_hide_nothing_else(desk: Desk) -> None:
    desk.confirm(desk.check([person(name) for name in names(50)], BOB))
    desk.write()

    def look(session: Session) -> list[tuple[str, int]]:
        here = unit(session)
        rows = audit.of_unit(session, here, 8, each=False)
        found = audit_log.gathered(session, SETUP, rows, here, "vi")
        return [(entry.subject, entry.more) for entry in found]

    assert [each for each in desk.do(look) if each[0] == "memberships"] == [("memberships", 49)]
    assert ("import_batches", 0) in desk.do(look)
    every = desk.do(lambda session: audit.of_unit(session, unit(session), 100))
    assert sum(row.subject == "memberships" for row in every) == 50


def test_of_a_roster_of_many_units_each_sees_its_own(desk: Desk) -> None:
    rows = [person(name, unit=place) for name, place in zip(names(6), [TT, "Xã Bình Hiệp"] * 3, strict=True)]
    desk.confirm(desk.check(rows))
    desk.write()

    def more(session: Session, name: str) -> list[int]:
        here = unit(session, name)
        shown = audit.of_unit(session, here, 8, each=False)
        return [audit.at_one_go(session, here, row) for row in shown if row.subject == "memberships"]

    assert desk.do(lambda session: more(session, TT)) == [3]
    assert desk.do(lambda session: more(session, "Xã Bình Hiệp")) == [3]
    assert desk.do(lambda session: more(session, "Thị xã Kiến Tường")) == [6]


def test_a_changed_name_is_found_by_its_new_letters(desk: Desk) -> None:
    desk.confirm(desk.check([person("Đỗ Thị Ưng")]))
    desk.write()
    assert desk.do(lambda session: session.scalars(select(Membership.folded)).all()).count("do thi ung") == 1
    desk.change("Đỗ Thị Ưng", full_name="Lý Thị Ựng")
    plain = select(Membership.folded).where(Membership.full_name == "Lý Thị Ựng")
    assert desk.do(lambda session: session.scalars(plain).one()) == "ly thi ung"


def test_the_whole_import_and_its_undoing_can_be_read(desk: Desk) -> None:
    number = desk.check([person(name) for name in names(3)])
    desk.confirm(number)
    desk.write()
    desk.undo(number)

    def read(session: Session) -> str:
        top = unit(session, "Tỉnh Long An")
        rows = audit.of_unit(session, top, 20, each=False)
        found = audit_log.gathered(session, SETUP, rows, top, "vi")
        return "\n".join(str(line_of(entry, "vi")) for entry in found if entry.subject == "import_batches")

    said = desk.do(read)
    assert "trạng thái đang ghi → đã xong; thêm mới 3" in said
    assert "đang hoàn tác → đã hoàn tác" in said
    assert "figures" not in said


def test_a_new_member_is_told_of_by_the_name_of_his_kind(desk: Desk) -> None:
    desk.confirm(desk.check([person("Lê Văn C", phone="0912345678")]))
    desk.write()

    def read(session: Session) -> list[str]:
        here = unit(session)
        found = audit_log.entries(session, SETUP, audit.of_unit(session, here, 8), here, "vi")
        return [str(line_of(entry, "vi")) for entry in found if entry.subject == "memberships"]

    [line] = desk.do(read)
    assert (
        line.strip() == "Thành viên “Lê Văn C”, thêm mới: vai trò thành viên; trạng thái trong danh sách; loại Chiến sĩ"
    )
