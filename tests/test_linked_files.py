"""A file becomes a link where the messenger carries none."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.actions.housekeeping import prune_queues
from bot.messages import Address, Attached, FileKind, Outgoing
from bot.storage import downloads, installation
from bot.storage.models import Download, DownloadKind, OutboxRow, StoredFile
from tests.databases import Postgresql, Sqlite
from tests.test_answers import SETUP
from tests.zalo_cast import LINK, ZaloStage

NOW = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
HERE, THERE = Address("zalo", "6ede9afa66b88fe6d6a9"), Address("telegram", "2002")


@pytest.mark.parametrize(("kind", "of"), [(FileKind.PHOTO, "picture"), (FileKind.DOCUMENT, "page")])
def test_a_file_becomes_a_link_where_the_channel_carries_none(session: Session, kind: FileKind, of: str) -> None:
    installation.keep(session, downloads.PUBLIC_URL, "https://sotin.test")
    file = outbox.keep_file(session, "bao-cao.docx", b"x" * 2000, kind, NOW)
    outbox.put(session, HERE, Outgoing("Đây ạ", file=file), NOW)
    row, download = session.scalars(select(OutboxRow)).one(), session.scalars(select(Download)).one()
    message = outbox.BODY.validate_json(row.body)
    url = message.picture or message.text.splitlines()[-1]
    assert row.file_id is None
    assert message.file is None
    assert url.startswith("https://sotin.test/")
    assert downloads.find(session, url.rpartition("/")[2], DownloadKind(of), NOW) is download
    assert (download.kind, download.file_id) == (of, file.id)
    assert ("2 KB" in message.text) is (of == "page")


def test_without_a_public_address_it_is_said_that_the_file_cannot_come(session: Session) -> None:
    file = outbox.keep_file(session, "a.docx", b"x", FileKind.DOCUMENT, NOW)
    outbox.put(session, HERE, Outgoing("Đây ạ", file=file), NOW)
    [row] = session.scalars(select(OutboxRow)).all()
    assert "a.docx: chưa gửi được" in outbox.BODY.validate_json(row.body).text


def test_a_channel_that_carries_files_gets_the_file(session: Session) -> None:
    file = outbox.keep_file(session, "a.docx", b"x", FileKind.DOCUMENT, NOW)
    outbox.put(session, THERE, Outgoing("Đây ạ", file=file), NOW)
    [row] = session.scalars(select(OutboxRow)).all()
    assert row.file_id == file.id
    assert outbox.BODY.validate_json(row.body).file == Attached(file.id, "a.docx", FileKind.DOCUMENT)


def test_a_link_runs_out_and_opens_no_other_kind(session: Session) -> None:
    installation.keep(session, downloads.PUBLIC_URL, "https://sotin.test")
    file = outbox.keep_file(session, "a", b"x", FileKind.PHOTO, NOW).id
    url = downloads.link(session, file, HERE, DownloadKind.PICTURE, NOW) or ""
    token, ends = url.rpartition("/")[2], NOW + downloads.LASTS[DownloadKind.PICTURE]
    assert downloads.find(session, token, DownloadKind.PICTURE, ends - timedelta(seconds=1))
    assert downloads.find(session, token, DownloadKind.PICTURE, ends) is None
    assert downloads.find(session, token, DownloadKind.PAGE, NOW) is None
    assert downloads.find(session, token + "x", DownloadKind.PICTURE, NOW) is None


def test_a_file_stays_as_long_as_a_link_leads_to_it(session: Session) -> None:
    installation.keep(session, downloads.PUBLIC_URL, "https://sotin.test")
    file = outbox.keep_file(session, "a.png", b"x", FileKind.PHOTO, NOW)
    outbox.put(session, HERE, Outgoing(file=file), NOW)
    ends = NOW + downloads.LASTS[DownloadKind.PICTURE]
    for now, left in ((ends - timedelta(seconds=1), 1), (ends, 0)):
        prune_queues(session, SETUP, now)
        assert len(session.scalars(select(StoredFile.id)).all()) == left
        assert len(session.scalars(select(Download.id)).all()) == left


async def test_whoever_is_refused_asks_in_the_chat_and_has_a_link_of_his_own(databases: Sqlite | Postgresql) -> None:
    async with ZaloStage(databases.fresh("staged")) as stage:
        await stage.owe_nothing()
        await stage.alice.says("/thoihan")
        links = [LINK.findall("".join(await stage.alice.presses("Lịch .ics"))) for _ in range(2)]
        [[first], [again]] = links
        assert first != again
        async with httpx.AsyncClient(follow_redirects=True) as phone, httpx.AsyncClient(follow_redirects=True) as desk:
            opened = [await phone.post(first), await desk.post(first), await desk.post(again), await phone.post(again)]
            assert (await phone.get(first)).status_code == 200
    assert [each.status_code for each in opened] == [200, 403, 200, 403]
    assert ["BEGIN:VCALENDAR" in each.text for each in opened] == [True, False, True, False]
