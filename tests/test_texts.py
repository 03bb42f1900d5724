"""What the bot says: the same in both languages, all of it used, and safe whatever people are called."""

import ast
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import product
from pathlib import Path
from types import SimpleNamespace as Thing
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from jinja2 import meta

from bot.actions.broadcast_report import REASONS
from bot.actions.broadcasts import Submitted
from bot.actions.decisions import REFUSALS
from bot.actions.unit_changes import Fault
from bot.domain.handins import Need
from bot.domain.hashtags import CLASSES
from bot.domain.hashtags.typed import tag_fault
from bot.domain.names import name_fault
from bot.request import Access
from bot.sandbox.html import parse
from bot.sandbox.limits import TEXT_MAX
from bot.storage.members import Which
from bot.storage.models import BroadcastState, CaseReason, PostState, RecipientState
from bot.texts import HERE, LANGUAGES, _environment, _labels, label, render
from handlers.mine import PERIODS
from handlers.register import STEPS
from handlers.review import TYPED
from tests.texts_of_pages import PAGES, page_messages
from tests.texts_of_roles import values_of_roles, variants_of_roles

ROOT = HERE.parents[1]
WICKED = """<b>&"'</i>"""  # what a person, a unit or a page could be called
AT = datetime(2027, 3, 1, 9, 5, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TEMPLATES = sorted(str(path.relative_to(HERE / "vi").with_suffix("")) for path in (HERE / "vi").rglob("*.html"))
MESSAGES = [name for name in TEMPLATES if "/_" not in name]
WEB_PAGES = ["downloads/_gone", "downloads/_page"]  # of the web, for links to files
WHO_PER = list(product(("member", "unit"), ("week", "month")))
FAULTS = [*(code for code, _ in CLASSES), "absent"]

UNIT = Thing(name=WICKED)
DETAILS: dict[str, Any] = {"rank": WICKED, "position": None, "facebook_name": WICKED}
MEMBER = Thing(full_name=WICKED, unit=UNIT, state="active", **DETAILS)
CAMPAIGN = Thing(name=WICKED, name_en=WICKED, body=WICKED, consent_version="1")
PROGRESS = Thing(
    week=1,
    month=2,
    quotas=(
        Thing(who="member", per="week", left=2, done=1, at_least=3, bar="▓░░"),
        Thing(who="unit", per="month", left=0, done=1, at_least=1, bar="▓"),
    ),
)
POST = Thing(id=7, url=f"https://example.org/?{WICKED}", state="counted")
BRIEF = {"number": 7, "url": WICKED, "by": WICKED, "unit": WICKED, "at": AT, "target": Thing(name=WICKED)}
BRIEF |= {"text": WICKED, "state": "counted", "tag": WICKED}
MARKS = (Thing(kind="same", text=WICKED), Thing(kind="wrong", text="␣"), Thing(kind="missing", text=WICKED))
LEARNT = Thing(source="author", level="declared", verdict="near_miss")
WHY = Thing(fault="typo", written=WICKED * 20, found=(WICKED,), marks=MARKS, whose=None)
CASE = Thing(reason="double", answer=WICKED, question=WICKED)
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
)

TAG_LINE: dict[str, Any] = {"tag": WICKED, "since": AT.date(), "last": AT.date()}

LONG = WICKED * 9
COUNTED = Thing(posts=12_345, media=12_345, total=24_690)
WHOM = [Thing(vi=WICKED, en=WICKED)] * 9
QUOTAS = [
    Thing(quota=Thing(who=who, per=per, at_least=3), reached=12_345, of=23_456, whom=WHOM) for who, per in WHO_PER
]
AUDIENCE = Thing(
    root=LONG,
    unit_types=[WICKED] * 6,
    roles=["member", "deputy", "unit_admin", "coordinator"],
    kinds=[WICKED] * 9,
    units=([LONG] * 5, 195),
    people=([LONG] * 5, 195),
    missing=WICKED,
    no_post=True,
    not_reached=7,
    groups="besides",
)
PROGRESS_OF_BROADCAST: dict[str, Any] = {
    "number": 7,
    "state": "running",
    "started": AT,
    "bar": "▓▓▓▓▓░░░░░",
    "percent": 50,
    "seconds": 640,
    "read": 12_345,
    **dict.fromkeys(("total", "left", "sent", "failed", "in_doubt", "left_out", "stopped"), 18_426),
}
# As long as it can become.
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

LINES = [
    {"names": [WICKED, WICKED], "due": AT, "days": 0, "overdue": False},
    {"names": [WICKED], "due": AT, "days": -3, "overdue": True},
]
TO_FILE = [{"name": WICKED, "lines": LINES}] * 6
PAPER = {"duty": WICKED, "unit": WICKED, "due": AT}
EXCUSE = {**PAPER, "reason": WICKED * 20, "by": WICKED, "at": AT, "overdue": True}
MISSING = {"name": WICKED, "names": [WICKED] * 5, "missing": 530, "total": 530, "more": 525}
REMINDERS: dict[str, dict[str, Any]] = {
    "reminders/all_told": {"units": 2, "told": 3, "unheard": 1},
    "reminders/excuse": {"each": EXCUSE},
    "reminders/excuses": {"excuses": [{**EXCUSE, "unit": LONG, "duty": LONG}] * 15},
    "reminders/not_now": {"when": AT},
    "reminders/overdue": {"due": AT, "duties": [MISSING] * 6, "late": True},
    "reminders/owed_again": {"duty": WICKED, "due": AT, "by": WICKED},
    "reminders/paper_asked": {**PAPER, "who": WICKED},
    "reminders/paper_came": PAPER,
    "reminders/paper_missing": PAPER,
    "reminders/paper_sent": {"duty": WICKED, "asked": 2, "waits": False},
    "reminders/paper_settled": {"duty": WICKED, "unit": WICKED, "came": True},
    "reminders/quota": {"left": 2, "last": AT},
    "reminders/reports": {"units": TO_FILE, "more": 2, "late": True, "left": 2, "last": AT, "tasks": False},
    "reminders/snoozed": {"until": AT},
    "reminders/taken_back": {"each": EXCUSE, "owed": True, "told": 1},
    "reminders/unreachable": {"duties": [WICKED] * 6, "first": AT, "names": [WICKED] * 20, "more": 510},
    "reminders/urged": {"units": TO_FILE},
}

