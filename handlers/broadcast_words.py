"""An audience in words, and the choices that narrow it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from bot.domain.audience import Audience
from bot.request import Request
from bot.storage.models import Duty, Membership, Role, Unit

MOST_NAMES = 5
ROLES = (Role.COORDINATOR, Role.UNIT_ADMIN, Role.DEPUTY, Role.MEMBER)


def describe(request: Request, audience: Audience) -> dict[str, Any]:
    """What the texts need to say who is meant."""
    session, language = request.session, request.language
    types, kinds = unit_types(request), member_kinds(request)
    root = session.get_one(Unit, audience.root)
    return {
        "root": root.name,
        "unit_types": [types.get(each, each) for each in audience.unit_types],
        "roles": [role.value for role in ROLES if role in audience.roles],
        "kinds": [kinds.get(each, each) for each in audience.kinds],
        "units": _few(session.scalars(select(Unit.name).where(Unit.id.in_(audience.units)).order_by(Unit.id)).all()),
        "people": _few(session.scalars(select(Membership.full_name).where(Membership.id.in_(audience.people))).all()),
        "missing": _duty(request, audience.missing[0]) if audience.missing else None,
        "no_post": audience.no_post,
        "not_reached": audience.not_reached,
        "groups": audience.groups.value,
        "language": language,
    }


def unit_types(request: Request) -> dict[str, str]:
    """Type of unit → its name."""
    found: dict[str, str] = {}
    for each in request.setup.campaign.unit_types:
        if not each.only or each.type not in found:
            found[each.type] = each.vi if request.language == "vi" else each.en
    return found


def member_kinds(request: Request) -> dict[str, str]:
    """Kind of member → its name."""
    kinds = request.setup.campaign.membership.kinds
    return {each.code: each.vi if request.language == "vi" else each.en for each in kinds}


def _duty(request: Request, duty_id: int) -> str:
    duty = request.session.get(Duty, duty_id)
    return str(duty.rule[request.language]) if duty else ""


def _few(names: Sequence[str | None]) -> tuple[list[str], int]:
    return [name or "" for name in names[:MOST_NAMES]], max(0, len(names) - MOST_NAMES)
