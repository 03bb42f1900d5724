"""A deadline as the calendar file and the picture of the year show it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    """`key` is a stable id, such as “long_an:794:weekly:2026-W23”, the same when the day is moved.

    `due_at` is aware and in the zone of those who read it. `wording` is the deadline as the document words it.
    """

    key: str
    name: str
    due_at: datetime
    wording: str = ""
