"""The list of all routes: without twins, each with its right."""

import re
from collections.abc import Sequence

import pytest

from bot.messages import Happening
from bot.request import Access, Request
from bot.routing import Right, Router, Routes
from bot.texts import LANGUAGES, render
from handlers import MENU, ROUTERS
from handlers.rights import RIGHTS


def all_routes(*routers: Router, rights: Sequence[Right] = ()) -> Routes:
    def no_setup() -> None:
        raise AssertionError("building the routes needs no setup")

    return Routes(routers, rights, {}, no_setup, lambda _: False)  # type: ignore[arg-type]  # never called here


def say_nothing(_: Request) -> None:
    """A handler."""


def the_bots() -> Routes:
    return all_routes(*ROUTERS, rights=RIGHTS)


def test_what_touches_posts_is_for_members() -> None:
    routes = the_bots()
    of_posts = [route for key, route in routes.routes.items() if key[1].startswith(("posts.", "mine.", "tag."))]
    assert len(of_posts) >= 8
    assert {routes.access_to(route) for route in [*of_posts, routes.routes["links", ""]]} == {Access.MEMBER}


def test_every_route_has_a_handler_that_says_what_it_does() -> None:
    for route in the_bots().routes.values():
        assert route.handler.__doc__


def test_every_happening_is_handled() -> None:
    handled = {name for kind, name in the_bots().routes if kind == "happening"}
    assert handled == set(Happening)


def test_whatever_comes_there_is_a_route_to_fall_back_to() -> None:
    assert {("otherwise", ""), ("button", "stale"), ("group_command", "")} <= set(the_bots().routes)


def test_the_menu_offers_commands_that_exist_in_both_languages() -> None:
    routes = the_bots().routes
    for vietnamese, _, english, _ in MENU:
        assert routes["command", vietnamese].handler is routes["command", english].handler


def test_a_route_without_a_right_refuses_to_start() -> None:
    router = Router()
    router.command("hashtag", "tag")(say_nothing)
    with pytest.raises(ValueError, match="do not agree: /hashtag"):
        all_routes(router)


def test_a_right_without_a_route_refuses_to_start() -> None:
    with pytest.raises(ValueError, match=r"do not agree: posts\.check"):
        all_routes(rights=[Right("check", Access.MEMBER, "posts.check")])


def test_two_rights_for_one_route_refuse_to_start() -> None:
    rights = [Right(what, Access.MEMBER, "?posts.text") for what in ("one", "two")]
    with pytest.raises(ValueError, match=r"two rights for \?posts\.text"):
        all_routes(rights=rights)


def test_an_alias_has_the_right_of_its_command() -> None:
    routes = the_bots()
    assert routes.routes["command", "tag"].name == "/hashtag"
    assert routes.access_to(routes.routes["command", "tag"]) is Access.MEMBER


def test_a_handler_stays_an_ordinary_function() -> None:
    assert Router().command("a")(say_nothing) is say_nothing


def test_twins_in_one_router_refuse_to_start() -> None:
    router = Router()
    router.command("hashtag")(say_nothing)
    with pytest.raises(ValueError, match="two handlers for command 'hashtag'"):
        router.command("tag", "hashtag")(say_nothing)


def test_twins_in_two_routers_refuse_to_start() -> None:
    routers = [Router(), Router()]
    for router in routers:
        router.button("posts.check")(say_nothing)
    with pytest.raises(ValueError, match=r"two handlers for button 'posts\.check'"):
        all_routes(*routers)


def test_one_name_may_be_a_command_and_a_button() -> None:
    router = Router()
    router.command("language")(say_nothing)
    router.button("language")(say_nothing)
    rights = [Right("choose", Access.ANYONE, "/language language")]
    assert len(all_routes(router, rights=rights).routes) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_was_left_half_done_says_how_to_begin_again(language: str) -> None:
    routes = the_bots().routes
    steps = {name.partition(".")[0] for kind, name in routes if kind == "step"}
    assert len(steps) > 20
    for step in steps:
        [command] = re.findall(r"/([a-z]+)", render("register/expired", language, step=step))
        assert command not in ("trogiup", "help"), step
        assert ("command", command) in routes
