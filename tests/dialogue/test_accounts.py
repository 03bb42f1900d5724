"""/ketnoi: one person with two accounts."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.speech import say_to_person
from bot.storage import reminders
from bot.storage.models import Account, Consent, LinkCode, Person
from tests.cast import Actor, Stage
from tests.dialogue.test_roles import member, signed


async def shown(actor: Actor) -> str:
    """The command with the code that an account is shown."""
    await actor.says("/ketnoi")
    assert "dùng một lần, đến 09:10 1/3/2027" in (await actor.presses("Tạo mã"))[0]
    return actor.copies()[0]


async def owners(stage: Stage) -> dict[str, int]:
    rows = await stage.ask(lambda s: s.execute(select(Account.chat, Account.person_id)).all())
    return {chat: person for chat, person in rows}  # noqa: C416 -- rows are no pairs to the type checker


async def test_an_account_that_nobody_knows_joins_by_the_code(stage: Stage) -> None:
    command = await shown(stage.bob)
    code = command.split()[1]
    assert code not in str(await stage.ask(lambda s: s.scalars(select(LinkCode.code)).all()))
    assert "✅ Đã nối" in (await stage.charlie.says(command))[0]
    assert f"Một tài khoản {stage.bob.address.channel.title()} vừa được nối" in (await stage.bob.hears())[0]
    found = await owners(stage)
    assert found["2001"] == found["2003"]
    assert "Bob: quản trị đơn vị" in (await stage.charlie.says("/vaitro"))[0]
    assert "không đúng, đã dùng" in (await stage.alice.says(command))[0]  # it works once


async def test_what_was_agreed_to_holds_on_the_new_account(stage: Stage) -> None:
    await stage.register(stage.charlie)
    before = await stage.ask(lambda s: s.scalars(select(Consent.version)).all())
    command = await shown(stage.charlie)
    await stage.ask(lambda s: s.execute(update(Account).where(Account.chat == "2004").values(chat="9")))
    assert "✅ Đã nối" in (await stage.dung.says(command))[0]
    after = await stage.ask(lambda s: s.execute(select(Consent.version, Consent.subject)).all())
    assert [row[0] for row in after] == [*before, *before]
    assert len({row[1] for row in after}) == 2


async def test_a_person_without_a_unit_becomes_one_with_the_other(stage: Stage) -> None:
    command = await shown(stage.bob)
    await stage.charlie.starts()
    await stage.charlie.presses("Đồng ý")
    people = await stage.ask(lambda s: len(s.scalars(select(Person.id)).all()))
    await stage.charlie.says("/ketnoi")
    await stage.charlie.presses("Nhập mã")
    assert "✅ Đã nối" in (await stage.charlie.says(command.split()[1].lower().replace("-", " ")))[0]
    assert await stage.ask(lambda s: len(s.scalars(select(Person.id)).all())) == people - 1


async def test_who_has_a_unit_of_his_own_is_told_why_not(stage: Stage) -> None:
    before, command = await owners(stage), await shown(stage.bob)
    assert "đã có hồ sơ riêng trong đơn vị" in (await stage.alice.says(command))[0]
    assert "đã là của bạn rồi" in (await stage.bob.says(command))[0]
    assert await owners(stage) == before


@pytest.mark.parametrize("code", ["", "XXXX-XXXX", "'; --", "ＡＢＣ", "x" * 300])
async def test_a_wrong_code_joins_nothing(stage: Stage, code: str) -> None:
    before = await owners(stage)
    await shown(stage.bob)
    await stage.charlie.says("/ketnoi")
    [answer] = await stage.charlie.says(code or "…")
    assert "không đúng, đã dùng hoặc quá 10 phút" in answer
    assert await owners(stage) == before


async def test_a_code_runs_out_after_ten_minutes_and_with_the_next(stage: Stage) -> None:
    await stage.owe_nothing()
    old = await shown(stage.bob)
    command = await shown(stage.bob)
    assert "không đúng" in (await stage.charlie.says(old))[0]
    await stage.later(minutes=10)
    assert "không đúng" in (await stage.charlie.says(command))[0]


async def test_messages_go_to_the_account_that_was_used_last(stage: Stage) -> None:
    await stage.owe_nothing()
    await stage.charlie.says(await shown(stage.bob))
    await stage.bob.hears()
    bob = (await member(stage, "Bob")).person_id

    def say(session: Session) -> str:
        setup, now = stage.app.setup, stage.app.now()
        say_to_person(session, setup, bob, "start/language_set", now)
        account = reminders.account_to_reach(session, bob)
        return account.chat if account else ""

    for actor, chat in ((stage.charlie, "2001"), (stage.bob, "2003"), (stage.charlie, "2001")):
        await stage.later(minutes=2)
        await actor.says("/hoso")
        assert await stage.ask(say) == chat
        assert await actor.hears() == ["Từ giờ bot nói tiếng Việt."]
    await stage.ask(lambda s: s.execute(update(Account).where(Account.chat == "2001").values(reachable=False)))
    assert await stage.ask(say) == "2003"


async def test_an_account_is_disconnected_but_never_the_last_one(stage: Stage) -> None:
    await stage.charlie.says(await shown(stage.bob))
    await stage.charlie.says("/ketnoi")
    assert "đang dùng này" in (await stage.charlie.presses("Ngắt 1"))[0]
    assert "Hồ sơ của bạn vẫn ở tài khoản kia" in (await stage.charlie.presses("Ngắt tài khoản"))[0]
    assert "bot cần bạn đồng ý" in (await stage.charlie.says("/hashtag"))[0]
    bob = await stage.ask(lambda s: s.scalars(select(Account.id).where(Account.chat == "2003")).one())
    assert "tài khoản duy nhất" in (await signed(stage, stage.bob, "accounts.drop!", bob))[-1]
    assert "không còn dùng được" in (await signed(stage, stage.alice, "accounts.drop!", bob))[-1]
    assert "2003" in await owners(stage)
