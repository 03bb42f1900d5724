"""What the messages about posts and their review are tried with in tests/test_texts.py."""

from collections.abc import Iterator
from itertools import product
from types import SimpleNamespace as Thing
from typing import Any, get_args

from bot.actions.decisions import REFUSALS
from bot.domain.handins import Need
from bot.domain.hashtags import CLASSES
from bot.storage.models import CaseReason
from handlers.review import TYPED
from tests.texts_of_anything import AT, BRIEF, PROGRESS, WICKED

FAULTS = [*(code for code, _ in CLASSES), "absent"]

POST = Thing(id=7, url=f"https://example.org/?{WICKED}", state="counted")

MARKS = (Thing(kind="same", text=WICKED), Thing(kind="wrong", text=WICKED), Thing(kind="missing", text=WICKED))

LEARNT = Thing(source="author", level="declared", verdict="near_miss")

WHY = Thing(fault="typo", written=WICKED * 20, found=(WICKED,), marks=MARKS, whose=None)

CASE = Thing(reason="double", answer=WICKED, question=WICKED)

POSTS: dict[str, dict[str, Any]] = {
    "mine/withdraw": {"post": POST},
    "mine/withdrawn": {"number": 7},
    "posts/counts_now": {"number": 7, "target": Thing(name=WICKED)},
    "posts/full_link": {"number": 7},
    "posts/merged_away": {"number": 7, "into": 3, "mine": False, "unit": WICKED, "at": AT},
    "posts/merged_here": {"number": 7, "other": 8},
    "posts/paste_again": {"number": 7, "tag": WICKED},
    "posts/tag": {"tag": WICKED, "unit": WICKED, "accepted": (WICKED, WICKED), "settled": False},
    "posts/text_too_short": {"number": 7, "tag": WICKED},
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
    "review/disputed": {"number": 7, "waited": True, "others": [8, 9]},
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
}


def reviews() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "review/disputed", {"number": 7, "waited": False, "others": []}
    for reason in CaseReason:
        yield "review/queue", {"reasons": [(reason, 2)], "total": 2, "since": AT}
        yield "review/case", POSTS["review/case"] | {"case": Thing(reason=reason, answer=None, question=None)}
    yield "review/queue", {"reasons": [], "total": 0, "since": None}
    bare: dict[str, Any] = {"text": None, "why": None, "refused": None, "evidence": [], "other": None}
    yield "review/case", POSTS["review/case"] | bare | {"post": BRIEF | {"by": None, "target": None, "url": ""}}
    yield "review/case", POSTS["review/case"] | bare | {"required": ""}
    for fault in FAULTS:
        yield "review/case", POSTS["review/case"] | {"why": why(fault)}
    for refusal, final in product(REFUSALS, (True, False)):
        yield "review/refused", POSTS["review/refused"] | {"refusal": refusal, "final": final}
        yield "review/decided", {"number": 7, "accepted": final, "refusal": refusal}
    learnt = [(Thing(source=source, level=WICKED, verdict="ok"), AT) for source in (WICKED, "reviewer", "screenshot")]
    yield "review/case", POSTS["review/case"] | bare | {"evidence": learnt}
    yield "review/asked", {"number": 7, "told": False}
    yield "review/resolved", {"number": 7, "merged": False, "post": POST}
    for what in TYPED:
        yield "review/words", {"number": 7, "what": what}
    yield "review/appealed", {"number": 7, "unit": None}
    yield "review/bulk_done", {"numbers": []}
    yield "review/no_more", {"skipped": 0}
    yield "posts/tag", {"tag": WICKED, "unit": WICKED, "accepted": (), "settled": True}
    yield "posts/merged_away", POSTS["posts/merged_away"] | {"mine": True}


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
