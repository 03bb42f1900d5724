"""A group of the unit THERE, in which one of everything stands, and all who may sit in it; few are at home there."""

from datetime import timedelta
from typing import Any
from zlib import crc32

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot import outbox
from bot.messages import Address, Incoming, Outgoing, RawUpdate
from bot.routing import Routes
from bot.sandbox import people
from bot.sandbox.html import parse
from bot.sandbox.model import Message, Status
from bot.storage import groups
from bot.storage.models import Group, Membership, OutboxRow, Post, PostState, Role, Table, Unit, WantedFile
from handlers import ROUTERS
from handlers.rights import RIGHTS
from tests.cast import Stage
from tests.databases import A_MONDAY
from tests.security.elsewhere import AT, HERE, SECRET, THERE, TRESPASSERS, Somebody, enter, settle
from tests.security.test_other_subtree import AT_HOME, BOTH
from tests.test_rights import LINK, OneMessage

ADMIN, TOP = (who.name for who in AT_HOME)
STRANGER, LEFT = "stranger", "admin there who left"
ABOVE = Somebody("coordinator of the district there", Role.COORDINATOR, THERE)  # one step up once he is in
LATE = Somebody("deputy there until this morning", Role.DEPUTY, THERE)
MEMBER = Somebody("member there", Role.MEMBER, THERE)
HOME, AWAY = (*AT_HOME, ABOVE), (*TRESPASSERS, LATE, MEMBER)
EVERYBODY = tuple(who.name for who in (*HOME, *AWAY))
IDS = {name: crc32(name.encode()) for name in EVERYBODY}
QUEUES = ("inbox", "outbox")  # written by whatever is said


def fill(session: Session, group: Address) -> None:
    """Both units, all the people, and the group as one of THERE, of which nobody wants to be thanked by name."""
    for number in (THERE, HERE):
        settle(session, number)
    for who in (*HOME, *AWAY):
        enter(session, who)
    found = {each.full_name: each for each in session.scalars(select(Membership))}
    found[ABOVE.name].unit_id = found[ABOVE.name].unit.parent_id or 0
    found[LATE.name].role_until = A_MONDAY
    groups.remember(session, group, "Nhóm", AT, present=True)
    session.flush()
    session.execute(update(Group).where(Group.chat == group.chat).values(unit_id=THERE))
    session.execute(update(Membership).where(Membership.unit_id == THERE).values(named=False))
    counted = {"state": PostState.COUNTED, "handed_in_at": A_MONDAY}
    session.execute(update(Post).where(Post.id == THERE).values(counted))
    session.execute(delete(WantedFile))  # of a kind that nobody draws


def ledger(session: Session) -> dict[str, list[str]]:
    """All that is kept, but for what comes and goes."""
    tables = [each for each in Table.metadata.sorted_tables if each.name not in QUEUES]
    return {each.name: sorted(map(str, session.execute(select(each)))) for each in tables}


def names(session: Session) -> set[str]:
    """Whatever tells of somebody who is in the ledger."""
    columns = (Membership.full_name, Membership.phone, Membership.facebook_name, Membership.claim_code)
    return {SECRET, *(value for row in session.execute(select(*columns)) for value in row if value)}


class Hall:
    """The group with all of them as its administrators; the bot is one as well, and so hears every word."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.world, self.chat = stage, stage.world, stage.group
        self.people = {name: self.world.add_person(name, person_id=IDS[name], started=True) for name in EVERYBODY}
        self.rank(Status.ADMINISTRATOR)
        self.chat.members[self.world.bot.id] = Status.ADMINISTRATOR

    def rank(self, status: Status) -> None:
        """What all of them are in the group."""
        self.chat.members |= dict.fromkeys(IDS.values(), status)

    async def hears(self, name: str = "", *texts: str) -> list[str]:
        """What the bot says in the group to these and to what was just done there, in plain text."""
        for text in texts:
            people.say(self.world, self.people[name], text, self.chat)
        before = len(self.said())
        await self.stage.settle()
        return [each.text for each in self.said()[before:]]

    def said(self) -> list[Message]:
        """All that the bot has said there."""
        return [each for each in self.world.messages(self.chat.id) if each.from_bot]

    async def unit(self) -> str | None:
        """Whose chat the group is."""
        where = select(Unit.name).join(Group, Group.unit_id == Unit.id).where(Group.chat == str(self.chat.id))
        return await self.stage.ask(lambda session: session.scalars(where).one_or_none())

    async def give_to(self, unit: int | None) -> None:
        """Make it the chat of a unit, or nobody's."""
        values = {"unit_id": unit, "linked_by_id": None, "summaries": True}
        change = update(Group).where(Group.chat == str(self.chat.id)).values(values)
        await self.stage.ask(lambda session: session.execute(change))


class Ear:
    """The same group without a messenger, for what would take long to say one by one."""

    group = Address("telegram", "-100")

    def __init__(self, session: Session) -> None:
        self.session, self._channel = session, OneMessage()
        self._routes = Routes(ROUTERS, RIGHTS, {"telegram": self._channel}, lambda: BOTH, lambda text: LINK in text)  # type: ignore[dict-item]  # it only reads
        fill(session, self.group)

    def hears(self, name: str, hours: int = 0, **said: Any) -> Outgoing:
        """The one answer, which is given in the group."""
        self._channel.message = Incoming(self.group, private=False, sender=str(IDS[name]), message="1", **said)
        now = A_MONDAY + timedelta(hours=hours)
        self._routes.handle(self.session, [RawUpdate("telegram", "1", self.group.chat, "{}")], now)
        [row] = self.session.scalars(select(OutboxRow)).all()
        assert row.chat == self.group.chat
        self.session.delete(row)
        return outbox.BODY.validate_json(row.body)


def read(said: Outgoing) -> str:
    """The plain text: nothing else may be said in a group, but for buttons that open the private chat."""
    assert (said.file, said.picture, said.document) == (None, None, None)
    assert all(button.url and not button.data for row in said.buttons for button in row)
    return parse(said.text)[0]
