"""What the messages about registering, the profile, summaries and small hints are tried with in tests/test_texts.py."""

from collections.abc import Iterator
from types import SimpleNamespace as Thing
from typing import Any

from tests.texts_of_anything import AT, LONG, MEMBER, PROGRESS, QUOTAS, WAYS, WICKED

CAMPAIGN = Thing(name=WICKED, name_en=WICKED, body=WICKED, consent_version="1")

COUNTED = Thing(posts=12_345, media=12_345, total=24_690)

SUMMARY = Thing(
    unit=LONG,
    start=AT,
    until=AT,
    total=COUNTED,
    before=COUNTED,
    more=12_345,
    places=[(LONG, COUNTED)] * 8 + [(None, COUNTED)],
    own=PROGRESS.quotas,
    quotas=QUOTAS,
    praised=[Thing(name=LONG, unit=WICKED, count=COUNTED)] * 3,
    boards=[Thing(type=Thing(vi=WICKED, en=WICKED), best=[Thing(name=LONG, total=COUNTED)] * 3)] * 7,
    due=[Thing(at=AT, duties=[{"vi": LONG, "en": LONG}] * 4)] * 3,
)

JOINING: dict[str, dict[str, Any]] = {
    "approval/approved": {"unit": WICKED},
    "approval/decided": {"approved": True, "member": MEMBER, "others": [WICKED]},
    "approval/decided_before": {"member": MEMBER},
    "files/link": {"name": WICKED, "size": 12_345, "hours": 24, "url": WICKED},
    "files/no_link": {"name": WICKED},
    "menus/choose": {},
    "menus/more": {},
    "menus/again": {"why": "expired", "about": WICKED},
    "menus/options": {"numbered": [(WICKED, WICKED)], "named": [WICKED], "solemn": [(WICKED, WICKED)]},
    "approval/invitation": {"ways": WAYS, "unit": WICKED, "until": AT},
    "approval/refused": {"unit": WICKED},
    "approval/request": {
        "kind": WICKED,
        "member": MEMBER,
        "path": [WICKED, WICKED],
        "listed": [(1, WICKED, None), (2, None, None)],
    },
    "hint/flood": {"seconds": 10},
    "hint/help": {"access": "ANYONE", "campaign": CAMPAIGN},
    "profile/erase": {"words": WICKED, "leads": True},
    "profile/erase_words_differ": {"words": WICKED},
    "profile/broadcasts": {"wanted": False},
    "profile/show": {"kind": WICKED, "member": MEMBER, "tag": WICKED, "waiting": True, "wants_broadcasts": False},
    "register/already": {"unit": WICKED},
    "register/detail_bad": {"most": 60},
    "register/done": {"unit": WICKED},
    "register/expired": {"step": "register"},
    "register/kind": {"unit": WICKED},
    "register/name": {"unit": WICKED},
    "register/name_bad": {"fault": "has_digits"},
    "register/summary": {
        "data": {"name": WICKED, "rank": None, "position": "", "facebook": WICKED},
        "kind": WICKED,
        "unit": WICKED,
    },
    "register/unit": {"data": {"name": WICKED}},
    "register/unit_found": {"more": True, "typed": WICKED},
    "register/unit_none": {"typed": WICKED},
    "register/waiting": {"unit": WICKED},
    "start/consent": {"campaign": CAMPAIGN},
    "start/only_campaign": {"campaign": CAMPAIGN},
    "start/welcome_back": {"name": WICKED, "unit": WICKED},
    "summaries/chart": {"unit": WICKED},
    "summaries/follows": {"unit": WICKED, "successor": WICKED, "divided": False},
    "summaries/ended": {"unit": WICKED},
    "summaries/linked": {"unit": WICKED},
    "summaries/linked_elsewhere": {"unit": WICKED},
    "summaries/named": {"named": False},
    "summaries/nothing": {"summary": SUMMARY},
    "summaries/switched": {"unit": WICKED, "on": False},
    "summaries/too_soon": {"again": AT},
    "summaries/unlinked": {"unit": WICKED},
    "summaries/week": {"summary": SUMMARY, "named": True},
}


def summaries() -> Iterator[tuple[str, dict[str, Any]]]:
    bare: dict[str, Any] = {"places": [], "own": [], "quotas": [], "praised": [], "boards": [], "due": []}
    for more in (0, -2):
        yield "summaries/week", {"summary": Thing(**vars(SUMMARY) | bare | {"more": more}), "named": False}
    yield "summaries/nothing", {"summary": Thing(**vars(SUMMARY) | bare)}
    yield "summaries/named", {"named": True}
    yield "summaries/switched", {"unit": WICKED, "on": True}
    for divided in (True, False):
        yield "summaries/follows", {"unit": WICKED, "successor": None, "divided": divided}
