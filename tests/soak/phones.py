"""What a person of a soak has in his hand: one messenger or the other, by which he says and chooses."""

import random
from dataclasses import dataclass
from typing import Protocol

from bot.sandbox import people
from bot.sandbox.errors import SandboxError
from bot.sandbox.model import Message, Person
from bot.sandbox.world import World
from bot.sandbox.zalo import people as zalo_people
from bot.sandbox.zalo.model import Person as ZaloPerson
from bot.sandbox.zalo.world import ZaloWorld
from tests.zalo_cast import read

Place = tuple[int, int]


class Phone(Protocol):
    """Somebody's chat with the bot."""

    def say(self, text: str) -> None:
        """Send a message."""

    def choose(self, chance: random.Random) -> bool:
        """Choose anything that was offered; False if nothing was."""


@dataclass(frozen=True, slots=True)
class OnTelegram:
    """Somebody who presses buttons."""

    world: World
    person: Person

    def say(self, text: str) -> None:
        """Send a message."""
        people.say(self.world, self.person, text)

    def choose(self, chance: random.Random) -> bool:
        """Press any button of the last message that has one."""
        for message in reversed(self.world.messages(self.person.id)[-10:]):
            places = _places(message)
            if message.from_bot and places:
                try:
                    people.press(self.world, self.person, message, *chance.choice(places))
                except SandboxError:
                    return False
                return True
        return False


@dataclass(frozen=True, slots=True)
class OnZalo:
    """Somebody who answers with numbers and words."""

    world: ZaloWorld
    person: ZaloPerson

    def say(self, text: str) -> None:
        """Send a message."""
        zalo_people.say(self.world, self.person, text)

    def choose(self, chance: random.Random) -> bool:
        """Answer any option of the last message that has some."""
        for message in reversed(self.world.in_chat(self.person.id)[-10:]):
            if message.from_bot and (answers := read(message.text).answers):
                self.say(chance.choice(list(answers.values())))
                return True
        return False


def _places(message: Message) -> list[Place]:
    return [
        (row, column)
        for row, buttons in enumerate(message.buttons)
        for column, button in enumerate(buttons)
        if "callback_data" in button
    ]
