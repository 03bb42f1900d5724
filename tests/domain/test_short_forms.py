"""Short forms in the names of units."""

import pytest

from bot.domain.short_forms import spell_out


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("Trường THPT Nguyễn Hữu Thọ", "trường trung học phổ thông nguyễn hữu thọ"),
        ("THCS Lê Lợi", "trung học cơ sở lê lợi"),
        ("Phòng GD&ĐT Bến Lức", "phòng giáo dục và đào tạo bến lức"),
        ("TX. Kiến Tường", "thị xã kiến tường"),
        ("X.Tuyên Thạnh, H.Mộc Hóa", "xã tuyên thạnh, huyện mộc hóa"),
        ("Xã Thạnh Phú", "Xã Thạnh Phú"),
        ("Mỹ Tho", "Mỹ Tho"),
        ("Khu phố H", "Khu phố H"),
        ("", ""),
    ],
)
def test_short_forms_are_spelled_out_and_all_else_stays(typed: str, whole: str) -> None:
    assert spell_out(typed) == whole
