"""Tells the operators of jobs and workers that hung again and again and have to rest (bot/watchdog.py)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot import watchdog
from bot.setup import Setup
from bot.speech import say
from bot.storage import operators, trials


def tell(session: Session, setup: Setup, now: datetime) -> int:
    """Tell of each once, until the bot is restarted in order; how many. Nobody is told while there is no operator."""
    there = operators.all_of_them(session)
    resting = trials.left_out(session, timedelta(seconds=watchdog.HANGS_AFTER), now) if there else ()
    new = [each for each in resting if trials.tell(session, each.what)]
    for each in new:
        name, _, campaign = each.what.partition(" ")
        values: dict[str, Any] = {
            "name": name,
            "campaign": campaign,
            "times": each.times,
            "until": setup.local(each.until),
        }
        for operator in there:
            say(session, setup, operators.address(operator), "vi", "operate/left_out", now, **values)
    return len(new)
