"""Buttons with numbers of somebody else's unit, people, posts, reports …: signed by our own key, and still refused."""

import itertools
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, delete, event, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.actions.report_forms import Wanted
from bot.actions.wanted import KINDS
from bot.buttons import Tap, wire
from bot.campaigns import load
from bot.messages import Address, Incoming, Press, RawUpdate
from bot.routing import Routes
from bot.sandbox.html import parse
from bot.sandbox.limits import TEXT_MAX
from bot.setup import mark_of
from bot.storage.db import open_engine
from bot.storage.models import Conversation, Membership, OutboxRow, Role, StoredFile, Unit, WantedFile
from handlers import ROUTERS
from handlers.rights import RIGHTS
from tests.databases import A_MONDAY, Sqlite
from tests.security.elsewhere import (
    HERE,
    PERIOD,
    SECRET,
    THERE,
    TOP,
    TRESPASSERS,
    Somebody,
    begin,
    enter,
    readable,
    rows_of,
    settle,
)
from tests.test_buttons import ARGUMENTS
from tests.test_rights import KEY, LINK, SETUP, OneMessage

Pressed = tuple[str, tuple[str | int, ...]]

# An installation with two campaigns: whoever leads the one is nobody in the other.
BOTH = replace(SETUP, others=(load("binh_phuoc"),))
ANSWERS = ("Nguyễn Văn B", "15/03/2027", "https://www.facebook.com/groups/1/posts/2/", "1", str(THERE))
HOSTILE = ("x" * 4_096, "9" * 4_000, "²", "፩", "99999999999", "31/12/99999", "<b>&lt;", ",".join("1" * 2_000))
SCENES = ("done", "begun")
THOROUGHLY = ("unit_admin", "coordinator")
# Written by whatever is said: the answer, where the conversation stands, when the account was used.
USUAL = ("outbox", "conversations", "accounts", "chat_menus", "files")
WRITES = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)")
OFFERED = re.compile(rf"[|][um]?{THERE}[|]")  # a button about it
# Who is at home there, or stands above.
AT_HOME = (Somebody("admin there", Role.UNIT_ADMIN, THERE), Somebody("at the top", Role.COORDINATOR, TOP))
# Where a number names nothing that is anybody's: a page, yes or no, a duty of the whole campaign, a place in a list.
OF_NOBODY = {
    *(("units.list", 1), ("units.list", 2), ("tasks.all", 0), ("audit.older", 0), ("audit.newer", 0)),
    *(("broadcast.owing", 1), ("progress.missing", 2), ("data.register", 0), ("data.register", 1)),
    *(("summaries.named", 0), ("profile.broadcasts", 0), ("progress.map", 0), ("progress.missing", 0)),
}
OPEN_TO_ALL = ("start.yes",)  # a code that lets somebody in is there to be used


