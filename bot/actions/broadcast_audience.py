"""An audience in words, and the choices that narrow it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.audience import Audience
from bot.setup import Setup
from bot.storage.models import Duty, Membership, Role, Unit

MOST_NAMES = 5
ROLES = (Role.COORDINATOR, Role.UNIT_ADMIN, Role.DEPUTY, Role.MEMBER)


def describe(session: Session, setup: Setup, audience: Audience, language: str) -> dict[str, Any]:
    """What the texts need to say who is meant."""
    types, kinds = unit_types(setup, language), member_kinds(setup, language)
    chosen = select(Unit.name).where(Unit.id.in_(audience.units)).order_by(Unit.id)
    persons = select(Membership.full_name).where(Membership.id.in_(audience.people)).order_by(Membership.id)
    return {
        "root": session.get_one(Unit, audience.root).name,
        "unit_types": [types.get(each, each) for each in audience.unit_types],
        "roles": [role.value for role in ROLES if role in audience.roles],
        "kinds": [kinds.get(each, each) for each in audience.kinds],
        "units": _few(session.scalars(chosen).all()),
        "people": _few(session.scalars(persons).all()),
        "missing": _duty(session, audience.missing[0], language) if audience.missing else None,
        "no_post": audience.no_post,
        "not_reached": audience.not_reached,
        "groups": audience.groups.value,
        "language": language,
    }


def unit_types(setup: Setup, language: str) -> dict[str, str]:
    """Type of unit → its name."""
    found: dict[str, str] = {}
    for each in setup.campaign.unit_types:
        if not each.only or each.type not in found:
            found[each.type] = each.vi if language == "vi" else each.en
    return found


def member_kinds(setup: Setup, language: str) -> dict[str, str]:
    """Kind of member → its name."""
    return {each.code: each.vi if language == "vi" else each.en for each in setup.campaign.membership.kinds}


def _duty(session: Session, duty_id: int, language: str) -> str:
    duty = session.get(Duty, duty_id)
    return str(duty.rule[language]) if duty else ""


def _few(names: Sequence[str | None]) -> tuple[list[str], int]:
    return [name or "" for name in names[:MOST_NAMES]], max(0, len(names) - MOST_NAMES)
