"""/datthe: an admin sees the hashtags of his units and members, what is the same or nearly so, and ends some."""

from datetime import timedelta
from typing import Any

from bot.actions import tag_changes, tag_overview, tag_roster
from bot.actions.tag_changes import Saved
from bot.actions.tag_overview import Overview
from bot.actions.tag_roster import Holder
from bot.buttons import Row, Tap
from bot.request import Request
from bot.routing import Router
from bot.storage import tags, units
from bot.storage.models import Membership, MembershipState, Tag, TagKind, Unit
from handlers.register import LONGEST_TYPED

router = Router()

MOST_UNITS = 8
PAGE = 6
MOST_ALIKE = 20
LONGEST_LABEL = 50


@router.command("datthe", "settag")
def show_own(request: Request) -> None:
    """The hashtags of the admin's own unit."""
    if request.setup.campaign.tag_rule is None:
        request.reply("tags/none_needed")
        return
    show(request, Holder(request.me.unit))


@router.button("tags.show")
def show_chosen(request: Request) -> None:
    """The hashtags of a unit or a member; whatever was being set is left."""
    holder = holder_at(request, request.args[0])
    if holder is None:
        refuse(request)
        return
    _leave(request)
    show(request, holder, replace=True)


@router.button("tags.unit")
def ask_unit(request: Request) -> None:
    """Which other unit: its name is typed."""
    request.ask("tags.unit", {})
    request.reply("tags/unit", (back_to(Holder(request.me.unit)),))


@router.step("tags.unit")
def search_unit(request: Request) -> None:
    """Part of a unit's name: choose from those of the admin's subtree that fit."""
    typed = request.line[:LONGEST_TYPED]
    day = request.setup.today(request.now)
    campaign, within = request.setup.campaign.code, request.me.unit_id
    found = units.find(request.session, campaign, typed, day, MOST_UNITS + 1, within=within)
    rows: list[Row] = [
        (Tap("tags.unit_found", "tags.show", (code_of(Holder(unit)),), {"path": Holder(unit).name}),)
        for unit in found[:MOST_UNITS]
    ]
    request.reply(
        "tags/unit_found" if found else "tags/unit_none",
        *rows,
        (back_to(Holder(request.me.unit)),),
        typed=typed,
        more=len(found) > MOST_UNITS,
    )


@router.button("tags.members")
def list_members(request: Request) -> None:
    """The members of a unit that signs by name, a few at a time."""
    holder, page = holder_at(request, request.args[0]), int(request.args[1])
    if holder is None or not tag_roster.signs(request.setup.campaign, holder.unit):
        refuse(request)
        return
    members = tags.members_of(request.session, holder.unit.id)
    here = list(enumerate(members, 1))[page * PAGE : (page + 1) * PAGE]
    lines = [(number, _member_line(request, Holder(holder.unit, member))) for number, member in here]
    request.reply(
        "tags/members",
        *[
            (Tap("tags.member", "tags.show", (code_of(Holder(holder.unit, member)),), _numbered(number, member)),)
            for number, member in here
        ],
        *_turning(holder, page, len(members)),
        (back_to(Holder(holder.unit)),),
        replace=True,
        whose=holder.name,
        members=lines,
        total=len(members),
    )


@router.button("tags.alike")
def list_alike(request: Request) -> None:
    """Whose hashtags are the same, and whose lie within two slips of a key."""
    holder = holder_at(request, request.args[0])
    if holder is None:
        refuse(request)
        return
    day = request.setup.today(request.now)
    found = tag_overview.alike(request.session, request.setup, holder.unit, day)
    shown = [([each.name for each in line.holders], line.tags, line.edits) for line in found[:MOST_ALIKE]]
    request.reply(
        "tags/alike",
        (back_to(Holder(holder.unit)),),
        replace=True,
        whose=holder.name,
        same=[line for line in shown if not line[2]],
        near=[line for line in shown if line[2]],
        more=len(found) - len(shown),
    )


@router.button("tags.end")
def ask_end(request: Request) -> None:
    """Show what ending a hashtag means, before it is done."""
    row = _may_end(request)
    if row:
        holder = tag_roster.holder_of(row)
        upcoming = row.kind == TagKind.REQUIRED
        rows: list[Row] = [(Tap("tags.end_yes", "tags.end!", (row.id,), solemn=True),), (back_to(holder),)]
        request.reply("tags/end", *rows, replace=True, whose=holder.name, tag=row.tag, upcoming=upcoming)


@router.button("tags.end!")
def end(request: Request) -> None:
    """The hashtag counts no more from today on; a required one to come is taken back."""
    row = _may_end(request)
    if row is None:
        return
    holder, tag = tag_roster.holder_of(row), row.tag
    try:
        saved = tag_changes.end(request.session, request.setup, row, request.now)
    except tag_roster.Taken as taken:
        request.reply("tags/end_taken", (back_to(holder),), replace=True, tag=tag, names=names_of(taken.rows))
        return
    settled = settled_by(saved)
    request.reply("tags/ended", (back_to(holder),), replace=True, tag=tag, whose=holder.name, settled=settled)


def show(request: Request, holder: Holder, *, replace: bool = False) -> None:
    """The hashtags of a holder, and what can be done about them."""
    by_name = holder.member is None and tag_roster.signs(request.setup.campaign, holder.unit)
    found = tag_overview.overview(request.session, request.setup, holder, request.setup.today(request.now))
    required = found.required
    by = request.session.get(Membership, required.set_by_id) if required and required.set_by_id else None
    request.reply(
        "tags/overview",
        *_rows(request, holder, found, by_name=by_name),
        replace=replace,
        whose=holder.name,
        by_name=by_name,
        required=line_of(required) if required else None,
        proposed=required is not None and required.proposed,
        by=by.full_name if by else None,
        at=request.setup.local(required.set_at) if required else None,
        upcoming=[line_of(row) for row in found.upcoming],
        accepted=[line_of(row) for row in found.accepted],
        former=[{"tag": row.tag, "last": last} for row, last in found.former],
        names=names_of(found.twins),
    )


