"""Which hashtag a member must use, and what is wrong with the one he used."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.campaigns import tag_for
from bot.domain.hashtags import Verdict, check
from bot.setup import Setup
from bot.storage import units
from bot.storage.models import Membership, Unit


def required_tag(setup: Setup, membership: Membership) -> str:
    """The tag that proves where a post of this member comes from, by the campaign's rule."""
    return tag_for(setup.campaign, _names(membership.unit), membership.full_name)


def verdict(session: Session, setup: Setup, membership: Membership, text: str) -> Verdict:
    """The verdict on a post's text. Other units' tags are only looked up when the right one is not there."""
    required = required_tag(setup, membership)
    first = check(text, required, rule=setup.campaign.tag_rule)
    if first.verdict == "ok":
        return first
    others = {tag for tag in _unit_tags(session, setup) if tag != required}
    return check(text, required, rule=setup.campaign.tag_rule, others=sorted(others))


def _unit_tags(session: Session, setup: Setup) -> set[str]:
    rows = session.scalars(select(Unit).where(Unit.campaign == setup.campaign.code)).all()
    return {tag_for(setup.campaign, _names(unit), None) for unit in rows if unit.parent_id is not None}


def _names(unit: Unit) -> list[tuple[str, str]]:
    return [(each.type, each.name) for each in units.path(unit)]
