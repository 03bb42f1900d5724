"""A broadcast at Telegram's limits, and what members who talk to the bot meanwhile notice of it.

python -m benchmarks.broadcasts: 18,426 recipients with the limits times 10, then 900 at the real 30 a second. The
stand-in answers 429 to whatever is over the limit. The others' figures are in docs/performance.md.
"""

import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from benchmarks.bot_api import Play
from benchmarks.bots import COMMAND, ours, standin
from bot.storage.db import Database
from bot.storage.migrate import migrate
from tests.storm.ledger import FIRST_CHAT, Ledger

LIMIT = 30.0
MANY, FEW = 18_426, 900
TALKERS = 20
ASKED_A_SECOND = 2.0
BEFORE = 10.0  # seconds for the bot to start, and to be asked before the broadcast begins


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name, standin() as api:
        folder = Path(name)
        _broadcast(api, folder, MANY, 10.0)
        _broadcast(api, folder, FEW, 1.0)


def _broadcast(api: httpx.Client, folder: Path, recipients: int, scale: float) -> None:
    path = folder / f"{recipients}.db"
    _prepare(path, recipients)
    lasts = recipients / LIMIT / scale
    asked = int((lasts + BEFORE) * ASKED_A_SECOND)
    within = lasts * 2 + 60
    play = Play(asked, TALKERS, COMMAND, recipients + asked, rate=ASKED_A_SECOND, limit=LIMIT * scale, within=within)
    with ours(api, folder, path, scale=scale) as bot:
        time.sleep(BEFORE)
        bot.begin(play)
        found = bot.outcome()
    share = (found.told / found.telling + ASKED_A_SECOND) / LIMIT / scale
    say(f"{recipients} recipients at {LIMIT * scale:.0f}/s: {share:.3f} of the limit, {found.refused} times 429")
    say(f"  {found.told} messages went to them; processor {1000 * found.cpu / found.sent:.2f} ms each")
    say(f"  answers to {found.answered} of {asked} questions meanwhile: p50 {found.p50:.3f} s, p99 {found.p99:.3f} s")


def _prepare(path: Path, recipients: int) -> None:
    database = Database(f"sqlite:///{path}")
    migrate(database.engine)
    people, now = Ledger(database), datetime.now(UTC)
    people.enrol([str(FIRST_CHAT + number) for number in range(recipients)], now)
    people.begin(now, starts_at=now + timedelta(seconds=2 * BEFORE))
    database.close()


def say(words: str) -> None:
    """One line of figures."""
    print(words, flush=True)  # noqa: T201 -- this program's output


if __name__ == "__main__":
    main()
