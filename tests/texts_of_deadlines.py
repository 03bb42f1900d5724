"""What the messages about deadlines, days off and reminders are tried with in tests/test_texts.py."""

from collections.abc import Iterator
from itertools import product
from types import SimpleNamespace as Thing
from typing import Any

from tests.texts_of_anything import AT, LONG, WICKED

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

DEADLINES: dict[str, dict[str, Any]] = {
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
    "deadlines/periods": {
        "name": WICKED,
        "lines": [(AT.date(), None), (AT.date(), AT.date()), (AT.date(), AT.date().replace(day=4))],
    },
    "deadlines/reason_bad": {"most": 200},
    "deadlines/remind_at_bad": {"quiet": (AT.time(), AT.time())},
    "deadlines/rhythm": {"rhythm": "weekly"},
    "deadlines/saved": {"name": WICKED, "added": False, "revived": False, "ended_on": AT.date()},
    "deadlines/step": {"step": "before_3d"},
    "deadlines/step_bad": {"most": 10},
    "deadlines/wording": {"rhythm": "weekly", "days": [AT.date()], "weekday": 4, "number": 0},
}


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
    yield "deadlines/duty", {**DEADLINES["deadlines/duty"], "cut_off_days": 0, "steps": [], "ended_on": None}
    for step in ("day", "after_1d", "before_2h"):
        yield "deadlines/step", {"step": step}
    for fault in ("long", "far", "same", "unread"):
        yield "deadlines/days_off_bad", {"fault": fault, "off": False, "most": 31}
    bare: dict[str, Any] = {"moved": [], "more": 0, "reminders": Thing(moved=0, added=0, dropped=0), "ended_on": None}
    bare |= {"figures": [], "revived": False, "old_name": None}
    for nothing, added, upcoming in product((True, False), (True, False), (AT, None)):
        other = {"nothing": nothing, "added": added, "upcoming": upcoming, "units_before": 0}
        yield "deadlines/confirm", DEADLINES["deadlines/confirm"] | bare | other
    confirm = DEADLINES["deadlines/period_confirm"]
    yield "deadlines/period_confirm", confirm | {"moved": [], "more": 0, "nothing": False, "reason": None}
    for added, revived in ((True, False), (False, False), (False, True)):
        yield "deadlines/saved", {"name": WICKED, "added": added, "revived": revived, "ended_on": None}
    for day, restored in ((None, False), (None, True)):
        yield "deadlines/period_saved", DEADLINES["deadlines/period_saved"] | {"day": day, "restored": restored}
    yield "deadlines/period", {"name": WICKED, "named": AT.date(), "day": AT.date()}
    yield "deadlines/period", {"name": WICKED, "named": AT.date(), "day": AT.date().replace(day=4)}
    yield "deadlines/period_bad", {"ended_on": None}
    yield "deadlines/duties", {"duties": []}
    yield "deadlines/of_unit", {"unit": WICKED, "overdue": [], "more": 0, "settled": [], "upcoming": []}
    yield (
        "deadlines/of_unit",
        {"unit": WICKED, "overdue": [DUE | {"minutes": 180}], "more": 0, "settled": [], "upcoming": []},
    )
    yield "deadlines/of_campaign", {"unit": WICKED, "periods": []}
    yield "deadlines/days_off", {"lines": [], "may_change": True}
    yield "deadlines/days_off_ask", {"off": False}
    yield "deadlines/days_off_note", {"off": False}
