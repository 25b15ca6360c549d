"""PostgreSQL for asyncio: what a transaction says reaches the server in few messages.

psycopg makes a cursor for each statement, sends it and waits for its answer; in CPU that is several
times what the statement needs, and BEGIN and COMMIT are statements too. Here one that is made once
goes to the server past the cursors: prepared, and in one message with what begins its transaction
and with what was written before and nobody waited for (the pipeline mode of libpq).
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Self

import psycopg
from psycopg import AsyncCursor, AsyncServerCursor, OperationalError
from psycopg.adapt import Buffer, PyFormat, Transformer
from psycopg.errors import InFailedSqlTransaction, error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.rows import AsyncRowFactory, TupleRow, tuple_row
from psycopg.types.json import JsonLoader

BEGIN = {  # of who writes, of who only looks
    True: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
    False: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}
COMMIT, ROLLBACK = "COMMIT", "ROLLBACK"
EMPTY = b"[]"
STOPS_WITHIN = 5.0  # seconds for a server to stop what nobody waits for any longer
# As psycopg knows them: after these it has the server forget all that is prepared.
FORGETTING = ("DROP", "ALTER", "ROLLBACK", "DISCARD", "DEALLOCATE")
Key = tuple[str, tuple[int, ...]]  # the words of a statement, and the types of its values


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement and its values as they are sent; one that has a `key` is prepared."""

    words: str
    key: Key | None = None
    values: Sequence[Any] = ()
    formats: Sequence[int] = ()


