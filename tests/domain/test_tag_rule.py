"""The tag rule: the documents' four examples, the same names typed otherwise, and names the examples do not show."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaigns import load
from bot.domain.hashtags import Phrase, ProvinceSince, TagRule, build_tag, check

RULE = load("long_an").rule

EXAMPLES = [
    ("DQTV xã Tuyên Thạnh, thị xã Kiến Tường", None, "#DQTVTUYENTHANHKIENTUONGLONGAN"),
    ("Sở Nội vụ", None, "#SONOIVULONGAN"),
    (
        "trường Trung học phổ thông Nguyễn Hữu Thọ, huyện Bến Lức",
        "Nguyễn Văn A",
        "#NGUYENVANATRUONGTHPTNGUYENHUUTHOBENLUCLONGAN",
    ),
    ("Sở Giáo dục và Đào tạo", "Nguyễn Thị C", "#NGUYENTHICSOGIAODUCVADAOTAOLONGAN"),
]
TYPED = {
    "NFC": lambda text: unicodedata.normalize("NFC", text),
    "NFD": lambda text: unicodedata.normalize("NFD", text),
    "capitals": str.upper,
    "capitals in NFD": lambda text: unicodedata.normalize("NFD", text.upper()),
    "small letters": str.lower,
    "extra blanks": lambda text: f"  {text.replace(' ', '   ')} ",
    "trailing comma": lambda text: text + ",",
    "province named": lambda text: text + ", tỉnh Long An",
    "province named without a comma": lambda text: text + " tỉnh Long An",
    "bare province": lambda text: text + " - Long An",
    "zero-width spaces": lambda text: text.replace(" ", " \u200b"),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "dashes": lambda text: text.replace(",", " –"),
}


@pytest.mark.parametrize(("unit", "person", "tag"), EXAMPLES)
@pytest.mark.parametrize("typed", TYPED)
def test_the_documents_examples_come_out_however_they_are_typed(
    typed: str, unit: str, person: str | None, tag: str
) -> None:
    spell: Callable[[str], str] = TYPED[typed]
    person = person and (unicodedata.normalize("NFD", person.upper()) if "NFD" in typed else person)
    assert build_tag(RULE, spell(unit), person) == tag


@pytest.mark.parametrize(
    ("unit", "tag"),
    [
        ("Dân quân tự vệ xã Tuyên Thạnh, TX. Kiến Tường", "#DQTVTUYENTHANHKIENTUONGLONGAN"),
        ("DQTV xã Tuyên Thạnh thị xã Kiến Tường", "#DQTVTUYENTHANHKIENTUONGLONGAN"),
        ("DQTV X. Tuyên Thạnh - TX Kiến Tường", "#DQTVTUYENTHANHKIENTUONGLONGAN"),
        ("DQTV xã Tuyên Thạnh (thị xã Kiến Tường)", "#DQTVTUYENTHANHKIENTUONGLONGAN"),
        ("dqtv xa tuyen thanh, thi xa kien tuong", "#DQTVTUYENTHANHKIENTUONGLONGAN"),
        ("DQTV Phường 1, thành phố Tân An", "#DQTVPHUONG1TANANLONGAN"),
        ("DQTV P. 1, TP. Tân An", "#DQTVPHUONG1TANANLONGAN"),
        ("DQTV P.1, Tp Tân An", "#DQTVPHUONG1TANANLONGAN"),
        ("DQTV P1 TP. Tân An", "#DQTVPHUONG1TANANLONGAN"),
        ("DQTV phường 1 thành phố Tân An", "#DQTVPHUONG1TANANLONGAN"),
        ("DQTV thị trấn Bến Lức, H. Bến Lức", "#DQTVBENLUCBENLUCLONGAN"),
        ("DQTV xã Long An, huyện Cần Giuộc", "#DQTVLONGANCANGIUOCLONGAN"),
        ("DQTV xã Long An, huyện Cần Giuộc, tỉnh Long An", "#DQTVLONGANCANGIUOCLONGAN"),
        ("DQTV huyện Bến Lức", "#DQTVBENLUCLONGAN"),
        ("DQTV tỉnh Long An", "#DQTVLONGAN"),
        ("DQTV xã Đội Bình", "#DQTVDOIBINHLONGAN"),
        ("DQTV Phường Phường Đúc, Quận Thuận Hóa", "#DQTVPHUONGDUCTHUANHOALONGAN"),
        ("dqtv phuong phuong duc, quan thuan hoa", "#DQTVPHUONGDUCTHUANHOALONGAN"),
        ("DQTV xã Ea H'leo", "#DQTVEAHLEOLONGAN"),
        ("DQTV phường Phan Rang-Tháp Chàm", "#DQTVPHANRANGTHAPCHAMLONGAN"),
    ],
)
def test_militia_units_drop_their_type_words(unit: str, tag: str) -> None:
    assert build_tag(RULE, unit) == tag


@pytest.mark.parametrize(
    ("unit", "tag"),
    [
        ("Sở Nội vụ Long An", "#SONOIVULONGAN"),
        ("Sở GD&ĐT", "#SOGIAODUCVADAOTAOLONGAN"),
        ("Sở GD-ĐT tỉnh Long An", "#SOGIAODUCVADAOTAOLONGAN"),
        ("Phòng Giáo dục và Đào tạo, huyện Bến Lức", "#PHONGGIAODUCVADAOTAOBENLUCLONGAN"),
        ("Huyện ủy Bến Lức", "#HUYENUYBENLUCLONGAN"),
        ("Huyện uỷ Bến Lức", "#HUYENUYBENLUCLONGAN"),
        ("Huyện đoàn Bến Lức", "#HUYENDOANBENLUCLONGAN"),
        ("Tỉnh đoàn Long An", "#TINHDOANLONGAN"),
        ("Công an huyện Bến Lức", "#CONGANHUYENBENLUCLONGAN"),
        ("UBND xã Tuyên Thạnh, thị xã Kiến Tường", "#UBNDTUYENTHANHKIENTUONGLONGAN"),
        ("Uỷ ban nhân dân tỉnh Long An", "#UBNDLONGAN"),
        ("Ban Chỉ huy quân sự huyện Bến Lức", "#BCHQSBENLUCLONGAN"),
        ("Ban CHQS huyện Bến Lức", "#BCHQSBENLUCLONGAN"),
        ("Trường THCS&THPT Mỹ Bình, huyện Đức Huệ", "#TRUONGTHCSTHPTMYBINHDUCHUELONGAN"),
        ("Trường Tiểu học và THCS Bình Tân", "#TRUONGTHTHCSBINHTANLONGAN"),
        ("Trường Tiểu học Tân Kim, huyện Cần Giuộc", "#TRUONGTHTANKIMCANGIUOCLONGAN"),
        ("Trường Mầm non 1 Tháng 6, phường 3, TP. Tân An", "#TRUONGMN1THANG6PHUONG3TANANLONGAN"),
        ("Trung tâm GDNN-GDTX huyện Cần Giuộc", "#TTGDNNGDTXCANGIUOCLONGAN"),
        (
            "Trung tâm Giáo dục nghề nghiệp – Giáo dục thường xuyên, huyện Cần Giuộc",
            "#TTGDNNGDTXCANGIUOCLONGAN",
        ),
    ],
)
def test_bodies_and_schools_keep_their_words(unit: str, tag: str) -> None:
    assert build_tag(RULE, unit) == tag


def test_a_name_in_another_script_leaves_its_latin_letters_and_the_province() -> None:
    assert build_tag(RULE, "Кириллица 中文 DQTV") == "#DQTVLONGAN"
    assert build_tag(RULE, "", "") == "#LONGAN"


@pytest.mark.parametrize(
    ("switch", "unit", "tag"),
    [
        ({"drop_inside_name": True}, "Công an huyện Bến Lức", "#CONGANBENLUCLONGAN"),
        ({"drop_after_phrase": False}, "UBND xã Tuyên Thạnh", "#UBNDXATUYENTHANHLONGAN"),
        ({"keep_before_number": False}, "DQTV phường 1, TP Tân An", "#DQTV1TANANLONGAN"),
        ({"same_name_once": True}, "thị trấn Bến Lức, huyện Bến Lức", "#BENLUCLONGAN"),
        ({"same_name_once": True}, "DQTV thị trấn Bến Lức, huyện Bến Lức", "#DQTVBENLUCLONGAN"),
        ({"same_name_once": True}, "DQTV xã Thanh Bến Lức, huyện Bến Lức", "#DQTVTHANHBENLUCBENLUCLONGAN"),
        ({"type_words": ({"word": "phường", "short": ("p.",), "kept_as": "P"},)}, "DQTV P. 1", "#DQTVP1LONGAN"),
        ({"drop_inside_name": True}, "Công an Phường Phường Đúc", "#CONGANPHUONGDUCLONGAN"),
        ({"same_name_once": True}, "DQTV, UBND xã A", "#DQTVUBNDALONGAN"),
        ({"type_words": ()}, "DQTV xã Tân Thạnh", "#DQTVXATANTHANHLONGAN"),
        ({"drop_words": ("và",)}, "Sở Văn hóa và Thể thao", "#SOVANHOATHETHAOLONGAN"),
        ({"separators": ()}, "xã A, xã B", "#ABLONGAN"),
        ({"province": "Cần Thơ", "province_type": "thành phố"}, "Sở Y tế thành phố Cần Thơ", "#SOYTECANTHO"),
    ],
)
def test_an_open_convention_is_a_switch(switch: dict[str, object], unit: str, tag: str) -> None:
    assert build_tag(TagRule.model_validate(RULE.model_dump() | switch), unit) == tag


@given(st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyÁẢÃẠ019 ,.-'&/(", min_size=1), st.none() | st.text("aăđÊơ '-"))
def test_a_tag_of_latin_names_is_capitals_and_digits(unit: str, person: str | None) -> None:
    assert re.fullmatch(r"#[A-Z0-9]+", build_tag(RULE, unit, person))


@given(st.text(), st.none() | st.text())
def test_no_name_makes_the_rule_raise(unit: str, person: str | None) -> None:
    tag = build_tag(RULE, unit, person)
    assert tag.endswith("LONGAN")
    assert build_tag(RULE, unicodedata.normalize("NFC", unit), person) == build_tag(
        RULE, unicodedata.normalize("NFD", unit), person
    )


def test_a_changed_copy_of_a_rule_keeps_nothing_of_the_old_one() -> None:
    build_tag(RULE, "Sở Nội vụ")
    merged = RULE.model_copy(update={"province": "Tây Ninh"})
    assert build_tag(merged, "Sở Nội vụ tỉnh Tây Ninh") == "#SONOIVUTAYNINH"


MERGED = RULE.model_copy(
    update={
        "province_since": (
            ProvinceSince(since=date(2030, 1, 1), province="Hồ Chí Minh", province_type="thành phố"),
            ProvinceSince(since=date(2025, 7, 1), province="Tây Ninh"),
        )
    }
)


@pytest.mark.parametrize(
    ("day", "tag"),
    [
        (None, "#SONOIVULONGAN"),
        (date(2025, 6, 30), "#SONOIVULONGAN"),
        (date(2025, 7, 1), "#SONOIVUTAYNINH"),
        (date(2029, 12, 31), "#SONOIVUTAYNINH"),
        (date(2030, 1, 1), "#SONOIVUHOCHIMINH"),
    ],
)
def test_a_tag_ends_in_the_province_of_its_day(day: date | None, tag: str) -> None:
    rule = MERGED.on(day)
    assert build_tag(rule, f"Sở Nội vụ {rule.province_type} {rule.province}") == tag


def test_a_rule_without_changes_is_the_same_on_every_day() -> None:
    rule = RULE.model_copy(update={"province_since": ()})
    assert rule.on(date(2026, 1, 1)) is rule


def test_the_old_province_is_told_from_the_new_one() -> None:
    verdict = check("#SONOIVULONGAN", "#SONOIVUTAYNINH", rule=MERGED.on(date(2026, 1, 1)))
    assert (verdict.fault, verdict.suggestion) == ("wrong_province", "#SONOIVUTAYNINH")


def test_a_short_form_that_a_tag_keeps_is_explained_when_written_out() -> None:
    rule = TagRule.model_validate(RULE.model_dump() | {"type_words": ({"word": "phường", "kept_as": "PH"},)})
    assert check("#DQTVPHUONG1LONGAN", "#DQTVPH1LONGAN", rule=rule).fault == "abbrev_variant"
    assert check("#DQTV1LONGAN", "#DQTVPH1LONGAN", rule=rule).fault == "word_dropped"


@pytest.mark.parametrize(("phrase", "variant"), [(each, variant) for each in RULE.phrases for variant in each.variants])
def test_what_people_write_for_a_phrase_is_explained_and_never_credited(phrase: Phrase, variant: str) -> None:
    required = build_tag(RULE, f"{phrase.words[0]} Tân Trụ")
    verdict = check(required.replace(phrase.to, variant), required, rule=RULE)
    assert (verdict.verdict, verdict.suggestion) == ("near_miss", required)
    assert verdict.fault in {"abbrev_variant", "word_dropped", "typo", "prefix_kept"}
