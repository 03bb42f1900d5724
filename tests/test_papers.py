"""What the papers say is what the program does."""

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.request import Access
from bot.routing import Route, Routes
from bot.settings import Settings
from bot.setup import Setup
from handlers import MENU, ROUTERS
from handlers.rights import RIGHTS

ROOT = Path(__file__).parent.parent
SETTING = re.compile(r"#?([A-Z_]+)=(.*)")
WHO = {
    "anyone": Access.ANYONE,
    "those who agreed": Access.PERSON,
    "members": Access.MEMBER,
    "unit admins": Access.UNIT_ADMIN,
    "coordinators": Access.COORDINATOR,
}
# In parts, so that this file does not name them itself.
PACKAGE_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pypi", "python", "org"),
        ("pythonhosted", "org"),
        ("anaconda", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("proxy", "golang", "org"),
    )
]
INDEX_OPTIONS = ["-".join(parts) for parts in (("--index", "url"), ("--extra-index", "url"), ("--trusted", "host"))]


def test_the_example_of_settings_has_every_field_in_order() -> None:
    assert [name.lower() for name, _ in _example_settings()] == list(Settings.model_fields)


def test_every_setting_of_the_example_is_explained_in_the_line_above() -> None:
    lines = _read(".env.example").splitlines()
    places = [number for number, line in enumerate(lines) if SETTING.fullmatch(line)]
    assert [lines[number] for number in places if not lines[number - 1].startswith("# ")] == []


def test_the_example_of_settings_shows_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, _ in _example_settings():
        monkeypatch.delenv(name, raising=False)
    shown = tmp_path / "shown.env"
    shown.write_text("\n".join(f"{name}={value}" for name, value in _example_settings()), "utf-8")
    assert Settings(_env_file=shown) == Settings(_env_file=None)


def test_the_readme_names_every_command_and_no_other() -> None:
    named = [name for names, _ in _readme_commands() for name in names]
    assert sorted(named) == sorted(_routes())


def test_the_readme_puts_a_command_beside_its_alias_and_says_who_may_use_it() -> None:
    routes = _routes()
    all_routes = Routes(ROUTERS, RIGHTS, {}, _no_setup, lambda _: False)
    access = {name: all_routes.access_to(route) for name, route in routes.items()}
    for names, who in _readme_commands():
        assert len({routes[name].handler for name in names}) == 1, names
        assert {access[name] for name in names} == {WHO[who]}, names


def test_the_menu_shows_the_commands_of_the_readme() -> None:
    menu = [(name, alias) for name, _, alias, _ in MENU]
    assert [names for names, _ in _readme_commands()] == [("batdau", "start"), *menu]


def test_the_readme_names_every_command_of_the_operator(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    offered = re.findall(r"^ {4}([a-z]+) ", capsys.readouterr().out, re.MULTILINE)
    assert re.findall(r"^\| `sotin ([a-z]+)`", _read("README.md"), re.MULTILINE) == offered


def test_the_guide_for_contributors_names_only_files_that_exist() -> None:
    named = re.findall(r"`([\w.-]+/[\w./-]*)`", _without_examples(_read("CONTRIBUTING.md")))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_no_file_names_a_host_of_packages() -> None:
    forbidden = re.compile("|".join(map(re.escape, PACKAGE_HOSTS + INDEX_OPTIONS)).encode())
    assert [str(path.relative_to(ROOT)) for path in _files() if forbidden.search(path.read_bytes())] == []


def test_the_requirements_hold_no_address_at_all() -> None:
    held = [path.name for path in (ROOT / "requirements").iterdir() if "://" in path.read_text("utf-8")]
    assert held == []


def _read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def _example_settings() -> list[tuple[str, str]]:
    found = (SETTING.fullmatch(line) for line in _read(".env.example").splitlines())
    return [(match[1], match[2]) for match in found if match]


def _readme_commands() -> list[tuple[tuple[str, str], str]]:
    rows = re.findall(r"^\| `/(\w+)` \| `/(\w+)` \| ([^|]+) \|", _read("README.md"), re.MULTILINE)
    return [((vietnamese, english), who.strip()) for vietnamese, english, who in rows]


def _no_setup() -> Setup:
    raise AssertionError("building the routes needs no setup")


def _routes() -> dict[str, Route]:
    routes = (item for router in ROUTERS for item in router.routes.items())
    return {name: route for (kind, name), route in routes if kind == "command"}


def _without_examples(text: str) -> str:
    return re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)


def _files() -> Iterator[Path]:
    """Every file of the project but those that .gitignore leaves out; works without git as well."""
    left_out = [".git", *(line.strip("/") for line in _read(".gitignore").splitlines() if line)]
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if not _fits(name, left_out)]
        yield from (Path(folder, name) for name in names if not _fits(name, left_out))


def _fits(name: str, patterns: list[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)
