"""What the messages about broadcasts are tried with in tests/test_texts.py."""

from collections.abc import Iterator
from types import SimpleNamespace as Thing
from typing import Any

from bot.actions.broadcast_pace import Part
from bot.actions.broadcast_report import REASONS
from bot.actions.broadcasts import Submitted
from bot.storage.models import BroadcastState, RecipientState
from tests.texts_of_anything import AT, LONG, WICKED

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
    "parts": [Part("telegram", 18_000, 18_000, None, None), Part("zalo", 426, 852, 300, 100)],
    **dict.fromkeys(("total", "left", "sent", "failed", "in_doubt", "left_out", "stopped"), 18_426),
}

ENOUGH = Part("zalo", 4, 4, None, 2850)

SHORT_OF_QUOTA = {"parts": [Part("zalo", 426, 852, 300, None)]}

BROADCASTS: dict[str, dict[str, Any]] = {
    "broadcasts/agreed": {"number": 7, "starts": AT},
    "broadcasts/answer": {"who": LONG, "unit": LONG, "words": WICKED},
    "broadcasts/answered": {"who": LONG, "unit": LONG, "number": 7, "words": WICKED, "follows": True},
    "broadcasts/answered_file": {"who": LONG, "unit": LONG, "number": 7, "missing": True},
    "broadcasts/approved": {"by": WICKED, "starts": AT},
    "broadcasts/ask_list": {"most": 200},
    "broadcasts/ask_reason": {"number": 7, "most": 200},
    "broadcasts/asked": {"who": WICKED, "unit": WICKED, "reach": 18_426, "starts": AT, "urgent": True}
    | {"parts": PROGRESS_OF_BROADCAST["parts"], "beginning": LONG, "audience": AUDIENCE},
    "broadcasts/audience": {"audience": AUDIENCE, "reach": 18_426, "unknown": [LONG] * 10, "more": 190},
    "broadcasts/card": {
        "number": 7,
        "beginning": LONG,
        "attached": "photo",
        "no_copy": True,
        "parts": PROGRESS_OF_BROADCAST["parts"],
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
    "broadcasts/no_copy": {"number": 7},
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
    "broadcasts/ask_text": {"files": True, "anew": True},
    "broadcasts/text_bad": {"most": 3800, "length": 4000, "files": True},
    "broadcasts/unreached": {"number": 7, "lines": [(1, LONG, LONG, WICKED, LONG)] * 8},
    "broadcasts/waiting": {"number": 7, "state": "refused", "starts": AT, "reason": WICKED},
    "broadcasts/when_bad": {"most": 31},
    "broadcasts/words_bad": {"most": 3000},
    "broadcasts/write": {"most": 3000, "to_author": True},
}


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
    card = BROADCASTS["broadcasts/card"] | {
        "seen": nobody,
        "left_out": [],
        "starts": None,
        "urgent": False,
        "asks": False,
    }
    yield "broadcasts/card", card | {"attached": None, "audience": plain}
    yield "broadcasts/list", {"broadcasts": []}
    yield "broadcasts/unreached", {"number": 7, "lines": []}
    yield "broadcasts/ask_text", {"files": False, "anew": False}
    yield "broadcasts/text_bad", {"most": 3800, "length": 0, "files": False}
    yield "broadcasts/choose_missing", {"empty": True}
    yield "broadcasts/write", {"most": 3000, "to_author": False}
    yield "broadcasts/passed_on", {"done": False}
    yield "broadcasts/answered", BROADCASTS["broadcasts/answered"] | {"follows": False}
    yield "broadcasts/answered_file", BROADCASTS["broadcasts/answered_file"] | {"missing": False}
    yield "broadcasts/card", card | {"seen": Thing(**vars(nobody) | {"reach": 1, "people": 1}), **SHORT_OF_QUOTA}
    yield (
        "broadcasts/card",
        BROADCASTS["broadcasts/card"] | {"no_copy": False, "attached": "document", "parts": [ENOUGH]},
    )
    yield "broadcasts/progress", PROGRESS_OF_BROADCAST | SHORT_OF_QUOTA
