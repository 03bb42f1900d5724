"""The command line, as an operator meets it: a process of its own in an empty folder, without anybody's settings."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import people
from bot.sandbox.model import Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from tests.cast import TAG, TOKEN
from tests.crash.processes import Process
from tests.databases import Postgresql, Sqlite

REPOSITORY = Path(__file__).parents[1]
LONG_AN = "80"  # the code of its unit
NAME = "Nguyễn Văn A"
WITHIN_A_YEAR = {"weekly": 52, "monthly": 12, "quarterly": 4, "half_year": 3, "yearly": 1}
POST = "https://www.facebook.com/groups/miendongtuhao/posts/1234567890/?comment_id=5"


class Shell:
    """Runs `sotin` in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: str, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 -- our own program
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), **settings},
            input=given,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    def inspect(self, what: str, *lines: str | dict[str, Any]) -> list[dict[str, Any]]:
        """The answers of `sotin inspect` to these lines."""
        given = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
        done = self.run("inspect", what, given="\n".join([*given, ""]))
        assert (done.returncode, done.stderr) == (0, "")
        assert list(self.folder.iterdir()) == []  # neither database nor anything else is made
        return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_inspect_links_answers_each_link(shell: Shell) -> None:
    post, reel, profile, unknown = shell.inspect(
        "links", POST, "https://fb.com/reel/99?fs=e", "https://facebook.com/alice", "không phải link"
    )
    assert post == {
        "platform": "facebook",
        "kind": "group_post",
        "key": "fb:1234567890",
        "owner": "miendongtuhao",
        "url": "https://www.facebook.com/groups/miendongtuhao/posts/1234567890/",
    }
    assert (reel["kind"], reel["key"]) == ("reel", "fb:99")
    assert (profile["kind"], profile["key"]) == ("not_post", None)
    assert (unknown["kind"], unknown["platform"]) == ("unknown", None)


def test_inspect_tag_for_gives_the_tags_of_the_documents_and_survives_bad_lines(shell: Shell) -> None:
    school = "trường Trung học phổ thông Nguyễn Hữu Thọ, huyện Bến Lức"
    answers = shell.inspect(
        "tag-for",
        {"unit": "DQTV xã Tuyên Thạnh, thị xã Kiến Tường", "person": None},
        "{not JSON",
        {"unit": "Sở Nội vụ"},
        {"unit": school, "person": NAME},
        "[]",
        {"person": NAME},
        {"unit": "Sở Giáo dục và Đào tạo", "person": "Nguyễn Thị C"},
    )
    assert [answer.get("tag", "error" in answer) for answer in answers] == [
        TAG,
        True,
        "#SONOIVULONGAN",
        "#NGUYENVANATRUONGTHPTNGUYENHUUTHOBENLUCLONGAN",
        True,
        True,
        "#NGUYENTHICSOGIAODUCVADAOTAOLONGAN",
    ]


def test_inspect_tags_says_what_is_wrong_and_what_would_be_right(shell: Shell) -> None:
    right, near, none, accepted, broken = shell.inspect(
        "tags",
        {"text": f"Ra quân {TAG}", "required": TAG},
        {"text": "Ra quân #DQTV TUYENTHANHKIENTUONGLONGAN", "required": TAG},
        {"text": "Ra quân", "required": TAG},
        {"text": "Ra quân #CU", "required": TAG, "accepted": ["#CU"]},
        {"text": "Ra quân"},
    )
    assert right == {"found": [TAG], "verdict": "ok", "fault": None, "suggestion": None}
    assert near == {"found": ["#DQTV"], "verdict": "near_miss", "fault": "space_inside", "suggestion": TAG}
    assert (none["found"], none["verdict"], none["suggestion"]) == ([], "absent", TAG)
    assert accepted["verdict"] == "ok"
    assert "required" in broken["error"]


