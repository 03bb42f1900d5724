"""What an admin sees of tags: one holder's with their days, and what is the same or nearly the same."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, islice

from sqlalchemy.orm import Session

from bot.actions import tag_changes, tag_roster, tags
from bot.actions.tag_roster import Holder
from bot.campaigns.tags import subject_for
from bot.domain.hashtags import near_pairs, same, ways_out
from bot.setup import Setup
from bot.storage import tags as roster
from bot.storage import units
from bot.storage.models import Tag, TagKind, Unit

MOST_NAMESAKES = 9


@dataclass(frozen=True, slots=True)
class Overview:
    """A holder's tags on one day: the required one, those to come, accepted ones that still count or will, earlier
    ones with the last day on which they count, and whose tag is the same as the required one."""

    required: Tag | None
    upcoming: Sequence[Tag]
    accepted: Sequence[Tag]
    former: Sequence[tuple[Tag, date]]
    twins: Sequence[Tag]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two or more holders with one tag (`edits` 0), or two whose tags are one or two edits apart."""

    holders: Sequence[Holder]
    tags: Sequence[str]
    edits: int


def overview(session: Session, setup: Setup, holder: Holder, day: date) -> Overview:
    """The holder's tags; the rule's is proposed if there is none yet."""
    _propose(session, setup, holder)
    required = tag_changes.required_on(session, holder, day)
    rows = [row for row in holder.rows(session) if row is not required]
    clash = required is not None and required.kind == TagKind.CLASH
    alike = tag_roster.twins(session, setup.campaign, holder, required.tag, day, None) if clash and required else []
    return Overview(
        required,
        [row for row in rows if row.kind == TagKind.REQUIRED and row.valid_from and row.valid_from > day],
        [row for row in rows if row.kind == TagKind.ACCEPTED and (row.valid_until is None or row.valid_until > day)],
        [(row, last) for row in rows if (last := _last_in_grace(setup, row, day))],
        alike,
    )


def offers(session: Session, setup: Setup, holder: Holder) -> list[str]:
    """Tags that the holder may choose with one tap: the rule's, or if that is taken, ways out of it; none is taken."""
    proposal = tag_roster.rule_tag(setup.campaign, holder)
    if is_free(session, setup, holder, proposal):
        return [proposal]
    numbered = (tag_roster.rule_tag(setup.campaign, holder, number) for number in range(2, MOST_NAMESAKES + 1))
    ways = numbered if holder.member else iter(_ways_out(setup, holder.unit))
    return list(islice((tag for tag in ways if is_free(session, setup, holder, tag)), 1 if holder.member else None))


def is_free(session: Session, setup: Setup, holder: Holder, tag: str) -> bool:
    """Whether nobody else has the tag for good."""
    return not tag_roster.twins(session, setup.campaign, holder, tag, date.max, None)


def alike(session: Session, setup: Setup, root: Unit, day: date) -> list[Alike]:
    """What is the same, then what is within two edits, where at least one is of `root` or below it.

    Members who sign by name are compared within one unit, if `root` is it.
    """
    rows = roster.of_units(session, setup.campaign.code)
    inside = {row.id for row in rows if units.is_within(row.unit, root.id)}
    used = [row for row in rows if not tag_roster.signs(setup.campaign, row.unit)]
    own = list(roster.of_members(session, root.id))
    groups = _near([row for row in used if _stands(row, day)], inside)
    members = _near([row for row in own if _stands(row, day)], {row.id for row in own})
    return [*_same(session, setup, root), *sorted([*groups, *members], key=_danger)]


def _same(session: Session, setup: Setup, root: Unit) -> list[Alike]:
    found = roster.clashes(session, setup.campaign.code)
    here = {row.folded for row in found if units.is_within(row.unit, root.id) and _in_use(setup, row)}
    rows = sorted(roster.written_as(session, setup.campaign.code, here), key=lambda row: (row.folded, row.id))
    together = [list(rows) for _, rows in groupby(rows, key=lambda row: row.folded)]
    return [Alike(_holders(rows), [rows[0].tag], 0) for rows in together]


def _holders(rows: Iterable[Tag]) -> list[Holder]:
    return list(dict.fromkeys(tag_roster.holder_of(row) for row in rows))


def _in_use(setup: Setup, row: Tag) -> bool:
    return row.membership is not None or not tag_roster.signs(setup.campaign, row.unit)


def _near(rows: Sequence[Tag], inside: set[int]) -> list[Alike]:
    by_tag = {same(row.tag): row for row in rows}
    pairs = ((by_tag[a], by_tag[b], edits) for a, b, edits in near_pairs(list(by_tag)) if edits)
    return [
        Alike(_holders((a, b)), (a.tag, b.tag), edits)
        for a, b, edits in pairs
        if {a.id, b.id} & inside and len(_holders((a, b))) > 1
    ]


def _danger(pair: Alike) -> tuple[bool, int]:
    """What is mistaken most easily first: “Phường 1” and “Phường 2” are alike, and nobody takes one for the other."""
    a, b = (re.sub(r"\d", "", tag) for tag in pair.tags)
    return same(a) == same(b), pair.edits


def _stands(row: Tag, day: date) -> bool:
    return row.valid_until is None or row.valid_until > day


def _propose(session: Session, setup: Setup, holder: Holder) -> None:
    if holder.rows(session):
        return
    if holder.member:
        tag_roster.propose_member(session, setup.campaign, holder.member)
    else:
        tag_roster.propose_unit(session, setup.campaign, holder.unit)


def _last_in_grace(setup: Setup, row: Tag, day: date) -> date | None:
    if row.kind != TagKind.REQUIRED or row.valid_until is None or tags.holds(row, day) or row.valid_until > day:
        return None
    last = row.valid_until + timedelta(days=setup.campaign.tag_grace_days - 1)
    return last if last >= day else None


def _ways_out(setup: Setup, unit: Unit) -> list[str]:
    rule = setup.campaign.rule.on(unit.opened_on)
    subject = subject_for(setup.campaign, tag_roster.names(unit))
    return [way.tag for way in ways_out(rule, subject, unit.parent.name if unit.parent else None)]
