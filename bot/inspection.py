"""`sotin inspect …`: why a link, tag or deadline is read the way it is. One JSON object a line, nothing kept."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.campaigns import Campaign, has_units, quiet_hours, read_units, rule_of, tag_for, unit_path
from bot.campaigns.days_off import working_days
from bot.domain.days import EARLIEST, LATEST
from bot.domain.deadlines import DutyRule, Occurrence, Quiet, WorkingDays, occurrences, reminders
from bot.domain.hashtags import build_tag, check
from bot.domain.links import read_link


def links(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """A link a line → platform, kind, key, owner, url."""
    for line in lines:
        link = read_link(line.rstrip("\r\n"))
        yield {
            "platform": link.platform,
            "kind": link.kind,
            "key": link.key,
            "owner": link.owner,
            "url": link.url,
        }


def tags(lines: Iterable[str], campaign: Campaign) -> Iterator[dict[str, Any]]:
    """{"text", "required", "accepted"?} a line → found, verdict, fault, suggestion.

    The tags of the units that the campaign brings along are the others' tags.
    """
    known = {unit.code: unit for unit in read_units(campaign.code)} if has_units(campaign.code) else {}
    others = sorted({tag_for(campaign, unit_path(known, code)) for code in known})
    return _each(lines, lambda item: _tag(item, campaign, others))


def tags_for(lines: Iterable[str], campaign: Campaign) -> Iterator[dict[str, Any]]:
    """{"unit", "person"} a line → tag."""
    return _each(lines, lambda item: {"tag": build_tag(campaign.rule, _name(item, "unit"), _optional(item, "person"))})


def deadlines(campaign: Campaign, first: str, last: str, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """What is due from `first` to `last` (ISO days, both included) → duty, period, window, opening, hour, reminders.

    By the campaign's profile and the days off that are known, without what coordinators changed. ValueError, in one
    sentence, if these are no days of such a range.
    """
    start, end = _day(first), _day(last)
    if start > end:
        raise ValueError(f"{first} is after {last}")
    calendar, quiet = working_days(start.year - 1, end.year + 1), quiet_hours(campaign, zone)
    duties = [(duty, rule_of(duty)) for duty in campaign.owed]
    found = [
        (each, rule, duty.period)
        for duty, rule in duties
        for each in occurrences(rule, start, end + timedelta(days=1), {}, zone)
    ]
    for each, rule, kind in sorted(found, key=lambda row: row[0].due_at):
        yield {"duty": kind, **_deadline(each, rule, calendar, quiet)}


def summary(campaign: Campaign) -> str:
    """What a profile holds, in one line."""
    counted = {
        "targets": campaign.targets,
        "kinds of member": campaign.membership.kinds,
        "quotas": campaign.quotas,
        "reports": campaign.duties,
        "tasks": campaign.tasks,
        "types of unit": campaign.unit_types,
    }
    rule = "a tag rule" if campaign.tag_rule else "no tag rule"
    return ", ".join([rule, *(f"{len(rows)} {name}" for name, rows in counted.items())])


def _deadline(each: Occurrence, rule: DutyRule, calendar: WorkingDays, quiet: Quiet) -> dict[str, Any]:
    return {
        "code": each.duty,
        "period": each.period,
        "window_start": each.window_start.isoformat(),
        "window_end": each.window_end.isoformat(),
        "opens_at": each.opens_at.isoformat(),
        "due_at": each.due_at.isoformat(),
        "reminders": [
            {"step": step.name, "at": step.at.isoformat()} for step in reminders(each, rule, calendar, quiet)
        ],
    }


def _day(written: str) -> date:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise ValueError(f"{written!r} is no day: write it as 2026-01-31") from None
    if not EARLIEST <= day.year < LATEST:
        raise ValueError(f"{written} is not in the years from {EARLIEST} to {LATEST - 1}")
    return day


def _tag(item: dict[str, Any], campaign: Campaign, others: list[str]) -> dict[str, Any]:
    accepted = item.get("accepted") or []
    if not isinstance(accepted, list) or not all(isinstance(tag, str) for tag in accepted):
        raise ValueError("“accepted” must be a list of tags")
    right = [_tagged(_text(item, "required")), *map(_tagged, accepted)]
    folded = {tag.casefold() for tag in right}
    strangers = [tag for tag in others if tag.casefold() not in folded]
    verdict = check(_text(item, "text"), right[0], right[1:], rule=campaign.tag_rule, others=strangers)
    return {
        "found": list(verdict.found),
        "verdict": verdict.verdict,
        "fault": verdict.fault,
        "suggestion": verdict.suggestion,
    }


def _each(lines: Iterable[str], answer: Callable[[dict[str, Any]], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The answer to each line; a line that cannot be read is answered with what is wrong with it."""
    for line in lines:
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            if not isinstance(item, dict):
                raise ValueError("a line must be one JSON object")
            yield answer(item)
        except ValueError as error:
            yield {"error": str(error)}


def _tagged(tag: str) -> str:
    return tag if tag.startswith("#") else f"#{tag}"


def _text(item: dict[str, Any], key: str) -> str:
    if not isinstance(item.get(key), str):
        raise ValueError(f"“{key}” must be given, as text")
    return str(item[key])


def _name(item: dict[str, Any], key: str) -> str:
    name = _text(item, key)
    if not name.strip():
        raise ValueError(f"“{key}” is empty")
    return name


def _optional(item: dict[str, Any], key: str) -> str | None:
    return None if item.get(key) is None else _text(item, key)
