"""The search of units by part of a name, as people type it."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.actions.roster import load_tree
from bot.campaigns import read_units
from bot.domain.folding import fold
from bot.storage import tags, units
from bot.storage.db import Database
from bot.storage.models import Unit

DAY = date(2027, 3, 1)


@pytest.fixture
def session(db: Database) -> Iterator[Session]:
    with db.transaction() as opened:
        yield opened


def unit(name: str, *, opened_on: date | None = None, closed_on: date | None = None, campaign: str = "own") -> Unit:
    return Unit(
        campaign=campaign,
        code=name,
        type="commune",
        name=name,
        folded=fold(name),
        opened_on=opened_on,
        closed_on=closed_on,
    )


def found(session: Session, typed: str, campaign: str = "own", most: int = 9) -> list[str]:
    return [each.name for each in units.find(session, campaign, typed, DAY, most)]


@pytest.mark.parametrize(
    "typed", ["tuyen thanh", "Tuyên Thạnh", "TUYÊN THẠNH", "  tuyên   thạnh ", "Tuye\u0302n Tha\u0323nh"]
)
def test_part_of_a_name_is_enough_with_or_without_diacritics(session: Session, typed: str) -> None:
    load_tree(session, "long_an", read_units("long_an"))
    assert "Xã Tuyên Thạnh" in found(session, typed, "long_an")


def test_all_that_fit_are_found_the_shortest_first(session: Session) -> None:
    session.add_all([unit("Xã Tân Thạnh Tây"), unit("Xã Tân Thạnh"), unit("Huyện Tân Thạnh"), unit("Xã Bình An")])
    assert found(session, "tan thanh") == ["Xã Tân Thạnh", "Huyện Tân Thạnh", "Xã Tân Thạnh Tây"]


def test_no_more_are_found_than_asked_for(session: Session) -> None:
    load_tree(session, "long_an", read_units("long_an"))
    assert len(found(session, "xã", "long_an", most=9)) == 9


@pytest.mark.parametrize("typed", ["%", "_", "\\", "%%", "a%a", "Xã_Bình"])
def test_signs_that_the_database_gives_a_meaning_to_have_none_here(session: Session, typed: str) -> None:
    session.add_all([unit("Xã Bình An"), unit("Xã Tân Trụ")])
    assert found(session, typed) == []


@pytest.mark.parametrize(("typed", "name"), [("100%", "Tổ 100% xung kích"), ("a_b", "Tổ A_B"), ("a\\b", "Tổ A\\B")])
def test_a_sign_in_a_name_is_found_as_itself(session: Session, typed: str, name: str) -> None:
    session.add_all([unit(name), unit("Tổ 1000 xung kích"), unit("Tổ AxB"), unit("Tổ A")])
    assert found(session, typed) == [name]


def test_only_units_alive_on_the_day_are_found(session: Session) -> None:
    session.add_all(
        [
            unit("Xã Tân An cũ", closed_on=DAY),
            unit("Xã Tân An nay", opened_on=DAY),
            unit("Xã Tân An sau", opened_on=date(2027, 3, 2)),
            unit("Xã Tân An hết mai", closed_on=date(2027, 3, 2)),
        ]
    )
    assert found(session, "tan an") == ["Xã Tân An nay", "Xã Tân An hết mai"]


def test_another_campaigns_units_are_not_found(session: Session) -> None:
    session.add(unit("Xã Bình An", campaign="other"))
    assert found(session, "binh an") == []


@pytest.mark.parametrize("typed", ["", "   ", "\u200b"])
def test_nothing_typed_finds_nothing(session: Session, typed: str) -> None:
    session.add(unit("Xã Bình An"))
    assert found(session, typed) == []


def test_loading_the_tree_again_adds_nothing(session: Session) -> None:
    rows = read_units("long_an")
    assert load_tree(session, "long_an", rows) == len(rows)
    assert load_tree(session, "long_an", rows) == 0


def test_a_unit_is_within_all_that_stand_above_it(session: Session) -> None:
    load_tree(session, "long_an", read_units("long_an"))
    commune = units.find(session, "long_an", "tuyen thanh", DAY, 1)[0]
    path = units.path(commune)
    assert [each.name for each in path] == ["Xã Tuyên Thạnh", "Thị xã Kiến Tường", "Tỉnh Long An"]
    assert all(units.is_within(commune, above.id) for above in path)
    assert not units.is_within(path[-1], commune.id)


def test_units_that_were_read_before_one_had_to_wait_are_read_again(session: Session) -> None:
    read = unit("Xã A")
    session.add(read)
    session.flush()
    meanwhile = update(Unit).where(Unit.id == read.id).values(name="Xã B")
    session.execute(meanwhile.execution_options(synchronize_session=False))
    assert read.name == "Xã A"
    tags.hold_still(session, read.campaign)
    assert read.name == "Xã B"
