"""What a campaign decides about its tags, as data: the rule's words, its switches and its province.

The rule is read off the four examples of the circulars 1356/TM-DQTV and 249/SGDĐT: a type word that
introduces a place is dropped, an organisation's words are kept and spelled out, school levels and DQTV are
short, the parts are joined and the province comes once, last. What the examples leave open is a field here.
"""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

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
    """A level of unit (xã, huyện …) and its short forms; one with a dot counts only with its dot.

    `kept_as` is what a tag holds where the word stays, its own letters if None: “Phường 1” → PHUONG1 or P1.
    """

    word: _Words
    short: tuple[_Words, ...] = ()
    kept_as: str | None = Field(None, pattern=r"^[A-Z0-9]+$")


class ProvinceSince(_Value):
    """The province whose letters end a tag from the day `since` on, and the type word said before it."""

    since: date
    province: _Words
    province_type: _Words = "tỉnh"


class TagRule(_Value):
    """How a tag is made of names. Lists are matched longest first, in any letter case.

    province: its letters end every tag, once; province_type: the type word said before it.
    province_since: the provinces that came after it, by merger or another name; `on` tells that of a day.
    separators: what splits a unit's name into parts (a type word is looked for where a part begins).
    keep_compound: organisations whose name begins with a level (“huyện ủy”): that word stays.
    keep_words: organisation words that the tag keeps and people like to leave out.
    drop_words: words left out of the tag wherever they stand.
    drop_after_phrase: a type word right after a phrase goes too (“DQTV xã …”).
    drop_inside_name: and any other inside a name (“Công an huyện …”).
    keep_before_number: “Phường 1” → PHUONG1.
    same_name_once: a commune named like its district is written once, with or without a phrase before it.
    """

    province: _Words
    province_type: _Words = "tỉnh"
    province_since: tuple[ProvinceSince, ...] = ()
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

    def on(self, day: date | None) -> "TagRule":
        """The rule as it was or will be on `day`; as it stands here if None or before the first change."""
        changes = [change for change in self.province_since if day and change.since <= day]
        if not changes:
            return self
        last = max(changes, key=lambda change: change.since)
        return self.model_copy(update={"province": last.province, "province_type": last.province_type})
