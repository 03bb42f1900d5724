"""What the conversations about roles, accounts, the log and the operator are given to say, as long as it can become."""

from collections.abc import Iterator
from datetime import datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions.accounts import Joining
from bot.actions.audit_names import THINGS
from bot.actions.quotas import SHARES
from bot.documents.audit_table import Change, Entry, line_of, who_of
from bot.domain.quota import Quota, Usage
from bot.setup import WayIn
from bot.storage.audit import HIDDEN, KEPT
from bot.storage.models import Role

Values = dict[str, Any]


def values_of_roles(wicked: str, at: datetime) -> dict[str, Values]:
    """Message → what handlers pass to it."""
    last = at.date()
    kept: Values = {"unit": wicked, "role": Role.DEPUTY}
    held: Values = {**kept, "last": last}
    found: Values = {"typed": wicked, "number": 0, "more": False}
    offered: Values = {**held, "by": wicked, "over": False}
    invited = {**offered, "until": at}
    account: Values = {"channel": "telegram", "since": at, "used": at, "here": True, "reachable": False}
    link: Values = {**kept, "ways": [WayIn("Zalo", wicked, wicked)], "link_until": at}
    used = Usage(Quota(100, 3000, ZoneInfo("UTC")), 99, 2999, refused=True)
    log = [(each, who_of(each, "vi"), line_of(each, "vi")) for each in entries(at, wicked)[:8]]
    return {
        "accounts/code": {"code": wicked, "until": at},
        "accounts/drop": {"account": account},
        "accounts/dropped": {"own": True},
        "accounts/joined_told": {"channel": "telegram"},
        "accounts/list": {"accounts": [(number, account) for number in range(1, 9)]},
        "audit/file": {"unit": wicked, "number": 5000},
        "audit/show": {"unit": wicked, "lines": log},
        "handover/asked": {"name": wicked, "role": Role.UNIT_ADMIN},
        "handover/link": link,
        "handover/list": {"unit": wicked, "role": Role.COORDINATOR, "total": 3},
        "invitations/accepted": held,
        "invitations/have": kept,
        "invitations/link": {**link, "last": last},
        "invitations/list": {"invitations": [(number, invited) for number in range(8)], "total": 9},
        "invitations/offer": offered,
        "invitations/other_unit": {"unit": wicked, "own": wicked},
        "invitations/role": {"unit": wicked},
        "operate/confirm": {"name": wicked, "unit": wicked, "holds": False},
        "operate/daily": {
            "at": at,
            "settled": {"sent": 99_999, "failed": 9_999, "in_doubt": 9_999},
            "oldest": 9_999,
            "dead": 999,
            "backup_at": at,
            "backup_old": True,
            "backup_size": 9_999.9,
            "reason": wicked * 20,
            "free": 9_999.9,
            "little": True,
            "quotas": [{"channel": "Zalo", "used": used, "held": 0}],
        },
        "operate/dead": {"updates": [("9" * 12, at, wicked * 20)] * 10, "more": 10},
        "operate/find": {"names": [wicked] * 8, "more": 2},
        "operate/found": found,
        "operate/left_out": {"name": "plan_obligations", "campaign": wicked, "times": 3, "until": at},
        "operate/data_request": {"campaign": wicked, "number": 7, "due": at},
        "operate/lost": {"unit": wicked},
        "operate/quota": {"channel": "Zalo", "used": used, "hold": 95},
        "operate/operators": {"operators": [{"channel": wicked, "chat": "9" * 12, "since": at, "by_code": True}] * 40},
        "operate/show": {
            "at": at,
            "version": "1",
            "campaigns": [wicked],
            "size": 1.5,
            "ran": [("plan_obligations", at)] * 40,
            "quotas": [{"channel": "Zalo", "used": used, "held": 12_345}, {"channel": "Telegram", "used": None}],
            **SHARES,
            **dict.fromkeys(("waiting", "dead", "to_send", "failed", "in_doubt"), 12_345),
        },
        "roles/accepted_told": {**kept, "name": wicked, "over": True},
        "roles/confirm": {**kept, "name": wicked, "old": Role.COORDINATOR, "equal": True},
        "roles/declined_told": {**kept, "name": wicked},
        "roles/deputy_over": {"unit": wicked},
        "roles/deputy_over_told": {"unit": wicked, "name": wicked},
        "roles/done": {**held, "name": wicked},
        "roles/find": {"unit": wicked},
        "roles/found": {**found, "unit": wicked},
        "roles/lost": {"names": [wicked * 9] * 10, "more": 3},
        "roles/member": {"role": Role.DEPUTY, "last": last, "name": wicked, "path": wicked, "why": None},
        "roles/set": {**held, "by": wicked},
        "roles/unit": {"path": wicked, "holders": [(wicked, Role.DEPUTY, last)] * 8, "may": True},
        "roles/units_found": found,
        "roles/until": {"name": wicked},
        "roles/until_bad": {"today": last},
        "roles/without": {"units": [(number, wicked) for number in range(8)], "total": 209},
    }


