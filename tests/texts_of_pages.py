"""What the messages about pages, the page of the week and commendation are tried with in tests/test_texts.py."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace as Thing
from typing import Any, get_args

from bot.domain.commendation import POINTS, Score, Tally
from bot.domain.figures_typed import FIELDS, FIELDS_OF, Misread
from bot.domain.growth import Growth
from bot.domain.page_links import PageFault
from bot.domain.rosters.table import FILE_FAULTS
from bot.storage.models import BroadcastState
from tests.texts_of_anything import AT, WICKED

URL = f"https://x.vn/?a&b={WICKED}"
LONG = WICKED * 20
DAY = date(2027, 3, 1)
GROWTH = Growth("followers", date(2026, 12, 1), 999_999_999, DAY, 900_000_000)
FIGURES = dict.fromkeys(FIELDS, 999_999_999)
PAGE = Thing(name=WICKED, kind="page", platform="facebook", administrator=WICKED, url=URL)
STANDING = Thing(
    page=PAGE, month=DAY, figures=FIGURES, growths=(GROWTH,), main=GROWTH, target=5, reached=False,
    size=("followers", 999_999_999),
)  # fmt: skip
LINK = Thing(kind="page", platform="facebook", url=URL, unsure=True)
SHOWN = [(LONG, LONG, URL)]
TALLY = Tally(7, "x", 99_999, 9_999, 52, 53, 52, 53, 99_999)
LINE = Thing(score=Score(TALLY, dict.fromkeys(POINTS, 999), 12_345), name=LONG, unit=LONG)
UNIT_LINE = Thing(score=LINE.score, name=LONG, unit=None)
CLASS = Thing(vi=LONG, en=LONG, posts=999_999, others=99, other_posts=99_999)
SHEET = {"new": 12_345, "changed": 12_345, "same": 12_345, "faulty": 12_345, "blank": 7}
WRITTEN = {"new": 12_345, "changed": 12_345, "same": 1, "passed": 12_345}
BATCH = {"name": LONG, "at": AT, "by": WICKED, "state": "writing", "month": DAY, "written": WRITTEN}
PERIOD = {"start": DAY, "end": DAY, "running": True}

PAGES: dict[str, dict[str, Any]] = {
    "pages/administrator": {"name": WICKED},
    "pages/chart": {"name": WICKED},
    "pages/close": {"name": WICKED},
    "pages/closed": {"name": WICKED},
    "pages/confirm": {"link": LINK, "unit": WICKED, "name": WICKED, "administrator": ""},
    "pages/figures": {"name": WICKED, "month": DAY, "fields": FIELDS_OF["page"]},
    "pages/figures_bad": {"why": Misread("number", word=WICKED), "fields": FIELDS_OF["page"]},
    "pages/known": {"name": WICKED, "unit": WICKED},
    "pages/link": {"unit": WICKED},
    "pages/link_bad": {"fault": "private"},
    "pages/list": {"unit": WICKED, "lines": [(12_345, STANDING, LONG)] * 8, "total": 99_999},
    "pages/name": {"old": WICKED},
    "pages/not_yours": {},
    "pages/nudge": {"month": DAY, "names": [LONG] * 10, "more": 99},
    "pages/paste": {"month": DAY},
    "pages/pasted": {"saved": 2, "month": DAY},
    "pages/pasted_check": {
        "month": DAY,
        "read": [(LONG, list(FIGURES.values()))] * 10,
        "more": 190,
        "faults": [(LONG, "number", Misread("number", word=LONG))] * 10,
        "more_faults": 190,
    },
    "pages/show": {"page": PAGE, "unit": WICKED, "found": STANDING, "year": 2027},
    "pages/table": {"unit": WICKED, "total": 7},
    "pages/units": {"unit": WICKED, "units": [(LONG, True, 99_999)] * 10, "total": 99_999},
    "pages/words": {"name": WICKED, "what": "rename"},
    "pages/words_bad": {"most": 120},
    "page_sheets/begin": {"unit": WICKED, "month": DAY, "most": 10},
    "page_sheets/checked": {"name": LONG, "month": DAY, "figures": SHEET, "before": {"at": AT, "by": WICKED}},
    "page_sheets/done": {"name": LONG, "written": WRITTEN, "lines": [12_345] * 30},
    "page_sheets/elsewhere": {"messengers": ["Telegram"]},
    "page_sheets/no_file": {},
    "page_sheets/sheet": {"name": WICKED},
    "page_sheets/show": {"batch": BATCH, "faulty": 7, "undone": {"gone": 7}, "unit": WICKED, "done": 3, "of": 40},
    "page_sheets/template": {"month": DAY},
    "page_sheets/undo": {"name": LONG, "written": WRITTEN},
    "page_sheets/undone": {"name": LONG, "undone": {"gone": 7}},
    "page_sheets/unreadable": {"name": WICKED, "fault": "no_header"},
    "week_page/announced": {"state": "running"},
    "week_page/announcement": {"week": DAY, "pages": SHOWN * 3},
    "week_page/choose": {"typed": WICKED, "total": 99, "chosen": SHOWN * 3},
    "week_page/fault": {"fault": "units"},
    "week_page/not_yours": {},
    "week_page/preview": {"pages": SHOWN * 3, "repeated": [(LONG, DAY)] * 3, "without_district": True},
    "week_page/show": {
        "week": DAY,
        "pages": SHOWN * 3,
        "past": [(DAY, LONG, LONG, URL)] * 8,
        "may_choose": True,
        "in_vain": False,
    },
    "commendation/ask": {},
    "commendation/class": {**PERIOD, "unit": WICKED, "name": CLASS, "lines": [LINE] * 8, "class_": CLASS},
    "commendation/days_bad": {"fault": "future"},
    "commendation/file": {"unit": WICKED, "start": DAY, "end": DAY},
    "commendation/not_yours": {},
    "commendation/posts": {
        "name": WICKED,
        "start": DAY,
        "end": DAY,
        "posts": [{"number": 9_999_999, "url": URL, "at": DAY, "target": Thing(name=LONG)}] * 8,
        "page": 2,
    },
    "commendation/show": {
        **PERIOD,
        "unit": WICKED,
        "classes": [(CLASS, [UNIT_LINE] * 3)] * 6,
        "points": POINTS,
        "more": 2,
    },
}


def page_messages() -> Iterator[tuple[str, dict[str, Any]]]:
    """What they say in other cases than those of the table."""
    for fault in get_args(PageFault):
        yield "pages/link_bad", {"fault": fault}
    for why in (Misread("count", found=7), Misread("nothing")):
        yield "pages/figures_bad", {"why": why, "fields": FIELDS_OF["group"]}
    nothing: dict[str, Any] = {
        "month": None,
        "figures": {},
        "growths": (),
        "main": None,
        "target": None,
        "reached": None,
        "size": None,
    }
    bare = Thing(**{**vars(STANDING), **nothing})
    yield "page_sheets/elsewhere", {"messengers": []}
    some = {"name": "x", "month": DAY, "figures": dict.fromkeys(SHEET, 0), "before": None}
    yield "page_sheets/checked", some
    yield "page_sheets/done", {"name": "x", "written": dict.fromkeys(WRITTEN, 0), "lines": []}
    bare_batch = {**BATCH, "state": "checked", "written": None}
    yield "page_sheets/show", {"batch": bare_batch, "faulty": 0, "undone": None, "unit": "x", "done": 0, "of": 0}
    yield from (("page_sheets/unreadable", {"name": "x", "fault": each}) for each in (*FILE_FAULTS, "not_fetched"))
    yield "rosters/list", {"batches": [(1, BATCH)]}
    still = Thing(**{**vars(STANDING), "growths": (Growth("members", DAY, 0, DAY, 0), GROWTH), "reached": True})
    for found in (bare, still, Thing(**{**vars(STANDING), "growths": ()})):
        yield "pages/show", {**PAGES["pages/show"], "found": found}
    plain = Thing(name="x", kind="group", platform="zalo", administrator=None, url="https://zalo.me/g/a")
    yield "pages/show", {**PAGES["pages/show"], "page": plain}
    yield "pages/list", {"unit": WICKED, "lines": [], "total": 0}
    yield "pages/list", {"unit": WICKED, "lines": [(1, bare, None)], "total": 1}
    yield "pages/units", {"unit": WICKED, "units": [], "total": 0}
    yield (
        "pages/confirm",
        {**PAGES["pages/confirm"], "link": Thing(**{**vars(LINK), "unsure": False, "kind": "channel"})},
    )
    yield "pages/name", {"old": None}
    yield "pages/words", {"name": WICKED, "what": "person"}
    yield "pages/nudge", {"month": DAY, "names": [WICKED], "more": 0}
    faults = ("unknown", "several", "twice", "count", "nothing")
    table = {"month": DAY, "read": [], "more": -10, "faults": [("", each, Misread("count")) for each in faults]}
    yield "pages/pasted_check", {**table, "more_faults": 0}
    yield "pages/pasted_check", {**table, "faults": [], "more_faults": -10}
    yield from (("week_page/announced", {"state": str(state)}) for state in BroadcastState)
    yield "week_page/fault", {"fault": "district"}
    yield "week_page/show", {"week": DAY, "pages": [], "past": [], "may_choose": False, "in_vain": False}
    yield "week_page/show", {"week": DAY, "pages": [], "past": [], "may_choose": True, "in_vain": True}
    yield "week_page/choose", {"typed": "", "total": 0, "chosen": []}
    yield "week_page/preview", {"pages": SHOWN, "repeated": [], "without_district": False}
    yield from (("commendation/days_bad", {"fault": fault}) for fault in ("long", "unread"))
    yield "commendation/posts", {**PAGES["commendation/posts"], "posts": [], "page": 1}
    yield "commendation/show", {**PAGES["commendation/show"], "classes": [], "running": False, "more": -14}
    yield "commendation/show", {**PAGES["commendation/show"], "classes": [(CLASS, [UNIT_LINE])] * 14}
    yield "commendation/show", {**PAGES["commendation/show"], "classes": [(CLASS, [])]}
    alone = Thing(score=Score(Tally(7, "x", 1), {"posts": 1000}, 1), name="x", unit=None)
    none_else = Thing(**{**vars(CLASS), "others": 0, "other_posts": 0})
    yield "commendation/class", {**PAGES["commendation/class"], "lines": [alone], "class_": none_else}
