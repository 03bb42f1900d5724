"""The posts of this week beside those of the weeks before, by target, with the quota as a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from bot.documents.canvas import FAINT, INK, PAPER, WIDTH, Canvas, fitted, ink_on
from bot.documents.words import WORDS, Words

# Next to each other they differ in grey as well, and every other one is hatched.
COLOURS = (("#1F4E79", ""), ("#F4B860", "//"), ("#7BA7BC", ""), ("#F7EBD3", ".."), ("#6B5B95", ""), ("#D9D9D9", "xx"))
_LEFT, _RIGHT, _TOP, _FLOOR = 90, WIDTH - 110, 110, 540
_QUOTA = "#B00020"


@dataclass(frozen=True, slots=True)
class Series:
    """A target and its posts in each week."""

    name: str
    posts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    top: int
    step: int

    def y(self, posts: float) -> float:
        return _FLOOR - (_FLOOR - _TOP) * posts / self.top


def weekly_chart(
    title: str, weeks: Sequence[str], series: Sequence[Series], quota: int | None = None, language: str = "vi"
) -> bytes:
    """A PNG with a bar for each of `weeks`, oldest first, the last one this week; `quota` is posts a week for all.

    From the seventh target on they share one colour and the name “Trang, nhóm khác”, or what `language` has for it.
    """
    words = WORDS[language]
    shown = _shown(series, words)
    totals = [sum(each.posts[week] for each in shown) for week in range(len(weeks))]
    scale = _scale(max([*totals, quota or 0, 1]))
    canvas = Canvas(_FLOOR + 96 + 42 * ceil(len(shown) / 2))
    canvas.write(40, 40, fitted(title, 90), size=22, bold=True)
    _grid(canvas, scale, words)
    place = (_RIGHT - _LEFT) / max(1, len(weeks))
    for week, label in enumerate(weeks):
        middle, this = _LEFT + place * (week + 0.5), week == len(weeks) - 1
        _bar(canvas, scale, middle, min(110, place * 0.65), [each.posts[week] for each in shown], words)
        looks = {"bbox": {"facecolor": PAPER, "edgecolor": "none", "pad": 1}, "zorder": 4, "ha": "center"}
        canvas.write(middle, scale.y(totals[week]) - 16, words.number(totals[week]), size=17, bold=this, **looks)
        canvas.write(middle, _FLOOR + 24, fitted(label, 14), size=15, bold=this, ha="center")
    if quota is not None:
        _quota(canvas, scale, quota, words)
    _legend(canvas, shown)
    return canvas.png()


def _shown(series: Sequence[Series], words: Words) -> list[Series]:
    if len(series) <= len(COLOURS):
        return list(series)
    kept, rest = series[: len(COLOURS) - 1], series[len(COLOURS) - 1 :]
    return [*kept, Series(words.other_targets, tuple(map(sum, zip(*(each.posts for each in rest), strict=True))))]


def _scale(most: int) -> _Scale:
    """Four to ten lines at round numbers, with room above the highest bar for its number."""
    steps = (number * 10**power for power in range(10) for number in (1, 2, 5))
    step = next(step for step in steps if most / step <= 8)
    return _Scale(step * ceil(most * 1.08 / step), step)


def _grid(canvas: Canvas, scale: _Scale, words: Words) -> None:
    for posts in range(0, scale.top + 1, scale.step):
        canvas.axes.plot(
            [_LEFT, _RIGHT], [scale.y(posts)] * 2, color="#DDDDDD" if posts else INK, linewidth=1, zorder=0
        )
        canvas.write(_LEFT - 12, scale.y(posts), words.number(posts), size=14, color=FAINT, ha="right")
    canvas.write(40, _TOP - 34, words.week_numbers, size=14, color=FAINT)


def _bar(canvas: Canvas, scale: _Scale, middle: float, width: float, parts: Sequence[int], words: Words) -> None:
    below = 0
    for part, (colour, hatch) in zip(parts, COLOURS, strict=False):
        top, height = scale.y(below + part), scale.y(below) - scale.y(below + part)
        left = middle - width / 2
        canvas.box((left, top), width, height, facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.6)
        if height >= 22:
            under = {"facecolor": colour, "edgecolor": "none", "pad": 1.5}
            canvas.write(
                middle, top + height / 2, words.number(part), size=13, color=ink_on(colour), ha="center", bbox=under
            )
        below += part


def _quota(canvas: Canvas, scale: _Scale, quota: int, words: Words) -> None:
    y = scale.y(quota)
    canvas.axes.plot([_LEFT, _RIGHT], [y, y], color=_QUOTA, linewidth=2, linestyle="--", zorder=3)
    canvas.write(_RIGHT + 10, y - 10, words.quota, size=14, bold=True, color=_QUOTA)
    canvas.write(_RIGHT + 10, y + 10, words.number(quota), size=14, bold=True, color=_QUOTA)


def _legend(canvas: Canvas, shown: Sequence[Series]) -> None:
    for place, (each, (colour, hatch)) in enumerate(zip(shown, COLOURS, strict=False)):
        x, y = _LEFT + (place % 2) * 590, 616 + place // 2 * 42
        canvas.box((x, y - 12), 34, 24, facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.6)
        canvas.write(x + 46, y, fitted(each.name, 54), size=16)
