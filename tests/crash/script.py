"""What the people of the crash test say, and what must be answered; and their memberships, written beforehand."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import roster
from bot.campaigns import read_units
from bot.messages import Address
from bot.storage import people
from bot.storage.models import Membership, MembershipState, Role, Unit
from tests.cast import TAG

FIRST_PERSON = 700_001
FIRST_POST = 900_000_000_000_001
PAGES = (
    "https://www.facebook.com/toiyeuchiensisaovuong/posts/",
    "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/",
    "https://www.facebook.com/nguoichiensisaovuongquankhu7/posts/",
)
LOGGED = "✅ <b>Số {number}</b> ·"
AGAIN = "ℹ️ Bài này <b>đã ghi sổ</b>, số {number}:"
OTHERS = {
    "/hashtag": "Hashtag của bạn",
    "/baicuatoi": "<b>Bài của bạn",
    "/trogiup": "<b>Bạn có thể",
    "Chào bot ạ": "Bot chưa hiểu",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One update. `answer` is how its answer begins, with the receipt number of the post with `key` in it."""

    chat: str
    text: str
    answer: str
    key: str | None = None


class Writer:
    """Makes up what is said: mostly new links, some of the person's own links again, some commands and plain words.

    Two updates in a row in one chat never have the same answer, so that a repeated answer is told from a second one.
    Where updates may get lost on their way, that must hold without them as well: nothing then refers to an earlier one.
    """

    def __init__(self, chance: random.Random, *, some_get_lost: bool = False) -> None:
        self._chance = chance
        self._some_get_lost = some_get_lost
        self._others: Counter[str] = Counter()
        self._links = 0
        self._own: dict[str, list[int]] = {}
        self._last: dict[str, str] = {}

    def script(self, updates: int, people: int) -> list[Said]:
        """So many updates in the order in which they are said; everybody has his share."""
        chats = [str(FIRST_PERSON + each % people) for each in range(updates)]
        self._chance.shuffle(chats)
        return [self._next(chat) for chat in chats]

    def _next(self, chat: str) -> Said:
        roll = self._chance.random()
        if roll < 0.1 and self._own.get(chat) and not self._some_get_lost:
            return self._again(chat)
        return self._other(chat) if roll > 0.85 else self._link(chat)

    def _link(self, chat: str) -> Said:
        self._links += 1
        self._own.setdefault(chat, []).append(self._links)
        self._last.pop(chat, None)
        return Said(chat, f"{link_of(self._links)}\nTin {self._links} của đơn vị. {TAG}", LOGGED, key_of(self._links))

    def _again(self, chat: str) -> Said:
        """An own link once more, as a phone writes it."""
        own = self._own[chat]
        number = own.pop(self._chance.randrange(len(own)))
        self._last.pop(chat, None)
        return Said(chat, link_of(number).replace("www.", "m.", 1), AGAIN, key_of(number))

    def _other(self, chat: str) -> Said:
        if self._some_get_lost:
            self._others[chat] += 1
            text = list(OTHERS)[self._others[chat] % len(OTHERS)]
            return Said(chat, text, OTHERS[text])
        text = self._chance.choice([each for each in OTHERS if each != self._last.get(chat)])
        self._last[chat] = text
        return Said(chat, text, OTHERS[text])


def link_of(number: int) -> str:
    """The link of the so-manieth post, on one of the campaign's targets."""
    return f"{PAGES[number % len(PAGES)]}{FIRST_POST + number}"


def key_of(number: int) -> str:
    """The canonical key of that link."""
    return f"fb:{FIRST_POST + number}"


def enrol(session: Session, channel: str, chats: list[str], now: datetime) -> None:
    """Make the people active members of the unit whose tag they use."""
    roster.load_tree(session, "long_an", read_units("long_an"))
    unit = session.scalars(select(Unit).where(Unit.name == "Xã Tuyên Thạnh")).one()
    for chat in chats:
        account = people.add_person(session, Address(channel, chat), "vi", now)
        member = Membership(person=account.person, unit=unit, full_name="Nguyễn Văn A", kind="chien_si")
        member.role, member.state = Role.MEMBER, MembershipState.ACTIVE
        member.created_at = member.decided_at = now
        session.add(member)
