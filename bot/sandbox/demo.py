"""The sandbox's people, and what the bot knows of them at the start: a campaign's tree with a few members in it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.campaigns import Campaign, load
from bot.messages import Address
from bot.sandbox.model import Chat, Person
from bot.sandbox.world import World
from bot.sandbox.zalo import model as zalo_model
from bot.sandbox.zalo.world import ZaloWorld
from bot.storage import people
from bot.storage.models import Membership, MembershipState, Role, Unit


@dataclass(frozen=True, slots=True)
class Place:
    """Where Alice and Bob are at home: a unit's code, its name, and what the campaign calls its top unit."""

    code: str
    name: str
    top: str


# Any other campaign's people are at home in its first unit that has none below it.
PLACES = {
    "long_an": Place("27805", "DQTV xã Tuyên Thạnh", "tỉnh Long An"),
    "hoa_binh": Place("th04831", "Trường Tiểu học Đà Bắc", "Sở Giáo dục và Đào tạo Hòa Bình"),
    "binh_phuoc": Place("25315", "xã Thanh Hòa", "tỉnh Bình Phước"),
    "binh_tan": Place("27460", "Đoàn phường An Lạc", "Quận Đoàn Bình Tân"),
}
ELSEWHERE = Place("", "một đơn vị", "đơn vị đứng đầu")
HOA = "5a7e0c1d2b3f4e6a8c90"  # as ids on Zalo look


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is in the sandbox."""

    newcomer: Person
    alice: Person
    bob: Person
    dung: Person
    group: Chat


def populate(world: World, campaign: str = "long_an") -> Cast:
    """Put the cast into the messenger, named for where they are at home in the campaign."""
    home = PLACES.get(campaign, ELSEWHERE)
    newcomer = world.add_person("Người mới", description="chưa biết bot", person_id=2001)
    alice = world.add_person(
        "Alice", description=f"thành viên {home.name}", person_id=2002, username="alice", started=True
    )
    bob = world.add_person("Bob", description=f"quản trị {home.name}", person_id=2003, username="bob", started=True)
    dung = world.add_person("Dung", description=f"điều phối {home.top}", person_id=2004, started=True)
    group = world.add_group(f"Truyền thông {home.name.removeprefix('DQTV ')}", [alice, bob], [bob])
    return Cast(newcomer, alice, bob, dung, group)


def populate_zalo(zalo: ZaloWorld, cast: Cast, campaign: str = "long_an") -> zalo_model.Person:
    """Put Hoa on Zalo, a member like Alice; the newcomer and Alice have it on their phones, too, and never wrote."""
    for each in (cast.newcomer, cast.alice):
        zalo.add_person(each.name, description=each.description, on_telegram=each.id)
    home = PLACES.get(campaign, ELSEWHERE)
    return zalo.add_person("Hoa", description=f"thành viên {home.name}, dùng Zalo", person_id=HOA, started=True)


def enrol(session: Session, campaign: str, cast: Cast, now: datetime) -> int:
    """Make Alice, Bob and Dung known to the bot; how many were new. The campaign must have units."""
    profile, home, top = load(campaign), _home(session, campaign), _top(session, campaign)
    officer, member = _kinds(profile)
    rows = [
        (cast.alice, home, Role.MEMBER, member),
        (cast.bob, home, Role.UNIT_ADMIN, officer),
        (cast.dung, top, Role.COORDINATOR, officer),
    ]
    return sum(
        _enrol(session, Address("telegram", str(person.id)), person.name, unit, role, kind, now)
        for person, unit, role, kind in rows
    )


def enrol_zalo(session: Session, campaign: str, hoa: zalo_model.Person, now: datetime) -> bool:
    """Make Hoa known to the bot; whether she was new."""
    home, (_, member) = _home(session, campaign), _kinds(load(campaign))
    return _enrol(session, Address("zalo", hoa.id), hoa.name, home, Role.MEMBER, member, now)


def _enrol(session: Session, at: Address, name: str, unit: Unit, role: Role, kind: str, now: datetime) -> bool:
    if people.account_of(session, at):
        return False
    account = people.add_person(session, at, "vi", now)
    session.add(
        Membership(
            person=account.person,
            unit=unit,
            full_name=name,
            kind=kind,
            role=role,
            state=MembershipState.ACTIVE,
            created_at=now,
            decided_at=now,
        )
    )
    return True


def _kinds(campaign: Campaign) -> tuple[str, str]:
    """The first kind for those with a role, the second, if there is one, for a member."""
    first, *others = [kind.code for kind in campaign.membership.kinds]
    return first, others[0] if others else first


def _home(session: Session, campaign: str) -> Unit:
    here = select(Unit).where(Unit.campaign == campaign)
    if campaign in PLACES:
        return session.scalars(here.where(Unit.code == PLACES[campaign].code)).one()
    parents = select(Unit.parent_id).where(Unit.campaign == campaign, Unit.parent_id.is_not(None))
    return session.scalars(here.where(Unit.id.not_in(parents)).order_by(Unit.id).limit(1)).one()


def _top(session: Session, campaign: str) -> Unit:
    statement = select(Unit).where(Unit.campaign == campaign, Unit.parent_id.is_(None))
    return session.scalars(statement.order_by(Unit.id).limit(1)).one()
