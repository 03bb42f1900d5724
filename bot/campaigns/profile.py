"""What a campaign's profile says: the values that `loading` reads a TOML file of this folder into."""

from datetime import UTC, date, datetime, time, tzinfo
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from bot.domain.deadlines.reminders import Quiet
from bot.domain.deadlines.rule import RRULE, STEP, STEPS, DutyRule, OnDayOff, PeriodKind
from bot.domain.hashtags.rule import TagRule


def _read_hour(given: Any) -> time:
    try:
        hour = given if isinstance(given, time) else time.fromisoformat(given)
    except (TypeError, ValueError):
        raise ValueError('must be an hour, such as "17:00"') from None
    if hour.tzinfo:
        raise ValueError('must be an hour of the place, without a zone, such as "17:00"')
    return hour


Hour = Annotated[time, BeforeValidator(_read_hour)]
# Short, as codes travel in the 64 bytes of a button.
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=24)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Handle = Annotated[str, StringConstraints(pattern=r"^[^\sA-Z@/]+$")]
Rrule = Annotated[str, StringConstraints(pattern=RRULE)]
StepName = Annotated[str, StringConstraints(pattern=STEP)]
UnitTypeCode = Literal["province", "district", "commune", "body", "school", "cluster"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Kind(_Value):
    """A kind of member that reports count apart."""

    code: Code
    vi: Text
    en: Text


class Membership(_Value):
    """Who may join: `approval` asks the unit's admins before a member counts."""

    approval: bool
    kinds: tuple[Kind, ...] = Field(min_length=1)


class Target(_Value):
    """An official page or group. `owners` are the handles and ids its links show, lower-case, without @."""

    code: Code
    section: Literal["I", "II"]
    platform: Literal["facebook", "youtube", "tiktok", "zalo"]
    kind: Literal["page", "group"]
    name: Text
    owners: tuple[Handle, ...] = ()


class Quota(_Value):
    """At least so many posts in each week or month, of every member or of every unit."""

    who: Literal["member", "unit"]
    per: Literal["week", "month"]
    at_least: int = Field(ge=1)


class Duty(_Value):
    """A kind of report: due at `due`, local time, on each day of `rrules` (RFC 5545) and on each of `dates`.

    `vi` names the report, `wording` is the deadline as the document words it, `source` is the document. What the other
    fields mean stands at `DutyRule`.
    """

    code: Code
    period: PeriodKind
    vi: Text
    en: Text
    wording: Text
    rrules: tuple[Rrule, ...] = ()
    dates: tuple[date, ...] = ()
    due: Hour = time(17)
    cut_off_days: int = Field(default=0, ge=0, le=366)
    opens_days: int | None = Field(default=None, ge=0, le=366)
    on_day_off: OnDayOff = "keep"
    remind_at: Hour = time(8)
    steps: tuple[StepName, ...] = STEPS
    owed_by: tuple[UnitTypeCode, ...] = Field(min_length=1)
    source: Text

    @model_validator(mode="after")
    def _has_days(self) -> Self:
        rule_of(self)
        return self


def rule_of(duty: Duty) -> DutyRule:
    """What the domain reckons a duty's deadlines and reminders from."""
    return DutyRule(
        code=duty.code,
        kind=duty.period,
        rrules=duty.rrules,
        dates=duty.dates,
        due=duty.due,
        cut_off_days=duty.cut_off_days,
        opens_days=duty.opens_days,
        on_day_off=duty.on_day_off,
        remind_at=duty.remind_at,
        steps=duty.steps,
        wording=duty.wording,
    )


class UnitType(_Value):
    """How units of a type are named in tags, and whether a member shows the unit's tag or one of his own.

    `subject` is the unit as the documents write it: {name} is the unit's own name, {district} and the like
    the name of the unit of that type above it. A row with `only` holds for the units of those names.
    """

    type: UnitTypeCode
    vi: Text
    en: Text
    subject: Text
    tag_of: Literal["unit", "person"] = "unit"
    only: tuple[Text, ...] = ()

    @field_validator("subject")
    @classmethod
    def _known_places(cls, subject: str) -> str:
        known = dict.fromkeys(("name", "province", "district", "commune", "body", "school", "cluster"), "")
        try:
            subject.format(**known)
        except (KeyError, IndexError, ValueError, AttributeError):
            raise ValueError("may hold {name} and {<unit type>}, nothing else in braces") from None
        return subject


class Review(_Value):
    """How posts are looked at by people.

    sample: the share of posts counted on their author's word that a reviewer is asked to open (0 to 1).
    similar_days: how long a text is remembered for finding nearly the same one.
    """

    sample: float = Field(default=0.05, ge=0, le=1)
    similar_days: int = Field(default=30, ge=0, le=366)


class Campaign(_Value):
    """A body's programme: who takes part, which tag proves a post, where posts go, what is owed and when.

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
    tag_rule: TagRule
    targets: tuple[Target, ...] = Field(min_length=1)
    quotas: tuple[Quota, ...] = ()
    duties: tuple[Duty, ...] = ()
    unit_types: tuple[UnitType, ...] = Field(min_length=1)
    tag_grace_days: int = Field(default=90, ge=0, le=3660)
    keep_texts_days: int = Field(default=90, ge=1, le=3660)
    review: Review = Review()
    summary_weekday: Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"] = "FR"
    summary_hour: Hour = time(16)
    quiet_hours: tuple[Hour, Hour] = Field(default=(time(21), time(6, 30)), validate_default=True)

    @property
    def province(self) -> str:
        """The province's bare name, “Long An”."""
        return self.tag_rule.province

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
        _refuse_twins("duties", [duty.code for duty in self.duties])
        return self

    def unit_type(self, type_: str, name: str) -> UnitType:
        """The first row of `unit_types` that fits a unit; KeyError if the campaign has no such type."""
        for row in self.unit_types:
            if row.type == type_ and (not row.only or name in row.only):
                return row
        raise KeyError(type_)


def quiet_hours(campaign: Campaign, zone: tzinfo) -> Quiet:
    """The hours in which the campaign disturbs nobody."""
    return Quiet(zone, *campaign.quiet_hours)


def _refuse_twins(key: str, values: list[str]) -> None:
    twins = sorted({value for value in values if values.count(value) > 1})
    if twins:
        raise ValueError(f"{key}: {', '.join(twins)} is there twice")
