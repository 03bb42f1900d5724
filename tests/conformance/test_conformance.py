"""Every case of the conformance pack, and that the pack is whole."""

import re

import pytest

from bot.domain.hashtags import CLASSES, build_tag, check
from bot.domain.links import Kind, find_links, read_link
from tests.conformance.pack import FINDING, LINKS, PACK, SUBJECTS, TAGS, TEXTS, Case, formed, rule_of, spelled_out

ALL = [*LINKS, *FINDING, *TAGS, *TEXTS]


def _named(case: Case) -> str:
    return str(case["id"])


@pytest.mark.parametrize("case", LINKS, ids=_named)
def test_a_link_opens_what_the_pack_says(case: Case) -> None:
    read = read_link(spelled_out(case["link"]))
    expected = case["read"] | ({"aliases": tuple(case["read"]["aliases"])} if "aliases" in case["read"] else {})
    assert {name: getattr(read, name) for name in expected} == expected, case["reason"]


@pytest.mark.parametrize("case", FINDING, ids=_named)
def test_a_text_holds_the_links_that_the_pack_says(case: Case) -> None:
    assert [*find_links(case["text"])] == case["links"], case["reason"]


@pytest.mark.parametrize("case", TAGS, ids=_named)
def test_a_name_gives_the_tag_that_the_pack_says(case: Case) -> None:
    person = formed(case, case["person"]) or None
    assert build_tag(rule_of(case), formed(case, case["unit"]), person) == case["tag"], case["reason"]


@pytest.mark.parametrize("case", TEXTS, ids=_named)
def test_a_text_gets_the_verdict_that_the_pack_says(case: Case) -> None:
    subject = SUBJECTS[case["subject"]]
    names = {name: subject[name] for name in ("unit", "person", "others")}
    verdict = check(formed(case, case["text"]), subject["required"], rule=rule_of(subject), **names)
    expected = case["expect"] | {"found": tuple(case["expect"]["found"])}
    assert {name: getattr(verdict, name) for name in expected} == expected, case["reason"]


@pytest.mark.parametrize("name", SUBJECTS)
def test_the_required_tag_of_a_subject_follows_from_its_names(name: str) -> None:
    subject = SUBJECTS[name]
    assert build_tag(rule_of(subject), subject["unit"], subject["person"]) == subject["required"]
    assert subject["required"] not in subject["others"]


def test_the_pack_has_its_size_and_its_readme_says_so() -> None:
    assert len(TAGS) + len(TEXTS) >= 200
    assert len(LINKS) >= 250
    stated = [
        row.split("|")[3].strip() for row in (PACK / "README.md").read_text("utf-8").splitlines() if ".yml` |" in row
    ]
    assert stated == [str(len(TAGS)), str(len(TEXTS)), f"{len(LINKS)} + {len(FINDING)}", "–"]


def test_every_case_has_an_id_of_its_own_and_a_reason() -> None:
    assert len({case["id"] for case in ALL}) == len(ALL)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", case["id"]) for case in ALL)
    assert all(case["reason"].strip() for case in ALL)


def test_every_fault_kind_and_site_has_its_cases() -> None:
    assert {case["expect"]["fault"] for case in TEXTS} == {code for code, _ in CLASSES} | {"absent", None}
    assert {case["read"]["kind"] for case in LINKS} == set(Kind)
    assert {case["read"]["platform"] for case in LINKS} == {"facebook", "youtube", "tiktok", "zalo", None}


def test_no_two_cases_are_the_same() -> None:
    for cases, inputs in ((LINKS, ("link",)), (FINDING, ("text",)), (TEXTS, ("subject", "form", "text"))):
        asked = [str([formed(case, str(case.get(name))) for name in inputs]) for case in cases]
        assert len(set(asked)) == len(asked)
