"""After a change of the campaign's tag rule: what it had proposed ends, and what it says now is proposed."""

import hashlib
from datetime import date

from sqlalchemy.orm import Session

from bot.actions import tag_roster
from bot.campaigns import Campaign
from bot.domain.hashtags import same
from bot.storage import installation, tags
from bot.storage.models import Tag, TagKind

RULE = {"tag_rule", "unit_types"}


def follow(session: Session, campaign: Campaign, today: date) -> int:
    """Propose tags to units that have none, and anew where the rule says another one than before; how many.

    An old proposal counts for the campaign's grace, as any tag that ends. What an admin set stays.
    """
    if campaign.tag_rule is None:
        return 0
    proposed = tag_roster.propose_units(session, campaign)
    key, print_ = f"tag_rule:{campaign.code}", _print(campaign)
    known = installation.value(session, key)
    if known == print_:
        return proposed
    installation.keep(session, key, print_)
    return proposed if known is None else proposed + _propose_anew(session, campaign, today)


def _propose_anew(session: Session, campaign: Campaign, today: date) -> int:
    changed = []
    for row in tags.proposals(session, campaign.code):
        holder = tag_roster.holder_of(row)
        if same(tag_roster.rule_tag(campaign, holder)) != row.folded:
            changed.append(holder)
            _end(session, row, today)
    session.flush()
    made = tag_roster.propose(session, campaign, changed)
    for row in made:
        row.valid_from = today
    session.flush()
    return len(made)


def _end(session: Session, row: Tag, today: date) -> None:
    if row.kind == TagKind.CLASH or (row.valid_from is not None and row.valid_from >= today):
        session.delete(row)
    else:
        row.valid_until = today


def _print(campaign: Campaign) -> str:
    return hashlib.sha256(campaign.model_dump_json(include=RULE).encode()).hexdigest()
