"""Whatever links a post is handed in by, and in whatever order: it is counted once, and every hand-in is kept."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import identity, posts
from bot.campaigns import load
from bot.campaigns.profile import Review
from bot.domain.handins import HandIn
from bot.domain.links import read_link
from bot.setup import Setup
from bot.storage.db import open_engine
from bot.storage.models import Membership, Post, PostKey, PostState
from tests.cast import TAG
from tests.databases import A_MONDAY, Sqlite

CAMPAIGN = load("long_an").model_copy(update={"review": Review(sample=0, similar_days=0)})
SETUP = Setup(CAMPAIGN, ZoneInfo("Asia/Ho_Chi_Minh"), b"k" * 32, {})
GROUP = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/"
# What opens the posts A and B: their numbers, short links that are or are not tied to them, and pictures of A.
A, B = "1111111111111", "2222222222222"
SHARE_A, SHARE_B = "https://www.facebook.com/share/p/ShareOfA1/", "https://www.facebook.com/share/p/ShareOfB2/"
LINKS = {
    f"{GROUP}{A}/": "A",
    f"https://www.facebook.com/permalink.php?story_fbid={A}&id=100000000000002": "A",
    f"{GROUP}{A}/?share_url={SHARE_A}": "A",
    SHARE_A: "A",
    f"https://www.facebook.com/photo/?fbid=5555555555555&set=pcb.{A}": "A",
    f"{GROUP}{B}/": "B",
    f"{GROUP}{B}/?share_url={SHARE_B}": "B",
    SHARE_B: "B",
    f"{GROUP}{B}/?share_url={SHARE_A}": "B",  # somebody wrote the echo by hand
}
STEPS = st.lists(st.tuples(st.sampled_from(sorted(LINKS)), st.sampled_from(["Alice", "Bob", "Dung"])), max_size=10)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> str:
    return Sqlite(tmp_path_factory.mktemp("identity")).fresh("staged")


def hand_in(session: Session, steps: list[tuple[str, str]]) -> None:
    for minutes, (link, name) in enumerate(steps):
        author = session.scalars(select(Membership).where(Membership.full_name == name)).one()
        now = A_MONDAY + timedelta(minutes=minutes)
        posts.hand_in(session, SETUP, author, HandIn(link, f"Bài {link} của {name}. {TAG}"), now)


@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_a_post_is_counted_once_by_whatever_links_and_in_whatever_order(
    ledger: str, steps: list[tuple[str, str]]
) -> None:
    engine = open_engine(ledger)
    with Session(engine) as session:
        hand_in(session, steps)
        counted = session.scalars(select(Post).where(Post.state == PostState.COUNTED)).all()
        numbers = [post.key for post in counted]
        assert len(set(numbers)) == len(numbers)
        for post in counted:
            keys = session.scalars(select(PostKey.key).where(PostKey.post_id == post.id)).all()
            assert not {f"fb:{A}", f"fb:{B}"} <= set(keys)
        session.rollback()
    engine.dispose()


@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_no_hand_in_is_lost_and_a_merged_one_leads_to_a_live_one(ledger: str, steps: list[tuple[str, str]]) -> None:
    engine = open_engine(ledger)
    with Session(engine) as session:
        hand_in(session, steps)
        for link, _ in steps:
            assert identity.opened_by(session, SETUP, read_link(link), "link", A_MONDAY) is not None
        for merged in session.scalars(select(Post).where(Post.state == PostState.MERGED)):
            into = session.get_one(Post, merged.merged_into_id)
            while into.state == PostState.MERGED:
                into = session.get_one(Post, into.merged_into_id)
            assert into.handed_in_at <= merged.handed_in_at or merged.fault
        session.rollback()
    engine.dispose()


def test_every_link_of_the_table_is_read() -> None:
    assert all(read_link(link).key for link in LINKS)
