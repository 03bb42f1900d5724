"""/vanhanh: who becomes an operator, what he sees, whom he appoints; alerts of dead updates."""

from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.actions import operators as operating
from bot.actions import quotas as telling
from bot.campaigns import load
from bot.channels.base import Identity
from bot.domain.quota import Quota
from bot.messages import Address, Outgoing, Priority
from bot.setup import Setup
from bot.storage import installation, operators, quotas
from bot.storage.models import InboxRow, InboxState, Membership, MembershipState, OutboxRow, Role, Unit
from bot.texts import _environment, render
from scheduler.jobs import JOBS
from tests.cast import Stage
from tests.databases import A_MONDAY
from tests.dialogue.test_roles import member, signed

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


async def code_of(stage: Stage) -> str:
    code = await stage.ask(lambda s: operating.begin(s, stage.app.setup, [], stage.app.now()))
    assert code
    return code


async def make_operator(stage: Stage) -> None:
    await stage.ask(lambda s: operators.follow_settings(s, [stage.charlie.address], stage.app.now()))


async def test_the_code_of_the_start_works_once_and_is_kept_hashed(stage: Stage) -> None:
    old, code = await code_of(stage), await code_of(stage)
    kept = await stage.ask(lambda s: installation.value(s, operating.CODE))
    assert kept is not None
    assert code not in kept
    assert "không đúng hoặc đã dùng" in (await stage.charlie.says(f"/vanhanh {old}"))[0]
    assert "nay là người vận hành" in (await stage.charlie.says(f"/vanhanh {code[:6].lower()}-{code[6:]}"))[0]
    assert await stage.ask(lambda s: installation.value(s, operating.CODE)) is None
    assert "không đúng hoặc đã dùng" in (await stage.alice.says(f"/vanhanh {code}"))[0]
    assert await stage.ask(lambda s: operating.begin(s, stage.app.setup, [], stage.app.now())) is None


async def test_the_settings_make_operators_and_unmake_them(stage: Stage) -> None:
    assert "dành cho người vận hành" in (await stage.charlie.says("/vanhanh"))[0]
    await make_operator(stage)
    assert "Tình trạng lúc 09:00 1/3/2027" in (await stage.charlie.says("/vanhanh"))[0]
    assert (
        f"{stage.charlie.address.channel}:2001, từ 1/3/2027, trong cài đặt"
        in (await stage.charlie.presses("Người vận hành"))[0]
    )
    await stage.ask(lambda s: operators.follow_settings(s, [], stage.app.now()))
    assert "dành cho người vận hành" in (await stage.charlie.presses("◀"))[0]


async def test_the_health_shows_queues_jobs_and_size_and_nobodys_name(stage: Stage) -> None:
    await make_operator(stage)
    await stage.later(minutes=1)
    [health] = [text for text in await stage.charlie.says("/vanhanh") if "Tình trạng" in text]
    assert "Chờ xử lý: 0 · hỏng: 0" in health
    assert "MB" in health
    assert "09:01 1/3/2027 · hết hạn người thay tạm" in health
    assert not any(name in health for name in ("Alice", "Bob", "Dung", "Tuyên Thạnh"))


async def test_an_operator_without_a_unit_is_a_stranger_everywhere_else(stage: Stage) -> None:
    await make_operator(stage)
    for command in ("/duyet", "/nhatky", "/vaitro", "/baicuatoi"):
        assert "bot cần bạn đồng ý" in (await stage.charlie.says(command))[0]
        assert "Alice" not in stage.charlie.last().text


