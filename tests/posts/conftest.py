"""The readers' hosts on loopback."""

from collections.abc import AsyncIterator

import pytest
import trustme

from tests.posts.internet import Internet


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
async def internet(authority: trustme.CA) -> AsyncIterator[Internet]:
    opened = Internet(authority)
    server = await opened.open()
    yield opened
    server.close()
    await opened.close()
