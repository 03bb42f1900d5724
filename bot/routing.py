"""Which handler an update goes to. Handlers register in a Router; `Routes` is the list of all, without twins."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.buttons import Tap, unwire
from bot.channels.base import Channel
from bot.messages import Address, Happening, Incoming, RawUpdate
from bot.request import Access, Request
from bot.setup import Setup
from bot.storage import conversations, people

Handler = Callable[[Request], None]


@dataclass(frozen=True, slots=True)
class Route:
    """A handler and who may use it."""

    handler: Handler
    access: Access


class Router:
    """The routes of one conversation. The decorators leave the function as it is."""

    def __init__(self) -> None:
        self.routes: dict[tuple[str, str], Route] = {}

    def command(self, *names: str, access: Access) -> Callable[[Handler], Handler]:
        """`/name`, in Vietnamese without diacritics first, then the English alias."""
        return self._add("command", names, access)

    def step(self, *names: str, access: Access) -> Callable[[Handler], Handler]:
        """What is said while the conversation is at a step."""
        return self._add("step", names, access)

    def button(self, *actions: str, access: Access) -> Callable[[Handler], Handler]:
        """A press on a button with this action."""
        return self._add("button", actions, access)

    def happening(self, *kinds: Happening) -> Callable[[Handler], Handler]:
        """The bot was blocked, added to a group …"""
        return self._add("happening", kinds, Access.ANYONE)

    def links(self, access: Access) -> Callable[[Handler], Handler]:
        """A message that holds a link."""
        return self._add("links", [""], access)

    def pictures(self, access: Access) -> Callable[[Handler], Handler]:
        """A picture without a link."""
        return self._add("pictures", [""], access)

    def group(self, *names: str) -> Callable[[Handler], Handler]:
        """`/name`, said in a group. The handler checks who may: all there read what a refusal says."""
        return self._add("group", names, Access.ANYONE)

    def group_command(self, handler: Handler) -> Handler:
        """Any other command for this bot that is said in a group."""
        return self._add("group_command", [""], Access.ANYONE)(handler)

    def otherwise(self, handler: Handler) -> Handler:
        """Whatever no other route takes."""
        return self._add("otherwise", [""], Access.ANYONE)(handler)

    def _add(self, kind: str, names: Iterable[str], access: Access) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            for name in names:
                _put_once(self.routes, (kind, str(name)), Route(handler, access))
            return handler

        return register


def _put_once(routes: dict[tuple[str, str], Route], key: tuple[str, str], route: Route) -> None:
    if key in routes:
        raise ValueError(f"two handlers for {key[0]} {key[1]!r}")
    routes[key] = route


class Routes:
    """All routes of the bot: finds the one for a request and runs it."""

    def __init__(
        self,
        routers: Sequence[Router],
        channels: Mapping[str, Channel],
        setup: Callable[[], Setup],
        has_link: Callable[[str], bool],
    ) -> None:
        self.routes: dict[tuple[str, str], Route] = {}
        for router in routers:
            for key, route in router.routes.items():
                _put_once(self.routes, key, route)
        self._channels = channels
        self._setup = setup
        self._has_link = has_link

    def handle(self, session: Session, raw: RawUpdate, now: datetime) -> None:
        """Do what the update asks; the caller commits."""
        message = self._channels[raw.channel].read(raw)
        if message is None:
            return
        request = self._request(session, message, now)
        route = self._find(request)
        if route is None:
            return
        if request.access >= route.access:
            route.handler(request)
        else:
            _refuse(request, route.access)
        request.answer_press()

    def give_up(self, session: Session, raw: RawUpdate, now: datetime) -> None:
        """Tell the sender honestly that his message could not be dealt with."""
        message = self._channels[raw.channel].read(raw)
        if message and message.private and not message.happening:
            self._request(session, message, now).reply("hint/failed")

    def _request(self, session: Session, message: Incoming, now: datetime) -> Request:
        account = people.account_of(session, Address(message.address.channel, message.sender))
        request = Request(session, self._setup(), message, now, account)
        if account:
            request.membership = people.active_membership(session, account.person_id)
            if message.private and message.happening is None:
                account.reachable = True
        request.conversation = conversations.current(session, message.address, now)
        return request

    def _find(self, request: Request) -> Route | None:
        message = request.message
        if message.happening:
            return self.routes.get(("happening", message.happening))
        if message.press:
            return self._pressed(request)
        command = self._command(request)
        if not message.private:
            return self._in_group(command, edited=message.edited) if command else None
        if command and not message.edited:
            return self.routes.get(("command", command)) or self.routes[("otherwise", "")]
        return self._said(request)

    def _in_group(self, command: str, *, edited: bool) -> Route:
        named = None if edited else self.routes.get(("group", command))
        return named or self.routes["group_command", ""]

    def _said(self, request: Request) -> Route:
        at_step = request.conversation and self.routes.get(("step", request.conversation.step))
        # An old message that is edited now is no answer to the question that is open now.
        if at_step and not request.message.edited:
            return at_step
        return self.routes[(self._kind(request.message), "")]

    def _kind(self, message: Incoming) -> str:
        if self._has_link(message.text):
            return "links"
        return "pictures" if message.picture else "otherwise"

    def _pressed(self, request: Request) -> Route:
        press = request.message.press
        read = unwire(press.data, request.message.address, request.setup.key) if press else None
        if read is None:
            return self.routes[("button", "stale")]
        request.action, request.args = read
        return self.routes.get(("button", request.action), self.routes[("button", "stale")])

    def _command(self, request: Request) -> str | None:
        """The command's name, if the text is one for this bot; its arguments go to the request."""
        text = request.message.text
        if not text.startswith("/"):
            return None
        word, *args = text.split()
        name, _, bot_name = word[1:].partition("@")
        ours = request.setup.bots[request.message.address.channel].name
        if bot_name and bot_name.casefold() != ours.casefold():
            return None
        request.args = tuple(args)
        return name.casefold()


def _refuse(request: Request, needed: Access) -> None:
    if needed is Access.PERSON or request.access is Access.ANYONE:
        request.reply("hint/need_consent", (Tap("start.begin", "start.again"),))
    elif needed is Access.MEMBER:
        request.reply("hint/need_unit", (Tap("register.begin", "register.begin"),))
    else:
        request.reply("hint/not_allowed")
