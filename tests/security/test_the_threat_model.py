"""`docs/security.md` names the tests that show what it claims."""

import re

from tests.test_buttons import ROOT

PAPER = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = set(re.findall(r"`(test_[a-z0-9_]+)`", PAPER))
THREATS = re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAPER, re.MULTILINE | re.DOTALL)


def test_every_test_that_the_threat_model_names_is_there() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    there = {name for source in sources for name in re.findall(r"def (test_[a-z0-9_]+)\(", source)}
    assert len(NAMED) >= 50
    assert NAMED - there == set()


def test_each_threat_says_what_shows_it_and_what_remains() -> None:
    threats = [(title, text) for title, text in THREATS if title.startswith("A ")]
    assert len(threats) >= 9
    for title, text in threats:
        assert "`test_" in text, title
        assert "*What remains:*" in text, title
