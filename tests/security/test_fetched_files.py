"""Files that people send are fetched from their messenger, whatever address an update names."""

import httpx
import pytest

from bot.channels.base import OurFault
from tests.security.test_doors import CHANNELS


@pytest.mark.parametrize(
    "reference",
    [
        "https://evilzdn.vn/x.jpg",
        "http://f20.photo.zdn.vn/x.jpg",
        "https://f20.photo.zdn.vn:8443/x.jpg",
        "https://f20.photo.zdn.vn@evil.example/x.jpg",
        "https://f20.photo.zdn.vn.evil.example/x.jpg",
        "https://evil.example/?.zdn.vn",
        "https://evil.example#.zdn.vn",
        "https://127.0.0.1/x",
        "https://[::ffff:127.0.0.1]/x",
        "http://127.0.0.1:2/x",
        "file:///etc/passwd",
        "//f20.photo.zdn.vn/x",
        "\0",
        "",
    ],
)
async def test_a_file_is_fetched_from_the_messengers_own_hosts_alone(reference: str) -> None:
    # Nobody listens there: whatever was asked for would end as something to be tried again.
    with pytest.raises((OurFault, httpx.InvalidURL)):
        await CHANNELS["zalo"].download(reference, 1000)
