"""The notation of the site tables: how a form of link is written down and matched.

A pattern reads like the link without its host: `groups/{group}/posts/**/{id}?view=full[&id={owner}]`.
A word matches itself in any case, `a|b` either; `{name}` matches what the site's grammar calls so, `**` any number of
segments; each parameter after `?` must be there, those in brackets may be. Parameters not named do not matter.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.links.link import Kind, Link
from bot.domain.links.urls import Address

# A name of the notation → the regular expression it stands for; named groups in it become the fields of a match.
Grammar = Mapping[str, str]
Fields = dict[str, str]

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_OPTION = re.compile(r"\[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern."""

    path: re.Pattern[str]
    required: dict[str, re.Pattern[str]]
    optional: dict[str, re.Pattern[str]]

    def match(self, address: Address) -> Fields | None:
        """The fields of an address of this form, absent ones empty; None for another form."""
        found = self.path.fullmatch(address.path)
        if not found:
            return None
        fields = found.groupdict("")
        for name, value in (self.required | self.optional).items():
            if given := value.fullmatch(address.params.get(name, "")):
                fields |= given.groupdict("")
            elif name in self.required:
                return None
        return fields


@dataclass(frozen=True, slots=True)
class Form:
    """A row of a site's table: links of these patterns are of this kind.

    `key` and `url` are templates over the fields; in `url` a part in brackets is left out if its field is empty.
    """

    kind: Kind
    patterns: tuple[str, ...]
    key: str = ""
    url: str = ""
    what: str | None = None

    def link(self, platform: str, fields: Fields, address: Address) -> Link:
        """What a link of this form is."""
        group = fields.get("group") or None
        return Link(
            platform=platform,
            kind=self.kind,
            key=self.key.format_map(fields) or None,
            owner=fields.get("owner") or group,
            url=_fill(self.url, fields) or address.url,
            group=group,
            what=self.what,
        )


def _as_it_is(link: Link, _fields: Fields, _address: Address) -> Link:
    return link


@dataclass(frozen=True, slots=True)
class Site:
    """A platform: its rows by host name, first match wins. `caseless` fields are lowered; `finish` says the rest."""

    platform: str
    grammar: Grammar
    forms: Mapping[str, tuple[Form, ...]]
    caseless: frozenset[str] = frozenset()
    finish: Callable[[Link, Fields, Address], Link] = _as_it_is


def not_post(what: str, *patterns: str) -> Form:
    """A row for links that open something, but no post."""
    return Form(Kind.NOT_POST, patterns, what=what)


def compile_pattern(pattern: str, grammar: Grammar) -> Pattern:
    """The pattern ready for matching; KeyError for a name the grammar lacks."""
    path, _, query = pattern.partition("?")
    optional = "&".join(_OPTION.findall(query))
    return Pattern(_path(path, grammar), _query(_OPTION.sub("", query), grammar), _query(optional, grammar))


def _path(path: str, grammar: Grammar) -> re.Pattern[str]:
    joined = "/".join(_words(segment, grammar) for segment in path.split("/"))
    joined = joined.replace("/**/", "/(?:[^/]+/)*").replace("/**", "(?:/.*)?")
    return re.compile(".*" if joined == "**" else joined, re.DOTALL)


def _query(query: str, grammar: Grammar) -> dict[str, re.Pattern[str]]:
    pairs = (parameter.partition("=") for parameter in query.split("&") if parameter)
    return {name: re.compile(_words(value, grammar), re.DOTALL) for name, _, value in pairs}


def _words(text: str, grammar: Grammar) -> str:
    if text == "**":
        return text
    parts = _PLACEHOLDER.split(text)
    return "".join(grammar[part] if i % 2 else _word(part) for i, part in enumerate(parts))


def _word(text: str) -> str:
    return f"(?i:{'|'.join(map(re.escape, text.split('|')))})" if text else ""


def _fill(template: str, fields: Fields) -> str:
    def part(option: re.Match[str]) -> str:
        names = _PLACEHOLDER.findall(option[1])
        return option[1] if all(fields.get(name) for name in names) else ""

    return _OPTION.sub(part, template).format_map(fields)
