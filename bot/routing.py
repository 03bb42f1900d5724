"""Which handler an update goes to. Handlers register in a Router; `Routes` is the list of all, without twins."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import answers, metrics
from bot.buttons import Tap, unwire
from bot.channels.base import Channel
from bot.channels.capabilities import capabilities_of
from bot.messages import Address, Happening, Incoming, RawUpdate
from bot.request import CAMPAIGN, CONVERSATION_LASTS, Access, Request
from bot.setup import Setup, mark_of
from bot.storage import audit, callers, conversations, groups, people, recipients
from bot.storage.models import Conversation

Handler = Callable[[Request], None]

TO_THE_MINUTE = timedelta(minutes=1)  # one row the less to write for most of what is said

# These are for whoever the table of rights names; the others are open to everybody and check for themselves.
GUARDED = ("command", "step", "button", "links", "pictures", "documents", "replies")


@dataclass(frozen=True, slots=True)
class Right:
    """What one does, the least that one must be for it, and the routes by which it is done.

    In `routes` “/” stands before a command, “?” before a step, “@” before what has no name of its own.
    """

    what: str
    access: Access
    routes: str


@dataclass(frozen=True, slots=True)
class Route:
    """A handler, under the name by which the rights and the audit log know it; the alias of a command has its name."""

    name: str
    handler: Handler


class Router:
    """The routes of one conversation; who may use them stands elsewhere. The decorators leave the function as it is."""

    def __init__(self) -> None:
        self.routes: dict[tuple[str, str], Route] = {}

    def command(self, *names: str) -> Callable[[Handler], Handler]:
        """`/name`, in Vietnamese without diacritics first, then the English alias."""
        return self._add("command", names, f"/{names[0]}")

    def step(self, *names: str) -> Callable[[Handler], Handler]:
        """What is said while the conversation is at a step."""
        return self._add("step", names)

    def button(self, *actions: str) -> Callable[[Handler], Handler]:
        """A press on a button with this action."""
        return self._add("button", actions)

    def happening(self, *kinds: Happening) -> Callable[[Handler], Handler]:
        """The bot was blocked, added to a group …"""
        return self._add("happening", kinds)

    def links(self, handler: Handler) -> Handler:
        """A message that holds a link."""
        return self._add("links", [""])(handler)

    def pictures(self, handler: Handler) -> Handler:
        """A picture without a link."""
        return self._add("pictures", [""])(handler)

    def documents(self, handler: Handler) -> Handler:
        """A file without a link."""
        return self._add("documents", [""])(handler)

    def replies(self, handler: Handler) -> Handler:
        """A reply to the message of a broadcast."""
        return self._add("replies", [""])(handler)

    def group(self, *names: str) -> Callable[[Handler], Handler]:
        """`/name`, said in a group. The handler checks who may: all there read what a refusal says."""
        return self._add("group", names)

    def group_command(self, handler: Handler) -> Handler:
        """Any other command for this bot that is said in a group."""
        return self._add("group_command", [""])(handler)

    def otherwise(self, handler: Handler) -> Handler:
        """Whatever no other route takes."""
        return self._add("otherwise", [""])(handler)

    def _add(self, kind: str, names: Iterable[str], known_as: str | None = None) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            for name in names:
                _put_once(self.routes, (kind, str(name)), Route(known_as or _known_as(kind, name), handler))
            return handler

        return register


def _known_as(kind: str, name: str) -> str:
    if kind == "button":
        return name
    return f"?{name}" if kind == "step" else f"@{name or kind}"


def _put_once(routes: dict[tuple[str, str], Route], key: tuple[str, str], route: Route) -> None:
    if key in routes:
        raise ValueError(f"two handlers for {key[0]} {key[1]!r}")
    routes[key] = route


class Routes:
    """All routes of the bot: finds the one for a request and runs it."""

    def __init__(
        self,
        routers: Sequence[Router],
        rights: Sequence[Right],
        channels: Mapping[str, Channel],
        setup: Callable[[], Setup],
        has_link: Callable[[str], bool],
    ) -> None:
        self.routes: dict[tuple[str, str], Route] = {}
        for router in routers:
            for key, route in router.routes.items():
                _put_once(self.routes, key, route)
        self._access = _access(rights, {route.name for (kind, _), route in self.routes.items() if kind in GUARDED})
        self._channels = channels
        self._setup = setup
        self._has_link = has_link

    def handle(self, session: Session, updates: Sequence[RawUpdate], now: datetime) -> None:
        """Do what the updates ask, each of another chat; the caller commits."""
        read = [self._channels[each.channel].read(each) for each in updates]
        messages = [each for each in read if each]
        chats = {Address(each.address.channel, chat) for each in messages for chat in (each.address.chat, each.sender)}
        callers.read_ahead(session, chats)
        for message in messages:
            self._handle(session, message, now)

    def _handle(self, session: Session, said: Incoming, now: datetime) -> None:
        message = answers.heard(session, said, self._asked_at(session, said, now), now)
        if message is None:
            return
        request = self._request(session, message, now)
        route = self._find(request)
        if route is None:
            return
        needed = self.access_to(route)
        if request.may(needed):
            with audit.acting(session, request.actor(route.name)), metrics.handling(route.name):
                route.handler(request)
        else:
            _refuse(request, needed)
        request.answer_press()

    def access_to(self, route: Route) -> Access:
        """The least that one must be for a route."""
        return self._access.get(route.name, Access.ANYONE)

    def give_up(self, session: Session, raw: RawUpdate, now: datetime) -> None:
        """Tell the sender honestly that his message could not be dealt with."""
        message = self._channels[raw.channel].read(raw)
        if message and message.private and not message.happening:
            self._request(session, message, now).reply("hint/failed")

    def _request(self, session: Session, message: Incoming, now: datetime) -> Request:
        setup, press = self._setup(), message.press
        account = people.account_of(session, Address(message.address.channel, message.sender))
        pressed = unwire(press.data, message.address, setup.key) if press else None
        request = Request(session, setup, message, now, account)
        request.conversation = conversations.current(session, message.address, now)
        if setup.others:
            request.setup = setup.within(campaign_of(request, pressed.mark if pressed else ""))
        if pressed:
            request.action, request.args = pressed.action, pressed.args
        if account:
            request.membership = people.active_membership(session, account.person_id, request.setup.campaign.code)
            if message.private and message.happening is None:
                if not account.reachable:
                    account.reachable = True
                if account.used_at is None or now - account.used_at >= TO_THE_MINUTE:
                    people.was_here(session, account, now)
        return request

    def _asked_at(self, session: Session, message: Incoming, now: datetime) -> datetime | None:
        """When the question was asked that waits for an answer here."""
        if capabilities_of(message.address.channel).buttons:
            return None
        asked = conversations.current(session, message.address, now)
        return asked.expires_at - CONVERSATION_LASTS if asked and self._waits(asked) else None

    def _waits(self, asked: Conversation | None) -> bool:
        return asked is not None and ("step", asked.step) in self.routes

    def _find(self, request: Request) -> Route | None:
        message = request.message
        if message.happening:
            return self.routes.get(("happening", message.happening))
        if message.press:
            known = self.routes.get(("button", request.action)) if message.private else None  # no group gets buttons
            return known or self.routes["button", "stale"]
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
        if self._answers_broadcast(request):
            return self.routes["replies", ""]
        at_step = request.conversation and self.routes.get(("step", request.conversation.step))
        # An old message that is edited now is no answer to the question that is open now.
        if at_step and not request.message.edited:
            return at_step
        return self.routes[(self._kind(request.message), "")]

    def _answers_broadcast(self, request: Request) -> bool:
        """Whether it goes to the author of a broadcast; what holds a link is handed in all the same."""
        message = request.message
        if not message.replies_to or message.edited or self._has_link(message.text):
            return False
        return recipients.of_message(request.session, message.address, message.replies_to) is not None

    def _kind(self, message: Incoming) -> str:
        if self._has_link(message.text):
            return "links"
        if message.picture:
            return "pictures"
        return "documents" if message.document else "otherwise"

    def _command(self, request: Request) -> str | None:
        """The command's name, if the text is one for this bot; its arguments go to the request."""
        text = request.message.text
        if not text.startswith("/"):
            name = answers.bare_command(request.message)
            return name if ("command", name) in self.routes and not self._waits(request.conversation) else None
        word, *args = text.split()
        name, _, bot_name = word[1:].partition("@")
        ours = request.setup.bots[request.message.address.channel].name
        if bot_name and bot_name.casefold() != ours.casefold():
            return None
        request.args = tuple(args)
        return name.casefold()


