"""/khenthuong: who is proposed for commendation in a period, the posts behind it, and the list on paper."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.actions import commendation_files, wanted
from bot.actions.commendation import Commendations, commend
from bot.actions.commendation_classes import Class
from bot.actions.commendation_periods import window_of
from bot.actions.targets import target_named
from bot.buttons import Row, Tap
from bot.domain.commendation import POINTS
from bot.domain.days import read_day
from bot.domain.periods import Period, between, read_period, usual
from bot.request import Request
from bot.routing import Router
from bot.storage import figures, units
from bot.storage.figures import Behind
from bot.storage.models import Membership, MembershipState, Post, Unit

router = Router()

BEST, A_PAGE, POSTS_OF_PAGE = 3, 8, 8
FEW_CLASSES, MOST_CLASSES = 6, 14
LONGEST_DAYS = 731
_TO = re.compile(r"\s*[–—]\s*|\s+(?:-|đến|den)\s+|(?<=\d)-(?=\d{1,2}/)")


@router.command("khenthuong", "commend")
@router.button("commend.ask")
def ask_period(request: Request) -> None:
    """For which period: one that is usual, or from one day to another, typed."""
    today = request.setup.today(request.now)
    request.ask("commend.days", {})
    offered = usual(today)
    taps = [_tap_period(each) for each in offered]
    rows: list[Row] = [tuple(taps[at : at + 2]) for at in range(0, len(taps), 2)]
    request.reply("commendation/ask", *rows, replace=request.message.press is not None)


@router.step("commend.days")
def take_days(request: Request) -> None:
    """The first and the last day."""
    today = request.setup.today(request.now)
    days = [read_day(each, today) for each in _TO.split(request.line[:60])]
    first, last = days[0], days[-1]
    fault = _fault(len(days), first, last, today)
    if fault or first is None or last is None:
        request.reply("commendation/days_bad", fault=fault)
        return
    request.end()
    _show(request, between(first, last))


@router.button("commend.show")
def show(request: Request) -> None:
    """The best of each class, and where to read on."""
    period = _period(request)
    if period:
        _leave(request)
        _show(request, period)


@router.button("commend.list")
def show_class(request: Request) -> None:
    """All who are proposed in a class, a page at a time."""
    code, page = request.args[1], int(request.args[2])
    period = _period(request)
    here = slice(page * A_PAGE, (page + 1) * A_PAGE)
    found = period and commend(request.session, request.setup, request.me.unit, period, request.now, here)
    class_ = found and next((each for each in (*found.units, *found.people) if each.code == code), None)
    if not found or not class_:
        request.notice("hint/stale")
        return
    at = (found.period.code, code)
    what = code[0]
    taps: list[Row] = [
        (Tap("commend.line", "commend.posts", (what, each.score.tally.key, found.period.code, 0), {"name": each.name}),)
        for each in class_.lines
    ]
    before = (Tap("commend.before", "commend.list", (*at, page - 1)),) if page else ()
    more = (page + 1) * A_PAGE < class_.number
    after = (Tap("commend.after", "commend.list", (*at, page + 1)),) if more else ()
    request.reply(
        "commendation/class",
        *taps,
        *([(*before, *after)] if before or after else []),
        (Tap("commend.back", "commend.show", (found.period.code,)),),
        replace=True,
        **_about(request, found),
        name={"vi": class_.vi, "en": class_.en},
        lines=class_.lines,
        class_=class_,
    )


@router.button("commend.posts")
def show_posts(request: Request) -> None:
    """The posts that a unit or a person is proposed for, newest first."""
    what, number, page = request.args[0], int(request.args[1]), int(request.args[3])
    period = read_period(request.args[2])
    if period is None:
        request.notice("hint/stale")
        return
    window = window_of(request.setup, period, request.now)
    person = number if what == "p" else None
    root = number if person is None else request.me.unit_id
    behind = Behind(request.setup.campaign.code, root, window.start, window.until, membership_id=person)
    posts = figures.drill_down(request.session, behind, page * POSTS_OF_PAGE, POSTS_OF_PAGE + 1)
    name = _person(request, number, posts) if person else _unit(request, number)
    if name is None:
        request.reply("commendation/not_yours")
        return
    at = (what, number, period.code)
    before = (Tap("commend.before", "commend.posts", (*at, page - 1)),) if page else ()
    after = (Tap("commend.after", "commend.posts", (*at, page + 1)),) if len(posts) > POSTS_OF_PAGE else ()
    request.reply(
        "commendation/posts",
        *([(*before, *after)] if before or after else []),
        (Tap("commend.back", "commend.show", (period.code,)),),
        replace=True,
        name=name,
        start=period.start,
        end=window.last,
        posts=[_post(request, each) for each in posts[:POSTS_OF_PAGE]],
        page=page + 1,
    )


@router.button("commend.docx", "commend.xlsx")
def send_paper(request: Request) -> None:
    """The list on paper, made in the background."""
    period = _period(request)
    if period and period.start <= request.setup.today(request.now):
        kind = f"commendation_{request.action.removeprefix('commend.')}"
        subject = commendation_files.subject_of(request.me.unit, period)
        to = request.message.address
        wanted.want(request.session, request.setup, to, request.language, kind, subject, request.now)
        request.reply("reports/making", passing=True)


def _show(request: Request, period: Period) -> None:
    found = commend(request.session, request.setup, request.me.unit, period, request.now, slice(BEST))
    if found is None:
        request.reply("commendation/days_bad", fault="future")
        return
    classes = (*found.units, *found.people)
    best = BEST if len(classes) <= FEW_CLASSES else 1
    code = period.code
    rows: list[Row] = [(_tap_class(request, each, code),) for each in classes if each.number]
    if rows:
        rows.append((Tap("commend.docx", "commend.docx", (code,)), Tap("commend.xlsx", "commend.xlsx", (code,))))
    rows.append((Tap("commend.other", "commend.ask"),))
    request.reply(
        "commendation/show",
        *rows,
        replace=request.message.press is not None,
        **_about(request, found),
        classes=[(each, each.lines[:best]) for each in classes[:MOST_CLASSES]],
        more=len(classes) - MOST_CLASSES,
        points=POINTS,
    )


def _about(request: Request, found: Commendations) -> dict[str, Any]:
    start, end = found.period.start, found.window.last
    return {"unit": request.me.unit.name, "start": start, "end": end, "running": found.running}


def _unit(request: Request, number: int) -> str | None:
    """The name of a unit, if it is in one's own part of the tree."""
    unit = request.session.get(Unit, number)
    return unit.name if unit and units.is_within(unit, request.me.unit_id) else None


