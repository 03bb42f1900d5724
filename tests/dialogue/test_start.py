"""/start: consent first, least data; /ngonngu."""

from sqlalchemy import func, select

from bot.storage.models import Account, Consent, Conversation, InboxRow, Person
from tests.cast import Stage


async def test_a_newcomer_is_told_what_is_kept_and_why_before_anything_is_kept(stage: Stage) -> None:
    [welcome] = await stage.charlie.starts()
    assert "Bot giữ gì về bạn?" in welcome
    assert "Bạn có đồng ý không?" in welcome
    assert await stage.ask(lambda s: s.scalars(select(Person)).all()) is not None
    at = await stage.ask(lambda s: s.scalar(select(Account).where(Account.chat == str(stage.charlie.person.id))))
    assert at is None


async def test_a_yes_is_recorded_with_version_and_time(stage: Stage) -> None:
    await stage.charlie.starts()
    assert "Cảm ơn bạn đã đồng ý" in (await stage.charlie.presses("Đồng ý"))[0]
    consent = await stage.ask(lambda s: s.scalars(select(Consent)).one())
    assert consent.answer is True
    assert consent.version == f"long_an {stage.app.setup.campaign.consent_version}"
    assert abs((stage.world.clock.now() - consent.answered_at).total_seconds()) < 60


async def test_a_no_is_recorded_without_keeping_who_said_it(stage: Stage) -> None:
    await stage.charlie.starts()
    [answer] = await stage.charlie.presses("Không đồng ý")
    assert "không lưu gì về bạn" in answer
    consent = await stage.ask(lambda s: s.scalars(select(Consent)).one())
    assert consent.answer is False
    assert str(stage.charlie.person.id) not in consent.subject
    persons = await stage.ask(lambda s: s.scalars(select(func.count()).select_from(Person)).one())
    assert persons == 3  # Alice, Bob and Dung
    assert await stage.ask(lambda s: s.scalars(select(Conversation)).all()) == []


async def test_words_before_consent_are_answered_and_not_kept(stage: Stage) -> None:
    [answer] = await stage.charlie.says("https://facebook.com/groups/1/posts/2 bài của tôi")
    assert "chưa được lưu" in answer
    kept = await stage.ask(lambda s: s.scalars(select(InboxRow.payload)).all())
    assert kept == [None]


async def test_one_can_change_ones_mind_after_a_no(stage: Stage) -> None:
    await stage.charlie.starts()
    await stage.charlie.presses("Không đồng ý")
    assert "Bạn có đồng ý không?" in (await stage.charlie.presses("Bắt đầu"))[0]
    assert "Cảm ơn" in (await stage.charlie.presses("Đồng ý"))[0]


async def test_the_consent_text_can_be_read_and_agreed_to_in_english(stage: Stage) -> None:
    await stage.charlie.starts()
    assert "Do you agree?" in (await stage.charlie.presses("English"))[0]
    assert "Thank you" in (await stage.charlie.presses("I agree"))[0]
    assert (await stage.charlie.says("/register"))[0].startswith("What is your full name?")


async def test_a_member_changes_the_language(stage: Stage) -> None:
    await stage.alice.says("/ngonngu")
    assert await stage.alice.presses("English") == ["The bot speaks English from now on."]
    assert "Your hashtag" in (await stage.alice.says("/tag"))[0]


async def test_start_greets_a_member_by_name(stage: Stage) -> None:
    assert (await stage.alice.says("/start"))[0].startswith("Chào Alice (Xã Tuyên Thạnh).")
