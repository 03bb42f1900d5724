"""The audit log: every change made in a dialogue is in it, nothing personal is, and it cannot be changed."""

import io
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any

import openpyxl
import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.actions import audit_log, personal_data
from bot.actions.decisions import REFUSALS
from bot.documents.audit_table import AuditTable, Change, audit_xlsx, line_of
from bot.documents.forms import Letterhead
from bot.sandbox import people
from bot.storage.audit import HIDDEN, KEPT
from bot.storage.models import (
    AuditRow,
    BatchState,
    BroadcastState,
    CaseReason,
    CaseState,
    DataRequestKind,
    Invitation,
    Membership,
    MembershipState,
    ObligationState,
    PageKind,
    PostState,
    ReportState,
    Role,
    TagKind,
    Unit,
)
from bot.texts import LANGUAGES, _environment
from tests.cast import Stage
from tests.databases import A_MONDAY
from tests.dialogue.reporting import DISTRICT, THURSDAY_EVENING, appoint, filed
from tests.dialogue.reviewing import disputed, refused
from tests.dialogue.setting_tags import NEW, set_tag
from tests.dialogue.test_roles import make_deputy, member
from tests.documents.reading import sheet_rows
from tests.texts_of_roles import entry, kept_columns

AT = datetime(2027, 3, 1, 9, 5, tzinfo=UTC)


async def rows(stage: Stage) -> list[AuditRow]:
    return list(await stage.ask(lambda s: s.scalars(select(AuditRow).order_by(AuditRow.id)).all()))


async def let_in(stage: Stage) -> None:
    await stage.register(stage.charlie)
    await stage.bob.hears()
    await stage.bob.presses("Duyệt")


async def set_a_tag(stage: Stage) -> None:
    await stage.bob.says("/datthe")
    await set_tag(stage.bob, NEW, "Từ hôm nay")


async def declare_a_day_off(stage: Stage) -> None:
    await stage.dung.says("/ngaynghi")
    await stage.dung.presses("Thêm ngày nghỉ")
    await stage.dung.says("12/4")
    await stage.dung.presses("Không ghi chú")
    await stage.dung.presses("Lưu")


async def move_a_deadline(stage: Stage) -> None:
    await stage.dung.says("/thoihan")
    await stage.dung.presses("Sửa thời hạn")
    await stage.dung.presses("Báo cáo tuần")
    await stage.dung.presses("Giờ hạn")
    await stage.dung.says("16:00")
    await stage.dung.presses("Lưu")


async def excuse_a_unit(stage: Stage) -> None:
    await stage.later(hours=1)
    await stage.dung.says("/tiendo")
    await stage.dung.presses("Báo cáo tuần")
    await stage.dung.presses("Bộ Chỉ huy")
    await stage.dung.presses("Miễn nộp")
    await stage.dung.says("Anh Nguyễn Văn B ốm")


async def link_a_group(stage: Stage) -> None:
    people.say(stage.world, stage.bob.person, "/lienket@sotin_bot", stage.group)
    await stage.settle()


async def file_and_return_a_report(stage: Stage) -> None:
    await appoint(stage, stage.dung, DISTRICT, Role.UNIT_ADMIN)
    await stage.later(**THURSDAY_EVENING)
    await filed(stage)
    await stage.dung.hears()
    await stage.dung.presses("Xem báo cáo")
    await stage.dung.presses("Trả lại")
    await stage.dung.says("Bà Trần Thị D chưa có trong bảng")


DEEDS: dict[str, tuple[Callable[[Stage], Awaitable[object]], str, dict[str, object], str]] = {
    "approve": (let_in, "memberships", {"state": "active"}, "Bob"),
    "role": (make_deputy, "memberships", {"role": "deputy"}, "Bob"),
    "tag": (set_a_tag, "tags", {"kind": "required", "tag": HIDDEN}, "Bob"),
    "day off": (declare_a_day_off, "days_off", {"off": True}, "Dung"),
    "deadline": (move_a_deadline, "duties", {}, "Dung"),
    "excuse": (excuse_a_unit, "obligations", {"state": "excused", "reason": HIDDEN}, "Dung"),
    "review": (refused, "review_cases", {"state": "refused"}, "Bob"),
    "group": (link_a_group, "groups", {}, "Bob"),
    "report": (file_and_return_a_report, "reports", {"state": "returned", "reason": HIDDEN}, "Dung"),
}


