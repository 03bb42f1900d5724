"""On which official page or group a post stands."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.campaigns import Target
from bot.domain.links import Link, read_link
from bot.setup import Setup
from bot.storage import people
from bot.storage.models import Page


def find_target(session: Session, setup: Setup, link: Link) -> tuple[Target | None, bool]:
    """The official target of a link, and whether it may stand on one at all; pages in the directory are official, too.

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
    if listed := _in_directory(session, setup, candidates, link.owner):
        return listed, True
    numbers_known = all(any(owner.isdigit() for owner in target.owners) for target in candidates)
    return None, link.owner.isdigit() and not numbers_known


def target_named(setup: Setup, code: str | None) -> Target | None:
    """The campaign's target with this code."""
    return next((target for target in setup.campaign.targets if target.code == code), None)


def target_of_owner(session: Session, setup: Setup, platform: str, owner: str) -> str | None:
    """The code of the target that belongs to a page or account, by its number or handle."""
    there = [each for each in setup.campaign.targets if each.platform == platform]
    named = next((each for each in there if owner.lower() in each.owners), None)
    named = named or _in_directory(session, setup, there, owner)
    return named.code if named else None


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
    shown = [code for code in codes if any(find_target(session, setup.within(code), link)[0] for link in read)]
    return shown or codes


def _in_directory(session: Session, setup: Setup, candidates: Sequence[Target], owner: str) -> Target | None:
    """The target that stands for the pages of units like the one whose page this is, by the campaign's directory."""
    candidates = [target for target in candidates if target.pages_of]
    if not candidates:
        return None
    platform, names = candidates[0].platform, (owner, owner.lower())
    keys = [f"{platform}:{sort}{name}" for sort in ("page:", "group:", "channel/", "") for name in names]
    known = (Page.campaign == setup.campaign.code, Page.key.in_(keys), Page.closed_at.is_(None))
    page = session.scalars(select(Page).where(*known).limit(1)).first()
    if page is None:
        return None
    fits = (each for each in candidates if setup.campaign.is_of(each.pages_of, page.unit.type, page.unit.name))
    return next(fits, None)
