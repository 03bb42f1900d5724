"""/baicuatoi, /hoso, /xuatdulieu, /xoadulieu, /trogiup, hints and groups."""

import json

import pytest
from sqlalchemy import func, select

from bot.sandbox import people
from bot.storage.models import Account, Consent, Group, InboxRow, Membership, OutboxRow, Person, Post
from tests.cast import STALE, TAG, Stage

GROUP = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/"


async def hand_in(stage: Stage, count: int, start: int = 1_000_000_000_001) -> None:
    for number in range(start, start + count):
        await stage.alice.says(f"{GROUP}{number}\nBài {number} {TAG}")


async def test_own_posts_are_listed_page_by_page_newest_first(stage: Stage) -> None:
    await hand_in(stage, 6)
    [first] = await stage.alice.says("/baicuatoi")
    assert "Bài của bạn tuần này: 6 (trang 1/2)" in first
    assert first.index("Số 6") < first.index("Số 2")
    [second] = await stage.alice.presses("Cũ hơn")
    assert "(trang 2/2)" in second
    assert "Số 1 · 09:00 1/3/2027" in second
    assert "(trang 1/2)" in (await stage.alice.presses("Mới hơn"))[0]


async def test_the_week_begins_on_monday_in_vietnam(stage: Stage) -> None:
    await hand_in(stage, 1)
    await stage.later(days=6, hours=14)  # Sunday 23:00
    assert "tuần này: 1" in (await stage.alice.says("/baicuatoi"))[0]
    await stage.later(hours=1)
    assert "tuần này: 0" in (await stage.alice.says("/baicuatoi"))[0]
    assert "tháng này: 1" in (await stage.alice.presses("Tháng này"))[0]
    await stage.later(days=30)
    await stage.alice.says("/baicuatoi")
    assert "tháng này: 0" in (await stage.alice.presses("Tháng này"))[0]
    assert "từ trước đến nay: 1" in (await stage.alice.presses("Tất cả"))[0]


async def test_an_own_mistake_can_be_withdrawn_and_handed_in_again(stage: Stage) -> None:
    await hand_in(stage, 1)
    await stage.alice.says("/baicuatoi")
    assert "Rút bài số 1 khỏi sổ?" in (await stage.alice.presses("Rút số 1"))[0]
    assert "Đã rút bài số 1." in (await stage.alice.presses("Rút bài này"))[0]
    assert "↩️ đã rút" in (await stage.alice.says("/baicuatoi"))[0]
    assert "Tuần này: 0 bài" in stage.alice.last().text
    await hand_in(stage, 1)
    assert stage.alice.last().text.startswith("✅ Số 2")


async def test_nobody_withdraws_another_ones_post(stage: Stage) -> None:
    await hand_in(stage, 1)
    await stage.alice.says("/baicuatoi")
    await stage.alice.presses("Rút số 1")
    await stage.bob.says("/baicuatoi")
    assert await stage.bob.forges(stage.alice.data_of("Rút bài này")) == STALE
    assert await stage.ask(lambda s: s.scalars(select(Post.state)).one()) == "counted"


async def test_the_profile_shows_unit_and_tag(stage: Stage) -> None:
    [answer] = await stage.alice.says("/hoso")
    assert "Đơn vị: Xã Tuyên Thạnh" in answer
    assert TAG in answer


async def test_everything_held_about_a_person_comes_as_json(stage: Stage) -> None:
    await stage.register(stage.charlie)
    await stage.bob.hears()
    await stage.bob.presses("Duyệt")
    await stage.charlie.says(f"{GROUP}1234567890123\nBài {TAG}")
    await stage.charlie.says("/xuatdulieu")
    held = json.loads((await stage.charlie.file())[1])
    assert held["memberships"][0]["full_name"] == "Nguyễn Văn A"
    assert held["posts"][0]["text"] == f"Bài {TAG}"
    assert held["consents"][0]["answer"] is True
    assert held["accounts"][0]["chat"] == str(stage.charlie.person.id)


async def test_erasure_needs_the_right_words(stage: Stage) -> None:
    await stage.alice.says("/xoadulieu")
    assert "Chưa xóa gì" in (await stage.alice.says("vâng"))[0]
    assert "giữ nguyên" in (await stage.alice.presses("Giữ lại"))[0]
    assert "Alice" in (await stage.alice.says("/hoso"))[0]


async def test_erasure_takes_the_person_away_and_leaves_nameless_counts(stage: Stage) -> None:
    await stage.register(stage.charlie, name="Trần Thị B")
    await stage.bob.hears()
    await stage.bob.presses("Duyệt")
    await stage.charlie.says(f"{GROUP}1234567890123\nBài riêng tư {TAG}")
    await stage.charlie.says("/xoadulieu")
    assert "Đã xóa dữ liệu về bạn" in (await stage.charlie.says("xóa hết"))[0]
    chat = str(stage.charlie.person.id)
    assert await stage.ask(lambda s: s.scalar(select(Account).where(Account.chat == chat))) is None
    assert await stage.ask(lambda s: s.scalars(select(func.count()).select_from(Person)).one()) == 3
    post = await stage.ask(lambda s: s.scalars(select(Post)).one())
    assert (post.state, post.text, post.text_hash, post.url) == ("counted", None, None, "")
    member = await stage.ask(lambda s: s.scalars(select(Membership).where(Membership.state == "erased")).one())
    assert (member.full_name, member.person_id) == (None, None)
    assert await stage.ask(lambda s: s.scalars(select(Consent)).one()) is not None
    told = await stage.ask(lambda s: s.scalars(select(OutboxRow.body).where(OutboxRow.chat == chat)).all())
    assert told == [""]  # the farewell, whose words are gone once it was sent
    assert "cần bạn đồng ý" in (await stage.charlie.says("xin chào"))[0]


