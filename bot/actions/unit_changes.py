"""A unit is added, renamed or put under another one: who may, what speaks against it, what it brings, and the doing."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.actions import roster, tag_roster
from bot.actions.successors import may_close
from bot.actions.tag_roster import Holder, Taken
from bot.campaigns import Duty as DutyProfile
from bot.campaigns import signs_by_name, tag_for
from bot.domain.folding import fold
from bot.domain.hashtags import same
from bot.setup import Setup
from bot.storage import duties, tags, units
from bot.storage.models import Membership, Role, Tag, TagKind, Unit

LONGEST_NAME = 80
MOST_TAGS = 1_000  # changed in one transaction, while nobody else may change tags
OWN_CODE = "x"  # before the number of a unit that a coordinator added, which no other code begins with
COMMUNE_WORDS = ("xa ", "phuong ", "thi tran ", "dac khu ")

Fault = Literal[
    "name",
    "type_word",
    "twin",
    "same",
    "below",
    "closed",
    "unopened",
    "gone",
    "many",
    "outside",
    "planned",
    "day",
    "past",
    "far",
]
"""Why a unit cannot be as it is wanted."""


@dataclass(frozen=True, slots=True)
class Change:
    """What the unit is called and stands under from `day` on."""

    unit: Unit
    name: str
    parent: Unit | None
    day: date

    @property
    def moves(self) -> bool:
        """Whether it stands under another unit."""
        return self.parent is not self.unit.parent

    @property
    def outlives(self) -> date | None:
        """The day from which the unit above is closed while this one goes on below it."""
        if self.parent is None or not self.moves:
            return None
        closes, ends = self.parent.closed_on, self.unit.closed_on
        return closes if closes and not (ends and ends <= closes) else None

    def names(self, of: Unit) -> list[tuple[str, str]]:
        """(type, name) of the unit or of one below it, and of all above it, after the change."""
        path = units.path(of)
        lower = [(each.type, each.name) for each in path[: path.index(self.unit)]]
        return [*lower, (self.unit.type, self.name), *(tag_roster.names(self.parent) if self.parent else ())]


@dataclass(frozen=True, slots=True)
class NewTag:
    """The tag that the rule gives a holder after the change. If it is also somebody else's, the `old` one stays."""

    holder: Holder
    old: str
    tag: str
    twins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change brings: tags that become others, and how many stay because an admin had set them."""

    tags: tuple[NewTag, ...]
    set_by_hand: int


def may_change(by: Membership, unit: Unit) -> bool:
    """Whether this coordinator stands over the unit, or it is his own."""
    return by.role == Role.COORDINATOR and units.is_within(unit, by.unit_id)


def tidy(typed: str) -> str:
    """A unit's name as it is kept: NFC, single blanks, a capital in front."""
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    return name[:1].upper() + name[1:]


def name_fault(session: Session, type_: str, parent: Unit | None, name: str, but: Unit | None = None) -> Fault | None:
    """What speaks against this name for a unit of a type under `parent`; `but` is the unit itself."""
    if not any(map(str.isalpha, name)) or len(name) > LONGEST_NAME:
        return "name"
    if type_ == "commune" and not fold(name).startswith(COMMUNE_WORDS):
        return "type_word"
    beside = units.named(session, parent.id, name) if parent else ()
    return "twin" if any(each is not but for each in beside) else None


def may_make(by: Membership, change: Change) -> bool:
    """Whether this coordinator stands over all that the change is about: of a move, both units above, too."""
    if not change.moves or change.parent is None:
        return may_change(by, change.unit)
    return may_move(by, change.unit, change.parent)


def may_move(by: Membership, unit: Unit, parent: Unit) -> bool:
    """Whether this coordinator stands above the unit, and over the one that it is put under, or that one is his own."""
    return may_close(by, unit) and may_change(by, parent)


def fault_of(session: Session, change: Change) -> Fault | None:
    """What speaks against the change."""
    unit = change.unit
    if unit.closed_on and unit.closed_on <= change.day:
        return "gone"
    if change.parent is not None and change.moves:
        return move_fault(session, unit, change.parent, change.day)
    return "same" if change.name == unit.name else name_fault(session, unit.type, unit.parent, change.name, unit)


def move_fault(session: Session, unit: Unit, parent: Unit, day: date) -> Fault | None:
    """What speaks against putting the unit under `parent` from this day on."""
    if parent.id == unit.parent_id:
        return "same"
    if units.is_within(parent, unit.id):
        return "below"
    if parent.closed_on and parent.closed_on <= day:
        return "closed"
    if parent.opened_on and parent.opened_on > day:
        return "unopened"
    return name_fault(session, unit.type, parent, unit.name, unit)


