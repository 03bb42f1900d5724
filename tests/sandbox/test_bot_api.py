"""The methods of the Bot API, called by the real client over HTTP."""

import asyncio
import json
from datetime import timedelta

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter

from bot.sandbox import people
from bot.sandbox.limits import Pacer
from bot.sandbox.model import Chat, Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World


def keyboard(**button: object) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("Nút", **button)]])  # type: ignore[arg-type]  # any one kind


async def test_the_bot_learns_who_it_is(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.first_name, me.is_bot) == (1000000001, "sotin_bot", "Sổ Tin", True)


async def test_a_wrong_token_and_an_unknown_method_are_refused(server: SandboxServer, bot: Bot) -> None:
    code, body = await bot.request.do_request(f"{server.bot_url}1:wrong/getMe", "POST")
    assert (code, json.loads(body)["description"]) == (401, "Unauthorized")
    with pytest.raises(InvalidToken):  # how the client reads a 404
        await bot.log_out()


async def test_a_message_arrives_with_its_marks_and_buttons(world: World, bot: Bot, alice: Person) -> None:
    buttons = keyboard(copy_text=CopyTextButton("#TAG"))
    sent = await bot.send_message(alice.id, " <b>Đúng</b> #TAG ", parse_mode="HTML", reply_markup=buttons)
    assert sent.text == "Đúng #TAG"
    assert [entity.type for entity in sent.entities] == ["bold", "hashtag"]
    assert sent.reply_markup == buttons
    [message] = world.messages(alice.id)
    assert (message.html, message.from_bot) == ("<b>Đúng</b> #TAG", True)
    assert message.buttons == [[{"text": "Nút", "copy_text": {"text": "#TAG"}}]]


async def test_an_answer_names_the_message_it_answers(world: World, bot: Bot, alice: Person) -> None:
    said = people.say(world, alice, "chào")
    sent = await bot.send_message(alice.id, "ok", reply_parameters=ReplyParameters(said.message_id))
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "chào"
    with pytest.raises(BadRequest, match=r"(?i)message to be replied not found"):
        await bot.send_message(alice.id, "ok", reply_parameters=ReplyParameters(1))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "message text is empty"),
        (" \n ", "message text is empty"),
        ("x" * 4097, "message is too long"),
        ("a < b", "can't parse entities: Unsupported start tag"),
        ("<b>x", "can't parse entities: Can't find end tag"),
    ],
)
async def test_a_text_that_telegram_refuses_is_refused(bot: Bot, alice: Person, text: str, complaint: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){complaint}"):
        await bot.send_message(alice.id, text, parse_mode="HTML")


async def test_the_length_counts_after_the_marks_are_parsed(bot: Bot, alice: Person) -> None:
    sent = await bot.send_message(alice.id, f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    assert len(sent.text or "") == 4096


@pytest.mark.parametrize(
    ("button", "complaint"),
    [
        ({"callback_data": "x" * 65}, "button_data_invalid"),
        ({"callback_data": "đ" * 33}, "button_data_invalid"),
        ({"copy_text": CopyTextButton("x" * 257)}, "BUTTON_COPY_TEXT_INVALID"),
        ({"url": "javascript:alert(1)"}, "URL 'javascript:alert"),
        ({}, "unallowed in the inline keyboard"),
    ],
)
async def test_a_button_that_telegram_refuses_is_refused(
    bot: Bot, alice: Person, button: dict[str, object], complaint: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){complaint}"):
        await bot.send_message(alice.id, "x", reply_markup=keyboard(**button))


async def test_a_message_is_edited_once_and_not_into_itself(world: World, bot: Bot, alice: Person) -> None:
    sent = await bot.send_message(alice.id, "trước", reply_markup=keyboard(callback_data="1"))
    await bot.edit_message_text("<i>sau</i>", alice.id, sent.message_id, parse_mode="HTML")
    [message] = world.messages(alice.id)
    assert (message.html, message.buttons, message.edited is not None) == ("<i>sau</i>", [], True)
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await bot.edit_message_text("<i>sau</i>", alice.id, sent.message_id, parse_mode="HTML")


async def test_the_buttons_of_a_message_can_be_changed_alone(world: World, bot: Bot, alice: Person) -> None:
    sent = await bot.send_message(alice.id, "x")
    await bot.edit_message_reply_markup(alice.id, sent.message_id, reply_markup=keyboard(url="https://example.org"))
    assert world.messages(alice.id)[0].buttons == [[{"text": "Nút", "url": "https://example.org"}]]


async def test_only_own_messages_that_exist_are_edited(world: World, bot: Bot, alice: Person) -> None:
    said = people.say(world, alice, "của tôi")
    with pytest.raises(BadRequest, match=r"(?i)message can't be edited"):
        await bot.edit_message_text("x", alice.id, said.message_id)
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await bot.edit_message_text("x", alice.id, 1)


async def test_a_deleted_message_is_gone(world: World, bot: Bot, alice: Person) -> None:
    sent = await bot.send_message(alice.id, "x")
    assert await bot.delete_message(alice.id, sent.message_id)
    assert world.messages(alice.id) == []
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await bot.delete_message(alice.id, sent.message_id)


async def test_a_picture_is_sent_and_sent_again_by_its_id(
    world: World, bot: Bot, alice: Person, picture: bytes
) -> None:
    sent = await bot.send_photo(alice.id, picture, caption="<b>QR</b>", parse_mode="HTML")
    assert [(size.width, size.height) for size in sent.photo] == [(24, 16)]
    again = await bot.send_photo(alice.id, sent.photo[-1].file_id)
    assert again.photo[-1].file_unique_id == sent.photo[-1].file_unique_id
    assert world.messages(alice.id)[0].html == "<b>QR</b>"
    edited = await bot.edit_message_caption(alice.id, sent.message_id, caption="mới")
    assert edited.caption == "mới"  # type: ignore[union-attr]  # True only for inline messages


async def test_bytes_that_are_no_picture_and_long_captions_are_refused(bot: Bot, alice: Person, picture: bytes) -> None:
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await bot.send_photo(alice.id, b"no picture")
    with pytest.raises(BadRequest, match=r"(?i)caption is too long"):
        await bot.send_photo(alice.id, picture, caption="x" * 1025)


async def test_a_document_is_sent_and_downloaded(bot: Bot, alice: Person) -> None:
    sent = await bot.send_document(alice.id, "dữ liệu".encode(), filename="báo cáo.json", caption="đây")
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.mime_type) == ("báo cáo.json", "application/json")
    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()).decode() == "dữ liệu"
    again = await bot.send_document(alice.id, sent.document.file_id)
    assert again.document == sent.document
    with pytest.raises(BadRequest, match=r"(?i)wrong file identifier"):
        await bot.send_document(alice.id, "nothing-like-this")


