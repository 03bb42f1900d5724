"""The tag that a campaign's rule makes of a unit's and a person's name."""

from bot.domain.hashtags.conventions import Phrase, ProvinceSince, TagRule, TypeWord
from bot.domain.hashtags.lexicon import Lexicon, Word, begins, clean, is_short, letters, lexicon_of, words_of

__all__ = ["Phrase", "ProvinceSince", "TagRule", "TypeWord", "build_tag", "split_unit", "unit_parts"]


def build_tag(rule: TagRule, unit: str, person: str | None = None, *, types_kept: int = 0) -> str:
    """The tag of a unit, or of a person in it, with #, by the campaign's rule: a proposal, not a truth.

    `unit` is written as the documents write it: “DQTV xã Tuyên Thạnh, thị xã Kiến Tường”. In its first
    `types_kept` parts the type words stay, whatever the rule says. Never raises; names without one Latin
    letter or digit give the province's letters alone.
    """
    parts = unit_parts(rule, unit, types_kept=types_kept)
    return "#" + letters(person or "") + "".join(parts) + letters(rule.province)


def unit_parts(rule: TagRule, unit: str, *, types_kept: int = 0) -> list[str]:
    """The letters that each part of a unit's name gives to its tag; the province is not among them."""
    name = clean(unit)
    lexicon = lexicon_of(rule, plain=name.isascii())
    words = _without_province(list(words_of(name, lexicon)), lexicon)
    parts = [(part, place) for part, place in _render(rule, words, lexicon, types_kept) if part]
    above = ["", *(place for _, place in parts)]
    return [
        part
        for (part, place), before in zip(parts, above, strict=False)
        if not (rule.same_name_once and place and place == before)
    ]


def split_unit(rule: TagRule, unit: str) -> list[str]:
    """A unit's name cut at the rule's separators."""
    return lexicon_of(rule, plain=unit.isascii()).parts.split(unit)


def _without_province(words: list[Word], lexicon: Lexicon) -> list[Word]:
    """Without the province at the end, said with or without “tỉnh”; a commune of its name stays."""
    size = len(lexicon.province)
    while size <= len(words) and begins(words[-size:], lexicon.province):
        head = words[:-size]
        type_, type_size = (None, 0) if words[-size].opens else _type_at_end(head, lexicon)
        if type_ not in (None, lexicon.province_type):
            break
        words = head[: len(head) - type_size]
    return words


def _type_at_end(words: list[Word], lexicon: Lexicon) -> tuple[str | None, int]:
    for keys, type_letters in (entry for entries in lexicon.types.values() for entry in entries):
        if begins(words[-len(keys) :], keys):
            return type_letters, len(keys)
    if words and is_short(words[-1], lexicon):
        return letters(lexicon.short[words[-1].key].word), 1
    return None, 0


def _render(rule: TagRule, words: list[Word], lexicon: Lexicon, types_kept: int) -> list[tuple[str, str]]:
    """For each part what it gives to the tag, and of that what follows its last phrase: the place's name."""
    parts: list[tuple[str, str]] = []
    kind = "word"
    while words:
        if words[0].opens:
            parts.append(("", ""))
            kind = "opening"
        text, size, kind = _next_piece(rule, words, lexicon, kind, len(parts), types_kept)
        part, place = parts[-1]
        parts[-1] = part + text, "" if kind == "phrase" else place + text
        words = words[size:]
    return parts


def _next_piece(
    rule: TagRule, words: list[Word], lexicon: Lexicon, before: str, part: int, types_kept: int
) -> tuple[str, int, str]:
    """What the first words of the `part`-th part give to the tag, how many they are, and their kind.

    Kinds: phrase, type, place (from its type word to the end of the part) and word; `before` may be opening.
    """
    for keys, to in lexicon.phrases.get(words[0].key, ()):
        if begins(words, keys):
            return to, len(keys), "phrase"
    # Organisations come first; “xã Đội Bình” further on, or after a phrase, is a place.
    for keys, text in lexicon.compounds.get(words[0].key, ()):
        if part == 1 and before != "phrase" and begins(words, keys):
            return text, len(keys), "word"
    type_ = _leading_type(words, lexicon) if _introduces_place(rule, before, lexicon) else None
    if type_:
        text, size = type_
        numbered = rule.keep_before_number and _rest_is_number(words[size:], lexicon)
        return lexicon.kept_as[text] if numbered or part <= types_kept else "", size, "type"
    kind = "place" if before in ("type", "place") else "word"
    return ("" if words[0].key in lexicon.dropped else words[0].letters), 1, kind


def _introduces_place(rule: TagRule, before: str, lexicon: Lexicon) -> bool:
    """Whether a type word here is one; after a place the comma was forgotten (but “xa” may be a name's)."""
    if before == "type":  # the second is the name's own: “Phường Phường Đúc”
        return False
    if before == "place":
        return not lexicon.plain
    return before == "opening" or rule.drop_inside_name or (before == "phrase" and rule.drop_after_phrase)


def _leading_type(words: list[Word], lexicon: Lexicon) -> tuple[str, int] | None:
    """The full letters of the type word at the start and its length, if a name follows in the same part."""
    for keys, text in lexicon.types.get(words[0].key, ()):
        if begins(words, keys):
            return (text, len(keys)) if _name_follows(words[len(keys) :]) else None
    row = lexicon.short.get(words[0].key)
    if row is None or not _name_follows(words[1:]):
        return None
    return (letters(row.word), 1) if is_short(words[0], lexicon) or _rest_is_number(words[1:], lexicon) else None


def _name_follows(rest: list[Word]) -> bool:
    return bool(rest) and not rest[0].opens


def _rest_is_number(rest: list[Word], lexicon: Lexicon) -> bool:
    """Whether nothing but a number is left of the place's name."""
    if not rest or not rest[0].key.isdigit():
        return False
    return len(rest) == 1 or rest[1].opens or _leading_type(rest[1:], lexicon) is not None