class Bystander:
    """Presses whatever he likes; what that did is undone again."""

    def __init__(self, session: Session, engine: Engine) -> None:
        self.session, self._channel, self._written = session, OneMessage(), list[str]()
        self._routes = Routes(ROUTERS, RIGHTS, {"telegram": self._channel}, lambda: BOTH, lambda text: LINK in text)  # type: ignore[dict-item]  # it only reads
        self._before = rows_of(session, THERE)
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        found = WRITES.match(statement)
        if found and found[1] not in USUAL:
            self._written.append(found[1])

    def reaches(self, at: Address, press: Pressed, campaign: str = "long_an") -> str:
        """What of the other unit was shown or changed by a press, empty if nothing."""
        with self._undone():
            self._press(at, press, campaign)
            return self._found(own=HERE in press[1])

    def opens(self, at: Address, press: Pressed) -> str:
        """The question that a press opens, empty if none."""
        with self._undone():
            self._press(at, press, "long_an")
            return self.session.scalar(select(Conversation.step).where(Conversation.chat == at.chat)) or ""

    def says(self, at: Address, press: Pressed, text: str) -> list[str]:
        """What is said to an answer to the question that a press opens, in plain text."""
        with self._undone():
            self._press(at, press, "long_an")
            self._handle(Incoming(at, private=True, sender=at.chat, message="2", text=text))
            bodies = self.session.scalars(select(OutboxRow.body)).all()
            return [parse(outbox.BODY.validate_json(body).text)[0] for body in bodies]

    def hears(self, at: Address, words: tuple[str, ...]) -> str:
        """What of the other unit is shown or changed by saying these one after the other, empty if nothing."""
        with self._undone():
            for text in words:
                self._handle(Incoming(at, private=True, sender=at.chat, message="1", text=text))
            return self._found(own=True, asked=False)

    def papers(self, at: Address, press: Pressed) -> list[Wanted]:
        """The papers and pictures that a press has made, with all that they are made of."""
        with self._undone():
            self._press(at, press, "long_an")
            rows = select(WantedFile).where(WantedFile.chat == at.chat, WantedFile.kind.in_(KINDS))
            found = self.session.scalars(rows.order_by(WantedFile.id)).all()
            return [KINDS[row.kind](self.session, SETUP, row.subject, row.language, A_MONDAY) for row in found]

    def answers(self, at: Address, press: Pressed, member: Membership, text: str) -> str:
        """What an answer to the question that a press opened reaches once the member was moved away."""
        with self._undone():
            self._press(at, press, "long_an")
            member.unit = self.session.get_one(Unit, HERE)
            self.session.execute(delete(OutboxRow))
            self.session.flush()
            self._written.clear()
            self._handle(Incoming(at, private=True, sender=at.chat, message="2", text=text))
            reached = self._found(own=HERE in press[1])
            return "" if reached == "asked about" else reached  # the question is still open

    @contextmanager
    def _undone(self) -> Iterator[None]:
        self._written.clear()
        point = self.session.begin_nested()
        try:
            yield
        finally:
            point.rollback()
            self.session.expire_all()

    def _press(self, at: Address, press: Pressed, campaign: str) -> None:
        data = wire(Tap("help.show", *press), at, "vi", KEY, mark_of(campaign)).data or ""
        self._handle(Incoming(at, private=True, sender=at.chat, message="1", press=Press("1", data, "1")))

    def _handle(self, message: Incoming) -> None:
        self._channel.message = message
        self._routes.handle(self.session, [RawUpdate("telegram", "1", message.sender, "{}")], A_MONDAY)
        self.session.flush()

    def _found(self, *, own: bool, asked: bool = True) -> str:
        """`own`: something of one's own was named as well, and may change by it; `asked`: what is open counts too."""
        bodies = self.session.scalars(select(OutboxRow.body)).all()
        files = self.session.scalars(select(StoredFile.content)).all()
        if any(SECRET in body for body in [*bodies, *map(readable, files)]):
            return "shown"
        if any(OFFERED.search(body) for body in bodies):
            return "offered"
        if self._written and not (own and rows_of(self.session, THERE) == self._before):
            return f"written: {set(self._written)}"
        questions = self.session.scalars(select(Conversation.data)).all()
        return "asked about" if asked and any(str(THERE) in str(data) for data in questions) else ""


def turns(people: Iterable[Somebody]) -> Iterator[Any]:
    """Those who may do most in both scenes, the others in turn in one."""
    scenes = itertools.cycle(SCENES)
    for who in people:
        for scene in SCENES if who.name in THOROUGHLY else (next(scenes),):
            yield pytest.param(scene, who, id=f"{who.name}, {scene}")


def presses() -> Iterator[Pressed]:
    """Each button with each mixture of the other unit's numbers, one's own and small ones, such as pages."""
    for action, arguments in ARGUMENTS.items():
        places = [_choices(action, place, arguments) for place in range(len(arguments))]
        for mixed in itertools.product(*places):
            if str(THERE) in str(mixed) and action not in OPEN_TO_ALL:
                yield action, mixed


