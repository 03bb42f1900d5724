"""Likeness: the same text after small changes is known again, texts by other hands are not taken for it."""

import unicodedata
from hashlib import sha256
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.folding import fold
from bot.domain.likeness import FEWEST_WORDS, NEARLY_THE_SAME, bands, likeness, sketch

# Reports from one field of work: six kinds of sentence, each in the words of five hands, stock phrases all over them.
HANDS = [
    [
        "Sáng nay, thực hiện kế hoạch của Ban Chỉ huy quân sự huyện, dân quân đã ra quân nạo vét kênh mương",
        "Chấp hành sự chỉ đạo của Ban Chỉ huy quân sự huyện, dân quân cùng đoàn viên sửa con đường liên ấp",
        "Hưởng ứng phong trào thi đua Quyết thắng, cán bộ và chiến sĩ dân quân vừa tham gia hiến máu tại nhà văn hóa",
        "Được sự quan tâm của cấp ủy, chính quyền địa phương, Ban Chỉ huy quân sự xã khai mạc huấn luyện",
        "Từ tờ mờ sáng, hơn ba mươi dân quân đã có mặt tại nhà bác Tư để dựng lại mái nhà bị giông làm sập",
    ],
    [
        "Dự buổi lễ có đồng chí Bí thư Đảng ủy, Chủ tịch Ủy ban nhân dân cùng đông đảo bà con trong ấp",
        "Đồng chí chỉ huy trưởng trực tiếp có mặt, chia từng tổ, giao việc rõ ràng nên ai nấy đều bắt tay vào làm ngay",
        "Với tinh thần trách nhiệm cao, các tổ thay nhau làm, tổ này nghỉ thì tổ kia vào, không để công việc gián đoạn",
        "Mặc cho trời mưa nặng hạt, nước ngập quá đầu gối, không một ai bỏ về trước giờ",
        "Trước đó đơn vị đã chuẩn bị đầy đủ cuốc xẻng, xe rùa, nước uống và phân công người trực y tế",
    ],
    [
        "Kết quả, sau một buổi đã khơi thông gần tám trăm mét kênh, dọn sạch rác và lục bình hai bên bờ",
        "Đến trưa, đoạn đường dài sáu trăm mét đã được san phẳng, rải đá, xe đạp của học sinh đi lại dễ dàng",
        "Ban tổ chức nhận một trăm hai mươi đơn vị máu, trong đó riêng dân quân góp hơn bốn mươi đơn vị",
        "Nội dung gồm điều lệnh đội ngũ, kỹ thuật bắn súng tiểu liên, ném lựu đạn và chiến thuật từng người",
        "Mái tôn mới lợp xong trước bữa cơm chiều, đồ đạc được kê lại gọn gàng, sân trước cũng được quét dọn sạch sẽ",
    ],
    [
        "Đồng chí Chính trị viên nhấn mạnh việc làm trên góp phần xây dựng dân quân tự vệ vững mạnh, rộng khắp",
        "Bác Tư xúc động nói rằng không có mấy chú dân quân thì gia đình không biết phải xoay xở thế nào",
        "Chị Hồng bán hàng ở chợ mang ra mấy bình trà đá và ổ bánh mì, cười bảo thấy các chú làm là thương",
        "Nhiều cụ già trong ấp ra tận nơi xem, khen anh em làm kỹ, bờ nào ra bờ nấy",
        "Một chiến sĩ mới mười chín tuổi cho biết đây là lần đầu em tham gia và em sẽ còn đi nữa",
    ],
    [
        "Việc làm trên được cấp ủy, chính quyền và nhân dân địa phương đánh giá cao, thắt chặt tình đoàn kết quân dân",
        "Thời gian tới, đơn vị tiếp tục phát huy phẩm chất bộ đội Cụ Hồ, sẵn sàng có mặt ở nơi dân cần, nơi dân khó",
        "Qua đó tô thắm hình ảnh người chiến sĩ sao vuông trong lòng nhân dân, góp phần xây dựng nông thôn mới",
        "Cuối tuần sau anh em sẽ trở lại để trồng thêm hai hàng cây dọc theo con đường vừa làm",
        "Ban Chỉ huy quân sự huyện cũng biểu dương ba cá nhân tiêu biểu trong phong trào thi đua Quyết thắng",
    ],
    [
        "Đây là hoạt động thiết thực chào mừng kỷ niệm ngày truyền thống lực lượng dân quân tự vệ",
        "Mong rằng những việc nhỏ như thế sẽ ngày càng nhiều hơn trên quê hương mình",
        "Một ngày làm việc mệt nhưng vui, ai cũng hẹn nhau lần sau lại đi",
        "Xin cảm ơn các nhà hảo tâm đã ủng hộ tiền xăng, nước uống và hai chục phần quà cho bà con khó khăn",
        "Hoạt động thiết thực này sẽ được duy trì hằng tháng theo kế hoạch của Ban Chỉ huy quân sự huyện",
    ],
]


