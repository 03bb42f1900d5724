"""The roster of a part of the tree as a file: who is in it at the moment of drawing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from bot.actions.report_forms import Wanted
from bot.documents.forms import Letterhead
from bot.documents.member_list import Member, member_list_xlsx
from bot.domain.folding import fold
from bot.setup import Setup
from bot.storage import members, units
from bot.storage.models import Membership, MembershipState, Role, Unit

# As the documents call them; the sheet goes to an office.
ROLES: Mapping[str, str] = {
    Role.MEMBER: "Thành viên",
    Role.DEPUTY: "Phó quản trị",
    Role.UNIT_ADMIN: "Quản trị đơn vị",
    Role.COORDINATOR: "Điều phối",
}
STATES: Mapping[str, str] = {
    MembershipState.ACTIVE: "Đang tham gia",
    MembershipState.PENDING: "Chờ duyệt",
    MembershipState.LISTED: "Chưa nhận mã",
}


def member_list(session: Session, setup: Setup, subject: Mapping[str, int], _language: str, now: datetime) -> Wanted:
    """Everybody of a unit and all below it, in the tree's order.

    `by` is whoever asked: telephone numbers are for a coordinator of that part of the tree, who still is one.
    """
    unit, by = session.get_one(Unit, subject["unit"]), session.get(Membership, subject["by"])
    rows = members.in_roster(session, unit.id, setup.today(now))
    known = units.all_below(session, unit.id)  # kept here, as each is looked at again from below
    places = {each.id: _place(each) for each in known}
    rows = sorted(rows, key=lambda row: places[row.unit_id][0])
    phones = by is not None and _may_have_phones(by, unit)
    kinds = {each.code: each.vi for each in setup.campaign.membership.kinds}
    listed = tuple(_member(setup, row, kinds, places[row.unit_id][1], phones=phones) for row in rows)
    data = (Letterhead(unit.name, setup.today(now)), unit.name, listed, phones)
    name = f"thanh-vien-{fold(unit.name).replace(' ', '-')}.xlsx"
    return Wanted(member_list_xlsx, data, name, "members/file", {"unit": unit.name, "number": len(listed)})


def _may_have_phones(by: Membership, unit: Unit) -> bool:
    active = by.state == MembershipState.ACTIVE and by.role == Role.COORDINATOR
    return active and units.is_within(unit, by.unit_id)


def _place(unit: Unit) -> tuple[list[str], str]:
    """Where a unit stands in the tree's order, and its path in words."""
    path = units.path(unit)
    return [f"{each.folded} {each.id}" for each in reversed(path)], ", ".join(each.name for each in path)


def _member(setup: Setup, row: Row[Any], kinds: Mapping[str, str], unit: str, *, phones: bool) -> Member:
    joined = row.decided_at if row.state == MembershipState.ACTIVE else None
    return Member(
        unit=unit,
        name=row.full_name or "",
        kind=kinds.get(row.kind, row.kind),
        rank=row.rank or "",
        position=row.position or "",
        facebook=row.facebook_name or "",
        role=ROLES[row.role],
        state=STATES[row.state],
        joined=setup.today(joined) if joined else None,
        phone=row.phone if phones else None,
    )


FORMS = {"members": member_list}
