"""Two units in two districts, with a row of each kind in either: what stands in one is nobody's business in the other.

All rows of a unit have its number as their id, so that a number in a button or a conversation points to each of them.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Any
from zlib import crc32

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import report_figures
from bot.domain.audience import Audience
from bot.domain.folding import fold
from bot.messages import Address
from bot.storage import units
from bot.storage.models import (
    Account,
    Broadcast,
    DataRequest,
    Duty,
    Group,
    ImportBatch,
    Invitation,
    Membership,
    MembershipState,
    Obligation,
    Operator,
    Page,
    PageFigures,
    Person,
    Post,
    Recipient,
    Report,
    ReviewCase,
    Role,
    Table,
    Tag,
    Unit,
    WantedFile,
)
from tests.databases import A_MONDAY
from tests.test_rights import SETUP

SECRET = "Bí Mật"  # noqa: S105 -- what stands where only its own unit may read it
THERE, HERE, OTHER, DISTRICT, TOP = 777_001, 777_002, 888_001, -1, -2
DISTRICTS = {THERE: "Huyện Đức Hòa", HERE: "Huyện Mộc Hóa"}
AT, DAY = A_MONDAY - timedelta(days=1), date(2027, 2, 28)
PERIOD = "2027-W08"
FIGURES: dict[str, Any] = dict.fromkeys(("new", "changed", "faulty", "waiting", "kindless", "same", "undone"), 1)
FIGURES["written"] = {"new": 1, "changed": 1, "passed": 0}


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who presses: his role, and the number of the unit that he belongs to, or how far above HERE it stands."""

    name: str
    role: str | None = None
    unit: int = HERE
    state: str = MembershipState.ACTIVE
    campaign: str = "long_an"


TRESPASSERS = (
    Somebody("stranger"),
    Somebody("operator"),
    Somebody("member", Role.MEMBER),
    Somebody("deputy", Role.DEPUTY),
    Somebody("unit_admin", Role.UNIT_ADMIN),
    Somebody("coordinator", Role.COORDINATOR, DISTRICT),
    Somebody("admin there who left", Role.UNIT_ADMIN, THERE, MembershipState.LEFT),
    Somebody("waiting to be let in there", Role.MEMBER, THERE, MembershipState.PENDING),
    Somebody("coordinator of another campaign", Role.COORDINATOR, OTHER, campaign="binh_phuoc"),
)


def settle(session: Session, number: int) -> None:
    """The unit of this number with a row of each kind: a listed person, an open case, a filed report …"""
    above = session.scalars(select(Unit).where(Unit.name == DISTRICTS[number])).one()
    secret = SECRET if number == THERE else "Công khai"
    for each in chain(_people(number, above.id, secret), _what_is_owed(session, number, secret), _rest(number, secret)):
        session.add(each)
        session.flush()


def begin(session: Session, number: int) -> None:
    """The same a step earlier: nothing is filed, sent, decided or written yet, by an admin who is still at it."""
    session.get_one(Membership, number).role = Role.UNIT_ADMIN
    session.get_one(Obligation, number).state = "open"
    session.get_one(Obligation, number).settled_at = None
    session.get_one(Broadcast, number).state = "draft"
    session.get_one(ImportBatch, number).state = "checked"
    session.get_one(ReviewCase, number).state = "asked"
    session.get_one(Post, number).state = "no_target"
    session.delete(session.get_one(Report, number))
    session.flush()


def enter(session: Session, who: Somebody) -> Address:
    """Somebody with an account of his own."""
    at = Address("telegram", str(crc32(who.name.encode())))
    if who.name == "operator":
        session.add(Operator(channel=at.channel, chat=at.chat, since=AT))
    if who.role:
        person = Person(language="vi", created_at=AT)
        account = Account(channel=at.channel, chat=at.chat, created_at=AT, person=person, used_at=A_MONDAY)
        more = {"role": who.role, "role_until": A_MONDAY + timedelta(days=1), "decided_at": AT}
        unit = _unit_of(session, who)
        own = Membership(person=person, unit=unit, full_name=who.name, kind="chien_si", created_at=AT, **more)
        own.state = who.state
        session.add_all([account, own])
    session.flush()
    return at


def _unit_of(session: Session, who: Somebody) -> Unit:
    if who.unit == OTHER:
        return Unit(id=OTHER, campaign=who.campaign, code="o", type="province", name="Tỉnh Thử", folded="tinh thu")
    here = session.get_one(Unit, who.unit if who.unit > 0 else HERE)
    return here if who.unit > 0 else units.path(here)[-who.unit]


def rows_of(session: Session, number: int) -> set[str]:
    """All that the ledger holds about a unit of these, row by row."""
    found = set()
    for table in Table.metadata.sorted_tables:
        if table.name in ("outbox", "audit", "conversations", "chat_menus"):
            continue
        for row in session.execute(select(table)):
            if number in row or str(number) in str(row):
                found.add(f"{table.name} {row!r}")
    return found


