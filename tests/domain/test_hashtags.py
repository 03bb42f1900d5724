"""Verdicts on hashtags: the exact tag counts, every near miss is named by its class, nothing else is credited."""

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaigns import load
from bot.domain.hashtags import CLASSES, Verdict, check, find_tags
from bot.domain.hashtags.distance import edits

RULE = load("long_an").rule
UNIT = "DQTV xã Tuyên Thạnh, thị xã Kiến Tường"
DQTV = "#DQTVTUYENTHANHKIENTUONGLONGAN"
SCHOOL = "#NGUYENVANATRUONGTHPTNGUYENHUUTHOBENLUCLONGAN"
DEPARTMENT = "#NGUYENTHICSOGIAODUCVADAOTAOLONGAN"
BODY = "#SONOIVULONGAN"
OTHERS = ("#DQTVBINHHIEPKIENTUONGLONGAN", "#DQTVBENLUCBENLUCLONGAN", "#DQTVTHANHHUNGKIENTUONGLONGAN")

NEAR_MISSES = [
    # class, required, text
    ("space_inside", DEPARTMENT, "Tin trường em #NGUYENTHICSO GIAODUCVA DAOTAOLONGAN"),
    ("space_inside", DQTV, "#DQTV Tuyên Thạnh Kiến Tường Long An"),
    ("space_inside", DQTV, "#DQTVTUYENTHANH\nKIENTUONGLONGAN"),
    ("space_inside", DQTV, "# DQTV TUYENTHANHKIENTUONGLONGAN"),
    ("space_inside", DQTV, "#DQTVTUYENTHANH #KIENTUONGLONGAN"),
    ("space_inside", DQTV, "#DQTV xã Tuyên Thạnh, thị xã Kiến Tường, tỉnh Long An"),
    ("space_after_hash", DQTV, "bài viết # DQTVTUYENTHANHKIENTUONGLONGAN"),
    ("space_after_hash", DQTV, "# DQTVTuyênThạnhKiếnTườngLongAn"),
    ("no_hash", DQTV, "bài viết DQTVTUYENTHANHKIENTUONGLONGAN."),
    ("no_hash", DQTV, "(dqtvtuyênthạnhkiếntườnglongan)"),
    ("punct_inside", DQTV, "#DQTV-TUYENTHANH-KIENTUONG-LONGAN"),
    ("punct_inside", DQTV, "#DQTVTuyênThạnh.KiếnTường/LongAn"),
    ("punct_inside", "#SOGIAODUCVADAOTAOLONGAN", "#SOGD&ĐTLONGAN"),
    ("punct_inside", "#TTGDNNGDTXCANGIUOCLONGAN", "#TTGDNN-GDTXCANGIUOCLONGAN"),
    ("punct_inside", DQTV, "#DQTV#TUYENTHANH#KIENTUONG#LONGAN"),
    ("underscore", DQTV, "#DQTV_TUYENTHANH_KIENTUONG_LONGAN"),
    ("underscore", DQTV, "#dqtv_tuyên_thạnh_kiến_tường_long_an"),
    ("underscore", DQTV, "#DQTVTUYENTHANHKIENTUONGLONGAN_"),
    ("invisible_char", DQTV, "#DQTVTUYENTHANH\u200bKIENTUONGLONGAN"),
    ("invisible_char", DQTV, "#DQTVTUYENTHANH\u00a0KIENTUONGLONGAN"),
    ("invisible_char", DQTV, "#\ufe0fDQTVTUYENTHANHKIENTUONGLONGAN"),
    ("invisible_char", DQTV, "#DQTVTUYEN\u00adTHANHKIENTUONGLONGAN"),
    ("fullwidth_or_fancy", DQTV, "＃DQTVTUYENTHANHKIENTUONGLONGAN"),
    ("fullwidth_or_fancy", DQTV, "#ＤＱＴＶTUYENTHANHKIENTUONGLONGAN"),
    ("fullwidth_or_fancy", DQTV, "#𝗗𝗤𝗧𝗩TUYENTHANHKIENTUONGLONGAN"),
    ("fullwidth_or_fancy", DQTV, "#𝗗𝗤𝗧𝗩𝗧𝘂𝘆𝗲\u0302𝗻𝗧𝗵𝗮\u0323𝗻𝗵𝗞𝗶𝗲\u0302\u0301𝗻𝗧𝘂\u031b𝗼\u031b\u0300𝗻𝗴𝗟𝗼𝗻𝗴𝗔𝗻"),
    ("diacritics", DQTV, "#DQTVTuyênThạnhKiếnTườngLongAn"),
    ("diacritics", "#DQTVDUCHOALONGAN", "#DQTVĐỨCHÒALONGAN"),
    ("diacritics", DQTV, unicodedata.normalize("NFD", "#DQTVTuyênThạnhKiếnTườngLongAn")),
    ("lookalike", DQTV, "#DQTVTUYEN\u0422HANHKIENTUONGLONGAN"),
    ("lookalike", DQTV, "#DQTVTUY\u0395NTHANHKIENTUONGL\u041eNGAN"),
    ("lookalike", DQTV, "#DQTVTuyênTh\u0430nhKiếnTườngLongAn"),
    ("telex_vni_residue", DQTV, "#DQTVTUYEENTHANHJKIEENSTUWOWNGFLONGAN"),
    ("telex_vni_residue", DQTV, "#DQTVTuyeenThanhjKieensTuwowngfLongAn"),
    ("telex_vni_residue", DQTV, "#DQTVTUYE6NTHANH5KIE61NTU7O7NG2LONGAN"),
    ("telex_vni_residue", "#DQTVDUCHOALONGAN", "#DQTVDDUWCSHOAFLONGAN"),
    ("telex_vni_residue", "#DQTVDUCHOALONGAN", "#DQTVD9UCHOALONGAN"),
    ("glued_tags", DQTV, "#vui#DQTVTUYENTHANHKIENTUONGLONGAN"),
    ("glued_tags", DQTV, "#DQTVTUYENTHANHKIENTUONGLONGAN#vui"),
    ("glued_tags", DQTV, "#DQTVTUYENTHANHKIENTUONGLONGANhomnay"),
    ("glued_tags", DQTV, "đẹp quá#DQTVTUYENTHANHKIENTUONGLONGAN"),
    ("prefix_kept", DQTV, "#DQTVXATUYENTHANHTHIXAKIENTUONGLONGAN"),
    ("prefix_kept", DQTV, "#DQTVxãTuyênThạnhTXKiếnTườngTỉnhLongAn"),
    ("prefix_kept", "#DQTVTANANLONGAN", "#DQTVTPTANANLONGAN"),
    ("word_dropped", SCHOOL, "#NGUYENVANATHPTNGUYENHUUTHOBENLUCLONGAN"),
    ("word_dropped", DQTV, "#TUYENTHANHKIENTUONGLONGAN"),
    ("word_dropped", BODY, "#NoiVuLongAn"),
    ("word_dropped", "#SOVANHOAVATHETHAOLONGAN", "#SOVANHOATHETHAOLONGAN"),
    ("abbrev_variant", DEPARTMENT, "#NGUYENTHICSOGDDTLONGAN"),
    ("abbrev_variant", SCHOOL, "#NGUYENVANATRUONGTRUNGHOCPHOTHONGNGUYENHUUTHOBENLUCLONGAN"),
    ("abbrev_variant", DQTV, "#DanQuanTuVeTuyenThanhKienTuongLongAn"),
    ("abbrev_variant", "#DQTVPHUONG1TANANLONGAN", "#DQTVP1TANANLONGAN"),
    ("wrong_province", DQTV, "#DQTVTUYENTHANHKIENTUONG"),
    ("wrong_province", DQTV, "#DQTVTUYENTHANHKIENTUONGTAYNINH"),
    ("wrong_province", BODY, "#SởNộiVụ nhé"),
    ("wrong_province", BODY, "#SONOIVULONGANLONGAN"),
    ("typo", DQTV, "#DQTVTUYENTHAHNKIENTUONGLONGAN"),
    ("typo", DQTV, "#DQTVTUYENTHNHKIENTUONGLONGN"),
    ("typo", DQTV, "#DQTVTUYENTHANHKIENTUONGLONGANH"),
    ("typo", "#DQTVMYTHANHLONGAN", "#DQTVMITHANHLONGAN"),
    ("someone_elses", DQTV, "#DQTVBINHHIEPKIENTUONGLONGAN"),
    ("someone_elses", "#DQTVBENLUCLONGAN", "#dqtvbenlucbenluclongan"),
    ("someone_elses", DQTV, "#DQTVBìnhHiệpKiếnTườngLongAn"),
]


