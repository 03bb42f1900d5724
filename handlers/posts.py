"""A member hands in a post by sending a message that holds its link; the text may come with it or after it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.actions import evidence, tags, targets
from bot.actions import posts as handing_in
from bot.actions.posts import Receipt
from bot.actions.progress import progress
from bot.actions.tags import Explanation
from bot.buttons import Copy, Row, Tap
from bot.domain.handins import split
from bot.domain.links import find_links
from bot.messages import Attachment
from bot.request import Request
from bot.routing import Router
from bot.storage import people
from bot.storage.models import GONE, Membership, Post, PostState
from handlers.reorganise import rows_to_choose
from handlers.start import named
from handlers.verdicts import take_picture

router = Router()

MOST_LINKS = 10


@router.links
def hand_in(request: Request) -> None:
    """Every link of the message is handed in and answered, all in one message."""
    links = find_links(request.message.text)
    fitting = targets.campaigns_of(request.session, request.setup, request.me.person_id, links)
    if len(fitting) > 1:
        _ask_campaign(request, fitting)
        return
    request.turn_to(fitting[0])
    _hand_in(request, links)


def _hand_in(request: Request, links: Sequence[str]) -> None:
    items = split(request.message.text, links[:MOST_LINKS])
    receipts = [handing_in.hand_in(request.session, request.setup, request.me, item, request.now) for item in items]
    _keep_picture(request, receipts)
    _answer(request, receipts, left_out=len(links) - len(items))


def _ask_campaign(request: Request, codes: Sequence[str]) -> None:
    request.ask("posts.campaign", {"text": request.message.text, "picture": request.message.picture})
    names = {code: named(request, request.setup.within(code).campaign) for code in codes}
    rows = [(Tap("start.campaign", "posts.campaign", (code,), {"name": name}),) for code, name in names.items()]
    request.reply("posts/which_campaign", *rows)


@router.button("posts.campaign")
def hand_in_there(request: Request) -> None:
    """The author says for which of his campaigns a post is."""
    kept = request.data
    own = people.active_memberships(request.session, request.me.person_id)
    asked = request.conversation is not None and request.conversation.step == "posts.campaign"
    if not asked or request.args[0] not in {each.unit.campaign for each in own}:
        request.notice("hint/stale")
        return
    request.end()
    request.turn_to(request.args[0])
    request.message = replace(request.message, text=kept["text"], picture=kept["picture"])
    _hand_in(request, find_links(kept["text"]))


@router.step("posts.campaign")
def say_which(request: Request) -> None:
    """Words where a button is meant; a new link is a new hand-in."""
    if find_links(request.message.text):
        hand_in(request)
    else:
        request.reply("posts/which_campaign")


@router.step("posts.text")
def text_follows(request: Request) -> None:
    """The text of a post that was handed in without it, or the mended text; a new link is a new hand-in."""
    if request.message.attachment is Attachment.HIDDEN:
        request.reply("hint/hidden")
        return
    if find_links(request.message.text):
        hand_in(request)
        return
    waiting = _waiting(request)
    if not waiting:
        request.end()
        request.reply("hint/unknown")
    elif request.message.picture and not request.message.text:
        take_picture(request, waiting[0])
    elif not _is_post_text(request, waiting[0]):
        request.reply("posts/text_too_short", number=waiting[0].id, tag=waiting[0].required_tag)
    else:
        receipt = handing_in.judge(request.session, request.setup, waiting[0], request.message.text, request.now)
        _keep_picture(request, [receipt])
        _answer(request, [receipt], others=waiting[1:])


@router.step("posts.link")
def full_link_follows(request: Request) -> None:
    """The full link of a post that was handed in by a short one."""
    if request.message.attachment is Attachment.HIDDEN:
        request.reply("hint/hidden")
        return
    links = find_links(request.message.text)
    waiting = _waiting(request)
    if not links or not waiting:
        request.reply("posts/full_link", number=waiting[0].id if waiting else None)
        return
    receipt = handing_in.give_full_link(request.session, request.setup, waiting[0], links[0], request.now)
    _answer(request, [receipt])


@router.button("posts.check")
def check_again(request: Request) -> None:
    """The author mended the post: he pastes its text again, as the bot does not read the post itself."""
    post = _own(request)
    if post is None:
        return
    request.ask("posts.text", {"posts": [post.id]})
    request.reply("posts/paste_again", (Copy("tag.copy", post.required_tag),), number=post.id, tag=post.required_tag)


@router.button("posts.link")
def ask_full_link(request: Request) -> None:
    """Ask for the full link of a post handed in by a short one."""
    post = _own(request)
    if post is None:
        return
    request.ask("posts.link", {"posts": [post.id]})
    request.reply("posts/full_link", number=post.id)


@router.button("posts.target")
def choose_target(request: Request) -> None:
    """The author says where a post stands whose link does not show it."""
    post = _own(request)
    if post is None:
        return
    if post.state != PostState.NO_TARGET:
        request.notice("hint/stale")
        return
    receipt = handing_in.choose_target(request.session, request.setup, post, request.args[1], request.now)
    if receipt is None:
        request.notice("hint/stale")
        return
    _answer(request, [receipt], replace=True)


def _own(request: Request) -> Post | None:
    """The member's own post that a button is about, locked; says so if the button is stale."""
    post = request.session.get(Post, int(request.args[0]), with_for_update=True)
    mine = post is not None and post.membership.person_id == request.me.person_id
    if post is None or not mine or post.state in (*GONE, PostState.COUNTED):
        request.notice("hint/stale")
        return None
    return post


