"""Short forms that people write in the names of units, “THPT” or “TX.”, spelled out."""

import re

_WORDS = {
    "thpt": "trung học phổ thông",
    "thcs": "trung học cơ sở",
    "th": "tiểu học",
    "mn": "mầm non",
    "mg": "mẫu giáo",
    "gdtx": "giáo dục thường xuyên",
    "gdnn": "giáo dục nghề nghiệp",
    "gd&đt": "giáo dục và đào tạo",
    "gd-đt": "giáo dục và đào tạo",
    "gdđt": "giáo dục và đào tạo",
    "gddt": "giáo dục và đào tạo",
    "ptdtnt": "phổ thông dân tộc nội trú",
    "ptdtbt": "phổ thông dân tộc bán trú",
    "ubnd": "ủy ban nhân dân",
    "chqs": "chỉ huy quân sự",
    "bchqs": "ban chỉ huy quân sự",
    "tp": "thành phố",
    "tx": "thị xã",
    "tt": "thị trấn",
}
_LETTERS = {"h": "huyện", "x": "xã", "p": "phường", "q": "quận", "t": "tỉnh"}  # only with their dot
_WORD = re.compile(rf"(?<![\w&-])({'|'.join(sorted(map(re.escape, _WORDS), key=len, reverse=True))})(?![\w&-])\.?")
_LETTER = re.compile(rf"(?<!\w)([{''.join(_LETTERS)}])\.\s*")


def spell_out(name: str) -> str:
    """The name in small letters with its short forms spelled out, as it was typed if there are none.

    It is a guess: “TT” may be a town or a centre. Look for the name as it stands first.
    """
    small = name.casefold()
    whole = _WORD.sub(lambda found: f"{_WORDS[found[1]]} ", small)
    whole = _LETTER.sub(lambda found: f"{_LETTERS[found[1]]} ", whole)
    return name if whole == small else " ".join(whole.split())