def _access(rights: Iterable[Right], routes: Set[str]) -> dict[str, Access]:
    """The least that one must be for each route; ValueError if a route has no right or two, or a right no route."""
    found: dict[str, Access] = {}
    for right in rights:
        for name in right.routes.split():
            if name in found:
                raise ValueError(f"two rights for {name}")
            found[name] = right.access
    if routes ^ found.keys():
        raise ValueError(f"routes and rights do not agree: {', '.join(sorted(routes ^ found.keys()))}")
    return found


def campaign_of(request: Request, mark: str) -> str:
    """In which of several campaigns something is said: that of the button, of the group, of the open question, of the
    person; for a stranger the installation's first."""
    setup, message = request.setup, request.message
    codes = [each.campaign.code for each in setup.in_each()]
    found: list[str | None] = [code for code in codes if mark_of(code) == mark]
    if not message.private:
        found.append(groups.campaign_of(request.session, message.address))
    if request.conversation and not message.text.startswith("/"):
        found.append(request.conversation.data.get(CAMPAIGN))
    if request.account:
        own = people.active_memberships(request.session, request.account.person_id)
        found += [request.account.person.campaign, *(each.unit.campaign for each in own)]
    return next((code for code in found if code in codes), setup.campaign.code)


def _refuse(request: Request, needed: Access) -> None:
    if needed is Access.OPERATOR:
        request.reply("operate/not_operator")
    elif needed is Access.PERSON or request.access is Access.ANYONE:
        request.reply("hint/need_consent", (Tap("start.begin", "start.again"),))
    elif needed is Access.MEMBER:
        request.reply("hint/need_unit", (Tap("register.begin", "register.begin"),))
    elif needed is Access.UNIT_ADMIN:
        request.reply("hint/not_allowed")
    else:
        request.reply("hint/for_coordinators")
