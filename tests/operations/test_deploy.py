"""What lies in `deploy` and stands in docs/operations.md names only what the program has."""

import argparse
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import metrics
from bot.__main__ import _parser
from bot.operations.figures import State, _Figures
from bot.settings import Settings, is_secret
from bot.storage.downloads import PATHS
from bot.storage.upkeep import LastBackup
from tests.databases import A_MONDAY

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
TEXTS = [ROOT / "docs" / "operations.md", ROOT / "README.md"]
PAPERS = [*TEXTS, *(path for path in DEPLOY.rglob("*") if path.is_file())]
UNITS = [path for path in PAPERS if path.suffix in (".service", ".timer", ".conf") and path.name != "nginx.conf"]
SECRETS = {name.upper() for name, field in Settings.model_fields.items() if is_secret(name, field)}
SETTINGS = {name.upper() for name in Settings.model_fields} | {f"{name}_FILE" for name in SECRETS}
NO_FIGURES = {"sotin", "sotinback"}  # the program, its user and its database, and one for going back
OF_OTHERS = {
    "MPLCONFIGDIR", "SOTIN_OFFSITE", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE", "PYTHONUNBUFFERED",
    "PIP_NO_CACHE_DIR", "PIP_DISABLE_PIP_VERSION_CHECK", "NAME_FILE", "AF_INET", "AF_UNIX",
}  # fmt: skip


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_each_setting_that_is_named_exists(paper: Path) -> None:
    named = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", paper.read_text("utf-8")))
    assert named - SETTINGS - OF_OTHERS == set()


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_each_command_that_is_named_exists_with_its_options(paper: Path) -> None:
    commands = _commands()
    for name, rest in re.findall(r"\bsotin ([a-z]+)\b([^`\n|]*)", _code(paper)):
        assert name in commands, name
        assert {*re.findall(r"--[a-z-]+", rest)} <= commands[name], (name, rest)


def test_each_figure_that_an_alert_looks_at_is_measured() -> None:
    state = State(A_MONDAY, [], (0, None), 0, LastBackup(A_MONDAY, "", 1), 1, 1, {}, 0)
    families = [*metrics.REGISTRY.collect(), *_Figures(state, []).collect()]
    measured = {each.name for each in families}
    named = set(re.findall(r"\b(?:sotin\w*|process_\w+)", (ROOT / "docs" / "operations.md").read_text("utf-8")))
    plain = {re.sub(r"_(total|bucket|count|sum)$", "", name) for name in named - NO_FIGURES}
    assert len(plain) > len(NO_FIGURES)
    assert plain - measured == set()


def test_an_alert_tells_of_the_backup_that_never_was() -> None:
    state = State(A_MONDAY, [], (0, None), 0, LastBackup(), 1, 1, {}, 0)
    assert "sotin_backup_at_seconds" not in {each.name for each in _Figures(state, []).collect()}
    assert "`absent(sotin_backup_at_seconds)`" in (ROOT / "docs" / "operations.md").read_text("utf-8")


def test_the_compose_file_keeps_the_database_and_the_operators_pages_inside() -> None:
    compose: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))
    bot, database = compose["services"]["bot"], compose["services"]["database"]
    assert all(port.startswith("127.0.0.1:") for port in bot["ports"])
    assert "ports" not in database
    assert bot["environment"]["OPERATOR_BIND"] == "0.0.0.0"  # noqa: S104 -- the other containers ask for figures
    assert not any(bot["environment"]["OPERATOR_PORT"] in port for port in bot["ports"])
    assert (bot["read_only"], bot["cap_drop"]) == (True, ["ALL"])
    assert {*bot["secrets"], *database["secrets"]} == {*compose["secrets"]}
    assert (DEPLOY / bot["build"]["dockerfile"].removeprefix("deploy/")).exists()
    for name, value in bot["environment"].items():
        assert not name.endswith("_FILE") or value == f"/run/secrets/{name.removesuffix('_FILE').lower()}"


