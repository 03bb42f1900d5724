"""What is tried and may never come to an end: a row of `installation` each, as long as there is anything to remember.

A process notes a try before, and takes the note away with what it did. So a note of another process that is older than
any try may take is of one that hung, and ended with its process.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.storage import installation
from bot.storage.models import Installation
from bot.storage.upserts import dialect_of, insert_into

KEY = "trial:"
ENOUGH = 3
WITHIN = timedelta(days=1)
REST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Trial:
    """Since when each process tries it that did not say yet how it ended; whether the operators were told of it."""

    tried: Mapping[str, datetime]
    told: bool = False


@dataclass(frozen=True, slots=True)
class LeftOutUntil:
    """What is not tried before a moment, as it hung so many times."""

    what: str
    times: int
    until: datetime


def begin(session: Session, what: str, process: str, hangs_after: timedelta, now: datetime) -> LeftOutUntil | None:
    """Note that this process tries it; or, with nothing noted, until when it is left out."""
    trial = _locked(session, what)
    if left_out := _left_out(what, trial, process, hangs_after, now):
        return left_out
    _keep(session, what, replace(trial, tried={**trial.tried, process: now}))
    return None


def end(session: Session, what: str, process: str, now: datetime) -> None:
    """It came to an end: this process' note goes, and those of others that are too old to count."""
    trial = _locked(session, what)
    tried = {each: at for each, at in trial.tried.items() if each != process and _counts(at, now)}
    if tried:
        _keep(session, what, replace(trial, tried=tried))
    else:
        installation.forget(session, KEY + what)


def forget(session: Session) -> None:
    """Try everything again, as after a restart by somebody who mended it."""
    session.execute(delete(Installation).where(Installation.key.startswith(KEY)))


def left_out(session: Session, hangs_after: timedelta, now: datetime) -> Sequence[LeftOutUntil]:
    """What is left out now."""
    found = (_left_out(what, trial, "", hangs_after, now) for what, trial in _all(session))
    return [each for each in found if each]


def tell(session: Session, what: str) -> bool:
    """Note that the operators are told of it now; False if they were before."""
    trial = _locked(session, what)
    _keep(session, what, replace(trial, told=True))
    return not trial.told


def _left_out(what: str, trial: Trial, process: str, hangs_after: timedelta, now: datetime) -> LeftOutUntil | None:
    hung = [at for each, at in trial.tried.items() if each != process and _counts(at, now) and now - at >= hangs_after]
    until = max(hung, default=now) + hangs_after + REST
    return LeftOutUntil(what, len(hung), until) if len(hung) >= ENOUGH and until > now else None


def _counts(at: datetime, now: datetime) -> bool:
    """Whether it was not long ago; a clock that was wrong may have put it into the future."""
    return abs(now - at) < WITHIN


def _locked(session: Session, what: str) -> Trial:
    """Several processes write into one row, and one that ends takes it away: found, locked or made in one statement."""
    row = insert_into(dialect_of(session), Installation).values(key=KEY + what, value="{}")
    as_it_is = row.on_conflict_do_update(index_elements=["key"], set_={"value": Installation.value})
    return _read(session.execute(as_it_is.returning(Installation.value)).scalar_one())


def _all(session: Session) -> Iterator[tuple[str, Trial]]:
    rows = select(Installation).where(Installation.key.startswith(KEY)).order_by(Installation.key)
    for row in session.scalars(rows):
        yield row.key.removeprefix(KEY), _read(row.value)


def _read(value: str) -> Trial:
    kept = json.loads(value)
    tried = {process: datetime.fromisoformat(at) for process, at in kept.get("tried", {}).items()}
    return Trial(tried, kept.get("told", False))


def _keep(session: Session, what: str, trial: Trial) -> None:
    tried = {process: at.isoformat() for process, at in trial.tried.items()}
    installation.keep(session, KEY + what, json.dumps({"tried": tried, "told": trial.told}))
