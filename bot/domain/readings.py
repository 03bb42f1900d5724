"""What a source says of a post."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source said of a post; None where it said nothing.

    `text`: the words of the post, headings first. `cut` is true if they may be incomplete: a hashtag that is not in
        them may still be in the post.
    `url`: an address from which `read_link` gives the post's key: where a short link led, or the platform's own form.
        Its key may differ from that of the link that was read, and then both belong to one post.
    `posted_at`: when the post appeared; aware.
    `owner`: the page, channel or account, as a number or handle of its platform.
    """

    text: str | None = None
    url: str | None = None
    posted_at: datetime | None = None
    owner: str | None = None
    cut: bool = False