DUE: dict[str, Any] = {"name": WICKED, "due": AT, "minutes": 3000, "state": "open", "settled": None, "opens": None}
DUTY_CHANGE: dict[str, Any] = {
    "moved": [(AT, AT.replace(day=4)), (AT, AT.replace(hour=8)), (None, AT), (AT, None)],
    "more": 47,
    "reminders": Thing(moved=3, added=2, dropped=1),
    "upcoming": AT,
    "figures": [AT, AT],
    "units_before": 41,
    "units": 42,
}

DUTY_CARD: dict[str, Any] = {
    "name": WICKED,
    "wording": WICKED,
    "due": AT.time(),
    "owed_by": [WICKED],
    "cut_off_days": 5,
    "steps": [WICKED],
    "remind_at": AT.time(),
    "ended_on": AT.date(),
}

DUTY = {"vi": WICKED, "en": WICKED}
OF_REPORT: dict[str, Any] = {"duty": DUTY, "unit": WICKED, "due": AT}
COUNT = Thing(posts=12_345, media=23_456)
TOTALS = {
    "members": [({"vi": WICKED, "en": WICKED}, 7)] * 4,
    "everybody": 28,
    "targets": [("I", WICKED, COUNT), ("II", WICKED, COUNT), (None, None, COUNT)],
    "total": COUNT,
}
REPORT_LINES: list[dict[str, Any]] = [
    {"name": WICKED * 9, "total": COUNT, "below": Thing(state="filed", version=2), "live": COUNT},
    {"name": WICKED, "total": COUNT, "below": Thing(state="open", version=None), "live": None},
    {"name": None, "total": COUNT, "below": Thing(state="excused", version=None), "live": None},
] * 5
CHANGED = {
    "due": AT,
    "gone": [(1, "withdrawn"), (2, "refused"), (3, "merged"), (4, "in_review")],
    "number": 9,
    "added": 2,
}
FIGURES: dict[str, Any] = {"start": AT, "end": AT, "totals": TOTALS, "lines": REPORT_LINES, "more": 9}
REPORT = Thing(version=2, hash="0" * 64, state="returned", reason=WICKED * 40, remarks=WICKED * 40)
OF_LIST: dict[str, Any] = {
    "duty": DUTY,
    "due": AT,
    "overdue": True,
    "returned": True,
    "at": AT,
    "version": 2,
    "reason": WICKED,
    "state": "open",
}
TASK: dict[str, Any] = {"name": LONG, "unit": LONG, "due": AT, "state": "late", "settled": AT, "overdue": False}
TASK |= {"remark": WICKED * 20}
TASK_COUNT = {"name": LONG, "wording": LONG, "total": 530, "done": 500, "late": 99, "open": 30, "past": True}
NEW_TASK: dict[str, Any] = {"name": WICKED, "day": AT.date(), "owners": [LONG] * 20, "units": 530}
TASKS: dict[str, dict[str, Any]] = {
    "guidance/text": {"name": WICKED, "source": WICKED, "text": "x" * 3_000, "read": True, "readers": (1, 2)},
    "tasks/all": {"unit": LONG, "tasks": [TASK_COUNT] * 6, "total": 60},
    "tasks/confirm": NEW_TASK,
    "tasks/day": {"name": WICKED},
    "tasks/done": {"name": LONG, "late": True, "due": AT, "most": 200},
    "tasks/found": {"typed": LONG, "number": 8},
    "tasks/list": {"unit": LONG, "tasks": [TASK] * 6, "total": 60},
    "tasks/name": {"most": 80},
    "tasks/owners": {"name": WICKED, "owners": [LONG] * 20},
    "tasks/remarked": {"name": LONG, "remark": WICKED * 20},
    "tasks/saved": {"name": WICKED, "day": AT.date(), "units": 530},
    "tasks/task": {"name": LONG, "wording": LONG, "units": [TASK] * 8, "total": 530},
}

STANDING = Thing(expected=4, filed=2, on_time=1, late=1, excused=1, open=1)

PERSON_LINE = {"name": WICKED, "kind": WICKED, "role": "deputy", "state": "pending", "unit": WICKED}
PEOPLE_NUMBERS = Thing(all=12_345, pending=2, listed=3, left=4, silent=5)
LISTED = Thing(**{**vars(MEMBER), "state": "left", "left_reason": WICKED * 10, "role": "unit_admin"})
REQUEST = {"number": 7, "kind": "access", "name": WICKED, "unit": WICKED, "asked": AT, "due": AT, "answered": AT}
REQUEST |= {"late": True}
DUE_REQUEST = {"number": 7, "of": "erasure", "name": WICKED, "unit": WICKED, "due": AT}
PEOPLE: dict[str, dict[str, Any]] = {
    "claims/done": {"member": MEMBER, "kind": WICKED},
    "claims/told": {"name": WICKED, "unit": WICKED},
    "claims/wrong": {"left": 4},
    "data_requests/answer": {"body": WICKED, "of": "access", "at": AT, "answer": "x" * 1_000},
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
        "each": {**REQUEST, "words": "x" * 1_000, "answer": "y" * 1_000},
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
    "members/code": {"name": WICKED, "code": WICKED, "link": WICKED, "door": None},
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
        "by_name": False,
        "twins": [WICKED] * 4,
        "due": [(DUTY, AT, True)] * 5,
        "more_due": 4,
    },
    "units/confirm": {
        "unit": WICKED,
        "name": WICKED,
        "parent": WICKED,
        "number": 999,
        "tags": [(LONG, LONG, LONG)] * 5,
        "clashes": [(LONG, LONG, LONG)] * 5,
        "more_clashes": 3,
        "by_hand": 2,
        "owed": [WICKED],
        "not_owed": [WICKED],
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
    "units/fault": {"unit": WICKED, "fault": "same"},
    "units/found": {"typed": WICKED, "number": 8, "more": True},
    "units/list": {"unit": WICKED, "closed": False, "page": 1},
    "units/press": {"unit": WICKED},
    "units/saved": {"unit": WICKED, "changed": 3, "left": 2},
}

