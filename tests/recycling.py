"""What a template holds on PostgreSQL, and how a database that was copied from it gets its rows back."""

import psycopg

HANG_UP = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
# The server counts what is written, and a session that ends has counted all it wrote.
NEW_SHAPE = """
    SELECT EXISTS (SELECT FROM pg_stat_sys_tables JOIN pg_class ON pg_class.oid = relid
    WHERE schemaname = 'pg_catalog' AND pg_class.relname <> 'pg_statistic' AND NOT relisshared
    AND n_tup_ins + n_tup_upd + n_tup_del > 0)"""
WRITTEN_TO = "SELECT quote_ident(relname) FROM pg_stat_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
TABLES = "SELECT quote_ident(relname) FROM pg_stat_user_tables"
NUMBERS = "SELECT quote_ident(sequencename), last_value FROM pg_sequences"


class Rows:
    """The rows and the last numbers of a database to which nobody is connected."""

    def __init__(self, url: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM")  # a table that was is planned for as one that will be emptied
            self._tables = {table: _read(connection, table) for (table,) in connection.execute(TABLES).fetchall()}
            self._numbers: dict[str, int | None] = dict(connection.execute(NUMBERS).fetchall())

    def put_back(self, url: str) -> bool:
        """Make a copy of that database what it was, whoever is connected; False if more than its rows changed."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(HANG_UP)
            if connection.execute(NEW_SHAPE).fetchone() != (False,):
                return False
            tables = [table for (table,) in connection.execute(WRITTEN_TO).fetchall()]
            self._replace(connection, tables)
            self._count_from_there(connection)
            connection.execute("SELECT pg_stat_force_next_flush()")  # what was written here counts for nothing
            connection.execute("SELECT pg_stat_reset()")
        return True

    def _replace(self, connection: psycopg.Connection, tables: list[str]) -> None:
        if not tables:
            return
        connection.execute("SET session_replication_role = replica")  # no row asks for another one meanwhile
        for table in tables:
            connection.execute(f"DELETE FROM {table}".encode())  # noqa: S608 -- our own names
        connection.execute(f"VACUUM {', '.join(tables)}".encode())  # the rows lie as in a new one again
        for table in tables:
            with connection.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
                copy.write(self._tables[table])

    def _count_from_there(self, connection: psycopg.Connection) -> None:
        for sequence, number in connection.execute(NUMBERS).fetchall():
            then = self._numbers[sequence]
            if number != then:
                connection.execute("SELECT setval(%s, %s, %s)", (sequence, then or 1, then is not None))


def _read(connection: psycopg.Connection, table: str) -> bytes:
    with connection.cursor().copy(f"COPY {table} TO STDOUT".encode()) as copy:
        return b"".join(copy)
