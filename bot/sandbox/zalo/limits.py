"""What Zalo's sendMessage takes: text up to 2,000 UTF-16 units, styles that lie inside it, known codes."""

from bot.sandbox.zalo.model import Json

TEXT_MAX = 2000
COLOURS = {"c_050a19", "c_15a85f", "c_f7b503", "c_f27806", "c_db342e"}
CODES = {
    "b",
    "i",
    "u",
    "s",
    "f_13",
    "f_15",
    "f_18",
    "f_20",
    "lst_1",
    "lst_2",
    *(f"ind_{n}" for n in range(1, 6)),
    *COLOURS,
}


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_good(style: object, length: int) -> bool:
    """Whether one entry of `text_styles` fits a text of so many units."""
    if not isinstance(style, dict):
        return False
    start, reach, codes = style.get("start"), style.get("len"), style.get("st")
    if not isinstance(start, int) or not isinstance(reach, int) or not isinstance(codes, list):
        return False
    return start >= 0 and reach > 0 and start + reach <= length and bool(codes) and set(map(str, codes)) <= CODES


def split_good(styles: object, text: str) -> tuple[list[Json], bool]:
    """The good entries, and whether all are."""
    if not isinstance(styles, list):
        return [], styles is None
    good = [style for style in styles if is_good(style, units(text))]
    return good, len(good) == len(styles)