def holder_at(request: Request, code: str) -> Holder | None:
    """The unit (“u12”) or active member (“m7”) of a code, if it is in this admin's own subtree."""
    if request.setup.campaign.tag_rule is None:
        return None
    number = int(code[1:])
    member = request.session.get(Membership, number) if code.startswith("m") else None
    if code.startswith("m") and (member is None or member.state != MembershipState.ACTIVE):
        return None
    unit = member.unit if member else request.session.get(Unit, number)
    if unit is None or unit.campaign != request.setup.campaign.code or not units.is_within(unit, request.me.unit_id):
        return None
    return Holder(unit, member)


def settable_at(request: Request, code: str) -> Holder | None:
    """The same, if tags are his to have: a unit's members show the unit's, or each one of his own."""
    holder = holder_at(request, code)
    if holder is None or tag_roster.signs(request.setup.campaign, holder.unit) != (holder.member is not None):
        return None
    return holder


def code_of(holder: Holder) -> str:
    """What a button carries of a holder."""
    return f"m{holder.member.id}" if holder.member else f"u{holder.unit.id}"


def refuse(request: Request) -> None:
    """Say that this is not his to see or to change, or no more."""
    _leave(request)
    request.reply("tags/not_yours")


def names_of(rows: Any) -> list[str]:
    """The full names of those who hold these tags, each once."""
    return list(dict.fromkeys(tag_roster.holder_of(row).name for row in rows))


def settled_by(saved: Saved) -> list[tuple[str, str]]:
    """Others who have their tag for themselves now, and the tag."""
    return [(tag_roster.holder_of(row).name, row.tag) for row in saved.settled]


def line_of(row: Tag) -> dict[str, Any]:
    """What a list shows of a tag: its days, the last one included."""
    last = row.valid_until - timedelta(days=1) if row.valid_until else None
    return {"tag": row.tag, "since": row.valid_from, "last": last}


def cut(text: str) -> str:
    """A tag as a button shows it: of a long one both ends, where such tags differ."""
    half = LONGEST_LABEL // 2
    return text if len(text) <= LONGEST_LABEL else f"{text[:half]}…{text[-half:]}"


def back_to(holder: Holder) -> Tap:
    """The button that leads back to the holder's hashtags."""
    return Tap("tags.back", "tags.show", (code_of(holder),))


def _rows(request: Request, holder: Holder, found: Overview, *, by_name: bool) -> list[Row]:
    code = code_of(holder)
    rows: list[Row] = []
    if by_name:
        rows.append((Tap("tags.members", "tags.members", (code, 0)),))
    else:
        rows += [(Tap("tags.required", "tags.set", (code, TagKind.REQUIRED.value)),)]
        rows += [(Tap("tags.accepted", "tags.set", (code, TagKind.ACCEPTED.value)),)]
        ending = (*found.upcoming, *found.accepted)
        rows += [(Tap("tags.end", "tags.end", (row.id,), {"name": cut(row.tag)}),) for row in ending]
    if holder.member:
        return [*rows, (Tap("tags.back", "tags.members", (code_of(Holder(holder.unit)), 0)),)]
    rows.append((Tap("tags.alike", "tags.alike", (code,)),))
    below = request.session.scalars(units.below(request.me.unit_id).limit(2)).all()
    return [*rows, (Tap("tags.unit", "tags.unit"),)] if len(below) > 1 else rows


def _leave(request: Request) -> None:
    """Leave what was being set; another conversation goes on."""
    if request.conversation and request.conversation.step.startswith("tags."):
        request.end()


def _may_end(request: Request) -> Tag | None:
    """The accepted or upcoming tag that a button is about, if it is one of this admin's and still such."""
    tags.hold_still(request.session, request.setup.campaign.code)
    row = request.session.get(Tag, int(request.args[0]), populate_existing=True)
    if row is None:
        request.notice("hint/stale")
        return None
    if settable_at(request, code_of(tag_roster.holder_of(row))) is None:
        refuse(request)
        return None
    today = request.setup.today(request.now)
    upcoming = row.kind == TagKind.REQUIRED and row.valid_from is not None and row.valid_from > today
    counts = row.kind == TagKind.ACCEPTED and (row.valid_until is None or row.valid_until > today)
    if not upcoming and not counts:
        request.notice("hint/stale")
        return None
    return row


def _member_line(request: Request, holder: Holder) -> dict[str, Any]:
    day = request.setup.today(request.now)
    row = tag_overview.overview(request.session, request.setup, holder, day).required
    name = holder.member.full_name if holder.member else None
    return {"name": name, "tag": row.tag if row else None, "clash": row is not None and row.kind == TagKind.CLASH}


def _numbered(number: int, member: Membership) -> dict[str, Any]:
    return {"number": number, "name": member.full_name}


def _turning(holder: Holder, page: int, total: int) -> list[Row]:
    code = code_of(Holder(holder.unit))
    newer = (Tap("tags.before", "tags.members", (code, page - 1)),) if page else ()
    older = (Tap("tags.after", "tags.members", (code, page + 1)),) if (page + 1) * PAGE < total else ()
    return [(*newer, *older)] if newer or older else []
