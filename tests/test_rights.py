"""Every command, question and button × every role: the least role of the table is let in, the one below is refused."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.buttons import Tap, wire
from bot.campaigns import load
from bot.channels.base import Identity
from bot.messages import Address, Document, Incoming, Press, RawUpdate
from bot.request import Access, Request
from bot.routing import GUARDED, Route, Routes
from bot.setup import Setup
from bot.storage import operators, people
from bot.storage.conversations import set_step
from bot.storage.db import open_engine
from bot.storage.models import Broadcast, Membership, MembershipState, OutboxRow, Recipient, Role, Unit
from handlers import ROUTERS
from handlers.rights import RIGHTS
from tests.databases import A_MONDAY, Sqlite

KEY = b"k" * 32
SETUP = Setup(
    load("long_an"), ZoneInfo("Asia/Ho_Chi_Minh"), KEY, {"telegram": Identity("bot", "https://t.me/bot?start=")}
)
LINK = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/1/"
# Who may what: the highest step of each, and whether he is an operator.
ROLES: dict[str, tuple[Access, bool]] = {
    "nobody": (Access.ANYONE, False),
    "person": (Access.PERSON, False),
    "waiting": (Access.PERSON, False),
    "member": (Access.MEMBER, False),
    "deputy": (Access.UNIT_ADMIN, False),
    "late_deputy": (Access.MEMBER, False),
    "unit_admin": (Access.UNIT_ADMIN, False),
    "coordinator": (Access.COORDINATOR, False),
    "operator": (Access.ANYONE, True),
    "admin_and_operator": (Access.UNIT_ADMIN, True),
}
MEMBERSHIPS: dict[str, dict[str, Any]] = {
    "waiting": {"state": MembershipState.PENDING},
    "member": {},
    "deputy": {"role": Role.DEPUTY, "role_until": A_MONDAY + timedelta(seconds=1)},
    "late_deputy": {"role": Role.DEPUTY, "role_until": A_MONDAY},
    "unit_admin": {"role": Role.UNIT_ADMIN},
    "coordinator": {"role": Role.COORDINATOR},
    "admin_and_operator": {"role": Role.UNIT_ADMIN},
}


class OneMessage:
    """A channel that reads whatever it is given as the message at hand."""

    name = "telegram"
    message: Incoming

    def read(self, _: RawUpdate) -> Incoming:
        return self.message


@pytest.fixture
def session(sqlite: Sqlite) -> Iterator[Session]:
    engine = open_engine(sqlite.fresh("staged"))
    with Session(engine) as opened, opened.begin():
        yield opened
    engine.dispose()


def enter(session: Session, role: str) -> Address:
    """Somebody in this role, at an address of his own."""
    at = Address("telegram", str(9000 + list(ROLES).index(role)))
    if ROLES[role][1]:
        operators.add(session, at, A_MONDAY, by_code=True)
    if role not in ("nobody", "operator"):
        person = people.add_person(session, at, "vi", A_MONDAY).person
        if role in MEMBERSHIPS:
            unit = session.scalars(select(Unit).where(Unit.name == "Xã Tuyên Thạnh")).one()
            usual = {"kind": "chien_si", "state": MembershipState.ACTIVE, "created_at": A_MONDAY}
            session.add(Membership(person=person, unit=unit, full_name=role, **{**usual, **MEMBERSHIPS[role]}))
    session.flush()
    return at


def the_routes(channel: OneMessage, let_in: list[str]) -> Routes:
    """The bot's own routes, with handlers that only note that they were reached."""

    def noting(name: str) -> Route:
        def note(_: Request) -> None:
            let_in.append(name)

        return Route(name, note)

    routes = Routes(ROUTERS, RIGHTS, {"telegram": channel}, lambda: SETUP, lambda text: LINK in text)  # type: ignore[dict-item]  # it only reads
    routes.routes = {key: noting(route.name) for key, route in routes.routes.items()}
    return routes


def said(session: Session, key: tuple[str, str], at: Address) -> Incoming:
    """What leads to a route."""
    kind, name = key
    message = Incoming(at, private=True, sender=at.chat, message="1")
    if kind == "button":
        data = wire(Tap("help.show", name), at, "vi", KEY).data or ""
        return replace(message, press=Press("1", data, "1"))
    set_step(session, at, name if kind == "step" else "", {}, "vi", A_MONDAY + timedelta(hours=1))
    if kind == "step":
        return replace(message, text="…")
    if kind == "replies":
        get_broadcast(session, at)
        return replace(message, text="…", replies_to="7")
    if kind == "documents":
        return replace(message, document=Document("d"))
    texts = {"command": f"/{name}", "links": LINK}
    return replace(message, text=texts.get(kind, ""), picture="p" if kind == "pictures" else None)


def get_broadcast(session: Session, at: Address) -> None:
    """Message 7 of this chat is a broadcast's."""
    by = session.scalars(select(Membership).where(Membership.role == Role.COORDINATOR)).first()
    assert by
    sent = Broadcast(campaign="long_an", unit=by.unit, by=by, text="…", audience={}, created_at=A_MONDAY)
    session.add(sent)
    session.flush()
    session.add(Recipient(broadcast_id=sent.id, channel=at.channel, chat=at.chat, message="7"))
    session.flush()


@pytest.mark.parametrize("role", ROLES)
def test_each_route_lets_in_its_least_role_and_refuses_the_one_below(role: str, session: Session) -> None:
    access, operates = ROLES[role]
    channel, let_in = OneMessage(), list[str]()
    routes, at, refusals = the_routes(channel, let_in), enter(session, role), 0
    for key, route in routes.routes.items():
        if key[0] not in GUARDED:
            continue
        needed = routes.access_to(route)
        let_in.clear()
        channel.message = said(session, key, at)
        routes.handle(session, [RawUpdate("telegram", "1", at.chat, "{}")], A_MONDAY)
        may = operates if needed is Access.OPERATOR else access >= needed
        assert let_in == ([route.name] if may else []), (role, key, needed)
        refusals += not may
    spoken = (OutboxRow.chat == at.chat, OutboxRow.body.like("%text%"))
    assert session.scalar(select(func.count()).select_from(OutboxRow).where(*spoken)) == refusals


def test_the_table_names_a_deed_for_each_right() -> None:
    whats = [right.what for right in RIGHTS]
    assert len(set(whats)) == len(whats)
    assert all(right.what[0].isupper() and not right.what.endswith(".") for right in RIGHTS)


def test_an_operator_in_a_group_is_no_operator(session: Session) -> None:
    at = enter(session, "operator")
    message = Incoming(Address("telegram", "-100"), private=False, sender=at.chat)
    assert not Request(session, SETUP, message, A_MONDAY).may(Access.OPERATOR)
    assert Request(session, SETUP, replace(message, private=True), A_MONDAY).may(Access.OPERATOR)
