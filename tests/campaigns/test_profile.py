"""Campaign profiles: Long An's is what the circulars say; a faulty one is told with line and key."""

from collections import defaultdict
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot.campaigns import (
    ProfileError,
    available,
    load,
    load_file,
    quiet_hours,
    read_units,
    subject_for,
    tag_for,
    unit_path,
)

CAMPAIGN = load("long_an")
A_DAY = datetime(2027, 3, 1, tzinfo=UTC)
SOURCE = Path(__file__).parents[2] / "bot" / "campaigns" / "long_an.toml"
UNITS = {unit.code: unit for unit in read_units("long_an")}
EXAMPLES = {
    "snv": "#SONOIVULONGAN",
    "sgddt": "#NGUYENVANASOGIAODUCVADAOTAOLONGAN",
    "thpt-nguyen-huu-tho": "#NGUYENVANATRUONGTHPTNGUYENHUUTHOBENLUCLONGAN",
    "803": "#DQTVBENLUCLONGAN",
    "80": "#DQTVLONGAN",
}


def test_long_an_is_there_and_says_what_the_circulars_say() -> None:
    assert "long_an" in available()
    assert (CAMPAIGN.code, CAMPAIGN.province, CAMPAIGN.membership.approval) == ("long_an", "Long An", True)
    assert [(target.section, target.name) for target in CAMPAIGN.targets] == [
        ("I", "TÔI YÊU CHIẾN SĨ SAO VUÔNG"),
        ("II", "Tự hào Dân quân tự vệ Miền Đông"),
        ("II", "Người chiến sĩ Sao vuông Quân khu 7"),
    ]
    assert {duty.period for duty in CAMPAIGN.duties} == {"weekly", "monthly", "quarterly", "half_year", "yearly"}
    assert {duty.due for duty in CAMPAIGN.duties} == {time(17)}


def test_the_demo_tree_is_whole() -> None:
    count = {type_: sum(unit.type == type_ for unit in UNITS.values()) for type_ in ("district", "commune")}
    assert count == {"district": 15, "commune": 186}
    seen: set[str | None] = {None}
    for unit in UNITS.values():
        assert unit.parent_code in seen
        seen.add(unit.code)


def test_units_and_persons_get_the_tags_of_the_circulars() -> None:
    tags = {code: tag_for(CAMPAIGN, unit_path(UNITS, code), "Nguyễn Văn A") for code in EXAMPLES}
    assert tags == EXAMPLES
    commune = [("commune", "Xã Tuyên Thạnh"), ("district", "Thị xã Kiến Tường"), ("province", "Tỉnh Long An")]
    assert subject_for(CAMPAIGN, commune) == "DQTV Xã Tuyên Thạnh, Thị xã Kiến Tường"
    assert tag_for(CAMPAIGN, commune, "Nguyễn Văn A") == "#DQTVTUYENTHANHKIENTUONGLONGAN"


def test_a_level_that_is_missing_above_a_unit_is_left_out() -> None:
    assert tag_for(CAMPAIGN, [("commune", "Xã Tuyên Thạnh")]) == "#DQTVTUYENTHANHLONGAN"


def test_an_unknown_type_of_unit_is_an_error() -> None:
    with pytest.raises(KeyError):
        tag_for(CAMPAIGN, [("cluster", "Cụm 1")])
    with pytest.raises(ValueError, match="begins with the unit"):
        tag_for(CAMPAIGN, [])


def test_every_unit_has_a_tag_and_the_clashes_are_these() -> None:
    by_tag: defaultdict[str, list[str]] = defaultdict(list)
    for code in UNITS:
        by_tag[tag_for(CAMPAIGN, unit_path(UNITS, code))].append(UNITS[code].name)
    assert {tag: names for tag, names in by_tag.items() if len(names) > 1} == {
        "#DQTVTANTHANHTANTHANHLONGAN": ["Thị trấn Tân Thạnh", "Xã Tân Thành"],
        "#DQTVHIEPHOADUCHOALONGAN": ["Thị trấn Hiệp Hòa", "Xã Hiệp Hòa"],
    }


