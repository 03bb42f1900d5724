"""The roster of tags: proposals of the campaign's rule, and what admins set. No two holders require the same tag."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.campaigns import Campaign, signs_by_name, tag_for
from bot.domain.hashtags import find_tags, same
from bot.storage import tags, units
from bot.storage.models import Membership, Tag, TagKind, Unit

LONGEST_TAG = 100
# A proposal stands for what the rule always said; the time of its row means nothing.
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose tag it is: a unit's, or one member's where his unit type signs by name."""

    unit: Unit
    member: Membership | None = None

    def rows(self, session: Session) -> Sequence[Tag]:
        """All tags of this holder, the newest first."""
        return tags.of_member(session, self.member.id) if self.member else tags.of_unit(session, self.unit.id)


def propose_units(session: Session, campaign: Campaign) -> int:
    """Give every unit that has no tag yet the rule's; how many. Units with one tag get it as a clash, all of them."""
    proposals: dict[str, list[tuple[Unit, str]]] = defaultdict(list)
    for unit in tags.units_without(session, campaign.code):
        tag = tag_for(campaign, names(unit), day=unit.opened_on)
        proposals[same(tag)].append((unit, tag))
    known: dict[str, list[Tag]] = defaultdict(list)
    for row in tags.of_units(session, campaign.code):
        known[row.folded].append(row)
    for folded, holders in proposals.items():
        kind = TagKind.CLASH if len(holders) > 1 or known[folded] else TagKind.REQUIRED
        session.add_all(_proposal(campaign.code, Holder(unit), tag, kind) for unit, tag in holders)
    session.flush()
    return sum(map(len, proposals.values()))


def propose_unit(session: Session, campaign: Campaign, unit: Unit) -> Tag:
    """The rule's tag for one unit; a clash if somebody has it."""
    return _propose(session, campaign, Holder(unit), tag_for(campaign, names(unit), day=unit.opened_on))


def propose_member(session: Session, campaign: Campaign, member: Membership) -> Tag:
    """The rule's tag for a member who signs by name; a clash if somebody has it."""
    tag = tag_for(campaign, names(member.unit), member.full_name, day=member.unit.opened_on)
    return _propose(session, campaign, Holder(member.unit, member), tag)


def signs(campaign: Campaign, unit: Unit) -> bool:
    """Whether members of this unit have tags of their own."""
    return signs_by_name(campaign, names(unit))


def names(unit: Unit) -> list[tuple[str, str]]:
    """(type, name) of the unit and of all above it."""
    return [(each.type, each.name) for each in units.path(unit)]


def read_tag(typed: str) -> str | None:
    """The one tag in what an admin typed, with or without #; None if it is not one that platforms would read."""
    bare = typed.strip().removeprefix("#")
    found = find_tags(f"#{bare}")
    return found[0] if found == [f"#{bare}"] and len(bare) < LONGEST_TAG else None


def twins(
    session: Session, campaign: Campaign, holder: Holder, tag: str, start: date | None, end: date | None
) -> list[Tag]:
    """Tags of others that are the same on some of these days, the grace after their end included."""
    grace = timedelta(days=campaign.tag_grace_days)
    return [
        row
        for row in tags.written_as(session, campaign.code, [same(tag)])
        if not is_of(row, holder) and row.kind != TagKind.CLASH and _overlap(row, start, end, grace)
    ]


def is_of(row: Tag, holder: Holder) -> bool:
    """Whether the tag belongs to the holder."""
    if holder.member:
        return row.membership_id == holder.member.id
    return row.membership_id is None and row.unit_id == holder.unit.id


def require(
    session: Session, campaign: Campaign, holder: Holder, tag: str, start: date | None, by: Membership, now: datetime
) -> Tag:
    """From `start` on (None: always) the holder's required tag is this one; the one before ends there.

    ValueError if somebody else has the tag: ask `twins` first.
    """
    _refuse_twins(session, campaign, holder, tag, start, None)
    given_up = [_end(session, row, start) for row in holder.rows(session) if row.kind != TagKind.ACCEPTED]
    row = _add(session, campaign, holder, tag, TagKind.REQUIRED, (start, None), by, now)
    for folded in filter(None, given_up):
        _settle_clash(session, campaign.code, folded)
    return row


def accept(
    session: Session,
    campaign: Campaign,
    holder: Holder,
    tag: str,
    days: tuple[date | None, date | None],
    by: Membership,
    now: datetime,
) -> Tag:
    """On these days (from, until: the day after the last) the tag counts as well. ValueError as with `require`."""
    _refuse_twins(session, campaign, holder, tag, *days)
    return _add(session, campaign, holder, tag, TagKind.ACCEPTED, days, by, now)


def end(session: Session, row: Tag, day: date) -> None:
    """The tag counts no more from this day on; one that never began goes."""
    if row.valid_from is not None and row.valid_from >= day:
        session.delete(row)
    elif row.valid_until is None or row.valid_until > day:
        row.valid_until = day
    session.flush()


def _end(session: Session, row: Tag, start: date | None) -> str | None:
    """Make room for another required tag; the tag that is given up, if it was a clash or never comes to hold."""
    if row.kind == TagKind.CLASH or start is None or (row.valid_from is not None and row.valid_from >= start):
        session.delete(row)
        session.flush()
        return row.folded
    if row.valid_until is None or row.valid_until > start:
        row.valid_until = start
        session.flush()
    return None


def _settle_clash(session: Session, campaign: str, folded: str) -> None:
    """The last one who is left with a tag that clashed has it."""
    left = tags.written_as(session, campaign, [folded])
    if len(left) == 1 and left[0].kind == TagKind.CLASH:
        left[0].kind = TagKind.REQUIRED
        session.flush()


def _propose(session: Session, campaign: Campaign, holder: Holder, tag: str) -> Tag:
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
    if twins(session, campaign, holder, tag, start, end):
        raise ValueError("somebody else has this tag")


def _overlap(row: Tag, start: date | None, end: date | None, grace: timedelta) -> bool:
    late = grace if row.kind == TagKind.REQUIRED else timedelta(0)
    ends_before = row.valid_until is not None and start is not None and row.valid_until + late <= start
    begins_after = row.valid_from is not None and end is not None and end <= row.valid_from
    return not ends_before and not begins_after


def names_of(rows: Iterable[Tag]) -> list[str]:
    """Who holds these tags: the member's name and his unit's, or the unit's."""
    return [f"{row.membership.full_name}, {row.unit.name}" if row.membership else row.unit.name for row in rows]
