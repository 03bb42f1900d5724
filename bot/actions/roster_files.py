"""The sheets of an import that are made in the background: the template, the claim codes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.actions.report_forms import Kind, Wanted
from bot.documents.roster_sheet import Template, codes_xlsx, template_xlsx
from bot.domain.folding import fold
from bot.setup import Setup
from bot.storage import rosters, units
from bot.storage.models import ImportBatch, Unit
from bot.texts import render


def template(session: Session, setup: Setup, subject: Mapping[str, int], language: str, now: datetime) -> Wanted:
    """An empty sheet for a unit and all below it; `units` in the subject is 1 for who may add some."""
    unit, campaign = session.get_one(Unit, subject["unit"]), setup.campaign
    below = [unit, *units.living_below(session, unit.id, setup.today(now))]
    listed = tuple((each.name, each.parent.name if each.parent else "", each.code) for each in below)
    kinds = tuple(kind.vi if language == "vi" else kind.en for kind in campaign.membership.kinds)
    types = dict.fromkeys(row.vi if language == "vi" else row.en for row in campaign.unit_types)
    made = Template(listed, kinds, tuple(types) if subject["units"] else ())
    name = f"mau-danh-sach-{fold(unit.name).replace(' ', '-')}.xlsx"
    return Wanted(template_xlsx, (made, language), name, "rosters/template", {"unit": unit.name})


def codes(session: Session, setup: Setup, subject: Mapping[str, int], language: str, _now: datetime) -> Wanted:
    """The claim codes of those of a batch who have not used them."""
    batch = session.get_one(ImportBatch, subject["batch"])
    found = rosters.with_codes(session, batch.id)
    rows = [(each.full_name or "", each.unit.name, each.phone or "", each.claim_code or "") for each in found]
    values: dict[str, Any] = {"number": len(rows), "bot": setup.bots[batch.channel].name if setup.bots else ""}
    title = render("rosters/codes_title", language, bot=values["bot"])
    return Wanted(codes_xlsx, (rows, title, language), f"ma-nhan-ten-{batch.id}.xlsx", "rosters/codes", values)


FORMS: Mapping[str, Kind] = {"roster_template": template, "roster_codes": codes}