def variants_of_roles(wicked: str, at: datetime) -> Iterator[tuple[str, Values]]:
    """The same in other cases."""
    usual = values_of_roles(wicked, at)
    for name, role in product(("roles/set", "roles/done", "roles/confirm", "invitations/offer", "handover/list"), Role):
        yield name, {**usual[name], "role": role, "last": None, "total": 0}
    yield "roles/set", {**usual["roles/set"], "by": ""}
    yield from (("roles/member", {**usual["roles/member"], "why": why}) for why in ("own", "deputy", "equal"))
    yield "roles/unit", {**usual["roles/unit"], "holders": [], "may": False}
    for name in ("roles/found", "roles/units_found", "operate/found"):
        yield name, {**usual[name], "number": 8, "more": True}
    yield "roles/without", {"units": [], "total": 0}
    yield "roles/until", {"name": None}
    yield "roles/lost", {"names": [wicked], "more": 0}
    yield "roles/accepted_told", {**usual["roles/accepted_told"], "over": False}
    yield "invitations/offer", {**usual["invitations/offer"], "over": True, "by": None}
    yield "invitations/list", {"invitations": [], "total": 0}
    yield "accounts/dropped", {"own": False}
    yield from ((f"accounts/{each}", {}) for each in Joining)
    nothing: dict[str, Any] = {"oldest": None, "backup_at": None, "reason": "", "free": None, "quotas": []}
    yield "operate/daily", {**usual["operate/daily"], **nothing}
    yield "operate/left_out", {**usual["operate/left_out"], "name": "draw", "campaign": ""}
    nearly_all = Usage(Quota(100, 3000, ZoneInfo("UTC")), 96, 2999)
    yield "operate/quota", {**usual["operate/quota"], "used": nearly_all}
    yield "operate/confirm", {"name": wicked, "unit": wicked, "holds": True}
    yield "operate/find", {"names": [], "more": 0}
    nearly = [{"channel": "Zalo", "used": Usage(Quota(None, 3000, ZoneInfo("UTC")), 9, 2500), "held": 0}]
    yield "operate/show", {**usual["operate/show"], "ran": [], "quotas": nearly}
    yield "profile/erase", {"words": wicked, "leads": False}
    yield "audit/show", {"unit": wicked, "lines": []}
    yield from ((f"audit/{each}", {"e": line}) for each, line in product(("_what", "_who"), entries(at, wicked)[7:]))


def entry(at: datetime, wicked: str, subject: str = "memberships", **changed: Any) -> Entry:
    """A line of the log about something of this table."""
    changes = tuple(Change(column, wicked, HIDDEN) for column in ("role", "phone"))
    usual: Values = {"number": 1, "at": at, "by": "member", "who": wicked, "unit": wicked, "thing": wicked}
    return Entry(**{**usual, "subject": subject, "changes": changes, "new": False, "gone": False, **changed})


def entries(at: datetime, wicked: str) -> list[Entry]:
    """Lines of the log in all their forms, the eight longest first."""
    long = (Change("name", wicked * 9, wicked * 9), Change("role", wicked, HIDDEN), Change("position", None, wicked))
    things = [entry(at, wicked, each, thing=wicked * 9, changes=long) for each in sorted(THINGS)[:8]]
    by = [entry(at, wicked, who=None, by=each) for each in ("clock", "operator", "newcomer", "member")]
    flags = {"state": True, "main": False, "name": wicked, "tag": wicked}
    many = tuple(Change(column, None, value) for column, value in (*flags.items(), *flags.items()))
    new = entry(at, wicked, new=True, changes=many, more=7)
    gone = entry(at, wicked, gone=True, changes=(Change("name", wicked, None),))
    return [*things, *by, new, gone, entry(at, wicked, "page_figures", more=7)]


def kept_columns() -> set[str]:
    """All that the log can name: the kept columns, and the parts of a duty's rule."""
    return {name for columns in KEPT.values() for name in columns.replace("|", " ").split()} - {"rule"}
