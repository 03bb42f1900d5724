"""What is said and pressed in a group, by everybody who may sit there: only what all who read it may know or do."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import outbox
from bot.actions.weekly import tell_week
from bot.buttons import Tap, wire
from bot.campaigns import load
from bot.messages import Address, Press
from bot.sandbox import people
from bot.sandbox.model import Status
from bot.storage.db import open_engine
from bot.storage.models import AuditRow, OutboxRow, Unit
from bot.texts import render
from handlers import ROUTERS
from tests.cast import PICTURE, STALE, Actor, Stage
from tests.databases import A_MONDAY, Sqlite
from tests.security.elsewhere import DISTRICTS, HERE, OTHER, SECRET, THERE
from tests.security.gathering import (
    ABOVE,
    ADMIN,
    AWAY,
    EVERYBODY,
    HOME,
    IDS,
    LEFT,
    MEMBER,
    STRANGER,
    TOP,
    Ear,
    Hall,
    fill,
    ledger,
    names,
    read,
)
from tests.security.test_other_subtree import BOTH
from tests.test_buttons import ARGUMENTS
from tests.test_rights import KEY, LINK

# What a group becomes for which each of them asks: that of the unit that he leads, and for all others nobody's.
BECOMES = {
    "deputy": f"Xã Thử {HERE}",
    "unit_admin": f"Xã Thử {HERE}",
    "coordinator": DISTRICTS[HERE],
    "coordinator of another campaign": "Tỉnh Thử",
    ADMIN: f"Xã Thử {THERE}",
    TOP: "Tỉnh Long An",
    ABOVE.name: DISTRICTS[THERE],
}
NAME = f"xa thu {THERE}"
ROUTES = [key for router in ROUTERS for key in router.routes]
FOR_GROUPS = {name for kind, name in ROUTES if kind == "group"}
COMMANDS = sorted({name for kind, name in ROUTES if kind == "command"} | FOR_GROUPS)
ASKING = ("/lienket", f"/link@sotin_bot {NAME}")
TAKING = ("/lienket huy", "/link cancel", *ASKING, "/tongket tat", "/summary off")
WORDS = (LINK, f"{LINK} #KIN{THERE}", f"MA{THERE}", "Nguyễn Văn B", NAME, "hoso", "1", "@sotin_bot hoso")
TO_FRIDAY = timedelta(days=4, hours=7)  # 16:00, when the week is told
IN_PRIVATE = render("hint/in_group", "vi")


@pytest.fixture
async def hall(sqlite: Sqlite) -> AsyncIterator[Hall]:
    """An installation of two campaigns: whoever leads the one is nobody in the other."""
    async with Stage(sqlite.fresh("staged")) as stage:
        stage.app.use(replace(stage.app.setup, others=(load("binh_phuoc"),)))
        await stage.ask(lambda session: fill(session, Address("telegram", str(stage.group.id))))
        yield Hall(stage)


@pytest.fixture
def ear(sqlite: Sqlite) -> Iterator[Ear]:
    engine = open_engine(sqlite.fresh("staged"))
    with Session(engine) as session, session.begin():
        yield Ear(session)
    engine.dispose()


async def test_a_group_becomes_that_of_the_unit_of_who_asks_and_of_no_other(hall: Hall) -> None:
    known = await hall.stage.ask(names)
    found: dict[tuple[str, str], str | None] = {}
    for name in EVERYBODY:
        for text in ASKING:
            await hall.give_to(None)
            [answer] = await hall.hears(name, text)
            found[name, text] = await hall.unit()
            assert [each for each in known if each in answer] == []
    assert found == {(name, text): BECOMES.get(name) for name in EVERYBODY for text in ASKING}


async def test_who_does_not_administer_the_group_ties_it_to_nothing(hall: Hall) -> None:
    hall.rank(Status.MEMBER)
    await hall.give_to(None)
    for name in EVERYBODY:
        [_] = await hall.hears(name, "/lienket")
        assert await hall.unit() is None, name


async def test_what_is_tied_in_another_campaign_is_written_down_there(hall: Hall) -> None:
    await hall.give_to(None)
    await hall.hears("coordinator of another campaign", "/lienket")
    tied = select(AuditRow.campaign, AuditRow.unit_id).where(AuditRow.act == "@lienket")
    assert await hall.stage.ask(lambda session: session.execute(tied).all()) == [("binh_phuoc", OTHER)]


@pytest.mark.parametrize("closed_on", [None, A_MONDAY.date()], ids=["living", "closed last night"])
async def test_who_is_not_of_the_unit_or_above_neither_takes_its_group_nor_frees_it(
    closed_on: date | None, hall: Hall
) -> None:
    close = update(Unit).where(Unit.id == THERE).values(closed_on=closed_on)
    await hall.stage.ask(lambda session: session.execute(close))
    before = await hall.stage.ask(ledger)
    for who in AWAY:
        await hall.hears(who.name, *TAKING)
        assert await hall.stage.ask(ledger) == before, who.name


async def test_who_is_of_the_unit_or_above_may_do_both(hall: Hall) -> None:
    for who in HOME:
        await hall.give_to(THERE)
        [off, free] = await hall.hears(who.name, "/tongket tat", "/lienket huy")
        assert off.startswith("Bot không gửi tổng kết hằng tuần")
        assert free.startswith("Đã bỏ liên kết")
        assert await hall.unit() is None


def test_every_command_is_answered_with_nothing_that_names_anybody(ear: Ear) -> None:
    known, before = names(ear.session), ledger(ear.session)
    for hours, name in enumerate(EVERYBODY, 1):  # so that each of them gets the week of the unit
        words = f" {NAME}" if hours % 2 else ""
        answers = {each: read(ear.hears(name, hours, text=f"/{each}{words}")) for each in COMMANDS}
        assert {each for each in COMMANDS if answers[each] != IN_PRIVATE} == FOR_GROUPS, name
        assert [(each, who) for each, text in answers.items() for who in known if who in text] == [], name
        assert any(text.startswith("📊 Tổng kết tuần") for text in answers.values())
    assert ledger(ear.session) == before


def test_the_week_that_comes_by_itself_names_nobody_in_a_group(ear: Ear) -> None:
    tell_week(ear.session, BOTH, A_MONDAY + TO_FRIDAY)
    of_groups = select(OutboxRow.body).where(OutboxRow.chat.startswith("-"))
    weeks = [read(outbox.BODY.validate_json(body)) for body in ear.session.scalars(of_groups)]
    assert len(weeks) == 3  # the two units have a group each besides this one
    assert [who for who in names(ear.session) if who in "".join(weeks)] == []


async def test_in_private_who_may_is_told_of_people_by_the_same_commands(hall: Hall) -> None:
    for command in ("/thanhvien", "/tongket", "/hoso"):
        said = await Actor(hall.stage, hall.people[ADMIN]).says(command)
        assert any(SECRET in text or ADMIN in text for text in said), command
        assert await hall.hears(ADMIN, f"{command}@sotin_bot") != said


async def test_what_is_no_command_is_neither_answered_nor_kept(hall: Hall) -> None:
    await hall.hears(ADMIN, "/hoso")
    [hint], before = hall.said(), await hall.stage.ask(ledger)
    for person in (hall.people[name] for name in (STRANGER, MEMBER.name, ADMIN)):
        for text in WORDS:
            people.say(hall.world, person, text, hall.chat)
            people.say(hall.world, person, text, hall.chat, reply_to=hint)
        people.send_photo(hall.world, person, PICTURE, LINK, hall.chat)
        people.send_document(hall.world, person, "a.xlsx", b"PK", chat=hall.chat)
    assert await hall.hears() == []
    assert await hall.stage.ask(ledger) == before


async def test_what_is_edited_into_a_command_takes_no_group(hall: Hall) -> None:
    said = people.say(hall.world, hall.people[ADMIN], LINK, hall.chat)
    people.edit(hall.world, hall.people[ADMIN], said, "/lienket huy")
    assert await hall.hears() == [IN_PRIVATE]
    assert await hall.unit() == BECOMES[ADMIN]


async def test_a_question_that_was_put_in_private_is_not_answered_in_the_group(hall: Hall) -> None:
    left = Actor(hall.stage, hall.people[LEFT])
    await left.says("/dangky")
    before = await hall.stage.ask(ledger)
    said = await hall.hears(LEFT, "Nguyễn Văn B", "/huy", "/dangky", "/start", NAME)
    assert said == [IN_PRIVATE] * 3
    assert await hall.stage.ask(ledger) == before
    [asked] = await left.says("Nguyễn Văn B")
    assert "đơn vị" in asked


@pytest.mark.parametrize(
    ("name", "chat"),
    [(ADMIN, IDS[ADMIN]), (ADMIN, IDS[TOP]), (ADMIN, -THERE), (STRANGER, IDS[STRANGER]), (ADMIN, Ear.group.chat)],
    ids=["his own", "somebody else's", "another group of his unit", "a stranger's own", "the group itself"],
)
def test_no_button_does_anything_in_the_group(name: str, chat: int | str, ear: Ear) -> None:
    before = ledger(ear.session)
    for action, arguments in ARGUMENTS.items():
        button = wire(Tap("help.show", action, arguments), Address("telegram", str(chat)), "vi", KEY, BOTH.mark)
        said = ear.hears(name, press=Press("1", button.data or "", "1"))
        assert [said.text + said.notice] == STALE, action
    assert ledger(ear.session) == before


async def test_a_button_of_ones_own_chat_is_stale_in_the_group(hall: Hall) -> None:
    admin = Actor(hall.stage, hall.people[ADMIN])
    await admin.says("/hoso")
    data = admin.data_of("tên tôi")
    await hall.hears(ADMIN, "/hoso")
    before = await hall.stage.ask(ledger)
    people.press(hall.world, admin.person, hall.said()[-1], data=data)
    assert await hall.hears() == []
    assert await hall.stage.ask(ledger) == before
    assert await admin.hears() == STALE
    assert "nêu tên bạn" in (await admin.forges(data))[0]
