"""The certificates that connections to a messenger trust."""

import ssl
from functools import cache


@cache
def trusted() -> ssl.SSLContext:
    """The system's; reading them takes a quarter of a second, so that once is enough."""
    return ssl.create_default_context()