QUIET = 'quiet_hours = ["21:00", "06:30"]'
FAULTS = [
    # what is written instead of what, the key that is told, a word of the reason
    ('kind = "group"', 'kind = "circle"', "targets[2].kind", "'page', 'group' or 'channel'"),
    ("at_least = 1", "at_least = 0", "quotas[1].at_least", "greater than or equal to 1"),
    ("approval = true", "approvals = true", "membership.approvals", "not permitted"),
    ('code = "chien_si"', 'code = "Chiến sĩ"', "membership.kinds[2].code", "codes are small"),
    ('rrules = ["FREQ=WEEKLY;BYDAY=FR"]', 'rrules = ["every Friday"]', "duties[1].rrules[1]", "such as FREQ=WEEKLY"),
    ('subject = "DQTV {name}, {district}"', 'subject = "{name}, {street}"', "unit_types[3].subject", "braces"),
    ('to = "THPT"', 'to = "thpt"', "tag_rule.phrases[2].to", "capitals A to Z"),
    ('due = "17:00"', 'due = "25:00"', "duties[1].due", 'must be an hour, such as "17:00"'),
    (QUIET, 'quiet_hours = ["21:00"]', "quiet_hours", 'must be two hours, such as ["21:00", "06:30"]'),
    (QUIET, 'quiet_hours = "21:00"', "quiet_hours", "must be two hours"),
    (QUIET, 'quiet_hours = ["21:00", "24:00"]', "quiet_hours[2]", "must be an hour"),
    (QUIET, "quiet_hours = [21, 6]", "quiet_hours[1]", "must be an hour"),
    (QUIET, 'quiet_hours = ["21:00Z", "06:30"]', "quiet_hours[1]", "without a zone"),
    (QUIET, 'quiet_hours = ["12:00", "17:00"]', "quiet_hours", "must leave out summary_hour, 16:00"),
]


@pytest.mark.parametrize(("right", "wrong", "key", "reason"), FAULTS)
def test_a_fault_names_file_line_and_key(right: str, wrong: str, key: str, reason: str, tmp_path: Path) -> None:
    text = SOURCE.read_text("utf-8")
    line = text[: text.index(right)].count("\n") + 1
    broken = tmp_path / "broken.toml"
    broken.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(ProfileError) as caught:
        load_file(broken)
    told = next(row for row in str(caught.value).splitlines() if f": {key}: " in row)
    assert told.startswith(f"{broken}:{line}: {key}: ")
    assert reason in told


def test_quiet_hours_are_the_profiles_and_may_be_none(tmp_path: Path) -> None:
    text = SOURCE.read_text("utf-8")
    given = tmp_path / "given.toml"
    for written, night, noon in (
        (QUIET, True, False),
        ("", True, False),
        ('quiet_hours = ["11:30", "13:00"]', False, True),
        ('quiet_hours = ["08:00", "08:00"]', False, False),
    ):
        given.write_text(text.replace(QUIET, written, 1), "utf-8")
        quiet = quiet_hours(load_file(given), UTC)
        assert (quiet.covers(A_DAY.replace(hour=23)), quiet.covers(A_DAY.replace(hour=12))) == (night, noon)


def test_a_missing_key_is_told_at_its_table(tmp_path: Path) -> None:
    text = SOURCE.read_text("utf-8")
    line = text[: text.index("[[quotas]]")].count("\n") + 1
    broken = tmp_path / "broken.toml"
    broken.write_text(text.replace('who = "member"\n', ""), "utf-8")
    with pytest.raises(ProfileError, match=rf"broken.toml:{line}: quotas\[1\].who: Field required"):
        load_file(broken)


def test_what_is_not_toml_is_told_with_line_and_key(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text('code = "x"\nname = \n', "utf-8")
    with pytest.raises(ProfileError, match=r"broken.toml:2: name: not TOML: "):
        load_file(broken)


def test_twins_are_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(SOURCE.read_text("utf-8").replace('"100000000000002"', '"100000000000001"'), "utf-8")
    with pytest.raises(ProfileError, match="targets: 100000000000001 is there twice"):
        load_file(broken)


def test_a_profile_that_is_not_there_says_which_are(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="no such campaign; there is binh_phuoc, "):
        load("../long_an")
    with pytest.raises(ProfileError, match="there is no such file"):
        load_file(tmp_path / "none.toml")
