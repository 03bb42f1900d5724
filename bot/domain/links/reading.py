"""From a link to what it opens: unwrap, find the site by the host, take the first row of its table that fits."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.links import facebook, tiktok, youtube, zalo
from bot.domain.links.forms import Fields, Form, Pattern, Site, compile_pattern
from bot.domain.links.link import Kind, Link
from bot.domain.links.urls import Address, clean, parse
from bot.domain.links.wrappers import unwrap

_SITES = (facebook.SITE, youtube.SITE, tiktok.SITE, zalo.SITE)


@dataclass(frozen=True, slots=True)
class _Row:
    pattern: Pattern
    form: Form


def _rows(site: Site, forms: tuple[Form, ...]) -> Iterator[_Row]:
    for form in forms:
        for pattern in form.patterns:
            yield _Row(compile_pattern(pattern, site.grammar), form)


_TABLE = {host: (site, tuple(_rows(site, forms))) for site in _SITES for host, forms in site.forms.items()}


def read_link(link: str) -> Link:
    """What a link opens, read from its letters alone.

    Never raises: what is no link, of another site, or wrapped more than three deep is `Kind.UNKNOWN`. Reading the
    `url` of the answer gives the same key and the same `url`.
    """
    written = parse(link)
    address = written and unwrap(written)
    if address is None:
        return _unknown(None, written.url if written else clean(link))
    return _read(address)


def canonical(link: str) -> str:
    """The one way to write a link: `read_link(link).url`."""
    return read_link(link).url


def _read(address: Address) -> Link:
    if address.name not in _TABLE:
        return _unknown(None, address.url)
    site, rows = _TABLE[address.name]
    for row in rows:
        fields = row.pattern.match(address)
        if fields is not None:
            fields = _lowered(fields, site.caseless)
            return site.finish(row.form.link(site.platform, fields, address), fields, address)
    return _unknown(site.platform, address.url)


def _lowered(fields: Fields, caseless: frozenset[str]) -> Fields:
    return {name: value.lower() if name in caseless else value for name, value in fields.items()}


def _unknown(platform: str | None, url: str) -> Link:
    return Link(platform, Kind.UNKNOWN, key=None, owner=None, url=url)
