"""A chat without buttons: an answer becomes the press, at the right time and for the right message only."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot import outbox
from bot.buttons import Copy, Tap
from bot.campaigns import load
from bot.channels.base import Channel, Identity
from bot.messages import Address, Button, Incoming, Outgoing, Priority, RawUpdate
from bot.request import Access, Request
from bot.routing import Right, Router, Routes
from bot.setup import Setup
from bot.storage import menus
from bot.storage.models import ChatMenu, OutboxRow, OutboxState

NOW = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
HERE, THERE = Address("zalo", "6ede9afa66b88fe6d6a9"), Address("telegram", "2002")
BOTS = {"zalo": Identity("Sổ Tin", "https://zalo.me/bot"), "telegram": Identity("bot", "https://t.me/bot?start=")}
SETUP = Setup(load("long_an"), ZoneInfo("Asia/Ho_Chi_Minh"), b"k" * 32, BOTS)
HELP, PROFILE = Tap("help.show", "help.show"), Tap("profile.show", "profile.show")
HELP_BUTTON = Button("Trợ giúp", "1|help.show|s")

router = Router()


def approve(number: int) -> Tap:
    return Tap("approval.yes", "approval.yes", (number,), solemn=True)


@router.command("hoi", "ask")
def ask(request: Request) -> None:
    """Ask something that is typed."""
    request.ask("asked", {})
    request.reply("hint/not_allowed", (PROFILE,))


@router.command("hoisuong")
def ask_without_options(request: Request) -> None:
    """Ask something that is typed, and offer nothing."""
    request.ask("asked", {})


@router.step("asked")
@router.button("help.show", "profile.show", "approval.yes", "stale")
@router.command("trogiup", "help")
@router.links
@router.otherwise
def note(request: Request) -> None:
    """Note what came."""
    press = request.message.press
    DONE.append(f"{request.action} {' '.join(request.args)}".strip() if press else f"said {request.message.text}")
    if press:
        request.notice("hint/stale")


DONE: list[str] = []
ROUTES = "/hoi /hoisuong /trogiup ?asked help.show profile.show approval.yes stale @links"
RIGHTS = [Right("all", Access.ANYONE, ROUTES)]


def read(raw: RawUpdate) -> Incoming:
    return Incoming(Address(raw.channel, raw.chat), raw.chat != "group", "a", text=raw.payload, message=raw.id)


class Chat:
    """What is said in one chat, with a small bot behind it whose messages arrive at once."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.now = NOW
        fake = cast(Channel, SimpleNamespace(read=read))
        channels = {"zalo": fake, "telegram": fake}
        self.routes = Routes([router], RIGHTS, channels, lambda: SETUP, lambda text: "https://" in text)
        DONE.clear()

    def says(self, text: str, at: Address = HERE) -> list[str]:
        """Say it; what came of it, and what the bot answered."""
        before = len(self.texts())
        DONE.clear()
        self.routes.handle(self.session, [RawUpdate(at.channel, "m1", at.chat, text)], self.now)
        return [*DONE, *self.texts()[before:]]

    def offers(self, *taps: Tap | Copy, arrives: bool = True, **how: Any) -> None:
        """The bot says something with buttons."""
        request = Request(self.session, SETUP, Incoming(HERE, True, "a"), self.now)
        request.reply("hint/not_allowed", *[(tap,) for tap in taps], **how)
        if arrives:
            self.arrive()

    def arrive(self) -> None:
        self.session.execute(update(OutboxRow).values(state=OutboxState.SENT))

    def texts(self) -> list[str]:
        rows = self.session.scalars(select(OutboxRow).order_by(OutboxRow.id)).all()
        return [outbox.BODY.validate_json(row.body).text for row in rows]

    def words_for(self, place: int = 0) -> str:
        """The words for a solemn act in the newest message."""
        newest = self.session.scalars(select(ChatMenu).order_by(ChatMenu.id.desc())).first()
        assert newest
        return [each.answer for each in menus.options_of(newest) if each.solemn][place]


@pytest.fixture
def chat(session: Session) -> Chat:
    return Chat(session)


