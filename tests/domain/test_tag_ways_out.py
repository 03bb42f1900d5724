"""Ways out where two units would have one tag."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaigns import load
from bot.domain.hashtags import TagRule, WayOut, build_tag, ways_out

RULE = load("long_an").rule
KEPT, ADDED = "type_word_kept", "parent_added"


def changed(**fields: object) -> TagRule:
    return TagRule.model_validate(RULE.model_dump() | fields)


@pytest.mark.parametrize(
    ("subject", "parent", "ways"),
    [
        (
            "DQTV Thị trấn Tân Thạnh, Huyện Tân Thạnh",
            None,
            [
                (KEPT, "#DQTVTHITRANTANTHANHTANTHANHLONGAN"),
                (KEPT, "#DQTVTHITRANTANTHANHHUYENTANTHANHLONGAN"),
            ],
        ),
        (
            "DQTV Xã Hiệp Hòa",
            "Huyện Đức Hòa",
            [(KEPT, "#DQTVXAHIEPHOALONGAN"), (ADDED, "#DQTVHIEPHOADUCHOALONGAN")],
        ),
        (
            "DQTV Xã Hiệp Hòa, Huyện Đức Hòa",
            "Huyện Đức Hòa",
            [(KEPT, "#DQTVXAHIEPHOADUCHOALONGAN"), (KEPT, "#DQTVXAHIEPHOAHUYENDUCHOALONGAN")],
        ),
        ("DQTV Xã Hiệp Hòa", "Tỉnh Long An", [(KEPT, "#DQTVXAHIEPHOALONGAN")]),
        ("DQTV Phường 1, Thành phố Tân An", None, [(KEPT, "#DQTVPHUONG1THANHPHOTANANLONGAN")]),
        (
            "Trường Tiểu học Bình Tân",
            "Thị xã Kiến Tường",
            [(ADDED, "#TRUONGTHBINHTANKIENTUONGLONGAN")],
        ),
        ("Sở Nội vụ", None, []),
        ("", None, []),
    ],
)
def test_type_words_are_kept_and_the_parent_is_added(
    subject: str, parent: str | None, ways: list[tuple[str, str]]
) -> None:
    assert [(way.kind, way.tag) for way in ways_out(RULE, subject, parent)] == ways


def test_the_commune_and_the_town_of_one_name_part_ways() -> None:
    town, commune = "DQTV Thị trấn Hiệp Hòa, Huyện Đức Hòa", "DQTV Xã Hiệp Hòa, Huyện Đức Hòa"
    assert build_tag(RULE, town) == build_tag(RULE, commune)
    assert not set(ways_out(RULE, town)) & set(ways_out(RULE, commune))


def test_a_rule_without_separators_still_adds_a_parent() -> None:
    [_, added] = ways_out(changed(separators=()), "DQTV xã A Lưới", "huyện B")
    assert added == WayOut("parent_added", "#DQTVALUOIBLONGAN")


@given(st.text("xã huyệnDQTV,12Ađ"), st.none() | st.text("xã huyệnB1"))
def test_each_way_is_another_tag_and_comes_once(subject: str, parent: str | None) -> None:
    tags = [way.tag for way in ways_out(RULE, subject, parent)]
    assert build_tag(RULE, subject) not in tags
    assert len(tags) == len(set(tags))
