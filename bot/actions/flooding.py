"""What somebody hears who says more than can be handled. The rule is in bot/domain/flood.py."""

from datetime import datetime
from math import ceil

from sqlalchemy.orm import Session

from bot.domain.flood import A_SECOND, HEARD_AGAIN
from bot.messages import Address
from bot.setup import Setup
from bot.speech import say
from bot.storage import people


def tell(session: Session, setup: Setup, to: Address, now: datetime) -> None:
    """Say once, in the person's language, from when on nothing is kept, and what to do."""
    account = people.account_of(session, to)
    language = account.person.language if account else "vi"
    say(session, setup, to, language, "hint/flood", now, seconds=ceil(HEARD_AGAIN / A_SECOND))