IN_GROUPS = pytest.mark.telegram_only("groups on Zalo cannot be relied on")


@pytest.mark.parametrize("deed", [pytest.param(each, marks=IN_GROUPS if each == "group" else ()) for each in DEEDS])
async def test_every_kind_of_change_is_written_down_with_who_did_it(stage: Stage, deed: str) -> None:
    act, subject, after, who = DEEDS[deed]
    await act(stage)
    found = [row for row in await rows(stage) if row.subject == subject and after.items() <= row.after.items()]
    assert found, [(row.subject, row.after) for row in await rows(stage)]
    by = (await member(stage, who)).id
    assert by in {row.by_id for row in found}
    assert all(row.act and row.channel for row in found)


async def test_nothing_personal_is_in_the_log_and_an_erased_person_has_no_name(stage: Stage) -> None:
    await let_in(stage)
    await excuse_a_unit(stage)
    await disputed(stage)
    await make_deputy(stage)
    await stage.bob.says("/moi")
    said = json.dumps(
        [[row.before, row.after, row.subject_id, row.act] for row in await rows(stage)], ensure_ascii=False
    )
    for value in ("Nguyễn Văn", "ốm", "Alice", "2001", "2002", "2003", "gặt lúa"):
        assert value not in said, value
    links = await stage.ask(lambda s: [row.code for row in s.scalars(select(Invitation))])
    assert links
    assert not any(code in said for code in links)
    assert "Bob · Thành viên “Alice”: vai trò thành viên → phó" in (await stage.dung.says("/nhatky"))[0]
    bob = await member(stage, "Bob")
    await stage.ask(lambda s: personal_data.erase(s, bob.person_id or 0))
    assert "đã xóa · Thành viên “Alice”" in (await stage.dung.says("/nhatky"))[0]


async def test_a_line_says_who_changed_what_from_what_to_what(stage: Stage) -> None:
    await move_a_deadline(stage)
    assert "1/3 09:00 · Dung · Hạn nộp “Báo cáo tuần”: giờ hạn 17:00 → 16:00" in (await stage.dung.says("/nhatky"))[0]
    assert "Chưa có thay đổi nào." in (await stage.bob.says("/nhatky"))[0]  # it concerns the whole campaign


async def test_one_sees_what_concerns_ones_own_unit_and_below_a_page_at_a_time(stage: Stage) -> None:
    await make_deputy(stage)
    for _ in range(9):
        await stage.bob.says("/moi")
    await stage.dung.says("/moi")
    [page] = await stage.bob.says("/nhatky")
    assert page.count("Lời mời, thêm mới") == 8
    assert "Dung" not in page
    [older] = await stage.bob.presses("Cũ hơn")
    assert "vai trò thành viên → phó" in older
    assert older.count("·") == 2 * 2
    assert await stage.bob.presses("Mới hơn") == [page]
    assert "Mới hơn" not in " ".join(stage.bob.buttons())


def test_the_log_can_be_added_to_and_neither_changed_nor_emptied(session: Session) -> None:
    row = {"at": AT, "campaign": "c", "channel": "t", "act": "a", "subject": "s", "subject_id": "1"}
    session.execute(insert(AuditRow).values(**row, before={}, after={}))
    for statement in (update(AuditRow).values(act="b"), delete(AuditRow)):
        with pytest.raises(DBAPIError, match="only added to"), session.begin_nested():
            session.execute(statement)
    assert session.scalars(select(AuditRow.act)).all() == ["a"]


