"""A ledger of a province's size: 530 units, 18,426 members (Hòa Bình's numbers), as many posts as asked for.

python -m benchmarks.ledger sqlite:///data/large.db 1000000 fills a database. What is drawn is the same every time.
"""

import random
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, insert, text

from bot.domain.folding import fold
from bot.domain.links import Kind
from bot.storage.db import open_engine
from bot.storage.migrate import migrate
from bot.storage.models import (
    Account,
    Evidence,
    Membership,
    MembershipState,
    Person,
    Post,
    PostState,
    Role,
    Table,
    Unit,
)

CAMPAIGN = "long_an"
TARGETS = ("sao_vuong", "mien_dong", "quan_khu_7")
UNITS, MEMBERS, POSTS = 530, 18_426, 1_000_000
PROVINCE, DISTRICTS = 1, range(2, 17)
BEGIN = datetime(2026, 1, 4, 17, 0, tzinfo=UTC)  # Monday 5 January, 00:00 in Vietnam
YEAR = timedelta(weeks=52)
# Nine posts of ten count, as in a ledger that is kept well.
STATES = (*[PostState.COUNTED] * 18, PostState.TAG_WRONG, PostState.WITHDRAWN)
KINDS = (Kind.POST, Kind.GROUP_POST, Kind.ALIAS, Kind.PHOTO, Kind.VIDEO, Kind.REEL)
AT_ONCE = 10_000

Values = dict[str, Any]


def fill(engine: Engine, posts: int = POSTS) -> None:
    """Bring an empty database to this version and fill it; the posts are spread evenly over the year from BEGIN."""
    migrate(engine)
    draw = random.Random(2026)  # noqa: S311 -- nothing secret is drawn
    with engine.begin() as connection:
        insert_all(connection, Unit, map(_unit, range(1, UNITS + 1)))
        insert_all(connection, Person, map(_person, range(1, MEMBERS + 1)))
        insert_all(connection, Account, map(_account, range(1, UNITS + 1)))
        insert_all(connection, Membership, map(_member, range(1, MEMBERS + 1)))
        insert_all(connection, Post, (_post(id_, posts, draw) for id_ in range(1, posts + 1)))
    tidy(engine)


def tidy(engine: Engine) -> None:
    """What PostgreSQL's own housekeeping does within minutes; SQLite does nothing by itself, and so nothing here."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def insert_all(connection: Connection, table: type[Table], rows: Iterable[Values]) -> None:
    """Insert rows, some thousands at a time."""
    waiting: Iterator[Values] = iter(rows)
    while batch := list(islice(waiting, AT_ONCE)):
        connection.execute(insert(table), batch)


def _unit(id_: int) -> Values:
    type_, name = "commune", f"Xã Số {id_}"
    if id_ == PROVINCE:
        type_, name = "province", "Tỉnh Hòa Bình"
    elif id_ in DISTRICTS:
        type_, name = "district", f"Huyện Số {id_}"
    above = None if id_ == PROVINCE else PROVINCE if id_ in DISTRICTS else DISTRICTS[id_ % len(DISTRICTS)]
    named = {"code": str(id_), "type": type_, "name": name, "folded": fold(name)}
    return {"id": id_, "campaign": CAMPAIGN, **named, "parent_id": above, "opened_on": None, "closed_on": None}


def _person(id_: int) -> Values:
    return {"id": id_, "language": "vi", "created_at": BEGIN}


def _account(id_: int) -> Values:
    """Where the admin of a unit can be reached; the others have none, as nothing is said to them here."""
    return {
        "id": id_,
        "person_id": id_,
        "channel": "telegram",
        "chat": str(id_),
        "reachable": True,
        "created_at": BEGIN,
    }


def _member(id_: int) -> Values:
    return {
        "id": id_,
        "person_id": id_,
        "unit_id": _unit_of(id_),
        "full_name": f"Nguyễn Văn {id_}",
        "rank": "Binh nhất",
        "position": "Chiến sĩ dân quân",
        "facebook_name": f"nguyen.van.{id_}",
        "kind": "can_bo" if id_ % 5 == 0 else "chien_si",
        "role": Role.UNIT_ADMIN if id_ <= UNITS else Role.MEMBER,
        "state": MembershipState.ACTIVE,
        "created_at": BEGIN,
    }


def _unit_of(member: int) -> int:
    return (member - 1) % UNITS + 1


def _post(id_: int, posts: int, draw: random.Random) -> Values:
    member = draw.randint(1, MEMBERS)
    handed_in_at = BEGIN + YEAR * (id_ - 1) / posts
    state = draw.choice(STATES)
    return {
        "id": id_,
        "campaign": CAMPAIGN,
        "key": f"fb:{id_}",
        "url": f"https://www.facebook.com/permalink.php?story_fbid={id_}",
        "platform": "facebook",
        "kind": draw.choice(KINDS),
        "target": draw.choice(TARGETS),
        "unit_id": _unit_of(member),
        "membership_id": member,
        "state": state,
        "required_tag": "#DQTVTUYENTHANHKIENTUONGLONGAN",
        "evidence": Evidence.DECLARED,
        "text_hash": f"{id_:064x}",
        "handed_in_at": handed_in_at,
        "counted_at": handed_in_at if state == PostState.COUNTED else None,
    }


def main() -> None:
    """Fill the database whose address is the first argument with the second one's number of posts."""
    fill(open_engine(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else POSTS)


if __name__ == "__main__":
    main()
