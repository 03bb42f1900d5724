"""How many follow a page, like it or are its members, month by month, with the year's target as a line."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.documents.canvas import FAINT, INK, PAPER, WIDTH, Canvas, fitted

_LEFT, _RIGHT, _TOP, _FLOOR = 110, WIDTH - 130, 110, 480
_TARGET = "#B00020"
_LOOKS = (("#1F4E79", "o", "-"), ("#C77700", "s", "--"), ("#4B7F52", "^", "-."))
_WORDS = {"vi": ("Chỉ tiêu:", "."), "en": ("Target:", ",")}


@dataclass(frozen=True, slots=True)
class Curve:
    """One figure of a page; None where a month has none."""

    name: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    low: int
    high: int

    def y(self, value: float) -> float:
        return _FLOOR - (_FLOOR - _TOP) * (value - self.low) / (self.high - self.low)


def growth_chart(
    title: str, months: Sequence[str], curves: Sequence[Curve], target: int | None = None, language: str = "vi"
) -> bytes:
    """A PNG with a curve for each figure over `months`, oldest first; `target` is what the first is to reach."""
    words, thousands = _WORDS[language]
    numbers = [value for curve in curves for value in curve.values if value is not None]
    scale = _scale([*numbers, *([target] if target is not None else [])])
    canvas = Canvas(_FLOOR + 80 + 40 * len(curves))
    canvas.write(40, 40, fitted(title, 90), size=22, bold=True)
    _grid(canvas, scale, months, thousands)
    for curve, look in zip(curves, _LOOKS, strict=False):
        _draw(canvas, scale, curve, look, thousands)
    if target is not None:
        y = scale.y(target)
        canvas.axes.plot([_LEFT, _RIGHT], [y, y], color=_TARGET, linewidth=2, linestyle=":", zorder=3)
        canvas.write(_RIGHT + 8, y - 10, words, size=14, bold=True, color=_TARGET)
        canvas.write(_RIGHT + 8, y + 10, _number(target, thousands), size=14, bold=True, color=_TARGET)
    _legend(canvas, curves)
    return canvas.png()


def _scale(values: Sequence[int]) -> _Scale:
    """From a round number below the least to one above the most: a growth of 5 % is to be seen."""
    low, high = min(values, default=0), max(values, default=1)
    step = next(10**power * lead for power in range(10) for lead in (1, 2, 5) if (high - low) <= 8 * lead * 10**power)
    return _Scale(max(0, low // step * step - step), (high // step + 1) * step)


def _grid(canvas: Canvas, scale: _Scale, months: Sequence[str], thousands: str) -> None:
    for place in range(5):
        value = scale.low + (scale.high - scale.low) * place // 4
        canvas.axes.plot([_LEFT, _RIGHT], [scale.y(value)] * 2, color="#DDDDDD", linewidth=1, zorder=0)
        canvas.write(_LEFT - 12, scale.y(value), _number(value, thousands), size=14, color=FAINT, ha="right")
    for place, month in enumerate(months):
        canvas.write(_x(place, len(months)), _FLOOR + 24, fitted(month, 12), size=14, color=INK, ha="center")


def _draw(canvas: Canvas, scale: _Scale, curve: Curve, look: tuple[str, str, str], thousands: str) -> None:
    colour, marker, dashes = look
    known = [(place, value) for place, value in enumerate(curve.values) if value is not None]
    places = [(_x(place, len(curve.values)), scale.y(value)) for place, value in known]
    if places:
        xs, ys = zip(*places, strict=True)
        canvas.axes.plot(xs, ys, color=colour, marker=marker, linestyle=dashes, linewidth=2.5, markersize=7, zorder=2)
    under = {"facecolor": PAPER, "edgecolor": "none", "pad": 1}
    ends = dict(zip(places, known, strict=True))
    for x, y in {places[0], places[-1]} if places else ():
        _, value = ends[x, y]
        canvas.write(x, y - 18, _number(value, thousands), size=14, bold=True, color=colour, ha="center", bbox=under)


def _legend(canvas: Canvas, curves: Sequence[Curve]) -> None:
    for place, (curve, (colour, marker, dashes)) in enumerate(zip(curves, _LOOKS, strict=False)):
        y = _FLOOR + 74 + 40 * place
        canvas.axes.plot(
            [_LEFT, _LEFT + 25, _LEFT + 50], [y] * 3, color=colour, marker=marker, linestyle=dashes, linewidth=2.5
        )
        canvas.write(_LEFT + 64, y, fitted(curve.name, 60), size=16)


def _x(place: int, of: int) -> float:
    return (_LEFT + _RIGHT) / 2 if of < 2 else _LEFT + 30 + (_RIGHT - _LEFT - 60) * place / (of - 1)


def _number(value: int, thousands: str) -> str:
    return f"{value:,}".replace(",", thousands)
