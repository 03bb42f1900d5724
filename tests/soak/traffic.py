"""What people say on a Friday afternoon, twenty times over.

The rate: of one province's 18,426 people (Hòa Bình's plan) each hands in a post a week, half of them on Friday between
13:00 and 17:00, with two updates each (the link; a command, a button or a word): 18,426 ÷ 2 × 2 ÷ 14,400 s = 1.28 a
second. Its 530 units file their weekly report in these hours, with six updates each: 0.22 a second. Together 1.5, and
twenty times that is 30.

One in five is on Zalo: there menus of numbers are kept, and papers and pictures become links. A post has a text of its
own, long enough for a sketch, as nearly the same ones would all wait for a reviewer.
"""

import random
from collections.abc import Sequence

from tests.cast import TAG
from tests.crash.script import link_of
from tests.soak.phones import Phone

PER_SECOND = 30.0
ASKED = (
    "/hashtag",
    "/baicuatoi",
    "/trogiup",
    "/tiendo",
    "/thoihan",
    "Chào bot ạ",
    "cảm ơn nhé",
    "/thanhvien",
    "/baocao",
    "/xuatdulieu",
)
WORDS = (
    "bà", "con", "ấp", "xóm", "cùng", "dọn", "đường", "trồng", "cây", "sửa", "cầu", "sáng", "nay", "đoàn", "viên",
    "mẹ", "tặng", "quà", "học", "sinh", "vượt", "khó", "dân", "quân", "giúp", "gặt", "lúa", "đắp", "đê", "khám", "bệnh",
)  # fmt: skip
WORDS_IN_A_POST = 20


class Traffic:
    """One update after the other, drawn: half are new links, the rest is asked, chosen, repeated and edited."""

    def __init__(self, phones: Sequence[Phone], chance: random.Random) -> None:
        self._phones = phones
        self._chance = chance
        self._links = 0
        self.said = 0

    def next(self) -> float:
        """Somebody does something; how many seconds until the next one does."""
        phone, roll = self._chance.choice(self._phones), self._chance.random()
        if roll < 0.5:
            self._hand_in(phone)
        elif roll < 0.75 or not phone.choose(self._chance):
            phone.say(self._chance.choice(ASKED))
        self.said += 1
        return self._chance.expovariate(PER_SECOND)

    def _hand_in(self, phone: Phone) -> None:
        again = self._links > 100 and self._chance.random() < 0.1
        number = self._chance.randint(1, self._links) if again else self._links + 1
        self._links = max(self._links, number)
        words = " ".join(self._chance.choices(WORDS, k=WORDS_IN_A_POST))
        phone.say(f"{link_of(number)}\nTin {number} của đơn vị: {words}. {TAG}")