class Connection(psycopg.AsyncConnection[TupleRow]):
    """A connection of psycopg that begins its transactions itself, for one task at a time.

    `begin` is how the next statement begins one. A connection that `only_looks` ends its own
    without waiting for it. In the words of `fetch` and `later` values stand as $1, $2 and so on.
    """

    begin = BEGIN[True]
    only_looks = False

    def __init__(self, pgconn: PGconn, row_factory: AsyncRowFactory[Any] = tuple_row) -> None:
        super().__init__(pgconn, row_factory)
        self.cursor_factory, self.server_cursor_factory = _Cursor, _ServerCursor
        self.adapters.register_loader("json", _JsonLoader)
        self._turned = Transformer(self)
        self._names: dict[Key, bytes] = {}  # of what the server has prepared
        self._named = 0
        self._waiting: list[_Said] = []  # what goes along with the next statement
        self._owed = 0  # answers to a COMMIT that nobody waited for

    @property
    def in_transaction(self) -> bool:
        """Whether one has begun on the server and not ended."""
        return not self._owed and self.pgconn.transaction_status != TransactionStatus.IDLE

    @property
    def is_idle(self) -> bool:
        """Whether another transaction can begin on it."""
        return not (self.closed or self._waiting or self.in_transaction)

    def is_there(self) -> bool:
        """Whether the server still holds the connection, as far as it has said; nobody waits.

        One that stops, or ends the connection, has said so at once.
        """
        try:
            for _ in range(2):  # its last words, and that nothing comes behind them
                self.pgconn.consume_input()
        except OperationalError:
            return False
        return not self.closed

    async def fetch(self, *asked: tuple[str, Sequence[Any]]) -> list[list[TupleRow]]:
        """Execute these statements, behind what waits, and fetch all rows of each."""
        for words, values in asked:
            self.later(words, (values,))
        answers = await self._exchange()
        found: list[list[TupleRow]] = []
        for it in answers[len(answers) - len(asked) :]:
            self._turned.set_pgresult(it)
            found.append(self._turned.load_rows(0, it.ntuples, tuple))
        return found

    def later(self, words: str, rows: Sequence[Sequence[Any]]) -> None:
        """Execute a statement with each of these values along with the next one, or the commit."""
        turned = self._turned
        for it in rows:
            values = turned.dump_sequence(it, tuple(repeat(PyFormat.AUTO, len(it))))
            said = _Said(words, (words, turned.types or ()), values, turned.formats or ())
            self._waiting.append(said)

    async def settle(self) -> None:
        """Begin, and have done what waits, so that a cursor of psycopg can go on."""
        if self._waiting or not self.in_transaction:
            await self._exchange()

    async def commit(self) -> None:
        """Commit the transaction, if there is one, with what waits.

        Raises:
            InFailedSqlTransaction: one of its statements had failed, so nothing was changed.
        """
        if not (self._waiting or self.in_transaction):
            return
        self._waiting.append(_Said(COMMIT))
        if self.only_looks:
            self._send()
            self._owed += 1
        elif (await self._exchange())[-1].command_status == ROLLBACK.encode():
            raise InFailedSqlTransaction("a statement of this transaction had failed")

    async def rollback(self) -> None:
        """Roll the transaction back, if there is one.

        A connection that fails at it is let go, and the transaction with it.
        """
        self._waiting = []
        if not self.closed and self.in_transaction:
            self._waiting.append(_Said(ROLLBACK))
            with suppress(psycopg.Error):
                await self._exchange()

    def forget(self) -> None:
        """Prepare everything anew: the server has forgotten it."""
        self._names = {}

    async def _exchange(self) -> list[PGresult]:
        """Send what waits and read the answer to each statement, in their order."""
        try:
            preparing = self._send()
            while self.pgconn.flush():
                await self._ready(writing=True)
                self.pgconn.consume_input()
            results = await self._answers()
            while self._owed:
                self._owed -= 1
                results = await self._answers()
            self.pgconn.exit_pipeline_mode()
        except BaseException:
            await self._let_go()
            raise
        found: list[PGresult] = []
        for key, result in zip(preparing, results, strict=False):
            if result.status == ExecStatus.FATAL_ERROR:
                raise error_from_result(result)
            if key is None:
                found.append(result)
            else:
                self._names[key[0]] = key[1]
        return found

    def _send(self) -> list[tuple[Key, bytes] | None]:
        """Hand on what waits; for each answer that comes, what it says is prepared."""
        waiting, self._waiting = self._waiting, []
        if not self.in_transaction:
            waiting.insert(0, _Said(self.begin))
        self.pgconn.enter_pipeline_mode()
        preparing: list[tuple[Key, bytes] | None] = []
        new: dict[Key, bytes] = {}
        for it in waiting:
            if it.key is None:
                self.pgconn.send_query_params(it.words.encode(), None)
            else:
                name = self._names.get(it.key) or new.get(it.key)
                if name is None:
                    self._named += 1
                    name = new[it.key] = f"jamfeed_{self._named}".encode()
                    self.pgconn.send_prepare(name, it.words.encode(), it.key[1])
                    preparing.append((it.key, name))
                self.pgconn.send_query_prepared(name, it.values, it.formats)
            preparing.append(None)
        self.pgconn.pipeline_sync()
        return preparing

    async def _answers(self) -> list[PGresult]:
        """The answers to what was sent at once."""
        found: list[PGresult] = []
        while True:
            while self.pgconn.is_busy():
                await self._ready()
                self.pgconn.consume_input()
            result = self.pgconn.get_result()
            if result is None:  # so ends each answer
                if self.closed:
                    raise OperationalError("the server has ended the connection")
            elif result.status == ExecStatus.PIPELINE_SYNC:
                return found
            else:
                found.append(result)

    async def _ready(self, *, writing: bool = False) -> None:
        """Wait until there is something to read, or room to write."""
        loop, socket = asyncio.get_running_loop(), self.pgconn.socket
        ready = loop.create_future()
        loop.add_reader(socket, _done, ready)
        if writing:
            loop.add_writer(socket, _done, ready)
        try:
            await ready
        finally:
            loop.remove_reader(socket)
            if writing:
                loop.remove_writer(socket)

    async def _let_go(self) -> None:
        """End the connection: nobody knows any longer to what the next answer belongs."""
        try:
            if self.pgconn.status == ConnStatus.OK:
                with suppress(psycopg.Error):
                    await self.cancel_safe(timeout=STOPS_WITHIN)
        finally:
            self.pgconn.finish()


def _done(ready: "asyncio.Future[None]") -> None:
    if not ready.done():
        ready.set_result(None)


class _JsonLoader(JsonLoader):
    """Knows the list that most are, without reading it."""

    def load(self, data: Buffer) -> Any:
        """What a value says."""
        return [] if data == EMPTY else super().load(data)


class _Cursor(AsyncCursor[TupleRow]):
    """What SQLAlchemy executes with; it comes behind what waits."""

    async def execute(self, *given: Any, **named: Any) -> Self:
        """Execute one statement."""
        connection = self.connection
        assert isinstance(connection, Connection)
        await connection.settle()
        await super().execute(*given, **named)
        if (self.statusmessage or "").startswith(FORGETTING):
            connection.forget()
        return self

    async def executemany(self, *given: Any, **named: Any) -> None:
        """Execute one statement with each of some values."""
        assert isinstance(self.connection, Connection)
        await self.connection.settle()
        await super().executemany(*given, **named)


class _ServerCursor(AsyncServerCursor[TupleRow]):
    """What SQLAlchemy reads many rows with."""

    def __del__(self, *given: Any, **named: Any) -> None:
        """Warn where it was left open; with a connection that ended it has ended too."""
        if not self.connection.closed:
            super().__del__(*given, **named)

    async def execute(self, *given: Any, **named: Any) -> Self:
        """Execute one statement."""
        assert isinstance(self.connection, Connection)
        await self.connection.settle()
        return await super().execute(*given, **named)
