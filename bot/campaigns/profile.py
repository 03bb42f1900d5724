"""What a campaign's profile says: the values that `loading` reads a TOML file of this folder into."""

import unicodedata
from collections.abc import Collection
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache
from typing import Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from bot.campaigns.duties import Duty, Task, duty_of
from bot.campaigns.values import Code, Handle, Hour, Text, UnitTypeCode, Value
from bot.domain.deadlines.reminders import Quiet
from bot.domain.hashtags.rule import TagRule


class Kind(Value):
    """A kind of member that reports count apart."""

    code: Code
    vi: Text
    en: Text


class Membership(Value):
    """Who may join: `approval` asks the unit's admins before a member counts."""

    approval: bool
    kinds: tuple[Kind, ...] = Field(min_length=1)


class Target(Value):
    """An official page, group or channel. `owners` are the handles and ids its links show, lower-case, without @.

    `pages_of` stands for all pages of that kind that the campaign's directory holds of units of these types or classes.
    """

    code: Code
    section: Literal["I", "II", "III"]
    platform: Literal["facebook", "youtube", "tiktok", "zalo"]
    kind: Literal["page", "group", "channel"]
    name: Text
    owners: tuple[Handle, ...] = ()
    pages_of: tuple[Code, ...] = ()


class Quota(Value):
    """At least so many posts in each week or month, of every member or of every unit.

    `kinds` of member, or `types` (or peer classes) of unit, limit it to these.
    """

    who: Literal["member", "unit"]
    per: Literal["week", "month"]
    at_least: int = Field(ge=1)
    kinds: tuple[Code, ...] = ()
    types: tuple[Code, ...] = ()


class Pages(Value):
    """What is asked of the pages in the directory: so much growth a year, so many of the members linked to them."""

    growth_percent: int | None = Field(default=None, ge=0, le=1000)
    linked_percent: int | None = Field(default=None, ge=0, le=100)


class Guidance(Value):
    """What members are asked to read, or which pages to follow, and to confirm; another `version` is asked for anew."""

    code: Code
    asks: Literal["read", "follow"] = "read"
    version: str = Field(default="1", pattern=r"^[0-9.]{1,8}$")
    vi: Text
    en: Text
    text: Text = Field(max_length=3000)
    text_en: Text = Field(max_length=3000)
    source: Text


class Example(Value):
    """A tag that the document prints, or that follows from it: the rule must make it of these names."""

    subject: Text
    person: Text | None = None
    tag: Text


class UnitType(Value):
    """How units of a type are named in tags, and whether a member shows the unit's tag or one of his own.

    `subject` is the unit as the documents write it: {name} is the unit's own name, {district} and the like
    the name of the unit of that type above it. A row with `only` holds for the units of those names, one with `starts`
    for those whose name begins so; with a `code`, it is a class of peers, compared with each other alone.
    """

    type: UnitTypeCode
    code: Code | None = None
    vi: Text
    en: Text
    subject: Text = "{name}"
    tag_of: Literal["unit", "person"] = "unit"
    only: tuple[Text, ...] = ()
    starts: tuple[Text, ...] = ()

    @property
    def peers(self) -> str:
        """The class of peers: the row's code, or the type."""
        return self.code or self.type

    @property
    def general(self) -> bool:
        """Whether the row holds for every unit of its type."""
        return not self.only and not self.starts

    def fits(self, type_: str, name: str) -> bool:
        """Whether the row holds for a unit of this type and name."""
        begins = _letters(name).startswith(tuple(map(_letters, self.starts)))
        return type_ == self.type and (not self.only or name in self.only) and (not self.starts or begins)

    @field_validator("subject")
    @classmethod
    def _known_places(cls, subject: str) -> str:
        known = dict.fromkeys(("name", "province", "district", "commune", "body", "school", "cluster"), "")
        try:
            subject.format(**known)
        except (KeyError, IndexError, ValueError, AttributeError):
            raise ValueError("may hold {name} and {<unit type>}, nothing else in braces") from None
        return subject


class Review(Value):
    """How posts are looked at by people.

    sample: the share of posts counted on their author's word that a reviewer is asked to open (0 to 1).
    similar_days: how long a text is remembered for finding nearly the same one.
    """

    sample: float = Field(default=0.05, ge=0, le=1)
    similar_days: int = Field(default=30, ge=0, le=366)


class Broadcasts(Value):
    """What is said to many: above `approve_above` recipients a second coordinator has to agree."""

    approve_above: int = Field(default=200, ge=1)