def add_fault(session: Session, type_: str, parent: Unit, name: str, day: date) -> Fault | None:
    """What speaks against a new unit under `parent` from this day on; under one that is to close there comes none."""
    if parent.closed_on:
        return "closed"
    if parent.opened_on and parent.opened_on > day:
        return "unopened"
    return name_fault(session, type_, parent, name)


def effect(session: Session, setup: Setup, change: Change) -> Effect:
    """What the change would bring; nothing is changed. More than `MOST_TAGS` tags are for `save` to refuse."""
    campaign, found, by_hand = setup.campaign, [], 0
    if campaign.tag_rule is None:
        return Effect((), 0)
    for row in _open_rows(session, change.unit.id):
        holder = tag_roster.holder_of(row)
        person = holder.member.full_name if holder.member else None
        before = same(tag_roster.rule_tag(campaign, holder))
        after = tag_for(campaign, change.names(holder.unit), person, day=holder.unit.opened_on)
        if same(after) in (before, row.folded):
            continue
        if row.folded == before:
            found.append((holder, row.tag, after))
        else:
            by_hand += 1
    times = Counter(same(tag) for _, _, tag in found)
    twins = [_twins(session, setup, holder, tag, change.day, times) for holder, _, tag in found[:MOST_TAGS]]
    twins += [()] * (len(found) - len(twins))
    return Effect(tuple(NewTag(*each, names) for each, names in zip(found, twins, strict=True)), by_hand)


def save(
    session: Session, setup: Setup, change: Change, brings: Effect, by: Membership, now: datetime
) -> tuple[int, int]:
    """Write the change down; how many tags are others now, and how many are not because somebody else has them.

    Those whose tag changed are told by `tag_changes.tell_begun`. The old tags count for the campaign's grace.
    """
    unit = change.unit
    unit.name, unit.parent = change.name, change.parent
    session.flush()
    changed = sum(_give(session, setup, each, change.day, by, now) for each in brings.tags)
    return changed, len(brings.tags) - changed


def tag_of_new(session: Session, setup: Setup, parent: Unit, type_: str, name: str, day: date) -> NewTag | None:
    """The tag that a new unit would have, and whose it is too; None where none is asked for, or one with one's name."""
    path = [(type_, name), *tag_roster.names(parent)]
    if setup.campaign.tag_rule is None or signs_by_name(setup.campaign, path):
        return None
    tag = tag_for(setup.campaign, path, day=day)
    alike = tags.written_as(session, setup.campaign.code, [same(tag)])
    return NewTag(Holder(parent), "", tag, tuple(tag_roster.names_of(alike)))


def add(session: Session, setup: Setup, parent: Unit, type_: str, name: str, day: date) -> Unit:
    """A new unit under `parent` from this day on, with the rule's tag. What it owes follows with the next planning."""
    number = (session.scalar(select(func.max(Unit.id))) or 0) + 1
    while roster.unit_with_code(session, setup.campaign.code, f"{OWN_CODE}{number}"):
        number += 1
    unit = Unit(campaign=setup.campaign.code, code=f"{OWN_CODE}{number}", type=type_, name=name)
    unit.parent, unit.opened_on = parent, day
    session.add(unit)
    session.flush()
    if setup.campaign.tag_rule:
        tag_roster.propose_unit(session, setup.campaign, unit)
    return unit


def owed_by(session: Session, setup: Setup, type_: str, name: str, day: date, code: str = "") -> list[DutyProfile]:
    """The reports that a unit of this type, name and code owes from this day on."""
    found = [DutyProfile.model_validate(row.rule) for row in duties.living(session, setup.campaign.code, day)]
    return [profile for profile in found if setup.campaign.owes(profile, type_, name, code)]


def _open_rows(session: Session, root_id: int) -> Sequence[Tag]:
    """The required tags, and the clashes, of a unit and all below it and of their members that have no end."""
    statement = select(Tag).where(Tag.unit_id.in_(units.below(root_id)), Tag.valid_until.is_(None))
    return session.scalars(statement.where(Tag.kind != TagKind.ACCEPTED).order_by(Tag.id)).all()


def _twins(session: Session, setup: Setup, holder: Holder, tag: str, day: date, times: Counter[str]) -> tuple[str, ...]:
    found = tag_roster.twins(session, setup.campaign, holder, tag, _start(holder, day), None)
    again = [tag] if times[same(tag)] > 1 else []
    return tuple(tag_roster.names_of(found) or again)


def _give(session: Session, setup: Setup, new: NewTag, day: date, by: Membership, now: datetime) -> bool:
    if new.twins:
        return False
    try:
        tag_roster.require(session, setup.campaign, new.holder, new.tag, _start(new.holder, day), by, now)
    except Taken:
        return False
    return True


def _start(holder: Holder, day: date) -> date:
    return max(day, holder.unit.opened_on or day)
