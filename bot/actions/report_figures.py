"""The figures of a report: filled from the ledger and from the reports of the units below, and frozen as JSON."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.figures import Count, MemberLine, UnitFigures, sum_counts, sum_members
from bot.setup import Setup
from bot.storage import figures as counting
from bot.storage import reports
from bot.storage.models import Membership, Obligation, Report


@dataclass(frozen=True, slots=True)
class Below:
    """A unit in whose place its own filed report stands, or should stand: the version, none if it did not file.

    `live` is what the ledger says of it by now; None where a filed report is looked at.
    """

    state: str
    version: int | None
    live: Count | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as it would be filed now: the figures, the posts behind them, and the units that report themselves."""

    figures: UnitFigures
    posts: tuple[int, ...]
    below: Mapping[int, Below]


def draft(session: Session, setup: Setup, owed: Obligation) -> Draft:
    """The report of an obligation by now: a unit below that filed its own stands as it was filed, others live."""
    code, start, end = owed.campaign, owed.window_start, setup.local(owed.window_end)
    day = setup.today(end - timedelta(microseconds=1))
    live = counting.figures(session, code, owed.unit_id, start, end, day)
    known = reports.of_period(session, owed.duty_id, owed.period, owed.unit_id)
    filed = {unit: report for unit, (_, report) in known.items() if report}
    places = _places(live, filed)
    covered = {unit.unit_id for place in places for unit in _all_in(place)}
    rows = reports.counted(session, code, owed.unit_id, start, end)
    posts = [post for post, unit in rows if unit not in covered]
    posts += [post for place in places for post in filed[place.unit_id].figures["posts"]]
    whole = compose(live, {place.unit_id: thaw(filed[place.unit_id].figures) for place in places})
    return Draft(
        whole, tuple(posts), {unit.unit_id: _below(unit, known) for unit in live.units if unit.unit_id in known}
    )


def compose(live: UnitFigures, filed: Mapping[int, UnitFigures]) -> UnitFigures:
    """The figures with those of units below replaced, and all totals above these summed up anew."""
    below = tuple(filed.get(unit.unit_id) or compose(unit, filed) for unit in live.units)
    own = live.own
    members = sum_members([own.members, *(unit.members for unit in below)])
    return replace(
        live, members=members, counts=sum_counts([own.counts, *(unit.counts for unit in below)]), units=below
    )


def freeze(made: Draft, owed: Obligation) -> dict[str, Any]:
    """The draft as JSON. Of people it holds numbers alone, so that an erasure reaches their names."""
    below = {str(unit): {"state": each.state, "version": each.version} for unit, each in made.below.items()}
    window = [owed.window_start.isoformat(), owed.window_end.isoformat()]
    people_ = [_frozen_member(line) for line in made.figures.people]
    return {
        "window": window,
        "unit": _frozen_unit(made.figures),
        "people": people_,
        "below": below,
        "posts": list(made.posts),
    }


def thaw(frozen: Mapping[str, Any], known: Mapping[int, Membership] | None = None) -> UnitFigures:
    """The figures of a filed report; `known` gives its people their names, as far as they are still there."""
    lines = tuple(_thawed_member(each, (known or {}).get(each["id"])) for each in frozen["people"])
    return replace(_thawed_unit(frozen["unit"]), people=lines)


def fingerprint(frozen: Mapping[str, Any], *facts: object) -> str:
    """SHA-256 over the canonical JSON of the figures and what is filed with them."""
    canonical = json.dumps([frozen, *facts], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def fingerprint_of(report: Report) -> str:
    """The hash that a filed report must have."""
    at = int(report.filed_at.timestamp())
    facts = (report.obligation_id, report.version, report.remarks, at, report.filed_by_id)
    return fingerprint(report.figures, *facts)


def _places(live: UnitFigures, filed: Mapping[int, Report]) -> list[UnitFigures]:
    """The topmost units below that filed their own report."""
    found = []
    for unit in live.units:
        found += [unit] if unit.unit_id in filed else _places(unit, filed)
    return found


def _all_in(unit: UnitFigures) -> list[UnitFigures]:
    return [unit, *(each for child in unit.units for each in _all_in(child))]


def _below(unit: UnitFigures, known: Mapping[int, tuple[Obligation, Report | None]]) -> Below:
    owed, report = known[unit.unit_id]
    return Below(owed.state, report.version if report else None, unit.total)


def _frozen_unit(unit: UnitFigures) -> dict[str, Any]:
    return {
        "id": unit.unit_id,
        "name": unit.name,
        "type": unit.type,
        "members": dict(unit.members),
        "counts": _frozen_counts(unit.counts),
        "units": [_frozen_unit(each) for each in unit.units],
    }


def _frozen_member(line: MemberLine) -> dict[str, Any]:
    return {"id": line.membership_id, "kind": line.kind, "here": line.here, "counts": _frozen_counts(line.counts)}


def _frozen_counts(counts: Mapping[str, Count]) -> dict[str, list[int]]:
    return {target: [count.posts, count.media] for target, count in counts.items()}


def _thawed_unit(frozen: Mapping[str, Any]) -> UnitFigures:
    below = tuple(_thawed_unit(each) for each in frozen["units"])
    counts = _thawed_counts(frozen["counts"])
    return UnitFigures(frozen["id"], frozen["name"], frozen["type"], frozen["members"], counts, below)


def _thawed_member(frozen: Mapping[str, Any], known: Membership | None) -> MemberLine:
    profile = (known.full_name, known.rank, known.position, known.facebook_name) if known else (None,) * 4
    return MemberLine(frozen["id"], *profile, frozen["kind"], _thawed_counts(frozen["counts"]), frozen["here"])


def _thawed_counts(frozen: Mapping[str, list[int]]) -> dict[str, Count]:
    return {target: Count(*numbers) for target, numbers in frozen.items()}
