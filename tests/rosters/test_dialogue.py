"""Importing a roster as people do it: the file, what comes back, the yes, the undoing; and what is not theirs."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.buttons import Tap, wire
from bot.messages import Address
from bot.storage.models import Account, ImportBatch, Membership, MembershipState, Role, StoredFile, Unit
from tests.cast import STALE, Actor, Stage
from tests.rosters.importing import batches, content, files, hears_all, imports, listed, sends, work, writes
from tests.rosters.sheets import HEADINGS, cells_of, workbook

T = "Xã Tuyên Thạnh"
AN = (1, "nguyễn văn an", "Thiếu úy", "Chiến sĩ", T, "An Nguyễn", 912345678)
WRONG = (2, "Trần B2", "", "Chiến sĩ", "Xã Tuyên Thanh", "", "abc")
FORGED = (("rosters.write", 1), ("rosters.units!", 1), ("rosters.drop", 1), ("rosters.undo!", 1), ("rosters.codes", 1))


def press_of(stage: Stage, actor: Actor, action: str, *args: str | int) -> str:
    """The data of a button that the bot could have sent to this chat, and did not."""
    tap, chat = Tap("help.show", action, args), Address("telegram", str(actor.person.id))
    return wire(tap, chat, "vi", stage.app.setup.key, stage.app.setup.mark).data or ""


async def make(stage: Stage, actor: Actor, role: Role, unit: str) -> None:
    """Give somebody another role in another unit."""

    def change(session: Session) -> None:
        account = session.scalars(select(Account).where(Account.chat == str(actor.person.id))).one()
        place = session.scalars(select(Unit.id).where(Unit.name == unit).order_by(Unit.id)).first()
        session.execute(
            update(Membership).where(Membership.person_id == account.person_id).values(role=role, unit_id=place)
        )

    await stage.ask(change)


async def test_an_admin_imports_a_roster_and_gets_codes_to_hand_out(stage: Stage) -> None:
    bob = stage.bob
    [intro] = await bob.says("/nhap")
    assert "Xã Tuyên Thạnh" in intro
    reading, sheet, summary = await sends(bob, "ds.xlsx", workbook(HEADINGS, AN, WRONG))
    assert "Đang đọc “ds.xlsx”" in reading
    assert "LỖI" in sheet
    assert "Thêm mới: 1 người" in summary
    assert "Có lỗi, sẽ không ghi: 1 dòng" in summary
    assert bob.buttons() == ["✅ Ghi 1 dòng đúng", "✖ Bỏ"]
    assert await listed(stage) == []
    back = cells_of(content(files(bob)[-1]))
    assert back[2][7] == (
        "Họ tên không hợp lệ: có chữ số; Số điện thoại không đúng: “abc”; "
        "Không có đơn vị “Xã Tuyên Thanh” trong phạm vi của bạn"
    )
    writing, done, codes = await writes(bob)
    assert "Đang ghi 1 dòng" in writing
    assert "Thêm mới: 1 người" in done
    assert "Mã nhận tên của 1 người" in codes
    assert await listed(stage) == [("Nguyễn Văn An", T, "0912345678")]
    assert cells_of(content(files(bob)[-1]))[2][1:4] == ["Nguyễn Văn An", T, "0912345678"]


async def test_the_template_comes_in_the_background_and_is_read_back(stage: Stage) -> None:
    await stage.dung.says("/nhap")
    assert await stage.dung.presses("Mẫu Excel") == ["Đang làm tệp, bot sẽ gửi ngay khi xong."]
    [said] = await hears_all(stage.dung)
    assert "Mẫu danh sách của Tỉnh Long An" in said
    template = content(files(stage.dung)[-1])
    assert "LOẠI ĐƠN VỊ" in cells_of(template)[0]
    assert len(cells_of(template, sheet=1)) > 200
    *_, said = await imports(stage.dung, template)
    assert "Không thấy dòng nào dưới tiêu đề cột" in said


async def test_the_kind_of_those_of_whom_the_sheet_says_nothing_is_asked(stage: Stage) -> None:
    bob = stage.bob
    *_, summary = await imports(bob, workbook(HEADINGS, (1, "Lê Văn C", "", "", T)))
    assert "1 dòng chỉ thiếu loại thành viên" in summary
    *_, summary = await bob.presses("Cán bộ")
    assert "Thêm mới: 1 người" in summary
    await writes(bob)
    kinds = await stage.ask(
        lambda session: list(session.scalars(select(Membership.kind).where(Membership.batch_id == 1)))
    )
    assert kinds == ["can_bo"]


async def test_dropping_it_writes_nothing_and_a_second_press_is_stale(stage: Stage) -> None:
    bob = stage.bob
    await imports(bob, workbook(HEADINGS, AN))
    write = bob.data_of("Ghi 1 dòng")
    [said] = await bob.presses("Bỏ")
    assert "Không có gì được ghi" in said
    await bob.says("/nhap")
    await bob.forges(write)
    await work(stage)
    assert await listed(stage) == []


async def test_pressing_twice_writes_once(stage: Stage) -> None:
    bob = stage.bob
    await imports(bob, workbook(HEADINGS, AN))
    write = bob.data_of("Ghi 1 dòng")
    await bob.presses("Ghi 1 dòng")
    await bob.says("/nhap")
    await bob.forges(write)
    await work(stage)
    assert len(await listed(stage)) == 1


async def test_a_restart_between_the_check_and_the_yes_loses_nothing(stage: Stage) -> None:
    bob = stage.bob
    await imports(bob, workbook(HEADINGS, AN))
    await stage.restart()
    await bob.presses("Ghi 1 dòng")
    await stage.restart()
    await work(stage)
    assert len(await listed(stage)) == 1


async def test_the_same_file_again_is_told_and_changes_nothing(stage: Stage) -> None:
    bob, file = stage.bob, workbook(HEADINGS, AN, (3, "Lê Văn C", "", "Chiến sĩ", T))
    await imports(bob, file)
    await writes(bob)
    *_, summary = await imports(bob, file, "ten-khac.xlsx")
    assert "giống hệt tệp đã nhập lúc" in summary
    assert "Đã có, không đổi: 2 người" in summary
    assert "Không có gì để ghi" in summary
    assert [state for _, state, _ in await batches(stage)] == ["done", "faulty"]


async def test_an_admin_cannot_import_into_units_that_are_not_his(stage: Stage) -> None:
    *_, summary = await imports(stage.bob, workbook(HEADINGS, (1, "Lê Văn C", "", "Chiến sĩ", "Xã Bình Hiệp")))
    assert "Thêm mới: 0 người" in summary
    assert "Có lỗi, sẽ không ghi: 1 dòng" in summary


async def test_members_and_strangers_may_not_import(stage: Stage) -> None:
    assert "quản trị đơn vị" in (await stage.alice.says("/nhap"))[0]
    await sends(stage.alice, "ds.xlsx", workbook(HEADINGS, AN))
    await sends(stage.charlie, "ds.xlsx", workbook(HEADINGS, AN))
    assert await batches(stage) == []


async def test_somebody_elses_batch_cannot_be_decided_on_by_a_forged_press(stage: Stage) -> None:
    await imports(stage.dung, workbook(HEADINGS, AN))
    await stage.dung.forges("1|rosters.write|1|AAAAAAAAAAAA")
    await stage.bob.says("/nhap")
    for action, number in FORGED:
        await stage.bob.forges(press_of(stage, stage.bob, action, number))
    await work(stage)
    assert await listed(stage) == []
    assert [state for _, state, _ in await batches(stage)] == ["checked"]


async def test_a_batch_of_a_unit_below_may_be_seen_and_undone_but_not_confirmed_from_above(stage: Stage) -> None:
    await imports(stage.bob, workbook(HEADINGS, AN))
    await stage.dung.says("/nhap")
    [said] = await stage.dung.forges(press_of(stage, stage.dung, "rosters.write", 1))
    assert "không phải của bạn" in said
    await writes(stage.bob)
    await stage.dung.presses("Các lần nhập trước")
    await stage.dung.presses("1. danh-sach")
    await stage.dung.presses("Hoàn tác")
    await stage.dung.presses("Đúng, hoàn tác")
    await work(stage)
    assert await listed(stage) == []


async def test_who_lost_his_role_meanwhile_cannot_confirm(stage: Stage) -> None:
    await imports(stage.bob, workbook(HEADINGS, AN))
    await make(stage, stage.bob, Role.UNIT_ADMIN, "Xã Bình Hiệp")
    [said] = await stage.bob.presses("Ghi 1 dòng")
    assert "ngoài phạm vi của bạn" in said
    await work(stage)
    assert await listed(stage) == []


async def test_units_are_added_by_coordinators_after_a_second_yes(stage: Stage) -> None:
    head = (*HEADINGS, "LOẠI ĐƠN VỊ", "THUỘC ĐƠN VỊ")
    row = (1, "Lê Văn C", "", "Chiến sĩ", "Xã Hoàn Toàn Mới", "", "", "xã", "Thị xã Kiến Tường")
    *_, summary = await imports(stage.dung, workbook(head, row, AN))
    assert "Chờ đơn vị mới: 1 người (1 đơn vị: Xã Hoàn Toàn Mới)" in summary
    assert stage.dung.buttons() == ["✅ Ghi 1 dòng đúng", "➕ Thêm 1 đơn vị, ghi 2 dòng …", "✖ Bỏ"]
    [asked] = await stage.dung.presses("Thêm 1 đơn vị")
    assert "Xã Hoàn Toàn Mới" in asked
    _, done, _ = await writes(stage.dung, "Thêm đơn vị và ghi")
    assert "Đơn vị đã thêm: 1" in done
    assert ("Lê Văn C", "Xã Hoàn Toàn Mới", None) in await listed(stage)


async def test_an_import_is_undone_but_for_those_who_claimed_their_row(stage: Stage) -> None:
    bob = stage.bob
    await imports(bob, workbook(HEADINGS, AN, (2, "Lê Văn C", "", "Chiến sĩ", T)))
    await writes(bob)

    def claim(session: Session) -> None:
        row = session.scalars(select(Membership).where(Membership.full_name == "Lê Văn C")).one()
        row.state, row.person_id, row.claim_code = MembershipState.ACTIVE, 1, None

    await stage.ask(claim)
    await bob.says("/nhap")
    [shown] = await bob.presses("Các lần nhập trước")
    assert "đã ghi: thêm 2, sửa 0" in shown
    await bob.presses("1. danh-sach")
    [asked] = await bob.presses("Hoàn tác")
    assert "1 người chưa nhận tên" in asked
    assert "Lê Văn C" in asked
    await bob.presses("Đúng, hoàn tác")
    await work(stage)
    [undone] = await bob.hears()
    assert "Xóa khỏi danh sách: 1 người" in undone
    assert "Lê Văn C" in undone
    assert await listed(stage) == []


async def test_earlier_imports_are_shown_a_page_at_a_time(stage: Stage) -> None:
    def fill(session: Session) -> None:
        by = session.scalars(select(Membership).where(Membership.full_name == "Bob")).one()
        for number in range(8):
            batch = ImportBatch(
                campaign="long_an", unit_id=by.unit_id, by_id=by.id, name=f"{number}.csv", state="undone"
            )
            batch.channel, batch.chat, batch.source, batch.at = "telegram", "2003", "x", stage.world.clock.now()
            batch.figures, batch.units = {"faulty": 0}, []
            session.add(batch)

    await stage.ask(fill)
    await stage.bob.says("/nhap")
    [first] = await stage.bob.presses("Các lần nhập trước")
    assert first.count(".csv") == 6
    [second] = await stage.bob.presses("Cũ hơn")
    assert ["7. 1.csv" in second, "8. 0.csv" in second, second.count(".csv")] == [True, True, 2]
    assert stage.bob.buttons()[-1] == "◀ Mới hơn"


async def test_what_is_no_sheet_is_answered_with_what_to_do(stage: Stage) -> None:
    bob = stage.bob
    await bob.says("/nhap")
    assert "tệp .xlsx hoặc .csv" in (await bob.says("đây ạ"))[0]
    assert "Bot không đọc được loại tệp" in (await sends(bob, "ds.docx", b"x"))[0]
    assert "lớn hơn 10 MB" in (await sends(bob, "ds.xlsx", b"x" * 10_000_001))[0]
    *_, said = await sends(bob, "ds.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))
    assert "Tệp có mật khẩu" in said


async def test_a_file_that_nobody_asked_for_is_read_once_its_sender_says_so(stage: Stage) -> None:
    [said] = await sends(stage.bob, "ds.xlsx", workbook(HEADINGS, AN))
    assert "“ds.xlsx”" in said
    assert await batches(stage) == []
    await sends(stage.bob, "ds moi.xlsx", workbook(HEADINGS, AN, (2, "Lê Văn C", "", "Chiến sĩ", T)))
    *_, summary = await stage.bob.presses("Nhập danh sách thành viên")
    assert "Đã kiểm tra “ds moi.xlsx”" in summary
    assert "Thêm mới: 2 người" in summary
    assert await stage.bob.forges(press_of(stage, stage.bob, "rosters.take")) == STALE
    assert [state for _, state, _ in await batches(stage)] == ["checked"]


async def test_a_file_that_nobody_asked_for_stops_nothing_else(stage: Stage) -> None:
    await sends(stage.bob, "ds.xlsx", workbook(HEADINGS, AN))
    assert "nội dung" in str(await stage.bob.says("https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/12"))
    assert await stage.bob.forges(press_of(stage, stage.bob, "rosters.take")) == STALE
    [said] = await sends(stage.alice, "ds.xlsx", b"x")
    assert "danh sách thành viên" not in said
    assert "quản trị" in str(await stage.alice.forges(press_of(stage, stage.alice, "rosters.take")))
    assert await batches(stage) == []


async def test_the_sheet_that_came_is_not_kept(stage: Stage) -> None:
    await imports(stage.bob, workbook(HEADINGS, AN))
    kept = await stage.ask(lambda session: [file.name for file in session.scalars(select(StoredFile))])
    assert kept == ["danh-sach-kiem-tra.xlsx"]
