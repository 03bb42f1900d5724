"""What is wrong with a profile though every key of it is well written: names that lead nowhere, tags that do not come
out, rows that never hold. Each fault says where it is, and what to do."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from bot.campaigns.profile import Campaign, UnitType
from bot.campaigns.units import UnitRow
from bot.campaigns.values import UNIT_TYPES
from bot.domain.hashtags import same
from bot.domain.hashtags.rule import build_tag

Loc = tuple[str | int, ...]
Fault = tuple[Loc, str]
"""Where it is, as pydantic names places, and what is wrong in one sentence."""


def faults(campaign: Campaign, units: Sequence[UnitRow] = ()) -> Iterator[Fault]:
    """All faults of a campaign; `units` are those it brings along, if it does."""
    classes = {row.peers for row in campaign.unit_types} | {row.type for row in campaign.unit_types}
    yield from _tags(campaign)
    yield from _quotas(campaign, classes)
    yield from _duties(campaign, classes)
    yield from _tasks(campaign, classes, {unit.code for unit in units})
    yield from _targets(campaign, classes)
    yield from _pages(campaign)
    yield from _types(campaign.unit_types)
    yield from _units(campaign, units)


def _tags(campaign: Campaign) -> Iterator[Fault]:
    if campaign.tag_rule is None:
        yield from _without_rule(campaign)
        return
    for place, each in enumerate(campaign.examples):
        made = build_tag(campaign.tag_rule, each.subject, each.person)
        if same(made) != same(each.tag):
            at = ("examples", place, "tag")
            yield at, f"the rule makes {made} of this, not {each.tag}: mend tag_rule, or the example"


def _without_rule(campaign: Campaign) -> Iterator[Fault]:
    if campaign.place is None:
        yield ("place",), "is missing: without a tag_rule, say from which place papers are dated"
    if campaign.examples:
        yield ("examples",), "there is no tag_rule to make these tags: take the examples out, or add the rule"
    for place, row in enumerate(campaign.unit_types):
        if row.tag_of == "person":
            yield ("unit_types", place, "tag_of"), "there is no tag_rule: take tag_of out, or add the rule"


def _quotas(campaign: Campaign, classes: Collection[str]) -> Iterator[Fault]:
    kinds = [kind.code for kind in campaign.membership.kinds]
    for place, quota in enumerate(campaign.quotas):
        at = ("quotas", place)
        if quota.kinds and quota.who == "unit":
            yield (*at, "kinds"), 'kinds are of members: write who = "member", or types instead of kinds'
        if quota.types and quota.who == "member":
            yield (*at, "types"), 'types are of units: write who = "unit", or kinds instead of types'
        yield from _unknown((*at, "kinds"), quota.kinds, kinds, "membership.kinds")
        yield from _unknown((*at, "types"), quota.types, classes, "unit_types")


def _duties(campaign: Campaign, classes: Collection[str]) -> Iterator[Fault]:
    for place, duty in enumerate(campaign.duties):
        yield from _unknown(("duties", place, "owed_by"), duty.owed_by, classes, "unit_types")
        if duty.task:
            yield ("duties", place, "task"), "tasks have a table of their own: write it under [[tasks]]"


def _tasks(campaign: Campaign, classes: Collection[str], codes: Collection[str]) -> Iterator[Fault]:
    for place, task in enumerate(campaign.tasks):
        # Without the tree nobody can tell a unit's code from a slip, but for what are types of units elsewhere.
        known = {*classes, *(codes or {owner for owner in task.owners if owner not in UNIT_TYPES})}
        yield from _unknown(("tasks", place, "owners"), task.owners, known, "unit_types, or as a code, in the units")


def _targets(campaign: Campaign, classes: Collection[str]) -> Iterator[Fault]:
    for place, target in enumerate(campaign.targets):
        yield from _unknown(("targets", place, "pages_of"), target.pages_of, classes, "unit_types")


def _pages(campaign: Campaign) -> Iterator[Fault]:
    if campaign.pages.linked_percent is not None and all(each.asks != "follow" for each in campaign.guidance):
        yield ("pages", "linked_percent"), 'add a [[guidance]] with asks = "follow", by which members say so'


def _types(rows: Sequence[UnitType]) -> Iterator[Fault]:
    for place, row in enumerate(rows):
        if any(before.type == row.type and before.general for before in rows[:place]):
            yield (
                ("unit_types", place),
                f"never holds, as a row above takes every {row.type}: put it higher",
            )


def _units(campaign: Campaign, units: Sequence[UnitRow]) -> Iterator[Fault]:
    seen: set[str] = set()
    for unit in units:
        if unit.code in seen:
            yield ("unit_types",), f"the unit {unit.code} is in the file of units twice"
        if unit.parent_code is not None and unit.parent_code not in seen:
            yield ("unit_types",), f"the unit {unit.code} stands before its parent {unit.parent_code}, or has none"
        if not any(row.fits(unit.type, unit.name) for row in campaign.unit_types):
            yield ("unit_types",), f"no row is for {unit.name} ({unit.code}), a {unit.type}: add one"
        seen.add(unit.code)


def _unknown(at: Loc, given: Iterable[str], known: Collection[str], where: str) -> Iterator[Fault]:
    for each in given:
        if each not in known:
            yield at, f"{each} is not there in {where}: mend it, or add it there"
