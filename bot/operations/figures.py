"""What the installation shows of its health to whoever watches it: whether it lives, whether it works, and figures.

These pages are for a port of their own on this machine, never for the public one. They name nobody.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot import metrics, watchdog
from bot.operations.readiness import soon, what_is_wrong
from bot.storage import depths, disk, operators, trials, upkeep
from bot.storage.db import Database


@dataclass(frozen=True, slots=True)
class State:
    """What the tables say at a moment. `size` is the database's, `free` the disk's, in bytes; `left_out` jobs rest."""

    at: datetime
    queues: Sequence[depths.Depth]
    reminders: tuple[int, datetime | None]
    dead: int
    backup: upkeep.LastBackup
    size: int
    free: int | None
    ran: Mapping[str, datetime]
    left_out: int


def routes(db: Database, now: Callable[[], datetime], shut_out: Collection[str]) -> list[Route]:
    """`/healthz`: the process lives. `/readyz`: it can work. `/metrics`: figures in Prometheus' format.

    `shut_out` are the messengers that take our token no more.
    """

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        wrong = await what_is_wrong(db, shut_out)
        return PlainTextResponse("".join(f"{each}\n" for each in wrong or ["ready"]), 503 if wrong else 200)

    async def figures(_: Request) -> Response:
        registry = CollectorRegistry()
        registry.register(_Figures(await soon(db, look, now()), sorted(shut_out)))
        body = generate_latest(metrics.REGISTRY) + generate_latest(registry)
        return Response(body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", figures)]


def look(session: Session, now: datetime) -> State:
    """Ask the tables; a few counts over what is open."""
    queues, dead, backup = depths.depths(session, now), depths.dead(session), upkeep.last_backup(session)
    size, free, ran = operators.size(session), disk.free(session), dict(operators.runs(session))
    left_out = trials.left_out(session, timedelta(seconds=watchdog.HANGS_AFTER), now)
    return State(now, queues, depths.reminders(session, now), dead, backup, size, free, ran, len(left_out))


class _Figures(Collector):
    """The figures of one look, under the names by which docs/operations.md knows them."""

    def __init__(self, state: State | None, shut_out: Sequence[str]) -> None:
        self._state = state
        self._shut_out = shut_out

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """As prometheus-client asks for them."""
        yield _one("sotin_database_up", "Whether the database answers", self._state is not None)
        yield _many("sotin_info", "The program", ["version"], {(version("sotin"),): 1})
        shut_out: dict[tuple[str, ...], float] = {(channel,): 1 for channel in self._shut_out}
        yield _many("sotin_shut_out", "Messengers that take our token no more", ["channel"], shut_out)
        if self._state:
            yield from _queues(self._state)
            yield from _upkeep(self._state)


def _queues(state: State) -> Iterator[GaugeMetricFamily]:
    updates = [each for each in state.queues if each.priority == depths.UPDATES]
    messages = [each for each in state.queues if each.priority != depths.UPDATES]
    yield _many("sotin_inbox_rows", "Updates that wait", ["channel"], {(each.channel,): each.rows for each in updates})
    ages: dict[tuple[str, ...], float] = {(each.channel,): _age(state, each.since) for each in updates}
    yield _many("sotin_inbox_oldest_seconds", "Since when the oldest waits", ["channel"], ages)
    by = ["channel", "priority"]
    rows: dict[tuple[str, ...], float] = {(each.channel, each.priority): each.rows for each in messages}
    yield _many("sotin_outbox_rows", "Messages that are due and not sent", by, rows)
    ages = {(each.channel, each.priority): _age(state, each.since) for each in messages}
    yield _many("sotin_outbox_oldest_seconds", "Since when the oldest is due", by, ages)
    steps, since = state.reminders
    yield _one("sotin_reminders_due", "Steps of reminders that are due and not yet told", steps)
    yield _one("sotin_reminders_oldest_seconds", "Since when the first is due", _age(state, since) if since else 0)
    yield _one("sotin_dead_updates", "Updates that were given up", state.dead)


def _upkeep(state: State) -> Iterator[GaugeMetricFamily]:
    ran: dict[tuple[str, ...], float] = {(job,): at.timestamp() for job, at in state.ran.items()}
    yield _many("sotin_job_ended_at_seconds", "When a job last came to its end, to five minutes", ["job"], ran)
    yield _one("sotin_left_out", "Jobs and workers that rest, as they hung again and again", state.left_out)
    yield _one("sotin_database_bytes", "Size of the database", state.size)
    if state.free is not None:
        yield _one("sotin_disk_free_bytes", "Room left on the disk", state.free)
    if state.backup.at:
        yield _one("sotin_backup_at_seconds", "When the last backup was made", state.backup.at.timestamp())
        yield _one("sotin_backup_bytes", "Its size", state.backup.size)
    yield _one("sotin_backup_fails", "Whether making one failed since", state.backup.failed_at is not None)


def _age(state: State, since: datetime) -> float:
    return max(0.0, (state.at - since).total_seconds())


def _one(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)


def _many(name: str, words: str, labels: Sequence[str], values: Mapping[tuple[str, ...], float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=labels)
    for each, value in values.items():
        family.add_metric(each, value)
    return family
