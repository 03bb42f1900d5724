"""The deadlines of the next twelve months as a picture of calendar leaves."""

import calendar
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from bot.documents.canvas import FAINT, INK, WIDTH, Canvas, Place, fitted, ink_on
from bot.documents.deadline import Deadline
from bot.documents.forms import vietnamese
from bot.documents.words import WORDS, Words

# From the duty that comes most often to the rarest.
SHADES = ("#DCE9F5", "#A9CBE8", "#5F9BD1", "#2B6CB0", "#153E6F", "#0A1F3A")
_ACROSS, _LEAF_HEIGHT, _CELL, _TOP = 4, 256, 40, 84
_LEAF_WIDTH = (WIDTH - 40) / _ACROSS
_OFF = "#9A9A9A"


class _Day(NamedTuple):
    shade: str
    deadlines: int


class _Cell(NamedTuple):
    day: date
    x: float
    y: float


def year_ahead(
    title: str,
    deadlines: Sequence[Deadline],
    start: date,
    days_off: Collection[date] = frozenset(),
    language: str = "vi",
) -> bytes:
    """A PNG of the month of `start` and the eleven that follow; the rarest duty of a day gives the day its colour.

    The legend tells each duty's next day, also where that is after the last leaf. A small number tells how many
    deadlines a day has, if more than one; days off and weekends are grey.
    """
    months, words = list(_months(start)), WORDS[language]
    coming = sorted((each for each in deadlines if each.due_at.date() >= start), key=lambda each: each.due_at)
    shades = _shades(each.name for each in coming)
    days = _days(coming, shades)
    next_days = {each.name: each.due_at.date() for each in reversed(coming)}
    legend = _TOP + _LEAF_HEIGHT * (len(months) // _ACROSS) + 46
    canvas = Canvas(legend + 34 * -(-max(1, len(shades)) // 2) + 30)
    canvas.write(30, 36, fitted(title, 90), size=22, bold=True)
    cells = [cell for place, month in enumerate(months) for cell in _leaf(canvas, month, place, words)]
    _write_plain_days(canvas, [cell for cell in cells if cell.day not in days], days_off)
    _mark_days(canvas, [(cell, days[cell.day]) for cell in cells if cell.day in days])
    _legend(canvas, legend, shades, next_days, words)
    if any(day.deadlines > 1 for day in days.values()):
        canvas.write(30, legend - 32, words.several, size=14, color=FAINT)
    return canvas.png()


def _months(start: date) -> Iterator[date]:
    month = start.replace(day=1)
    for _ in range(12):
        yield month
        month = _next(month)


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _shades(names: Iterable[str]) -> dict[str, str]:
    """A shade for each duty, darker the rarer it is; with more than six, the rarest share the darkest."""
    often = Counter(names).most_common()
    spread = max(1, len(SHADES) // max(1, len(often)))
    return {name: SHADES[min(place * spread, len(SHADES) - 1)] for place, (name, _) in enumerate(often)}


def _days(deadlines: Iterable[Deadline], shades: Mapping[str, str]) -> dict[date, _Day]:
    found: defaultdict[date, list[str]] = defaultdict(list)
    for each in deadlines:
        found[each.due_at.date()].append(shades[each.name])
    return {day: _Day(max(of_day, key=SHADES.index), len(of_day)) for day, of_day in found.items()}


def _leaf(canvas: Canvas, month: date, place: int, words: Words) -> Iterator[_Cell]:
    """Writes a month's head; gives the cells of its days."""
    left, top = 30 + place % _ACROSS * _LEAF_WIDTH, _TOP + place // _ACROSS * _LEAF_HEIGHT
    canvas.write(left, top, words.months[month.month - 1].format(year=month.year), size=17, bold=True)
    names = ((left + _CELL * (column + 0.5), top + 27, name) for column, name in enumerate(words.weekdays))
    canvas.stamp(names, FAINT, size=12)
    first, last = calendar.monthrange(month.year, month.month)
    for number in range(1, last + 1):
        row, column = divmod(first + number - 1, 7)
        yield _Cell(month.replace(day=number), left + _CELL * column, top + 42 + 32 * row)


def _write_plain_days(canvas: Canvas, cells: Iterable[_Cell], days_off: Collection[date]) -> None:
    places: dict[str, list[Place]] = {INK: [], _OFF: []}
    for day, x, y in cells:
        colour = _OFF if day.weekday() >= 5 or day in days_off else INK
        places[colour].append((x + _CELL / 2, y + 15, str(day.day)))
    for colour, of_colour in places.items():
        canvas.stamp(of_colour, colour, size=14)


def _mark_days(canvas: Canvas, marked: Sequence[tuple[_Cell, _Day]]) -> None:
    for shade in SHADES:
        shown = [(cell, day.deadlines) for cell, day in marked if day.shade == shade]
        corners = [(cell.x + 2, cell.y + 1) for cell, _ in shown]
        canvas.boxes(corners, _CELL - 4, 29, facecolors=shade, edgecolors=INK, linewidths=0.6)
        numbers = ((cell.x + _CELL / 2 - 2, cell.y + 15, str(cell.day.day)) for cell, _ in shown)
        canvas.stamp(numbers, ink_on(shade), size=14, bold=True)
        several = ((cell.x + _CELL - 9, cell.y + 9, str(number)) for cell, number in shown if number > 1)
        canvas.stamp(several, ink_on(shade), size=10, bold=True)


def _legend(canvas: Canvas, top: float, shades: Mapping[str, str], next_days: Mapping[str, date], words: Words) -> None:
    for place, (name, shade) in enumerate(shades.items()):
        x, y = 30 + place % 2 * 610, top + place // 2 * 34
        canvas.box((x, y - 12), 34, 24, facecolor=shade, edgecolor=INK, linewidth=0.6)
        line = words.next_day.format(name=fitted(name, 34), day=vietnamese(next_days[name]))
        canvas.write(x + 46, y, line, size=16)
    if not shades:
        canvas.write(30, top, words.no_deadlines, size=16)
