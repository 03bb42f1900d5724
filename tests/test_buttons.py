"""The data behind a button: short, signed, bound to its chat."""

import ast
import inspect
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.actions.decisions import REFUSALS
from bot.buttons import MOST_BYTES, SIGNATURE_LENGTH, Copy, Tap, Visit, unwire, wire
from bot.campaigns import load
from bot.messages import Address
from handlers import ROUTERS
from handlers.register import CODE_LENGTH

KEY = b"k" * 32
HERE, THERE = Address("telegram", "2002"), Address("telegram", "2003")
ROOT = Path(inspect.getfile(bot)).parents[1]
LARGEST_NUMBER = 9_999_999
LARGEST_CODE = "x" * CODE_LENGTH
CAMPAIGN = load("long_an")
LARGEST_CAMPAIGN = "a" * 24
TARGET = max((target.code for target in CAMPAIGN.targets), key=len)
KIND = max((kind.code for kind in CAMPAIGN.membership.kinds), key=len)

# Every action that a press can come back as, with the longest arguments that it is given.
ARGUMENTS: dict[str, tuple[str | int, ...]] = {
    "approval.no": (LARGEST_NUMBER,),
    "approval.yes": (LARGEST_NUMBER,),
    "approval.row": (LARGEST_NUMBER, LARGEST_NUMBER),
    **{f"claims.{name}": () for name in ("begin", "cancel")},
    **{f"data.{name}": () for name in ("show", "leave", "export")},
    **{f"data.{name}": ("correction",) for name in ("ask", "send")},
    **{f"data.{name}": (LARGEST_NUMBER,) for name in ("request", "answer", "erase", "erase!")},
    "data.register": (1, LARGEST_NUMBER),
    **{f"units.{name}": (LARGEST_NUMBER,) for name in ("show", "rename", "add", "move", "close", "parent", "save")},
    "units.when": (LARGEST_NUMBER,),
    "units.recall": (LARGEST_NUMBER, LARGEST_NUMBER),
    "units.list": (LARGEST_NUMBER, LARGEST_NUMBER, 1),
    "units.find": (),
    "units.type": ("commune",),
    "units.day": ("20270301",),
    **{f"members.{name}": (LARGEST_NUMBER,) for name in ("show", "code", "export", "change", "move", "let_go")},
    "members.bring_back": (LARGEST_NUMBER,),
    **{f"members.{name}": (LARGEST_NUMBER, "position") for name in ("detail", "none")},
    **{f"members.{name}": (LARGEST_NUMBER, LARGEST_NUMBER) for name in ("to", "to!")},
    "members.list": ("pending", LARGEST_NUMBER, LARGEST_NUMBER),
    "members.find": (),
    "members.kind": (LARGEST_NUMBER, KIND),
    **{f"deadlines.{name}": () for name in ("ics", "list", "ended", "add", "cancel", "next", "save")},
    **{f"deadlines.{name}": (LARGEST_NUMBER,) for name in ("duty", "periods", "revive")},
    **{f"deadlines.{name}": () for name in ("skip", "restore")},
    **{f"accounts.{name}": () for name in ("list", "new", "enter")},
    **{f"accounts.{name}": (LARGEST_NUMBER,) for name in ("drop", "drop!")},
    **{f"audit.{name}": (9_999_999_999,) for name in ("older", "newer")},
    "audit.table": (),
    "campaign": ("abc", LARGEST_CODE),
    "handover.list": (LARGEST_NUMBER,),
    "handover.to": (LARGEST_NUMBER,),
    "handover.link": (),
    **{f"invite.{name}": (LARGEST_CODE,) for name in ("accept", "decline", "withdraw")},
    "invite.list": (LARGEST_NUMBER, "turn"),
    "invite.make": (LARGEST_NUMBER, "coordinator"),
    "invite.role": (LARGEST_NUMBER,),
    **{f"operate.{name}": () for name in ("show", "operators", "find")},
    **{f"operate.{name}": (LARGEST_NUMBER,) for name in ("member", "appoint!", "dismiss!")},
    **{f"roles.{name}": (LARGEST_NUMBER, "coordinator") for name in ("give", "give!")},
    **{f"roles.{name}": (LARGEST_NUMBER,) for name in ("find", "member", "take", "take!", "without")},
    "roles.elsewhere": (),
    "roles.unit": (LARGEST_NUMBER, LARGEST_NUMBER),
    "deadlines.cut_off": ("0",),
    "deadlines.day": ("-1",),
    "deadlines.end": ("never",),
    "deadlines.hour": ("17:00",),
    "deadlines.off_day": ("remind_before",),
    "deadlines.remind_at": ("08:00",),
    "deadlines.period": (LARGEST_NUMBER, "2027-12-31.12"),
    "deadlines.period!": (),
    "deadlines.rhythm": ("quarterly",),
    "deadlines.set": (LARGEST_NUMBER, "remind_at"),
    "deadlines.toggle": ("before_99d",),
    **{f"daysoff.{name}": () for name in ("show", "no_note", "save")},
    "daysoff.add": ("worked",),
    "daysoff.remove": ("20270301",),
    **{f"excuse.{name}": (LARGEST_NUMBER,) for name in ("show", "undo")},
    "excuse.list": (),
    "broadcast.list": (LARGEST_NUMBER,),
    "broadcast.new": (),
    **{
        f"broadcast.{name}": (LARGEST_NUMBER,)
        for name in (
            *("edit", "card", "show", "audience", "missing", "no_post", "groups", "everybody", "listing", "confirm"),
            *("urgent", "when", "now", "test", "send", "undo", "pause", "resume", "stop", "stop!", "again", "answer"),
            *("approve", "refuse", "report", "read", "ask"),
        )
    },
    "broadcast.choose": (LARGEST_NUMBER, "unit_types"),
    "broadcast.owing": (LARGEST_NUMBER, LARGEST_NUMBER, "2027-12-31.12"),
    "broadcast.toggle": (LARGEST_NUMBER, "unit_types", 99),
    "broadcast.unreached": (LARGEST_NUMBER, LARGEST_NUMBER),
    "help.show": (),
    "language": ("vi",),
    "mine.page": ("month", LARGEST_NUMBER),
    "mine.withdraw": (LARGEST_NUMBER,),
    "mine.withdraw!": (LARGEST_NUMBER,),
    "posts.check": (LARGEST_NUMBER,),
    "posts.campaign": (LARGEST_CAMPAIGN,),
    "posts.link": (LARGEST_NUMBER,),
    "posts.target": (LARGEST_NUMBER, TARGET),
    "posts.dispute": (LARGEST_NUMBER,),
    "posts.move": (LARGEST_NUMBER, LARGEST_NUMBER),
    "profile.broadcasts": (0,),
    "profile.erase": (),
    "profile.export": (),
    "profile.keep": (),
    "profile.show": (),
    "register.back": (),
    "register.begin": (),
    "register.cancel": (),
    "register.confirm": (),
    "register.kind": (KIND,),
    "register.skip": ("position",),
    "register.unit": (LARGEST_NUMBER,),
    **{f"remind.{name}": (LARGEST_NUMBER,) for name in ("snooze", "paper", "paper!", "received", "missing")},
    "remind.all": (9_999_999_999,),
    "reorganise.add": (LARGEST_NUMBER, LARGEST_NUMBER),
    "reorganise.back": (LARGEST_NUMBER,),
    "reorganise.cancel": (),
    "reorganise.choose": (LARGEST_NUMBER, LARGEST_NUMBER),
    "reorganise.confirm": (LARGEST_NUMBER,),
    "reorganise.day": (LARGEST_NUMBER, "20270301"),
    "reorganise.new": (LARGEST_NUMBER,),
    "reorganise.none": (LARGEST_NUMBER,),
    "reorganise.part": (LARGEST_NUMBER, LARGEST_NUMBER),
    "reorganise.parts": (LARGEST_NUMBER,),
    "reorganise.undo": (LARGEST_NUMBER, "20270301", LARGEST_NUMBER),
    "reorganise.unit": (LARGEST_NUMBER,),
    **{f"review.{name}": (LARGEST_NUMBER,) for name in ("ok", "no", "show", "ask", "link", "number", "merge", "skip")},
    **{f"review.{name}": (LARGEST_NUMBER,) for name in ("appeal", "answer", "picture")},
    **{f"review.{name}": () for name in ("next", "bulk", "bulk!")},
    "review.merge!": (LARGEST_NUMBER, LARGEST_NUMBER),
    "review.no!": (LARGEST_NUMBER, max(REFUSALS, key=len)),
    "review.target": (LARGEST_NUMBER, TARGET),
    **{f"report.{name}": (LARGEST_NUMBER,) for name in ("unit", "file", "next", "skip", "return")},
    **{f"report.{name}": (LARGEST_NUMBER, LARGEST_NUMBER) for name in ("show", "send", "docx", "xlsx")},
    **{f"report.people_{kind}": (LARGEST_NUMBER,) for kind in ("docx", "xlsx")},
    "report.list": (),
    "report.page": ("lines", LARGEST_NUMBER, LARGEST_NUMBER, LARGEST_NUMBER),
    **{f"progress.{name}": () for name in ("show", "table")},
    **{f"progress.{name}": (LARGEST_NUMBER,) for name in ("unit", "excuse", "paper")},
    "progress.missing": (LARGEST_NUMBER, "2027-12-31.2", LARGEST_NUMBER),
    **{f"pages.{name}": (LARGEST_NUMBER, LARGEST_NUMBER) for name in ("list", "units")},
    **{f"pages.{name}": (LARGEST_NUMBER,) for name in ("show", "add", "rename", "person", "close", "close!", "chart")},
    **{f"pages.{name}": (LARGEST_NUMBER,) for name in ("docx", "xlsx", "figures", "paste")},
    **{f"pages.{name}": () for name in ("skip", "save", "paste!", "take")},
    "pages.month": ("202712",),
    **{f"pages.{name}": (LARGEST_NUMBER, "202712") for name in ("sheet", "template")},
    **{f"weekpage.{name}": (LARGEST_NUMBER,) for name in ("show", "turn")},
    **{f"weekpage.{name}": () for name in ("choose", "next", "announce")},
    "weekpage.toggle": (LARGEST_NUMBER, LARGEST_NUMBER),
    "commend.ask": (),
    **{f"commend.{name}": ("739951-740316",) for name in ("show", "docx", "xlsx")},
    "commend.list": ("739951-740316", "u999", LARGEST_NUMBER),
    "commend.posts": ("p", LARGEST_NUMBER, "739951-740316", LARGEST_NUMBER),
    **{f"rosters.{name}": () for name in ("begin", "template", "take")},
    **{f"rosters.{name}": (LARGEST_NUMBER,) for name in ("write", "units", "units!", "drop", "list", "show", "codes")},
    **{f"rosters.{name}": (LARGEST_NUMBER,) for name in ("undo", "undo!")},
    "rosters.kind": (LARGEST_NUMBER, KIND),
    "start.again": (),
    "start.language": ("vi", LARGEST_CODE),
    "start.no": ("vi",),
    "start.yes": ("vi", LARGEST_CODE),
    "summaries.named": (0,),
    **{f"tasks.{name}": (LARGEST_NUMBER,) for name in ("list", "done", "undo", "all")},
    **{f"tasks.{name}": () for name in ("add", "cancel", "next", "save")},
    "tasks.owner": ("a" * 24,),
    **{f"guide.{name}": ("a" * 24 + ":1",) for name in ("show", "read")},
    "tasks.show": (LARGEST_NUMBER, LARGEST_NUMBER),
    "tag.show": (),
    "deadlines.year": (),
    "progress.map": (LARGEST_NUMBER,),
    **{f"tags.{name}": ("u9999999",) for name in ("show", "alike")},
    **{f"tags.{name}": (LARGEST_NUMBER,) for name in ("end", "end!")},
    **{f"tags.{name}": () for name in ("unit", "no_end", "save")},
    "tags.from": ("always",),
    "tags.members": ("u9999999", LARGEST_NUMBER),
    "tags.offer": ("0" * 12,),
    "tags.set": ("u9999999", "required"),
}


