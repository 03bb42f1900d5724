"""The people of a soak in the database, and what its tables hold as time goes by."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import NullPool, create_engine, func, insert, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from bot.actions import roster
from bot.campaigns import read_units
from bot.storage.db import Database
from bot.storage.models import Account, Membership, MembershipState, Person, Role, Unit
from tests.soak.check import TEXTS

CAMPAIGN = "long_an"
FIRST_CHAT = 800_001
ON_ZALO = 5  # one in so many
_TEXTS = (
    "SELECT count(*) FROM posts WHERE text IS NOT NULL AND id NOT IN"
    " (SELECT post_id FROM review_cases WHERE state IN ('open', 'asked'))"
)


def is_on_zalo(chat: int) -> bool:
    """Which messenger the person with this chat has."""
    return chat % ON_ZALO == 0


def enrol(url: str, people: int, now: datetime) -> None:
    """So many people in the communes, the first of each its admin."""
    database = Database(url)
    with database.transaction() as session:
        roster.load_tree(session, CAMPAIGN, read_units(CAMPAIGN))
        _enrol(session, people, now)
    database.close()


def _enrol(session: Session, people: int, now: datetime) -> None:
    units = session.scalars(select(Unit.id).where(Unit.type == "commune").order_by(Unit.id)).all()
    first = (session.scalar(select(func.max(Person.id))) or 0) + 1
    session.execute(
        insert(Person), [{"id": first + each, "language": "vi", "created_at": now} for each in range(people)]
    )
    account = {"reachable": True, "created_at": now}
    session.execute(
        insert(Account), [{**account, "person_id": first + each, **_chat(FIRST_CHAT + each)} for each in range(people)]
    )
    member = {"kind": "chien_si", "state": MembershipState.ACTIVE, "created_at": now, "named": True}
    session.execute(insert(Membership), [{**member, **_place(each, first, units)} for each in range(people)])


def _chat(chat: int) -> dict[str, str]:
    return {"channel": "zalo" if is_on_zalo(chat) else "telegram", "chat": str(chat)}


def _place(number: int, first: int, units: Sequence[int]) -> dict[str, object]:
    role = Role.UNIT_ADMIN if number < len(units) else Role.MEMBER
    person = first + number
    return {"person_id": person, "unit_id": units[number % len(units)], "full_name": f"Người {person}", "role": role}


class Tables:
    """All tables, looked at from outside."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            parsed = parsed.set(database=f"file:{parsed.database}", query={"mode": "ro", "uri": "true"})
        else:
            parsed = parsed.set(drivername="postgresql+psycopg")
        self._engine = create_engine(parsed, poolclass=NullPool)
        self._names = inspect(self._engine).get_table_names()
        self._last = 0

    def rows(self) -> dict[str, int]:
        """Table → number of its rows; and `TEXTS`."""
        counts = {name: f"SELECT count(*) FROM {name}" for name in self._names} | {TEXTS: _TEXTS}  # noqa: S608 -- our own tables
        with self._engine.connect() as connection:
            return {name: int(connection.execute(text(count)).scalar_one()) for name, count in counts.items()}

    def open(self) -> int:
        """Updates not handled and messages not sent."""
        return self.unhandled() + self._count("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')")

    def unhandled(self) -> int:
        """Updates not handled."""
        return self._count("SELECT count(*) FROM inbox WHERE state = 'waiting'")

    def dead(self) -> int:
        """Updates that were given up."""
        return self._count("SELECT count(*) FROM inbox WHERE state = 'dead'")

    def last_update(self) -> int:
        """How many updates were ever kept, by the last one's number. To be asked often: the last is forgotten, too."""
        self._last = max(self._last, self._count("SELECT coalesce(max(id), 0) FROM inbox"))
        return self._last

    def _count(self, statement: str) -> int:
        with self._engine.connect() as connection:
            return int(connection.execute(text(statement)).scalar_one())