def test_the_image_takes_what_the_project_is_made_of_and_nothing_else() -> None:
    image = (DEPLOY / "Dockerfile").read_text("utf-8")
    taken = {source for line in re.findall(r"^COPY (.+) \S+$", image, re.MULTILINE) for source in line.split()}
    let_in = re.findall(r"^!(.+)$", (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8"), re.MULTILINE)
    assert taken == {*let_in}
    assert all((ROOT / source).exists() for source in taken)
    assert re.search(r"^FROM python:\d+\.\d+\.\d+-", image, re.MULTILINE)
    assert re.search(r"^USER (?!0|root)", image, re.MULTILINE)


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_the_proxies_let_through_what_the_bot_serves_and_refuse_the_rest(name: str) -> None:
    proxy = (DEPLOY / name).read_text("utf-8")
    for path in PATHS.values():
        assert path.strip("/") in proxy
    assert f"127.0.0.1:{Settings.model_fields['webhook_port'].default}" in proxy
    assert "404" in proxy
    for inside in ("metrics", "readyz", "healthz", "9464"):
        assert inside not in proxy


def test_no_link_to_a_file_gets_into_a_log_of_the_proxies() -> None:
    """Both were tried with the bot down: nginx and Caddy alike quote the address of a request that fails."""
    nginx = (DEPLOY / "nginx.conf").read_text("utf-8")
    [files] = re.findall(r"location ~ \^/\(tep\|anh\)/ \{(.*?)\}", nginx, re.DOTALL)
    assert "access_log off;" in nginx
    assert "error_log /dev/null crit;" in files
    caddy = (DEPLOY / "Caddyfile").read_text("utf-8")
    assert re.search(r"^\{\n\tlog \{[^}]*\texclude http\.log\.error\n", caddy, re.MULTILINE)
    assert caddy.count("log {") == 1


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_the_units_are_such_as_systemd_reads(unit: Path, tmp_path: Path) -> None:
    parser = ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # as its documentation says it is set
    parser.read_string(unit.read_text("utf-8"))
    assert {*parser.sections()} <= {"Unit", "Service", "Timer", "Install"}
    analyze = shutil.which("systemd-analyze")
    if analyze and unit.suffix != ".conf":
        for each in UNITS:
            words = re.sub(r"/opt/sotin/\S+|/usr/bin/rsync", sys.executable, each.read_text("utf-8"))
            (tmp_path / each.name).write_text(words)
        command = [analyze, "verify", "--man=no", str(tmp_path / unit.name)]
        told = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)  # noqa: S603 -- our own files
        assert unit.stem not in told.stderr


@pytest.mark.parametrize("name", ["sotin.service", "sotin-offsite.service"])
def test_both_services_write_only_where_they_must_and_may_do_only_what_they_need(name: str) -> None:
    lines = (DEPLOY / name).read_text("utf-8").splitlines()
    wanted = {"ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes", "NoNewPrivileges=yes"}
    wanted |= {"CapabilityBoundingSet=", "UMask=0077", "User=sotin", "MemoryDenyWriteExecute=yes"}
    wanted |= {"SystemCallFilter=@system-service", "SystemCallFilter=~@privileged @resources"}
    assert wanted <= {*lines}
    writable = [line for line in lines if re.match(r"(ReadWritePaths|StateDirectory|CacheDirectory)=", line)]
    assert writable == (["StateDirectory=sotin", "CacheDirectory=sotin"] if name == "sotin.service" else [])


def _commands() -> dict[str, set[str]]:
    """The program's commands and the options of each."""
    [offered] = [each for each in _parser()._actions if isinstance(each, argparse._SubParsersAction)]
    return {name: {*parser._option_string_actions} for name, parser in offered.choices.items()}


def _code(paper: Path) -> str:
    """What is meant as a command: all of a configuration's lines, and of a text what stands in code."""
    text = paper.read_text("utf-8")
    if paper.suffix != ".md":
        return "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))
