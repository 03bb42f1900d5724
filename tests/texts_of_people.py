"""What the messages about units, members, rosters and requests about data are tried with in tests/test_texts.py."""

from collections.abc import Iterator
from itertools import product
from types import SimpleNamespace as Thing
from typing import Any, get_args

from bot.actions.unit_changes import Fault
from bot.storage.members import Which
from tests.texts_of_anything import AT, DUTY, LONG, MEMBER, WAYS, WICKED
from tests.texts_of_joining import JOINING

PERSON_LINE = {"name": WICKED, "kind": WICKED, "role": "deputy", "state": "pending", "unit": WICKED}

PEOPLE_NUMBERS = Thing(all=12_345, pending=2, listed=3, left=4, silent=5)

LISTED = Thing(**{**vars(MEMBER), "state": "left", "left_reason": WICKED * 10, "role": "unit_admin"})

REQUEST = {"number": 7, "kind": "access", "name": WICKED, "unit": WICKED, "asked": AT, "due": AT, "answered": AT}
REQUEST |= {"late": True}

LONG_WORDS = WICKED + "x" * 990

DUE_REQUEST = {"number": 7, "of": "erasure", "name": WICKED, "unit": WICKED, "due": AT}

PLANNED: dict[str, Any] = {"unit": WICKED, "day": AT, "name": WICKED, "parent": None}

PEOPLE: dict[str, dict[str, Any]] = {
    "claims/done": {"member": MEMBER, "kind": WICKED},
    "claims/told": {"name": WICKED, "unit": WICKED},
    "claims/wrong": {"left": 4},
    "data_requests/answer": {"body": WICKED, "of": "access", "at": AT, "answer": LONG_WORDS},
    "data_requests/ask": {"kind": "access"},
    "data_requests/ask_answer": {"each": REQUEST},
    "data_requests/came": {**DUE_REQUEST},
    "data_requests/done": {"number": 7, "late": True, "told": False},
    "data_requests/erase": {"each": REQUEST},
    "data_requests/erased": {"number": 7},
    "data_requests/erased_you": {"body": WICKED},
    "data_requests/due": {**DUE_REQUEST, "late": True},
    "data_requests/kept": {"each": REQUEST},
    "data_requests/register": {"is_open": True, "total": 9, "requests": [REQUEST, {**REQUEST, "answered": None}] * 3},
    "data_requests/request": {
        "each": {**REQUEST, "words": LONG_WORDS, "answer": LONG_WORDS},
        "position": WICKED,
        "by": WICKED,
    },
    "data_requests/show": {"mine": [REQUEST, {**REQUEST, "answered": None}], "more": 2},
    "data_requests/table": {"number": 7},
    "data_requests/too_many": {"most": 5},
    "data_requests/words_bad": {"most": 1_000},
    "members/back_you": {"unit": WICKED},
    "members/card": {
        "member": LISTED,
        "path": [WICKED, WICKED],
        "kind": WICKED,
        "at": AT,
        "reachable": False,
        "phone": WICKED,
    },
    "members/change": {"name": WICKED},
    "members/code": {"name": WICKED, "code": WICKED, "ways": WAYS},
    "members/detail": {"name": WICKED, "what": "rank"},
    "members/file": {"unit": WICKED, "number": 12_345},
    "members/find": {"unit": WICKED},
    "members/found": {"typed": WICKED, "members": [(1, PERSON_LINE)] * 8, "more": True},
    "members/gone": {"name": WICKED, "unit": WICKED, "told": True},
    "members/gone_you": {"unit": WICKED, "reason": WICKED},
    "members/list": {"unit": WICKED, "which": "all", "total": 9, "members": [(1, PERSON_LINE)] * 8},
    "members/move": {"name": WICKED},
    "members/move_confirm": {"name": WICKED, "old": WICKED, "unit": WICKED, "tag": WICKED, "has_role": True},
    "members/moved_you": {"unit": WICKED, "old": WICKED, "tag": WICKED},
    "members/not_back": {"name": WICKED, "why": "elsewhere"},
    "members/reason": {"name": WICKED, "unit": WICKED},
    "members/reason_bad": {"most": 200},
    "units/ask": {"unit": WICKED, "what": "rename"},
    "units/card": {
        "name": WICKED,
        "above": [WICKED, WICKED],
        "type": WICKED,
        "opened": AT,
        "to_come": True,
        "closed": AT,
        "successors": [WICKED],
        "numbers": PEOPLE_NUMBERS,
        "below": 18_426,
        "living": 529,
        "admins": [(WICKED, "unit_admin")] * 8,
        "more_admins": 2,
        "tag": WICKED,
        "planned": [(AT, WICKED, None), (AT, None, WICKED)],
        "by_name": False,
        "twins": [WICKED] * 4,
        "due": [(DUTY, AT, True)] * 5,
        "more_due": 4,
    },
    "units/confirm": {
        "unit": WICKED,
        "name": WICKED,
        "parent": WICKED,
        "day": AT,
        "type": (WICKED, WICKED),
        "old_parent": WICKED,
        "led": False,
        "closes": AT,
        "gained": {"number": 7, "names": [LONG] * 5},
        "lost": {"number": 7, "names": [LONG] * 5},
        "along": Thing(units=529, people=18_426, posts=100_000),
        "stay": 2,
        "fall_away": 1,
        "quotas": [Thing(at_least=3, per="week")],
        "no_quotas": [Thing(at_least=4, per="month")],
        "last": AT,
        "planned": [(AT, WICKED, None), (AT, None, WICKED)],
        "near": [Thing(tag=LONG[:60], other=LONG[:60], whose=LONG)] * 3,
        "more_near": 2,
        "number": 999,
        "tags": [(LONG, LONG, LONG)] * 5,
        "clashes": [(LONG, LONG, LONG)] * 3,
        "more_clashes": 3,
        "by_hand": 2,
        "owed": [WICKED] * 6,
        "not_owed": [WICKED] * 6,
        "grace": 90,
    },
    "units/confirm_new": {
        "name": WICKED,
        "type": WICKED,
        "parent": WICKED,
        "day": AT,
        "tag": WICKED,
        "none_needed": True,
        "twins": [WICKED],
        "duties": [WICKED] * 9,
    },
    "units/fault": {"unit": WICKED, "fault": "same", "above": WICKED, "closes": AT, "sooner": True},
    "units/found": {"typed": WICKED, "number": 8, "more": True},
    "units/list": {"unit": WICKED, "closed": False, "page": 1},
    "units/planned": PLANNED,
    "units/begun": {**PLANNED, "changed": 3, "left": 2, "closes": None},
    "units/not_begun": {**PLANNED, "fault": "name"},
    "units/recalled": {**PLANNED, "by": WICKED},
    "units/press": {"unit": WICKED},
    "units/saved": {"unit": WICKED, "changed": 3, "left": 2},
}

