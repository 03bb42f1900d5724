"""Which unit filed in which period, as a picture: a row for each unit, a column for each period."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from bot.documents.canvas import FAINT, WIDTH, Canvas, fitted, ink_on
from bot.documents.words import WORDS, Words

MOST_UNITS, MOST_PERIODS = 60, 30
_NAMES, _TOP, _MARGIN = 330, 150, 30
_LETTERS = 34
_LABEL_LETTERS = 12
_SIGN = 12


class State(StrEnum):
    """What became of one unit's report for one period; `NONE`: nothing was owed."""

    FILED = "filed"
    LATE = "late"
    EXCUSED = "excused"
    OPEN = "open"
    NONE = "none"


class Look(NamedTuple):
    """A state's colour and sign. The colours differ in grey as well."""

    colour: str
    sign: str


LOOKS = {
    State.FILED: Look("#BFE3C0", "✓"),
    State.LATE: Look("#F2A541", "!"),
    State.EXCUSED: Look("#6C8EBF", "–"),
    State.OPEN: Look("#7A1420", "✗"),
    State.NONE: Look("#FFFFFF", "·"),
}


def heat_map(
    title: str,
    units: Sequence[str],
    periods: Sequence[str],
    states: Sequence[Sequence[State]],
    language: str = "vi",
) -> bytes:
    """A PNG; `states` has a row for each of `units` with a state for each of `periods`, oldest first.

    Of more than 60 units those that owe the most are shown, of more than 30 periods the latest, and a note says so.
    """
    shown = _most_owing(states)
    rows = [list(states[index])[-MOST_PERIODS:] for index in shown]
    labels = list(periods)[-MOST_PERIODS:]
    row_height = 26 if len(rows) > 12 else 36
    bottom = _TOP + row_height * len(rows)
    canvas = Canvas(bottom + 90)
    column = min(90.0, (WIDTH - _NAMES - _MARGIN) / max(1, len(labels)))
    canvas.write(_MARGIN, 34, fitted(title, 90), size=22, bold=True)
    _label_columns(canvas, labels, column)
    for place, index in enumerate(shown):
        y = _TOP + row_height * (place + 0.5)
        canvas.write(_NAMES - 10, y, fitted(units[index], _LETTERS), size=15, ha="right")
    for state in State:
        cells = [(x, y) for y, row in enumerate(rows) for x, each in enumerate(row) if each == state]
        _fill(canvas, state, cells, column, row_height)
    words = WORDS[language]
    _legend(canvas, bottom + 28, words)
    canvas.write(_MARGIN, bottom + 64, _note(len(units), len(periods), words), size=14, color=FAINT)
    return canvas.png()


def _most_owing(states: Sequence[Sequence[State]]) -> list[int]:
    """The rows to show, in their order: all, or those with the most open, then late periods."""
    owing = sorted(
        range(len(states)),
        key=lambda index: (-list(states[index]).count(State.OPEN), -list(states[index]).count(State.LATE), index),
    )
    return sorted(owing[:MOST_UNITS])


def _note(units: int, periods: int, words: Words) -> str:
    notes = []
    if units > MOST_UNITS:
        notes.append(words.most_units.format(shown=MOST_UNITS, all=units))
    if periods > MOST_PERIODS:
        notes.append(words.most_periods.format(shown=MOST_PERIODS, all=periods))
    if notes:
        notes.append(words.see_all)
    return " ".join(notes) if units else words.no_units


def _label_columns(canvas: Canvas, labels: Sequence[str], column: float) -> None:
    upright = max((len(fitted(label, _LABEL_LETTERS)) for label in labels), default=0) * 8.5 > column
    for place, label in enumerate(labels):
        x = _NAMES + column * (place + 0.5)
        text, angle = fitted(label, _LABEL_LETTERS), 90 if upright else 0
        canvas.write(x, _TOP - 8, text, size=13, ha="center", va="bottom", rotation=angle)


def _fill(canvas: Canvas, state: State, cells: Sequence[tuple[int, int]], column: float, row: float) -> None:
    """All cells of a state at once: one by one, a thousand of them would take seconds."""
    look = LOOKS[state]
    corners = [(_NAMES + column * x + 1, _TOP + row * y + 1) for x, y in cells]
    canvas.boxes(corners, column - 2, row - 2, facecolors=look.colour, edgecolors="#BBBBBB", linewidths=0.5)
    middles = [(_NAMES + column * (x + 0.5), _TOP + row * (y + 0.5)) for x, y in cells]
    canvas.mark(middles, look.sign, ink_on(look.colour), size=_SIGN)


def _legend(canvas: Canvas, y: float, words: Words) -> None:
    x = float(_MARGIN)
    for look, name in zip(LOOKS.values(), words.states, strict=True):
        canvas.box((x, y - 12), 28, 24, facecolor=look.colour, edgecolor="#BBBBBB")
        canvas.mark([(x + 14, y)], look.sign, ink_on(look.colour), size=_SIGN)
        canvas.write(x + 38, y, name, size=15)
        x += 38 + 9 * len(name) + 40
