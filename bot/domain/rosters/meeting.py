"""Whether a person of a sheet is in the roster already, and what the sheet says anew about him."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.domain.rosters.spelling import spelled

# What a sheet may say anew. Of somebody who uses the bot himself the last two are his own to say.
DETAILS = ("kind", "rank", "position", "facebook_name", "phone")
OWN = ("facebook_name", "phone")


@dataclass(frozen=True, slots=True)
class Entry:
    """A person as a sheet lists him; None where it says nothing."""

    name: str
    kind: str | None = None
    rank: str | None = None
    position: str | None = None
    facebook_name: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Listed(Entry):
    """A person as the roster has him; `claimed` if he uses the bot himself."""

    id: int = 0
    unit: int = 0
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """What becomes of an entry: `who` is the one in the roster, None if he is new; `several` if it cannot be told."""

    who: Listed | None = None
    changes: dict[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ()  # what he said otherwise himself
    several: bool = False


def meet(entry: Entry, listed: Iterable[Listed]) -> Meeting:
    """Find the entry among those of its unit: the same name, and no other telephone number."""
    namesakes = [each for each in listed if spelled(each.name) == spelled(entry.name)]
    fitting = _fitting(entry, namesakes)
    if len(fitting) > 1:
        return Meeting(several=True)
    return _compare(entry, fitting[0]) if fitting else Meeting()


def _fitting(entry: Entry, namesakes: Sequence[Listed]) -> list[Listed]:
    if entry.phone is None:
        return list(namesakes)
    by_phone = [each for each in namesakes if each.phone == entry.phone]
    return by_phone or [each for each in namesakes if each.phone is None]


def _compare(entry: Entry, who: Listed) -> Meeting:
    said = {name: value for name in DETAILS if (value := getattr(entry, name)) and value != getattr(who, name)}
    kept = tuple(name for name in OWN if who.claimed and name in said and getattr(who, name))
    return Meeting(who, {name: value for name, value in said.items() if name not in kept}, kept)