@pytest.mark.parametrize(("fault", "required", "text"), NEAR_MISSES)
def test_a_near_miss_is_explained_and_the_right_tag_suggested(fault: str, required: str, text: str) -> None:
    verdict = check(text, required, rule=RULE, others=OTHERS)
    assert (verdict.verdict, verdict.fault, verdict.suggestion) == ("near_miss", fault, required)
    assert verdict.written
    assert verdict.written in unicodedata.normalize("NFC", text)


def test_every_class_has_its_near_misses_in_the_design_s_order() -> None:
    assert [code for code, _ in CLASSES] == list(dict.fromkeys(fault for fault, _, _ in NEAR_MISSES))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hôm nay trời đẹp",
        "#LongAn #DQTV",
        "Sở Nội vụ Long An tổ chức hội nghị",
        "# # ## #123",
        "#SONGNUOCLONGAN",
        "#DQTVTHANHPHOHOCHIMINH",
    ],
)
def test_ordinary_text_and_other_tags_are_no_near_miss(text: str) -> None:
    verdict = check(text, BODY, rule=RULE, others=OTHERS)
    assert (verdict.verdict, verdict.fault, verdict.suggestion) == ("absent", "absent", BODY)


@pytest.mark.parametrize(
    "text",
    [
        DQTV,
        DQTV.lower() + ".",
        "(#DqtvTuyenThanhKienTuongLongAn)",
        f"#NGUYENTHICSO GIAODUCVA {DQTV}!",
        f"#DQTVBINHHIEPKIENTUONGLONGAN\n{DQTV}",
        DQTV + "\u200b",
    ],
)
def test_the_exact_tag_counts_anywhere_in_any_letter_case(text: str) -> None:
    verdict = check(text, DQTV, rule=RULE, others=OTHERS)
    assert (verdict.verdict, verdict.fault, verdict.suggestion, verdict.matched) == ("ok", None, None, DQTV)


