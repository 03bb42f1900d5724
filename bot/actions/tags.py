"""Which hashtags count for a member on a day, and what is wrong with the one he used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import tag_roster
from bot.campaigns import signs_by_name, subject_for
from bot.domain.hashtags import Mark, Verdict, check, marks, same
from bot.setup import Setup
from bot.storage import tags
from bot.storage.models import Membership, Tag, TagKind, Unit, UnitSuccessor
from bot.storage.tags import Dated


@dataclass(frozen=True, slots=True)
class InForce:
    """The tags that count for a member on one day.

    `required` is empty where the campaign asks for no hashtag. `accepted` holds aliases, and required ones that ended
    less than the campaign's grace ago. Not `settled`: somebody else's tag is the same as the required one, so that a
    person has to look.
    """

    required: str
    accepted: tuple[str, ...]
    settled: bool


NONE_NEEDED = InForce("", (), settled=True)


def in_force(session: Session, setup: Setup, member: Membership, day: date) -> InForce:
    """The member's tags on this day: set by an admin, or proposed by the campaign's rule."""
    if setup.campaign.tag_rule is None:
        return NONE_NEEDED
    rows, old = _rows(session, setup, member)
    chosen = _required(rows, day) or _of_successor(session, member.unit, day) or rows[0]
    also = (*rows, *old) if member.unit_id == chosen.unit_id else rows
    grace = timedelta(days=setup.campaign.tag_grace_days)
    accepted = dict.fromkeys(row.tag for row in also if row is not chosen and _counts(row, day, grace))
    accepted.pop(chosen.tag, None)
    return InForce(chosen.tag, tuple(accepted), chosen.kind != TagKind.CLASH)


def required_tag(session: Session, setup: Setup, member: Membership, day: date) -> str:
    """The tag that proves where a post of this member comes from."""
    return in_force(session, setup, member, day).required


def verdict(session: Session, setup: Setup, member: Membership, force: InForce, text: str) -> Verdict:
    """The verdict on a post's text. Other people's tags are only looked up when no right one is there."""
    if not force.required:
        return Verdict((), "ok")
    exact = check(text, force.required, force.accepted)
    if exact.verdict == "ok":
        return exact
    seen = tags.seen_by(session, setup.campaign.code, member.unit_id)
    names = tag_roster.names(member.unit)
    return check(
        text,
        force.required,
        force.accepted,
        rule=setup.campaign.tag_rule,
        unit=subject_for(setup.campaign, names),
        person=member.full_name if signs_by_name(setup.campaign, names) else None,
        others=sorted(seen),  # in one order, as what is worked out about them is kept for the next post
    )


def is_near_miss(session: Session, setup: Setup, member: Membership, day: date, text: str) -> bool:
    """Whether the words hold something that was meant to be the member's tag."""
    required = required_tag(session, setup, member, day)
    return bool(required) and check(text, required, rule=setup.campaign.tag_rule).verdict == "near_miss"


def holder_of(session: Session, setup: Setup, tag: str, day: date) -> Tag | None:
    """Whose tag this is: one that holds on this day before one that does not."""
    found = tags.written_as(session, setup.campaign.code, [same(tag)])
    return next((row for row in found if holds(row, day)), found[0] if found else None)


@dataclass(frozen=True, slots=True)
class Whose:
    """Who has a tag; `old` if it counts no more on the day in question, `last` the last day on which it did."""

    name: str
    old: bool
    last: date | None


def described(setup: Setup, row: Tag, day: date) -> Whose:
    """Whose tag this is, in words. A member's tag holds his name anyway."""
    grace = timedelta(days=setup.campaign.tag_grace_days if row.kind == TagKind.REQUIRED else 0)
    last = row.valid_until + grace - timedelta(days=1) if row.valid_until else None
    return Whose(", ".join(tag_roster.names_of([row])), last is not None and last < day, last)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a template shows of a verdict: the class of the fault, and what is written held against the right tag."""

    fault: str | None
    written: str | None
    found: tuple[str, ...]
    marks: tuple[Mark, ...]
    whose: Whose | None


def explain(session: Session, setup: Setup, verdict: Verdict, required: str, day: date) -> Explanation:
    """The verdict in words' reach; if the tag is somebody else's, whose."""
    row = (
        holder_of(session, setup, verdict.matched, day)
        if verdict.fault == "someone_elses" and verdict.matched
        else None
    )
    return Explanation(
        verdict.fault,
        verdict.written,
        verdict.found,
        marks(verdict.written, required) if verdict.fault and verdict.written else (),
        described(setup, row, day) if row else None,
    )


def holds(row: Dated, day: date) -> bool:
    """Whether the day is one of the tag's."""
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_until is None or day < row.valid_until)


def _rows(session: Session, setup: Setup, member: Membership) -> tuple[Sequence[Dated], Sequence[Dated]]:
    """The member's own tags, and those of the units that went into his."""
    shared, old = tags.of_unit_and_predecessors(session, member.unit_id)
    if signs_by_name(setup.campaign, [(member.unit.type, member.unit.name)]):
        own = tags.of_member(session, member.id)
        return own or [tag_roster.propose_member(session, setup.campaign, member)], old
    return shared or [tag_roster.propose_unit(session, setup.campaign, member.unit)], old


def _required(rows: Sequence[Dated], day: date) -> Dated | None:
    candidates = [row for row in rows if row.kind != TagKind.ACCEPTED and holds(row, day)]
    return min(candidates, key=lambda row: row.kind == TagKind.CLASH, default=None)


def _of_successor(session: Session, unit: Unit, day: date) -> Dated | None:
    """The tag of the unit that a closed one went into; of several, the main one's."""
    statement = select(UnitSuccessor.successor_id).where(UnitSuccessor.unit_id == unit.id)
    successor = session.scalar(statement.order_by(UnitSuccessor.main.desc()).limit(1))
    return _required(tags.of_unit(session, successor), day) if successor else None


def _counts(row: Dated, day: date, grace: timedelta) -> bool:
    """Whether the tag is right besides the required one; what was required has a grace after its end."""
    if row.kind == TagKind.CLASH:
        return False
    late = grace if row.kind == TagKind.REQUIRED else timedelta(0)
    begun = row.valid_from is None or row.valid_from <= day
    return begun and (row.valid_until is None or day < row.valid_until + late)
