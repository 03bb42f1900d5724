"""An excuse that is taken back: the unit owes the report again, and hears so."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import obligations, reports
from bot.actions.reminders import duty_name, file_buttons
from bot.setup import Setup
from bot.speech import say_to_account
from bot.storage import people, reminders, units
from bot.storage.models import Membership, Obligation, ObligationState, Role

LATELY = timedelta(days=62)


def below(session: Session, by: Membership, now: datetime, most: int) -> Sequence[Obligation]:
    """What units below his own were excused from and was due lately, or is still to come; the latest due first."""
    statement = (
        select(Obligation)
        .where(Obligation.unit_id.in_(units.below(by.unit_id)), Obligation.unit_id != by.unit_id)
        .where(Obligation.state == ObligationState.EXCUSED, Obligation.due_at >= now - LATELY)
        .order_by(Obligation.due_at.desc(), Obligation.id)
    )
    return session.scalars(statement.limit(most)).all()


def may_take_back(by: Membership, each: Obligation) -> bool:
    """Whether he is a coordinator above the unit, whoever excused it."""
    return by.role == Role.COORDINATOR and reports.may_change(each, by)


def take_back(session: Session, setup: Setup, each: Obligation, by: Membership, now: datetime) -> int:
    """The report is owed again as its deadline stands by now; how many of the unit's admins heard so.

    The caller holds the obligation locked, and it is excused. Where it would not be owed any more, it is closed.
    """
    each.state, each.reason, each.settled_at, each.settled_by_id = ObligationState.OPEN, None, None, None
    each.paper_by_id = each.paper_at = None  # else the unit could not say again that it came on paper
    session.flush()
    obligations.plan_duty(session, setup, each.duty, now)  # the deadline may have moved in the meantime
    if each.state != ObligationState.OPEN:
        return 0
    admins = {one.person_id for one in people.deciders_in(session, each.unit) if one.person_id}
    return sum(_tell(session, setup, each, by, person_id, now) for person_id in sorted(admins))


def _tell(session: Session, setup: Setup, each: Obligation, by: Membership, person_id: int, now: datetime) -> bool:
    account = reminders.account_to_reach(session, person_id)
    if account is None:
        return False
    language, due = account.person.language, setup.local(each.due_at)
    values: dict[str, Any] = {"duty": duty_name(each.duty, language), "due": due, "by": by.unit.name}
    rows = file_buttons(language, [each])
    return say_to_account(session, setup, account, "reminders/owed_again", now, rows=rows, **values)
