"""Rows of the queues, as the indices of what is open there name them: by states that are written out.

SQLite takes an index of a part only if a statement says the same, letter by letter; a bound value it would hold against
the index anew each time, which takes longer than the search.
"""

from sqlalchemy import ColumnElement, literal_column
from sqlalchemy.orm import InstrumentedAttribute

from bot.storage.models import OPEN_STATES, CaseState, InboxState, OutboxState

State = InstrumentedAttribute[str]


def is_waiting(state: State) -> ColumnElement[bool]:
    """An update that is to be handled."""
    return state == _written(InboxState.WAITING)


def is_dead(state: State) -> ColumnElement[bool]:
    """An update that was given up."""
    return state == _written(InboxState.DEAD)


def is_open(state: State) -> ColumnElement[bool]:
    """A message that waits to be sent, or is being sent."""
    return state.in_([_written(OutboxState.WAITING), _written(OutboxState.SENDING)])


def is_undecided(state: State) -> ColumnElement[bool]:
    """A case of the review queue that somebody has to decide."""
    return state.in_([_written(each) for each in OPEN_STATES])


def _written(state: InboxState | OutboxState | CaseState) -> ColumnElement[str]:
    return literal_column(f"'{state.value}'")
