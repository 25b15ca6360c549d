"""Which process holds what, as PostgreSQL tells anybody who works on the same database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text

from feed_core.holding import OURS, key_of
from feed_core.store import POSTGRES, View

HALF = 2**32
UNKNOWN = ""  # what is held under a name that was not asked about
# objsubid 2: a key of two halves; https://www.postgresql.org/docs/current/view-pg-locks.html
LOCKS = text("""
    SELECT locks.objid::bigint AS half, sessions.pid, sessions.backend_start AS since,
        host(sessions.client_addr) AS address
    FROM pg_locks AS locks JOIN pg_stat_activity AS sessions ON sessions.pid = locks.pid
    WHERE locks.locktype = 'advisory' AND locks.classid = :ours AND locks.objsubid = 2
        AND locks.granted
        AND locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    ORDER BY sessions.backend_start, sessions.pid
""")


@dataclass(frozen=True, slots=True)
class Process:
    """A process that works on the database: what it holds, since when and from where it is there.

    `address` is "" where it came through a socket of the server's own machine.
    """

    names: list[str]
    since: datetime
    address: str


async def processes(view: View, names: Sequence[str]) -> list[Process]:
    """The processes that hold something, the oldest first; of SQLite nothing is told."""
    if view.dialect != POSTGRES:
        return []
    halves = {key_of(it)["name"] % HALF: it for it in names}
    found: dict[int, Process] = {}
    for it in await (await view.core()).execute(LOCKS, {"ours": OURS}):
        there = found.setdefault(it.pid, Process([], it.since.astimezone(UTC), it.address or ""))
        there.names.append(halves.get(it.half, UNKNOWN))
    return list(found.values())