def report(number: int) -> list[str]:
    """The sentences of one of 25 reports; any two of them share exactly one of six sentences."""
    a, b = divmod(number, 5)
    hands = [b, *((a + slope * b) % 5 for slope in range(5))]
    return [sentences[hand] for sentences, hand in zip(HANDS, hands, strict=True)]


def post(sentences: list[str], tag: str = "#DQTVTUYENTHANHKIENTUONGLONGAN") -> str:
    return ". ".join(sentences) + f".\n{tag}"


REPORTS = [report(number) for number in range(20)]
EIGHT = [*REPORTS[7], *REPORTS[18][1:3]]
TEXT = post(EIGHT)


def sketched(text: str) -> bytes:
    found = sketch(text)
    assert found is not None
    return found


def is_marked(a: str, b: str) -> bool:
    """Whether the table of bands brings two texts together and their likeness is high enough."""
    one, other = sketched(a), sketched(b)
    return bool(set(bands(one)) & set(bands(other))) and likeness(one, other) >= NEARLY_THE_SAME


def with_words_changed(text: str, count: int) -> str:
    words = text.split()
    for place in range(1, count + 1):
        words[place * len(words) // (count + 1)] = "khác"
    return " ".join(words)


@pytest.mark.parametrize(
    "again",
    [
        post(EIGHT, "#DQTVTHANHTRIKIENTUONGLONGAN #dânquân ＃saovuông"),
        f"https://www.facebook.com/groups/1/posts/2/\n{TEXT} https://fb.watch/a https://fb.watch/abc",
        fold(TEXT),
        TEXT.upper(),
        TEXT.replace(". ", "…\n\n\n– ").replace(" ", "\u00a0"),
        unicodedata.normalize("NFD", TEXT),
        TEXT.replace(". ", " 🇻🇳💪❤️. "),
        TEXT.replace("quân", "qu\u200bân"),
    ],
    ids=["tag", "link", "diacritics", "case", "spacing", "nfd", "emoji", "invisible"],
)
def test_what_is_not_wording_makes_no_difference(again: str) -> None:
    assert sketch(again) == sketch(TEXT)


@pytest.mark.parametrize(
    "again",
    [
        post([*EIGHT, *REPORTS[3][2:4]]),
        post([REPORTS[3][0], *EIGHT, REPORTS[3][4]]),
        post(EIGHT[:-2]),
        post([*EIGHT[4:], *EIGHT[:4]]),
        with_words_changed(TEXT, 3),
        with_words_changed(TEXT, 8),
    ],
    ids=["two added below", "two added around", "two left out", "turned round", "three words", "eight words"],
)
def test_a_text_that_was_changed_a_little_is_marked(again: str) -> None:
    assert is_marked(TEXT, again)


@pytest.mark.parametrize("sentences", REPORTS)
def test_four_words_changed_in_a_short_post_do_not_hide_it(sentences: list[str]) -> None:
    short = post(sentences[:3])
    assert is_marked(short, with_words_changed(short, 4))


def test_reports_by_different_hands_are_not_marked_for_their_stock_phrases() -> None:
    sketches = [sketched(post(sentences)) for sentences in REPORTS]
    assert max(likeness(a, b) for a, b in combinations(sketches, 2)) < NEARLY_THE_SAME / 2


@pytest.mark.parametrize(
    "text", ["", "một " * (FEWEST_WORDS - 1) + "#hai #ba #bốn", "https://www.facebook.com/groups/1/posts/2/ " * 20]
)
def test_a_text_without_enough_words_of_its_own_is_not_compared(text: str) -> None:
    assert sketch(text) is None


def test_texts_alike_by_four_fifths_meet_in_a_band_and_unrelated_ones_do_not() -> None:
    alike = apart = 0
    for number in range(200):
        words = [f"{number}w{at}" for at in range(270)]
        # Each has 128 words and so 126 runs of three; the first two have 112 runs in common, of 140 in all.
        first, second, third = words[:128], words[14:142], words[142:]
        found = [set(bands(sketched(" ".join(text)))) for text in (first, second, third)]
        alike += bool(found[0] & found[1])
        apart += not found[0] & found[2]
    assert (alike, apart) == (200, 200)


def test_a_sketch_never_changes() -> None:
    """Sketches are kept for weeks: where this fails, kept ones have to be thrown away or no repeat will be found."""
    kept = sketched(TEXT)
    assert sha256(kept).hexdigest() == "4700c92bca334f0e879eca26235117d3396dd5621ac027122e25759b838f663f"
    assert bands(kept)[:2] == (1042679663710248890, 1913385563487490255)


def test_something_else_than_a_sketch_is_refused() -> None:
    with pytest.raises(ValueError, match="not a sketch"):
        likeness(sketched(TEXT), b"")


@given(st.text(), st.text())
def test_any_text_is_wholly_like_itself_and_likeness_is_mutual(own: str, other: str) -> None:
    one, two = sketched(f"{TEXT} {own}"), sketched(f"{TEXT} {other}")
    assert likeness(one, one) == 1
    assert likeness(one, two) == likeness(two, one)
    assert len(bands(one)) == len(bands(two)) == 24
    assert all(0 <= band < 2**63 for band in bands(one))
