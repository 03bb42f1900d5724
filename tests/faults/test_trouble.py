"""Which errors of a database are its own trouble."""

import sqlite3

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from bot.storage.trouble import is_trouble


def of_sqlite(code: int) -> OperationalError:
    error = sqlite3.OperationalError("in words that differ between versions")
    error.sqlite_errorcode = code
    return OperationalError("SELECT 1", {}, error)


@pytest.mark.parametrize(
    "code",
    [
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_BUSY_SNAPSHOT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_READONLY_DBMOVED,
        sqlite3.SQLITE_CANTOPEN,
    ],
)
def test_sqlite_that_is_full_or_locked_is_in_trouble(code: int) -> None:
    assert is_trouble(of_sqlite(code))


@pytest.mark.parametrize(
    "error",
    [
        errors.DiskFull(),
        errors.TooManyConnections(),
        errors.AdminShutdown(),
        errors.CannotConnectNow(),
        errors.DeadlockDetected(),
        errors.SerializationFailure(),
        errors.ReadOnlySqlTransaction(),
        errors.IoError(),
        errors.ConnectionFailure(),
    ],
)
def test_a_server_that_is_full_or_going_down_is_in_trouble(error: psycopg.Error) -> None:
    assert is_trouble(OperationalError("SELECT 1", {}, error))


def test_a_connection_that_was_cut_is_trouble() -> None:
    assert is_trouble(OperationalError("SELECT 1", {}, psycopg.OperationalError("gone"), connection_invalidated=True))


@pytest.mark.parametrize(
    "error",
    [
        of_sqlite(sqlite3.SQLITE_ERROR),  # a statement that cannot be run
        ProgrammingError("SELECT 1", {}, errors.UndefinedTable()),
        IntegrityError("SELECT 1", {}, errors.UniqueViolation()),
        OperationalError("SELECT 1", {}, errors.QueryCanceled()),  # it took too long: that may be its own doing
        ValueError("no error of a database"),
    ],
)
def test_what_was_asked_wrongly_is_no_trouble(error: Exception) -> None:
    assert not is_trouble(error)
