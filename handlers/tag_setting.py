"""The questions by which an admin sets a hashtag: which, from when, for accepted ones until when; saved on confirm."""

import hashlib
from datetime import date, timedelta
from typing import Any

from bot.actions import tag_changes, tag_overview, tag_roster
from bot.actions.tag_changes import Change
from bot.actions.tag_roster import Holder
from bot.buttons import Copy, Row, Tap
from bot.domain.days import read_day
from bot.domain.hashtags import same
from bot.domain.hashtags.typed import LONGEST, plain_tag, tag_fault, tidy_tag
from bot.request import Request
from bot.routing import Router
from bot.storage.models import Tag, TagKind
from handlers.tags import back_to, code_of, cut, names_of, refuse, settable_at, settled_by

router = Router()

MOST_TYPED = 300


@router.button("tags.set")
def begin(request: Request) -> None:
    """Ask for the hashtag: typed, or one that the bot offers."""
    holder, kind = settable_at(request, request.args[0]), request.args[1]
    if holder is None:
        refuse(request)
        return
    offers = _offers(request, holder) if kind == TagKind.REQUIRED else []
    data = {"holder": code_of(holder), "kind": kind, "offers": offers}
    request.ask("tags.tag", data)
    proposal = tag_roster.rule_tag(request.setup.campaign, holder)
    rows = [*_choices(offers), (Copy("tags.copy", proposal),), (back_to(holder),)]
    request.reply("tags/ask", *rows, whose=holder.name, required=kind == TagKind.REQUIRED, proposal=proposal)


@router.step("tags.tag")
def tag_typed(request: Request) -> None:
    """A hashtag in the admin's own spelling; one that is not plain is taken after a question."""
    holder = _holder(request, "tags.tag")
    if holder is None:
        return
    tag = tidy_tag(request.message.text[:MOST_TYPED])
    fault = tag_fault(tag)
    if fault:
        request.reply("tags/tag_bad", (back_to(holder),), fault=fault, most=LONGEST)
    elif _is_refused(request, holder, tag):
        return
    elif plain_tag(tag) == tag:
        _next(request, "from", {"tag": tag})
    else:
        offers = [each for each in (plain_tag(tag), tag) if not _taken(request, holder, each)]
        request.ask("tags.tag", {**request.data, "offers": offers})
        request.reply("tags/plainer", *_choices(offers), (back_to(holder),), tag=tag, plain=plain_tag(tag))


@router.button("tags.offer")
def tag_chosen(request: Request) -> None:
    """One of the hashtags that the bot offered."""
    holder = _holder(request, "tags.tag")
    if holder is None:
        return
    tag = next((each for each in request.data["offers"] if _mark(each) == request.args[0]), None)
    if tag is None:
        request.notice("hint/stale")
    elif not _is_refused(request, holder, tag):
        _next(request, "from", {"tag": tag}, replace=True)


@router.step("tags.from", "tags.until")
def day_typed(request: Request) -> None:
    """The first or the last day, typed."""
    step = _step(request)
    holder = _holder(request, step)
    if holder is None:
        return
    day = read_day(request.message.text, request.setup.today(request.now))
    start = _date(request.data.get("start"))
    if day is None or (step == "tags.until" and start is not None and day < start):
        request.reply("tags/day_bad", (back_to(holder),), start=start if day else None)
    elif step == "tags.from":
        _take_start(request, holder, day)
    else:
        _take_end(request, holder, day + timedelta(days=1))


@router.button("tags.from")
def start_chosen(request: Request) -> None:
    """From today on, or as if it had always been so."""
    holder = _holder(request, "tags.from")
    if holder:
        _take_start(request, holder, request.setup.today(request.now) if request.args[0] == "today" else None)


@router.button("tags.no_end")
def no_end(request: Request) -> None:
    """The accepted hashtag counts until somebody ends it."""
    holder = _holder(request, "tags.until")
    if holder:
        _take_end(request, holder, None)


@router.step("tags.confirm")
def confirm_again(request: Request) -> None:
    """Words where the confirm button is meant."""
    if _holder(request, "tags.confirm"):
        _next(request, "confirm", {})


@router.button("tags.save")
def save(request: Request) -> None:
    """Write it down, unless somebody else took the hashtag in the meantime."""
    holder = _holder(request, "tags.confirm")
    if holder is None:
        return
    change = _change(request, holder)
    request.end()
    try:
        saved = tag_changes.save(request.session, request.setup, change, request.me, request.now)
    except tag_roster.Taken as taken:
        request.reply("tags/taken", (back_to(holder),), tag=change.tag, names=names_of(taken.rows), offered=False)
        return
    values: dict[str, Any] = {"counted": saved.counted, "told": saved.told, "settled": settled_by(saved)}
    request.reply("tags/saved", (back_to(holder),), replace=True, whose=holder.name, tag=change.tag, **values)


def _take_start(request: Request, holder: Holder, start: date | None) -> None:
    data: dict[str, Any] = {"start": start.isoformat() if start else None, "end": None}
    if request.data["kind"] == TagKind.ACCEPTED:
        _next(request, "until", data)
    elif not _is_taken_then(request, holder, start, None):
        _next(request, "confirm", data)


