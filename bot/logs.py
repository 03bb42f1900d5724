"""Structured logs on stderr. They carry update id and chat, never a token, a name or a message's text."""

import logging
import sys
import traceback

import structlog


def set_up(level: str) -> None:
    """Send structlog's and the libraries' records to stderr; httpx is silenced, as it logs URLs that hold the token."""
    logging.basicConfig(stream=sys.stderr, level=level, format="%(levelname)s %(name)s %(message)s", force=True)
    for noisy in ("httpx", "httpcore", "apscheduler", "alembic", "uvicorn"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # It quotes whole answers of the server, with people's words in them; we log its errors ourselves.
    logging.getLogger("telegram").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def failure(error: BaseException) -> str:
    """The class of an error and where it was raised.

    The error's own words are left out: they may quote a person's name, a message or a URL with the token.
    """
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
