"""A stage for each campaign."""

from collections.abc import AsyncIterator

import pytest

from tests.cast import Stage
from tests.databases import Postgresql, Sqlite


@pytest.fixture
async def schools(databases: Sqlite | Postgresql) -> AsyncIterator[Stage]:
    """Hòa Bình: Bob's primary school, Dung at the department."""
    async with Stage(databases.fresh("hoa_binh"), campaign="hoa_binh") as opened:
        yield opened


@pytest.fixture
async def pages(databases: Sqlite | Postgresql) -> AsyncIterator[Stage]:
    """Bình Phước: Bob's commune, Dung at the province."""
    async with Stage(databases.fresh("binh_phuoc"), campaign="binh_phuoc") as opened:
        yield opened


@pytest.fixture
async def youth(databases: Sqlite | Postgresql) -> AsyncIterator[Stage]:
    """Bình Tân: Bob's ward, Dung at the district's youth union."""
    async with Stage(databases.fresh("binh_tan"), campaign="binh_tan") as opened:
        yield opened
