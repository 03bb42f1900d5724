"""The tag rule of a campaign as data, and the tag it makes of a unit's and a person's name.

The rule is read off the four examples of the circulars 1356/TM-DQTV and 249/SGDĐT: a type word that
introduces a place is dropped, an organisation's words are kept and spelled out, school levels and DQTV are
short, the parts are joined and the province comes once, last. What the examples leave open is a field here.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.folding import fold_char

_TOKEN = re.compile(r"[^\W_]+\.?")
_GLUED_NUMBER = re.compile(r"([^\W\d_]+)(\d+)")


_Words = Annotated[str, Field(pattern=r"[^\W_]")]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Phrase(_Value):
    """Words that a tag holds in one fixed form.

    `words` are the spellings met in names, `to` is what the tag holds, `variants` is what people write
    instead: explained to them, never credited.
    """

    words: tuple[_Words, ...] = Field(min_length=1)
    to: str = Field(pattern=r"^[A-Z0-9]+$")
    variants: tuple[str, ...] = ()


class TypeWord(_Value):
    """A level of unit (xã, huyện …) and its short forms; one with a dot counts only with its dot."""

    word: _Words
    short: tuple[_Words, ...] = ()


class TagRule(_Value):
    """How a tag is made of names. Lists are matched longest first, in any letter case.

    province: its letters end every tag, once; province_type: the type word said before it.
    separators: what splits a unit's name into parts (a type word is looked for where a part begins).
    keep_compound: organisations whose name begins with a level (“huyện ủy”): that word stays.
    keep_words: organisation words that the tag keeps and people like to leave out.
    drop_words: words left out of the tag wherever they stand.
    drop_after_phrase: a type word right after a phrase goes too (“DQTV xã …”).
    drop_inside_name: and any other inside a name (“Công an huyện …”).
    keep_before_number: “Phường 1” → PHUONG1.
    same_name_once: a commune named like its district is written once.
    """

    province: _Words
    province_type: _Words = "tỉnh"
    separators: tuple[Annotated[str, Field(min_length=1)], ...] = (",", ";")
    phrases: tuple[Phrase, ...] = ()
    keep_compound: tuple[_Words, ...] = ()
    keep_words: tuple[_Words, ...] = ()
    drop_words: tuple[_Words, ...] = ()
    type_words: tuple[TypeWord, ...] = ()
    drop_after_phrase: bool = True
    drop_inside_name: bool = False
    keep_before_number: bool = True
    same_name_once: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name: its letters for the tag, its key for matching, and where it stands."""

    letters: str
    key: str
    opens: bool
    dotted: bool


class Lexicon:
    """The rule's word lists, keyed for matching against the words of a name."""

    def __init__(self, rule: TagRule, *, plain: bool) -> None:
        def keys(words: str) -> tuple[str, ...]:
            return tuple(_key(token.rstrip("."), plain) for token in _TOKEN.findall(_clean(words)))

        self.plain = plain
        self.parts = re.compile("|".join(map(re.escape, rule.separators)) or r"(?!)")
        phrases = [(keys(words), phrase.to) for phrase in rule.phrases for words in phrase.words]
        self.phrases = _by_first_word(phrases)
        self.compounds = _by_first_word([(keys(words), letters(words)) for words in rule.keep_compound])
        self.types = _by_first_word([(keys(row.word), letters(row.word)) for row in rule.type_words])
        self.short = {keys(s)[0]: row for row in rule.type_words for s in row.short}
        self.dotted = {keys(s)[0] for row in rule.type_words for s in row.short if s.endswith(".")}
        self.dropped = {key for words in rule.drop_words for key in keys(words)}
        self.province = keys(rule.province)
        self.province_type = letters(rule.province_type)


_Entry = tuple[tuple[str, ...], str]


def _by_first_word(entries: list[_Entry]) -> dict[str, list[_Entry]]:
    table: dict[str, list[_Entry]] = {}
    for entry in sorted(entries, key=lambda entry: -len(entry[0])):
        table.setdefault(entry[0][0], []).append(entry)
    return table


# Not a cached property: `model_copy` would carry it over into a changed rule.
@lru_cache(maxsize=128)
def lexicon_of(rule: TagRule, *, plain: bool) -> Lexicon:
    """The rule's words as a name with diacritics spells them, or as one without (`plain`)."""
    return Lexicon(rule, plain=plain)


def _clean(text: str) -> str:
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", visible))


def _key(word: str, plain: bool) -> str:
    """The word's letters with its marks sorted behind them, so that “uỷ” and “ủy” are one; đ is no d."""
    split = unicodedata.normalize("NFD", word.lower())
    base = "".join(char for char in split if not unicodedata.combining(char))
    return base if plain else base + "".join(sorted(char for char in split if unicodedata.combining(char)))


def letters(text: str) -> str:
    """`text` as a tag holds it: A–Z and 0–9 only; letters of other scripts than Latin fall away."""
    folded = "".join(map(fold_char, _clean(text)))
    return "".join(char for char in folded.upper() if char.isascii() and char.isalnum())


def build_tag(rule: TagRule, unit: str, person: str | None = None) -> str:
    """The tag of a unit, or of a person in it, with #, by the campaign's rule: a proposal, not a truth.

    `unit` is written as the documents write it: “DQTV xã Tuyên Thạnh, thị xã Kiến Tường”. Never raises;
    names without one Latin letter or digit give the province's letters alone.
    """
    return "#" + letters(person or "") + "".join(unit_parts(rule, unit)) + letters(rule.province)


