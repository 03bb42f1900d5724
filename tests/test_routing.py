"""The list of all routes: without twins, each with the access it needs, shown here as data so that a change is seen."""

import pytest

from bot.messages import Happening
from bot.request import Access, Request
from bot.routing import Router, Routes
from handlers import MENU, ROUTERS

ANYONE, PERSON, MEMBER, UNIT_ADMIN = Access.ANYONE, Access.PERSON, Access.MEMBER, Access.UNIT_ADMIN
COORDINATOR = Access.COORDINATOR
COMMANDS = {
    "batdau": ANYONE,
    "start": ANYONE,
    "ngonngu": ANYONE,
    "language": ANYONE,
    "trogiup": ANYONE,
    "help": ANYONE,
    "huy": ANYONE,
    "cancel": ANYONE,
    "dangky": PERSON,
    "register": PERSON,
    "hoso": PERSON,
    "profile": PERSON,
    "xuatdulieu": PERSON,
    "mydata": PERSON,
    "xoadulieu": PERSON,
    "erase": PERSON,
    "hashtag": MEMBER,
    "tag": MEMBER,
    "baicuatoi": MEMBER,
    "myposts": MEMBER,
    "tongket": UNIT_ADMIN,
    "summary": UNIT_ADMIN,
    "baocao": UNIT_ADMIN,
    "report": UNIT_ADMIN,
    "tiendo": UNIT_ADMIN,
    "progress": UNIT_ADMIN,
    "thoihan": MEMBER,
    "deadlines": MEMBER,
    "duyet": UNIT_ADMIN,
    "review": UNIT_ADMIN,
    "datthe": UNIT_ADMIN,
    "settag": UNIT_ADMIN,
    "moi": UNIT_ADMIN,
    "invite": UNIT_ADMIN,
    "sapxep": COORDINATOR,
    "reorganise": COORDINATOR,
    "ngaynghi": COORDINATOR,
    "daysoff": COORDINATOR,
}
OF_REVIEWERS = (
    "ask",
    "bulk",
    "bulk!",
    "link",
    "merge",
    "merge!",
    "next",
    "no",
    "no!",
    "number",
    "ok",
    "show",
    "skip",
    "target",
)
BUTTONS_BEYOND_MEMBERS = {
    "approval.yes": UNIT_ADMIN,
    "approval.no": UNIT_ADMIN,
    **{f"review.{name}": UNIT_ADMIN for name in OF_REVIEWERS},
}
BUTTONS_BEYOND_MEMBERS |= dict.fromkeys(
    [f"reorganise.{name}" for name in ("unit", "cancel", "part", "add", "new", "parts")]
    + [f"reorganise.{name}" for name in ("day", "back", "confirm", "undo")],
    COORDINATOR,
)
BUTTONS_BEYOND_MEMBERS |= dict.fromkeys(
    [f"tags.{name}" for name in ("show", "unit", "members", "alike", "end", "end!")]
    + [f"tags.{name}" for name in ("set", "offer", "from", "no_end", "save")],
    UNIT_ADMIN,
)

BUTTONS_BEYOND_MEMBERS |= dict.fromkeys([f"remind.{name}" for name in ("snooze", "paper", "paper!", "all")], UNIT_ADMIN)
BUTTONS_BEYOND_MEMBERS |= dict.fromkeys([f"remind.{name}" for name in ("received", "missing")], COORDINATOR)
BUTTONS_BEYOND_MEMBERS |= dict.fromkeys(
    [f"report.{name}" for name in ("list", "unit", "show", "page", "return", "file", "next", "skip", "send")]
    + [f"report.{name}" for name in ("docx", "xlsx")]
    + [f"progress.{name}" for name in ("show", "missing", "unit", "table", "map")],
    UNIT_ADMIN,
)
BUTTONS_BEYOND_MEMBERS |= {"progress.excuse": COORDINATOR, "progress.paper": COORDINATOR}
BUTTONS_BEYOND_MEMBERS |= dict.fromkeys(
    [
        f"deadlines.{name}"
        for name in ("list", "duty", "set", "add", "cancel", "rhythm", "day", "hour", "toggle", "next")
    ]
    + [f"deadlines.{name}" for name in ("off_day", "end", "save", "periods", "period", "skip", "restore", "period!")]
    + [f"daysoff.{name}" for name in ("show", "add", "no_note", "remove", "save")],
    COORDINATOR,
)


def all_routes(*routers: Router) -> Routes:
    def no_setup() -> None:
        raise AssertionError("building the routes needs no setup")

    return Routes(routers, {}, no_setup, lambda _: False)  # type: ignore[arg-type]  # never called here


def say_nothing(_: Request) -> None:
    """A handler."""


def test_every_command_is_open_to_whom_it_is_meant_for() -> None:
    routes = all_routes(*ROUTERS).routes
    assert {name: route.access for (kind, name), route in routes.items() if kind == "command"} == COMMANDS


def test_only_admins_decide() -> None:
    routes = all_routes(*ROUTERS).routes
    high = {name: route.access for (kind, name), route in routes.items() if kind == "button" and route.access > MEMBER}
    assert high == BUTTONS_BEYOND_MEMBERS


def test_what_touches_posts_is_for_members() -> None:
    routes = all_routes(*ROUTERS).routes
    of_posts = {key: route.access for key, route in routes.items() if key[1].startswith(("posts.", "mine.", "tag."))}
    assert len(of_posts) >= 8
    assert set(of_posts.values()) == {MEMBER}
    assert routes["links", ""].access is MEMBER


def test_every_route_has_an_access_and_a_handler_that_says_what_it_does() -> None:
    for route in all_routes(*ROUTERS).routes.values():
        assert isinstance(route.access, Access)
        assert route.handler.__doc__


def test_every_happening_is_handled() -> None:
    handled = {name for kind, name in all_routes(*ROUTERS).routes if kind == "happening"}
    assert handled == set(Happening)


def test_whatever_comes_there_is_a_route_to_fall_back_to() -> None:
    assert {("otherwise", ""), ("button", "stale"), ("group_command", "")} <= set(all_routes(*ROUTERS).routes)


def test_the_menu_offers_commands_that_exist_in_both_languages() -> None:
    for vietnamese, _, english, _ in MENU:
        assert COMMANDS[vietnamese] is COMMANDS[english]


def test_a_handler_stays_an_ordinary_function() -> None:
    assert Router().command("a", access=ANYONE)(say_nothing) is say_nothing


def test_twins_in_one_router_refuse_to_start() -> None:
    router = Router()
    router.command("hashtag", access=MEMBER)(say_nothing)
    with pytest.raises(ValueError, match="two handlers for command 'hashtag'"):
        router.command("tag", "hashtag", access=MEMBER)(say_nothing)


def test_twins_in_two_routers_refuse_to_start() -> None:
    routers = [Router(), Router()]
    for router in routers:
        router.button("posts.check", access=MEMBER)(say_nothing)
    with pytest.raises(ValueError, match=r"two handlers for button 'posts\.check'"):
        all_routes(*routers)


def test_one_name_may_be_a_command_and_a_button() -> None:
    router = Router()
    router.command("language", access=ANYONE)(say_nothing)
    router.button("language", access=ANYONE)(say_nothing)
    assert len(all_routes(router).routes) == 2