async def test_an_operator_appoints_who_waits_at_the_top_and_dismisses_him(stage: Stage) -> None:
    await make_operator(stage)

    def wait_at_the_top(session: Session) -> None:
        row = session.scalars(select(Membership).where(Membership.full_name == "Alice")).one()
        row.unit = session.scalars(select(Unit).where(Unit.parent_id.is_(None), Unit.campaign == "long_an")).one()
        row.state = MembershipState.PENDING

    await stage.ask(wait_at_the_top)
    await stage.charlie.says("/vanhanh")
    assert "Điều phối hiện nay: Dung." in (await stage.charlie.presses("Điều phối"))[0]
    assert "Không có ai tên như “bob”" in (await stage.charlie.says("bob"))[0]
    await stage.charlie.says("alice long an")
    assert "được duyệt luôn" in (await stage.charlie.presses("Alice"))[0]
    assert "nay là điều phối" in (await stage.charlie.presses("✅"))[0]
    assert "Bạn được giao vai trò điều phối của Tỉnh Long An" in (await stage.alice.hears())[0]
    assert ((await member(stage, "Alice")).state, (await member(stage, "Alice")).role) == ("active", "coordinator")
    dung = (await member(stage, "Dung")).id
    await signed(stage, stage.charlie, "operate.dismiss!", dung)
    assert (await member(stage, "Dung")).role == Role.MEMBER
    assert "người vận hành" in (await signed(stage, stage.bob, "operate.appoint!", dung))[-1]
    assert (
        "Điều phối" not in (await signed(stage, stage.charlie, "operate.member", (await member(stage, "Bob")).id))[-1]
    )


async def test_a_dead_update_is_told_to_every_operator_once(stage: Stage) -> None:
    await stage.owe_nothing()

    def die(session: Session) -> None:
        row = InboxRow(
            channel=stage.charlie.address.channel, update_id="77", chat="1", received_at=A_MONDAY, not_before=A_MONDAY
        )
        row.state, row.handled_at, row.error = InboxState.DEAD, A_MONDAY, "KeyError at handlers/x.py:1"
        session.add(row)

    await stage.ask(die)
    await stage.later(minutes=2)
    await make_operator(stage)
    assert "hỏng: 1" in (await stage.charlie.says("/vanhanh"))[0]
    await stage.later(minutes=2)
    [alert] = await stage.charlie.hears()
    assert "• số 77 lúc 09:00 1/3/2027: KeyError at handlers/x.py:1" in alert
    await stage.later(days=10)
    assert not any("số 77" in text for text in await stage.charlie.hears())


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        (79, "• Zalo: hôm nay 79 tin, tháng này 79/100 tin (79%), tính cả gửi và nhận\n<b>"),
        (80, "(80%), tính cả gửi và nhận\n⚠️ Sắp hết: đã đến 80%. Đến 95%, bot sẽ giữ lại nhắc hạn"),
        (95, "(95%), tính cả gửi và nhận\n⛔ Đã đến 95%: bot đang giữ 1 tin nhắc hạn và thông báo chung, chỉ gửi"),
    ],
)
def test_the_quota_of_each_messenger_is_shown_in_words(session: Session, used: int, expected: str) -> None:
    quota = Quota(per_day=None, per_month=100, zone=VIETNAM)
    bots = {name: Identity("Bot", "") for name in ("telegram", "zalo")}
    setup = Setup(load("long_an"), VIETNAM, b"key", bots, quotas={"zalo": quota})
    quotas.count(session, "zalo", quota.day_of(A_MONDAY), sent=used)
    for channel, priority in product(bots, Priority):
        outbox.put(session, Address(channel, "1"), Outgoing("x"), A_MONDAY, priority=priority)
    session.execute(delete(OutboxRow).where(OutboxRow.priority == Priority.REMINDER))
    shown = telling.seen(session, setup, A_MONDAY)
    figures = dict.fromkeys(("waiting", "dead", "to_send", "failed", "in_doubt", "size"), 0)
    values: dict[str, Any] = {**figures, **telling.SHARES, "version": "1", "campaigns": [], "at": A_MONDAY}
    text = render("operate/show", "vi", ran=[("x", A_MONDAY)], quotas=shown, **values)
    assert "• Telegram: không giới hạn\n" in text
    assert expected in text


async def test_the_operator_sees_no_limit_where_there_is_none(stage: Stage) -> None:
    await make_operator(stage)
    [health] = await stage.charlie.says("/vanhanh")
    assert f"Hạn mức tin nhắn\n• {stage.charlie.address.channel.title()}: không giới hạn\n" in health


def test_every_job_is_called_by_a_vietnamese_name() -> None:
    words: Any = _environment("vi").get_template("operate/_jobs.html").module
    assert [each.name for each in JOBS if words.job(each.name) == each.name] == []