def _choices(action: str, place: int, arguments: tuple[str | int, ...]) -> tuple[Any, ...]:
    argument = arguments[place]
    if (action, place) in OF_NOBODY:
        return (0, 1)
    if isinstance(argument, int):
        return (THERE,) if len(arguments) == 1 else (THERE, HERE, 0, 1)
    if argument == "u9999999":
        return (f"u{THERE}",)
    if argument.startswith("2027-12-31"):
        return (PERIOD,)
    return (f"code{THERE}",) if set(argument) == {"x"} else (argument,)


@pytest.fixture(params=SCENES)
def bystander(request: pytest.FixtureRequest, sqlite: Sqlite) -> Iterator[Bystander]:
    """In both units there is one of everything, settled or still open."""
    engine = open_engine(sqlite.fresh("staged"))
    with Session(engine) as session, session.begin():
        for number in (THERE, HERE):
            settle(session, number)
            if request.param == "begun":
                begin(session, number)
        yield Bystander(session, engine)
    engine.dispose()


@pytest.mark.parametrize(("bystander", "who"), [*turns(TRESPASSERS)], indirect=["bystander"])
def test_no_press_reaches_what_belongs_to_units_that_are_not_ones_own(who: Somebody, bystander: Bystander) -> None:
    at = enter(bystander.session, who)
    found = {press: bystander.reaches(at, press, who.campaign) for press in presses()}
    assert {press: what for press, what in found.items() if what} == {}


def test_who_may_reaches_it_by_the_same_presses(bystander: Bystander) -> None:
    at_home = [Address("telegram", str(THERE)), *(enter(bystander.session, who) for who in AT_HOME)]
    enough = len({action for action, _ in presses()}) / 2  # the others need a conversation, or another day
    reached: set[str] = set()
    for (action, mixed), at in itertools.product(presses(), at_home):
        if len(reached) < enough and action not in reached and bystander.reaches(at, (action, mixed)):
            reached.add(action)
    assert len(reached) >= enough, {action for action, _ in presses()} - reached


@pytest.mark.parametrize(("bystander", "who"), [*turns(AT_HOME)], indirect=["bystander"])
def test_who_was_moved_away_answers_an_open_question_in_vain(who: Somebody, bystander: Bystander) -> None:
    at = enter(bystander.session, who)
    member = bystander.session.scalars(select(Membership).where(Membership.full_name == who.name)).one()
    asked = {step: press for press in presses() if (step := bystander.opens(at, press))}
    assert len(asked) >= 10
    answers = {(step, text): bystander.answers(at, asked[step], member, text) for step in asked for text in ANSWERS}
    assert {answer: what for answer, what in answers.items() if what} == {}


@pytest.mark.parametrize("bystander", ["begun"], indirect=True)
def test_no_answer_to_any_question_makes_the_bot_fail_or_say_too_much(bystander: Bystander) -> None:
    at = enter(bystander.session, AT_HOME[-1])
    asked = {step: press for press in presses() if (step := bystander.opens(at, press))}
    assert len(asked) >= 15
    for step, text in itertools.product(asked, HOSTILE):
        assert all(len(said) <= TEXT_MAX for said in bystander.says(at, asked[step], text)), (step, text[:20])


@pytest.mark.parametrize("bystander", ["done"], indirect=True)
@pytest.mark.parametrize("typed", [str(THERE), f"#{THERE}", "0", "9" * 30, "٣"])
def test_no_post_of_another_unit_is_seen_or_merged_by_typing_its_number(typed: str, bystander: Bystander) -> None:
    at = enter(bystander.session, Somebody("unit_admin", Role.UNIT_ADMIN))
    member = bystander.session.scalars(select(Membership).where(Membership.full_name == "unit_admin")).one()
    assert bystander.answers(at, ("review.number", (HERE,)), member, typed) == ""