def _waiting(request: Request) -> list[Post]:
    """The member's posts that the conversation is about and that still do not count."""
    found = [request.session.get(Post, number) for number in request.data.get("posts", [])]
    done, person = (PostState.COUNTED, *GONE), request.me.person_id
    return [post for post in found if post and post.membership.person_id == person and post.state not in done]


def _is_post_text(request: Request, post: Post) -> bool:
    day = handing_in.day_of(request.setup, post)
    return handing_in.is_post_text(request.session, request.setup, post.membership, request.message.text, day)


def _keep_picture(request: Request, receipts: list[Receipt]) -> None:
    """A picture beside the link or the text of a post that does not count yet is there for whoever has to decide."""
    channel, picture = request.message.address.channel, request.message.picture
    for receipt in receipts:
        if picture and receipt.post and receipt.outcome == "logged" and receipt.need != "nothing":
            evidence.add_picture(request.session, receipt.post, channel, picture, request.now)


def _answer(
    request: Request,
    receipts: list[Receipt],
    *,
    left_out: int = 0,
    others: list[Post] | None = None,
    replace: bool = False,
) -> None:
    """One message for all receipts; what is asked for next is what the next message is taken for."""
    waiting = [receipt.post.id for receipt in receipts if receipt.post and receipt.need in ("text", "tag")]
    waiting += [post.id for post in others or ()]
    if waiting:
        request.ask("posts.text", {"posts": waiting})
    elif request.conversation and request.conversation.step.startswith("posts."):
        request.end()
    request.reply(
        "posts/answer",
        *_rows(request, receipts),
        *rows_to_choose(request),
        replace=replace,
        receipts=[_shown(request, receipt) for receipt in receipts],
        progress=progress(request.session, request.setup, request.me, request.now),
        left_out=left_out,
        waiting=[post.id for post in others or ()],
        targets=request.setup.campaign.targets,
    )


def _shown(request: Request, receipt: Receipt) -> dict[str, Any]:
    """What the template shows of a receipt; another unit's member is not named."""
    first = receipt.post
    same_unit = first is not None and first.membership.unit_id == request.me.unit_id
    return {
        "outcome": receipt.outcome,
        "need": receipt.need,
        "url": receipt.link.url,
        "kind": receipt.link.kind,
        "what": receipt.link.what,
        "platform": receipt.link.platform,
        "number": first.id if first else None,
        "required": first.required_tag if first else None,
        "target": receipt.target,
        "settled": receipt.settled,
        "why": _why(request, receipt),
        "double_of": receipt.double_of.id if receipt.double_of else None,
        "mine": first is not None and first.membership.person_id == request.me.person_id,
        "by": first.membership.full_name if first and same_unit else None,
        "by_unit": first.membership.unit.name if first else None,
        "at": request.setup.local(first.handed_in_at) if first else None,
    }


def _why(request: Request, receipt: Receipt) -> Explanation | None:
    if receipt.verdict is None or receipt.post is None:
        return None
    day = handing_in.day_of(request.setup, receipt.post)
    return tags.explain(request.session, request.setup, receipt.verdict, receipt.post.required_tag, day)


def _rows(request: Request, receipts: list[Receipt]) -> list[Row]:
    rows: list[Row] = []
    tags = {receipt.post.required_tag for receipt in receipts if receipt.post and receipt.need in ("text", "tag")}
    rows += [(Copy("tag.copy", tag),) for tag in sorted(tags)]
    for receipt in receipts:
        rows += _rows_of(request, receipt)
    return rows


def _rows_of(request: Request, receipt: Receipt) -> list[Row]:
    post = receipt.post
    if receipt.outcome != "logged" or post is None:
        return []
    if receipt.need == "target":
        targets = [each for each in request.setup.campaign.targets if each.platform == post.platform]
        return [(Tap("posts.target", "posts.target", (post.id, each.code), {"name": each.name}),) for each in targets]
    if receipt.need == "tag":
        again = Tap("posts.check", "posts.check", (post.id,), {"number": post.id})
        dispute = Tap("posts.dispute", "posts.dispute", (post.id,), {"number": post.id})
        return [*_row_of_other_unit(request, receipt), (again, dispute)]
    if receipt.need == "full_link":
        return [(Tap("posts.link", "posts.link", (post.id,), {"number": post.id}),)]
    return []


def _row_of_other_unit(request: Request, receipt: Receipt) -> list[Row]:
    """If the tag is that of another unit of the author's, the post may be logged for that one."""
    other = _other_membership(request, receipt)
    if other is None or receipt.post is None:
        return []
    values = {"number": receipt.post.id, "name": other.unit.name}
    return [(Tap("posts.move", "posts.move", (receipt.post.id, other.id), values),)]


def _other_membership(request: Request, receipt: Receipt) -> Membership | None:
    verdict, post = receipt.verdict, receipt.post
    if verdict is None or post is None or verdict.fault != "someone_elses" or not verdict.matched:
        return None
    day = handing_in.day_of(request.setup, post)
    row = tags.holder_of(request.session, request.setup, verdict.matched, day)
    own = people.active_memberships(request.session, request.me.person_id) if row else ()
    return next((each for each in own if row and each.unit_id == row.unit_id and each.id != post.membership_id), None)


@router.button("posts.move")
def log_for_other_unit(request: Request) -> None:
    """The author belongs to the unit whose tag the post shows: it is logged for that one."""
    post = _own(request)
    if post is None:
        return
    own = people.active_memberships(request.session, request.me.person_id)
    other = next((each for each in own if each.id == int(request.args[1])), None)
    if other is None:
        request.notice("hint/stale")
        return
    receipt = handing_in.move(request.session, request.setup, post, other, request.now)
    _answer(request, [receipt], replace=True)
