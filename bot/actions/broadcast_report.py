"""The report of a broadcast: what it is made of at the moment of drawing."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bot.actions.report_forms import Wanted
from bot.documents.broadcast_report import Delivery, Told, broadcast_xlsx
from bot.documents.forms import Letterhead
from bot.setup import Setup
from bot.storage import recipients
from bot.storage.models import Broadcast, RecipientState
from bot.storage.recipients import Line
from bot.texts import render


def delivery(session: Session, setup: Setup, subject: Mapping[str, int], _language: str, now: datetime) -> Wanted:
    """Who was reached and who was not; in Vietnamese, like all papers of the body."""
    broadcast = session.get_one(Broadcast, subject["broadcast"])
    found = recipients.lines(session, broadcast.id)
    superior = broadcast.unit.parent.name if broadcast.unit.parent else ""
    head = Letterhead(broadcast.unit.name, setup.today(now), superior=superior)
    title = f"Kết quả gửi thông báo số {broadcast.id} của {broadcast.unit.name}"
    reached = sum(each.state == RecipientState.SENT for each in found)
    reasons, states = why("vi"), outcomes("vi")
    data = Delivery(head, title, reached, [_told(setup, each, reasons, states) for each in found])
    values = {"number": broadcast.id, "reached": reached, "total": len(found)}
    return Wanted(broadcast_xlsx, (data,), f"thong-bao-{broadcast.id}.xlsx", "broadcasts/report", values)


def why(language: str) -> dict[str, str]:
    """Reason → words; what is not among them is what the messenger said."""
    return {code: render("broadcasts/reason", language, code=code) for code in REASONS}


def outcomes(language: str) -> dict[str, str]:
    """State of a recipient → words."""
    return {state.value: render("broadcasts/outcome", language, state=state.value) for state in RecipientState}


def _told(setup: Setup, each: Line, reasons: Mapping[str, str], states: Mapping[str, str]) -> Told:
    at, read = _moment(setup, each.settled_at), _moment(setup, each.read_at)
    reason = reasons.get(each.reason, each.reason)
    return Told(each.name, each.unit, states[each.state], reason, at, read, each.phone)


def _moment(setup: Setup, moment: datetime | None) -> str:
    return f"{setup.local(moment):%H:%M %d/%m/%Y}" if moment else ""


REASONS = ("blocked", "no_account", "left", "opted_out", "told_today", "not_needed")
