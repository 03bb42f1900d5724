"""What each messenger can do. Whoever needs to know asks here for the ability, never which messenger it is."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can carry; without an ability, bot/rendering.py finds another way to say the same.

    `buttons` includes the answer to a press. `photos` go up with the message, or as a public link that the messenger
    fetches. `most_text` counts UTF-16 units of what is read, without marks. `styles` is how marks are sent: as HTML, or
    as offsets into plain text, which knows no links behind words. `menu` lists the commands; `start_links` open the bot
    with a code; `replies` tell which message they answer; `groups` says whether one can rely on group chats.
    """

    buttons: bool
    documents: bool
    edit: bool
    photos: Literal["upload", "link"]
    most_text: int
    styles: Literal["html", "offsets"]
    menu: bool
    start_links: bool
    replies: bool
    groups: bool


TELEGRAM = Capabilities(
    buttons=True,
    documents=True,
    edit=True,
    photos="upload",
    most_text=4096,
    styles="html",
    menu=True,
    start_links=True,
    replies=True,
    groups=True,
)
ZALO = Capabilities(
    buttons=False,
    documents=False,
    edit=False,
    photos="link",
    most_text=2000,
    styles="offsets",
    menu=False,
    start_links=False,
    replies=False,
    groups=False,
)
_OF = {"telegram": TELEGRAM, "zalo": ZALO}


def capabilities_of(channel: str) -> Capabilities:
    """What the channel of this name can do; KeyError if there is none."""
    return _OF[channel]
