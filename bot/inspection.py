"""`sotin inspect …`: why a link or tag is read the way it is. stdin to stdout, one JSON object a line, nothing kept."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bot.campaigns import Campaign, has_units, read_units, tag_for, unit_path
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
    return _each(
        lines, lambda item: {"tag": build_tag(campaign.tag_rule, _name(item, "unit"), _optional(item, "person"))}
    )


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
