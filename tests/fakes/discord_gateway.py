"""The gateway: sessions, numbered events, replay after a resume, compression.

Protocol: https://docs.discord.com/developers/events/gateway
"""

import asyncio
import contextlib
import json
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import zstandard
from aiohttp import WSMsgType, web

from tests.fakes.discord_errors import Json
from tests.fakes.discord_events import Addressed, first_events, wanted
from tests.fakes.discord_world import World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME = 0, 1, 2, 3, 4, 6
RECONNECT, REQUEST_MEMBERS, INVALID_SESSION, HELLO, ACK = 7, 8, 9, 10, 11

MOST_FRAMES = 120  # from a client in a minute; a connection here lives no longer


class Closing(Exception):
    """The gateway ends this connection with a close code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Connection:
    """One websocket: messages leave in the order they were put, compressed as it asked."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self._socket, self._request = socket, request
        self._outgoing: asyncio.Queue[Json | Closing] = asyncio.Queue()
        self.leaving = False  # our side says goodbye
        self.session: Session | None = None
        self.heard = 0
        self._squeeze: Callable[[bytes], bytes] | None = None
        asked = request.query.get("compress")
        if asked == "zlib-stream":
            deflate = zlib.compressobj()
            self._squeeze = lambda b: deflate.compress(b) + deflate.flush(zlib.Z_SYNC_FLUSH)
        elif asked == "zstd-stream":
            frame = zstandard.ZstdCompressor().compressobj()
            block = zstandard.COMPRESSOBJ_FLUSH_BLOCK
            self._squeeze = lambda b: frame.compress(b) + frame.flush(block)

    def put(
        self, op: int, data: Any = None, *, seq: int | None = None, name: str | None = None
    ) -> None:
        self._outgoing.put_nowait({"op": op, "d": data, "s": seq, "t": name})

    def close(self, code: int, reason: str = "") -> None:
        """Say goodbye with a code once everything before it has left."""
        self.leaving = True
        self._outgoing.put_nowait(Closing(code, reason))

    def cut(self) -> None:
        """Vanish without a close frame, with whatever had not left yet."""
        transport = self._request.transport
        if transport is not None:
            transport.abort()

    async def drain(self) -> None:
        """Write what is put until the connection ends."""
        while True:
            item = await self._outgoing.get()
            if isinstance(item, Closing):
                await self._socket.close(code=item.code, message=item.reason.encode())
                return
            text = json.dumps(item).encode()
            try:
                if self._squeeze is None:
                    await self._socket.send_str(text.decode())
                else:
                    await self._socket.send_bytes(self._squeeze(text))
            except ConnectionError:
                return


@dataclass(slots=True, eq=False)
class Session:
    id: str
    intents: int
    shard: tuple[int, int]
    seq: int = 0
    log: list[tuple[int, str, Json]] = field(default_factory=list)
    connection: Connection | None = None


