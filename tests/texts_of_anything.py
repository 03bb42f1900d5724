"""What all messages are tried with in tests/test_texts.py."""

from datetime import datetime
from itertools import product
from types import SimpleNamespace as Thing
from typing import Any
from zoneinfo import ZoneInfo

from bot.setup import WayIn

WICKED = """<b>&"'</i>"""  # what a person, a unit or a page could be called

AT = datetime(2027, 3, 1, 9, 5, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))

WAYS = [WayIn("Telegram", WICKED, None), WayIn("Zalo", WICKED, WICKED)]

WHO_PER = list(product(("member", "unit"), ("week", "month")))

UNIT = Thing(name=WICKED)

DETAILS: dict[str, Any] = {"rank": WICKED, "position": None, "facebook_name": WICKED}

MEMBER = Thing(full_name=WICKED, unit=UNIT, state="active", **DETAILS)

PROGRESS = Thing(
    week=1,
    month=2,
    quotas=(
        Thing(who="member", per="week", left=2, done=1, at_least=3, bar="▓░░"),
        Thing(who="unit", per="month", left=0, done=1, at_least=1, bar="▓"),
    ),
)

BRIEF = {"number": 7, "url": WICKED, "by": WICKED, "unit": WICKED, "at": AT, "target": Thing(name=WICKED)}
BRIEF |= {"text": WICKED, "state": "counted", "tag": WICKED}

LONG = WICKED * 9

WHOM = [Thing(vi=WICKED, en=WICKED)] * 9

QUOTAS = [
    Thing(
        quota=Thing(who=who, per=per, at_least=3),
        reached=12_345,
        of=23_456,
        whom=WHOM,
        bar="▓▓▓▓▓░░░░░",
        behind=[LONG] * 3 if who == "member" else [],
        more=99,
    )
    for who, per in WHO_PER
]

DUTY = {"vi": WICKED, "en": WICKED}
