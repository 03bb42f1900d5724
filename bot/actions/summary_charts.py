"""The chart that follows a weekly summary: the unit's last weeks, drawn by bot/drawing.py once the text is queued."""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.actions.quota_lines import reached
from bot.actions.summaries import WEEK
from bot.actions.weekly import Recipient, end_of, prefix_of, recipients, told_on
from bot.documents.weekly_chart import Series, weekly_chart
from bot.documents.words import WORDS
from bot.domain.figures import NO_TARGET, ZERO
from bot.domain.handins import week_start
from bot.drawing import Drawing, Gathered
from bot.messages import FileKind, Priority
from bot.setup import Setup
from bot.speech import say
from bot.storage import summaries as storage
from bot.storage import units
from bot.storage.figures import counts_by_week, part_of
from bot.storage.models import Unit

WEEKS = 8


def next_chart(setup: Setup, session: Session, now: datetime, done_with: Set[str]) -> Drawing | None:
    """The chart of the next unit whose summary is queued, in one language, at the hours of summaries."""
    day = told_on(setup, now)
    if day is None:
        return None
    found = recipients(session, setup, day)
    said = storage.put_at(session, [key for each in found for key in (each.key, _key(each))])
    waiting = [each for each in found if each.key in said and _key(each) not in said]
    for each in waiting:
        name = f"{prefix_of(day)}unit:{each.unit_id}:{each.language}"
        if name not in done_with:
            same = (each.unit_id, each.language)
            to = [other for other in waiting if (other.unit_id, other.language) == same]
            until = end_of(setup, day, min(said[other.key] for other in to))
            return Drawing(name, partial(gather, setup=setup, to=to, until=until))
    return None


def gather(
    session: Session, _now: datetime, *, setup: Setup, to: Sequence[Recipient], until: datetime
) -> Gathered | None:
    """What is drawn for those who get a unit's summary: its last weeks up to `until`.

    Nothing where the summary was a short line.
    """
    unit, language, local = session.get_one(Unit, to[0].unit_id), to[0].language, setup.local(until)
    weeks = [week_start(local) - WEEK * ago for ago in reversed(range(WEEKS))]
    posts = _posts(session, setup, unit, weeks, until)
    if not any(sum(of_target[-2:]) for of_target in posts.values()):
        return None
    series = _named(setup, posts, language)
    labels = [f"{each.day}/{each.month}" for each in weeks]
    title = WORDS[language].week_title.format(unit=unit.name)
    args = (title, labels, series, _quota(session, setup, unit, local), language)
    return Gathered(weekly_chart, args, partial(_send, setup=setup, unit=unit.name, to=to))


def _named(setup: Setup, posts: Mapping[str, tuple[int, ...]], language: str) -> tuple[Series, ...]:
    """Targets with posts, in the campaign's order, other places last."""
    names = {target.code: target.name for target in setup.campaign.targets} | {NO_TARGET: WORDS[language].no_target}
    return tuple(Series(name, posts[code]) for code, name in names.items() if any(posts[code]))


def _posts(
    session: Session, setup: Setup, unit: Unit, weeks: Sequence[datetime], until: datetime
) -> dict[str, tuple[int, ...]]:
    """The posts of the unit and all below it, by target, in each week; what came after `until` is left out."""
    ids = list(session.scalars(select(Unit.id).where(Unit.id.in_(units.below(unit.id)))))
    by_unit = counts_by_week(session, setup.campaign.code, ids, [*weeks, until])
    return {
        code: tuple(sum(by_unit[id_][at].get(code, ZERO).total for id_ in ids) for at in range(len(weeks)))
        for code in (*(target.code for target in setup.campaign.targets), NO_TARGET)
    }


def _quota(session: Session, setup: Setup, unit: Unit, local: datetime) -> int | None:
    """Posts a week that the campaign expects of all together, None if it says nothing of weeks."""
    weekly = next((each for each in setup.campaign.quotas if each.per == "week"), None)
    if weekly is None:
        return None
    part = part_of(session, [unit.id], local.date())
    asked = reached(session, setup, part, weekly, local)[unit.id].of
    return asked * weekly.at_least if asked else None


def _send(session: Session, content: bytes, now: datetime, *, setup: Setup, unit: str, to: Sequence[Recipient]) -> None:
    file = outbox.keep_file(session, f"tong-ket-{setup.today(now):%Y-%m-%d}.png", content, FileKind.PHOTO, now)
    for each in to:
        to_chat, language, key, priority = each.to, each.language, _key(each), Priority.BROADCAST
        say(session, setup, to_chat, language, "summaries/chart", now, file=file, priority=priority, key=key, unit=unit)


def _key(recipient: Recipient) -> str:
    return f"{recipient.key}:chart"