ROSTER_LINE = {"name": LONG, "at": AT, "by": WICKED, "state": "writing", "month": None}
ROSTER_LINE["written"] = {"new": 12_345, "changed": 12_345, "same": 1, "passed": 12_345}

ROSTER_FIGURES = {"new": 12_345, "changed": 12_345, "same": 12_345, "faulty": 12_345, "waiting": 7, "kindless": 7}

UNDONE = {"gone": 12_345, "returned": 7, "changed_since": 7, "stay": 99, "units_closed": 7}

ROSTERS: dict[str, dict[str, Any]] = {
    "rosters/elsewhere": {"messengers": ["Telegram"]},
    "rosters/begin": {"unit": WICKED, "units": True, "most": 10},
    "rosters/checked": {
        "name": LONG,
        "figures": ROSTER_FIGURES,
        "units": [LONG] * 120,
        "before": {"at": AT, "by": WICKED, "number": 7},
    },
    "rosters/codes": {"number": 12_345, "bot": WICKED},
    "rosters/codes_title": {"bot": WICKED},
    "rosters/done": {"name": LONG, "written": ROSTER_LINE["written"], "units": 7, "lines": [12_345] * 30},
    "rosters/dropped": {"name": WICKED},
    "rosters/list": {"batches": [(number, ROSTER_LINE) for number in range(1, 7)]},
    "rosters/other_file": {"name": WICKED},
    "rosters/reading": {"name": WICKED},
    "rosters/send_first": {"name": WICKED},
    "rosters/sheet": {"name": WICKED},
    "rosters/show": {
        "batch": ROSTER_LINE,
        "faulty": 7,
        "undone": UNDONE,
        "unit": WICKED,
        "done": 3,
        "of": 40,
    },
    "rosters/template": {"unit": WICKED},
    "rosters/too_large": {"most": 10},
    "rosters/undo": {"name": LONG, "gone": 12_345, "written": ROSTER_LINE["written"], "stay": 99, "names": [LONG] * 20},
    "rosters/undoing": {"name": WICKED},
    "rosters/undone": {"name": LONG, "undone": UNDONE, "names": [LONG] * 20, "units": 7},
    "rosters/units": {"names": [LONG] * 15, "more": 85},
    "rosters/unreadable": {"name": WICKED, "fault": "no_header"},
    "rosters/writing": {"name": WICKED, "number": 12_345},
}


