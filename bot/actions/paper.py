"""A report handed over on paper: its unit's admin says so, a coordinator above confirms it or has not received it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.actions.reminders import duty_name, file_buttons
from bot.buttons import Row, Tap
from bot.setup import Setup
from bot.speech import say_to_account, say_to_person
from bot.storage import people, reminders, units
from bot.storage.models import Account, Membership, MembershipState, Obligation, ObligationState, Role

PAPER = "paper"
"""The reason of an obligation that was excused because its report came on paper."""


def lock(session: Session, obligation_id: int) -> Obligation | None:
    """The obligation as it is now; nobody else changes it before the caller's transaction ends."""
    return session.get(Obligation, obligation_id, with_for_update=True, populate_existing=True)


def may_file(by: Membership, each: Obligation) -> bool:
    """Whether this person files for the unit that owes it."""
    return by.role in people.ROLES_THAT_DECIDE and by.unit_id == each.unit_id


def may_confirm(by: Membership, each: Obligation) -> bool:
    """Whether this coordinator may say that the paper came: he stands over the unit, and did not bring it himself."""
    return by.role == Role.COORDINATOR and by.id != each.paper_by_id and units.is_within(each.unit, by.unit_id)


def claim(session: Session, setup: Setup, each: Obligation, by: Membership, now: datetime) -> int:
    """Ask the coordinators whether the paper came; how many were asked. If there are none, nothing was written down."""
    asked = _coordinators_over(session, each, by)
    if asked:
        each.paper_by_id, each.paper_at = by.id, now
        session.flush()
    for account in asked:
        yes = Tap("reminders.received", "remind.received", (each.id,), solemn=True)
        no = Tap("reminders.missing", "remind.missing", (each.id,), solemn=True, verb="verbs.missing")
        values = {**_what(setup, each, account.person.language), "who": by.full_name}
        say_to_account(session, setup, account, "reminders/paper_asked", now, rows=[(yes, no)], **values)
    return len(asked)


def confirm(session: Session, setup: Setup, each: Obligation, by: Membership, now: datetime) -> None:
    """The paper came: the obligation is excused, and who brought it hears so."""
    each.state, each.reason = ObligationState.EXCUSED, PAPER
    each.settled_at, each.settled_by_id = now, by.id
    session.flush()
    _answer(session, setup, each, "reminders/paper_came", now)


def deny(session: Session, setup: Setup, each: Obligation, now: datetime) -> None:
    """The paper did not come: the obligation stays open, and who said so hears it."""
    bringer = session.get(Membership, each.paper_by_id)
    language = bringer.person.language if bringer and bringer.person else "vi"
    _answer(session, setup, each, "reminders/paper_missing", now, file_buttons(language, [each]))
    each.paper_by_id = each.paper_at = None
    session.flush()


def _answer(
    session: Session, setup: Setup, each: Obligation, template: str, now: datetime, rows: Sequence[Row] = ()
) -> None:
    bringer = session.get(Membership, each.paper_by_id) if each.paper_by_id else None
    if bringer and bringer.person:
        values = _what(setup, each, bringer.person.language)
        say_to_person(session, setup, bringer.person_id, template, now, rows=rows, **values)


def _what(setup: Setup, each: Obligation, language: str) -> dict[str, Any]:
    return {"duty": duty_name(each.duty, language), "unit": each.unit.name, "due": setup.local(each.due_at)}


def _coordinators_over(session: Session, each: Obligation, but: Membership) -> list[Account]:
    """Where the coordinators of the nearest unit from this one upwards can be reached; not the bringer himself."""
    for unit in units.path(each.unit):
        there = people.deciders_in(session, unit)
        found = [reminders.account_to_reach(session, one.person_id) for one in there if _is_other(one, but)]
        accounts = list(dict.fromkeys(account for account in found if account))
        if accounts:
            return accounts
    return []


def _is_other(one: Membership, but: Membership) -> bool:
    active = one.state == MembershipState.ACTIVE and one.role == Role.COORDINATOR
    return active and one.person_id not in (None, but.person_id)
