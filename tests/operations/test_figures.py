"""What the pages for the operator say, and what they never say."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import httpx
from sqlalchemy import text
from sqlalchemy.orm import Session
from starlette.applications import Starlette

from bot import outbox
from bot.messages import Outgoing
from bot.operations import figures
from bot.operations.readiness import what_is_wrong
from bot.sandbox.faults import Fault, FaultKind
from bot.storage import upkeep
from bot.storage.db import Database
from bot.storage.models import InboxRow, OutboxRow
from tests.cast import TAG, Stage
from tests.databases import A_MONDAY, Postgresql, Sqlite

A_DAY = timedelta(days=1)


@asynccontextmanager
async def watched(
    db: Database, shut_out: set[str] | None = None, now: Callable[[], datetime] = lambda: A_MONDAY
) -> AsyncIterator[httpx.AsyncClient]:
    pages = Starlette(routes=figures.routes(db, now, shut_out or set()))
    transport = httpx.ASGITransport(pages)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


async def measured(client: httpx.AsyncClient) -> dict[str, float]:
    """The figures by name and labels."""
    answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    lines = [line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


async def test_a_bot_that_can_work_is_ready(stage: Stage) -> None:
    async with watched(stage.app.db) as client:
        assert ((await client.get("/healthz")).text, (await client.get("/readyz")).text) == ("ok\n", "ready\n")


async def test_a_token_that_is_taken_no_more_makes_it_unready(stage: Stage) -> None:
    async with watched(stage.app.db, {"telegram"}) as client:
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.text) == (503, "telegram does not take the token any more\n")
        assert (await client.get("/healthz")).status_code == 200
        assert (await measured(client))['sotin_shut_out{channel="telegram"}'] == 1


async def test_tables_of_another_version_make_it_unready(databases: Sqlite | Postgresql) -> None:
    db = Database(databases.fresh())
    with db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert "the tables are of version 0001" in (await what_is_wrong(db, []))[0]
    db.close()


async def test_a_database_that_does_not_answer_makes_it_unready_and_is_a_figure(sqlite: Sqlite) -> None:
    db = Database(sqlite.fresh("empty"))
    async with watched(db) as client:
        assert (await client.get("/readyz")).text == "the database does not answer\n"
        assert (await measured(client))["sotin_database_up"] == 0
    db.close()


async def test_the_depth_and_age_of_each_queue_are_told(stage: Stage) -> None:
    await stage.ask(_wait_in_both_queues)
    async with watched(stage.app.db) as client:
        found = await measured(client)
    assert found['sotin_inbox_rows{channel="telegram"}'] == 1
    assert found['sotin_inbox_oldest_seconds{channel="telegram"}'] == 0
    assert found['sotin_outbox_rows{channel="telegram",priority="1_reminder"}'] == 2
    assert found["sotin_dead_updates"] == 0
    assert found["sotin_backup_bytes"] == 12_345
    assert found["sotin_backup_at_seconds"] == A_MONDAY.timestamp()
    assert found["sotin_database_bytes"] > 100_000


def _wait_in_both_queues(session: Session) -> None:
    session.add(InboxRow(channel="telegram", update_id="1", chat="1", received_at=A_MONDAY, not_before=A_MONDAY))
    for _ in range(2):
        at = {"not_before": A_MONDAY, "created_at": A_MONDAY}
        session.add(OutboxRow(channel="telegram", chat="1", priority="1_reminder", body="{}", **at))
    upkeep.note_backup(session, A_MONDAY, "/nowhere/sotin.db", 12_345)


async def test_what_does_not_go_out_grows_old_though_it_waits_for_its_next_try(stage: Stage) -> None:
    stage.world.faults.add(Fault(FaultKind.SERVER_ERROR, times=1000, method="sendMessage", status=502))
    await stage.alice.says("/hashtag")
    async with watched(stage.app.db, now=stage.app.now) as client:
        for _ in range(10):
            await stage.later(minutes=1)
        found = await measured(client)
        assert found['sotin_outbox_rows{channel="telegram",priority="0_reply"}'] == 1
        assert found['sotin_outbox_oldest_seconds{channel="telegram",priority="0_reply"}'] >= 600
        stage.world.faults.clear()
        await stage.later(minutes=10)
        assert not [name for name in await measured(client) if name.startswith("sotin_outbox")]


async def test_what_is_to_be_said_tomorrow_does_not_wait_yet(stage: Stage) -> None:
    def put(session: Session) -> None:
        outbox.put(session, stage.alice.address, Outgoing("Chào buổi sáng"), A_MONDAY, not_before=A_MONDAY + A_DAY)

    await stage.ask(put)
    async with watched(stage.app.db) as client:
        assert not [name for name in await measured(client) if name.startswith("sotin_outbox")]


async def test_what_goes_wrong_is_counted_by_what_it_was(stage: Stage) -> None:
    async with watched(stage.app.db) as client:
        before = await measured(client)
        stage.world.faults.add(Fault(FaultKind.FORBIDDEN, times=1, method="sendMessage"))
        await stage.alice.says("/hashtag")
        stage.world.faults.add(Fault(FaultKind.TOO_MANY_REQUESTS, times=1, method="sendMessage", retry_after=1))
        await stage.bob.says("/hashtag")
        await stage.ask(lambda session: session.execute(text("DROP TABLE snoozes")))
        await stage.later(days=3)
        after = await measured(client)
    more = {name: value - before.get(name, 0) for name, value in after.items() if value > before.get(name, 0)}
    replies = 'sotin_sends_total{channel="telegram",outcome="%s",priority="0_reply"}'
    assert more[replies % "Throttled"] == 1
    assert more[replies % "Unreachable"] == 1
    assert more['sotin_send_seconds_count{channel="telegram"}'] >= 2
    assert more['sotin_job_failures_total{job="remind"}'] >= 1


async def test_how_late_reminders_are_is_a_figure(stage: Stage) -> None:
    async with watched(stage.app.db) as client:
        before = await measured(client)
        await stage.later(days=3)
        after = await measured(client)
    assert after["sotin_reminder_lag_seconds_count"] > before.get("sotin_reminder_lag_seconds_count", 0)
    assert after["sotin_reminder_lag_seconds_sum"] > before.get("sotin_reminder_lag_seconds_sum", 0)


async def test_what_is_done_is_counted_where_it_happens(stage: Stage) -> None:
    async with watched(stage.app.db) as client:
        before = await measured(client)
        await stage.alice.says(f"https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/77/\nGặt lúa. {TAG}")
        await stage.charlie.starts()
        await stage.later(minutes=1)
        after = await measured(client)
    more = {name: value - before.get(name, 0) for name, value in after.items() if value > before.get(name, 0)}
    assert more['sotin_updates_received_total{channel="telegram"}'] == 2
    assert more['sotin_updates_handled_total{outcome="done"}'] == 2
    assert more['sotin_updates_together_bucket{le="1.0"}'] == 2
    assert more['sotin_handler_seconds_count{kind="message"}'] == 1
    assert more['sotin_handler_seconds_count{kind="command"}'] == 1
    sent = [value for name, value in more.items() if name.startswith("sotin_sends_total") and 'outcome="sent"' in name]
    assert sum(sent) >= 2
    assert any(name.startswith("sotin_job_ended_at_seconds") for name in after)


async def test_no_figure_names_anybody(stage: Stage) -> None:
    await stage.alice.says("/hashtag")
    await stage.register(stage.charlie)
    async with watched(stage.app.db) as client:
        text = (await client.get("/metrics")).text
    labels = set(re.findall(r'(\w+)="([^"]*)"', text))
    assert {name for name, _ in labels} <= {
        "channel", "priority", "outcome", "kind", "job", "le", "version",
    }  # fmt: skip
    chats = {actor.address.chat for actor in (stage.alice, stage.charlie)}
    assert not chats & {value for _, value in labels}
    assert not any(name in text for name in ("Alice", "Charlie", "Nguyễn", "Tuyên Thạnh"))