def people_messages() -> Iterator[tuple[str, dict[str, Any]]]:
    """What is said of units, members and requests about data in other cases than those of the table."""
    card = PEOPLE["units/card"]
    nobody = Thing(all=0, pending=0, listed=0, left=0, silent=0)
    bare: dict[str, Any] = {"above": [], "opened": None, "closed": None, "numbers": nobody, "living": 0, "admins": []}
    bare |= {"planned": [], "tag": None, "by_name": True, "due": [], "more_due": 0}
    yield from (("units/card", {**card, **each}) for each in (bare, {**bare, "by_name": False}, {"to_come": False}))
    yield from (("units/ask", {"unit": WICKED, "what": what}) for what in ("type", "add", "day", "move", "when"))
    for fault in get_args(Fault):
        yield "units/fault", {**PEOPLE["units/fault"], "fault": fault}
        yield "units/not_begun", {**PLANNED, "fault": fault, "parent": WICKED}
    yield "units/fault", {**PEOPLE["units/fault"], "fault": "closed", "sooner": False}
    yield "units/begun", {**PLANNED, "parent": WICKED, "changed": 0, "left": 0, "closes": AT}
    yield from ((f"units/{name}", {**PEOPLE[f"units/{name}"], "parent": WICKED}) for name in ("planned", "recalled"))
    plain: dict[str, Any] = {"name": None, "parent": None, "number": 0, "tags": [], "clashes": []}
    plain |= {"day": None, "type": None, "near": [], "more_near": 0, "stay": 0, "fall_away": 0}
    plain |= {"planned": [], "quotas": [], "no_quotas": [], "more_clashes": 0, "by_hand": 0, "owed": [], "not_owed": []}
    yield "units/confirm", {**PEOPLE["units/confirm"], **plain}
    yield "units/confirm_new", {**PEOPLE["units/confirm_new"], "tag": None, "twins": [], "duties": []}
    yield "units/confirm_new", {**PEOPLE["units/confirm_new"], "tag": None, "none_needed": False}
    yield "members/moved_you", {"unit": WICKED, "old": WICKED, "tag": ""}
    yield "units/found", {"typed": WICKED, "number": 0, "more": False}
    yield "units/list", {"unit": WICKED, "closed": True, "page": 2}
    yield "units/saved", {"unit": WICKED, "changed": 0, "left": 0}
    for which in get_args(Which):
        yield "members/list", {"unit": WICKED, "which": which, "total": 0, "members": []}
    for state, role in product(("listed", "left", "active", "pending"), ("member", "deputy", "coordinator")):
        line = {**PERSON_LINE, "state": state, "role": role}
        yield "members/found", {"typed": WICKED, "members": [(1, line)], "more": False}
        member = Thing(**{**vars(LISTED), "state": state, "role": role, "left_reason": None})
        yield "members/card", {**PEOPLE["members/card"], "member": member, "phone": None, "reachable": True}
    yield "members/found", {"typed": WICKED, "members": [], "more": False}
    yield from (("members/detail", {"name": WICKED, "what": what}) for what in ("name", "position"))
    yield "members/gone", {"name": WICKED, "unit": WICKED, "told": False}
    yield "members/move_confirm", {**PEOPLE["members/move_confirm"], "has_role": False, "tag": ""}
    yield from (("members/not_back", {"name": WICKED, "why": why_not}) for why_not in ("closed", "not_left"))
    yield "claims/wrong", {"left": 0}
    yield "approval/request", {**JOINING["approval/request"], "listed": []}
    for kind in ("access", "correction", "erasure"):
        yield "data_requests/ask", {"kind": kind}
        yield "data_requests/kept", {"each": {**REQUEST, "kind": kind}}
    nameless = {**REQUEST, "name": None, "unit": None, "answered": None, "late": False}
    yield "data_requests/show", {"mine": [], "more": 0}
    yield "data_requests/register", {"is_open": False, "total": 0, "requests": []}
    yield "data_requests/register", {"is_open": True, "total": 1, "requests": [nameless]}
    for each in ({**nameless, "words": "", "answer": None}, {**REQUEST, "words": "", "answer": None}):
        yield "data_requests/request", {"each": each, "position": None, "by": None}
    yield from ((f"data_requests/{what}", {"each": nameless}) for what in ("ask_answer", "erase"))
    yield "data_requests/done", {"number": 7, "late": False, "told": True}
    yield "data_requests/came", {**DUE_REQUEST, "name": None, "unit": None}
    yield "data_requests/due", {**DUE_REQUEST, "name": None, "unit": None, "late": False}
