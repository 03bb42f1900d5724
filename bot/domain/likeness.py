"""Nearly the same text: small sketches of texts that tell how much two of them share. Pure.

A sketch is a MinHash signature over runs of three words. Measured on made-up Vietnamese posts of 60 to 200 words: texts
by different hands with the same stock phrases were alike by 0.17 at most; a text with two sentences added to eight by
0.66 and more, one with five words of sixty changed by 0.49 and more, one with half its sentences replaced by a median
of 0.45.
"""

import re
import struct
from functools import lru_cache
from hashlib import blake2b

from bot.domain.folding import fold
from bot.domain.links import find_links

# From this likeness on, two texts are shown to a reviewer as nearly the same.
NEARLY_THE_SAME = 0.5

# Fewer words than this are a caption: two honest ones may well be alike.
FEWEST_WORDS = 15

_RUN = 3
_SLOTS = 128
_SEED = 1
# 24 bands of 4 slots: a pair alike by 0.8 misses all of them once in 300,000 times, by 0.65 once in 120.
BANDS = 24
_BAND_BYTES = 16
_SLOTS_FORMAT = f"<{_SLOTS}I"


def sketch(text: str) -> bytes | None:
    """The sketch of a text, 512 bytes; None if it has fewer than 15 words.

    Hashtags and links are left out, as all posts of a unit share them; case, diacritics, spacing, punctuation, emoji
    and Unicode form do not matter. The same text gives the same bytes on every 64-bit machine, as long as
    rensa's `RMinHash.ALGORITHM_VERSION` is 2: with another one, kept sketches and bands have to go.
    """
    words = _words(text)
    if len(words) < FEWEST_WORDS:
        return None
    # Imported late: most commands of the program compare no texts.
    from rensa import RMinHash  # type: ignore[import-untyped]  # it brings no types along

    signature = RMinHash(num_perm=_SLOTS, seed=_SEED)
    signature.update([" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)])
    return struct.pack(_SLOTS_FORMAT, *signature.digest())


@lru_cache(maxsize=64)
def bands(sketch: bytes) -> tuple[int, ...]:
    """24 numbers from 0 to 2**63 - 1 for an indexed table: texts that share one of them are worth comparing.

    Four in five pairs alike by 0.5 share a number, 99 in 100 of those alike by 0.65, one in 100 of those alike by 0.15.
    The order of the numbers carries nothing: a band's place is part of its number.
    """
    return tuple(_number(place, sketch) for place in range(BANDS))


def likeness(a: bytes, b: bytes) -> float:
    """How much of two texts is the same, 0 to 1, give or take 0.1: shared runs of words among all their runs.

    ValueError if one of the two is no sketch.
    """
    return sum(here == there for here, there in zip(_slots(a), _slots(b), strict=True)) / _SLOTS


def _words(text: str) -> list[str]:
    for link in sorted(find_links(text), key=len, reverse=True):  # one may be the beginning of another
        text = text.replace(link, " ")
    return re.findall(r"\w+", re.sub(r"#\S*", " ", fold(text)))


def _slots(sketch: bytes) -> tuple[int, ...]:
    try:
        return struct.unpack(_SLOTS_FORMAT, sketch)
    except struct.error as error:
        raise ValueError("not a sketch") from error


def _number(place: int, sketch: bytes) -> int:
    slots = sketch[place * _BAND_BYTES : (place + 1) * _BAND_BYTES]
    return int.from_bytes(blake2b(bytes([place]) + slots, digest_size=8).digest()) >> 1