def _person(request: Request, number: int, posts: Sequence[Post]) -> str | None:
    """The name of a member who may be named: of one's own part of the tree, or with posts for it."""
    member = request.session.get(Membership, number)
    if member is None or not member.named or member.state != MembershipState.ACTIVE:
        return None
    return member.full_name if posts or units.is_within(member.unit, request.me.unit_id) else None


def _period(request: Request) -> Period | None:
    period = read_period(request.args[0])
    if period is None:
        request.notice("hint/stale")
    return period


def _fault(number: int, first: date | None, last: date | None, today: date) -> str | None:
    if number > len(("first", "last")) or first is None or last is None or last < first:
        return "unread"
    if (last - first).days > LONGEST_DAYS:
        return "long"
    return "future" if first > today else None


def _post(request: Request, post: Post) -> dict[str, Any]:
    target = target_named(request.setup, post.target)
    return {"number": post.id, "url": post.url, "at": request.setup.local(post.handed_in_at), "target": target}


def _tap_period(period: Period) -> Tap:
    year, part = str(period.start.year), period.code[4:]
    if part.startswith("Q"):
        return Tap("commend.quarter", "commend.show", (period.code,), {"number": part[1:], "name": year})
    if part.startswith("H"):
        return Tap("commend.half", "commend.show", (period.code,), {"number": part[1:], "name": year})
    return Tap("commend.year", "commend.show", (period.code,), {"name": year})


def _tap_class(request: Request, each: Class, code: str) -> Tap:
    name = each.en if request.language == "en" else each.vi
    return Tap("commend.class", "commend.list", (code, each.code, 0), {"name": name, "number": each.number})


def _leave(request: Request) -> None:
    if request.conversation and request.conversation.step.startswith("commend."):
        request.end()
