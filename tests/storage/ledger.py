"""Units, members and posts for the tests of figures: one by one, or many drawn at random and counted in Python."""

from datetime import date, datetime, timedelta, timezone
from random import Random

from sqlalchemy.orm import Session

from bot.domain.figures import Count
from bot.domain.links import Kind
from bot.storage.models import Membership, MembershipState, Post, PostState, Unit

VIETNAM = timezone(timedelta(hours=7))
START = datetime(2027, 3, 1, tzinfo=VIETNAM)
END = START + timedelta(days=7)
DAY, MORROW = date(2027, 3, 7), date(2027, 3, 8)
LONG_AGO = START - timedelta(days=300)
TARGETS = ("sao_vuong", "mien_dong", None)
PICTURES_AND_FILMS = {"photo", "video", "reel"}


def unit(
    session: Session,
    name: str,
    parent: Unit | None = None,
    *,
    type_: str = "commune",
    opened_on: date | None = None,
    closed_on: date | None = None,
    campaign: str = "own",
) -> Unit:
    made = Unit(
        campaign=campaign,
        code=name,
        type=type_,
        name=name,
        folded=name,
        parent_id=parent and parent.id,
        opened_on=opened_on,
        closed_on=closed_on,
    )
    session.add(made)
    session.flush()
    return made


def member(
    session: Session,
    of: Unit,
    name: str | None = "A",
    *,
    kind: str = "chien_si",
    state: MembershipState = MembershipState.ACTIVE,
    since: datetime = LONG_AGO,
    decided: datetime | None = None,
) -> Membership:
    made = Membership(unit_id=of.id, full_name=name, kind=kind, state=state, created_at=since, decided_at=decided)
    session.add(made)
    session.flush()
    return made


def post(
    session: Session,
    by: Membership,
    *,
    at: datetime = START,
    for_: Unit | None = None,
    kind: str = "post",
    target: str | None = "sao_vuong",
    state: str = PostState.COUNTED,
    campaign: str = "own",
) -> Post:
    made = Post(
        campaign=campaign,
        key="fb:1",
        url="",
        platform="facebook",
        kind=kind,
        target=target,
        unit_id=for_.id if for_ else by.unit_id,
        membership_id=by.id,
        state=state,
        required_tag="",
        handed_in_at=at,
    )
    session.add(made)
    return made


class Ledger:
    """Units, members and posts drawn at random, with all that may keep one of them from counting."""

    def __init__(self, session: Session, seed: int) -> None:
        draw = Random(seed)  # noqa: S311 -- nothing secret is drawn
        days = (None, None, None, DAY - timedelta(days=2), DAY, DAY + timedelta(days=1))
        self.units = [unit(session, "root")]
        for number in range(11):
            above, opened, closed = draw.choice(self.units), draw.choice(days), draw.choice(days)
            self.units.append(unit(session, f"u{number}", above, opened_on=opened, closed_on=closed))
        midnight = END - timedelta(seconds=1), END, END + timedelta(seconds=1)
        self.members = [
            member(
                session,
                draw.choice(self.units),
                draw.choice(["A", "B", None]),
                kind=draw.choice(["can_bo", "chien_si"]),
                state=draw.choice([*MembershipState, MembershipState.ACTIVE]),
                since=draw.choice(midnight),
                decided=draw.choice([None, *midnight]),
            )
            for _ in range(25)
        ]
        edges = START - timedelta(seconds=1), START, START + timedelta(days=3), END - timedelta(seconds=1), END
        self.posts = [
            post(
                session,
                draw.choice(self.members),
                at=draw.choice(edges),
                for_=draw.choice([None, None, *self.units]),
                kind=draw.choice(list(Kind)),
                target=draw.choice(TARGETS),
                state=draw.choice([PostState.COUNTED, PostState.COUNTED, *PostState]),
                campaign=draw.choice(["own", "own", "own", "other"]),
            )
            for _ in range(150)
        ]

    def within(self, root: Unit) -> set[int]:
        inside = {root.id}
        for each in self.units:  # those above stand before those below
            if each.parent_id in inside:
                inside.add(each.id)
        return inside

    def posts_of(self, unit_ids: set[int]) -> list[Post]:
        return [
            each
            for each in self.posts
            if each.unit_id in unit_ids
            and (each.state, each.campaign) == ("counted", "own")
            and START <= each.handed_in_at < END
        ]

    def alive(self) -> set[int]:
        return {
            each.id
            for each in self.units
            if (each.opened_on or DAY) <= DAY and (each.closed_on is None or each.closed_on > DAY)
        }

    def members_of(self, unit_ids: set[int]) -> list[Membership]:
        return [
            each
            for each in self.members
            if each.unit_id in unit_ids & self.alive()
            and each.state == "active"
            and (each.decided_at or each.created_at).astimezone(VIETNAM).date() <= DAY
        ]


def counted(posts: list[Post]) -> Count:
    media = sum(each.kind in PICTURES_AND_FILMS for each in posts)
    return Count(len(posts) - media, media)
