"""Each morning the operators read in a few lines how the installation did: what stays silent is not looked at."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.actions import quotas
from bot.messages import Priority
from bot.setup import Setup
from bot.speech import say
from bot.storage import depths, disk, operators, people, upkeep
from bot.storage.models import Operator

AT = time(7, 30)
A_DAY = timedelta(days=1)
MEGABYTE, GIGABYTE = 10**6, 10**9
LITTLE = 2 * GIGABYTE
"""Room on the disk from which on it is worth a warning."""


def tell_day(session: Session, setup: Setup, now: datetime) -> int:
    """Tell the operators, once a day from half past seven on, also after downtime and with replicas; how many.

    Who became one since has just looked, and hears of the next day.
    """
    begun = datetime.combine(setup.today(now), AT, setup.zone)
    there = [each for each in operators.all_of_them(session) if each.since < begun]
    if now < begun or not there or not upkeep.take_turn(session, "daily_line", f"{begun:%Y-%m-%d}"):
        return 0
    values = _values(session, setup, now)
    for each in there:
        to = operators.address(each)
        key = f"daily:{begun:%Y-%m-%d}:{to.channel}:{to.chat}"
        how: dict[str, Any] = {"priority": Priority.REMINDER, "key": key}
        say(session, setup, to, _language(session, each), "operate/daily", now, **how, **values)
    return len(there)


def _values(session: Session, setup: Setup, now: datetime) -> dict[str, Any]:
    waiting = [each.since for each in depths.depths(session, now)]
    backup, free = upkeep.last_backup(session), disk.free(session)
    return {
        "at": setup.local(now),
        "settled": depths.settled(session, now - A_DAY),
        "oldest": round((now - min(waiting)).total_seconds() / 60) if waiting else None,
        "dead": depths.dead(session),
        "backup_at": setup.local(backup.at) if backup.at else None,
        "backup_old": backup.at is None or now - backup.at > A_DAY + timedelta(hours=6),
        "backup_size": round(backup.size / MEGABYTE, 1),
        "reason": backup.reason if backup.failed_at else "",
        "free": round(free / GIGABYTE, 1) if free is not None else None,
        "little": free is not None and free < LITTLE,
        "quotas": [each for each in quotas.seen(session, setup, now) if each["used"]],
    }


def _language(session: Session, operator: Operator) -> str:
    """His own, if he is also a person here."""
    account = people.account_of(session, operators.address(operator))
    return account.person.language if account else "vi"
