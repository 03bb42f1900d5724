"""Reading a link to its key beside merely splitting it: python -m benchmarks.links."""

from collections.abc import Callable
from itertools import count
from urllib.parse import urlsplit

from benchmarks.timing import race, table
from bot.domain.links import read_link

LINKS = (
    "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/2013209885760000/",
    "https://www.facebook.com/groups/123/posts/ra-qu%C3%A2n-hu%E1%BA%A5n-luy%E1%BB%87n/2013209885760000/?mibextid=x",
    "https://m.facebook.com/story.php?story_fbid=2257188721032235&id=119240841493711&m_entstream_source=timeline",
    "https://www.facebook.com/photo/?fbid=942167619246718&set=pcb.942167695913377",
    "https://www.facebook.com/watch/?v=1234567890123456",
    "https://www.facebook.com/share/p/EMMeAHj1cLMNWAER/",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.facebook.com%2Fdqtv%2Fposts%2F2257188721032235&h=AT0",
    "https://www.facebook.com/toiyeuchiensisaovuong",
    "https://www.tiktok.com/@dqtv.longan/video/7301234567890123456?is_from_webapp=1",
    "https://vm.tiktok.com/ZMabcdefg/",
    "https://youtu.be/dQw4w9WgXcQ?si=abc",
    "https://www.youtube.com/shorts/dQw4w9WgXcQ",
    "https://officialaccount.me/d?id=c1d0c5a3e8e601b858f7&pageId=4318657068771012646",
    "https://vnexpress.net/bai-viet-4567890.html",
    "không phải đường dẫn",
)


def _each(read: Callable[[str], object]) -> Callable[[], None]:
    turns = count()

    def all_links() -> None:
        turn = next(turns)
        for link in LINKS:
            read(f"{link}#{turn}")  # never twice the same: urlsplit remembers what it has split

    return all_links


def main() -> None:
    """Prints the table; a call reads all links of the list."""
    print(f"{len(LINKS)} links a call\n")  # noqa: T201 -- the program's output
    print(table(race({"urlsplit": _each(urlsplit), "read_link": _each(read_link)})))  # noqa: T201 -- the program's output


if __name__ == "__main__":
    main()
