"""The sandbox's people, and what the bot knows of them at the start: Long An's tree with a few members."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.messages import Address
from bot.sandbox.model import Chat, Person
from bot.sandbox.world import World
from bot.storage import people
from bot.storage.models import Membership, MembershipState, Role, Unit

GROUP_TITLE = "Truyền thông Xã Tuyên Thạnh"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is in the sandbox."""

    newcomer: Person
    alice: Person
    bob: Person
    dung: Person
    group: Chat


def populate(world: World) -> Cast:
    """Put the cast into the messenger."""
    newcomer = world.add_person("Người mới", description="chưa biết bot", person_id=2001)
    alice = world.add_person(
        "Alice", description="thành viên DQTV xã Tuyên Thạnh", person_id=2002, username="alice", started=True
    )
    bob = world.add_person("Bob", description="quản trị xã Tuyên Thạnh", person_id=2003, username="bob", started=True)
    dung = world.add_person("Dung", description="điều phối tỉnh Long An", person_id=2004, started=True)
    group = world.add_group(GROUP_TITLE, [alice, bob], [bob])
    return Cast(newcomer, alice, bob, dung, group)


def enrol(session: Session, campaign: str, cast: Cast, now: datetime) -> int:
    """Make Alice, Bob and Dung known to the bot; how many were new."""
    tuyen_thanh = _unit(session, campaign, "Xã Tuyên Thạnh")
    province = _unit(session, campaign, "Tỉnh Long An")
    rows = [
        (cast.alice, tuyen_thanh, Role.MEMBER, "chien_si"),
        (cast.bob, tuyen_thanh, Role.UNIT_ADMIN, "can_bo"),
        (cast.dung, province, Role.COORDINATOR, "can_bo"),
    ]
    return sum(_enrol(session, person, unit, role, kind, now) for person, unit, role, kind in rows)


def _enrol(session: Session, person: Person, unit: Unit, role: Role, kind: str, now: datetime) -> bool:
    at = Address("telegram", str(person.id))
    if people.account_of(session, at):
        return False
    account = people.add_person(session, at, "vi", now)
    session.add(
        Membership(
            person=account.person,
            unit=unit,
            full_name=person.name,
            kind=kind,
            role=role,
            state=MembershipState.ACTIVE,
            created_at=now,
            decided_at=now,
        )
    )
    return True


def _unit(session: Session, campaign: str, name: str) -> Unit:
    return session.scalars(select(Unit).where(Unit.campaign == campaign, Unit.name == name)).one()
