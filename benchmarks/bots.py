"""Bots as processes beside the stand-in of the Bot API: ours, and the least that others need to answer.

The stand-in is the same for all of them. Ours and the peers run in environments of their own, which `make bench` makes.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import insert

from benchmarks.bot_api import TOKEN, Play
from benchmarks.ledger import BEGIN, CAMPAIGN, UNITS, fill
from bot.storage.db import open_engine
from bot.storage.models import Tag, TagKind

ROOT = Path(__file__).parent.parent
PEERS = ROOT / "benchmarks" / "peers"
INSTALLED_PYTHON = ROOT / "benchmarks" / "installed" / ".venv" / "bin" / "python"
PEERS_PYTHON = PEERS / ".venv" / "bin" / "python"
PORT = 8931
ADDRESS = f"http://127.0.0.1:{PORT}"
CHATS = 500
COMMAND = "/trogiup"
HAND_IN = "https://www.facebook.com/toiyeuchiensisaovuong/posts/{n} {words} #DQTVSO{chat}LONGAN"
SETTLED = 25.0  # seconds after which what our bot does once after its start is done
UNLIMITED = 1_000_000.0
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run went; times in seconds, `cpu` of the bot's process. `told` were messages that nobody asked for."""

    seconds: float
    spread: float
    sent: int
    answered: int
    p50: float
    p99: float
    worst: float
    told: int
    telling: float
    refused: int
    cpu: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.sent / self.seconds if self.seconds > 0 else 0.0


class Bot:
    """A running bot."""

    def __init__(self, process: "subprocess.Popen[bytes]", api: httpx.Client) -> None:
        self.process = process
        self._api = api

    def play(self, play: Play) -> Outcome:
        """Do a run, and wait for its end."""
        before = self.cpu()
        self.begin(play)
        return self.outcome(before)

    def begin(self, play: Play) -> None:
        """Let a run begin."""
        self._api.post("/play", json=asdict(play)).raise_for_status()

    def outcome(self, before: float = 0.0) -> Outcome:
        """How the run went that is going on, once it is over."""
        found = self._api.get("/outcome").raise_for_status().json()
        return Outcome(**found, cpu=self.cpu() - before)

    def cpu(self) -> float:
        """Seconds of the processor's time used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self) -> float:
        """Megabytes held now."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


@contextmanager
def standin() -> Iterator[httpx.Client]:
    """The Bot API's stand-in."""
    command = [sys.executable, "-m", "benchmarks.bot_api", str(PORT)]
    process = subprocess.Popen(command, cwd=ROOT)  # noqa: S603 -- our own module
    try:
        with httpx.Client(base_url=ADDRESS, timeout=600, trust_env=False) as api:
            _until_it_listens(api)
            yield api
    finally:
        _end(process)


@contextmanager
def running(command: list[str], api: httpx.Client, folder: Path, env: Mapping[str, str] | None = None) -> Iterator[Bot]:
    """A bot for as long as the block lasts."""
    with (folder / "bot.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 -- our own commands
            command, cwd=ROOT, env={**os.environ, **(env or {})}, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        yield Bot(process, api)
    finally:
        _end(process)


@contextmanager
def ours(api: httpx.Client, folder: Path, ledger: Path, *, scale: float = UNLIMITED) -> Iterator[Bot]:
    """Our bot on a copy of a ledger; `scale` multiplies Telegram's limits."""
    copy = folder / "sotin.db"
    shutil.copy(ledger, copy)
    env = settings(f"sqlite:///{copy}", scale)
    with running([str(INSTALLED_PYTHON), "-m", "bot", "run"], api, folder, env) as bot:
        yield bot


def settings(url: str, scale: float = UNLIMITED) -> dict[str, str]:
    """What our bot needs to speak to the stand-in."""
    return {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE": ADDRESS,
        "TELEGRAM_LIMIT_SCALE": str(scale),
        "DATABASE_URL": url,
        "CAMPAIGN": CAMPAIGN,
        "LOG_LEVEL": "WARNING",
    }


@contextmanager
def peer(name: str, api: httpx.Client, folder: Path) -> Iterator[Bot]:
    """Another's bot: a file of `benchmarks/peers`."""
    command = [str(PEERS_PYTHON), str(PEERS / f"{name}.py"), ADDRESS, str(folder / f"{name}.db")]
    with running(command, api, folder) as bot:
        yield bot


def ledger(path: Path, posts: int) -> Path:
    """A ledger of a province, with a tag for each unit."""
    engine = open_engine(f"sqlite:///{path}")
    fill(engine, posts)
    with engine.begin() as connection:
        connection.execute(insert(Tag), [_tag(number) for number in range(1, UNITS + 1)])
    engine.dispose()
    return path


def _tag(unit: int) -> dict[str, Any]:
    tag = f"#DQTVSO{unit}LONGAN"
    whose = {"campaign": CAMPAIGN, "unit_id": unit, "tag": tag, "folded": tag[1:].casefold(), "kind": TagKind.REQUIRED}
    return {**whose, "proposed": False, "set_at": BEGIN}


def warm(bot: Bot, text: str, settled: float) -> None:
    """Let a bot start, answer some, and do for so many seconds what it does after a start."""
    count = CHATS
    play = Play(count, CHATS, text.replace("/posts/{n}", "/posts/9{n}"), answers=count)
    bot.play(play)
    time.sleep(settled)


def _until_it_listens(api: httpx.Client) -> None:
    for _ in range(100):
        try:
            api.get("/outcome")
        except httpx.ConnectError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the stand-in does not listen")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
