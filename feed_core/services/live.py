"""Keeps the window on the live part of the feed: loads it, and brings it up to date.

Everything in it can be read again from the database. What this process does is in it at once, what
another one does as soon as it is told, or within two seconds; what was taken back leaves with the
next loading, and is never shown meanwhile, because whoever shows something asks the database
whether it may be seen.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from feed_core.events import (
    AccountsLeft,
    CreationPublished,
    DeliveryOwed,
    Event,
    EventsMissed,
    MemberErased,
    MemberJoined,
    MembersMerged,
    MemoryForgotten,
    VisibilityChanged,
)
from feed_core.services import arrivals
from feed_core.services import window as windows
from feed_core.services.arrivals import Heard, Reactions
from feed_core.services.crowd import Crowd, Floats, Places
from feed_core.services.nearest import Nearest
from feed_core.services.portrait import Album
from feed_core.services.taste import centred
from feed_core.services.window import Row, Window
from feed_core.store import Store

EVERY = timedelta(seconds=2)  # another process may have changed something
ANEW = timedelta(hours=1)  # from loading to loading
SETTLED = timedelta(seconds=5)  # what was written at one moment may be seen this much later
SMALL = 20_000  # reactions that are counted while somebody waits
AT_ONCE = 2_000  # creations whose vectors are asked for together
LATE = 500  # creations whose vector was not there yet, the newest, that are asked about again


@dataclass(slots=True)
class _State:
    """The window, and how far the database was read for it."""

    window: Window
    reactions: Reactions
    looked: datetime
    loaded: datetime
    unmeant: Places  # numbers of those of which it is not known what they are about
    heard: set[Heard] = field(default_factory=set)  # of what may be read once more
    uncounted: bool = False  # there are reactions that its crowd does not know
    thin: bool = False  # of most that was not known when it was read


class Live:
    """The window on the live part of the feed, for whoever asks."""

    def __init__(self, store: Store, meaning: Nearest) -> None:
        self._store, self._meaning = store, meaning
        self._lock = asyncio.Lock()
        self._state: _State | None = None
        self._counting: asyncio.Task[Crowd] | None = None
        self._loading: asyncio.Task[_State] | None = None
        self._stale = False
        self._opened: set[int] = set()  # creations that others may see now

    async def hear(self, event: Event) -> None:
        """Take note that something happened; a subscriber of the bus."""
        match event:
            case DeliveryOwed() | MemberJoined() | MemoryForgotten():
                return
            case MembersMerged() | AccountsLeft() | MemberErased() | EventsMissed():
                self._state = None  # whose things they were stands in it everywhere
            case CreationPublished() | VisibilityChanged():
                self._opened.add(event.creation_id)
        self._stale = True

    async def window(self) -> Window:
        """The window as of now; the first time it is read from the database."""
        async with self._lock:
            state = self._state = await self._current()
            if self._stale or self._store.clock.now() - state.looked >= EVERY:
                await self._catch_up(state)
            return state.window

    async def close(self) -> None:
        """Let go of what is under way."""
        under_way = [it for it in (self._counting, self._loading) if it is not None]
        for it in under_way:
            it.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def _current(self) -> _State:
        """The state, read anew from time to time: what was taken back or erased leaves it so."""
        if self._state is None:
            return await self._load()
        if self._loading is not None and self._loading.done():
            loaded, self._loading = self._loading.result(), None
            return loaded
        if self._loading is None and self._store.clock.now() - self._state.loaded >= ANEW:
            self._loading = asyncio.create_task(self._load())
        return self._state

    async def _load(self) -> _State:
        async with self._store.read() as view:
            now = view.now
            rows = await arrivals.newest(view)
            oldest = datetime.fromtimestamp(rows[0].published, UTC) if rows else now
            moves = await arrivals.said(view, since=oldest)
            reactions = await arrivals.reactions(view)
            album = Album(*await arrivals.makers(view))
        crowd = await asyncio.to_thread(reactions.crowd)
        vectors = await self._vectors([it.id for it in rows])
        opened = await asyncio.to_thread(
            windows.opened, rows, vectors, crowd, now=now.timestamp(), album=album
        )
        window = windows.with_moves(opened, moves)
        unmeant = _unmeant(rows, vectors)
        thin = len(unmeant) > len(rows) / 2
        # The next look reads these once more, and they are no reason to count all of them anew.
        heard = reactions.after((now - SETTLED).timestamp()).each()
        return _State(
            window, reactions, looked=now, loaded=now, unmeant=unmeant, heard=heard, thin=thin
        )

    async def _vectors(self, creation_ids: Sequence[int]) -> Floats:
        """What these are about, asked in pieces."""
        pieces = [
            await self._meaning.vectors(creation_ids[at : at + AT_ONCE])
            for at in range(0, max(1, len(creation_ids)), AT_ONCE)
        ]
        return np.concatenate(pieces)

    async def _catch_up(self, state: _State) -> None:
        self._stale, opened = False, self._opened
        self._opened = set()
        since = state.looked - SETTLED
        async with self._store.read() as view:
            new = state.window.unknown(await arrivals.published(view, since=since))
            rows = await arrivals.these(view, new | opened)
            moves = await arrivals.said(view, since=since)
            edits = await arrivals.edited(view, since=since)
            reactions = await arrivals.reactions(view, since=since)
            state.looked = view.now
        window = windows.with_changes(state.window, [it for it in rows if it.id not in new])
        if new:
            fresh = [it for it in rows if it.id in new]
            vectors = await self._vectors([it.id for it in fresh])
            window = windows.with_rows(window, fresh, vectors)
            state.unmeant = np.union1d(state.unmeant, _unmeant(fresh, vectors))
        state.window = windows.with_moves(window, moves | edits)
        await self._learn(state, edits)
        heard = reactions.each()
        if unheard := heard - state.heard:
            state.reactions = state.reactions.joined(Reactions.of(unheard))
            state.uncounted = True
        state.heard = heard
        await self._count(state)

    async def _learn(self, state: _State, edits: Collection[int]) -> None:
        """Ask what was edited is about, and the newest of what was not known."""
        window, late = state.window, state.unmeant[-LATE:]
        ids = window.ids[window.here(np.union1d(late, list(edits)).tolist())]
        if not len(ids):
            return
        rows = await self._meaning.vectors(ids.tolist())
        window.meant.fill(window.here(ids.tolist()), centred(rows, window.common))
        state.unmeant = np.setdiff1d(state.unmeant, ids[rows.any(axis=1)])
        if state.thin and len(state.unmeant) < len(window.ids) / 2:
            state.loaded -= ANEW  # what all have in common can be told only now

    async def _count(self, state: _State) -> None:
        """Let the crowd know the newest reactions: at once if that is quick, else meanwhile."""
        crowd: Crowd | None = None
        if self._counting is not None and self._counting.done():
            crowd, self._counting = self._counting.result(), None
        if state.uncounted and len(state.reactions.when) <= SMALL:
            crowd, state.uncounted = state.reactions.crowd(), False
        elif state.uncounted and self._counting is None:
            self._counting = asyncio.create_task(asyncio.to_thread(state.reactions.crowd))
            state.uncounted = False
        if crowd is not None:
            state.window = windows.judged(state.window, crowd, now=state.looked.timestamp())


def _unmeant(rows: Sequence[Row], vectors: Floats) -> Places:
    """The numbers of those without a vector, rising."""
    ids = np.array([it.id for it in rows], dtype=np.int64)
    return np.sort(ids[~np.any(vectors, axis=1)])
