"""Who looks after a page is typed in free words: what these say of a person is his to see and to have erased."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import pages as actions
from bot.actions import personal_data
from bot.domain.page_links import PageLink, read_page
from bot.storage import pages
from bot.storage.models import Membership, Page, Unit
from tests.databases import A_MONDAY

OWN, ABOVE, ELSEWHERE = "Xã Tuyên Thạnh", "Tỉnh Long An", "Xã Bình Hiệp"


@pytest.fixture
def alice(session: Session) -> Membership:
    """A member with a name that others have, too."""
    found = session.scalars(select(Membership).where(Membership.full_name == "Alice")).one()
    found.full_name, found.phone = "Nguyễn Thị Lụa", "0912345678"
    return found


def page(session: Session, administrator: str, unit: str = OWN) -> Page:
    of = session.scalars(select(Unit).where(Unit.name == unit)).one()
    by = session.scalars(select(Membership).where(Membership.full_name == "Dung")).one()
    read = read_page("https://www.facebook.com/xatuyenthanh")
    assert isinstance(read, PageLink)
    return actions.add(session, of, read, "Trang xã", administrator, by, A_MONDAY)


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("Nguyễn Thị Lụa", OWN),
        ("đ/c nguyen thi lua, VHTT xã", OWN),
        ("Ban Biên tập (Nguyễn Thị Lụa, Trần B)", ABOVE),
        ("ĐT 0912.345.678", ELSEWHERE),
        ("+84 912 345 678", ELSEWHERE),
    ],
)
def test_a_page_that_somebody_looks_after_is_his_to_see_and_nameless_once_he_is_erased(
    session: Session, alice: Membership, typed: str, unit: str
) -> None:
    kept = page(session, typed, unit)
    assert alice.person_id is not None
    held = personal_data.held_about(session, alice.person_id, "x")["pages_administered"]
    assert held == [{"name": "Trang xã", "url": kept.url, "administrator": typed}]
    personal_data.erase(session, alice.person_id)
    session.refresh(kept)
    assert kept.administrator is None
    assert kept.name == "Trang xã"


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("Ban Biên tập", OWN),
        ("Nguyễn Thị Lụa", ELSEWHERE),
        ("Nguyễn Thị Luận", OWN),
        ("0912345679", OWN),
        ("10912345678", OWN),
        ("", OWN),
    ],
)
def test_another_administrator_stays(session: Session, alice: Membership, typed: str, unit: str) -> None:
    kept = page(session, typed, unit)
    assert pages.run_by(session, alice) == []
    assert alice.person_id is not None
    personal_data.erase(session, alice.person_id)
    session.refresh(kept)
    assert kept.administrator == (typed or None)
