"""What the messages about hashtags and reorganised units are tried with in tests/test_texts.py."""

from collections.abc import Iterator
from types import SimpleNamespace as Thing
from typing import Any

from bot.domain.hashtags.typed import tag_fault
from tests.texts_of_anything import AT, WICKED

PARTS = [
    Thing(name=WICKED, unit_id=None, code="27817", place=WICKED, taken=False),
    Thing(name=WICKED, unit_id=7, code=None, place=None, taken=True),
]

CHANGE = Thing(
    members=2,
    admins=1,
    cases=1,
    old_tags=[WICKED],
    last=AT,
    tags=[Thing(name=WICKED, tag=WICKED, clashes=[WICKED]), Thing(name=WICKED, tag=None, clashes=[])],
    arrivals=[Thing(name=WICKED * 9, day=AT, late=late) for late in (True, False)] * 3,
)

TAG_LINE: dict[str, Any] = {"tag": WICKED, "since": AT.date(), "last": AT.date()}

TAGS: dict[str, dict[str, Any]] = {
    "reorganise/choose": {"unit": WICKED, "day": AT, "last": AT},
    "reorganise/day": {"unit": WICKED},
    "reorganise/day_bad": {"unit": WICKED, "fault": "below", "names": [WICKED] * 11},
    "reorganise/done": {
        "unit": WICKED,
        "successors": [WICKED],
        "day": AT,
        "to_come": True,
        "reversible": True,
        "members": 2,
    },
    "reorganise/found": {"typed": WICKED, "number": 9, "more": True, "new": None, "adding": True},
    "reorganise/gone": {"unit": WICKED, "day": AT, "joined": True},
    "reorganise/invitation": {"unit": WICKED},
    "reorganise/moved": {
        "unit": WICKED,
        "successor": WICKED,
        "tag": WICKED,
        "changed": True,
        "settled": False,
        "last": AT,
        "still": True,
    },
    "reorganise/parts": {"unit": WICKED, "parts": PARTS},
    "reorganise/parts_bad": {"outside": [WICKED]},
    "reorganise/refused": {"unit": WICKED, "closed_on": None, "below": [WICKED] * 21},
    "reorganise/summary": {"unit": WICKED, "parts": PARTS, "day": AT, "today": AT, "change": CHANGE},
    "reorganise/undone": {"unit": WICKED},
    "tags/alike": {
        "whose": WICKED,
        "same": [([WICKED, WICKED], [WICKED], 0)],
        "near": [([WICKED * 9, WICKED * 9], [WICKED, WICKED], 2)] * 19,
        "more": 28,
    },
    "tags/ask": {"whose": WICKED, "required": True, "proposal": WICKED},
    "tags/changed": {"unit": WICKED, "tag": WICKED, "since": AT.date(), "old": WICKED, "old_last": AT.date()},
    "tags/confirm": {
        "whose": WICKED,
        "required": True,
        "tag": WICKED,
        "start": AT.date(),
        "last": AT.date(),
        "old": WICKED,
        "old_last": AT.date(),
        "posts": 2,
        "members": 3,
        "upcoming": False,
    },
    "tags/day_bad": {"start": AT.date()},
    "tags/day_taken": {"tag": WICKED, "names": [WICKED], "free": AT.date()},
    "tags/end": {"whose": WICKED, "tag": WICKED, "upcoming": True},
    "tags/end_taken": {"tag": WICKED, "names": [WICKED]},
    "tags/ended": {"whose": WICKED, "tag": WICKED, "settled": [(WICKED, WICKED)]},
    "tags/from": {"tag": WICKED, "today": AT.date()},
    "tags/known": {"tag": WICKED},
    "tags/member_clashes": {"name": WICKED, "others": [WICKED]},
    "tags/members": {"whose": WICKED, "total": 1, "members": [(1, {"name": WICKED, "tag": WICKED, "clash": True})]},
    "tags/overview": {
        "whose": WICKED,
        "by_name": False,
        "required": TAG_LINE,
        "proposed": False,
        "by": WICKED,
        "at": AT,
        "upcoming": [TAG_LINE],
        "accepted": [{**TAG_LINE, "since": None}],
        "former": [TAG_LINE],
        "names": [WICKED],
    },
    "tags/plainer": {"tag": WICKED, "plain": WICKED},
    "tags/saved": {"whose": WICKED, "tag": WICKED, "counted": 2, "told": 3, "settled": [(WICKED, WICKED)]},
    "tags/tag_bad": {"fault": "signs", "most": 100},
    "tags/taken": {"tag": WICKED, "names": [WICKED], "offered": True},
    "tags/unit_found": {"more": True, "typed": WICKED},
    "tags/unit_none": {"typed": WICKED},
    "tags/until": {"tag": WICKED},
    "tags/yours_clashes": {"tag": WICKED, "unit": WICKED},
}


def reorganisations() -> Iterator[tuple[str, dict[str, Any]]]:
    """What is said of reorganised units in other cases than those of the table."""
    for new, adding in ((None, True), (WICKED, False)):
        yield "reorganise/found", {"typed": WICKED, "number": 0, "more": False, "new": new, "adding": adding}
    moved = TAGS["reorganise/moved"]
    yield from (("reorganise/moved", {**moved, **each}) for each in ({"still": False}, {"changed": False}))
    yield "reorganise/refused", {"unit": WICKED, "closed_on": AT, "below": []}


def tag_messages() -> Iterator[tuple[str, dict[str, Any]]]:
    """What the conversation about hashtags says in other cases than those of the table."""
    for typed in ("", "a b", "a-b", "1", "а", "a" * 200):
        yield "tags/tag_bad", {"fault": tag_fault(f"#{typed}"), "most": 100}
    overview = TAGS["tags/overview"]
    nothing: dict[str, Any] = {"required": None, "upcoming": [], "accepted": [], "former": [], "names": []}
    always = {"required": {**TAG_LINE, "since": None, "last": None}, "by": None}
    yield from (("tags/overview", {**overview, **other}) for other in (nothing, always, {"by_name": True}))
    confirm = TAGS["tags/confirm"]
    nobody = {"posts": 0, "members": 0, "upcoming": True}
    other = {"required": False, "old": None, "old_last": None, "start": None, "last": None}
    yield from (("tags/confirm", {**confirm, **each}) for each in (nobody, other, {"old_last": None}))
    changed = TAGS["tags/changed"]
    yield from (("tags/changed", {**changed, **each}) for each in ({"since": None, "old": None}, {"old_last": None}))
    yield "tags/alike", {"whose": WICKED, "same": [], "near": [], "more": 0}
    yield "tags/members", {"whose": WICKED, "total": 0, "members": []}
    yield "tags/end", {**TAGS["tags/end"], "upcoming": False}
    yield "tags/day_bad", {"start": None}
    since = {**TAG_LINE, "last": None}
    yield "tags/overview", {**overview, "upcoming": [since], "accepted": [since]}
    yield "tags/day_taken", {**TAGS["tags/day_taken"], "free": None}
    yield "tags/taken", {**TAGS["tags/taken"], "offered": False}