def test_inspect_deadlines_gives_each_report_of_a_year_in_order(shell: Shell) -> None:
    done = shell.run("inspect", "deadlines", "--campaign", "long_an", "--from", "2026-01-01", "--to", "2026-12-31")
    assert (done.returncode, done.stderr) == (0, "")
    assert list(shell.folder.iterdir()) == []
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert Counter(row["duty"] for row in found) == WITHIN_A_YEAR
    assert [row["due_at"] for row in found] == sorted(row["due_at"] for row in found)
    [yearly] = [row for row in found if row["duty"] == "yearly"]
    assert yearly == {
        "duty": "yearly",
        "code": "yearly",
        "period": "2026",
        "window_start": "2025-11-20T17:00:00+07:00",
        "window_end": "2026-11-20T17:00:00+07:00",
        "opens_at": "2025-11-20T17:00:00+07:00",
        "due_at": "2026-11-20T17:00:00+07:00",
        "reminders": [
            {"step": "before_3d", "at": "2026-11-17T08:00:00+07:00"},
            {"step": "before_1d", "at": "2026-11-19T08:00:00+07:00"},
            {"step": "day", "at": "2026-11-20T08:00:00+07:00"},
            {"step": "before_2h", "at": "2026-11-20T15:00:00+07:00"},
            {"step": "after_3d", "at": "2026-11-23T08:00:00+07:00"},  # Monday, to which “after_1d” was moved as well
        ],
    }


NOWHERE = "http://127.0.0.1:9"  # nothing listens there
DEADLINES = ("inspect", "deadlines", "--from")
WRONG = [
    pytest.param(("run",), {"TIME_ZONE": "Asia/Nowhere"}, "TIME_ZONE", id="time zone"),
    pytest.param(("run",), {"TELEGRAM_LIMIT_SCALE": "x", "LOG_LEVEL": "LOUD"}, "LOG_LEVEL", id="two settings"),
    pytest.param(("run",), {"DATABASE_URL": "nonsense", "TELEGRAM_BOT_TOKEN": TOKEN}, "DATABASE_URL", id="database"),
    pytest.param(
        ("run",), {"TELEGRAM_API_BASE": NOWHERE, "TELEGRAM_BOT_TOKEN": TOKEN}, "connection", id="no connection"
    ),
    pytest.param(("inspect", "tags", "--campaign", "nowhere"), {}, "nowhere", id="campaign"),
    pytest.param(("inspect", "deadlines"), {}, "--from and --to", id="no days"),
    pytest.param((*DEADLINES, "2026-02-30", "--to", "2026-03-31"), {}, "'2026-02-30' is no day", id="no such day"),
    pytest.param((*DEADLINES, "2026-03-31", "--to", "2026-03-01"), {}, "is after 2026-03-01", id="days in disorder"),
    pytest.param((*DEADLINES, "2026-01-01", "--to", "9999-12-31"), {}, "2000 to 2099", id="a day too far"),
]


@pytest.mark.parametrize(("arguments", "settings", "named"), WRONG)
def test_what_keeps_it_from_starting_is_one_plain_sentence(
    shell: Shell, arguments: tuple[str, ...], settings: dict[str, str], named: str
) -> None:
    done = shell.run(*arguments, **settings)
    said = [line for line in done.stderr.splitlines() if line.startswith("sotin: ")]
    assert done.returncode == 69
    assert len(said) == 1
    assert named in said[0]
    assert "Traceback" not in done.stderr
    assert TOKEN not in done.stderr


