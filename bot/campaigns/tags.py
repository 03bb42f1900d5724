"""The required tag of a unit and of its members, by the campaign's unit types and tag rule."""

from collections.abc import Sequence
from datetime import date

from bot.campaigns.profile import Campaign
from bot.domain.hashtags.rule import build_tag


def subject_for(campaign: Campaign, unit_path: Sequence[tuple[str, str]]) -> str:
    """The unit as the documents write it: “DQTV Xã Tuyên Thạnh, Thị xã Kiến Tường”.

    `unit_path` holds (type, name) from the unit up to the province. A level that the unit does not stand
    under is left out. ValueError on an empty path, KeyError on a type that the campaign does not know.
    """
    if not unit_path:
        raise ValueError("a unit path begins with the unit itself")
    (type_, name), *above = unit_path
    known = dict.fromkeys(("province", "district", "commune", "body", "school", "cluster"), "")
    words = campaign.unit_type(type_, name).subject.format(**{**known, **dict(above), "name": name})
    return words.strip(" ,")


def tag_for(
    campaign: Campaign, unit_path: Sequence[tuple[str, str]], person: str | None = None, *, day: date | None = None
) -> str:
    """The tag that a post of this unit must hold, or of this person where his unit type signs by name.

    `day` is the one on which the unit began, None for one that was always there: the province's name may have changed.
    LookupError where the campaign has no tag rule.
    """
    subject = subject_for(campaign, unit_path)
    return build_tag(campaign.rule.on(day), subject, person if signs_by_name(campaign, unit_path) else None)


def signs_by_name(campaign: Campaign, unit_path: Sequence[tuple[str, str]]) -> bool:
    """Whether members of this unit show a tag of their own, made with their name."""
    return campaign.tag_rule is not None and campaign.unit_type(*unit_path[0]).tag_of == "person"
