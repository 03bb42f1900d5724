"""To whom something is said: a part of the tree, narrowed down. Pure; stored as JSON."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self


class Groups(StrEnum):
    """Whether the units' linked group chats get it."""

    NONE = "none"
    BESIDES = "besides"
    INSTEAD = "instead"


@dataclass(frozen=True, slots=True)
class Audience:
    """The unit `root` and all below it, of which every choice that is not empty leaves only some.

    `units` stand for themselves and all below them, `people` are memberships; who is in either of the two is meant.
    `missing` is a duty and a period that the unit has not filed yet, `late` a moment (seconds since 1970) at which
    something was due that it still owes, `no_post` leaves those who handed in no post this week, `not_reached` those
    whom an earlier broadcast did not reach.
    """

    root: int
    unit_types: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    units: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    missing: tuple[int, str] | None = None
    late: int | None = None
    no_post: bool = False
    not_reached: int | None = None
    groups: Groups = Groups.NONE

    @property
    def is_duty(self) -> bool:
        """Whether it is about something that its people owe: then nobody may opt out of it."""
        return self.missing is not None or self.late is not None

    def toggled(self, field: str, value: str | int) -> Self:
        """The same with a value of one of the lists taken in, or left out if it was in."""
        values = getattr(self, field)
        changed = tuple(each for each in values if each != value) if value in values else (*values, value)
        choice: dict[str, Any] = {field: changed}
        return replace(self, **choice)

    def listing(self, units: tuple[int, ...], people: tuple[int, ...]) -> Self:
        """The same for these units and people only, everybody's again if there are none."""
        return replace(self, units=units, people=people)

    def to_json(self) -> dict[str, Any]:
        """What differs from “everybody”, in one form whatever the order in which it was chosen."""
        found: dict[str, Any] = {"root": self.root}
        for field in ("unit_types", "roles", "kinds", "units", "people"):
            if values := getattr(self, field):
                found[field] = sorted(set(values))
        if self.missing:
            found["missing"] = list(self.missing)
        if self.no_post:
            found["no_post"] = True
        for field in ("late", "not_reached"):
            if getattr(self, field) is not None:
                found[field] = getattr(self, field)
        return found | ({"groups": self.groups.value} if self.groups is not Groups.NONE else {})

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> Self:
        """What `to_json` wrote; KeyError or ValueError for anything else."""
        known = {field: tuple(stored.get(field, ())) for field in ("unit_types", "roles", "kinds", "units", "people")}
        missing = stored.get("missing")
        return cls(
            root=stored["root"],
            missing=(missing[0], missing[1]) if missing else None,
            late=stored.get("late"),
            no_post=stored.get("no_post", False),
            not_reached=stored.get("not_reached"),
            groups=Groups(stored.get("groups", Groups.NONE)),
            **known,
        )


def digest(campaign: str, audience: Audience, *said: str | None) -> str:
    """The same for the same words, pictures and files to the same audience."""
    whole = json.dumps([campaign, audience.to_json(), *said], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()
