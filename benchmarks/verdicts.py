"""The verdict on a post of 2,000 characters beside a bare search for its tag: python -m benchmarks.verdicts.

The tags are those that Long An's rule makes of the communes of tỉnh Thanh Hóa, 600 of them besides the right one.
"""

import csv
import re
from collections.abc import Iterator
from functools import partial
from importlib.resources import files
from itertools import islice

from benchmarks.timing import Contender, race, table
from bot.campaigns import load
from bot.domain.hashtags import Strangers, build_tag, check

PROVINCE = "38"  # Thanh Hóa: no other had more communes
RULE = load("long_an").rule.model_copy(update={"province": "Thanh Hóa"})
SUBJECT = "DQTV Xã Thiệu Duy, Huyện Thiệu Hóa"
RIGHT = build_tag(RULE, SUBJECT)
LENGTH = 2_000
SENTENCE = "Sáng nay, dân quân tự vệ của xã đã ra quân huấn luyện; bà con đến xem rất đông, ai cũng phấn khởi. "


def tags() -> list[str]:
    """The other communes' tags, from before and after 1 July 2025."""
    text = files("bot.campaigns").joinpath("vn_units.tsv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    districts = {
        row["code"]: row["name"]
        for row in rows
        if (row["era"], row["level"], row["parent_code"]) == ("old", "district", PROVINCE)
    }
    old = (f"DQTV {row['name']}, {districts[row['parent_code']]}" for row in rows if _is_old(row, districts))
    new = (f"DQTV {row['name']}" for row in rows if _is_new(row))
    made = dict.fromkeys(build_tag(RULE, subject) for subject in (*old, *new))
    return [tag for tag in made if tag != RIGHT][:600]


def _is_old(row: dict[str, str], districts: dict[str, str]) -> bool:
    return (row["era"], row["level"]) == ("old", "commune") and row["parent_code"] in districts


def _is_new(row: dict[str, str]) -> bool:
    return (row["era"], row["level"], row["parent_code"]) == ("new", "commune", PROVINCE)


def post(*ends: str) -> str:
    """A text of 2,000 characters with `ends` as its end."""
    end = " " + " ".join(ends)
    return (SENTENCE * LENGTH)[: LENGTH - len(end)] + end


def slips(tag: str) -> Iterator[str]:
    """The tag with one wrong letter, at each place."""
    for place in range(5, len(tag)):
        yield tag[:place] + "X" + tag[place + 1 :]


def contenders() -> dict[str, Contender]:
    others = tags()
    strangers = Strangers(others)
    verdict = partial(check, required=RIGHT, rule=RULE, unit=SUBJECT, others=strangers)
    dense = [*islice(slips(RIGHT), 10), *(next(slips(tag)) for tag in others[:20])]
    exact, typo = post("#vui", RIGHT, "#hoc"), post("#vui", next(slips(RIGHT)), "#hoc")
    return {
        "regular expression, found": lambda: re.search(re.escape(RIGHT), exact, re.IGNORECASE),
        "regular expression, not found": lambda: re.search(re.escape(RIGHT), typo, re.IGNORECASE),
        "verdict: exact": partial(verdict, exact),
        "verdict: a typo": partial(verdict, typo),
        "verdict: a space inside": partial(verdict, post("#vui", RIGHT[:9] + " " + RIGHT[9:], "#hoc")),
        "verdict: someone else's": partial(verdict, post("#vui", others[9], "#hoc")),
        "verdict: absent": partial(verdict, post("#vui", "#hoc")),
        "verdict: dense, 30 near misses": partial(verdict, post(*dense)),
        "verdict: dense, 30 of others": partial(verdict, post(*others[:30])),
    }


def unprepared() -> dict[str, Contender]:
    """The same with others that were never seen before, as a plain sequence is the first time."""
    others = tags()
    verdict = partial(check, required=RIGHT, rule=RULE, unit=SUBJECT)
    typo, dense = post(next(slips(RIGHT))), post(*islice(slips(RIGHT), 30))
    return {
        "anew: a typo": lambda: verdict(typo, others=Strangers(others)),
        "anew: dense, 30 near misses": lambda: verdict(dense, others=Strangers(others)),
    }


def main() -> None:
    """Prints two tables: others made ready once, and others met for the first time."""
    print(f"{RIGHT} in {LENGTH:,} characters, {len(tags())} others\n")  # noqa: T201 -- the program's output
    print(table(race(contenders())), "\n")  # noqa: T201 -- the program's output
    print(table(race(unprepared(), calls=20)))  # noqa: T201 -- the program's output


if __name__ == "__main__":
    main()