class Campaign(Value):
    """A body's programme: who takes part, which tag proves a post, where posts go, what is owed and when.

    tag_rule: none where the documents ask for no hashtag; `place` is then the place that papers are dated from.
    tag_grace_days: how long a unit's old tag still counts after its unit was closed, or the rule was changed.
    keep_texts_days: how long pasted texts and screenshots are kept.
    summary_weekday, summary_hour: when groups and admins are told of their week, local time.
    quiet_hours: from when until when nobody is reminded or told of his week, local time; none if both are the same.
    """

    code: Code
    name: Text
    name_en: Text
    body: Text
    consent_version: Text
    membership: Membership
    place: Text | None = None
    tag_rule: TagRule | None = None
    examples: tuple[Example, ...] = ()
    targets: tuple[Target, ...] = Field(min_length=1)
    quotas: tuple[Quota, ...] = ()
    duties: tuple[Duty, ...] = ()
    tasks: tuple[Task, ...] = ()
    pages: Pages = Pages()
    guidance: tuple[Guidance, ...] = ()
    unit_types: tuple[UnitType, ...] = Field(min_length=1)
    tag_grace_days: int = Field(default=90, ge=0, le=3660)
    keep_texts_days: int = Field(default=90, ge=1, le=3660)
    review: Review = Review()
    broadcasts: Broadcasts = Broadcasts()
    summary_weekday: Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"] = "FR"
    summary_hour: Hour = time(16)
    quiet_hours: tuple[Hour, Hour] = Field(default=(time(21), time(6, 30)), validate_default=True)

    @property
    def province(self) -> str:
        """The bare name of the place that papers are dated from, “Long An”."""
        return self.place or (self.tag_rule.province if self.tag_rule else "")

    @property
    def rule(self) -> TagRule:
        """The tag rule; LookupError where the campaign asks for no hashtag."""
        if self.tag_rule is None:
            raise LookupError(f"campaign {self.code} has no tag rule")
        return self.tag_rule

    @property
    def owed(self) -> tuple[Duty, ...]:
        """All that units owe: the reports, then the tasks as duties that are due once."""
        return (*self.duties, *map(duty_of, self.tasks))

    @field_validator("quiet_hours", mode="before")
    @classmethod
    def _two_hours(cls, hours: Any) -> Any:
        if not isinstance(hours, list | tuple) or len(hours) != len(("from", "until")):
            raise ValueError('must be two hours, such as ["21:00", "06:30"]')
        return hours

    @field_validator("quiet_hours")
    @classmethod
    def _leave_the_summary_out(cls, hours: tuple[time, time], known: ValidationInfo) -> tuple[time, time]:
        told = known.data.get("summary_hour")
        if told and Quiet(UTC, *hours).covers(datetime.combine(date.min, told, UTC)):
            raise ValueError(f"must leave out summary_hour, {told:%H:%M}: else nobody would be told of his week")
        return hours

    @model_validator(mode="after")
    def _no_twins(self) -> Self:
        owners = [owner for target in self.targets for owner in target.owners]
        _refuse_twins("membership.kinds", [kind.code for kind in self.membership.kinds])
        _refuse_twins("targets", [target.code for target in self.targets])
        _refuse_twins("targets", owners)
        _refuse_twins("duties and tasks", [each.code for each in self.owed])
        _refuse_twins("guidance", [each.code for each in self.guidance])
        _refuse_twins("unit_types", [row.code for row in self.unit_types if row.code])
        return self

    def unit_type(self, type_: str, name: str) -> UnitType:
        """The first row of `unit_types` that fits a unit; KeyError if the campaign has no such type."""
        for row in self.unit_types:
            if row.fits(type_, name):
                return row
        raise KeyError(type_)

    def class_named(self, code: str) -> UnitType | None:
        """The row of a class of peers, or the general one of a type of unit; None if there is neither."""
        return next((row for row in self.unit_types if row.code == code), self.general_type(code))

    def general_type(self, type_: str) -> UnitType | None:
        """The row that names all units of a type, before those for some of them; None if there is no such type."""
        rows = [row for row in self.unit_types if row.type == type_]
        return next((row for row in rows if row.general), rows[0] if rows else None)

    def is_of(self, classes: Collection[str], type_: str, name: str) -> bool:
        """Whether a unit is of one of these types or classes of peers."""
        row = next((row for row in self.unit_types if row.fits(type_, name)), None)
        return type_ in classes or (row is not None and row.peers in classes)

    def owes(self, duty: Duty, type_: str, name: str, code: str) -> bool:
        """Whether a unit owes this."""
        return code in duty.owners or self.is_of((*duty.owed_by, *duty.owners), type_, name)


def quiet_hours(campaign: Campaign, zone: tzinfo) -> Quiet:
    """The hours in which the campaign disturbs nobody."""
    return Quiet(zone, *campaign.quiet_hours)


@lru_cache(maxsize=4096)
def _letters(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _refuse_twins(key: str, values: list[str]) -> None:
    twins = sorted({value for value in values if values.count(value) > 1})
    if twins:
        raise ValueError(f"{key}: {', '.join(twins)} is there twice")