@pytest.mark.parametrize("words", ["1", "trợ giúp", "Tro giup", "1."])
def test_a_number_or_a_label_presses_the_button(chat: Chat, words: str) -> None:
    chat.offers(HELP, PROFILE)
    done, *notice = chat.says(words)
    assert done == "help.show"
    assert len(notice) == 1


def test_the_newest_message_counts(chat: Chat) -> None:
    chat.offers(HELP)
    chat.offers(PROFILE)
    assert chat.says("1")[0] == "profile.show"


def test_of_an_older_message_a_label_still_counts_and_a_number_does_not(chat: Chat) -> None:
    pages = [Tap("tags.offer", "help.show", (number,), {"name": str(number)}) for number in range(1, 8)]
    chat.offers(PROFILE, *pages)
    chat.offers(HELP)
    assert chat.says("hồ sơ của tôi")[0] == "profile.show"
    chat.arrive()
    assert "không khớp" in chat.says("7")[0]


def test_after_a_day_the_label_of_an_older_message_gets_that_one_again(chat: Chat) -> None:
    chat.offers(PROFILE)
    chat.offers(HELP)
    chat.now = NOW + timedelta(hours=24)
    [answer] = chat.says("hồ sơ của tôi")
    assert "quá 24 giờ" in answer
    assert "1. Hồ sơ của tôi" in answer


def test_what_has_not_arrived_yet_answers_nothing(chat: Chat) -> None:
    chat.offers(HELP)
    chat.offers(PROFILE, arrives=False)
    assert chat.says("1")[0] == "help.show"


def test_a_solemn_act_needs_its_words(chat: Chat) -> None:
    chat.offers(approve(5), HELP)
    words = chat.words_for()
    for short in ("duyệt", words.split()[1][:3], "DUYỆT 1"):
        [answer] = chat.says(short)
        assert "chưa làm gì" in answer
        assert words in answer
        chat.arrive()
    assert chat.says(words)[0] == "approval.yes 5"


def test_the_words_of_an_older_message_still_do_their_own_act(chat: Chat) -> None:
    chat.offers(approve(5))
    first = chat.words_for()
    chat.offers(approve(6))
    assert chat.says(first)[0] == "approval.yes 5"
    assert chat.says(chat.words_for())[0] == "approval.yes 6"


def test_after_a_day_the_options_are_shown_again_and_nothing_is_done(chat: Chat) -> None:
    chat.offers(HELP, approve(5))
    words = chat.words_for()
    chat.now = NOW + timedelta(hours=24)
    for said in ("1", "trợ giúp", words):
        [answer] = chat.says(said)
        assert "quá 24 giờ" in answer
        assert "1. Trợ giúp" in answer
        assert words in answer
        chat.session.execute(update(OutboxRow).where(OutboxRow.state != OutboxState.SENT).values(state="failed"))
    chat.says("1")
    chat.arrive()
    assert chat.says("1")[0] == "help.show"


def test_a_number_that_fits_nothing_gets_the_options_again(chat: Chat) -> None:
    chat.offers(HELP)
    beginnings = []
    for _ in range(2):
        [answer] = chat.says("7")
        chat.arrive()
        assert "không khớp" in answer
        assert "1. Trợ giúp" in answer
        beginnings.append(answer.splitlines()[0])
    assert beginnings[0] == beginnings[1] != ""


def test_the_options_beyond_nine_come_with_nought_and_go_round(chat: Chat) -> None:
    chat.offers(*[Tap("mine.withdraw", "help.show", (number,), {"number": number}) for number in range(1, 13)])
    [more] = chat.says("0")
    chat.arrive()
    assert "1. ↩️ Rút số 10\n2. ↩️ Rút số 11\n3. ↩️ Rút số 12\n4. ↩️ Rút số 1\n" in more
    assert chat.says("3")[0] == "help.show 12"


def test_while_a_question_waits_a_number_that_is_no_option_answers_it(chat: Chat) -> None:
    chat.says("/hoi")
    chat.arrive()
    assert chat.says("7") == ["said 7"]
    assert chat.says("1")[0] == "profile.show"


