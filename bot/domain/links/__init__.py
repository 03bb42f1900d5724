"""Links to posts: found in text, read without the network, brought to one form and one key.

How to add a form of link: add its host to `hosts.py` if it is new, add a pattern to the row of the site's table
(`facebook.py`, `youtube.py`, `tiktok.py`, `zalo.py`), and add a line to the table in `tests/domain/test_links.py`.
"""

from bot.domain.links.finding import find_links
from bot.domain.links.link import Kind, Link
from bot.domain.links.reading import canonical, read_link

__all__ = ["Kind", "Link", "canonical", "find_links", "read_link"]
