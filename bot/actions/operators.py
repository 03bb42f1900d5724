"""The installation's operators: who becomes one by the code of the start, and what they are told."""

import hmac
import re
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.messages import Address
from bot.setup import Setup
from bot.speech import say
from bot.storage import installation, operators

CODE = "operator_code"  # under this key stands the keyed hash of the code
CODE_LENGTH = 12
# Without letters and digits that look alike.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
AT_ONCE = 20
MOST_SHOWN = 10


def new_code(length: int = CODE_LENGTH) -> str:
    """Letters and digits that can be read to somebody."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def hashed(setup: Setup, code: str) -> str:
    """What is kept of a code; blanks, hyphens and small letters do not matter."""
    plain = re.sub(r"[\s-]", "", code).upper()
    return hmac.new(setup.key, f"code|{plain}".encode(errors="surrogatepass"), "sha256").hexdigest()


def begin(session: Session, setup: Setup, named: Collection[Address], now: datetime) -> str | None:
    """Follow the settings; while there is no operator at all, a new code by which somebody becomes one."""
    operators.follow_settings(session, named, now)
    if operators.all_of_them(session):
        return None
    code = new_code()
    installation.keep(session, CODE, hashed(setup, code))
    return code


def redeem(session: Session, setup: Setup, code: str, at: Address, now: datetime) -> bool:
    """Make this account an operator if the code is the one of the last start; it works once."""
    kept = installation.value(session, CODE)
    if not kept or not hmac.compare_digest(kept, hashed(setup, code)):
        return False
    installation.forget(session, CODE)
    operators.add(session, at, now, by_code=True)
    return True


def tell_of_dead_updates(session: Session, setup: Setup, now: datetime) -> int:
    """Tell the operators of updates that were given up, each once; how many. Nobody is told while there is none."""
    there = operators.all_of_them(session)
    dead = operators.dead_updates(session, AT_ONCE) if there else ()
    if not dead:
        return 0
    shown = [(row.update_id, setup.local(row.handled_at or now), row.error or "") for row in dead[:MOST_SHOWN]]
    for each in there:
        values: dict[str, Any] = {"updates": shown, "more": len(dead) - len(shown)}
        say(session, setup, operators.address(each), "vi", "operate/dead", now, **values)
    for row in dead:
        row.alerted = True
    session.flush()
    return len(dead)
