"""What pictures say, in each language of the bot. Forms are papers of an office: they speak Vietnamese alone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language. What stands in braces is filled in with `format`.

    `states` are those of the heat map in the order of its legend, `weekdays` begin with Monday, `months` with January.
    """

    thousands: str
    no_target: str
    week_title: str
    week_numbers: str
    other_targets: str
    quota: str
    states: tuple[str, str, str, str, str]
    map_title: str
    most_units: str
    most_periods: str
    see_all: str
    no_units: str
    year_title: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    next_day: str
    several: str
    no_deadlines: str

    def number(self, number: int) -> str:
        """“12.345”, or “12,345”."""
        return f"{number:,}".replace(",", self.thousands)


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

WORDS = {
    "vi": Words(
        thousands=".",
        no_target="Nơi khác",
        week_title="{unit}: bài được tính mỗi tuần, từ thứ Hai",
        week_numbers="Số tin, bài, hình ảnh, video",
        other_targets="Trang, nhóm khác",
        quota="Chỉ tiêu:",
        states=("nộp đúng hạn", "nộp trễ", "được miễn", "chưa nộp", "không phải nộp"),
        map_title="{duty}: {unit}",
        most_units="Hiển thị {shown} đơn vị còn thiếu nhiều nhất trong {all} đơn vị.",
        most_periods="Hiển thị {shown} kỳ gần nhất trong {all} kỳ.",
        see_all="Xem đủ trong bảng Excel.",
        no_units="Chưa có đơn vị nào.",
        year_title="Thời hạn báo cáo: {unit}",
        weekdays=("T2", "T3", "T4", "T5", "T6", "T7", "CN"),
        months=tuple(f"Tháng {month}/{{year}}" for month in range(1, 13)),
        next_day="{name} (hạn tới: {day})",
        several="Số nhỏ ở góc ô: số hạn trong ngày; màu theo hạn ít gặp nhất. Số màu xám: ngày nghỉ.",
        no_deadlines="Chưa có hạn nào trong 12 tháng tới.",
    ),
    "en": Words(
        thousands=",",
        no_target="Elsewhere",
        week_title="{unit}: posts counted each week, from Monday",
        week_numbers="Texts, pictures and videos",
        other_targets="Other pages and groups",
        quota="Quota:",
        states=("filed in time", "filed late", "excused", "not filed", "nothing to file"),
        map_title="{duty}: {unit}",
        most_units="Shown are the {shown} units that owe the most, of {all}.",
        most_periods="Shown are the latest {shown} periods, of {all}.",
        see_all="All of them are in the Excel table.",
        no_units="No units yet.",
        year_title="Report deadlines: {unit}",
        weekdays=("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
        months=tuple(f"{month} {{year}}" for month in _MONTHS),
        next_day="{name} (next: {day})",
        several="Small number: deadlines of that day; its colour is that of the rarest one. Grey numbers: days off.",
        no_deadlines="No deadlines in the next 12 months.",
    ),
}
