"""`sotin campaign check FILE`: every fault of a profile in plain words, with file, line, key and what to do."""

from pathlib import Path

import pytest

from bot.__main__ import main

FOLDER = Path(__file__).parents[2] / "bot" / "campaigns"

# A profile, what is written instead of what (the first of its kind), the key that is told, words of the reason.
FAULTS = [
    ("hoa_binh", 'kinds = ["dang_vien"]', 'kinds = ["dangvien"]', "quotas[4].kinds", "dangvien is not there in member"),
    ("hoa_binh", 'types = ["school"]', 'types = ["kindergarten"]', "quotas[1].types", "not there in unit_types"),
    ("hoa_binh", 'types = ["school"]', 'kinds = ["can_bo"]', "quotas[1].kinds", "kinds are of members"),
    ("hoa_binh", 'kinds = ["dang_vien"]', 'types = ["school"]', "quotas[4].types", "types are of units"),
    ("hoa_binh", 'owners = ["so"]', 'owners = ["soo"]', "tasks[1].owners", "soo is not there"),
    ("hoa_binh", 'owners = ["so"]', "owners = []", "tasks[1].owners", "name at least one"),
    ("hoa_binh", 'owners = ["so"]\n', "", "tasks[1].owners", "add this key to its table"),
    ("hoa_binh", "date = 2024-11-05", 'date = "soon"', "tasks[1].date", "valid date"),
    ("hoa_binh", 'section = "I"\n', "", "targets[1].section", "add this key to its table"),
    ("hoa_binh", 'pages_of = ["district"]', 'pages_of = ["club"]', "targets[2].pages_of", "club is not there"),
    ("hoa_binh", 'owed_by = ["district", "school"]', 'owed_by = ["body"]', "duties[1].owed_by", "body is not there"),
    ("hoa_binh", 'place = "Hòa Bình"\n', "", "place", "from which place papers are dated"),
    ("hoa_binh", 'starts = ["Trường Mầm non", "Trường Mẫu giáo"]\n', "", "unit_types[4]", "put it higher"),
    ("hoa_binh", 'en = "department"', 'en = "department"\ntag_of = "person"', "unit_types[1].tag_of", "no tag_rule"),
    ("hoa_binh", 'source = "Kế hoạch 10/2024"', "task = true\nsource = 'x'", "duties[1].task", "under [[tasks]]"),
    ("long_an", 'tag = "#SONOIVULONGAN"', 'tag = "#SNVLONGAN"', "examples[2].tag", "the rule makes #SONOIVULONGAN"),
    ("long_an", '"FREQ=WEEKLY;BYDAY=FR"', '"FREQ=DAILY"', "duties[1].rrules[1]", "such as FREQ=WEEKLY;BYDAY=FR"),
    ("long_an", '"toiyeuchiensisaovuong"', '"@SaoVuong"', "targets[1].owners[1]", "no @ and no /"),
    ("long_an", "at_least = 1", 'at_least = "one"', "quotas[1].at_least", "without quotes"),
    ("long_an", 'who = "member"', 'whom = "member"', "quotas[1].whom", "take it out"),
    ("binh_tan", 'asks = "follow"\n', "", "pages.linked_percent", 'add a [[guidance]] with asks = "follow"'),
    ("binh_tan", 'asks = "follow"', 'asks = "like"', "guidance[1].asks", "'read' or 'follow'"),
    ("binh_tan", "growth_percent = 5", "growth_percent = -5", "pages.growth_percent", "greater than or equal to 0"),
]


def check(capsys: pytest.CaptureFixture[str], file: Path) -> tuple[int, list[str]]:
    """The exit code and the lines of the output."""
    with pytest.raises(SystemExit) as ended:
        main(["campaign", "check", str(file)])
    return int(ended.value.code or 0), capsys.readouterr().out.splitlines()


def changed(tmp_path: Path, code: str, right: str, wrong: str) -> Path:
    """A copy of a profile with one thing written otherwise, and its units beside it."""
    text = (FOLDER / f"{code}.toml").read_text("utf-8")
    assert right in text
    broken = tmp_path / f"{code}.toml"
    broken.write_text(text.replace(right, wrong, 1), "utf-8")
    (tmp_path / f"{code}_units.tsv").write_text((FOLDER / f"{code}_units.tsv").read_text("utf-8"), "utf-8")
    return broken


@pytest.mark.parametrize(("code", "right", "wrong", "key", "reason"), FAULTS)
def test_a_fault_is_told_with_its_place_and_what_to_do(
    code: str, right: str, wrong: str, key: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = changed(tmp_path, code, right, wrong)
    exit_code, lines = check(capsys, broken)
    assert exit_code == 1
    told = next(line for line in lines if f": {key}: " in line)
    assert told.startswith(f"{broken}:")
    assert reason in told
    assert lines[-1].endswith("to mend")


@pytest.mark.parametrize("code", ["binh_phuoc", "binh_tan", "hoa_binh", "long_an"])
def test_the_profiles_that_come_along_are_in_order(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    exit_code, [line] = check(capsys, FOLDER / f"{code}.toml")
    assert (exit_code, "in order" in line) == (0, True)


UNITS = "code\ttype\tname\tparent_code\n777\tdistrict\tQuận Đoàn\t\n"


@pytest.mark.parametrize(
    ("units", "reason"),
    [
        (UNITS + "1\tschool\tTrường A\t777\n", "no row is for Trường A (1), a school"),
        (UNITS + "1\tcommune\tĐoàn phường A\t778\n", "stands before its parent 778"),
        (UNITS + "777\tcommune\tĐoàn phường A\t777\n", "is in the file of units twice"),
        ("code,type\n1,2\n", "with tabs between code, type, name and parent_code"),
    ],
)
def test_units_that_do_not_fit_are_told(
    units: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = changed(tmp_path, "binh_tan", "growth_percent = 5", "growth_percent = 6")
    (tmp_path / "binh_tan_units.tsv").write_text(units, "utf-8")
    exit_code, lines = check(capsys, profile)
    assert exit_code == 1
    assert any(reason in line for line in lines)


def test_all_faults_are_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profile = changed(tmp_path, "hoa_binh", 'kinds = ["dang_vien"]', 'kinds = ["x"]')
    text = profile.read_text("utf-8").replace('owners = ["so"]', 'owners = ["y"]')
    profile.write_text(text, "utf-8")
    _, lines = check(capsys, profile)
    assert [line.split(": ")[1] for line in lines[:-1]] == ["quotas[4].kinds", "tasks[1].owners", "tasks[5].owners"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exit_code, lines = check(capsys, tmp_path / "nothing.toml")
    assert exit_code == 1
    assert "there is no such file" in lines[0]


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profile = tmp_path / "old.toml"
    profile.write_bytes("name = 'Hòa Bình'".encode("latin-1"))
    exit_code, lines = check(capsys, profile)
    assert exit_code == 1
    assert lines[0].endswith("it must be UTF-8, save it as that")