async def test_a_file_that_alice_sends_can_be_fetched(world: World, bot: Bot, alice: Person) -> None:
    people.send_document(world, alice, "ảnh chụp.txt", b"abc", "chú thích https://example.org")
    [update] = await bot.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    assert update.message.caption == "chú thích https://example.org"
    file = await update.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"abc"


async def test_a_press_is_answered_while_it_is_fresh(world: World, bot: Bot, alice: Person) -> None:
    await bot.send_message(alice.id, "?", reply_markup=keyboard(callback_data="v1:yes"))
    people.press(world, alice, world.messages(alice.id)[0])
    [update] = await bot.get_updates()
    query = update.callback_query
    assert query is not None
    assert (query.data, query.from_user.id) == ("v1:yes", alice.id)
    assert await query.answer("Đã ghi", show_alert=True)
    assert [(toast.text, toast.show_alert) for toast in world.toasts] == [("Đã ghi", True)]
    world.clock.advance(timedelta(hours=1))
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await query.answer("muộn")
    with pytest.raises(BadRequest, match=r"(?i)query ID is invalid"):
        await bot.answer_callback_query("forged")


async def test_a_forged_press_reaches_the_bot_with_its_data(world: World, bot: Bot, alice: Person) -> None:
    sent = await bot.send_message(alice.id, "?", reply_markup=keyboard(callback_data="1"))
    message = world.messages(alice.id)[0]
    await bot.delete_message(alice.id, sent.message_id)
    people.press(world, alice, message, data="v9:someone-else")
    [update] = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "v9:someone-else"
    assert update.callback_query.message is not None
    assert not update.callback_query.message.is_accessible


async def test_commands_are_kept_by_scope_and_language(world: World, bot: Bot, alice: Person) -> None:
    await bot.set_my_commands([BotCommand("help", "Help")])
    await bot.set_my_commands([BotCommand("trogiup", "Trợ giúp")], BotCommandScopeAllPrivateChats(), language_code="vi")
    private = world.chat(alice.id)
    assert [command["command"] for command in world.commands_for(private, alice)] == ["trogiup"]
    await bot.set_my_commands([BotCommand("duyet", "Duyệt")], BotCommandScopeChat(alice.id))
    assert [command["command"] for command in world.commands_for(private, alice)] == ["duyet"]
    assert [c.command for c in await bot.get_my_commands()] == ["help"]
    await bot.delete_my_commands(BotCommandScopeChat(alice.id))
    assert [command["command"] for command in world.commands_for(private, alice)] == ["trogiup"]
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Đăng-ký", "x")])


async def test_chats_and_members_can_be_asked_about(bot: Bot, alice: Person, bob: Person, group: Chat) -> None:
    assert (await bot.get_chat(group.id)).title == group.title
    assert (await bot.get_chat(alice.id)).first_name == "Alice"
    assert (await bot.get_chat_member(group.id, alice.id)).status == "member"
    assert [member.user.id for member in await bot.get_chat_administrators(group.id)] == [bob.id]
    assert await bot.send_chat_action(alice.id, "typing")
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.get_chat(42)


async def test_nobody_is_written_to_who_has_not_started_or_has_blocked(world: World, bot: Bot, alice: Person) -> None:
    charlie = world.add_person("Charlie")
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(charlie.id, "chào")
    people.block(world, alice)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(alice.id, "chào")
    people.unblock(world, alice)
    await bot.send_message(alice.id, "chào")


async def test_a_group_that_became_a_supergroup_says_where_it_went(
    world: World, bot: Bot, bob: Person, group: Chat
) -> None:
    grown = people.upgrade(world, bob, group)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group.id, "chào")
    assert moved.value.new_chat_id == grown.id
    await bot.send_message(grown.id, "chào")
    moves = [u.message for u in await bot.get_updates() if u.message]
    assert [m.migrate_to_chat_id or m.migrate_from_chat_id for m in moves] == [grown.id, group.id]


async def test_too_many_messages_are_met_with_a_time_to_wait(world: World, bot: Bot, alice: Person) -> None:
    world.pacer = Pacer()
    answers = await asyncio.gather(*[bot.send_message(alice.id, str(n)) for n in range(6)], return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, RetryAfter)]
    assert len(refused) == 3
    assert len(world.messages(alice.id)) == 3
    assert [call.outcome for call in world.calls][-1].startswith("429 Too Many Requests: retry after 1")
