"""The chart that follows a weekly summary: the unit's last weeks, drawn by bot/drawing.py once the text is queued."""

from collections.abc import Sequence, Set
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.actions.summaries import WEEK, Recipient, end_of, prefix_of, reached, recipients, told_on
from bot.documents.weekly_chart import Series, weekly_chart
from bot.domain.figures import NO_TARGET, Count
from bot.domain.handins import week_start
from bot.drawing import Drawing
from bot.messages import FileKind, Priority
from bot.setup import Setup
from bot.speech import say
from bot.storage import summaries as storage
from bot.storage import units
from bot.storage.figures import counts_by_week
from bot.storage.models import Unit

WEEKS = 8


def next_chart(setup: Setup, session: Session, now: datetime, done_with: Set[str]) -> Drawing | None:
    """The chart of the next unit whose summary is queued, at the hours of summaries."""
    day = told_on(setup, now)
    if day is None:
        return None
    said = storage.keys_put(session, prefix_of(day))
    waiting = [each for each in recipients(session, setup, day) if each.key in said and _key(each) not in said]
    for each in waiting:
        name = f"{prefix_of(day)}unit:{each.unit_id}"
        if name not in done_with:
            of_unit = [other for other in waiting if other.unit_id == each.unit_id]
            until = end_of(setup, day, min(said[other.key] for other in of_unit))
            return _drawing(session, setup, name, of_unit, until)
    return None


def _drawing(session: Session, setup: Setup, name: str, to: Sequence[Recipient], until: datetime) -> Drawing:
    """The last weeks up to `until`; nothing where the summary was a short line."""
    unit, local = session.get_one(Unit, to[0].unit_id), setup.local(until)
    weeks = [week_start(local) - WEEK * ago for ago in reversed(range(WEEKS))]
    series = _series(session, setup, unit, weeks, until)
    settle = partial(_send, setup=setup, unit=unit.name, to=to)
    if not any(sum(each.posts[-2:]) for each in series):
        return Drawing(name, None, (), settle)
    labels = [f"{each.day}/{each.month}" for each in weeks]
    title = f"{unit.name}: bài được tính mỗi tuần, từ thứ Hai"
    return Drawing(name, weekly_chart, (title, labels, series, _quota(session, setup, unit, local)), settle)


def _series(
    session: Session, setup: Setup, unit: Unit, weeks: Sequence[datetime], until: datetime
) -> tuple[Series, ...]:
    """The posts of the unit and all below it, by target, in each week; what came after `until` is left out."""
    ids = list(session.scalars(select(Unit.id).where(Unit.id.in_(units.below(unit.id)))))
    by_unit = counts_by_week(session, setup.campaign.code, ids, [*weeks, until])
    names = {target.code: target.name for target in setup.campaign.targets} | {NO_TARGET: "Nơi khác"}
    series = []
    for code, name in names.items():
        found = [sum(by_unit[id_][at].get(code, Count()).total for id_ in ids) for at in range(len(weeks))]
        if any(found):
            series.append(Series(name, tuple(found)))
    return tuple(series)


def _quota(session: Session, setup: Setup, unit: Unit, local: datetime) -> int | None:
    """Posts a week that the campaign expects of all together, None if it says nothing of weeks."""
    weekly = (reached(session, setup, unit, each, local) for each in setup.campaign.quotas if each.per == "week")
    found = next(weekly, None)
    return found.of * found.quota.at_least if found and found.of else None


def _send(session: Session, content: bytes, now: datetime, *, setup: Setup, unit: str, to: Sequence[Recipient]) -> None:
    file = outbox.keep_file(session, f"tong-ket-{setup.today(now):%Y-%m-%d}.png", content, FileKind.PHOTO, now)
    for each in to:
        to_chat, language, key, priority = each.to, each.language, _key(each), Priority.BROADCAST
        say(session, setup, to_chat, language, "summaries/chart", now, file=file, priority=priority, key=key, unit=unit)


def _key(recipient: Recipient) -> str:
    return f"{recipient.key}:chart"
