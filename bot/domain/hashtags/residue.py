"""Vietnamese typed without its input method: what Telex and VNI leave in the letters, “TUYEENTHANHJ”."""

from collections.abc import Iterator

_TONES = "sfrxjz"  # Telex tone keys, struck anywhere after the vowel
_DOUBLES = "aeod"  # â ê ô đ, by striking the key twice
_HORNS = "uoa"  # ư ơ ă, by w
_VOWELS = "aeiouy"
_VNI = dict.fromkeys("12345", _VOWELS) | {"6": "aeo", "7": "uo", "8": "a", "9": "d"}


def undone(goal: str, letters: str, start: int) -> Iterator[int]:
    """The ends of all stretches from `start` that are `goal` with at least one key of residue in it."""
    reached = {(0, False)}  # how much of the goal is written, and whether residue was met on the way
    for place in range(start, len(letters)):
        reached = {
            (done + step, touched or residue)
            for done, touched in reached
            for step, residue in _steps(goal, done, letters[place])
        }
        if (len(goal), True) in reached:
            yield place + 1
        if not reached:
            return


def _steps(goal: str, done: int, key: str) -> Iterator[tuple[int, bool]]:
    wanted = goal[done : done + 1]
    if key == wanted:
        yield 1, False
    if key == "w" and wanted == "u":  # Telex writes ư by w alone
        yield 1, True
    if done and _is_residue(key, goal[:done], wanted):
        yield 0, True


def _is_residue(key: str, done: str, wanted: str) -> bool:
    """Whether a key may be one that the input method would have swallowed after `done`."""
    syllable = done[-6:]
    if key.isdigit():  # beside a digit of the tag it belongs to a number
        return not (done[-1].isdigit() or wanted.isdigit()) and _any_in(_VNI.get(key, ""), syllable)
    if key == "w":
        return _any_in(_HORNS, syllable)
    return (key in _TONES and _any_in(_VOWELS, syllable)) or (key in _DOUBLES and key in syllable[-4:])


def _any_in(keys: str, syllable: str) -> bool:
    return any(key in syllable for key in keys)