def readable(content: bytes) -> str:
    """All that stands in a file: that of a workbook or a Word file without its marks, too, which may split a word."""
    if not content.startswith(b"PK"):
        return content.decode(errors="ignore")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        text = " ".join(parts.read(name).decode(errors="ignore") for name in parts.namelist())
    return text + re.sub("<[^>]+>", "", text)


def _people(number: int, above: int, secret: str) -> Iterator[Table]:
    name = f"Xã Thử {number}"
    yield Unit(
        id=number, campaign="long_an", code=f"x{number}", type="commune", name=name, folded=fold(name), parent_id=above
    )
    yield Person(id=number, language="vi", created_at=AT)
    yield Account(id=number, person_id=number, channel="telegram", chat=str(number), created_at=AT)
    usual: dict[str, Any] = {"unit_id": number, "kind": "chien_si", "created_at": AT, "position": secret}
    usual |= {"facebook_name": secret, "phone": "0912345678", "full_name": f"Nguyễn {secret}"}
    yield Membership(id=number, person_id=number, state=MembershipState.ACTIVE, role=Role.MEMBER, **usual)
    yield Membership(id=number + 10, state=MembershipState.LISTED, claim_code=f"MA{number}", **usual)
    yield Person(id=number + 20, language="vi", created_at=AT)
    yield Account(id=number + 20, person_id=number + 20, channel="telegram", chat=str(number + 20), created_at=AT)
    yield Membership(id=number + 20, person_id=number + 20, state=MembershipState.PENDING, **usual)


def _what_is_owed(session: Session, number: int, secret: str) -> Iterator[Table]:
    rule = session.scalars(select(Duty.rule).where(Duty.campaign == "long_an")).first()
    yield Duty(
        id=number, campaign="long_an", code=f"d{number}", rule=rule, from_profile=False, starts_on=DAY, set_at=AT
    )
    span = {"window_start": AT, "window_end": A_MONDAY, "opens_at": AT, "due_at": A_MONDAY + timedelta(days=3)}
    owed = Obligation(
        id=number,
        campaign="long_an",
        unit_id=number,
        duty_id=number,
        period=PERIOD,
        state="filed",
        settled_at=AT,
        **span,
    )
    yield owed
    figures = report_figures.freeze(report_figures.draft(session, SETUP, owed), owed)
    filed: dict[str, Any] = {"version": 1, "remarks": secret, "hash": "h", "filed_at": AT, "filed_by_id": number}
    yield Report(id=number, obligation_id=number, figures=figures, **filed)


def _rest(number: int, secret: str) -> Iterator[Table]:
    mine: dict[str, Any] = {"campaign": "long_an", "unit_id": number}
    yield Post(
        id=number, key=f"fb:{number}", url=f"https://facebook.com/{number}?{secret}", platform="facebook", kind="post",
        membership_id=number, state="in_review", required_tag="#A", text=secret, handed_in_at=AT, **mine,
    )  # fmt: skip
    yield ReviewCase(id=number, post_id=number, reason="disputed", opened_at=AT, queued_at=AT, question=secret, **mine)
    yield Tag(id=number, tag=f"#KIN{number}", folded=f"kin{number}", kind="required", proposed=False, set_at=AT, **mine)
    yield Invitation(
        code=f"code{number}",
        unit_id=number,
        created_by_id=number,
        created_at=AT,
        expires_at=A_MONDAY + timedelta(days=9),
    )
    yield Group(id=number, channel="telegram", chat=f"-{number}", title=secret, added_at=AT, unit_id=number)
    yield Broadcast(
        id=number,
        by_id=number,
        text=secret,
        audience=Audience(number).to_json(),
        state="done",
        created_at=AT,
        started_at=AT,
        ended_at=AT,
        **mine,
    )
    yield Recipient(
        id=number,
        broadcast_id=number,
        person_id=number,
        membership_id=number,
        state="sent",
        channel="telegram",
        chat=str(number),
    )
    yield Page(
        id=number, kind="page", platform="facebook", name=f"Trang {number}", url="https://facebook.com/x",
        key=f"p{number}", administrator=secret, added_by_id=number, added_at=AT, **mine,
    )  # fmt: skip
    yield PageFigures(id=number, page_id=number, month=date(2027, 1, 1), likes=1, entered_by_id=number, entered_at=AT)
    yield ImportBatch(
        id=number, by_id=number, channel="telegram", chat=str(number), name=secret, source="s", state="done",
        figures=FIGURES, at=AT, **mine,
    )  # fmt: skip
    yield DataRequest(
        id=number, membership_id=number, person_id=number, subject="s", kind="access", words=secret, asked_at=AT,
        due_at=A_MONDAY, **mine,
    )  # fmt: skip
    yield WantedFile(
        id=number,
        campaign="long_an",
        channel="telegram",
        chat=str(number),
        language="vi",
        kind="x",
        subject={},
        wanted_at=AT,
    )
