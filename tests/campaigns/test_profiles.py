"""The profiles of the other documents say what these say, and each brings a tree that fits."""

from collections import Counter
from datetime import UTC, date
from types import SimpleNamespace as Thing

import pytest

from bot.campaigns import available, load, read_units, rule_of, unit_path
from bot.domain.deadlines import occurrences
from bot.texts import label, render
from tests.texts_of_joining import SUMMARY

CODES = ["binh_phuoc", "binh_tan", "hoa_binh", "long_an"]


def test_each_document_has_its_profile() -> None:
    assert available() == CODES


@pytest.mark.parametrize("code", CODES)
def test_every_unit_of_a_demo_tree_has_its_type_and_its_parent(code: str) -> None:
    campaign, units = load(code), {unit.code: unit for unit in read_units(code)}
    for unit in units.values():
        assert campaign.unit_type(unit.type, unit.name)
        assert unit_path(units, unit.code)[-1][1] == next(iter(units.values())).name


@pytest.mark.parametrize("code", ["binh_phuoc", "binh_tan", "hoa_binh"])
def test_where_the_documents_ask_for_no_hashtag_there_is_no_rule(code: str) -> None:
    assert load(code).tag_rule is None
    assert load(code).province
    with pytest.raises(LookupError, match="no tag rule"):
        _ = load(code).rule


def test_hoa_binh_has_530_schools_in_nine_classes_of_peers() -> None:
    campaign = load("hoa_binh")
    schools = [unit for unit in read_units("hoa_binh") if unit.type == "school"]
    classes = Counter(campaign.unit_type(unit.type, unit.name).peers for unit in schools)
    assert (len(schools), len(classes)) == (530, 9)
    assert "school" not in classes


@pytest.mark.parametrize(
    ("name", "peers"),
    [
        ("Trường Tiểu học Đà Bắc", "tieu_hoc"),
        ("Trường Tiểu học và Trung học cơ sở Tu Lý", "th_thcs"),
        ("trường tiểu học Đà Bắc", "tieu_hoc"),
        ("Trường Trung học cơ sở và Trung học phổ thông Mai Châu", "lien_cap"),
        ("Trường chuyên biệt", "school"),
    ],
)
def test_a_schools_class_is_told_by_how_its_name_begins(name: str, peers: str) -> None:
    assert load("hoa_binh").unit_type("school", name).peers == peers


def test_hoa_binhs_quotas_are_those_of_the_plan() -> None:
    found = {(each.who, each.kinds or each.types, each.per): each.at_least for each in load("hoa_binh").quotas}
    assert found == {
        ("unit", ("school",), "week"): 1,
        ("unit", ("district",), "week"): 3,
        ("unit", ("province",), "week"): 4,
        ("member", ("dang_vien",), "week"): 1,
        ("member", ("dang_vien",), "month"): 4,
    }


def test_the_plans_tasks_keep_their_dates() -> None:
    days = sorted(str(task.date) for task in load("hoa_binh").tasks)
    assert days == ["2024-11-05", "2024-11-15", "2024-11-15", "2024-11-16", "2024-12-31"]
    [task] = load("binh_phuoc").tasks
    assert (str(task.date), task.wording) == ("2017-09-30", "trước ngày 30/9/2017")


def test_a_task_is_owed_by_types_classes_and_single_units() -> None:
    campaign = load("hoa_binh")
    [duty] = [each for each in campaign.owed if each.code == "plan_0511"]
    assert campaign.owes(duty, "province", "Sở Giáo dục và Đào tạo tỉnh Hòa Bình", "so")
    assert not campaign.owes(duty, "school", "Trường Tiểu học Đà Bắc", "th04831")
    nursery = duty.model_copy(update={"owners": ("mam_non",)})
    assert campaign.owes(nursery, "school", "Trường Mầm non Đà Bắc", "x")
    assert not campaign.owes(nursery, "school", "Trường Tiểu học Đà Bắc", "x")


def test_binh_tan_sets_what_pages_are_to_reach() -> None:
    campaign = load("binh_tan")
    assert (campaign.pages.linked_percent, campaign.pages.growth_percent) == (75, 5)
    assert {target.platform for target in campaign.targets} == {"facebook", "tiktok", "youtube"}


def test_binh_phuoc_asks_to_read_its_guidance() -> None:
    [text] = load("binh_phuoc").guidance
    assert "thông tin cá nhân" in text.text or "dữ liệu cá nhân" in text.text


def test_schools_are_told_apart_on_buttons() -> None:
    units = {row.code: row for row in read_units("hoa_binh")}
    paths = [" › ".join(name for _, name in unit_path(units, code)) for code in units]
    shown = Counter(label("units.unit", "vi", path=path) for path in paths)
    assert [text for text, times in shown.items() if times > 1] == []
    assert max(map(len, shown)) <= 60


def test_schools_are_told_apart_on_the_board_of_their_class() -> None:
    names = [row.name for row in read_units("hoa_binh") if row.name.startswith("Trung tâm Giáo dục nghề nghiệp")]
    best = [Thing(name=name, total=Thing(total=1)) for name in names]
    summary = Thing(**{**vars(SUMMARY), "boards": [Thing(type=Thing(vi="trung tâm"), best=best)]})
    board = render("summaries/week", "vi", summary=summary, named=True)
    assert len({line for line in board.splitlines() if line.startswith("• Trung tâm")}) == len(names) > 1


def test_both_terms_of_a_school_year_are_periods_of_their_own() -> None:

    [term] = [each for each in load("hoa_binh").duties if each.code == "term"]
    found = occurrences(rule_of(term), date(2027, 1, 1), date(2028, 1, 1), {}, UTC)
    assert [each.due_at.date() for each in found] == [date(2027, 1, 20), date(2027, 5, 31)]
    assert len({each.period for each in found}) == 2