def test_the_table_keeps_what_looks_like_a_formula_as_text() -> None:
    wicked = ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(1)"]
    entries = [entry(AT, text, number=place, channel=text) for place, text in enumerate(wicked)]
    content = audit_xlsx(AuditTable(Letterhead("Xã A", AT.date()), "Xã A", entries, cut=True))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    cells = [cell for line in sheet.iter_rows(min_row=2, max_row=6, min_col=2) for cell in line]
    assert [cell.value for cell in cells if cell.column == 3] == wicked
    assert {cell.data_type for cell in cells} == {"s"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_is_kept_has_words(language: str) -> None:
    for table in KEPT:
        assert table.__tablename__ not in line_of(entry(AT, "x", table.__tablename__), language)
    words: Any = _environment(language).get_template("audit/_words.html").module
    columns = kept_columns() - set(audit_log.UNSAID)
    assert all(words.column(name).strip() for name in columns)
    unnamed = [name for name in columns if language == "vi" and words.column(name) == name]
    assert unnamed == []


CODES = [
    *product(["posts"], ["state"], PostState),
    *product(["review_cases"], ["state"], CaseState),
    *product(["review_cases"], ["reason"], CaseReason),
    *product(["review_cases"], ["refusal"], REFUSALS),
    *product(["broadcasts"], ["state"], BroadcastState),
    *product(["memberships"], ["state"], MembershipState),
    *product(["obligations"], ["state"], ObligationState),
    *product(["reports"], ["state"], ReportState),
    *product(["import_batches"], ["state"], BatchState),
    *product(["pages"], ["kind"], PageKind),
    *product(["data_requests"], ["kind"], DataRequestKind),
    *product(["tags"], ["kind"], TagKind),
]


@pytest.mark.parametrize(("subject", "column", "code"), CODES)
def test_every_code_that_is_kept_has_a_vietnamese_word(subject: str, column: str, code: str) -> None:
    change = Change(column, None, str(code))
    line = line_of(replace(entry(AT, "x", subject), changes=(change,), new=True), "vi")
    assert not re.search(rf"\b{code}\b", line)


async def test_what_is_new_is_called_by_its_number_or_name(stage: Stage) -> None:
    await let_in(stage)
    await stage.dung.says("/thongbao")
    await stage.dung.presses("Soạn thông báo")
    await stage.dung.says("Họp lúc 8 giờ")
    [log] = await stage.dung.says("/nhatky")
    assert "Thông báo số “1”, thêm mới: trạng thái nháp" in log
    assert all(each.subject_id for each in await rows(stage))


TAKEN = "1/3 09:00 · Dung · Tải về: tệp danh sách thành viên"


async def test_a_list_that_was_taken_along_is_told_as_that(stage: Stage) -> None:
    await stage.dung.says("/thanhvien")
    await stage.dung.presses("Danh sách Excel")
    [log] = await stage.dung.says("/nhatky")
    assert log.splitlines()[1] == TAKEN


async def test_one_that_was_written_down_among_the_members_is_told_so_too(stage: Stage) -> None:
    by = await member(stage, "Dung")
    row = AuditRow(at=A_MONDAY, campaign="long_an", unit_id=by.unit_id, by_id=by.id, channel="telegram")
    row.act, row.subject, row.subject_id = "members.export", "memberships", str(by.unit_id)
    row.before, row.after = {}, {"export": "members"}
    await stage.ask(lambda session: session.add(row))
    [log] = await stage.dung.says("/nhatky")
    assert log.splitlines()[1] == TAKEN


async def test_the_table_is_made_of_all_changes_of_the_unit(stage: Stage) -> None:
    await make_deputy(stage)
    unit = (await member(stage, "Bob")).unit_id

    def gather(session: Session) -> AuditTable:
        wanted = audit_log.table(session, stage.app.setup, {"unit": unit}, "vi", stage.app.now())
        data: AuditTable = wanted.args[0]
        return data

    data = await stage.ask(gather)
    assert [(each.who, each.thing) for each in data.entries] == [("Bob", "Alice")]
    channel = stage.bob.address.channel
    assert channel.capitalize() in [row[3] for row in sheet_rows(audit_xlsx(data), "Nhật ký")]
    assert await stage.ask(lambda s: s.get_one(Unit, unit).name) == data.of
    assert (
        await stage.ask(lambda s: s.scalars(select(Membership.role).where(Membership.full_name == "Alice")).one())
    ) == "deputy"
    await stage.bob.says("/nhatky")
    assert await stage.bob.presses("Excel") == stage.passing("📄 Đang lập tệp, sẽ gửi sau vài giây.")
