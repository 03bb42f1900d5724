"""The verdict on a text's hashtags: right, nearly right and why, or not there.

Only an exact tag is ever credited (NFC, upper and lower case alike). Everything below that only words the
explanation: a near miss may be another unit's right tag.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal

from bot.domain.hashtags.conventions import TagRule
from bot.domain.hashtags.distance import edits
from bot.domain.hashtags.provinces import province_of
from bot.domain.hashtags.reading import Reading, Sighting, spell
from bot.domain.hashtags.residue import undone
from bot.domain.hashtags.respelling import openings, respelled
from bot.domain.hashtags.strangers import MOST_SLIPS, Strangers, made_ready
from bot.domain.hashtags.tokens import find_tags, same

_MOST_TAGS = 50
_MOST_PLACES = 100


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a text's hashtags are worth.

    found: the tags as written. fault: a code of `CLASSES`, "absent", or None when ok. written: what stands
    in the text where the tag is meant. suggestion: the tag to copy, None when ok. matched: the tag that
    `written` was held against; when ok the one that counts, for someone_elses the other's.
    """

    found: tuple[str, ...]
    verdict: Literal["ok", "near_miss", "absent"]
    fault: str | None = None
    written: str | None = None
    suggestion: str | None = None
    matched: str | None = None


def check(
    text: str,
    required: str,
    accepted: Sequence[str] = (),
    *,
    rule: TagRule | None = None,
    unit: str | None = None,
    person: str | None = None,
    others: Strangers | Sequence[str] = (),
) -> Verdict:
    """The verdict on `text` for the tag `required` or one of `accepted`; never raises.

    `rule`, `unit` and `person` (as `build_tag` takes them) and the `others`' tags only sharpen the diagnosis.
    Whoever asks often hands the others in as `Strangers`.
    """
    found = tuple(find_tags(text))
    right = {same(tag): tag for tag in (*reversed(accepted), required)}
    for tag in found:
        if same(tag) in right:
            return Verdict(found, "ok", written=tag, matched=right[same(tag)])
    case = Case(text, found, (required, *accepted), rule, unit, person, made_ready(others))
    for _, look in CLASSES:
        if hit := look(case):
            return Verdict(found, "near_miss", hit.fault, hit.written, required, hit.matched)
    return Verdict(found, "absent", "absent", suggestion=required)


@dataclass(frozen=True, slots=True)
class Hit:
    """A near miss: what is wrong first of all, what is written, and the tag that it was held against."""

    fault: str
    written: str
    matched: str


@dataclass(frozen=True)
class Case:
    """A text under diagnosis, with what several classes look at worked out once."""

    text: str
    found: tuple[str, ...]
    right: tuple[str, ...]
    rule: TagRule | None
    unit: str | None
    person: str | None
    others: Strangers

    @cached_property
    def reading(self) -> Reading:
        return Reading(self.text)

    @cached_property
    def starts(self) -> list[int]:
        return self.reading.starts(_MOST_TAGS)

    @cached_property
    def goals(self) -> list[tuple[str, str]]:
        """Each right tag with its letters."""
        return [(tag, letters) for tag in self.right if (letters := spell(tag))]

    @cached_property
    def own(self) -> frozenset[str]:
        return frozenset(letters for _, letters in self.goals)

    def theirs(self, letters: str) -> str | None:
        """Whose tag these letters are, unless they are a right one here too."""
        return None if letters in self.own else self.others.tag(letters)

    def nobody_nearer(self, letters: str, slips: int) -> bool:
        """Whether everybody else's tag is more than `slips` away from these letters."""
        return not self.theirs(letters) and all(other in self.own for other in self.others.near(letters, slips))

    @cached_property
    def overlooked(self) -> list[Hit]:
        """The right letters with something between, around or upon them."""
        return [hit for tag, letters in self.goals for hit in _spelled_out(self, tag, letters)]

    @cached_property
    def otherwise(self) -> list[tuple[frozenset[str], Hit]]:
        """The right tag in other words, with the ways it was changed."""
        return [hit for tag, letters in self.goals for hit in _in_other_words(self, tag, letters)]

    def framed(self, tag: str, start: int, end: int, *own: str) -> Hit | None:
        """The letters from `start` to `end` as a miss of `tag`, unless they are somebody else's tag."""
        sighting = self.reading.frame(start, end)
        if sighting is None or "glued_tags" in sighting.faults or self.theirs(self.reading.letters[start:end]):
            return None
        return _hit(sighting, tag, *own)


