"""What a checked sheet says, in each language of the bot; what stands in braces is filled in with `format`."""

from collections.abc import Mapping

from bot.domain.rosters.columns import Column
from bot.domain.rosters.values import Fault

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        Column.NAME: "HỌ VÀ TÊN",
        Column.KIND: "LOẠI THÀNH VIÊN",
        Column.RANK: "CẤP BẬC",
        Column.POSITION: "CHỨC VỤ",
        Column.UNIT: "ĐƠN VỊ",
        Column.CODE: "MÃ ĐƠN VỊ",
        Column.FACEBOOK: "TÊN FACEBOOK",
        Column.PHONE: "SỐ ĐIỆN THOẠI",
        Column.PARENT: "THUỘC ĐƠN VỊ",
        Column.UNIT_TYPE: "LOẠI ĐƠN VỊ",
        Column.OPENED: "NGÀY LẬP ĐƠN VỊ",
        "number": "STT",
        "faults": "LỖI",
        "notes": "GHI CHÚ",
        "claim_code": "MÃ NHẬN TÊN",
        "units": "Đơn vị",
        "people": "Thành viên",
        "result": "Kết quả",
        "codes": "Mã nhận tên",
    },
    "en": {
        Column.NAME: "FULL NAME",
        Column.KIND: "MEMBER KIND",
        Column.RANK: "RANK",
        Column.POSITION: "POSITION",
        Column.UNIT: "UNIT",
        Column.CODE: "UNIT CODE",
        Column.FACEBOOK: "FACEBOOK NAME",
        Column.PHONE: "TELEPHONE",
        Column.PARENT: "PART OF",
        Column.UNIT_TYPE: "UNIT TYPE",
        Column.OPENED: "OPENED ON",
        "number": "NO.",
        "faults": "FAULTS",
        "notes": "NOTES",
        "claim_code": "CLAIM CODE",
        "units": "Units",
        "people": "Members",
        "result": "Result",
        "codes": "Claim codes",
    },
}

# {0} is the first value of the fault, {rest} the others with “; ” between them.
FAULTS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "name_missing": "Thiếu họ tên",
        "old_font": "Họ tên gõ bằng phông cũ (.VnTime, VNI): hãy chuyển sang Unicode",
        "name_bad": "Họ tên không hợp lệ: {0}",
        "unit_missing": "Thiếu đơn vị",
        "unit_unknown": "Không có đơn vị “{0}” trong phạm vi của bạn",
        "unit_several": "Nhiều đơn vị tên “{0}”, hãy ghi thêm huyện: {rest}",
        "code_unknown": "Không có đơn vị mã “{0}” trong phạm vi của bạn",
        "code_differs": "Mã và tên chỉ hai đơn vị khác nhau; mã này là {rest}",
        "type_unknown": "Loại đơn vị phải là một trong: {all}",
        "parent_unknown": "Không rõ đơn vị mới thuộc đơn vị nào: “{0}”",
        "kind_missing": "Thiếu loại thành viên",
        "kind_unknown": "Không có loại thành viên “{0}”; chọn một trong: {rest}",
        "phone_bad": "Số điện thoại không đúng: “{0}”",
        "date_bad": "Ngày không đúng (ngày/tháng/năm): “{0}”",
        "too_long": "{column} dài quá {1} chữ",
        "formula": "{column} là công thức chưa có giá trị hoặc bị lỗi: hãy dán giá trị",
        "twin": "Trùng với dòng {0}",
        "person_several": "Đơn vị có nhiều người cùng họ tên: hãy ghi số điện thoại để phân biệt",
    },
    "en": {
        "name_missing": "The name is missing",
        "old_font": "The name is in an old font (.VnTime, VNI): please convert it to Unicode",
        "name_bad": "This is no name: {0}",
        "unit_missing": "The unit is missing",
        "unit_unknown": "No unit “{0}” in your part of the tree",
        "unit_several": "Several units are called “{0}”, please add the district: {rest}",
        "code_unknown": "No unit with the code “{0}” in your part of the tree",
        "code_differs": "Code and name mean two units; this code is {rest}",
        "type_unknown": "The unit type must be one of: {all}",
        "parent_unknown": "It is not clear what the new unit is part of: “{0}”",
        "kind_missing": "The kind of member is missing",
        "kind_unknown": "No kind of member “{0}”; choose one of: {rest}",
        "phone_bad": "Not a telephone number: “{0}”",
        "date_bad": "Not a date (day/month/year): “{0}”",
        "too_long": "{column} has more than {1} letters",
        "formula": "{column} is a formula without a value, or with an error: please paste the value",
        "twin": "The same as row {0}",
        "person_several": "Several people of this unit have this name: please add telephone numbers",
    },
}
NEAR = {"vi": "Gần giống: {names}", "en": "Perhaps: {names}"}
HAVE_NEAR = ("unit_unknown", "parent_unknown")
NAME_FAULTS = {
    "vi": {
        "too_long": "quá dài",
        "has_link": "có đường link",
        "has_tag": "có # hoặc @",
        "has_digits": "có chữ số",
        "no_letters": "không có chữ cái",
        "not_a_name": "có ký hiệu lạ hoặc chỉ một chữ",
    },
    "en": {
        "too_long": "too long",
        "has_link": "it holds a link",
        "has_tag": "it holds # or @",
        "has_digits": "it holds digits",
        "no_letters": "it has no letters",
        "not_a_name": "strange signs, or a single letter",
    },
}
NOTES: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "new": "Thêm mới",
        "same": "Đã có, không đổi",
        "changes": "Đã có, sửa: {columns}",
        "kept": "Giữ {columns} do người đó tự khai",
        "unit_guessed": "Hiểu là {0}",
        "unit_new": "Đơn vị mới",
        "unit_near": "Có đơn vị gần giống: {all}",
        "administrator": "Ban quản trị: cấp quyền sau bằng /vaitro",
    },
    "en": {
        "new": "Added",
        "same": "Known, nothing changes",
        "changes": "Known, changes: {columns}",
        "kept": "{columns} stays as the person gave it",
        "unit_guessed": "Taken for {0}",
        "unit_new": "A new unit",
        "unit_near": "There is a unit with nearly this name: {all}",
        "administrator": "Administrator: give the role later by /roles",
    },
}
_FIELDS = {"facebook_name": Column.FACEBOOK}


def fault_words(fault: Fault, language: str) -> str:
    """What is wrong, with what to do."""
    values = fault.values
    if fault.code == "name_bad":
        values = (NAME_FAULTS[language][values[0]],)
    return _filled(FAULTS[language][fault.code], values, language)


def near_words(fault: Fault, language: str) -> str:
    """The suggestions that go with a fault; empty if there are none."""
    names = fault.values[1:] if fault.code in HAVE_NEAR else ()
    return NEAR[language].format(names="; ".join(names)) if names else ""


def note_words(note: Fault, language: str) -> str:
    """What is to be known about a row."""
    return _filled(NOTES[language][note.code], note.values, language)


def _filled(words: str, values: tuple[str, ...], language: str) -> str:
    names = [COLUMNS[language].get(_FIELDS.get(each, each), each) for each in values]
    rest, all_ = "; ".join(values[1:]), "; ".join(values)
    columns = ", ".join(each.lower().replace("facebook", "Facebook") for each in names)
    return words.format(*values, column=names[0] if names else "", columns=columns, rest=rest, all=all_)
