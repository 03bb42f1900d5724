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

CAMPAIGN = "long_an"
FIRST_CHAT = 800_001


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
    account = {"channel": "telegram", "reachable": True, "created_at": now}
    session.execute(
        insert(Account),
        [{**account, "person_id": first + each, "chat": str(FIRST_CHAT + each)} for each in range(people)],
    )
    member = {"kind": "chien_si", "state": MembershipState.ACTIVE, "created_at": now, "named": True}
    session.execute(insert(Membership), [{**member, **_place(each, first, units)} for each in range(people)])


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

    def rows(self) -> dict[str, int]:
        """Table → number of its rows."""
        with self._engine.connect() as connection:
            return {
                name: int(connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one())  # noqa: S608 -- our own tables
                for name in self._names
            }

    def open(self) -> int:
        """Updates not handled and messages not sent."""
        inbox = self._count("SELECT count(*) FROM inbox WHERE state = 'waiting'")
        return inbox + self._count("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')")

    def dead(self) -> int:
        """Updates that were given up."""
        return self._count("SELECT count(*) FROM inbox WHERE state = 'dead'")

    def last_update(self) -> int:
        """How many updates were ever kept, by the last one's number: none is taken out of the middle."""
        return self._count("SELECT coalesce(max(id), 0) FROM inbox")

    def _count(self, statement: str) -> int:
        with self._engine.connect() as connection:
            return int(connection.execute(text(statement)).scalar_one())