def data(action: str, *args: str | int, at: Address = HERE) -> str:
    return wire(Tap("help.show", action, args), at, "vi", KEY).data or ""


def test_the_table_names_every_action_that_is_handled_and_no_other() -> None:
    handled = {name for router in ROUTERS for kind, name in router.routes if kind == "button"}
    assert set(ARGUMENTS) == handled - {"stale"}


def test_every_button_that_is_made_is_handled() -> None:
    sources = [*ROOT.glob("handlers/*.py"), *ROOT.glob("bot/*.py"), *ROOT.glob("bot/actions/*.py")]
    calls = [each for path in sources for each in ast.walk(ast.parse(path.read_text("utf-8")))]
    taps = [each for each in calls if isinstance(each, ast.Call) and getattr(each.func, "id", "") == "Tap"]
    assert taps
    assert {ast.literal_eval(tap.args[1]) for tap in taps} <= set(ARGUMENTS)


@pytest.mark.parametrize(("action", "args"), ARGUMENTS.items())
def test_the_data_fits_into_what_a_button_can_carry_and_comes_back(action: str, args: tuple[str | int, ...]) -> None:
    tap = Tap("help.show", action, args)
    wired = wire(tap, Address("telegram", "-1001234567890"), "vi", KEY, "abc").data or ""
    assert len(wired.encode()) <= MOST_BYTES
    assert unwire(wired, Address("telegram", "-1001234567890"), KEY) == (action, tuple(map(str, args)), "abc")


