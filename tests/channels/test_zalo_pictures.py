"""Pictures that people sent on Zalo, fetched from Zalo alone."""

import pytest

from bot.channels.base import OurFault
from bot.channels.zalo import ZaloChannel
from bot.sandbox.zalo import people
from bot.sandbox.zalo.model import Person
from bot.sandbox.zalo.world import ZaloWorld

CONTENT = b"\x89PNG not looked into"


async def test_a_picture_is_fetched_while_it_lasts(zalo_channel: ZaloChannel, zalo: ZaloWorld, hoa: Person) -> None:
    sent = people.send_photo(zalo, hoa, CONTENT)
    assert await zalo_channel.download(sent.photo, 1000) == CONTENT
    with pytest.raises(OurFault, match="more than 10 bytes"):
        await zalo_channel.download(sent.photo, 10)
    zalo.pictures.clear()
    with pytest.raises(OurFault, match="any more"):
        await zalo_channel.download(sent.photo, 1000)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/a.png",
        "http://photo.zdn.vn/a.png",
        "https://zdn.vn.example.com/a.png",
        "https://photo.zdn.vn:8443/a.png",
        "https://photo.zdn.vn@127.0.0.1/a.png",
        "http://127.0.0.1:1/a.png",
        "file:///etc/passwd",
    ],
)
async def test_nothing_is_fetched_from_elsewhere(zalo_channel: ZaloChannel, address: str) -> None:
    with pytest.raises(OurFault, match="does not lie with Zalo"):
        await zalo_channel.download(address, 1000)