def _take_end(request: Request, holder: Holder, end: date | None) -> None:
    if not _is_taken_then(request, holder, _date(request.data["start"]), end):
        _next(request, "confirm", {"end": end.isoformat() if end else None})


def _next(request: Request, step: str, answer: dict[str, Any], *, replace: bool = False) -> None:
    """Keep the answer and ask the next question."""
    request.ask(f"tags.{step}", {**request.data, **answer})
    holder = settable_at(request, request.data["holder"])
    if holder is None:
        refuse(request)
    elif step == "confirm":
        _ask_confirm(request, holder)
    elif step == "from":
        today = request.setup.today(request.now)
        rows: list[Row] = [(Tap("tags.today", "tags.from", ("today",)), Tap("tags.always", "tags.from", ("always",)))]
        request.reply("tags/from", *rows, (back_to(holder),), replace=replace, tag=request.data["tag"], today=today)
    else:
        request.reply("tags/until", (Tap("tags.no_end", "tags.no_end"),), (back_to(holder),), tag=request.data["tag"])


def _ask_confirm(request: Request, holder: Holder) -> None:
    change = _change(request, holder)
    found = tag_changes.outlook(request.session, request.setup, change, request.me, request.now)
    request.reply(
        "tags/confirm",
        (Tap("tags.save", "tags.save"),),
        (back_to(holder),),
        whose=holder.name,
        required=change.kind == TagKind.REQUIRED,
        tag=change.tag,
        start=change.start,
        last=change.end - timedelta(days=1) if change.end else None,
        old=found.old.tag if found.old and found.old.tag != change.tag else None,
        old_last=found.old_last,
        posts=len(found.posts),
        members=len(found.members),
        upcoming=change.start is not None and change.start > request.setup.today(request.now),
    )


def _is_refused(request: Request, holder: Holder, tag: str) -> bool:
    """Whether the tag cannot be had, which is said with ways out of it."""
    if _is_known(request, holder, tag):
        request.reply("tags/known", (back_to(holder),), tag=tag)
        return True
    found = _taken(request, holder, tag)
    if found:
        offers = [] if _accepts(request) else _offers(request, holder)
        request.ask("tags.tag", {**request.data, "offers": offers})
        names = names_of(found)
        request.reply("tags/taken", *_choices(offers), (back_to(holder),), tag=tag, names=names, offered=bool(offers))
    return bool(found)


def _is_known(request: Request, holder: Holder, tag: str) -> bool:
    """Whether setting the tag would change nothing; a required one may still get another first day."""
    rows = [row for row in holder.rows(request.session) if row.valid_until is None and row.kind != TagKind.CLASH]
    if _accepts(request):
        return any(row.folded == same(tag) for row in rows)
    return any(row.tag == tag and row.kind == TagKind.REQUIRED and row.valid_from is None for row in rows)


def _offers(request: Request, holder: Holder) -> list[str]:
    """What may be chosen with one tap: free, and not the holder's already."""
    known = [row.tag for row in holder.rows(request.session) if row.valid_until is None]
    return [tag for tag in tag_overview.offers(request.session, request.setup, holder) if tag not in known]


def _is_taken_then(request: Request, holder: Holder, start: date | None, end: date | None) -> bool:
    """Whether somebody else has the tag on some of these days, which is said with the first free one."""
    campaign, tag = request.setup.campaign, request.data["tag"]
    found = tag_roster.twins(request.session, campaign, holder, tag, start, end)
    if found:
        free = tag_roster.free_from(campaign, found)
        request.reply("tags/day_taken", (back_to(holder),), tag=tag, names=names_of(found), free=free)
    return bool(found)


def _taken(request: Request, holder: Holder, tag: str) -> list[Tag]:
    """Who has the tag for good."""
    return tag_roster.twins(request.session, request.setup.campaign, holder, tag, date.max, None)


def _accepts(request: Request) -> bool:
    return bool(request.data["kind"] == TagKind.ACCEPTED)


def _holder(request: Request, step: str) -> Holder | None:
    """Whose tag is being set, if this question is open and he is still this admin's to set."""
    if _step(request) != step:
        request.notice("hint/stale")
        return None
    holder = settable_at(request, request.data["holder"])
    if holder is None:
        refuse(request)
    return holder


def _change(request: Request, holder: Holder) -> Change:
    data = request.data
    return Change(holder, TagKind(data["kind"]), data["tag"], _date(data["start"]), _date(data["end"]))


def _step(request: Request) -> str:
    return request.conversation.step if request.conversation else ""


def _date(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None


def _choices(offers: list[str]) -> list[Row]:
    return [(Tap("tags.offer", "tags.offer", (_mark(tag),), {"name": cut(tag)}),) for tag in offers]


def _mark(tag: str) -> str:
    """What a button carries of a tag, which may be longer than a button's data."""
    return hashlib.sha256(tag.encode()).hexdigest()[:12]
