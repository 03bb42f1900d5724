"""Which hashtag a member must use, and what is wrong with the one he used."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.campaigns import signs_by_name, subject_for, tag_for
from bot.domain.hashtags import Verdict, check
from bot.setup import Setup
from bot.storage import units
from bot.storage.models import Membership, Unit


def required_tag(setup: Setup, membership: Membership) -> str:
    """The tag that proves where a post of this member comes from, by the campaign's rule."""
    return tag_for(setup.campaign, _names(membership.unit), membership.full_name)


def verdict(session: Session, setup: Setup, membership: Membership, required: str, text: str) -> Verdict:
    """The verdict on a post's text. Other units' tags are only looked up when the required one is not there."""
    exact = check(text, required)
    if exact.verdict == "ok":
        return exact
    names = _names(membership.unit)
    return check(
        text,
        required,
        rule=setup.campaign.tag_rule,
        unit=subject_for(setup.campaign, names),
        person=membership.full_name if signs_by_name(setup.campaign, names) else None,
        others=sorted(_unit_tags(session, setup) - {required}),
    )


def is_near_miss(setup: Setup, membership: Membership, text: str) -> bool:
    """Whether the words hold something that was meant to be the member's tag."""
    return check(text, required_tag(setup, membership), rule=setup.campaign.tag_rule).verdict == "near_miss"


def _unit_tags(session: Session, setup: Setup) -> set[str]:
    rows = session.scalars(select(Unit).where(Unit.campaign == setup.campaign.code)).all()
    return {tag_for(setup.campaign, _names(unit)) for unit in rows}


def _names(unit: Unit) -> list[tuple[str, str]]:
    return [(each.type, each.name) for each in units.path(unit)]