def test_an_accepted_tag_counts_and_is_named() -> None:
    assert check("#dqtvtt", DQTV, ("#DQTVTT",)).matched == "#DQTVTT"


def test_a_near_miss_of_an_accepted_tag_suggests_the_required_one() -> None:
    verdict = check("#DQTV_TUYEN_THANH", DQTV, ("#DQTVTUYENTHANH",))
    assert (verdict.fault, verdict.suggestion, verdict.matched) == ("underscore", DQTV, "#DQTVTUYENTHANH")


def test_a_tag_with_diacritics_counts_only_with_them() -> None:
    assert check(unicodedata.normalize("NFD", "#tựhào"), "#TựHào").verdict == "ok"
    assert check("#tuhao", "#TựHào").fault == "diacritics"


def test_another_unit_s_tag_is_never_a_typo_nor_another_spelling() -> None:
    neighbour = "#DQTVTUYENTHANKIENTUONGLONGAN"
    assert check(neighbour, DQTV, rule=RULE).fault == "typo"
    assert check(neighbour, DQTV, rule=RULE, others=[neighbour]).fault == "someone_elses"
    without_district = "#DQTVTUYENTHANHLONGAN"
    assert check(without_district, DQTV, rule=RULE, unit=UNIT).fault == "word_dropped"
    theirs = check(without_district, DQTV, rule=RULE, unit=UNIT, others=[without_district])
    assert (theirs.fault, theirs.matched) == ("someone_elses", without_district)


