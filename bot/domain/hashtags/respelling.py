"""The other ways people spell a tag that a rule made: type words kept, words dropped, other short forms."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.hashtags.conventions import TagRule
from bot.domain.hashtags.provinces import PROVINCES
from bot.domain.hashtags.reading import spell
from bot.domain.hashtags.rule import split_unit, unit_parts

_MOST_STEPS = 4


@dataclass(frozen=True, slots=True)
class Way:
    """Where the tag has `required`, people write `written`; either may be empty. `last`: at the end only."""

    required: str
    written: str
    fault: str
    last: bool = False


Openings = list[dict[str, list[Way]]]  # for each place in the goal, by the first letter written or ""
Place = tuple[int, int]  # so far in the goal, so far in the text


@lru_cache(maxsize=256)
def openings(goal: str, rule: TagRule | None, suffix: str, unit: str | None, person: str | None) -> Openings:
    """Where in `goal` lead on the ways that the rule, the province `suffix` and the two names open."""
    opened: Openings = [defaultdict(list) for _ in range(len(goal) + 1)]
    for way in _all_ways(rule, suffix, unit, person):
        if way.required == way.written:
            continue
        i = goal.find(way.required) if not way.last else goal.rfind(way.required, len(goal) - len(way.required))
        while i >= 0:
            opened[i][way.written[:1]].append(way)
            i = goal.find(way.required, i + 1)
    return opened


def respelled(goal: str, letters: str, start: int, opened: Openings) -> Iterator[tuple[int, frozenset[str]]]:
    """Ends and faults of the stretches from `start` that spell `goal` otherwise, fewest changes first."""
    seen: set[Place] = set()
    layer: dict[Place, frozenset[str]] = {(0, start): frozenset()}
    for _ in range(_MOST_STEPS + 1):
        further: dict[Place, frozenset[str]] = {}
        for place, faults in layer.items():
            for i, j in _alike_from(goal, letters, place, seen):
                if i == len(goal) and faults:
                    yield j, faults
                for way in _leading_on(opened[i], letters, j):
                    further.setdefault((i + len(way.required), j + len(way.written)), faults | {way.fault})
        layer = further


def _alike_from(goal: str, letters: str, place: Place, seen: set[Place]) -> Iterator[Place]:
    i, j = place
    while (i, j) not in seen:
        seen.add((i, j))
        yield i, j
        if i == len(goal) or j == len(letters) or goal[i] != letters[j]:
            return
        i, j = i + 1, j + 1


def _leading_on(opened: dict[str, list[Way]], letters: str, j: int) -> Iterator[Way]:
    yield from opened.get("", ())
    if j < len(letters) and letters[j] in opened:
        yield from (way for way in opened[letters[j]] if letters.startswith(way.written, j))


def _all_ways(rule: TagRule | None, suffix: str, unit: str | None, person: str | None) -> Iterator[Way]:
    yield from _province_ways(suffix)
    if rule:
        yield from _rule_ways(rule)
        yield from _name_ways(rule, unit, person)


@lru_cache(maxsize=64)
def _province_ways(suffix: str) -> tuple[Way, ...]:
    if not suffix:
        return ()
    others = [Way(suffix, name, "wrong_province", last=True) for name in ("", *PROVINCES)]
    return (*others, Way("", suffix, "wrong_province", last=True))


@lru_cache(maxsize=64)
def _rule_ways(rule: TagRule) -> tuple[Way, ...]:
    return (*_type_ways(rule), *_word_ways(rule), *_phrase_ways(rule))


def _type_ways(rule: TagRule) -> Iterator[Way]:
    for row in rule.type_words:
        word, kept, shorts = spell(row.word), spell(row.kept_as or row.word), [spell(short) for short in row.short]
        yield Way("", word, "prefix_kept")
        for short in {word: None, **dict.fromkeys(shorts)}:
            yield Way(kept, short, "abbrev_variant")
        if len(kept) > 1:  # one letter less, like one letter more, is a slip of a key
            yield Way(kept, "", "word_dropped")
        for short in shorts:
            if len(short) > 1:
                yield Way("", short, "prefix_kept")


def _word_ways(rule: TagRule) -> Iterator[Way]:
    for word in rule.keep_words:
        yield Way(spell(word), "", "word_dropped")
    for word in rule.drop_words:
        yield Way("", spell(word), "prefix_kept")


def _phrase_ways(rule: TagRule) -> Iterator[Way]:
    for phrase in rule.phrases:
        to = spell(phrase.to)
        for text in {spell(words) for words in (*phrase.words, *phrase.variants)}:
            yield Way(to, text, "abbrev_variant")
        if len(to) > 2:
            yield Way(to, "", "word_dropped")


def _name_ways(rule: TagRule, unit: str | None, person: str | None) -> Iterator[Way]:
    """Whole parts of the names left out, or written by their initials."""
    names = split_unit(rule, unit) if unit else []
    parts = [spell(part) for part in unit_parts(rule, unit)] if unit else []
    if person:
        names, parts = [person, *names], [spell(person), *parts]
    for name, part in zip(names, parts, strict=False):
        initials = "".join(spell(word)[:1] for word in name.split())
        yield Way(part, "", "word_dropped")
        if len(initials) > 1:
            yield Way(part, initials, "abbrev_variant")