def unit_parts(rule: TagRule, unit: str) -> list[str]:
    """The letters that each part of a unit's name gives to its tag; the province is not among them."""
    clean = _clean(unit)
    lexicon = lexicon_of(rule, plain=clean.isascii())
    words = _without_province(list(_words(clean, lexicon)), lexicon)
    parts = [part for part in _render(rule, words, lexicon) if part]
    if not rule.same_name_once:
        return parts
    return [part for before, part in zip([None, *parts], parts, strict=False) if part != before]


def split_unit(rule: TagRule, unit: str) -> list[str]:
    """A unit's name cut at the rule's separators."""
    return lexicon_of(rule, plain=unit.isascii()).parts.split(unit)


def _words(clean: str, lexicon: Lexicon) -> Iterator[Word]:
    for part in lexicon.parts.split(clean):
        opens = True
        for token in _TOKEN.findall(part):
            for piece in _unglued(token, lexicon):
                bare = piece.rstrip(".")
                yield Word(letters(bare), _key(bare, lexicon.plain), opens, piece != bare)
                opens = False


def _unglued(token: str, lexicon: Lexicon) -> list[str]:
    """“P1” is “P. 1”; every other token is itself."""
    glued = _GLUED_NUMBER.fullmatch(token.rstrip("."))
    if glued and _key(glued[1], lexicon.plain) in lexicon.short:
        return [glued[1] + ".", glued[2]]
    return [token]


def _begins(words: list[Word], keys: tuple[str, ...]) -> bool:
    return len(words) >= len(keys) and all(word.key == key for word, key in zip(words, keys, strict=False))


def _without_province(words: list[Word], lexicon: Lexicon) -> list[Word]:
    """Without the province at the end, said with or without “tỉnh”; a commune of its name stays."""
    size = len(lexicon.province)
    while size <= len(words) and _begins(words[-size:], lexicon.province):
        head = words[:-size]
        type_, type_size = (None, 0) if words[-size].opens else _type_at_end(head, lexicon)
        if type_ not in (None, lexicon.province_type):
            break
        words = head[: len(head) - type_size]
    return words


def _type_at_end(words: list[Word], lexicon: Lexicon) -> tuple[str | None, int]:
    for keys, type_letters in (entry for entries in lexicon.types.values() for entry in entries):
        if _begins(words[-len(keys) :], keys):
            return type_letters, len(keys)
    if words and _is_short(words[-1], lexicon):
        return letters(lexicon.short[words[-1].key].word), 1
    return None, 0


def _is_short(word: Word, lexicon: Lexicon) -> bool:
    return word.key in lexicon.short and (word.dotted or word.key not in lexicon.dotted)


def _render(rule: TagRule, words: list[Word], lexicon: Lexicon) -> list[str]:
    parts: list[str] = []
    kind = "word"
    while words:
        if words[0].opens:
            parts.append("")
            kind = "opening"
        text, size, kind = _next_piece(rule, words, lexicon, kind, first=len(parts) == 1)
        parts[-1] += text
        words = words[size:]
    return parts


def _next_piece(
    rule: TagRule, words: list[Word], lexicon: Lexicon, before: str, *, first: bool
) -> tuple[str, int, str]:
    """What the first words give to the tag, how many they are, and their kind.

    Kinds: phrase, place (from its type word to the end of the part) and word; `before` may be opening.
    """
    for keys, to in lexicon.phrases.get(words[0].key, ()):
        if _begins(words, keys):
            return to, len(keys), "phrase"
    # Organisations come first; “xã Đội Bình” further on, or after a phrase, is a place.
    for keys, text in lexicon.compounds.get(words[0].key, ()):
        if first and before != "phrase" and _begins(words, keys):
            return text, len(keys), "word"
    type_ = _leading_type(words, lexicon) if _introduces_place(rule, before, lexicon) else None
    if type_:
        text, size = type_
        return (text if rule.keep_before_number and _rest_is_number(words[size:], lexicon) else ""), size, "place"
    kind = "place" if before == "place" else "word"
    return ("" if words[0].key in lexicon.dropped else words[0].letters), 1, kind


def _introduces_place(rule: TagRule, before: str, lexicon: Lexicon) -> bool:
    """Whether a type word here is one; after a place the comma was forgotten (but “xa” may be a name's)."""
    if before == "place":
        return not lexicon.plain
    return before == "opening" or rule.drop_inside_name or (before == "phrase" and rule.drop_after_phrase)


def _leading_type(words: list[Word], lexicon: Lexicon) -> tuple[str, int] | None:
    """The full letters of the type word at the start and its length, if a name follows in the same part."""
    for keys, text in lexicon.types.get(words[0].key, ()):
        if _begins(words, keys):
            return (text, len(keys)) if _name_follows(words[len(keys) :]) else None
    row = lexicon.short.get(words[0].key)
    if row is None or not _name_follows(words[1:]):
        return None
    return (letters(row.word), 1) if _is_short(words[0], lexicon) or _rest_is_number(words[1:], lexicon) else None


def _name_follows(rest: list[Word]) -> bool:
    return bool(rest) and not rest[0].opens


def _rest_is_number(rest: list[Word], lexicon: Lexicon) -> bool:
    """Whether nothing but a number is left of the place's name."""
    if not rest or not rest[0].key.isdigit():
        return False
    return len(rest) == 1 or rest[1].opens or _leading_type(rest[1:], lexicon) is not None
