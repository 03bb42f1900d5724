"""The place of the simulation: a province's tree, its admins and members, in the sandbox and in the ledger."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import obligations, roster, tag_roster
from bot.campaigns import Campaign, UnitRow
from bot.messages import Address
from bot.sandbox.world import World
from bot.storage import people
from bot.storage.models import Membership, MembershipState, Role, Unit
from tests.year.record import Place, Somebody

PROVINCE = "Tỉnh Long An"
COMMUNES_IN_A_DISTRICT = 12


def tree(units: int) -> list[UnitRow]:
    """So many units: a province, its districts with their communes, and a body at every district."""
    rows = [UnitRow("80", "province", PROVINCE, None)]
    district = 0
    while len(rows) < units:
        district += 1
        code = f"d{district}"
        rows.append(UnitRow(code, "district", f"Huyện Thứ {district}", "80"))
        rows.append(UnitRow(f"b{district}", "body", f"Công ty Thứ {district}", code))
        rows += [
            UnitRow(f"c{district}.{number}", "commune", f"Xã Bên {district} Số {number}", code)
            for number in range(1, COMMUNES_IN_A_DISTRICT + 1)
        ]
    return rows[:units]


def places(rows: Sequence[UnitRow]) -> list[Place]:
    """The same for the record."""
    names = {row.code: row.name for row in rows}
    return [Place(row.name, names.get(row.parent_code or ""), row.type != "province") for row in rows]


def cast(world: World, rows: Sequence[UnitRow], members: int, admins: Sequence[int], now: datetime) -> list[Somebody]:
    """People for the units: admins for each, by turns as many as `admins` says, and members one after the other."""
    found = []
    for place, row in enumerate(rows):
        found += [_person(world, row, now, files=True) for _ in range(admins[place % len(admins)])]
    rest = max(0, members - len(found))
    found += [_person(world, rows[1 + place % (len(rows) - 1)], now, files=False) for place in range(rest)]
    return found


def found_ledger(
    session: Session, campaign: Campaign, rows: Sequence[UnitRow], everybody: Sequence[Somebody], now: datetime
) -> None:
    """Units, their tags, what they owe, and the people, as if they had long been there."""
    roster.load_tree(session, campaign.code, list(rows))
    tag_roster.propose_units(session, campaign)
    obligations.seed(session, campaign, now.date(), now)
    for person in everybody:
        enrol(session, person, now)


def enrol(session: Session, person: Somebody, now: datetime) -> None:
    """Make somebody known to the bot."""
    unit = session.scalars(select(Unit).where(Unit.name == person.unit)).one()
    account = people.add_person(session, Address("telegram", str(person.chat)), "vi", now)
    role = Role.MEMBER if not person.files else Role.COORDINATOR if unit.type == "province" else Role.UNIT_ADMIN
    member = Membership(person=account.person, unit=unit, full_name=f"Người {person.chat}", kind="chien_si", role=role)
    member.state, member.created_at, member.decided_at = MembershipState.ACTIVE, now, now
    session.add(member)
    session.flush()


def open_unit(
    session: Session, campaign: Campaign, rows: Sequence[UnitRow], admin: Somebody, day: date, now: datetime
) -> None:
    """The last of the rows is there from today on, with an admin."""
    roster.load_tree(session, campaign.code, list(rows))
    session.scalars(select(Unit).where(Unit.code == rows[-1].code)).one().opened_on = day
    tag_roster.propose_units(session, campaign)
    enrol(session, admin, now)


def _person(world: World, row: UnitRow, now: datetime, *, files: bool) -> Somebody:
    person = world.add_person(f"Người {len(world.people)}", started=True)
    return Somebody(person.id, row.name, files, now)
