"""The roster of tags: proposals of the campaign's rule, and what admins set. No two holders require the same tag."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.campaigns import Campaign, signs_by_name, tag_for
from bot.domain.hashtags import same
from bot.storage import tags, units
from bot.storage.models import Membership, Tag, TagKind, Unit

# A proposal stands for what the rule always said; the time of its row means nothing.
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose tag it is: a unit's, or one member's where his unit type signs by name."""

    unit: Unit
    member: Membership | None = None

    @property
    def name(self) -> str:
        """The member's name, if it is one, the unit's and that of the unit above: “Xã Tân Thạnh, Huyện Mộc Hóa”."""
        above = (self.unit.parent.name,) if self.unit.parent else ()
        return ", ".join((*((self.member.full_name or "",) if self.member else ()), self.unit.name, *above))

    def rows(self, session: Session) -> Sequence[Tag]:
        """All tags of this holder, the newest first."""
        return tags.of_member(session, self.member.id) if self.member else tags.of_unit(session, self.unit.id)


def propose_units(session: Session, campaign: Campaign) -> int:
    """Give every unit that has no tag yet the rule's; how many. Units with one tag get it as a clash, all of them."""
    if campaign.tag_rule is None:
        return 0
    rows = propose(session, campaign, [Holder(unit) for unit in tags.units_without(session, campaign.code)])
    return len(rows)


def propose(session: Session, campaign: Campaign, holders: Iterable[Holder]) -> list[Tag]:
    """The rule's tags for these holders at once; those whose tag is one get it as a clash, all of them."""
    wanted = [(holder, rule_tag(campaign, holder)) for holder in holders]
    times = Counter(same(tag) for _, tag in wanted)
    known = {row.folded for row in tags.written_as(session, campaign.code, times)} if wanted else set()
    made = []
    for holder, tag in wanted:
        alone = times[same(tag)] == 1 and same(tag) not in known
        made.append(_proposal(campaign.code, holder, tag, TagKind.REQUIRED if alone else TagKind.CLASH))
    session.add_all(made)
    session.flush()
    return made


def propose_unit(session: Session, campaign: Campaign, unit: Unit) -> Tag:
    """The rule's tag for one unit; a clash if somebody has it."""
    return _propose(session, campaign, Holder(unit))


def propose_member(session: Session, campaign: Campaign, member: Membership) -> Tag:
    """The rule's tag for a member who signs by name; a clash if somebody has it."""
    return _propose(session, campaign, Holder(member.unit, member))


def rule_tag(campaign: Campaign, holder: Holder, number: int | None = None) -> str:
    """What the campaign's rule proposes; `number` tells a member from others of his name."""
    person = f"{holder.member.full_name} {number or ''}" if holder.member else None
    return tag_for(campaign, names(holder.unit), person, day=holder.unit.opened_on)


def signs(campaign: Campaign, unit: Unit) -> bool:
    """Whether members of this unit have tags of their own."""
    return signs_by_name(campaign, names(unit))


def names(unit: Unit) -> list[tuple[str, str]]:
    """(type, name) of the unit and of all above it."""
    return [(each.type, each.name) for each in units.path(unit)]


class Taken(ValueError):
    """Somebody else has the tag on some of the days for which it was wanted; `rows` are his."""

    def __init__(self, rows: Sequence[Tag]) -> None:
        super().__init__("somebody else has this tag")
        self.rows = rows


def twins(
    session: Session, campaign: Campaign, holder: Holder, tag: str, start: date | None, end: date | None
) -> list[Tag]:
    """Tags of others that are the same on some of these days, the grace after their end and open clashes included."""
    grace = timedelta(days=campaign.tag_grace_days)
    return [
        row
        for row in tags.written_as(session, campaign.code, [same(tag)])
        if not is_of(row, holder) and _stands(row) and _overlap(row, start, end, grace)
    ]


def free_from(campaign: Campaign, rows: Sequence[Tag]) -> date | None:
    """The first day on which none of these tags counts any more; None if one of them has no end."""
    grace = timedelta(days=campaign.tag_grace_days)
    if not rows or any(row.valid_until is None for row in rows):
        return None
    return max(row.valid_until + _late(row, grace) for row in rows if row.valid_until)


def is_of(row: Tag, holder: Holder) -> bool:
    """Whether the tag belongs to the holder."""
    if holder.member:
        return row.membership_id == holder.member.id
    return row.membership_id is None and row.unit_id == holder.unit.id


def require(
    session: Session, campaign: Campaign, holder: Holder, tag: str, start: date | None, by: Membership, now: datetime
) -> tuple[Tag, list[Tag]]:
    """From `start` on (None: always) the holder's required tag is this one; the one before ends there.

    The new row, and the proposals of others that clashed with what the holder gave up and hold from now on. `Taken` if
    somebody else has the tag.
    """
    tags.hold_still(session, campaign.code)
    _refuse_twins(session, campaign, holder, tag, start, None)
    old = [row for row in holder.rows(session) if row.kind != TagKind.ACCEPTED]
    given_up = {row.folded: row.tag for row in old if _make_room(session, row, start)}
    row = _add(session, campaign, holder, tag, TagKind.REQUIRED, (start, None), by, now)
    return row, [settled for each in given_up.values() if (settled := _settle_clash(session, campaign, each, start))]