ROSTER_LINE = {"name": LONG, "at": AT, "by": WICKED, "state": "writing"}
ROSTER_LINE["written"] = {"new": 12_345, "changed": 12_345, "same": 1, "passed": 12_345}
ROSTER_FIGURES = {"new": 12_345, "changed": 12_345, "same": 12_345, "faulty": 12_345, "waiting": 7, "kindless": 7}
UNDONE = {"gone": 12_345, "returned": 7, "changed_since": 7, "stay": 99}
ROSTERS: dict[str, dict[str, Any]] = {
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
    "rosters/undo": {"name": LONG, "gone": 12_345, "changed": 7, "stay": 99, "names": [LONG] * 20},
    "rosters/undoing": {"name": WICKED},
    "rosters/undone": {"name": LONG, "undone": UNDONE, "names": [LONG] * 20, "units": 7},
    "rosters/units": {"names": [LONG] * 15, "more": 85},
    "rosters/unreadable": {"name": WICKED, "fault": "no_header"},
    "rosters/writing": {"name": WICKED, "number": 12_345},
}

# What the handlers pass to each message; a message that is not here takes nothing.
VALUES: dict[str, dict[str, Any]] = {
    **values_of_roles(WICKED, AT),
    **PAGES,
    **TASKS,
    "approval/approved": {"unit": WICKED},
    "approval/decided": {"approved": True, "member": MEMBER, "others": [WICKED]},
    "approval/decided_before": {"member": MEMBER},
    "files/link": {"name": WICKED, "size": 12_345, "hours": 24, "url": WICKED},
    "files/no_link": {"name": WICKED},
    "menus/choose": {},
    "menus/more": {},
    "menus/again": {"why": "expired", "about": WICKED},
    "menus/options": {"numbered": [("1", WICKED)], "named": [WICKED], "solemn": [("DUYỆT 1234", WICKED)]},
    "approval/invitation": {"link": WICKED, "door": None, "unit": WICKED, "until": AT},
    "approval/refused": {"unit": WICKED},
    "approval/request": {
        "kind": WICKED,
        "member": MEMBER,
        "path": [WICKED, WICKED],
        "listed": [(1, WICKED, None), (2, None, None)],
    },
    "broadcasts/agreed": {"number": 7, "starts": AT},
    "broadcasts/answer": {"who": LONG, "unit": LONG, "words": WICKED},
    "broadcasts/answered": {"who": LONG, "unit": LONG, "number": 7, "words": WICKED},
    "broadcasts/approved": {"by": WICKED, "starts": AT},
    "broadcasts/ask_list": {"most": 200},
    "broadcasts/ask_reason": {"number": 7, "most": 200},
    "broadcasts/asked": {"who": WICKED, "unit": WICKED, "reach": 18_426, "starts": AT, "urgent": True},
    "broadcasts/audience": {"audience": AUDIENCE, "reach": 18_426, "unknown": [LONG] * 10, "more": 190},
    "broadcasts/card": {
        "number": 7,
        "beginning": LONG,
        "attached": "picture",
        "audience": AUDIENCE,
        "seen": Thing(reach=18_426, people=18_000, groups=426, examples=[Thing(name=LONG, unit=LONG)] * 5),
        "left_out": [(WICKED, 600, [Thing(name=LONG, unit=LONG)] * 5)] * 4,
        "seconds": 640,
        "starts": AT,
        "urgent": True,
        "asks": True,
    },
    "broadcasts/choose": {"field": "kinds"},
    "broadcasts/choose_missing": {"empty": False},
    "broadcasts/disagreed": {"number": 7},
    "broadcasts/list": {"broadcasts": [{"number": 7, "at": AT, "state": "asked", "beginning": LONG}] * 6},
    "broadcasts/list_bad": {"names": [LONG] * 10},
    "broadcasts/message": {"unit": WICKED, "text": WICKED, "confirm": True, "replies": True},
    "broadcasts/outcome": {"state": "in_doubt"},
    "broadcasts/over": {"number": 7, "state": "done", "sent": 18_000, "total": 18_426},
    "broadcasts/passed_on": {"done": True},
    "broadcasts/progress": PROGRESS_OF_BROADCAST,
    "broadcasts/reason": {"code": "blocked"},
    "broadcasts/reason_bad": {"most": 200},
    "broadcasts/refused": {"by": WICKED, "reason": LONG},
    "broadcasts/report": {"number": 7, "reached": 18_000, "total": 18_426},
    "broadcasts/role": {"role": "deputy"},
    "broadcasts/settled": {"number": 7, "state": "refused"},
    "broadcasts/stop": {"number": 7, "left": 18_426},
    "broadcasts/submitted": {"outcome": "asked", "starts": AT, "most": 200},
    "broadcasts/ask_text": {"files": True},
    "broadcasts/text_bad": {"most": 3800, "length": 4000, "files": True},
    "broadcasts/unreached": {"number": 7, "lines": [(1, LONG, LONG, WICKED, LONG)] * 8},
    "broadcasts/waiting": {"number": 7, "state": "refused", "starts": AT, "reason": WICKED},
    "broadcasts/when_bad": {"most": 31},
    "broadcasts/words_bad": {"most": 3000},
    "broadcasts/write": {"most": 3000, "to_author": True},
    "deadlines/ask": {"step": "day", "name": WICKED, "rhythm": "weekly"},
    "deadlines/confirm": {
        **DUTY_CHANGE,
        **DUTY_CARD,
        "old_name": LONG,
        "added": False,
        "revived": True,
        "nothing": False,
    },
    "deadlines/cut_off_bad": {"most": 31},
    "deadlines/day_bad": {"rhythm": "weekly"},
    "deadlines/days_off": {"lines": [(AT.date(), True, WICKED), (AT.date(), False, "")], "may_change": False},
    "deadlines/days_off_ask": {"off": True},
    "deadlines/days_off_bad": {"fault": "past", "off": True, "most": 31},
    "deadlines/days_off_confirm": {
        "days": [(AT.date(), True), (AT.date(), False), (AT.date(), None)],
        "note": WICKED,
        "steps": Thing(moved=1, added=0, dropped=2),
    },
    "deadlines/days_off_note": {"off": True},
    "deadlines/duties": {"duties": [{"name": WICKED, "wording": WICKED, "due": AT.time(), "ended_on": AT.date()}]},
    "deadlines/duty": {**DUTY_CARD, "before_day_off": True, "upcoming": [AT, AT], "source": WICKED},
    "deadlines/ended": {"duties": [DUTY_CARD]},
    "deadlines/ics": {"number": 71},
    "deadlines/name_bad": {"most": 80},
    "deadlines/of_campaign": {
        "unit": WICKED,
        "periods": [
            {"name": WICKED, "due": AT, "minutes": 90, "counted": True, "total": 3, "filed": 1, "excused": 1},
        ],
    },
    "deadlines/of_unit": {
        "unit": WICKED,
        "overdue": [DUE],
        "more": 2,
        "settled": [DUE | {"state": "late", "settled": AT}],
        "upcoming": [DUE, DUE | {"opens": AT}, DUE | {"state": "filed", "settled": AT}, DUE | {"state": "excused"}],
    },
    "deadlines/period": {"name": WICKED, "named": AT.date(), "day": None},
    "deadlines/period_bad": {"ended_on": AT.date()},
    "deadlines/period_confirm": {
        **{key: value for key, value in DUTY_CHANGE.items() if key in ("moved", "more", "reminders", "units")},
        "name": WICKED,
        "reason": WICKED,
        "nothing": True,
    },
    "deadlines/period_saved": {"name": WICKED, "named": AT.date(), "day": AT.date(), "restored": False},
    "deadlines/periods": {"name": WICKED, "lines": [(AT.date(), None), (AT.date(), AT.date())]},
    "deadlines/reason_bad": {"most": 200},
    "deadlines/remind_at_bad": {"quiet": (AT.time(), AT.time())},
    "deadlines/rhythm": {"rhythm": "weekly"},
    "deadlines/saved": {"name": WICKED, "added": False, "revived": False, "ended_on": AT.date()},
    "deadlines/step": {"step": "before_3d"},
    "deadlines/step_bad": {"most": 10},
    "deadlines/wording": {"rhythm": "weekly", "days": [AT.date()], "weekday": 4, "number": 0},
    "hint/help": {"access": "ANYONE", "campaign": CAMPAIGN},
    "mine/withdraw": {"post": POST},
    "mine/withdrawn": {"number": 7},
    "posts/counts_now": {"number": 7, "target": Thing(name=WICKED)},
    "posts/full_link": {"number": 7},
    "posts/merged_away": {"number": 7, "into": 3, "mine": False, "unit": WICKED, "at": AT},
    "posts/merged_here": {"number": 7, "other": 8},
    "posts/paste_again": {"number": 7, "tag": WICKED},
    "posts/tag": {"tag": WICKED, "unit": WICKED, "accepted": (WICKED, WICKED), "settled": False},
    "posts/text_too_short": {"number": 7, "tag": WICKED},
    "profile/erase": {"words": WICKED, "leads": True},
    "profile/erase_words_differ": {"words": WICKED},
    "profile/show": {"kind": WICKED, "member": MEMBER, "tag": WICKED, "waiting": True},
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
    **PEOPLE,
    **REMINDERS,
    **ROSTERS,
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
    "reports/excuse": {**OF_REPORT, "most": 200},
    "reports/excuse_done": {**OF_REPORT, "reason": WICKED, "told": 1},
    "reports/excused": {"by": WICKED, "duty": DUTY, "due": AT, "reason": "paper"},
    "reports/file": {"duty": DUTY, "unit": WICKED, "version": 2},
    "reports/filed": {
        "duty": DUTY,
        "unit": WICKED,
        "version": 2,
        "hash": "0" * 8,
        "at": AT,
        "late": True,
        "total": 7,
        "old": 8,
        "added": 1,
        "dropped": 2,
    },
    "reports/form": {
        **OF_REPORT,
        **FIGURES,
        "opens": AT,
        "overdue": True,
        "before": REPORT,
        "changed": CHANGED,
        "last": CHANGED,
    },
    "reports/frozen": {**OF_REPORT, "number": 7},
    "reports/given_back": {"by": WICKED, "duty": DUTY, "due": AT, "reason": WICKED},
    "reports/lines": {
        "duty": DUTY,
        "unit": WICKED,
        "lines": list(enumerate(REPORT_LINES + REPORT_LINES[:10], 1)),
        "total": COUNT,
        "filed": True,
    },
    "reports/list": {"unit": WICKED, "owed": [OF_LIST] * 8, "filed": [{**OF_LIST, "state": "late"}] * 6, "more": True},
    "reports/missing": {"duty": DUTY, "due": AT, "units": [(1, WICKED * 9)] * 8, "total": 9},
    "reports/posts": {
        "duty": DUTY,
        "unit": WICKED,
        "posts": [{**BRIEF, "state": "withdrawn"}, {**BRIEF, "by": None, "target": None, "url": ""}] * 4,
        "total": 9,
        "page": 1,
        "pages": 2,
    },
    "reports/preview": {
        **OF_REPORT,
        "totals": TOTALS,
        "missing": 2,
        "remarks": WICKED * 40,
        "version": 2,
        "overdue": True,
        "again": True,
    },
    "reports/progress": {
        "unit": WICKED,
        "own": PROGRESS.quotas,
        "quotas": QUOTAS,
        "periods": [(DUTY, AT, past, STANDING) for past in (True, False)] * 9,
    },
    "reports/remarks": {"most": 500, "old": WICKED},
    "reports/return": {"duty": DUTY, "unit": WICKED, "version": 2},
    "reports/returned": {"duty": DUTY, "unit": WICKED, "version": 2, "reason": WICKED},
    "reports/same": {"duty": DUTY, "unit": WICKED},
    "reports/settled": {**OF_REPORT, "state": "filed", "version": 2, "by": WICKED, "at": AT, "reason": None},
    "reports/show": {
        **OF_REPORT,
        **FIGURES,
        "report": REPORT,
        "at": AT,
        "late": True,
        "by": WICKED,
        "returned_by": WICKED,
        "intact": False,
    },
    "reports/table": {"unit": WICKED, "start": AT.date(), "end": AT.date()},
    "reports/told": {"unit": WICKED, "duty": DUTY, "due": AT, "version": 2, "late": True, "total": COUNT},
    "reports/unit": {**OF_REPORT, "state": "open", "overdue": True},
    "reports/words_bad": {"most": 500},
    "review/accepted": {"number": 7},
    "review/answer": {"number": 7, "question": WICKED},
    "review/answered": {"number": 7},
    "review/appeal": {"number": 7},
    "review/appealed": {"number": 7, "unit": WICKED},
    "review/asked": {"number": 7, "told": True},
    "review/bulk": {"posts": [BRIEF] * 10},
    "review/bulk_done": {"numbers": [7, 8]},
    "review/case": {
        "case": CASE,
        "post": BRIEF,
        "text": WICKED * 300,
        "why": WHY,
        "refused": Thing(refusal="other", note=WICKED),
        "required": WICKED,
        "evidence": [(LEARNT, AT)],
        "other": BRIEF,
    },
    "review/decided": {"number": 7, "accepted": False, "refusal": "no_tag"},
    "review/disputed": {"number": 7},
    "review/link_bad": {"number": 7},
    "review/merge": {"post": BRIEF, "other": BRIEF},
    "review/merged": {"first": 7, "second": 8},
    "review/no_more": {"skipped": 2},
    "review/number_bad": {"number": 7},
    "review/picture": {"number": 7, "at": AT},
    "review/picture_kept": {"number": 7},
    "review/question": {"number": 7, "words": WICKED, "unit": WICKED},
    "review/queue": {"reasons": [("sample", 2)], "total": 2, "since": AT},
    "review/refused": {"number": 7, "refusal": "other", "note": WICKED, "required": WICKED, "final": False},
    "review/resolved": {"number": 7, "merged": True, "post": POST},
    "review/skipped": {"number": 7},
    "review/waiting": {"total": 2, "since": AT},
    "review/where": {"number": 7},
    "review/why": {"number": 7},
    "review/words": {"number": 7, "what": "ask"},
    "review/words_bad": {"most": 500},
    "start/consent": {"campaign": CAMPAIGN},
    "start/only_campaign": {"campaign": CAMPAIGN},
    "start/welcome_back": {"name": WICKED, "unit": WICKED},
    "summaries/chart": {"unit": WICKED},
    "summaries/follows": {"unit": WICKED, "successor": WICKED},
    "summaries/linked": {"unit": WICKED},
    "summaries/linked_elsewhere": {"unit": WICKED},
    "summaries/named": {"named": False},
    "summaries/nothing": {"summary": SUMMARY},
    "summaries/switched": {"unit": WICKED, "on": False},
    "summaries/too_soon": {"again": AT},
    "summaries/unlinked": {"unit": WICKED},
    "summaries/week": {"summary": SUMMARY},
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


def variants() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every message, and those that say several things in each way that they can."""
    for name in set(MESSAGES) - {"posts/answer", "mine/list"}:
        yield name, VALUES.get(name, {})
    for access in Access:
        yield "hint/help", {"access": access.name, "campaign": CAMPAIGN}
    for step in ("register", "posts", "profile"):
        yield "register/expired", {"step": step}
    for text in ("", "A 1", "https://a.vn/b", "#A", "a" * 200, "???"):
        yield "register/name_bad", {"fault": name_fault(text)}
    for fault in ("unread", "far", "unit", "successors"):
        yield "reorganise/day_bad", {"unit": WICKED, "fault": fault, "names": [WICKED]}
    yield "reorganise/parts", {"unit": WICKED, "parts": []}
    yield "reorganise/parts_bad", {"outside": []}
    yield "profile/show", {"kind": None, "member": None, "tag": None, "waiting": False}
    yield "register/name", {"unit": None}
    for period, state in product(PERIODS, PostState):
        yield (
            "mine/list",
            listing(period, [(Thing(id=7, url=WICKED, state=state, merged_into_id=3), Thing(name=WICKED), AT)]),
        )
    yield "mine/list", listing("all", [])
    for each in receipts():
        yield "posts/answer", answer(each)
    yield from (("menus/again", {"why": why, "about": WICKED}) for why in ("unknown", "more"))
    yield "menus/options", {"numbered": [], "named": [WICKED], "solemn": []}
    yield "approval/invitation", VALUES["approval/invitation"] | {"door": WICKED}
    yield from reviews()
    yield from variants_of_roles(WICKED, AT)
    yield from tag_messages()
    yield from people_messages()
    yield from reports()
    yield from deadline_messages()
    yield from reminder_messages()
    yield from broadcast_messages()
    yield from summaries()
    yield from page_messages()
    yield from task_messages()


def reports() -> Iterator[tuple[str, dict[str, Any]]]:
    """What the conversation about reports says in other cases than those of the table."""
    nothing: dict[str, Any] = {"opens": None, "overdue": False, "before": None, "changed": None, "last": None}
    empty = {"lines": [], "more": 0, "totals": {**TOTALS, "members": [], "targets": []}}
    yield "reports/form", {**VALUES["reports/form"], **nothing, **empty}
    yield "reports/form", {**VALUES["reports/form"], "before": Thing(version=1, state="filed", reason=None)}
    for state in ("replaced", "returned"):
        report = Thing(version=1, hash="0" * 64, state=state, reason=None, remarks=None)
        other = {"report": report, "late": False, "by": None, "returned_by": None, "intact": True}
        yield "reports/show", {**VALUES["reports/show"], **empty, **other}
    yield "reports/filed", {**VALUES["reports/filed"], "old": None, "late": False}
    yield "reports/list", {"unit": WICKED, "owed": [], "filed": [], "more": False}
    excused = {**OF_LIST, "state": "excused", "overdue": False, "returned": False, "version": None, "reason": None}
    done = [excused, {**excused, "reason": "paper"}, {**excused, "state": "filed"}]
    yield "reports/list", {"unit": WICKED, "owed": [], "filed": done, "more": True}
    bare = {"missing": 0, "remarks": None, "overdue": False, "again": False}
    yield "reports/preview", {**VALUES["reports/preview"], **bare}
    yield "reports/lines", {**VALUES["reports/lines"], "lines": [], "filed": False}
    yield "reports/posts", {**VALUES["reports/posts"], "posts": [], "total": 0, "pages": 1}
    yield "reports/missing", {"duty": None, "due": None, "units": [], "total": 0}
    bare_progress = {"unit": WICKED, "own": [], "quotas": []}
    yield "reports/progress", {**bare_progress, "periods": []}
    yield "reports/progress", {**bare_progress, "periods": [(DUTY, AT, True, Thing(**{**vars(STANDING), "open": 0}))]}
    yield "reports/remarks", {"most": 500, "old": None}
    yield "reports/excuse_done", {**VALUES["reports/excuse_done"], "told": 0}
    yield "reports/told", {**VALUES["reports/told"], "version": 1, "late": False}
    for state in ("filed", "late", "excused", "closed", "open"):
        yield "reports/unit", {**VALUES["reports/unit"], "state": state, "overdue": False}
        for version in (2, None):
            yield "reports/settled", {**VALUES["reports/settled"], "state": state, "version": version, "by": None}


def task_messages() -> Iterator[tuple[str, dict[str, Any]]]:
    """What is said of tasks in other cases than those of the table."""
    for state, overdue in (("open", True), ("open", False), ("filed", False), ("excused", False)):
        yield "tasks/list", {"unit": WICKED, "tasks": [{**TASK, "state": state, "overdue": overdue}], "total": 1}
    yield "tasks/list", {"unit": WICKED, "tasks": [], "total": 0}
    yield "tasks/all", {"unit": WICKED, "tasks": [], "total": 0}
    for total, past in ((0, True), (0, False), (5, False)):
        counted = {**TASK_COUNT, "total": total, "late": 0, "past": past}
        yield "tasks/all", {"unit": WICKED, "tasks": [counted], "total": 1}
    yield "tasks/done", {**VALUES["tasks/done"], "late": False}
    yield "tasks/task", {"name": WICKED, "wording": WICKED, "units": [], "total": 0}
    yield "tasks/owners", {"name": WICKED, "owners": []}
    yield "guidance/text", {**VALUES["guidance/text"], "read": False, "readers": None}
    yield "tasks/found", {"typed": WICKED, "number": 0}
    yield "posts/tag", {"tag": "", "unit": WICKED, "accepted": (), "settled": True}


def reviews() -> Iterator[tuple[str, dict[str, Any]]]:
    for reason in CaseReason:
        yield "review/queue", {"reasons": [(reason, 2)], "total": 2, "since": AT}
        yield "review/case", VALUES["review/case"] | {"case": Thing(reason=reason, answer=None, question=None)}
    yield "review/queue", {"reasons": [], "total": 0, "since": None}
    bare: dict[str, Any] = {"text": None, "why": None, "refused": None, "evidence": [], "other": None}
    yield "review/case", VALUES["review/case"] | bare | {"post": BRIEF | {"by": None, "target": None, "url": ""}}
    yield "review/case", VALUES["review/case"] | bare | {"required": ""}
    for fault in FAULTS:
        yield "review/case", VALUES["review/case"] | {"why": why(fault)}
    for refusal, final in product(REFUSALS, (True, False)):
        yield "review/refused", VALUES["review/refused"] | {"refusal": refusal, "final": final}
        yield "review/decided", {"number": 7, "accepted": final, "refusal": refusal}
    for what in TYPED:
        yield "review/words", {"number": 7, "what": what}
    yield "review/appealed", {"number": 7, "unit": None}
    yield "review/bulk_done", {"numbers": []}
    yield "review/no_more", {"skipped": 0}
    yield "posts/tag", {"tag": WICKED, "unit": WICKED, "accepted": (), "settled": True}
    yield "posts/merged_away", VALUES["posts/merged_away"] | {"mine": True}


def summaries() -> Iterator[tuple[str, dict[str, Any]]]:
    bare: dict[str, Any] = {"places": [], "own": [], "quotas": [], "praised": [], "boards": [], "due": []}
    for more in (0, -2):
        yield "summaries/week", {"summary": Thing(**vars(SUMMARY) | bare | {"more": more})}
    yield "summaries/nothing", {"summary": Thing(**vars(SUMMARY) | bare)}
    yield "summaries/named", {"named": True}
    yield "summaries/switched", {"unit": WICKED, "on": True}
    yield "summaries/follows", {"unit": WICKED, "successor": None}


def tag_messages() -> Iterator[tuple[str, dict[str, Any]]]:
    """What the conversation about hashtags says in other cases than those of the table."""
    for typed in ("", "a b", "a-b", "1", "а", "a" * 200):
        yield "tags/tag_bad", {"fault": tag_fault(f"#{typed}"), "most": 100}
    overview = VALUES["tags/overview"]
    nothing: dict[str, Any] = {"required": None, "upcoming": [], "accepted": [], "former": [], "names": []}
    always = {"required": {**TAG_LINE, "since": None, "last": None}, "by": None}
    yield from (("tags/overview", {**overview, **other}) for other in (nothing, always, {"by_name": True}))
    confirm = VALUES["tags/confirm"]
    nobody = {"posts": 0, "members": 0, "upcoming": True}
    other = {"required": False, "old": None, "old_last": None, "start": None, "last": None}
    yield from (("tags/confirm", {**confirm, **each}) for each in (nobody, other, {"old_last": None}))
    changed = VALUES["tags/changed"]
    yield from (("tags/changed", {**changed, **each}) for each in ({"since": None, "old": None}, {"old_last": None}))
    yield "tags/alike", {"whose": WICKED, "same": [], "near": [], "more": 0}
    yield "tags/members", {"whose": WICKED, "total": 0, "members": []}
    yield "tags/end", {**VALUES["tags/end"], "upcoming": False}
    yield "tags/day_bad", {"start": None}
    yield "tags/day_taken", {**VALUES["tags/day_taken"], "free": None}
    yield "tags/taken", {**VALUES["tags/taken"], "offered": False}


def reminder_messages() -> Iterator[tuple[str, dict[str, Any]]]:
    """What is said of deadlines in other cases than those of the table."""
    soon = [{"name": WICKED, "lines": [{**LINES[0], "days": days} for days in (1, 3)]}]
    yield "reminders/reports", {"units": soon, "more": 0, "late": False, "left": 0, "last": AT, "tasks": True}
    yield "reminders/overdue", {"due": AT, "duties": [{**MISSING, "more": 0}], "late": False}
    yield from (("reminders/all_told", {"units": units, "told": 0, "unheard": 0}) for units in (0, 2))
    yield from (("reminders/paper_sent", {"duty": WICKED, "asked": 0, "waits": waits}) for waits in (True, False))
    yield "reminders/paper_settled", {**REMINDERS["reminders/paper_settled"], "came": False}
    yield "reminders/paper_asked", {**PAPER, "who": None}
    yield "reminders/excuse", {"each": {**EXCUSE, "by": None, "overdue": False, "reason": "paper"}}
    yield "reminders/excuse", {"each": {**EXCUSE, "at": None}}
    yield "reminders/excuses", {"excuses": []}
    yield from (("reminders/taken_back", {"each": EXCUSE, "owed": owed, "told": 0}) for owed in (True, False))
    yield "reminders/unreachable", {**REMINDERS["reminders/unreachable"], "more": 0}


def deadline_messages() -> Iterator[tuple[str, dict[str, Any]]]:
    """What the conversations about deadlines and days off say in other cases than those of the table."""
    for rhythm in ("weekly", "monthly", "quarterly", "yearly", "once"):
        yield "deadlines/ask", {"step": "day", "name": None, "rhythm": rhythm}
        yield "deadlines/day_bad", {"rhythm": rhythm}
        yield "deadlines/rhythm", {"rhythm": rhythm}
        yield "deadlines/wording", {"rhythm": rhythm, "days": [AT.date(), AT.date()], "weekday": 0, "number": -1}
    for step in ("name", "rhythm", "hour", "owed", "cut_off", "steps", "remind_at", "off_day", "end"):
        yield "deadlines/ask", {"step": step, "name": WICKED, "rhythm": None}
    yield "deadlines/ask", {"step": "name", "name": None, "rhythm": None}
    yield "deadlines/ended", {"duties": []}
    yield "deadlines/remind_at_bad", {"quiet": None}
    yield "deadlines/duty", {**VALUES["deadlines/duty"], "cut_off_days": 0, "steps": [], "ended_on": None}
    for step in ("day", "after_1d", "before_2h"):
        yield "deadlines/step", {"step": step}
    for fault in ("long", "far", "same", "unread"):
        yield "deadlines/days_off_bad", {"fault": fault, "off": False, "most": 31}
    bare: dict[str, Any] = {"moved": [], "more": 0, "reminders": Thing(moved=0, added=0, dropped=0), "ended_on": None}
    bare |= {"figures": [], "revived": False, "old_name": None}
    for nothing, added, upcoming in product((True, False), (True, False), (AT, None)):
        other = {"nothing": nothing, "added": added, "upcoming": upcoming, "units_before": 0}
        yield "deadlines/confirm", VALUES["deadlines/confirm"] | bare | other
    confirm = VALUES["deadlines/period_confirm"]
    yield "deadlines/period_confirm", confirm | {"moved": [], "more": 0, "nothing": False, "reason": None}
    for added, revived in ((True, False), (False, False), (False, True)):
        yield "deadlines/saved", {"name": WICKED, "added": added, "revived": revived, "ended_on": None}
    for day, restored in ((None, False), (None, True)):
        yield "deadlines/period_saved", VALUES["deadlines/period_saved"] | {"day": day, "restored": restored}
    yield "deadlines/period", {"name": WICKED, "named": AT.date(), "day": AT.date()}
    yield "deadlines/period_bad", {"ended_on": None}
    yield "deadlines/duties", {"duties": []}
    yield "deadlines/of_unit", {"unit": WICKED, "overdue": [], "more": 0, "settled": [], "upcoming": []}
    yield "deadlines/of_campaign", {"unit": WICKED, "periods": []}
    yield "deadlines/days_off", {"lines": [], "may_change": True}
    yield "deadlines/days_off_ask", {"off": False}
    yield "deadlines/days_off_note", {"off": False}


def people_messages() -> Iterator[tuple[str, dict[str, Any]]]:
    """What is said of units, members and requests about data in other cases than those of the table."""
    card = PEOPLE["units/card"]
    nobody = Thing(all=0, pending=0, listed=0, left=0, silent=0)
    bare: dict[str, Any] = {"above": [], "opened": None, "closed": None, "numbers": nobody, "living": 0, "admins": []}
    bare |= {"tag": None, "by_name": True, "due": [], "more_due": 0}
    yield from (("units/card", {**card, **each}) for each in (bare, {**bare, "by_name": False}, {"to_come": False}))
    yield from (("units/ask", {"unit": WICKED, "what": what}) for what in ("type", "add", "day", "move"))
    for fault in get_args(Fault):
        yield "units/fault", {"unit": WICKED, "fault": fault}
    plain: dict[str, Any] = {"name": None, "parent": None, "number": 0, "tags": [], "clashes": []}
    plain |= {"more_clashes": 0, "by_hand": 0, "owed": [], "not_owed": []}
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
    yield "approval/request", {**VALUES["approval/request"], "listed": []}
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


def listing(period: str, posts: list[Any]) -> dict[str, Any]:
    return {"period": period, "posts": posts, "page": 1, "pages": 2, "total": 9, "progress": PROGRESS}


def answer(*receipts: Thing) -> dict[str, Any]:
    targets = [Thing(name=WICKED), Thing(name=WICKED)]
    return {"receipts": receipts, "waiting": [7, 8], "left_out": 2, "targets": targets, "progress": PROGRESS}


def receipts() -> Iterator[Thing]:
    for what, kind in product(("profile", "group", "story", "hashtag", "search", None), ("not_post", "album")):
        yield receipt("not_post", what=what, kind=kind)
    for mine, by in product((True, False), (WICKED, None)):
        yield receipt("already", mine=mine, by=by)
    yield receipt("unknown_site")
    yield receipt("off_target")
    for wanted, target, double_of in product(get_args(Need), (Thing(name=WICKED), None), (3, None)):
        yield receipt("logged", need=wanted, target=target, double_of=double_of)
    for fault in FAULTS:
        yield receipt("logged", need="tag", why=why(fault))
    for whose in (Thing(name=WICKED, old=False, last=None), Thing(name=WICKED, old=True, last=AT)):
        yield receipt("logged", need="tag", why=why("someone_elses", whose=whose))
    yield receipt("logged", need="tag", why=Thing(fault="absent", written=None, found=(), marks=(), whose=None))
    yield receipt("logged", need="review", settled=False)


def broadcast_messages() -> Iterator[tuple[str, dict[str, Any]]]:
    for outcome in Submitted:
        yield "broadcasts/submitted", {"outcome": outcome, "starts": AT, "most": 200}
    for state in BroadcastState:
        yield "broadcasts/settled", {"number": 7, "state": state}
    for word in ("running", "done"):
        quiet = dict.fromkeys(("left", "failed", "in_doubt", "left_out", "stopped"), 0)
        yield "broadcasts/progress", PROGRESS_OF_BROADCAST | {"state": word, "read": None, "started": None} | quiet
    for code in REASONS:
        yield "broadcasts/reason", {"code": code}
    for recipient in RecipientState:
        yield "broadcasts/outcome", {"state": recipient}
    for field in ("unit_types", "roles"):
        yield "broadcasts/choose", {"field": field}
    for reason in ("asked", "set"):
        yield "broadcasts/waiting", {"number": 7, "state": reason, "starts": AT, "reason": ""}
    everybody = Thing(root=WICKED, unit_types=[], roles=[], kinds=[], units=([], 0), people=([], 0))
    plain = Thing(**vars(everybody), missing=None, no_post=False, not_reached=None, groups="instead")
    yield "broadcasts/audience", {"audience": plain, "reach": 0, "unknown": [], "more": 0}
    nobody = Thing(reach=0, people=0, groups=0, examples=[])
    card = VALUES["broadcasts/card"] | {"seen": nobody, "left_out": [], "starts": None, "urgent": False, "asks": False}
    yield "broadcasts/card", card | {"attached": None, "audience": plain}
    yield "broadcasts/list", {"broadcasts": []}
    yield "broadcasts/unreached", {"number": 7, "lines": []}
    yield "broadcasts/ask_text", {"files": False}
    yield "broadcasts/text_bad", {"most": 3800, "length": 0, "files": False}
    yield "broadcasts/choose_missing", {"empty": True}
    yield "broadcasts/write", {"most": 3000, "to_author": False}
    yield "broadcasts/passed_on", {"done": False}


def why(fault: str, **fields: Any) -> Thing:
    return Thing(**vars(WHY) | {"fault": fault, **fields})


def receipt(outcome: str, **fields: Any) -> Thing:
    usual: dict[str, Any] = {
        "need": "nothing",
        "url": WICKED * 9,
        "kind": "post",
        "what": None,
        "platform": "facebook",
        "number": 7,
    }
    usual |= {"required": WICKED, "target": None, "double_of": None, "settled": True, "why": WHY}
    usual |= {"mine": False, "by": WICKED, "by_unit": WICKED, "at": AT}
    return Thing(outcome=outcome, **{**usual, **fields})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_in_every_variant_is_html_that_telegram_takes(language: str) -> None:
    for name, values in variants():
        text, _ = parse(render(name, language, **values))
        assert text.strip(), name
        assert len(text) <= TEXT_MAX, name
        assert re.search(r"\bNone\b(?! yet)", text) is None, name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name, values in VALUES.items() if WICKED in values.values()])
def test_what_people_write_is_shown_as_they_wrote_it(name: str, language: str) -> None:
    text, _ = parse(render(name, language, **VALUES[name]))
    assert WICKED in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_of_a_hashtag_has_words_of_its_own(language: str) -> None:
    told = {
        fault: render("posts/answer", language, **answer(receipt("logged", need="tag", why=why(fault))))
        for fault in FAULTS
    }
    told.pop("i_y", None)  # said as any other slip of the finger
    assert len(set(told.values())) == len(told)


def test_both_languages_have_the_same_messages() -> None:
    english = sorted(str(path.relative_to(HERE / "en").with_suffix("")) for path in (HERE / "en").rglob("*.html"))
    assert english == TEMPLATES


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_message_takes_the_same_values_in_both_languages(name: str) -> None:
    assert variables(name, "en") == variables(name, "vi")


@pytest.mark.parametrize("name", sorted(set(MESSAGES) - {"posts/answer", "mine/list"}))
def test_the_table_holds_what_a_message_takes_and_no_more(name: str) -> None:
    assert set(VALUES.get(name, {})) == variables(name, "vi")


def test_every_message_is_said_somewhere_and_every_message_said_is_there() -> None:
    said = {text for text in literals() if text in TEMPLATES} | {f"register/{step}" for step in STEPS}
    assert said == {*MESSAGES, *WEB_PAGES}


def test_every_label_is_on_some_button_and_every_button_has_its_label_in_both_languages() -> None:
    on_buttons = {f"language.{code}" for code in LANGUAGES} | {f"mine.{period}" for period in PERIODS}
    on_buttons |= {f"refusal.{code}" for code in REFUSALS}
    on_buttons |= {text for call in calls("Tap", "Copy", "Visit") for text in strings(call.args[0])}
    on_buttons -= {"language.", "mine.", "refusal."}  # the fixed parts of those above
    assert set(_labels("vi")) == on_buttons
    assert set(_labels("en")) == on_buttons


@pytest.mark.parametrize("key", _labels("vi"))
def test_a_label_takes_the_same_values_in_both_languages(key: str) -> None:
    values = {"path": "{x}", "name": "{x}", "number": 9_999_999}
    vietnamese, english = label(key, "vi", **values), label(key, "en", **values)
    assert ("{x}" in vietnamese, "9999999" in vietnamese) == ("{x}" in english, "9999999" in english)


def test_a_long_label_is_cut_to_what_is_shown() -> None:
    assert label("register.unit", "vi", path="x" * 61) == "x" * 59 + "…"


def variables(name: str, language: str) -> set[str]:
    return meta.find_undeclared_variables(_environment(language).parse(source(name, language)))


def source(name: str, language: str) -> str:
    return (HERE / language / f"{name}.html").read_text("utf-8")


def sources() -> Iterator[ast.AST]:
    for path in [*ROOT.glob("handlers/*.py"), *ROOT.glob("bot/*.py"), *ROOT.glob("bot/actions/*.py")]:
        yield from ast.walk(ast.parse(Path(path).read_text("utf-8")))


def calls(*names: str) -> Iterator[ast.Call]:
    return (each for each in sources() if isinstance(each, ast.Call) and getattr(each.func, "id", "") in names)


def literals() -> Iterator[str]:
    return (each.value for each in sources() if isinstance(each, ast.Constant) and isinstance(each.value, str))


def strings(tree: ast.AST) -> set[str]:
    return {each.value for each in ast.walk(tree) if isinstance(each, ast.Constant) and isinstance(each.value, str)}
