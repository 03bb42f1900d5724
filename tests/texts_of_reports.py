"""What the messages about reports and tasks are tried with in tests/test_texts.py."""

from collections.abc import Iterator
from types import SimpleNamespace as Thing
from typing import Any

from tests.texts_of_anything import AT, BRIEF, DUTY, LONG, PROGRESS, QUOTAS, WICKED

OF_REPORT: dict[str, Any] = {"duty": DUTY, "unit": WICKED, "due": AT}

COUNT = Thing(posts=12_345, media=23_456)

TOTALS = {
    "members": [({"vi": WICKED, "en": WICKED}, 7)] * 4,
    "everybody": 28,
    "targets": [(WICKED, WICKED, COUNT), (WICKED, WICKED, COUNT), (None, None, COUNT)],
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
    "guidance/text": {
        "name": WICKED,
        "source": WICKED,
        "text": WICKED + "x" * 2_990,
        "asks": "read",
        "read": True,
        "readers": (1, 2),
        "target": None,
    },
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

REPORTS: dict[str, dict[str, Any]] = {
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
    "reports/own_progress": {"unit": WICKED, "progress": PROGRESS},
    "reports/progress": {
        "unit": WICKED,
        "mine": PROGRESS.quotas,
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
}


def reports() -> Iterator[tuple[str, dict[str, Any]]]:
    """What the conversation about reports says in other cases than those of the table."""
    nothing: dict[str, Any] = {"opens": None, "overdue": False, "before": None, "changed": None, "last": None}
    empty = {"lines": [], "more": 0, "totals": {**TOTALS, "members": [], "targets": []}}
    yield "reports/form", {**REPORTS["reports/form"], **nothing, **empty}
    yield "reports/form", {**REPORTS["reports/form"], "before": Thing(version=1, state="filed", reason=None)}
    for state in ("replaced", "returned"):
        report = Thing(version=1, hash="0" * 64, state=state, reason=None, remarks=None)
        other = {"report": report, "late": False, "by": None, "returned_by": None, "intact": True}
        yield "reports/show", {**REPORTS["reports/show"], **empty, **other}
    yield "reports/filed", {**REPORTS["reports/filed"], "old": None, "late": False}
    yield "reports/list", {"unit": WICKED, "owed": [], "filed": [], "more": False}
    yield "reports/excused", {**REPORTS["reports/excused"], "reason": WICKED}
    excused = {**OF_LIST, "state": "excused", "overdue": False, "returned": False, "version": None, "reason": None}
    done = [excused, {**excused, "reason": "paper"}, {**excused, "reason": WICKED}, {**excused, "state": "filed"}]
    yield "reports/list", {"unit": WICKED, "owed": [], "filed": done, "more": True}
    bare = {"missing": 0, "remarks": None, "overdue": False, "again": False}
    yield "reports/preview", {**REPORTS["reports/preview"], **bare}
    yield "reports/lines", {**REPORTS["reports/lines"], "lines": [], "filed": False}
    yield "reports/posts", {**REPORTS["reports/posts"], "posts": [], "total": 0, "pages": 1}
    yield "reports/missing", {"duty": None, "due": None, "units": [], "total": 0}
    bare_progress = {"unit": WICKED, "mine": [], "own": [], "quotas": []}
    yield "reports/progress", {**bare_progress, "periods": []}
    yield "reports/own_progress", {"unit": WICKED, "progress": Thing(week=0, month=0, quotas=())}
    yield "reports/progress", {**bare_progress, "periods": [(DUTY, AT, True, Thing(**{**vars(STANDING), "open": 0}))]}
    yield "reports/remarks", {"most": 500, "old": None}
    yield "reports/excuse_done", {**REPORTS["reports/excuse_done"], "told": 0}
    yield "reports/told", {**REPORTS["reports/told"], "version": 1, "late": False}
    for state in ("filed", "late", "excused", "closed", "open"):
        yield "reports/unit", {**REPORTS["reports/unit"], "state": state, "overdue": False}
        for version in (2, None):
            yield "reports/settled", {**REPORTS["reports/settled"], "state": state, "version": version, "by": None}


def task_messages() -> Iterator[tuple[str, dict[str, Any]]]:
    """What is said of tasks in other cases than those of the table."""
    for state, overdue in (("open", True), ("open", False), ("filed", False), ("excused", False)):
        yield "tasks/list", {"unit": WICKED, "tasks": [{**TASK, "state": state, "overdue": overdue}], "total": 1}
    yield "tasks/list", {"unit": WICKED, "tasks": [], "total": 0}
    yield "tasks/all", {"unit": WICKED, "tasks": [], "total": 0}
    for total, past in ((0, True), (0, False), (5, False)):
        counted = {**TASK_COUNT, "total": total, "late": 0, "past": past}
        yield "tasks/all", {"unit": WICKED, "tasks": [counted], "total": 1}
    yield "tasks/done", {**TASKS["tasks/done"], "late": False}
    yield "tasks/task", {"name": WICKED, "wording": WICKED, "units": [], "total": 0}
    yield "tasks/owners", {"name": WICKED, "owners": []}
    yield "guidance/text", {**TASKS["guidance/text"], "read": False, "readers": None}
    for read in (True, False):
        yield "guidance/text", {**TASKS["guidance/text"], "asks": "follow", "read": read, "target": 75}
    yield "tasks/found", {"typed": WICKED, "number": 0}
    yield "posts/tag", {"tag": "", "unit": WICKED, "accepted": (), "settled": True}
