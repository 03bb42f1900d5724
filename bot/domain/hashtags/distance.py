"""How many slips of a key lie between two words."""


def edits(a: str, b: str, limit: int) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours from `a` to `b`, or `limit` + 1 if more.

    Optimal string alignment: no letter is touched twice. Meant for a limit of one or two: each more takes
    four times as long.
    """
    if not _within(a, b, limit):
        return limit + 1
    return next((fewer for fewer in range(limit) if _within(a, b, fewer)), limit)


def _within(a: str, b: str, slips: int) -> bool:
    if abs(len(a) - len(b)) > slips:
        return False
    if not slips:
        return a == b
    head = shared(a, b)
    a, b = a[head:], b[head:]
    if not a or not b:
        return True
    return (
        _within(a[1:], b[1:], slips - 1)
        or _within(a[1:], b, slips - 1)
        or _within(a, b[1:], slips - 1)
        or (len(a) > 1 and a[:2] == b[1::-1] and _within(a[2:], b[2:], slips - 1))
    )


def shared(a: str, b: str) -> int:
    """How many letters `a` and `b` begin with alike."""
    for place, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return place
    return min(len(a), len(b))
