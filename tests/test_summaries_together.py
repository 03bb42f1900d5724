"""Weekly summaries of many units at once: each says what it says when the unit is asked for alone."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions.summaries import summarise, summarise_all
from bot.campaigns import load
from bot.domain.figures import Count
from bot.setup import Setup
from bot.storage.models import Membership, Unit
from tests.databases import A_MONDAY
from tests.storage.ledger import post, unit

SETUP = Setup(load("long_an"), ZoneInfo("Asia/Ho_Chi_Minh"), b"k" * 32, {})
NOW = A_MONDAY + timedelta(hours=3)
MORROW = date(2027, 3, 2)


def path_of_bob(session: Session, **days: date) -> Sequence[Unit]:
    """His commune, which handed in a post, a district with no other unit, living on these days only, the province."""
    bob = session.scalars(select(Membership).where(Membership.full_name == "Bob")).one()
    province = session.scalars(select(Unit).where(Unit.parent_id.is_(None))).one()
    district = unit(session, "Huyện Mới", province, type_="district", campaign="long_an", **days)
    bob.unit.parent = district
    post(session, bob, at=A_MONDAY, campaign="long_an")
    session.flush()
    return bob.unit, district, province


@pytest.mark.parametrize("days", [{}, {"opened_on": MORROW}, {"closed_on": date(2027, 3, 1)}])
@pytest.mark.parametrize("who", [(0, 2), (1, 2), (0, 1), (0, 1, 2)])
def test_units_told_in_one_batch_hear_what_each_hears_alone(
    session: Session, days: dict[str, date], who: Sequence[int]
) -> None:
    units = path_of_bob(session, **days)
    batch = [units[each] for each in who]
    found = summarise_all(session, SETUP, [each.id for each in batch], NOW)
    assert found == {each.id: summarise(session, SETUP, each, NOW) for each in batch}
    assert {each.total for each in found.values()} == {Count(1)}
