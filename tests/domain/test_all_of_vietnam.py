"""The militia's rule held against every commune of Vietnam, before and since 1 July 2025."""

import csv
import re
import unicodedata
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import pytest

from bot.campaigns import load
from bot.domain.hashtags import Strangers, TagRule, build_tag, check, near_pairs

RULE = load("long_an").rule
COMMUNES = {"old": 10_035, "new": 3_321}
CLASHES = {"old": 44, "new": 10}

TYPE_WORD = re.compile(r"^(Tỉnh|Thành phố|Thị xã|Thị trấn|Đặc khu|Huyện|Quận|Phường|Xã) (?!\d+$)", re.IGNORECASE)

Province = tuple[str, str]  # era, name


class Commune(NamedTuple):
    """A commune by its full name, with its district's if there were districts."""

    name: str
    district: str | None
    province: str

    @property
    def subject(self) -> str:
        return ", ".join(filter(None, [f"DQTV {self.name}", self.district]))


@cache
def communes() -> dict[Province, list[Commune]]:
    text = files("bot.campaigns").joinpath("vn_units.tsv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    units = {(row["era"], row["level"], row["code"]): row for row in rows}
    found: dict[Province, list[Commune]] = defaultdict(list)
    for row in rows:
        if row["level"] == "commune":
            district = units.get((row["era"], "district", row["parent_code"]))
            top = units[row["era"], "province", (district or row)["parent_code"]]
            commune = Commune(row["name"], district["name"] if district else None, bare(top["name"]))
            found[row["era"], commune.province].append(commune)
    return found


@cache
def rule_of(province: str) -> TagRule:
    return RULE.model_copy(update={"province": province})


def tag_of(commune: Commune) -> str:
    return build_tag(rule_of(commune.province), commune.subject)


def bare(name: str) -> str:
    return TYPE_WORD.sub("", name)


def plainly(commune: Commune) -> str:
    """The tag made without the rule's machinery: type words cut, marks taken off, all joined."""
    names = map(bare, filter(None, [commune.name, commune.district, commune.province]))
    split = unicodedata.normalize("NFD", "DQTV" + "".join(names).upper().replace("Đ", "D"))
    return "#" + "".join(char for char in split if char.isascii() and char.isalnum())


def clashing(made: dict[str, list[Commune]]) -> set[frozenset[Commune]]:
    return {frozenset(group) for group in made.values() if len(group) > 1}


@pytest.mark.parametrize("era", COMMUNES)
def test_every_commune_has_a_tag_and_those_that_share_one_are_known(era: str) -> None:
    by_rule: dict[str, list[Commune]] = defaultdict(list)
    by_hand: dict[str, list[Commune]] = defaultdict(list)
    for commune in (commune for (of, _), some in communes().items() if of == era for commune in some):
        by_rule[tag_of(commune)].append(commune)
        by_hand[plainly(commune)].append(commune)
    assert sum(map(len, by_rule.values())) == COMMUNES[era]
    assert by_rule == by_hand
    assert len(clashing(by_rule)) == CLASHES[era]
    assert all(re.fullmatch(r"#DQTV[A-Z0-9]{5,}", tag) for tag in by_rule)


@pytest.mark.parametrize("province", communes(), ids=" ".join)
def test_no_tag_is_credited_for_another_s_within_two_slips(province: Province) -> None:
    subjects = {tag_of(commune): commune.subject for commune in communes()[province]}
    strangers = Strangers([*subjects])
    for pair in near_pairs([*subjects]):
        for required, written in (pair[:2], pair[1::-1]):
            verdict = check(
                f"bài {written}", required, rule=rule_of(province[1]), unit=subjects[required], others=strangers
            )
            assert (verdict.verdict, verdict.fault, verdict.matched) == ("near_miss", "someone_elses", written)