@pytest.mark.parametrize(
    ("setting", "value", "named"),
    [
        ("TELEGRAM_WEBHOOK_SECRET", "not allowed", "Secret token contains unallowed characters"),
        ("WEBHOOK_HOST", "203.0.113.9", "WEBHOOK_HOST"),  # an address of documents, never this machine's
    ],
)
async def test_a_webhook_that_cannot_be_is_told_in_the_same_way(
    shell: Shell, setting: str, value: str, named: str
) -> None:
    async with SandboxServer(World(scale=float("inf")), TOKEN) as server:
        settings = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE": server.address, "WEBHOOK_PORT": "18443"}
        settings |= {"TELEGRAM_WEBHOOK_URL": "http://127.0.0.1:18443/hook", setting: value}
        done = await asyncio.to_thread(shell.run, "run", **settings)
    assert done.returncode == 69
    assert named in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_the_doctor_says_what_is_missing(shell: Shell) -> None:
    done = shell.run("doctor")
    assert done.returncode == 1
    fine = [line for line in done.stdout.splitlines() if line.startswith("ok")]
    [failing] = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]
    assert "TELEGRAM_BOT_TOKEN is not set" in failing
    assert any("Asia/Ho_Chi_Minh" in line for line in fine)
    assert any("campaign long_an" in line for line in fine)
    assert any("database (sqlite)" in line for line in fine)


def test_the_doctor_names_hashtags_that_two_units_share(shell: Shell, databases: Sqlite | Postgresql) -> None:
    done = shell.run("doctor", DATABASE_URL=databases.fresh("staged"))
    [clash] = [line for line in done.stdout.splitlines() if line.startswith("FAIL") and "/datthe" in line]
    assert "4 units share a hashtag" in clash
    assert "#DQTVHIEPHOADUCHOALONGAN" in clash


def test_migrating_twice_is_harmless_and_appointing_says_what_is_wrong(
    shell: Shell, databases: Sqlite | Postgresql
) -> None:
    url = databases.fresh("empty")
    for _ in range(2):
        done = shell.run("migrate", DATABASE_URL=url)
        assert (done.returncode, done.stdout) == (0, "the tables are up to date\n")
    unknown_unit = shell.run("appoint", "2003", "unit_admin", "nowhere", DATABASE_URL=url)
    assert unknown_unit.returncode == 69
    assert unknown_unit.stderr == "sotin: campaign long_an has no unit with code nowhere.\n"


async def run_and_talk(bot: Process, world: World, person: Person) -> None:
    """Start the bot and go through the first steps of a registration."""
    await bot.start()
    people.start(world, person)
    await hears(world, person, "Bạn có đồng ý không?")
    message = world.messages(person.id)[-1]
    people.press(world, person, message, *people.find_button(message, "✅ Đồng ý"))
    await hears(world, person, "Cảm ơn bạn đã đồng ý")
    people.say(world, person, "/dangky")
    await hears(world, person, "đầy đủ của bạn là gì")
    people.say(world, person, NAME)
    await hears(world, person, f"Chào {NAME}")


async def hears(world: World, person: Person, words: str) -> None:
    await world.until(lambda: any(words in message.text for message in world.messages(person.id)), within=60)


async def test_sotin_run_serves_appoints_and_ends_cleanly_without_a_word_about_anybody(
    shell: Shell, database_url: str
) -> None:
    world = World(scale=float("inf"))
    charlie = world.add_person("Charlie")
    async with SandboxServer(world, TOKEN) as server:
        settings = {
            "DATABASE_URL": database_url,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE": server.address,
            "LOG_LEVEL": "DEBUG",
        }
        async with Process(shell.folder, "bot", "run", **settings) as bot:
            await run_and_talk(bot, world, charlie)
            began = time.monotonic()
            assert await bot.stop() == 0
            assert time.monotonic() - began < 10
    log = bot.log.read_text()
    assert "update handled" in log
    assert str(charlie.id) in log
    for secret in (TOKEN, TOKEN.partition(":")[2], NAME, "Nguyễn", "Charlie", "Traceback"):
        assert secret not in log
    refused = shell.run("appoint", str(charlie.id), "unit_admin", LONG_AN, DATABASE_URL=database_url)
    assert refused.returncode == 69
    assert refused.stderr.startswith("sotin: nobody has registered from this account")
