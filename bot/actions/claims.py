"""Rows of a roster that are claimed: by a code at once, or by name and unit with the admin's approval."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from bot.actions import tag_roster
from bot.setup import Setup
from bot.speech import say_to_account
from bot.storage import members, people, tags
from bot.storage.models import Account, Membership, MembershipState, Unit

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that looks like something else
CODE_LENGTH = 8
START = "c_"  # before a code in a start link
MOST_TRIES = 5
"""Wrong codes that one person may try a day."""

_GAPS = re.compile(r"[\s.-]+")

Refused = Literal["wrong", "too_often"]


def new_code() -> str:
    """A code to claim a row with; the database sees to it that there are no two."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def read_code(typed: str) -> str:
    """The code in what was typed: capitals, without gaps and what stands before it in a link."""
    code = _GAPS.sub("", typed).upper()
    return code.removeprefix(START.upper())


def claim(session: Session, setup: Setup, account: Account, typed: str, now: datetime) -> Membership | Refused:
    """The row that the code belongs to, now this person's; or why not. The caller has seen that he has no unit yet."""
    person, today = account.person, setup.today(now)
    if person.wrong_code_on == today and person.wrong_codes >= MOST_TRIES:
        return "too_often"
    row = members.with_code(session, setup.campaign.code, read_code(typed))
    if row is None or (row.unit.closed_on and row.unit.closed_on <= today):
        person.wrong_codes = person.wrong_codes + 1 if person.wrong_code_on == today else 1
        person.wrong_code_on = today
        return "wrong"
    pending = people.pending_membership(session, person.id, setup.campaign.code)
    if pending:
        _dissolve(pending)
    take(session, setup, row, account.person_id, now)
    _tell_admins(session, setup, row, now)
    return row


def tries_left(account: Account, setup: Setup, now: datetime) -> int:
    """How many wrong codes the person may still try today."""
    person = account.person
    return MOST_TRIES - person.wrong_codes if person.wrong_code_on == setup.today(now) else MOST_TRIES


def candidates(session: Session, unit: Unit, name: str | None) -> Sequence[Membership]:
    """The rows of the roster that a registration may stand for: of the same unit and name."""
    return members.namesakes_listed(session, unit.id, name or "")


def tie(session: Session, setup: Setup, member: Membership, row: Membership, by: Membership, now: datetime) -> bool:
    """The waiting registration goes into the row of the roster, which is the person's from now on.

    What the roster leaves open is taken from the registration, and so is the Facebook name, which the person knows
    best. False if either was decided before, or they are not of one unit and name.
    """
    person_id, known = member.person_id, candidates(session, member.unit, member.full_name)
    if member.state != MembershipState.PENDING or row not in known or person_id is None:
        return False
    fill(row, member.rank, member.position, member.facebook_name)
    _dissolve(member)
    take(session, setup, row, person_id, now)
    row.decided_by_id = by.id
    return True


def fill(row: Membership, rank: str | None, position: str | None, facebook_name: str | None) -> None:
    """What the person says of himself where the roster says nothing; his Facebook name in any case."""
    row.rank, row.position = row.rank or rank, row.position or position
    row.facebook_name = facebook_name or row.facebook_name


def take(session: Session, setup: Setup, row: Membership, person_id: int, now: datetime) -> None:
    """The row is this person's and active."""
    row.person_id, row.state, row.decided_at, row.claim_code = person_id, MembershipState.ACTIVE, now, None
    session.flush()
    session.expire(row, ["person"])
    if tag_roster.signs(setup.campaign, row.unit) and not tags.of_member(session, row.id):
        tag_roster.propose_member(session, setup.campaign, row)


def _dissolve(member: Membership) -> None:
    """The registration stands no more. Its row stays: its number is on buttons, and must never be another one's."""
    member.person_id = member.full_name = member.rank = member.position = member.facebook_name = None
    member.state = MembershipState.ERASED


def _tell_admins(session: Session, setup: Setup, row: Membership, now: datetime) -> None:
    for account in people.deciders_for(session, row.unit):
        if account.person_id != row.person_id:
            unit = row.unit.name
            say_to_account(session, setup, account, "claims/told", now, name=row.full_name, unit=unit)
