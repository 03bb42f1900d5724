"""Which unit a cell means, among those of an admin's part of the tree."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.folding import fold
from bot.domain.hashtags.distance import edits
from bot.domain.rosters.spelling import is_plain, spelled
from bot.domain.short_forms import spell_out

MOST_SUGGESTED = 3
MOST_SEARCHED = 300  # cells of unknown units for which near names are looked up: each look-up goes over all units
_SLIPS, _SHORT = 2, 8
_PARTS = re.compile(r"\s*[,;/]\s*|\s+[-–—›]\s+")
# What stands before the name of a place, with or without which people write it.
TYPE_WORDS = tuple(
    spelled(word) for word in ("thị trấn", "thị xã", "thành phố", "đặc khu", "xã", "phường", "huyện", "quận", "tỉnh")
)


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit of the tree; `parent` is the id of the one above."""

    id: int
    code: str
    type: str
    name: str
    parent: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """The unit that is meant; `guessed` if it is not written as its name is."""

    unit: KnownUnit
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class NotFound:
    """No unit, or several, can be meant; `fault` is unit_unknown, unit_several, code_unknown or code_differs.

    `names` are those that are near, or all that fit.
    """

    fault: str
    names: tuple[str, ...] = ()


class UnitBook:
    """The units in which rows may stand: `inside` holds their ids, the others are only above them."""

    def __init__(self, units: Sequence[KnownUnit], inside: Iterable[int]) -> None:
        self._units = {each.id: each for each in units}
        self._inside = [self._units[each] for each in inside]
        self._by_code = _index(self._inside, lambda each: (each.code, each.code.lstrip("0")))
        self._by_name = _index(self._inside, lambda each: (spelled(each.name), spelled(spell_out(each.name))))
        self._by_plain = _index(self._inside, lambda each: (fold(each.name), fold(spell_out(each.name))))
        self._by_bare = _index(self._inside, lambda each: (_bare(spelled(each.name)), _bare(fold(each.name))))
        self._known: dict[tuple[str, str, str], Found | NotFound] = {}
        self._searched = 0

    def find(self, name: str, code: str = "", within: str = "") -> Found | NotFound:
        """The unit of this name or code; `within` names a unit above it, for names that occur twice."""
        key = (name, code, within)
        if key not in self._known:
            self._known[key] = self._find(*key)
        return self._known[key]

    def title(self, unit: KnownUnit) -> str:
        """“Xã Tân Thành (Huyện Mộc Hóa)”: the name with that of the unit above."""
        above = self._units.get(unit.parent or 0)
        return f"{unit.name} ({above.name})" if above else unit.name

    def _find(self, name: str, code: str, within: str) -> Found | NotFound:
        named = self._named(name, within) if name else None
        if not code:
            return named or NotFound("unit_unknown")
        coded = self._by_code.get(code) or self._by_code.get(code.lstrip("0")) or []
        if len(coded) != 1:
            return NotFound("code_unknown")
        if isinstance(named, Found) and named.unit != coded[0]:
            return NotFound("code_differs", (self.title(coded[0]),))
        return Found(coded[0])

    def _named(self, name: str, within: str) -> Found | NotFound:
        first, *rest = [*filter(None, _PARTS.split(name))] or [name]
        whole, guessed = self._candidates(name)
        places = [within] if within else []
        if not whole:
            whole, guessed = self._candidates(first) if rest else (whole, guessed)
            whole = whole or self._ending(first)
            places += rest
        fitting = [each for each in whole if all(self._lies_in(each, place) for place in places)]
        if len(fitting) == 1:
            return Found(fitting[0], guessed)
        if fitting or whole:
            return NotFound("unit_several" if fitting else "unit_unknown", self._titles(fitting or whole))
        return NotFound("unit_unknown", self._titles(self._near(name)))

    def _candidates(self, name: str) -> tuple[list[KnownUnit], bool]:
        """Units that the words can mean, as written first; whether that was a guess."""
        exact = self._by_name.get(spelled(name))
        if exact:
            return exact, False
        for words in dict.fromkeys((name, spell_out(name))):
            wanted, index = self._plainly(words, plain=is_plain(name))
            # “Tuyên Thạnh” may leave its type out; “Phường Tuyên Thạnh” says another than “Xã Tuyên Thạnh”.
            bare = self._by_bare.get(wanted, []) if _bare(wanted) == wanted else []
            if found := index.get(wanted) or bare:
                return found, True
        return [], True

    def _ending(self, name: str) -> list[KnownUnit]:
        """“Ban CHQS xã Tuyên Thạnh” ends in the name of a place."""
        wanted, index = self._plainly(spell_out(name), plain=is_plain(name))
        words = wanted.split()
        tails = (" ".join(words[at:]) for at in range(1, len(words) - 1))
        return next((index[tail] for tail in tails if tail in index and _bare(tail) != tail), [])

    def _plainly(self, name: str, *, plain: bool) -> tuple[str, Mapping[str, list[KnownUnit]]]:
        """What to look for, and where: only what was typed without diacritics is searched without them."""
        return (fold(name), self._by_plain) if plain else (spelled(name), self._by_name)

    def _lies_in(self, unit: KnownUnit, place: str) -> bool:
        above, words = self._units.get(unit.parent or 0), fold(place)
        while above:
            if words in (fold(above.name), _bare(fold(above.name))):
                return True
            above = self._units.get(above.parent or 0)
        return False

    def _near(self, name: str) -> list[KnownUnit]:
        """Units whose names lie a slip or two away, the nearest first; without diacritics, as those are the slips."""
        self._searched += 1
        if self._searched > MOST_SEARCHED:
            return []
        wanted = fold(name)
        limit = _SLIPS if len(wanted) >= _SHORT else 1
        far = [(edits(wanted, fold(each.name), limit), each) for each in self._inside]
        far += [(edits(wanted, bare, limit), each) for each in self._inside if (bare := _bare(fold(each.name)))]
        found = sorted(((slips, each) for slips, each in far if slips <= limit), key=lambda pair: (pair[0], pair[1].id))
        return list(dict.fromkeys(each for _, each in found))

    def _titles(self, units: Sequence[KnownUnit]) -> tuple[str, ...]:
        return tuple(self.title(each) for each in units[:MOST_SUGGESTED])


def _index(units: Iterable[KnownUnit], keys: Callable[[KnownUnit], tuple[str, ...]]) -> dict[str, list[KnownUnit]]:
    found: dict[str, list[KnownUnit]] = defaultdict(list)
    for each in units:
        for key in dict.fromkeys(keys(each)):
            found[key].append(each)
    return dict(found)


def _bare(name: str) -> str:
    for word in (*TYPE_WORDS, *map(fold, TYPE_WORDS)):
        if name.startswith(f"{word} "):
            return name[len(word) + 1 :]
    return name
