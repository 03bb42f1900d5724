"""The list of those proposed for commendation, on paper: units by class of peers, then people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.documents.forms import Column, Form, Letterhead, Row, vietnamese

TITLE = "DANH SÁCH ĐỀ NGHỊ KHEN THƯỞNG CỦA {of}"
_COLUMNS = (
    Column("Hạng", 1.3, "centre"),
    Column("Đơn vị, cá nhân", 4.7),
    Column("Số bài", 2.0, "centre"),
    Column("Bài / người", 1.5, "centre"),
    Column("Báo cáo đúng hạn", 1.8, "centre"),
    Column("Kỳ đạt chỉ tiêu", 1.7, "centre"),
    Column("So kỳ trước", 1.8, "centre"),
    Column("Điểm", 1.7, "centre"),
)
_BLANKS = ("", "", "", "", "")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line. `rate` is in hundredths of a post, `on_time`, `reached` are “a of b”, `points` are tenths.

    `before` is the posts of the period before, None if that does not apply; nor do pairs that are None.
    """

    place: int
    name: str
    posts: int
    rate: int | None
    on_time: tuple[int, int] | None
    reached: tuple[int, int] | None
    before: int | None
    points: int


@dataclass(frozen=True, slots=True)
class PeerClass:
    """A class of peers: those proposed, and how many others there are with how many posts. The sum is the class's."""

    title: str
    lines: tuple[Proposal, ...]
    others: int
    other_posts: int

    @property
    def posts(self) -> int:
        return sum(line.posts for line in self.lines) + self.other_posts


@dataclass(frozen=True, slots=True)
class CommendationList:
    """All of the list. `end` is the last day that counts; `running` if the period is not over yet."""

    head: Letterhead
    of: str
    start: date
    end: date
    running: bool
    points: tuple[int, int, int, int]
    units: tuple[PeerClass, ...]
    people: tuple[PeerClass, ...]


def commendation_docx(data: CommendationList) -> bytes:
    """The list for Word."""
    from bot.documents.word import form_docx

    return form_docx(_form(data))


def commendation_xlsx(data: CommendationList) -> bytes:
    """The list for Excel."""
    from bot.documents.sheet import form_xlsx

    return form_xlsx(_form(data), "Khen thưởng")


def _form(data: CommendationList) -> Form:
    window = f"Số liệu từ ngày {vietnamese(data.start)} đến hết ngày {vietnamese(data.end)}"
    subtitles = (window + (" (kỳ chưa kết thúc)" if data.running else ""),)
    rows = (*_section("I", "Tập thể", data.units), *_section("II", "Cá nhân", data.people))
    return Form(data.head, "Dự thảo", TITLE.format(of=data.of.upper()), subtitles, _COLUMNS, rows, _remarks(data))


def _section(number: str, title: str, classes: Sequence[PeerClass]) -> Iterator[Row]:
    yield Row((number, title), "section")
    for each in classes:
        yield Row(("", each.title), "group")
        yield from map(_line, each.lines)
        if each.others:
            yield Row(("", f"Không nêu tên: {each.others}", each.other_posts, *_BLANKS))
        yield Row(("", "Cộng", each.posts, *_BLANKS), "total")


def _line(line: Proposal) -> Row:
    rate = "" if line.rate is None else f"{line.rate // 100},{line.rate % 100:02}"
    more = "" if line.before is None else f"{line.posts - line.before:+d}"
    return Row(
        (line.place, line.name, line.posts, rate, _pair(line.on_time), _pair(line.reached), more, _tenths(line.points))
    )


def _pair(pair: tuple[int, int] | None) -> str:
    return f"{pair[0]}/{pair[1]}" if pair else ""


def _tenths(points: int) -> str:
    return f"{points // 10},{points % 10}"


def _remarks(data: CommendationList) -> tuple[str, ...]:
    posts, on_time, quota, more = data.points
    return (
        f"Điểm tối đa 100: số bài trên đầu người so với nơi cao nhất trong khối {posts}, báo cáo đúng hạn {on_time}, "
        f"kỳ đạt chỉ tiêu {quota}, tăng so với kỳ trước {more}; nội dung nào không áp dụng thì điểm chia cho nội dung "
        "còn lại. Bằng điểm thì đồng hạng.",
        "Mỗi khối nêu nửa trên; người đề nghị không nêu tên vẫn được tính vào tổng số và thứ hạng.",
    )
