"""Errors that are the database's trouble and nobody's fault: whoever meets one tries again without end. Pure."""

import sqlite3

from sqlalchemy.exc import DBAPIError

# Classes of SQLSTATE: connection, rollback (deadlock, serialization), resources (disk, memory, connections), operator
# (shutdown, crash), the system itself (I/O). 25006 is a server that only lets us read, as after a failover.
POSTGRESQL = ("08", "40", "53", "57P", "58", "25006")
SQLITE = frozenset(
    [
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
    ]
)


def is_trouble(error: BaseException) -> bool:
    """Whether the database could not do its work: gone, full, locked; not that it was asked for something wrong."""
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None) or ""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF  # the rest of an extended code says more of the same
    return error.connection_invalidated or state.startswith(POSTGRESQL) or code in SQLITE