def test_data_that_is_too_long_is_refused_before_it_is_sent() -> None:
    with pytest.raises(ValueError, match=r"posts\.check is longer than 64 bytes"):
        data("posts.check", "9" * 64)


def test_a_button_moved_to_another_chat_is_refused() -> None:
    assert unwire(data("approval.yes", 5), THERE, KEY) is None
    assert unwire(data("approval.yes", 5), Address("zalo", HERE.chat), KEY) is None


def test_a_button_of_another_installation_is_refused() -> None:
    assert unwire(data("approval.yes", 5), HERE, b"x" * 32) is None


@given(st.integers(0, 60), st.characters(codec="utf-8"))
def test_data_with_one_character_altered_is_refused(place: int, letter: str) -> None:
    wired = data("posts.target", 1234567, TARGET)
    altered = wired[: place % len(wired)] + letter + wired[place % len(wired) + 1 :]
    assert altered == wired or unwire(altered, HERE, KEY) is None


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "|",
        "1",
        "1|approval.yes|5",
        "1|approval.yes|5|",
        f"1|approval.yes|5|{'A' * SIGNATURE_LENGTH}",
        "approval.yes",
    ],
)
def test_data_without_our_signature_is_refused(forged: str) -> None:
    assert unwire(forged, HERE, KEY) is None


def test_a_signature_cannot_be_shortened() -> None:
    assert unwire(data("approval.yes", 5)[:-1], HERE, KEY) is None


@given(st.text(st.characters()), st.text(), st.binary())
def test_no_data_at_all_makes_reading_fail(forged: str, chat: str, key: bytes) -> None:
    assert unwire(forged, Address("telegram", chat), key) is None


def test_the_data_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    old = data("approval.yes", 5)
    monkeypatch.setattr("bot.buttons.VERSION", "2")
    assert unwire(old, HERE, KEY) is None


def test_a_button_carries_one_thing_only() -> None:
    wired = [wire(each, HERE, "vi", KEY) for each in (Tap("help.show", "help.show"), Copy("tag.copy", "#T"))]
    wired.append(wire(Visit("help.private", "https://t.me/x"), HERE, "vi", KEY))
    assert [sum(value is not None for value in (each.data, each.copy, each.url)) for each in wired] == [1, 1, 1]
    assert wired[0].label == "Trợ giúp"
