"""/baicuatoi: the member's own posts, page by page, and taking one's own mistake back. /hashtag: the required tag."""

from bot.actions import posts as handing_in
from bot.actions import tags
from bot.actions.progress import progress
from bot.buttons import Copy, Row, Tap
from bot.campaigns import Target
from bot.domain.handins import month_start, week_start
from bot.request import Request
from bot.routing import Router
from bot.storage import posts, reports
from bot.storage.models import GONE, Post

router = Router()

A_PAGE = 5
IN_A_ROW = 3
PERIODS = ("week", "month", "all")


@router.command("hashtag", "tag")
@router.button("tag.show")
def show_tag(request: Request) -> None:
    """The required tag, in a form that one tap copies."""
    force = tags.in_force(request.session, request.setup, request.me, request.setup.today(request.now))
    copy: list[Row] = [(Copy("tag.copy", force.required),)] if force.required else []
    unit = request.me.unit.name
    request.reply("posts/tag", *copy, tag=force.required, unit=unit, accepted=force.accepted, settled=force.settled)


@router.command("baicuatoi", "myposts")
def list_posts(request: Request) -> None:
    """This week's posts."""
    _show(request, "week", 0)


@router.button("mine.page")
def turn_page(request: Request) -> None:
    """Another period or page."""
    _show(request, request.args[0], int(request.args[1]))


@router.button("mine.withdraw")
def ask_withdraw(request: Request) -> None:
    """Ask before a post is taken back."""
    post = _own(request)
    if post and not _is_in_report(request, post):
        rows = (
            Tap("mine.withdraw_yes", "mine.withdraw!", (post.id,), solemn=True),
            Tap("mine.keep", "mine.page", ("week", 0)),
        )
        request.reply("mine/withdraw", rows, replace=True, post=post)


@router.button("mine.withdraw!")
def withdraw(request: Request) -> None:
    """Take the post back."""
    post = _own(request)
    if post and not _is_in_report(request, post) and handing_in.withdraw(request.session, post, request.now):
        request.reply("mine/withdrawn", (Tap("mine.back", "mine.page", ("week", 0)),), replace=True, number=post.id)


def _own(request: Request) -> Post | None:
    post = request.session.get(Post, int(request.args[0]), with_for_update=True)
    mine = post is not None and post.membership.person_id == request.me.person_id
    if post is None or not mine or post.state in GONE:
        request.notice("hint/stale")
        return None
    return post


def _is_in_report(request: Request, post: Post) -> bool:
    """Whether a filed report holds the post; says so, and whom to ask."""
    report = reports.holding(request.session, post)
    if report:
        owed = report.obligation
        due = request.setup.local(owed.due_at)
        back = (Tap("mine.back", "mine.page", ("week", 0)),)
        unit, duty = owed.unit.name, owed.duty.rule
        request.reply("reports/frozen", back, replace=True, number=post.id, unit=unit, duty=duty, due=due)
    return report is not None


def _show(request: Request, period: str, page: int) -> None:
    local = request.setup.local(request.now)
    since = {"week": week_start(local), "month": month_start(local)}.get(period)
    total = posts.number_of(request.session, request.me.person_id, since)
    pages = max(1, -(-total // A_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = posts.of_person(request.session, request.me.person_id, since, page * A_PAGE, A_PAGE)
    targets: dict[str, Target] = {target.code: target for target in request.setup.campaign.targets}
    request.reply(
        "mine/list",
        *_rows(list(shown), period, page, pages),
        replace=request.message.press is not None,
        period=period,
        posts=[(post, targets.get(post.target or ""), request.setup.local(post.handed_in_at)) for post in shown],
        page=page + 1,
        pages=pages,
        total=total,
        progress=progress(request.session, request.setup, request.me, request.now),
    )


def _rows(shown: list[Post], period: str, page: int, pages: int) -> list[Row]:
    rows: list[Row] = [
        tuple(Tap(f"mine.{each}", "mine.page", (each, 0)) for each in PERIODS if each != period),
    ]
    turns = []
    if page > 0:
        turns.append(Tap("mine.newer", "mine.page", (period, page - 1)))
    if page < pages - 1:
        turns.append(Tap("mine.older", "mine.page", (period, page + 1)))
    if turns:
        rows.append(tuple(turns))
    live = [post for post in shown if post.state not in GONE]
    taps = [Tap("mine.withdraw", "mine.withdraw", (post.id,), {"number": post.id}) for post in live]
    return rows + [tuple(taps[at : at + IN_A_ROW]) for at in range(0, len(taps), IN_A_ROW)]
