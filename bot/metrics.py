"""What the bot measures of itself, counted where it happens.

Labels are words of the program, never a chat, a name or a unit. The numbers are those of this process; what the tables
say is asked when the figures are read (bot/operations/figures.py).
"""

from contextlib import AbstractContextManager

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)  # memory, processor time, open files

_WORK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_NETWORK = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_LAG = (30, 60, 120, 300, 900, 3600, 14400, 86400)
_KINDS = {"/": "command", "?": "answer", "@": "message"}

RECEIVED = Counter("sotin_updates_received", "Updates that were kept", ["channel"], registry=REGISTRY)
HANDLED = Counter("sotin_updates_handled", "Updates by what became of them", ["outcome"], registry=REGISTRY)
TOGETHER = Histogram(
    "sotin_updates_together", "Updates that shared a transaction", buckets=(1, 2, 3, 5, 10, 20, 50), registry=REGISTRY
)
HANDLER_SECONDS = Histogram(
    "sotin_handler_seconds", "Time in the handler, without the commit", ["kind"], buckets=_WORK, registry=REGISTRY
)
SENDS = Counter("sotin_sends", "Attempts to send by outcome", ["channel", "priority", "outcome"], registry=REGISTRY)
SEND_SECONDS = Histogram(
    "sotin_send_seconds", "Time that the messenger took", ["channel"], buckets=_NETWORK, registry=REGISTRY
)
REMINDER_LAG = Histogram(
    "sotin_reminder_lag_seconds", "From when a reminder was due until it was queued", buckets=_LAG, registry=REGISTRY
)
JOB_FAILURES = Counter("sotin_job_failures", "Jobs that broke off and are tried again", ["job"], registry=REGISTRY)


def handling(route: str) -> AbstractContextManager[object]:
    """Measure the handler of a route by its kind, which its name in the table of rights tells."""
    return HANDLER_SECONDS.labels(_KINDS.get(route[:1], "button")).time()


def sent(channel: str, priority: str, error: Exception | None, seconds: float) -> None:
    """Count one attempt to send; errors go by their class, which says what to do next."""
    SENDS.labels(channel, priority, type(error).__name__ if error else "sent").inc()
    SEND_SECONDS.labels(channel).observe(seconds)
