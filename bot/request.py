"""One thing a person did, with all that a handler needs to answer it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from sqlalchemy.orm import Session

from bot import outbox, speech
from bot.buttons import Row
from bot.messages import Address, Attached, Incoming, Outgoing
from bot.setup import Setup
from bot.storage import conversations, operators, people
from bot.storage.audit import Actor
from bot.storage.models import Account, Conversation, Membership, Role
from bot.texts import render

CONVERSATION_LASTS = timedelta(hours=24)
CAMPAIGN = "campaign"  # where there are several, an open question remembers in which it was asked


class Access(IntEnum):
    """Who may use a route; each level includes those below it, but for the operator, who is an account."""

    ANYONE = 0
    PERSON = 1  # gave consent
    MEMBER = 2  # is active in a unit
    UNIT_ADMIN = 3
    COORDINATOR = 4
    OPERATOR = 5  # no step of the ladder: it opens what is the operator's, and nothing else


ACCESS_OF_ROLE = {
    Role.MEMBER: Access.MEMBER,
    Role.DEPUTY: Access.UNIT_ADMIN,
    Role.UNIT_ADMIN: Access.UNIT_ADMIN,
    Role.COORDINATOR: Access.COORDINATOR,
}


@dataclass(slots=True)
class Request:
    """One thing a person did, with all that a handler needs to answer it. What it changes is committed by the inbox."""

    session: Session
    setup: Setup
    message: Incoming
    now: datetime
    account: Account | None = None
    membership: Membership | None = None
    conversation: Conversation | None = None
    action: str = ""
    args: tuple[str, ...] = ()
    _press_open: bool = field(init=False)

    def __post_init__(self) -> None:
        self._press_open = self.message.press is not None

    @property
    def language(self) -> str:
        """The language that the person chose; Vietnamese until he did."""
        if self.account:
            return self.account.person.language
        return self.conversation.language if self.conversation else "vi"

    @property
    def access(self) -> Access:
        """What the person may use by his place in a unit."""
        if self.membership:
            return ACCESS_OF_ROLE[people.role_at(self.membership, self.now)]
        return Access.PERSON if self.account else Access.ANYONE

    @property
    def is_operator(self) -> bool:
        """Whether the person looks after the installation, from this very account."""
        at = Address(self.message.address.channel, self.message.sender)
        return self.message.private and operators.is_operator(self.session, at)

    def may(self, needed: Access) -> bool:
        """Whether the person may use what needs this."""
        return self.is_operator if needed is Access.OPERATOR else self.access >= needed

    @property
    def me(self) -> Membership:
        """The membership of the person; only for routes open to members."""
        if self.membership is None:
            raise LookupError("this route is for members only")
        return self.membership

    @property
    def pending(self) -> Membership | None:
        """The registration of the person that still waits for approval."""
        if self.account is None:
            return None
        return people.pending_membership(self.session, self.account.person_id, self.setup.campaign.code)

    @property
    def data(self) -> dict[str, Any]:
        """What the conversation knows so far."""
        return self.conversation.data if self.conversation else {}

    def turn_to(self, campaign: str) -> None:
        """Do this in another campaign of the installation; KeyError if there is none."""
        self.setup = self.setup.within(campaign)
        if self.account:
            self.membership = people.active_membership(self.session, self.account.person_id, campaign)

    def actor(self, act: str) -> Actor:
        """Who is behind what is changed now."""
        member = self.membership.id if self.membership else None
        return Actor(self.setup.campaign.code, member, self.message.address.channel, act, self.now)

    @property
    def line(self) -> str:
        """What was said, as one line: with single blanks, and none around it."""
        return " ".join(self.message.text.split())

    def reply(
        self,
        template: str,
        *rows: Row,
        replace: bool = False,
        file: Attached | None = None,
        picture: str | None = None,
        language: str | None = None,
        passing: bool = False,
        asks_number: bool = False,
        **values: Any,
    ) -> None:
        """Say a text in this chat; `replace` puts it in place of the message whose button was pressed.

        A `passing` one is soon replaced by another; what `asks_number` may be answered by a number.
        """
        press = self.message.press
        speech.say(
            self.session,
            self.setup,
            self.message.address,
            language or self.language,
            template,
            self.now,
            rows=rows,
            edits=press.message if press and replace else None,
            answers=self._take_press(),
            file=file,
            picture=picture,
            passing=passing,
            asks_number=asks_number,
            **values,
        )

    def notice(self, template: str, **values: Any) -> None:
        """A short line shown on the press of a button."""
        answers = self._take_press()
        if answers:
            message = Outgoing(
                answers=answers, notice=render(template, self.language, **values), language=self.language
            )
            outbox.put(self.session, self.message.address, message, self.now)

    def ask(self, step: str, data: Mapping[str, Any], language: str | None = None) -> None:
        """The next thing the person says goes to the handler of `step`."""
        campaign = {CAMPAIGN: self.setup.campaign.code} if self.setup.others else {}
        self.conversation = conversations.set_step(
            self.session,
            self.message.address,
            step,
            {**data, **campaign},
            language or self.language,
            self.now + CONVERSATION_LASTS,
        )

    def end(self) -> None:
        """The conversation is over."""
        if self.conversation:
            conversations.end(self.session, self.conversation)
            self.conversation = None

    def answer_press(self) -> None:
        """Answer a press that no message answered: the button must not stay lit."""
        answers = self._take_press()
        if answers:
            outbox.put(self.session, self.message.address, Outgoing(answers=answers), self.now)

    def _take_press(self) -> str | None:
        if not self._press_open or self.message.press is None:
            return None
        self._press_open = False
        return self.message.press.id
