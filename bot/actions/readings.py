"""Which posts a source should read in the background. What it answers is dealt with in confirmation.py."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.links import Link, read_link
from bot.posts.base import Source
from bot.setup import Setup
from bot.storage import readings
from bot.storage.models import LADDER, Evidence, Post, PostState, ReadingState

# The platform's own interface may be asked again after the author mended his post; a page or short link never.
ASKED_AGAIN = "confirmed_api"


def ask(session: Session, setup: Setup, post: Post, now: datetime, *, again: bool) -> int:
    """Queue the post for the sources that could tell more about it; for how many. Nothing waits for them.

    `again`: the author has touched his post, so that what a source said before may be out of date.
    """
    if not setup.sources or post.state in (PostState.WITHDRAWN, PostState.MERGED):
        return 0
    link = read_link(post.url)
    wanted = [source for source in setup.sources if source.reads(link) and _could_tell_more(post, source)]
    return sum(_queue(session, post, source, link, now, again=again) for source in wanted)


def _could_tell_more(post: Post, source: Source) -> bool:
    if source.evidence == "resolved":
        return post.state == PostState.UNRESOLVED or post.kind == "alias"
    step = LADDER.index(Evidence(source.evidence))
    return post.state != PostState.COUNTED or LADDER.index(Evidence(post.evidence)) < step


def _queue(session: Session, post: Post, source: Source, link: Link, now: datetime, *, again: bool) -> bool:
    row = readings.of_link(session, post.campaign, source.name, link.key or post.key)
    if row is None:
        readings.add(session, post, source.name, link.key or post.key, now)
        return True
    settled = row.state in (ReadingState.DONE, ReadingState.FAILED)
    if again and settled and source.evidence == ASKED_AGAIN:
        row.post_id, row.state, row.attempts, row.not_before = post.id, ReadingState.WAITING, 0, now
        session.flush()
        return True
    return False