class Gateway:
    """Every session there is; `dispatch` reaches those whose intents and shard ask for it."""

    def __init__(self, world: World, token: Callable[[], str]) -> None:
        self._world, self._token = world, token
        self.allowed_privileged = 1 << 1 | 1 << 8 | 1 << 15
        self.heartbeat_interval = 41.25
        self.acknowledges = True  # False: heartbeats fall silent
        self.shards = 1  # as many as it advises
        self.starts = 1000  # sessions that may still begin today
        self.max_concurrency = 1
        self.apart = 0.0  # seconds between two identifies of one rate limit key; really 5
        self.largest = 2500  # guilds of one shard
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.identified_at: list[float] = []
        self.refused_starts = 0  # identifies that came too soon
        self._last_start: dict[int, float] = {}
        self.identified = 0  # sessions begun
        self.intents = 0  # of the latest identify
        self.compression: list[str | None] = []
        self.closed_with: list[int | None] = []  # codes the bot closed its sockets with
        self.resumes = 0
        self.dispatched: list[tuple[str, Json]] = []
        self._held: list[tuple[str, Json, Addressed]] | None = None

    # What a test commands

    def drop(self) -> None:
        """Cut every socket without a close frame; sessions can be resumed."""
        for connection in list(self.connections):
            connection.cut()
            self._detach(connection)

    def close(self, code: int) -> None:
        """Close every socket with a code; after some the session is gone."""
        for connection in list(self.connections):
            connection.close(code)
        if code in (1000, 1001, 4007, 4009):
            self.sessions.clear()

    def reconnect(self) -> None:
        """Ask every client to come back and resume."""
        for connection in list(self.connections):
            connection.put(RECONNECT)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Call every session invalid; one that is not resumable is forgotten."""
        for connection in list(self.connections):
            connection.put(INVALID_SESSION, resumable)
        if not resumable:
            self.sessions.clear()

    @contextlib.contextmanager
    def reordered(
        self, order: Callable[[list[Any]], Iterator[Any]] = lambda events: reversed(events)
    ) -> Iterator[None]:
        """Hold events back and let them go in another order, by default the reverse."""
        self._held = []
        try:
            yield
        finally:
            held, self._held = self._held, None
            for name, data, where in order(held):
                self.dispatch(name, data, where)

    @property
    def ready(self) -> bool:
        """Whether a session is connected and has been told its guilds."""
        return any(session.connection for session in self.sessions.values())

    # Events

    def dispatch(self, name: str, data: Json, where: Addressed) -> None:
        """Number an event for every session it concerns and send it where a socket is open."""
        if self._held is not None:
            self._held.append((name, data, where))
            return
        self.dispatched.append((name, data))
        for session in self.sessions.values():
            if wanted(name, where, session.intents, session.shard):
                self._send(session, name, where.seen_with(session.intents, data))
        self._world.changed()

    def _send(self, session: Session, name: str, data: Json) -> None:
        session.seq += 1
        session.log.append((session.seq, name, data))
        if session.connection is not None:
            session.connection.put(DISPATCH, data, seq=session.seq, name=name)

    # The wire

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=4096 * 4, autoping=True)
        await socket.prepare(request)
        connection = Connection(socket, request)
        self.connections.add(connection)
        self.compression.append(request.query.get("compress"))
        connection.put(HELLO, {"heartbeat_interval": int(self.heartbeat_interval * 1000)})
        writing = asyncio.create_task(connection.drain())
        try:
            if request.query.get("v") not in ("9", "10"):
                connection.close(4012, "Invalid API version")
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._hear(connection, frame.data)
        finally:
            if connection.leaving:
                await asyncio.wait({writing}, timeout=5)
            writing.cancel()
            if not connection.leaving:
                self.closed_with.append(socket.close_code)
                if socket.close_code in (1000, 1001) and connection.session is not None:
                    self.sessions.pop(connection.session.id, None)  # the bot has done with it
            self._detach(connection)
            self._world.changed()
        return socket

    def _hear(self, connection: Connection, text: str) -> None:
        try:
            frame = json.loads(text)
            op, data = frame["op"], frame.get("d")
            connection.heard += 1
            if connection.heard > MOST_FRAMES:
                raise Closing(4008, "Rate limited.")
            if op == HEARTBEAT:
                if self.acknowledges:
                    connection.put(ACK)
            elif op == IDENTIFY:
                self._identify(connection, data)
            elif op == RESUME:
                self._resume(connection, data)
            elif connection.session is None:
                raise Closing(4003, "Not authenticated.")
            elif op == REQUEST_MEMBERS:
                self._members(connection.session, data)
            elif op not in (PRESENCE, VOICE):
                raise Closing(4001, "Unknown opcode.")
        except Closing as closing:
            connection.close(closing.code, closing.reason)
        except (ValueError, KeyError, TypeError):
            connection.close(4002, "Error while decoding payload.")
        self._world.changed()

    def _identify(self, connection: Connection, data: Json) -> None:
        self.identified_at.append(self._world.clock.now())
        if connection.session is not None:
            raise Closing(4005, "Already authenticated.")
        if data["token"].removeprefix("Bot ") != self._token():
            raise Closing(4004, "Authentication failed.")
        self.intents = intents = int(data["intents"])
        if intents >> 32:
            raise Closing(4013, "Invalid intent(s).")
        if intents & (1 << 1 | 1 << 8 | 1 << 15) & ~self.allowed_privileged:
            raise Closing(4014, "Disallowed intent(s).")
        number, total = data.get("shard", (0, 1))
        if not 0 <= number < total:
            raise Closing(4010, "Invalid shard.")
        mine = [it for it in self._world.guilds.values() if (it.id >> 22) % total == number]
        if len(mine) > self.largest:
            raise Closing(4011, "Sharding required.")
        if self._too_soon(number % self.max_concurrency):
            self.refused_starts += 1
            connection.put(INVALID_SESSION, False)
            return
        self.starts -= 1
        session = Session(f"session{self._world.new_id()}", intents, (number, total))
        self.sessions[session.id] = session
        self.identified += 1
        self._attach(connection, session)
        for name, body in first_events(self._world, session.id, intents, session.shard):
            self._send(session, name, body)

    def _too_soon(self, key: int) -> bool:
        now = time.monotonic()
        too_soon = now - self._last_start.get(key, -self.apart) < self.apart
        self._last_start[key] = now
        return too_soon

    def _resume(self, connection: Connection, data: Json) -> None:
        if data["token"].removeprefix("Bot ") != self._token():
            raise Closing(4004, "Authentication failed.")
        session = self.sessions.get(data["session_id"])
        if session is None:
            connection.put(INVALID_SESSION, False)
            return
        if data["seq"] > session.seq:
            raise Closing(4007, "Invalid seq.")
        for seq, name, body in session.log:
            if seq > data["seq"]:
                connection.put(DISPATCH, body, seq=seq, name=name)
        self._attach(connection, session)
        self.resumes += 1
        self._send(session, "RESUMED", {"_trace": []})

    def _members(self, session: Session, data: Json) -> None:
        people = list(self._world.users.values())
        if data.get("user_ids"):
            ids = data["user_ids"] if isinstance(data["user_ids"], list) else [data["user_ids"]]
            people = [user for user in people if str(user.id) in map(str, ids)]
        body = {
            "guild_id": str(data["guild_id"]),
            "members": [user.member() for user in people],
            "chunk_index": 0,
            "chunk_count": 1,
            "nonce": data.get("nonce"),
        }
        self._send(session, "GUILD_MEMBERS_CHUNK", body)

    def _attach(self, connection: Connection, session: Session) -> None:
        if session.connection is not None:
            session.connection.close(4000, "Resumed elsewhere.")
        session.connection, connection.session = connection, session

    def _detach(self, connection: Connection) -> None:
        self.connections.discard(connection)
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
