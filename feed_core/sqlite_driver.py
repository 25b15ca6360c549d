"""SQLite for asyncio: a whole statement, with its rows, for one change of threads.

Between two threads of Python a change takes longer than most statements do. aiosqlite changes once
to make a cursor, once to execute, once to fetch and once to close; here all of that is one, and
of long answers only what comes behind the first rows is fetched piece by piece. What is written and
nobody waits for goes along with the next statement, or with the commit.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Self

import aiosqlite

AT_ONCE = 1_000  # rows that come with the statement itself
PIECE = 64  # rows, where somebody goes through them one by one
SAVE, GO_BACK, RELEASE = "SAVEPOINT one", "ROLLBACK TO one", "RELEASE one"


class Cursor:
    """What SQLAlchemy asks of a cursor of aiosqlite; its rows are there when it was executed."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._open: sqlite3.Cursor | None = None  # has more rows
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, values: Sequence[Any] = ()) -> Self:
        """Execute one statement and fetch its first rows."""
        await self._connection.do(self._execute, statement, values)
        return self

    async def executemany(self, statement: str, values: Iterable[Sequence[Any]]) -> Self:
        """Execute one statement with each of these values."""
        await self._connection.do(self._execute_many, statement, values)
        return self

    async def fetchall(self) -> list[Any]:
        """All rows that are left."""
        if self._open is not None:
            await self._connection.do(self._fetch, None)
        rows, self._rows = self._rows, []
        return rows

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next rows."""
        wanted = size or self.arraysize
        if self._open is not None and len(self._rows) < wanted:
            await self._connection.do(self._fetch, wanted - len(self._rows))
        rows, self._rows = self._rows[:wanted], self._rows[wanted:]
        return rows

    async def fetchone(self) -> Any:
        """The next row, or None."""
        rows = await self.fetchmany(1)
        return rows[0] if rows else None

    async def close(self) -> None:
        """Let go of the rows that are left."""
        self._rows = []
        if self._open is not None:
            await self._connection.do(self._close)

    def _execute(self, statement: str, values: Sequence[Any]) -> None:
        self._connection.begun()
        cursor = self._open = self._connection.driver.execute(statement, values)
        self._rows = []
        self._fetch(AT_ONCE)
        self.description, self.lastrowid = cursor.description, cursor.lastrowid
        self.rowcount = cursor.rowcount  # with RETURNING it is known when the rows were fetched

    def _execute_many(self, statement: str, values: Iterable[Sequence[Any]]) -> None:
        self._connection.begun()
        cursor = self._connection.driver.executemany(statement, values)
        self.description, self.lastrowid = cursor.description, cursor.lastrowid
        self.rowcount = cursor.rowcount
        cursor.close()

    def _fetch(self, count: int | None) -> None:
        assert self._open is not None
        found = self._open.fetchall() if count is None else self._open.fetchmany(count)
        self._rows += found
        if count is None or len(found) < count:
            self._close()

    def _close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


class Connection(aiosqlite.Connection):
    """A connection of aiosqlite with cursors of ours.

    `begin` is how the next statement begins a transaction first, without a change of threads; one
    that `only_looks` ends its own without one. One that `hands_on` leaves what it wrote to the
    commit of a later one, which begins behind a savepoint and can go back to it alone.

    Whoever writes and is cancelled gets what it waits for first, and is `stopped` only then: what
    others handed on would be lost with a connection that SQLAlchemy lets go of in the middle.
    """

    begin: str | None = None
    only_looks = False  # then nothing is written at the end, and nothing waited for
    hands_on = False
    stopped = False  # whoever writes was cancelled, and does not know it yet
    _waiting: Sequence[Callable[[], None]] = ()  # what goes along with the next statement
    left = False  # what was handed on is not committed yet
    _began = False  # of these two only the connection's own thread knows
    _lost: Exception | None = None  # why what was handed on is gone

    def begun(self) -> None:
        """Begin what is to begin; in the connection's own thread."""
        if self._lost is not None:
            raise self._lost
        if self.begin is not None:
            begin, self.begin = self.begin, None
            if not self._conn.in_transaction:
                self._conn.execute(begin).close()
            elif self.left:
                self._conn.execute(SAVE).close()
            self._began = True

    @property
    def driver(self) -> sqlite3.Connection:
        """The connection that it drives."""
        return self._conn

    async def do(self, work: Callable[..., None], *given: object) -> None:
        """Have this done by the connection's own thread, and before it what waits for it."""
        waiting, self._waiting = self._waiting, ()
        await self._done(partial(self._in_turn, waiting, partial(work, *given)))

    async def fetch(self, *asked: tuple[str, Sequence[Any]]) -> list[list[Any]]:
        """Execute these statements, one after the other, and fetch all rows of each."""
        found: list[list[Any]] = []

        def work() -> None:
            self.begun()
            found.extend(self._conn.execute(words, it).fetchall() for words, it in asked)

        await self.do(work)
        return found

    def later(self, words: str, rows: Sequence[Sequence[Any]]) -> None:
        """Execute a statement with each of these values along with the next one, or the commit."""

        def work() -> None:
            self.begun()
            if len(rows) == 1:
                self._conn.execute(words, rows[0]).close()
            else:
                self._conn.executemany(words, rows).close()

        self._waiting = (*self._waiting, work)

    def cursor(self) -> Cursor:  # type: ignore[override]  # it needs no waiting for
        """A cursor that costs nothing until it executes."""
        return Cursor(self)

    async def commit(self) -> None:
        """Commit the transaction, if there is one, and all that were handed on to it."""
        if self.only_looks:
            self.begin = None
            self._conn.commit()
        elif self._waiting or self.begin is None:
            await self.do(self._commit, self.hands_on)
        self.begin = None

    async def commit_left(self) -> None:
        """Commit what was handed on, if nobody did."""
        await self.do(self._commit_left)

    async def rollback(self) -> None:
        """Roll the transaction back, if there is one; not those that were handed on to it."""
        self.begin, self._waiting = None, ()
        await self._done(self._rollback)

    async def _done(self, work: Callable[[], None]) -> None:
        if self.only_looks:
            await self._execute(work)  # type: ignore[no-untyped-call]  # it has no types
            return
        if not self._running:
            raise ValueError("Connection closed")
        doing = asyncio.get_running_loop().create_future()
        self._tx.put_nowait((doing, work))
        try:
            await asyncio.shield(doing)
        except asyncio.CancelledError:
            self.stopped = True
            while not doing.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait((doing,))
            doing.result()

    def _commit_left(self) -> None:
        lost, self._lost = self._lost, None
        if lost is not None:
            self.left = False
            raise lost
        self._commit(False)

    def _commit(self, hands_on: bool) -> None:
        if self._lost is not None:
            raise self._lost
        began, self._began = self._began, False
        if hands_on:
            if began and self.left:
                self._conn.execute(RELEASE).close()
            self.left = self.left or began
            return
        try:
            self._conn.commit()
        except sqlite3.Error as error:
            self._conn.rollback()
            if self.left:
                self._lost = error
            raise
        self.left = False

    def _rollback(self) -> None:
        began, self._began = self._began, False
        if not self.left:
            self._conn.rollback()
        elif began and self._conn.in_transaction:
            self._conn.execute(GO_BACK).close()
            self._conn.execute(RELEASE).close()

    def _in_turn(self, waiting: Sequence[Callable[[], None]], work: Callable[[], None]) -> None:
        try:
            for it in waiting:
                it()
            work()
        except sqlite3.Error as error:  # some end the whole transaction
            if self.left and not self._conn.in_transaction:
                self._lost = error
            raise


def connecting(file: Path) -> Callable[[], Awaitable[Connection]]:
    """What opens connections to this file."""

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(file, check_same_thread=False)

    async def opened() -> Connection:
        connection = Connection(connect, PIECE)
        connection._thread.daemon = True  # as SQLAlchemy does with those that it makes
        await connection
        return connection

    return opened
