"""Writes confirmed rosters some hundred rows at a time, and undoes them in the same way: nobody waits for them."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.actions import claims, page_imports, roster_units, wanted
from bot.actions.roster_imports import AT_ONCE, drop, language_of, text_of
from bot.domain.rosters.meeting import Entry, Listed, meet
from bot.domain.rosters.spelling import spelled
from bot.messages import Address
from bot.setup import Setup
from bot.speech import say
from bot.storage import audit, rosters
from bot.storage.models import BatchState, ImportBatch, ImportPart, Membership, MembershipState, Role, Unit

DECIDE_WITHIN = timedelta(days=1)
UNDO_WITHIN = timedelta(days=30)
MOST_NAMED = 20
MOST_LINES = 30  # of rows passed over that are named by their numbers
_ENTRY = tuple(each.name for each in fields(Entry))
# What the log says of somebody who goes with his roster; what was known of him is hidden there.
_LISTED = {"state": MembershipState.LISTED, "full_name": ""}
_ERASED = {"state": MembershipState.ERASED, "full_name": None}


def write_next(session: Session, setup: Setup, now: datetime) -> int:
    """Write the next rows of the oldest confirmed roster; 0 if there is none. What is written is in the audit log."""
    batch = rosters.first_in(session, setup.campaign.code, BatchState.WRITING)
    if batch is None:
        return 0
    actor = _actor(batch, "rosters.write", now)
    with audit.acting(session, actor):
        part = rosters.next_part(session, batch.id)
        if roster_units.are_due(batch):
            roster_units.add(session, setup, batch, now)
        elif part and batch.month:
            page_imports.write(session, batch, part, now)
        elif part:
            _Writing(session, batch, actor, setup.today(now)).write(part)
        else:
            _finish(session, setup, batch, now)
    return 1


def begin_undo(session: Session, batch: ImportBatch) -> None:
    """Let the job take the batch back."""
    batch.state = BatchState.UNDOING
    session.flush()


def may_undo(batch: ImportBatch, now: datetime) -> bool:
    """Whether it is written and not too long ago."""
    recent = batch.settled_at is not None and now - batch.settled_at < UNDO_WITHIN
    return batch.state == BatchState.DONE and recent


def undo_next(session: Session, setup: Setup, now: datetime) -> int:
    """Take back the next rows of the oldest roster that is to be undone; 0 if there is none.

    Changed values return unless they were changed since; people whom nobody claimed go; the others stay.
    """
    batch = rosters.first_in(session, setup.campaign.code, BatchState.UNDOING)
    if batch is None:
        return 0
    part = rosters.first_part(session, batch.id)
    actor = _actor(batch, "rosters.undo", now)
    if part is None and (gone := rosters.take_out(session, batch.id, AT_ONCE)):
        _count(batch, gone=len(gone))
        audit.note_many(session, actor, Membership, [audit.Change(*each, _LISTED, _ERASED) for each in gone])
        return 1
    with audit.acting(session, actor):
        if part and batch.month:
            _count(batch, gone=page_imports.take_back(session, part))
        elif part:
            _return_values(session, batch, part)
        else:
            _finish_undo(session, setup, batch, now)
    return 1


def forget_left(session: Session, setup: Setup, now: datetime) -> int:
    """Drop what nobody decided on within a day, and what is kept for undoing once it is too late; how many."""
    campaign = setup.campaign.code
    undecided = rosters.left(session, campaign, BatchState.CHECKED, now - DECIDE_WITHIN, AT_ONCE)
    for batch in undecided:
        drop(session, batch, now)
    done = rosters.left(session, campaign, BatchState.DONE, now - UNDO_WITHIN, AT_ONCE)
    for batch in done:
        rosters.keep_parts(session, batch.id, [])
    session.flush()
    return len(undecided) + len(done)


def progress(session: Session, batch: ImportBatch) -> tuple[int, int]:
    """How many parts of a batch are written, and of how many."""
    figures = rosters.part_figures(session, batch.id)
    return sum(1 for each in figures if each is not None), len(figures)


@dataclass
class _Writing:
    """One part, against the people who are in its units now: what the dry run found may have changed."""

    session: Session
    batch: ImportBatch
    actor: audit.Actor
    today: date
    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[tuple[Listed, dict[str, str]]] = field(default_factory=list)
    passed: list[int] = field(default_factory=list)
    same: int = 0

    def write(self, part: ImportPart) -> None:
        """Write its rows; the part keeps what is needed to undo it, and its figures."""
        places = [(row, self._unit(row)) for row in part.rows]
        there = self._people({unit for _, unit in places if unit is not None})
        for row, unit in places:
            if unit is None:
                self._pass(row)
            else:
                self._write_row(row, unit, there)
        self._add()
        part.rows = self._change()
        part.figures = {"new": len(self.new), "changed": len(part.rows), "same": self.same, "passed": self.passed}

    def _unit(self, row: Mapping[str, Any]) -> int | None:
        """The unit of a row; None if it was closed since, or is one that was not to be added."""
        added = self.batch.figures.get("added", [])
        place = row["new_unit"]
        number = row["unit"] if place is None else added[place] if place < len(added) else None
        unit = self.session.get(Unit, number) if number is not None else None
        return unit.id if unit and not _is_closed(unit, self.today) else None

    def _people(self, units: set[int]) -> dict[tuple[int, str], list[Listed]]:
        there: dict[tuple[int, str], list[Listed]] = defaultdict(list)
        for each in rosters.people_in(self.session, units):
            there[each.unit, spelled(each.name)].append(each)
        return there

    def _pass(self, row: Mapping[str, Any]) -> None:
        if row["new_unit"] is None or self.batch.figures.get("with_units"):
            self.passed.append(row["line"])

    def _write_row(self, row: Mapping[str, Any], unit: int, there: dict[tuple[int, str], list[Listed]]) -> None:
        told: dict[str, Any] = {name: row.get(name) for name in _ENTRY}
        entry = Entry(**told)
        namesakes = there[unit, spelled(entry.name)]
        meeting = meet(entry, namesakes)
        if meeting.several or (meeting.who is None and entry.kind is None):
            self.passed.append(row["line"])
        elif meeting.who is None:
            self.new.append(self._member(entry, unit))
            namesakes.append(Listed(**told, unit=unit))
        elif meeting.changes and meeting.who.id:
            self.changed.append((meeting.who, meeting.changes))
        else:
            self.same += 1

    def _member(self, entry: Entry, unit: int) -> dict[str, Any]:
        details = {"kind": entry.kind, "rank": entry.rank, "position": entry.position, "phone": entry.phone}
        listed = {"state": MembershipState.LISTED, "role": Role.MEMBER, "created_at": self.actor.now}
        known_by = {"claim_code": claims.new_code(), "batch_id": self.batch.id, "unit_id": unit}
        return {"full_name": entry.name, "facebook_name": entry.facebook_name, **details, **listed, **known_by}

    def _add(self) -> None:
        numbers = rosters.insert_people(self.session, self.new)
        pairs = zip(numbers, self.new, strict=True)
        added = [audit.Change(number, each["unit_id"], {}, _told(each)) for number, each in pairs]
        audit.note_many(self.session, self.actor, Membership, added)

    def _change(self) -> list[dict[str, Any]]:
        members = rosters.members(self.session, [who.id for who, _ in self.changed])
        done = []
        for who, changes in self.changed:
            member = members[who.id]
            before = {name: getattr(member, name) for name in changes}
            for name, value in changes.items():
                setattr(member, name, value)
            done.append({"id": member.id, "before": before, "after": changes})
        return done


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _finish(session: Session, setup: Setup, batch: ImportBatch, now: datetime) -> None:
    figures = [each for each in rosters.part_figures(session, batch.id) if each]
    sums: Counter[str] = Counter()
    for each in figures:
        sums.update({name: each[name] for name in ("new", "changed", "same")})
    passed = [line for each in figures for line in each["passed"]]
    written = {name: sums[name] for name in ("new", "changed", "same")} | {"passed": len(passed)}
    batch.state, batch.settled_at = BatchState.DONE, now
    batch.figures = {**batch.figures, "written": written}
    to, language = Address(batch.channel, batch.chat), language_of(batch)
    values: dict[str, Any] = {"name": batch.name, "written": written, "lines": passed[:MOST_LINES]}
    units = len(batch.figures.get("made", []))
    say(session, setup, to, language, text_of(batch, "rosters/done"), now, units=units, **values)
    if rosters.unclaimed(session, batch.id):
        wanted.want(session, setup, to, language, "roster_codes", {"batch": batch.id}, now)


def _return_values(session: Session, batch: ImportBatch, part: ImportPart) -> None:
    changes = part.rows if part.figures is not None else []
    members = rosters.members(session, [each["id"] for each in changes])
    returned = kept = 0
    for each in changes:
        member = members.get(each["id"])
        if member is None or member.state == MembershipState.ERASED:
            continue
        stands = [name for name, value in each["after"].items() if getattr(member, name) == value]
        for name in stands:
            setattr(member, name, each["before"][name])
        returned += bool(stands)
        kept += len(stands) < len(each["after"])
    session.delete(part)
    _count(batch, returned=returned, changed_since=kept)


def _count(batch: ImportBatch, **more: int) -> None:
    undone = Counter(batch.figures.get("undone", {}))
    undone.update(more)
    batch.figures = {**batch.figures, "undone": dict(undone)}


def _finish_undo(session: Session, setup: Setup, batch: ImportBatch, now: datetime) -> None:
    stay = rosters.claimed(session, batch.id)
    closed, left = roster_units.close_empty(session, setup, batch, now)
    _count(batch, gone=0, returned=0, changed_since=0, stay=len(stay), units_closed=closed)
    batch.state, batch.settled_at = BatchState.UNDONE, now
    names = [_named(each) for each in stay[:MOST_NAMED]]
    values: dict[str, Any] = {"name": batch.name, "undone": batch.figures["undone"], "names": names}
    to = Address(batch.channel, batch.chat)
    say(session, setup, to, language_of(batch), text_of(batch, "rosters/undone"), now, units=left, **values)


def _named(member: Membership) -> str:
    return f"{member.full_name} ({member.unit.name})"


def _is_closed(unit: Unit, day: date) -> bool:
    return unit.closed_on is not None and unit.closed_on <= day


def _actor(batch: ImportBatch, act: str, now: datetime) -> audit.Actor:
    return audit.Actor(batch.campaign, batch.by_id, batch.channel, act, now)