def accept(
    session: Session,
    campaign: Campaign,
    holder: Holder,
    tag: str,
    days: tuple[date | None, date | None],
    by: Membership,
    now: datetime,
) -> Tag:
    """On these days (from, until: the day after the last) the tag counts as well. `Taken` as with `require`."""
    tags.hold_still(session, campaign.code)
    _refuse_twins(session, campaign, holder, tag, *days)
    return _add(session, campaign, holder, tag, TagKind.ACCEPTED, days, by, now)


def end(session: Session, campaign: Campaign, row: Tag, day: date) -> list[Tag]:
    """The tag counts no more from this day on; one that never began goes, and a required one before it goes on.

    Proposals of others that clashed with it and hold from now on. `Taken` if somebody else has the one before.
    """
    tags.hold_still(session, campaign.code)
    tag = row.tag
    if row.valid_from is not None and row.valid_from >= day:
        before = _before(session, row)
        if before and before.kind == TagKind.REQUIRED:
            _refuse_twins(session, campaign, holder_of(row), before.tag, before.valid_until, None)
        session.delete(row)
        session.flush()
        if before:
            before.valid_until = None
    elif row.valid_until is None or row.valid_until > day:
        row.valid_until = day
        session.flush()
    settled = _settle_clash(session, campaign, tag, day)
    return [settled] if settled else []


def holder_of(row: Tag) -> Holder:
    """Whose tag it is."""
    return Holder(row.unit, row.membership)


def _before(session: Session, row: Tag) -> Tag | None:
    """The required tag, or clash, that was to end when this one begins."""
    if row.kind == TagKind.ACCEPTED:
        return None
    rows = holder_of(row).rows(session)
    return next((e for e in rows if e.kind != TagKind.ACCEPTED and e.valid_until == row.valid_from), None)


def _make_room(session: Session, row: Tag, start: date | None) -> bool:
    """Make room for another required tag from `start` on; whether this one was given up for good."""
    if start is None or (row.valid_from is not None and row.valid_from >= start):
        session.delete(row)
        session.flush()
        return True
    if row.valid_until is None or row.valid_until > start:
        row.valid_until = start
        session.flush()
    return row.kind == TagKind.CLASH


def _settle_clash(session: Session, campaign: Campaign, tag: str, start: date | None) -> Tag | None:
    """The only one who is left with a tag that clashed has it."""
    rows = tags.written_as(session, campaign.code, [same(tag)])
    clashing = [row for row in rows if row.kind == TagKind.CLASH and row.valid_until is None]
    if len(clashing) != 1 or twins(session, campaign, holder_of(clashing[0]), tag, start, None):
        return None
    clashing[0].kind = TagKind.REQUIRED
    session.flush()
    return clashing[0]


def _propose(session: Session, campaign: Campaign, holder: Holder) -> Tag:
    tag = rule_tag(campaign, holder)
    taken = tags.written_as(session, campaign.code, [same(tag)])
    row = _proposal(campaign.code, holder, tag, TagKind.CLASH if taken else TagKind.REQUIRED)
    session.add(row)
    session.flush()
    return row


def _proposal(campaign: str, holder: Holder, tag: str, kind: TagKind) -> Tag:
    return Tag(
        campaign=campaign,
        unit_id=holder.unit.id,
        membership_id=holder.member.id if holder.member else None,
        tag=tag,
        folded=same(tag),
        kind=kind,
        proposed=True,
        valid_from=holder.unit.opened_on,
        set_at=NO_TIME,
    )


def _add(
    session: Session,
    campaign: Campaign,
    holder: Holder,
    tag: str,
    kind: TagKind,
    days: tuple[date | None, date | None],
    by: Membership,
    now: datetime,
) -> Tag:
    row = _proposal(campaign.code, holder, tag, kind)
    row.proposed, row.set_by_id, row.set_at = False, by.id, now
    row.valid_from, row.valid_until = days
    session.add(row)
    session.flush()
    return row


def _refuse_twins(
    session: Session, campaign: Campaign, holder: Holder, tag: str, start: date | None, end: date | None
) -> None:
    found = twins(session, campaign, holder, tag, start, end)
    if found:
        raise Taken(found)


def _stands(row: Tag) -> bool:
    """Whether the row keeps others from the tag: a clash that has an end was given up."""
    return row.kind != TagKind.CLASH or row.valid_until is None


def _overlap(row: Tag, start: date | None, end: date | None, grace: timedelta) -> bool:
    ends_before = row.valid_until is not None and start is not None and row.valid_until + _late(row, grace) <= start
    begins_after = row.valid_from is not None and end is not None and end <= row.valid_from
    return not ends_before and not begins_after


def _late(row: Tag, grace: timedelta) -> timedelta:
    return grace if row.kind == TagKind.REQUIRED else timedelta(0)


def names_of(rows: Iterable[Tag]) -> list[str]:
    """Who holds these tags: the member's name and his unit's, or the unit's."""
    return [f"{row.membership.full_name}, {row.unit.name}" if row.membership else row.unit.name for row in rows]
