"""A picture whose units are pixels, with y downwards, and text in a font that has every Vietnamese letter.

DejaVu Sans comes with matplotlib. Nothing here touches matplotlib's global state, and text is never read as a formula.
"""

import io
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path as File
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.documents.plain import plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path

WIDTH = 1280
"""Pixels: what messengers show without making it smaller."""

INK, FAINT, PAPER = "#1A1A1A", "#6B6B6B", "#FFFFFF"
_DPI = 100
_POINTS = 72 / _DPI
_OUTLINE = 10


Place: TypeAlias = tuple[float, float, str]
"""The middle of a text, and the text."""


class Canvas:
    """A white picture of `height` pixels."""

    def __init__(self, height: int) -> None:
        from matplotlib.figure import Figure

        self._figure = Figure(figsize=(WIDTH / _DPI, height / _DPI), dpi=_DPI, facecolor=PAPER)
        self.axes: Axes = self._figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(height, 0))
        self.axes.set_axis_off()

    def write(self, x: float, y: float, text: str, *, size: float = 16, bold: bool = False, **looks: Any) -> None:
        """One line of text, `size` pixels high, its middle at `y`; signs that the font lacks become “□”."""
        looks = dict[str, Any](color=INK, va="center", parse_math=False) | looks
        self.axes.text(x, y, drawable(text), fontproperties=font(bold), fontsize=size * _POINTS, **looks)

    def stamp(self, places: Iterable[Place], colour: str, *, size: float, bold: bool = False) -> None:
        """Many short texts around their places, as one shape: `write` would take a millisecond for each."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path
        from numpy import asarray

        shapes, scale = [], (size / _OUTLINE, -size / _OUTLINE)
        for x, y, text in places:
            shape = outline(text, bold)
            shapes.append(Path(asarray(shape.vertices) * scale + (x, y), shape.codes))
        if shapes:  # as an artist, since a patch would have the axes' limits worked out from its curves
            self.axes.add_artist(PathPatch(Path.make_compound_path(*shapes), facecolor=colour, linewidth=0))

    def mark(self, middles: Sequence[tuple[float, float]], sign: str, colour: str, *, size: float) -> None:
        """One sign at many places, `size` pixels wide or high, whichever it is more of."""
        if middles:
            xs, ys = zip(*middles, strict=True)
            shape = outline(sign, bold=False)
            self.axes.scatter(xs, ys, s=(size * _POINTS) ** 2, marker=shape, color=colour, linewidths=0)

    def boxes(self, corners: Iterable[tuple[float, float]], width: float, height: float, **looks: Any) -> None:
        """Many rectangles of one look, as one shape; `looks` are those of a matplotlib collection."""
        from matplotlib.collections import PolyCollection

        shapes = [[(x, y), (x + width, y), (x + width, y + height), (x, y + height)] for x, y in corners]
        self.axes.add_collection(PolyCollection(shapes, **looks))

    def box(self, corner: tuple[float, float], width: float, height: float, **looks: Any) -> None:
        """A filled rectangle; `looks` are those of a matplotlib patch."""
        from matplotlib.patches import Rectangle

        self.axes.add_patch(Rectangle(corner, width, height, **looks))

    def png(self) -> bytes:
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        made = io.BytesIO()
        FigureCanvasAgg(self._figure)  # ties itself to the figure
        self._figure.savefig(made, format="png", metadata={"Software": None}, pil_kwargs={"compress_level": 3})
        return made.getvalue()


def fitted(text: str, letters: int) -> str:
    """The text, cut with “…” to so many letters."""
    line = plain(text)
    return line if len(line) <= letters else line[: letters - 1].rstrip() + "…"


def drawable(text: str) -> str:
    """The text with “□” for whatever the font has no shape for."""
    return "".join(char if ord(char) in letters() else "□" for char in plain(text))


def lightness(colour: str) -> float:
    """How light a colour “#rrggbb” prints in grey, 0 to 1."""
    red, green, blue = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def ink_on(colour: str) -> str:
    """Black or white, whichever can be read on the colour."""
    return INK if lightness(colour) > 0.55 else PAPER


@lru_cache(256)
def outline(text: str, bold: bool) -> "Path":
    """The shape of a short text around the origin, ten units high."""
    from matplotlib.textpath import TextPath
    from matplotlib.transforms import Affine2D

    path = TextPath((0, 0), text, size=_OUTLINE, prop=font(bold))
    box = path.get_extents()
    return path.transformed(Affine2D().translate(-(box.x0 + box.x1) / 2, -(box.y0 + box.y1) / 2))


@cache
def letters() -> frozenset[int]:
    """The code points that the font has."""
    from matplotlib.font_manager import get_font

    return frozenset(get_font(_font_file(bold=False)).get_charmap())


@cache
def font(bold: bool) -> "FontProperties":
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=_font_file(bold))


def _font_file(bold: bool) -> str:
    from matplotlib import get_data_path

    return str(File(get_data_path(), "fonts", "ttf", "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"))
