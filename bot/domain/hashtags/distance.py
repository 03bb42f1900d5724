"""How many slips of a key lie between two words."""


def edits(a: str, b: str, limit: int) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours from `a` to `b`, or `limit` + 1 if more.

    Optimal string alignment: no letter is touched twice.
    """
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    a, b = _without_shared_ends(a, b)
    if not _share_a_piece(a, b, limit):
        return limit + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i in range(1, len(a) + 1):
        before, row = row, _next_row(a, b, i, before, row, limit)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def _without_shared_ends(a: str, b: str) -> tuple[str, str]:
    head = _shared(a, b)
    a, b = a[head:], b[head:]
    tail = _shared(a[::-1], b[::-1])
    return a[: len(a) - tail], b[: len(b) - tail]


def _shared(a: str, b: str) -> int:
    size = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        size += 1
    return size


def _share_a_piece(a: str, b: str, limit: int) -> bool:
    """A slip spoils at most two pieces of `a` (a swap across their border), so one more stays whole."""
    size = len(a) // (2 * limit + 1)
    return not size or any(a[i : i + size] in b for i in range(0, size * (2 * limit + 1), size))


def _next_row(a: str, b: str, i: int, before: list[int], row: list[int], limit: int) -> list[int]:
    new = [i] + [limit + 1] * len(b)
    for j in range(max(1, i - limit), min(len(b), i + limit) + 1):
        new[j] = min(new[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] != b[j - 1]))
        if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
            new[j] = min(new[j], before[j - 2] + 1)
    return new