def test_options_from_before_a_question_do_not_take_its_answer(chat: Chat) -> None:
    chat.offers(HELP, approve(5))
    words = chat.words_for()
    chat.now += timedelta(minutes=1)
    chat.says("/hoisuong")
    assert chat.says("1") == ["said 1"]
    assert chat.says("Trợ giúp") == ["said Trợ giúp"]
    assert chat.says(words)[0] == "approval.yes 5"


def test_where_a_number_is_asked_for_it_is_the_answer(chat: Chat) -> None:
    chat.offers(HELP, asks_number=True)
    assert chat.says("trợ giúp")[0] == "help.show"
    chat.now += timedelta(minutes=1)
    chat.says("/hoisuong")
    assert chat.says("1") == ["said 1"]


def test_without_a_menu_of_commands_the_bare_word_is_enough(chat: Chat) -> None:
    for words in ("trợ giúp", "TRO GIUP", "trogiup", "help"):
        assert chat.says(words) == [f"said {words}"]
    assert len(chat.says("hoi")) == 1
    assert chat.says("trợ giúp") == ["said trợ giúp"]


def test_on_a_channel_with_buttons_words_stay_words(chat: Chat) -> None:
    outbox.put(chat.session, THERE, Outgoing("?", ((HELP_BUTTON,),)), NOW)
    chat.arrive()
    assert chat.says("1", THERE) == ["said 1"]
    assert chat.says("hoi", THERE) == ["said hoi"]
    assert not chat.session.scalars(select(ChatMenu)).all()


@pytest.mark.parametrize("said", ["/trogiup", "https://fb.com/1"])
def test_commands_and_links_are_no_answers(chat: Chat, said: str) -> None:
    chat.offers(HELP)
    assert chat.says(said) == [f"said {said}"]


def test_a_long_message_is_a_row_for_each_part_and_is_taken_back_as_one(session: Session) -> None:
    outbox.put(session, HERE, Outgoing("chữ " * 1200), NOW, key="a", expires_at=NOW)
    first, second, third = session.scalars(select(OutboxRow).order_by(OutboxRow.id)).all()
    assert (first.key, second.key, third.key) == ("a", None, None)
    assert {second.follows_id, third.follows_id} == {first.id}
    session.execute(delete(OutboxRow).where(OutboxRow.key == "a"))
    assert not session.scalars(select(OutboxRow.id)).all()


def test_many_messages_at_once_reach_each_channel_in_its_own_way(session: Session) -> None:
    message = Outgoing("Đã đọc?", ((HELP_BUTTON,),))
    outbox.put_all(session, [("a", HERE, message), ("b", THERE, message)], NOW, Priority.BROADCAST)
    bodies = {row.channel: outbox.BODY.validate_json(row.body) for row in session.scalars(select(OutboxRow))}
    assert bodies["telegram"] == message
    assert bodies["zalo"].text.endswith("1. Trợ giúp")
    assert {row.key for row in session.scalars(select(OutboxRow))} == {"a", "b"}


def test_what_is_to_be_copied_comes_alone_in_a_message(chat: Chat) -> None:
    chat.offers(Copy("approval.copy_link", "#A&B"), HELP)
    for words in ("1", "sao chep link"):
        assert chat.says(words) == ["<code>#A&amp;B</code>"]
    assert chat.says("2")[0] == "help.show"


def test_a_solemn_act_that_is_offered_again_has_the_same_words(chat: Chat) -> None:
    chat.offers(replace(approve(5), verb="verbs.refuse"))
    words = chat.words_for()
    assert words.startswith("TỪ CHỐI ")
    assert words in chat.says("từ chối")[0]


def test_the_options_go_with_the_message(session: Session) -> None:
    outbox.put(session, HERE, Outgoing("?", ((HELP_BUTTON,),)), NOW)
    session.execute(delete(OutboxRow))
    assert not session.scalars(select(ChatMenu)).all()


def test_where_links_hold_no_code_one_is_told_what_to_send() -> None:
    by_link, by_words = ("Telegram", "https://t.me/bot?start=abc", None), ("Zalo", "/start abc", "https://zalo.me/bot")
    assert SETUP.ways_in("abc", "telegram") == (by_link, by_words)
    assert SETUP.ways_in("abc", "zalo") == (by_words, by_link)
