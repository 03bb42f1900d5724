"""`python -m tests.fuzz --minutes 3`: hostile inputs for every parser. On a fault, the smallest one and exit code 1."""

import argparse
import secrets
import sys
import time
import traceback

from tests.fuzz.rounds import MOST_SECONDS, Tally, fuzz
from tests.fuzz.targets import TARGETS, Target

_EXAMPLES = 100  # in a round


def main() -> int:
    given = _arguments()
    targets = [target for target in TARGETS if not given.only or target.name in given.only]
    share = given.minutes * 60 / len(targets)
    _say(f"seed {given.seed}, {share:.0f} s for each of {len(targets)} parsers, {MOST_SECONDS * 1_000:.0f} ms at most")
    return max([_trial(target, share, given.seed) for target in targets])


def _trial(target: Target, share: float, number: int) -> int:
    tally, until = Tally(), time.monotonic() + share
    try:
        while time.monotonic() < until or not tally.seen:
            fuzz(target, _EXAMPLES, number, tally)
            number += 1
    except Exception as fault:  # whatever a parser raises is the finding
        _say(f"  {target.name:<12}{tally.seen:>8} examples   BROKEN, seed {number}\n{_told(fault)}")
        return 1
    slowest = f"slowest {tally.slowest * 1_000:5.1f} ms: {_cut(ascii(tally.worst), 100)}"
    _say(f"  {target.name:<12}{tally.seen:>8} examples   {slowest}")
    return 0


def _told(fault: Exception) -> str:
    lines = "".join(traceback.format_exception(fault, limit=-3)).splitlines()
    return "\n".join(_cut(line, 1_000) for line in lines)


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[:most]}… ({len(words)} characters)"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=3.0, help="for all parsers together")
    parser.add_argument("--only", nargs="+", choices=[target.name for target in TARGETS], metavar="PARSER")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="repeats a run")
    return parser.parse_args()


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 -- this program's output


if __name__ == "__main__":
    sys.exit(main())
