"""The people of a commendation list: counted in the ledger, and reckoned once for all who have the same figures."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from bot.actions.commendation_classes import Class, Line, class_of
from bot.actions.commendation_periods import Slices, Window, after
from bot.domain.commendation import Score, Tally, proposed, rank
from bot.setup import Setup
from bot.storage import commendation as stored
from bot.storage.models import Unit


def people(session: Session, setup: Setup, root: Unit, window: Window, cuts: Slices, shown: slice) -> Iterator[Class]:
    """Those with posts for the root and all below it, by kind of member; those are named whose places are `shown`."""
    alike = _alike(session, setup, root, window, cuts)
    tallies = [Tally(key, key.kind, *key.figures, number=len(ids)) for key, ids in alike.items()]
    ranked = rank(tallies)
    for number, row in enumerate(setup.campaign.membership.kinds):
        scores = ranked.get(row.code, [])
        if scores:
            of = sum(each.tally.number for each in scores)
            chosen = [each for each in proposed(scores, of) if each.tally.key.shown]
            lines = _named(session, [(each, id_) for each in chosen for id_ in sorted(alike[each.tally.key])][shown])
            peers = [each for each in tallies if each.peers == row.code]
            yield class_of(f"p{number}", row, lines, [each.tally for each in chosen], peers)


class Alike(NamedTuple):
    """What those have in common who get the same points; `figures` are the rest of a tally."""

    kind: str
    shown: bool
    figures: tuple[int, int, int, int, int, int, int | None]


Met = Mapping[int, int]
"""By membership, how often a quota was reached."""


def _alike(session: Session, setup: Setup, root: Unit, window: Window, cuts: Slices) -> Mapping[Alike, Sequence[int]]:
    """All with posts, by what they have in common."""
    code, pers = setup.campaign.code, [per for per, spans in cuts.whole.items() if spans]
    spans = [[first for first, _ in cuts.whole[per]] for per in pers]
    before = stored.of_people(session, code, root.id, window.before_start, window.before_until)
    asked = _asked(session, setup, root, cuts, pers)
    found: dict[Alike, list[int]] = {}
    authors = stored.authors(session, code, root.id, window.start, window.until, window.before_start, spans)
    for id_, kind, shown, was_there, posts, *missed in authors:
        reached = of = 0
        for met, at, whole in asked.get(kind, ()):
            reached += met.get(id_, 0)
            of += whole - missed[at]
        was = before.get(id_, 0) if was_there else None
        found.setdefault(Alike(kind, shown, (posts, 1, 0, 0, reached, of, was)), []).append(id_)
    return found


def _asked(
    session: Session, setup: Setup, root: Unit, cuts: Slices, pers: Sequence[str]
) -> Mapping[str, Sequence[tuple[Met, int, int]]]:
    """By kind of member, for each quota that is asked of it: who reached it how often, the place of its week or month
    in `pers`, and how many whole ones of these there are."""
    kinds = [each.code for each in setup.campaign.membership.kinds]
    found: dict[str, list[tuple[Met, int, int]]] = {kind: [] for kind in kinds}
    for quota in setup.campaign.quotas:
        if quota.who == "member" and quota.per in pers:
            spans = cuts.whole[quota.per]
            starts, end = [first for first, _ in spans], after(spans[-1][0], quota.per)
            met = stored.spans_reached(session, setup.campaign.code, root.id, starts, end, quota.at_least)
            for kind in quota.kinds or kinds:
                found.setdefault(kind, []).append((met, pers.index(quota.per), len(spans)))
    return found


def _named(session: Session, chosen: Sequence[tuple[Score[Alike], int]]) -> list[Line]:
    names = stored.names(session, [id_ for _, id_ in chosen])
    found = []
    for score, id_ in chosen:
        tally = Tally(id_, score.tally.peers, *score.tally.key.figures)
        found.append(Line(Score(tally, score.parts, score.place), *names[id_]))
    return found
