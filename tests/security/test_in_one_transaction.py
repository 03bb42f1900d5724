"""Several people's messages share a transaction: what one of them changes holds for the next."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.buttons import Tap, wire
from bot.messages import Address, Incoming, Press, RawUpdate
from bot.routing import Routes
from bot.storage.db import open_engine
from bot.storage.models import Account, Membership, MembershipState, Role
from handlers import ROUTERS
from handlers.rights import RIGHTS
from tests.databases import A_MONDAY, Sqlite
from tests.security.elsewhere import HERE, THERE, TOP, Somebody, enter, settle
from tests.test_rights import KEY, LINK, SETUP

WAITING = THERE + 20


@dataclass
class Spoken:
    """A channel that reads an update as what was said under its id."""

    name: str = "telegram"
    said: dict[str, Incoming] = field(default_factory=dict)

    def read(self, raw: RawUpdate) -> Incoming:
        return self.said[raw.id]


class Together:
    """The admin of a unit where somebody waits to be let in, and the coordinator above, in one transaction."""

    def __init__(self, session: Session) -> None:
        for number in (THERE, HERE):
            settle(session, number)
        self.session = session
        self.coordinator = enter(session, Somebody("coordinator", Role.COORDINATOR, TOP))
        self.admin = enter(session, Somebody("admin", Role.UNIT_ADMIN, THERE))
        self.role = session.scalars(select(Membership).where(Membership.full_name == "admin")).one()
        self._channel = Spoken()
        self._routes = Routes(ROUTERS, RIGHTS, {"telegram": self._channel}, lambda: SETUP, lambda text: LINK in text)  # type: ignore[dict-item]  # it only reads

    def press(self, *presses: tuple[Address, Tap]) -> None:
        """All in one transaction, in this order."""
        for number, (at, tap) in enumerate(presses):
            press = Press(str(number), wire(tap, at, "vi", KEY).data or "", "1")
            self._channel.said[str(number)] = Incoming(at, private=True, sender=at.chat, message="1", press=press)
        updates = [RawUpdate("telegram", str(number), at.chat, "{}") for number, (at, _) in enumerate(presses)]
        self._routes.handle(self.session, updates, A_MONDAY)
        self.session.flush()

    @property
    def state(self) -> str:
        return self.session.get_one(Membership, WAITING, populate_existing=True).state

    def let_in(self) -> tuple[Address, Tap]:
        return self.admin, Tap("help.show", "approval.yes", (WAITING,))

    def of_admin(self, action: str) -> tuple[Address, Tap]:
        return self.coordinator, Tap("help.show", action, (self.role.id,))


@pytest.fixture
def together(sqlite: Sqlite) -> Iterator[Together]:
    engine = open_engine(sqlite.fresh("staged"))
    with Session(engine) as session, session.begin():
        yield Together(session)
    engine.dispose()


def test_the_admin_lets_somebody_in_and_loses_his_role_after_it(together: Together) -> None:
    together.press(together.let_in(), together.of_admin("roles.take!"))
    assert together.state == MembershipState.ACTIVE
    assert together.role.role == Role.MEMBER


def test_a_role_that_was_just_taken_is_gone_for_the_next_message(together: Together) -> None:
    together.press(together.of_admin("roles.take!"), together.let_in())
    assert together.role.role == Role.MEMBER
    assert together.state == MembershipState.PENDING


def test_who_just_lost_his_account_is_a_stranger_in_the_next_message(together: Together) -> None:
    person = together.role.person_id
    second = Account(person_id=person, channel="telegram", chat="4711", created_at=A_MONDAY)
    first = together.session.scalars(select(Account).where(Account.chat == together.admin.chat)).one()
    together.session.add(second)
    together.session.flush()
    together.press((Address("telegram", "4711"), Tap("help.show", "accounts.drop!", (first.id,))), together.let_in())
    assert together.session.scalar(select(Account).where(Account.chat == together.admin.chat)) is None
    assert together.state == MembershipState.PENDING


def test_two_who_let_the_same_person_in_do_it_once(together: Together) -> None:
    together.press(together.let_in(), (together.coordinator, Tap("help.show", "approval.no", (WAITING,))))
    assert together.state == MembershipState.ACTIVE