def test_a_slip_that_lies_as_near_to_another_s_tag_is_not_called_a_typo() -> None:
    assert check("#DQTVTANTHANLONGAN", "#DQTVTANTHANHLONGAN", others=["#DQTVTANTHANGLONGAN"]).fault == "absent"


def test_the_names_let_initials_and_missing_parts_be_seen() -> None:
    department = check("#NTCSOGIAODUCVADAOTAOLONGAN", DEPARTMENT, rule=RULE, unit="Sở GD&ĐT", person="Nguyễn Thị C")
    assert department.fault == "abbrev_variant"
    assert check("#SNVLONGAN", BODY, rule=RULE, unit="Sở Nội vụ").fault == "abbrev_variant"
    assert check("#SNVLONGAN", BODY, rule=RULE).fault == "absent"


def test_without_a_rule_the_province_is_still_seen() -> None:
    assert check("#SONOIVUTAYNINH", BODY).fault == "wrong_province"


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#a, #B. (#c)", ["#a", "#B", "#c"]),
        ("#một_hai #2025 #x2025", ["#một_hai", "#x2025"]),
        (unicodedata.normalize("NFD", "#Tự_hào"), ["#Tự_hào"]),
        ("#a#b mail#c &#39; x/#d ##e", []),
        ("＃DQTV", ["＃DQTV"]),
        ("#a-b #c\u200bd", ["#a", "#c"]),
        ("# a", []),
    ],
)
def test_tags_are_found_as_platforms_read_them(text: str, tags: list[str]) -> None:
    assert find_tags(text) == tags


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [
        ("", "", 0),
        ("long", "long", 0),
        ("long", "lng", 1),
        ("long", "logn", 1),
        ("tanthanh", "tantahnh", 1),
        ("tanthanh", "tanthan", 1),
        ("kientuong", "kiemtuonh", 2),
        ("abcdefghij", "badcefghij", 2),
        ("abc", "xyz", 3),
        ("a", "abcd", 3),
    ],
)
def test_slips_are_counted_up_to_the_limit(a: str, b: str, distance: int) -> None:
    assert edits(a, b, 2) == edits(b, a, 2) == distance


TAGGED = st.lists(
    st.sampled_from(["#", "＃", " ", "_", "\u200b", "DQTV", "TUYEN", "Thạnh", "KIENTUONG", "LONGAN", "xã"])
)


def equal(tag: str, other: str) -> bool:
    return unicodedata.normalize("NFC", tag).casefold() == unicodedata.normalize("NFC", other).casefold()


@given(st.text() | TAGGED.map("".join), st.just(DQTV) | st.text(), st.lists(st.text()))
def test_nothing_is_credited_but_an_equal_tag_and_nothing_raises(text: str, required: str, others: list[str]) -> None:
    verdict = check(text, required, rule=RULE, unit=text, person=required, others=others)
    there = any(equal(tag, required) for tag in find_tags(text))
    assert (verdict.verdict == "ok") == there
    assert isinstance(verdict, Verdict)
    assert (verdict.fault is None) == there
    assert all(re.fullmatch(r"[#＃]\w+", tag) for tag in verdict.found)


HOSTILE = [
    "#" * 20_000,
    "#D " * 6_666,
    DQTV[1:-1] * 700,
    (DQTV[:-1] + " ") * 660,
    "#DQTV" + "sfrxj" * 4_000,
    "#D" + "_" * 20_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_of_20_000_characters_is_read_in_no_time(text: str) -> None:
    started = time.perf_counter()
    check(text, DQTV, rule=RULE, unit=UNIT, others=OTHERS)
    assert time.perf_counter() - started < 0.5  # far above the usual 0.03 s, far below a runaway expression
