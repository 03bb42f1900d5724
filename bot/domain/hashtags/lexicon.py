"""The words of a name as a tag rule sees them: cut, cleaned, and keyed for matching with the rule's own."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.folding import fold_char
from bot.domain.hashtags.conventions import TagRule

_TOKEN = re.compile(r"[^\W_]+\.?")
_GLUED_NUMBER = re.compile(r"([^\W\d_]+)(\d+)")
LONGEST_NAME = 500  # some single characters stand for eighteen letters: nobody's name is an attack on our time


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
            return tuple(_key(token.rstrip("."), plain) for token in _TOKEN.findall(clean(words)))

        self.plain = plain
        self.parts = re.compile("|".join(map(re.escape, rule.separators)) or r"(?!)")
        phrases = [(keys(words), phrase.to) for phrase in rule.phrases for words in phrase.words]
        self.phrases = _by_first_word(phrases)
        self.compounds = _by_first_word([(keys(words), letters(words)) for words in rule.keep_compound])
        self.types = _by_first_word([(keys(row.word), letters(row.word)) for row in rule.type_words])
        self.kept_as = {letters(row.word): row.kept_as or letters(row.word) for row in rule.type_words}
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


def clean(text: str) -> str:
    """The first 500 visible characters of `text`, in NFC with plain letters."""
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    name = unicodedata.normalize("NFC", visible)[:LONGEST_NAME]
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name))


def _key(word: str, plain: bool) -> str:
    """The word's letters with its marks sorted behind them, so that “uỷ” and “ủy” are one; đ is no d."""
    split = unicodedata.normalize("NFD", word.lower())
    base = "".join(char for char in split if not unicodedata.combining(char))
    return base if plain else base + "".join(sorted(char for char in split if unicodedata.combining(char)))


def letters(text: str) -> str:
    """`text` as a tag holds it: A–Z and 0–9 only; letters of other scripts than Latin fall away."""
    folded = "".join(map(fold_char, clean(text)))
    return "".join(char for char in folded.upper() if char.isascii() and char.isalnum())


def words_of(name: str, lexicon: Lexicon) -> Iterator[Word]:
    """The words of a cleaned name, in order."""
    for part in lexicon.parts.split(name):
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


def begins(words: list[Word], keys: tuple[str, ...]) -> bool:
    """Whether `words` begin with the words of these keys."""
    return len(words) >= len(keys) and all(word.key == key for word, key in zip(words, keys, strict=False))


def is_short(word: Word, lexicon: Lexicon) -> bool:
    """Whether the word is a type word's short form, with its dot where it needs one."""
    return word.key in lexicon.short and (word.dotted or word.key not in lexicon.dotted)
