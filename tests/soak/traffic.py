"""What people say on a Friday afternoon, twenty times over.

The rate: of one province's 18,426 people (Hòa Bình's plan) each hands in a post a week, half of them on Friday between
13:00 and 17:00, with two updates each (the link; a command, a button or a word): 18,426 ÷ 2 × 2 ÷ 14,400 s = 1.28 a
second. Its 530 units file their weekly report in these hours, with six updates each: 0.22 a second. Together 1.5, and
twenty times that is 30.
"""

import random

from bot.sandbox import people
from bot.sandbox.errors import SandboxError
from bot.sandbox.model import Person
from bot.sandbox.world import World
from tests.cast import TAG
from tests.crash.script import link_of

PER_SECOND = 30.0
ASKED = (
    "/hashtag",
    "/baicuatoi",
    "/trogiup",
    "/tiendo",
    "/kybaocao",
    "Chào bot ạ",
    "cảm ơn nhé",
    "/thanhvien",
    "/baocao",
)


class Traffic:
    """One update after the other, drawn: half are new links, the rest is asked, pressed, repeated and edited."""

    def __init__(self, world: World, persons: list[Person], chance: random.Random) -> None:
        self._world = world
        self._persons = persons
        self._chance = chance
        self._links = 0
        self.said = 0

    def next(self) -> float:
        """Somebody does something; how many seconds until the next one does."""
        person, roll = self._chance.choice(self._persons), self._chance.random()
        if roll < 0.5:
            self._hand_in(person)
        elif roll < 0.75 or not self._press(person):
            people.say(self._world, person, self._chance.choice(ASKED))
        self.said += 1
        return self._chance.expovariate(PER_SECOND)

    def _hand_in(self, person: Person) -> None:
        again = self._links > 100 and self._chance.random() < 0.1
        number = self._chance.randint(1, self._links) if again else self._links + 1
        self._links = max(self._links, number)
        people.say(self._world, person, f"{link_of(number)}\nTin {number} của đơn vị. {TAG}")

    def _press(self, person: Person) -> bool:
        """Press any button of the last message that has one; False if there is none."""
        chat = self._world.messages(person.id)[-10:]
        for message in reversed(chat):
            places = [
                (row, column)
                for row, buttons in enumerate(message.buttons)
                for column, button in enumerate(buttons)
                if "callback_data" in button
            ]
            if message.from_bot and places:
                try:
                    people.press(self._world, person, message, *self._chance.choice(places))
                except SandboxError:
                    return False
                return True
        return False