def _hit(sighting: Sighting, tag: str, *own: str) -> Hit:
    """The sighting under its first fault; marks are forgiven where anything else is wrong."""
    faults = sighting.faults.union(own) - {"diacritics"} or {"diacritics"}
    return Hit(min(faults, key=_ORDER.index), sighting.written, tag)


def _spelled_out(case: Case, tag: str, letters: str) -> Iterator[Hit]:
    reading = case.reading
    start = reading.letters.find(letters)
    for _ in range(_MOST_PLACES):
        if start < 0:
            return
        sighting = reading.frame(start, start + len(letters))
        if sighting and not case.theirs(spell(sighting.written)):
            yield _hit(sighting, tag)
        start = reading.letters.find(letters, start + 1)


def _in_other_words(case: Case, tag: str, letters: str) -> Iterator[tuple[frozenset[str], Hit]]:
    suffix = province_of(letters) if case.rule is None else _ending(letters, spell(case.rule.province))
    opened = openings(letters, case.rule, suffix, case.unit, case.person)
    for start in case.starts:
        ends = respelled(letters, case.reading.letters, start, opened)
        for end, changes in sorted(ends, key=lambda found: (len(found[1]), -found[0])):
            hit = case.framed(tag, start, end, *changes)
            if hit and _tells_enough(case.reading.letters[start:end], letters, suffix):
                yield changes, hit
                break


def _ending(letters: str, province: str) -> str:
    return province if letters.endswith(province) else province_of(letters)


def _tells_enough(written: str, letters: str, suffix: str) -> bool:
    """“#LongAn” alone is nobody's tag: something of the name itself has to be there."""
    own = written.removesuffix(suffix)
    return len(own) > 2 and len(own) * 5 >= len(letters.removesuffix(suffix))


def _overlooked(code: str, case: Case) -> Hit | None:
    return next((hit for hit in case.overlooked if hit.fault == code), None)


def _otherwise(code: str, case: Case) -> Hit | None:
    return next((hit for changes, hit in case.otherwise if code in changes), None)


def _telex(case: Case) -> Hit | None:
    for tag, letters in case.goals:
        for start in case.starts:
            for end in undone(letters, case.reading.letters, start):
                if hit := case.framed(tag, start, end, "telex_vni_residue"):
                    return hit
    return None


def _typo(case: Case) -> Hit | None:
    for tag, letters in case.goals:
        for start in case.starts:
            for end in _ends_near(start + len(letters), start, case.reading):
                if _slipped(case, letters, start, end) and (hit := case.framed(tag, start, end, "typo")):
                    return hit
    return None


def _ends_near(end: int, start: int, reading: Reading) -> Iterator[int]:
    first, last = max(start + 1, end - MOST_SLIPS), min(len(reading.letters), end + MOST_SLIPS)
    return filter(reading.ends_word, range(first, last + 1))


def _slipped(case: Case, letters: str, start: int, end: int) -> bool:
    """Whether one or two slips lead from the tag to the text, and more of them from everybody else's tag."""
    written = case.reading.letters[start:end]
    allowed = min(MOST_SLIPS, (len(letters) - 1) // 3)
    slips = edits(written, letters, allowed)
    return slips <= allowed and case.nobody_nearer(written, slips)


def _someone_elses(case: Case) -> Hit | None:
    for tag in case.found:
        if other := case.theirs(spell(tag)):
            return Hit("someone_elses", tag, other)
    return None


# In this order a text is looked at, and the first that explains it is told (the order of the design).
CLASSES: tuple[tuple[str, Callable[[Case], Hit | None]], ...] = (
    ("space_inside", partial(_overlooked, "space_inside")),
    ("space_after_hash", partial(_overlooked, "space_after_hash")),
    ("no_hash", partial(_overlooked, "no_hash")),
    ("punct_inside", partial(_overlooked, "punct_inside")),
    ("underscore", partial(_overlooked, "underscore")),
    ("invisible_char", partial(_overlooked, "invisible_char")),
    ("fullwidth_or_fancy", partial(_overlooked, "fullwidth_or_fancy")),
    ("diacritics", partial(_overlooked, "diacritics")),
    ("lookalike", partial(_overlooked, "lookalike")),
    ("telex_vni_residue", _telex),
    ("glued_tags", partial(_overlooked, "glued_tags")),
    ("prefix_kept", partial(_otherwise, "prefix_kept")),
    ("word_dropped", partial(_otherwise, "word_dropped")),
    ("abbrev_variant", partial(_otherwise, "abbrev_variant")),
    ("wrong_province", partial(_otherwise, "wrong_province")),
    ("typo", _typo),
    ("someone_elses", _someone_elses),
)
_ORDER = [code for code, _ in CLASSES]
