"""The bot's database seen from outside, in plain SQL."""

import json
import time
from typing import Any

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url

Message = tuple[str, str]  # chat and text

GONE_WITHIN = 30.0


class Ledger:
    """Reads the database of the bot; of SQLite's file it writes nothing, so that the bot has to recover it itself."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.embedded = parsed.get_backend_name() == "sqlite"
        if self.embedded:
            parsed = parsed.set(database=f"file:{parsed.database}", query={"mode": "ro", "uri": "true"})
        else:
            parsed = parsed.set(drivername="postgresql+psycopg")
        self._engine = create_engine(parsed, poolclass=NullPool)

    def posts(self) -> list[tuple[str, int]]:
        """Key and receipt number of every post that counts, withdrawn and other ones left out."""
        return [(key, number) for key, number in self._rows("SELECT key, id FROM posts WHERE state = 'counted'")]

    def number_of_posts(self) -> int:
        """Every row, whatever its state."""
        return self._count("SELECT count(*) FROM posts")

    def handled(self) -> int:
        """Updates that were handled to the end."""
        return self._count("SELECT count(*) FROM inbox WHERE state = 'done'")

    def kept(self) -> set[str]:
        """The numbers of all updates that were ever kept, as the messenger counts them."""
        return {row[0] for row in self._rows("SELECT update_id FROM inbox")}

    def number_of_answers(self) -> int:
        """Every message that the bot ever wanted to send; one that was cut in parts is one."""
        return self._count("SELECT count(*) FROM outbox WHERE follows_id IS NULL")

    def open(self) -> int:
        """Updates not handled and messages not sent yet."""
        inbox = self._count("SELECT count(*) FROM inbox WHERE state = 'waiting'")
        return inbox + self._count("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')")

    def after_kill(self) -> list[Message]:
        """What was in flight when the process died. On PostgreSQL, also let the time of its claims run out."""
        if not self.embedded:
            self._wait_for_sessions_to_end()
        in_flight = self._rows("SELECT chat, body FROM outbox WHERE state = 'sending'")
        if not self.embedded:
            self._age_claims()
        return [(chat, json.loads(body)["text"]) for chat, body in in_flight]

    def _wait_for_sessions_to_end(self) -> None:
        # The server may still be busy with what the process sent it last, a COMMIT among that.
        deadline = time.monotonic() + GONE_WITHIN
        others = (
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        while self._count(others):
            if time.monotonic() > deadline:
                raise TimeoutError("the dead process still has sessions on the server")
            time.sleep(0.01)

    def _age_claims(self) -> None:
        # Another replica may hold a claim, so a claim is given up only when its lease of a minute is over. This plays
        # that minute's passing; the release itself is the bot's own doing at its next start.
        with self._engine.begin() as connection:
            connection.execute(
                text("UPDATE outbox SET claimed_until = now() - interval '1 second' WHERE state = 'sending'")
            )

    def _count(self, statement: str) -> int:
        return int(self._rows(statement)[0][0])

    def _rows(self, statement: str) -> list[Any]:
        with self._engine.connect() as connection:
            return list(connection.execute(text(statement)))
