"""Vietnam's provinces, those before and those since 1 July 2025, for seeing that a tag names another one."""

from bot.domain.hashtags.reading import spell

_NAMES = """
    Hà Nội, Hà Giang, Cao Bằng, Bắc Kạn, Tuyên Quang, Lào Cai, Điện Biên, Lai Châu, Sơn La, Yên Bái, Hòa
    Bình, Thái Nguyên, Lạng Sơn, Quảng Ninh, Bắc Giang, Phú Thọ, Vĩnh Phúc, Bắc Ninh, Hải Dương, Hải
    Phòng, Hưng Yên, Thái Bình, Hà Nam, Nam Định, Ninh Bình, Thanh Hóa, Nghệ An, Hà Tĩnh, Quảng Bình,
    Quảng Trị, Huế, Đà Nẵng, Quảng Nam, Quảng Ngãi, Bình Định, Phú Yên, Khánh Hòa, Ninh Thuận, Bình
    Thuận, Kon Tum, Gia Lai, Đắk Lắk, Đắk Nông, Lâm Đồng, Bình Phước, Tây Ninh, Bình Dương, Đồng Nai, Bà
    Rịa - Vũng Tàu, Hồ Chí Minh, Long An, Tiền Giang, Bến Tre, Trà Vinh, Vĩnh Long, Đồng Tháp, An Giang,
    Kiên Giang, Cần Thơ, Hậu Giang, Sóc Trăng, Bạc Liêu, Cà Mau
"""

PROVINCES: tuple[str, ...] = tuple(spell(name) for name in _NAMES.split(","))


def province_of(letters: str) -> str:
    """The province whose letters end `letters`, the longest if there are two; "" if none does."""
    return max((name for name in PROVINCES if letters.endswith(name)), key=len, default="")