async def test_a_pending_request_of_an_erased_person_is_told_to_be_gone(stage: Stage) -> None:
    await stage.register(stage.charlie)
    await stage.bob.hears()
    await stage.charlie.says("/xoadulieu")
    await stage.charlie.says("XÓA HẾT")
    assert "không còn nữa" in (await stage.bob.presses("Duyệt"))[0]


async def test_help_is_by_role(stage: Stage) -> None:
    assert "/start" in (await stage.charlie.says("/trogiup"))[0]
    assert "/moi" not in (await stage.alice.says("/help"))[0]
    assert "/moi" in (await stage.bob.says("/help"))[0]


@pytest.mark.parametrize("text", ["xin chào", "/khongco", "🙂", "a" * 4000, "<b>", "/"])
async def test_unknown_words_get_a_short_hint(stage: Stage, text: str) -> None:
    assert "Bot chưa hiểu" in (await stage.alice.says(text))[0]


async def test_a_text_without_a_link_is_asked_for_its_link(stage: Stage) -> None:
    assert "chưa có link bài" in (await stage.alice.says(f"Bài hay {TAG}"))[0]


async def test_a_file_or_picture_without_a_link_is_answered(stage: Stage) -> None:
    assert "Bot cần link" in (await stage.alice.sends_picture())[0]
    assert "link" in (await stage.alice.sends_file("a.txt", b"x"))[0]


@pytest.mark.telegram_only("groups on Zalo cannot be relied on")
async def test_in_a_group_commands_lead_to_the_private_chat_and_talk_is_left_alone(stage: Stage) -> None:
    people.say(stage.world, stage.alice.person, "chào cả nhà", stage.group)
    people.say(stage.world, stage.alice.person, "/hashtag@sotin_bot", stage.group)
    people.say(stage.world, stage.alice.person, "/hashtag@other_bot", stage.group)
    await stage.settle()
    said = [message.text for message in stage.world.messages(stage.group.id) if message.from_bot]
    assert said == ["Việc này nên làm trong chat riêng với bot, để chỉ bạn thấy câu trả lời."]


@pytest.mark.telegram_only("Zalo does not tell when the bot joins a group")
async def test_the_bot_greets_a_group_once_and_follows_it_to_its_new_id(stage: Stage) -> None:
    people.remove_bot(stage.world, stage.bob.person, stage.group)
    await stage.settle()
    people.add_bot(stage.world, stage.bob.person, stage.group)
    await stage.settle()
    assert "Chào cả nhóm!" in stage.world.messages(stage.group.id)[-1].text
    moved = people.upgrade(stage.world, stage.bob.person, stage.group)
    await stage.settle()
    assert await stage.ask(lambda s: s.scalars(select(Group.chat)).one()) == str(moved.id)


@pytest.mark.telegram_only("Zalo does not tell who blocked the bot")
async def test_who_blocks_the_bot_is_marked_unreachable_until_he_is_back(stage: Stage) -> None:
    async def reachable() -> bool:
        chat = str(stage.alice.person.id)
        return await stage.ask(lambda s: s.scalars(select(Account.reachable).where(Account.chat == chat)).one())

    people.block(stage.world, stage.alice.person)
    await stage.settle()
    assert not await reachable()
    people.unblock(stage.world, stage.alice.person)
    await stage.settle()
    assert await reachable()


@pytest.mark.telegram_only("Zalo has no menu of commands")
async def test_the_menu_is_there_in_both_languages(stage: Stage) -> None:
    private = stage.world.chat(stage.alice.person.id)
    names = [command["command"] for command in stage.world.commands_for(private, stage.alice.person)]
    assert names[:3] == ["dangky", "hashtag", "baicuatoi"]


@pytest.mark.telegram_only("the update is of Telegram's shape")
async def test_an_update_that_cannot_be_understood_holds_up_nobody_and_is_kept_for_the_operator(stage: Stage) -> None:
    stage.world.updates.pending.append({"update_id": 1, "message": {"chat": 5}})
    assert "Hashtag của bạn" in (await stage.alice.says("/hashtag"))[0]
    for _ in range(5):
        await stage.later(minutes=1)
    dead = await stage.ask(lambda s: s.scalars(select(InboxRow).where(InboxRow.state == "dead")).one())
    assert dead.payload is not None
    assert "Chào Alice" in (await stage.alice.says("/start"))[0]
