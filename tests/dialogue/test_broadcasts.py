"""Broadcasts as people meet them: writing, looking first, sending, reading, answering."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.actions import personal_data
from bot.sandbox import people
from bot.storage.models import Account, BroadcastState, Membership, MembershipState, Recipient, Role, Unit
from tests.cast import TAG, Stage
from tests.dialogue.broadcasting import begin, broadcasts, got, outcomes, sends, writes
from tests.dialogue.reminding import signed


@pytest.fixture(autouse=True)
async def begun(stage: Stage) -> None:
    await begin(stage)


async def block(stage: Stage) -> None:
    people.block(stage.world, stage.alice.person)
    await stage.settle()


@pytest.mark.telegram_only("Zalo does not tell who blocked the bot")
async def test_the_preview_says_how_many_get_it_and_who_does_not_and_why(stage: Stage) -> None:
    await block(stage)

    def list_one(session: Session) -> None:
        unit = session.get_one(Membership, 1).unit_id
        new = Membership(unit_id=unit, full_name="Lê Văn Sổ", kind="chien_si", state=MembershipState.LISTED)
        new.created_at, new.role, new.named = stage.world.clock.now(), Role.MEMBER, True
        session.add(new)

    await stage.ask(list_one)
    card = await writes(stage.dung, "Họp lúc 8 giờ")
    assert "2 người sẽ nhận" in card
    assert "Bob (Xã Tuyên Thạnh); Dung (Tỉnh Long An)" in card
    assert "1 người: đã chặn bot (Alice)" in card
    assert "1 người: chưa dùng bot (Lê Văn Sổ)" in card
    assert "chưa đến 1 phút" in card


async def test_nothing_goes_out_for_a_minute_and_then_everybody_gets_it_once(stage: Stage) -> None:
    await writes(stage.dung, "Họp lúc 8 giờ")
    assert "Sẽ gửi lúc 09:01" in (await stage.dung.presses("📣 Gửi"))[-1]
    await stage.later(seconds=59)
    assert got(stage.alice, "Họp") == []
    await stage.later(seconds=2)
    await stage.later(seconds=10)
    await stage.restart()
    await stage.later(seconds=10)
    assert [len(got(each, "Họp lúc 8 giờ")) for each in (stage.alice, stage.bob, stage.charlie)] == [1, 1, 0]
    assert await outcomes(stage) == {"sent": 3}
    assert any("đã gửi xong" in each.text and "Đã gửi 3/3" in each.text for each in stage.dung.chat())


async def test_within_a_minute_it_can_be_taken_back(stage: Stage) -> None:
    await writes(stage.dung, "Họp lúc 8 giờ")
    await stage.dung.presses("📣 Gửi")
    assert "(nháp)" in (await stage.dung.presses("Rút lại"))[-1]
    await stage.later(minutes=5)
    assert got(stage.alice, "Họp") == []
    assert await broadcasts(stage) == [(1, BroadcastState.DRAFT)]


async def test_what_is_taken_back_at_night_and_found_urgent_goes_at_once(stage: Stage) -> None:
    await stage.later(hours=13)  # 22:00
    await writes(stage.dung, "Họp")
    assert "06:30 2/3/2027" in (await stage.dung.presses("📣 Gửi"))[-1]
    assert "ngay khi chọn Gửi" in (await stage.dung.presses("Rút lại"))[-1]
    await stage.dung.presses("☐ Khẩn")
    assert "22:01 1/3/2027" in (await stage.dung.presses("📣 Gửi"))[-1]


async def test_once_it_went_it_cannot_be_taken_back(stage: Stage) -> None:
    await sends(stage.dung, "Họp")
    assert "không rút lại được" in (await signed(stage, stage.dung, "broadcast.undo", 1))[-1]


@pytest.mark.telegram_only("Zalo tells no marks in what people write")
async def test_marks_and_odd_letters_come_out_as_they_were_written(stage: Stage) -> None:
    written = 'Họp <b>gấp 🚩</b> lúc <i>8 giờ</i> &lt;xã&gt; <a href="https://a.vn/?x=1&amp;y=2">đây</a>'
    await writes(stage.dung, written, html=True)
    await stage.dung.presses("Gửi thử")
    assert written in next(each.html for each in reversed(stage.dung.chat()) if "gấp" in each.text)


@pytest.mark.telegram_only("Zalo hands on no files")
async def test_a_picture_and_a_file_are_sent_on(stage: Stage) -> None:
    for send in ("photo", "document"):
        await stage.dung.says("/thongbao")
        await stage.dung.presses("Soạn thông báo")
        if send == "photo":
            await stage.dung.sends_picture("Xem kèm")
        else:
            await stage.dung.sends_file("ke-hoach.pdf", b"%PDF", "Xem kèm")
        await stage.dung.presses("📣 Gửi")
        await stage.later(seconds=61)
    seen = [each for each in stage.alice.chat() if "Xem kèm" in each.text]
    assert [bool(each.photo) for each in seen] == [True, False]
    assert [bool(each.document) for each in seen] == [False, True]


@pytest.mark.parametrize("words", ["x" * 3801, "/thoi"])
async def test_what_is_too_long_is_asked_for_again(stage: Stage, words: str) -> None:
    await stage.dung.says("/thongbao")
    await stage.dung.presses("Soạn thông báo")
    answer = (await stage.dung.says(words))[-1]
    assert ("tối đa 3800" in answer) == (len(words) > 3800)
    assert await broadcasts(stage) == []


async def test_the_audience_is_narrowed_by_role_and_by_a_list(stage: Stage) -> None:
    await writes(stage.dung, "Họp")
    await stage.dung.presses("Đối tượng")
    await stage.dung.presses("Vai trò")
    await stage.dung.presses("Quản trị đơn vị")
    assert "1 người nhận" in (await stage.dung.presses("◀ Đối tượng"))[-1]
    await stage.dung.presses("Mọi người")
    await stage.dung.presses("Theo danh sách")
    told = (await stage.dung.says("xa tuyen thanh, DUNG\nKhông Có Ai"))[-1]
    assert "3 người nhận" in told
    assert "Không tìm thấy: Không Có Ai" in told
    await stage.dung.presses("Mọi người")
    await stage.dung.presses("Theo danh sách")
    assert "không có: Không Có Ai" in (await stage.dung.says("Không Có Ai"))[-1]


async def test_the_audience_is_narrowed_by_type_of_unit_and_kind_of_member(stage: Stage) -> None:
    await writes(stage.dung, "Họp")
    await stage.dung.presses("Đối tượng")
    await stage.dung.presses("Loại đơn vị")
    await stage.dung.presses("☐ tỉnh")
    told = (await stage.dung.presses("◀ Đối tượng"))[-1]
    assert "chỉ tỉnh" in told
    assert "1 người nhận" in told
    await stage.dung.presses("Mọi người")
    await stage.dung.presses("Loại thành viên")
    await stage.dung.presses("Chiến sĩ")
    told = (await stage.dung.presses("◀ Đối tượng"))[-1]
    assert "là chiến sĩ" in told
    assert "1 người nhận" in told
    assert "ví dụ: Alice" in (await stage.dung.presses("◀ Quay lại"))[-1]


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_it_can_go_into_the_linked_groups_instead(stage: Stage) -> None:
    people.add_bot(stage.world, stage.bob.person, stage.group)
    people.say(stage.world, stage.bob.person, "/lienket", stage.group)
    await stage.settle()
    await writes(stage.dung, "Họp cả nhóm")
    await stage.dung.presses("Đối tượng")
    await stage.dung.presses("Nhóm")
    await stage.dung.presses("Nhóm")
    await stage.dung.presses("◀ Quay lại")
    await stage.dung.presses("📣 Gửi")
    await stage.later(seconds=61)
    there = [each.text for each in stage.world.messages(stage.group.id) if "Họp cả nhóm" in each.text]
    assert len(there) == 1
    assert got(stage.alice, "Họp cả nhóm") == []


async def test_a_unit_admin_reaches_his_own_unit_only(stage: Stage) -> None:
    card = await writes(stage.bob, "Họp xã")
    assert "Xã Tuyên Thạnh và mọi đơn vị trực thuộc" in card
    assert "2 người sẽ nhận" in card
    await stage.bob.presses("Đối tượng")
    await stage.bob.presses("Theo danh sách")
    assert "không có: Tỉnh Long An" in (await stage.bob.says("Tỉnh Long An"))[-1]


async def test_others_broadcasts_are_out_of_reach_of_forged_buttons(stage: Stage) -> None:
    await writes(stage.dung, "Họp tỉnh")
    actions = [
        ("send",),
        ("card",),
        ("confirm",),
        ("audience",),
        ("pause",),
        ("stop!",),
        ("unreached", 0),
        ("test",),
        ("again",),
    ]
    for action, *more in actions:
        answer = await signed(stage, stage.bob, f"broadcast.{action}", 1, *more)
        assert "không thuộc phạm vi" in answer[-1], action
    assert "điều phối" in (await signed(stage, stage.bob, "broadcast.report", 1))[-1]
    assert await broadcasts(stage) == [(1, BroadcastState.DRAFT)]


async def test_a_member_cannot_use_it(stage: Stage) -> None:
    assert "quản trị đơn vị" in (await stage.alice.says("/thongbao"))[-1]


async def test_at_night_it_waits_for_the_morning_unless_it_is_urgent(stage: Stage) -> None:
    await stage.later(hours=13)  # 22:00
    await writes(stage.dung, "Không gấp")
    assert "06:30 2/3/2027" in (await stage.dung.presses("📣 Gửi"))[-1]
    await writes(stage.dung, "Rất gấp")
    await stage.dung.presses("☐ Khẩn")
    assert "22:01 1/3/2027" in (await stage.dung.presses("📣 Gửi"))[-1]
    await stage.later(minutes=2)
    assert (len(got(stage.alice, "Không gấp")), len(got(stage.alice, "Rất gấp"))) == (0, 1)
    await stage.later(hours=9)
    assert len(got(stage.alice, "Không gấp")) == 1


async def test_it_goes_at_the_hour_that_was_typed(stage: Stage) -> None:
    await writes(stage.dung, "Chiều nay")
    await stage.dung.presses("Giờ gửi")
    assert "Chưa đọc được" in (await stage.dung.says("chiều"))[-1]
    assert "Giờ gửi: 14:30 1/3/2027" in (await stage.dung.says("14h30"))[-1]
    await stage.dung.presses("📣 Gửi")
    assert "Giờ gửi: 14:30 1/3/2027" in (await stage.dung.presses("Rút lại"))[-1]
    await stage.dung.presses("📣 Gửi")
    await stage.later(hours=5)
    assert got(stage.alice, "Chiều nay") == []
    await stage.later(minutes=31)
    assert len(got(stage.alice, "Chiều nay")) == 1


async def test_the_same_words_to_the_same_people_are_refused_while_they_are_on_their_way(stage: Stage) -> None:
    await writes(stage.dung, "Họp")
    await stage.dung.presses("📣 Gửi")
    await writes(stage.dung, "Họp")
    assert "Bot không gửi hai lần" in (await stage.dung.presses("📣 Gửi"))[-1]
    await stage.later(seconds=61)
    await stage.later(seconds=5)
    assert len(got(stage.alice, "Họp")) == 1


@pytest.mark.telegram_only("Zalo does not tell who blocked the bot")
async def test_those_not_reached_are_listed_and_get_it_again(stage: Stage) -> None:
    await block(stage)
    await sends(stage.dung, "Họp")
    await stage.dung.says("/thongbao")
    await stage.dung.presses("Số 1")
    assert "1. Alice, Xã Tuyên Thạnh: không gửi (đã chặn bot)" in (await stage.dung.presses("Ai chưa nhận"))[-1]
    await stage.dung.presses("◀ Kết quả")
    people.unblock(stage.world, stage.alice.person)
    await stage.settle()
    card = (await stage.dung.presses("Gửi lại cho"))[-1]
    assert "chưa nhận được thông báo số 1" in card
    assert "1 người sẽ nhận, ví dụ: Alice" in card
    await stage.dung.presses("📣 Gửi")
    await stage.later(seconds=61)
    await stage.later(seconds=5)
    assert [len(got(each, "Họp")) for each in (stage.alice, stage.bob)] == [1, 1]


@pytest.mark.telegram_only("Zalo does not tell who blocked the bot")
async def test_whoever_blocks_the_bot_meanwhile_is_in_the_report_with_the_reason(stage: Stage) -> None:
    await writes(stage.dung, "Họp")
    stage.world.chats[stage.alice.person.id].members.pop(stage.world.bot.id)  # blocked, and the bot was not told
    await stage.dung.presses("📣 Gửi")
    await stage.later(seconds=61)
    await stage.later(seconds=5)
    assert await outcomes(stage) == {"sent": 2, "failed": 1}
    await stage.dung.says("/thongbao")
    await stage.dung.presses("Số 1")
    assert "Alice, Xã Tuyên Thạnh: không gửi được (đã chặn bot)" in (await stage.dung.presses("Ai chưa nhận"))[-1]


async def test_a_person_with_two_memberships_gets_it_once_at_the_account_used_last(stage: Stage) -> None:
    def second(session: Session) -> None:
        alice = session.get_one(Membership, 1)
        district = session.get_one(Unit, alice.unit_id).parent_id
        more = Membership(unit_id=district, person_id=alice.person_id, full_name="Alice", kind=alice.kind)
        more.created_at, more.state, more.role, more.named = alice.created_at, MembershipState.ACTIVE, Role.MEMBER, True
        old = Account(person_id=alice.person_id, channel="telegram", chat="999", created_at=alice.created_at)
        old.reachable = True
        session.add_all([more, old])
        session.execute(update(Account).where(Account.chat != "999").values(used_at=stage.world.clock.now()))

    await stage.ask(second)
    await sends(stage.dung, "Họp")
    assert len(got(stage.alice, "Họp")) == 1
    assert await outcomes(stage) == {"sent": 3}


async def test_who_handed_in_no_post_this_week_is_an_audience(stage: Stage) -> None:
    link = "https://www.facebook.com/toiyeuchiensisaovuong/posts/123456789012345"
    await stage.alice.says(
        f"Lực lượng dân quân xã huấn luyện, giúp dân thu hoạch lúa, thăm hỏi gia đình chính sách {TAG} {link}"
    )
    await writes(stage.dung, "Xin viết bài")
    await stage.dung.presses("Đối tượng")
    assert "2 người nhận" in (await stage.dung.presses("chưa có bài"))[-1]


async def test_where_an_erased_person_was_told_is_forgotten(stage: Stage) -> None:
    await sends(stage.dung, "Họp")
    alice = await stage.ask(lambda s: s.get_one(Membership, 1).person_id)
    await stage.ask(lambda s: personal_data.erase(s, alice or 0))
    kept = await stage.ask(lambda s: s.scalars(select(Recipient).where(Recipient.membership_id == 1)).one())
    assert (kept.person_id, kept.chat, kept.message, kept.state) == (None, None, None, "sent")
