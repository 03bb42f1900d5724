"""On which official page or group a post stands."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from bot.campaigns import Target
from bot.domain.links import Link, read_link
from bot.setup import Setup
from bot.storage import people


def find_target(setup: Setup, link: Link) -> tuple[Target | None, bool]:
    """The official target of a link, and whether it may stand on one at all.

    A link without an owner (a reel, a short link) may; so may one whose owner is a number where a target's own number
    is not known to the campaign: the author is asked then. Anything else is somebody's own page.
    """
    candidates = [target for target in setup.campaign.targets if target.platform == link.platform]
    if not candidates:
        return None, False
    if link.owner is None:
        return None, True
    for target in candidates:
        if link.owner in target.owners:
            return target, True
    numbers_known = all(any(owner.isdigit() for owner in target.owners) for target in candidates)
    return None, link.owner.isdigit() and not numbers_known


def target_named(setup: Setup, code: str | None) -> Target | None:
    """The campaign's target with this code."""
    return next((target for target in setup.campaign.targets if target.code == code), None)


def target_of_owner(setup: Setup, platform: str, owner: str) -> str | None:
    """The code of the target that belongs to a page or account, by its number or handle."""
    named = (each.code for each in setup.campaign.targets if each.platform == platform and owner.lower() in each.owners)
    return next(named, None)


def campaigns_of(session: Session, setup: Setup, person_id: int | None, links: Iterable[str]) -> list[str]:
    """The campaigns of the person to which a hand-in may belong: those with a target of its links, else all of his.

    The present one is there if he has only that one, and if he has none.
    """
    if not setup.others:
        return [setup.campaign.code]
    known = [each.campaign.code for each in setup.in_each()]
    own = {each.unit.campaign for each in people.active_memberships(session, person_id)}
    codes = [code for code in known if code in own] or known[:1]
    read = [read_link(link) for link in links]
    shown = [code for code in codes if any(find_target(setup.within(code), link)[0] for link in read)]
    return shown or codes
