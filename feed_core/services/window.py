"""The live part of the feed as arrays: the newest creations, and who reacted to them.

It is a copy of what the database says, made to be looked through at once; it decides what to look
at, never what may be seen.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from feed_core.services.crowd import Crowd, Floats, Moments, Places
from feed_core.services.looks import Looks
from feed_core.services.meant import Meant, axes_of
from feed_core.services.pairs import Pairs
from feed_core.services.portrait import Album
from feed_core.services.taste import centred, in_common
from feed_core.services.votes import Votes
from feed_core.services.whereabouts import Whereabouts

MOST = 50_000  # creations
SPARE = MOST // 2  # places for newer ones before the oldest have to leave
POPULAR = 5_000
EVERYWHERE, NOWHERE = 0, -1  # in place of a room: everybody may see it, or its maker alone
MILESTONES = (3, 10, 30, 100, 300, 1_000, 3_000, 10_000)  # reactions that make something news again


@dataclass(frozen=True, slots=True)
class Row:
    """One creation as the window keeps it; moments are seconds since 1970."""

    id: int
    maker: int
    room: int
    published: float
    recommended: bool
    tags: Sequence[str] = ()
    threads: Sequence[int] = ()
    edited: float = 0.0


@dataclass(frozen=True, slots=True)
class Window:
    """The newest creations in the order they were published: arrays with one row for each.

    Moments are seconds since 1970. `moved` is when something last happened to a creation: it was
    published or edited, somebody remixed or commented on it, or its reactions passed a milestone.
    """

    ids: Places
    makers: Places
    rooms: Places
    roots: Places  # where its oldest thread began
    published: Moments
    moved: Moments
    recommended: NDArray[np.bool_]
    jammed: NDArray[np.bool_]  # made of others, or others were made of it
    meant: Meant
    quality: Floats  # the logarithm of how many reacted lately
    popular: Places  # those of the highest quality, the highest first
    votes: Votes  # of the crowd, for each
    made: Pairs  # by whom
    tags: Pairs
    threads: Pairs
    tag_numbers: Mapping[str, int]
    common: Floats  # what all vectors had in common
    crowd: Crowd
    album: Album  # of members, as long as this window is kept up to date
    looks: Looks
    whereabouts: Whereabouts = field(repr=False)  # of the ids
    left: int = 0  # the highest id of those that had to leave

    @property
    def vectors(self) -> Floats:
        """What each creation is about."""
        return self.meant.whole.rows

    @property
    def short(self) -> Floats:
        """The same, to compare many."""
        return self.meant.short.rows

    def places(self, ids: Places) -> tuple[Places, NDArray[np.bool_]]:
        """Where these creations stand, and which of them are here."""
        return self.whereabouts.find(ids)

    def unknown(self, ids: Collection[int]) -> set[int]:
        """Those of these creations that are not here, and are newer than what has left."""
        wanted = np.array([it for it in ids if it > self.left], dtype=np.int64)
        _, known = self.places(wanted)
        return set(wanted[~known].tolist())

    def here(self, ids: Collection[int]) -> Places:
        """Where those of these creations stand that are here."""
        if not len(ids):
            return np.empty(0, dtype=np.int64)
        at, known = self.places(np.array(list(ids), dtype=np.int64))
        return at[known]

    def part(self, places: Places) -> "Window":
        """The creations in these places, which rise, as a window of their own to look through."""
        stands = np.full(len(self.ids), -1)
        stands[places] = np.arange(len(places))
        popular = stands[self.popular]
        return _found_by_id(
            replace(
                self,
                ids=self.ids[places],
                makers=self.makers[places],
                rooms=self.rooms[places],
                roots=self.roots[places],
                published=self.published[places],
                moved=self.moved[places],
                recommended=self.recommended[places],
                jammed=self.jammed[places],
                meant=self.meant.at(places),
                quality=self.quality[places],
                popular=popular[popular >= 0],
                made=self.made.among(stands),
                tags=self.tags.among(stands),
                threads=self.threads.among(stands),
            )
        )


def opened(
    rows: Sequence[Row], vectors: Floats, crowd: Crowd, *, now: float, album: Album
) -> Window:
    """A window on these creations, the first published first."""
    shared = in_common(vectors) if len(vectors) else np.zeros(vectors.shape[1], dtype=np.float32)
    nothing = np.empty(0, dtype=np.int64)
    empty = Window(
        ids=nothing,
        makers=nothing,
        rooms=nothing,
        roots=nothing,
        published=nothing.astype(np.float64),
        moved=nothing.astype(np.float64),
        recommended=nothing.astype(bool),
        jammed=nothing.astype(bool),
        meant=Meant.nothing(vectors.shape[1], axes_of(vectors, shared), spare=SPARE),
        quality=nothing.astype(np.float32),
        popular=nothing,
        votes=crowd.votes(nothing),
        made=Pairs(nothing, nothing),
        tags=Pairs(nothing, nothing),
        threads=Pairs(nothing, nothing),
        tag_numbers={},
        common=shared,
        crowd=crowd,
        album=album,
        looks=Looks(),
        whereabouts=Whereabouts(nothing),
    )
    return judged(with_rows(empty, rows, vectors), crowd, now=now)


def with_rows(window: Window, rows: Sequence[Row], vectors: Floats) -> Window:
    """The window with newer creations behind the others; the oldest leave when it is full."""
    if not rows:
        return window
    window = _with_room(window, len(rows))
    first = len(window.ids)
    numbers = dict(window.tag_numbers)
    tags = [
        (numbers.setdefault(tag, len(numbers)), first + n)
        for n, it in enumerate(rows)
        for tag in it.tags
    ]
    made = [(it.maker, first + n) for n, it in enumerate(rows)]
    threads = [(thread, first + n) for n, it in enumerate(rows) for thread in it.threads]
    published = np.array([it.published for it in rows])
    ids = np.array([it.id for it in rows], dtype=np.int64)
    grown = replace(
        window,
        ids=np.concatenate([window.ids, ids]),
        makers=_and(window.makers, [it.maker for it in rows]),
        rooms=_and(window.rooms, [it.room for it in rows]),
        roots=_and(window.roots, [min(it.threads, default=it.id) for it in rows]),
        published=np.concatenate([window.published, published]),
        moved=np.concatenate([window.moved, np.maximum(published, [it.edited for it in rows])]),
        recommended=np.concatenate([window.recommended, [it.recommended for it in rows]]),
        jammed=np.concatenate([window.jammed, [bool(it.threads) for it in rows]]),
        meant=window.meant.grown(centred(vectors, window.common)),
        quality=np.concatenate([window.quality, np.zeros(len(rows), dtype=np.float32)]),
        made=window.made.joined(Pairs.of(made)),
        tags=window.tags.joined(Pairs.of(tags)),
        threads=window.threads.joined(Pairs.of(threads)),
        tag_numbers=numbers,
    )
    heard_of = bool((window.crowd.at(ids) < len(window.crowd.ids)).any())
    votes = window.crowd.votes(grown.ids) if heard_of else window.votes.longer(len(rows))
    grown = _found_by_id(replace(grown, votes=votes))
    remixed = {thread: it.published for it in rows for thread in it.threads}
    jammed = grown.jammed.copy()
    jammed[grown.here(remixed)] = True
    return with_moves(replace(grown, jammed=jammed), remixed)


def with_changes(window: Window, rows: Sequence[Row]) -> Window:
    """The window after it was decided anew who may see these creations, and what for."""
    if not rows:
        return window
    at, known = window.places(np.array([it.id for it in rows], dtype=np.int64))
    rooms, recommended = window.rooms.copy(), window.recommended.copy()
    rooms[at[known]] = np.array([it.room for it in rows])[known]
    recommended[at[known]] = np.array([it.recommended for it in rows])[known]
    return replace(window, rooms=rooms, recommended=recommended)


def with_moves(window: Window, moves: Mapping[int, float]) -> Window:
    """The window after something happened to these creations at these moments."""
    if not moves:
        return window
    at, known = window.places(np.array(list(moves), dtype=np.int64))
    moved = window.moved.copy()
    moved[at[known]] = np.maximum(moved[at[known]], np.array(list(moves.values()))[known])
    return replace(window, moved=moved)


def judged(window: Window, crowd: Crowd, *, now: float) -> Window:
    """The window as this crowd sees it."""
    counted = crowd.at(window.ids)
    quality = np.append(crowd.liked_lately(now), np.float32(0))[counted]
    passed = np.append(crowd.last_passed(MILESTONES), -np.inf)[counted]
    liked = np.flatnonzero(quality)
    return replace(
        window,
        crowd=crowd,
        votes=crowd.votes(window.ids),
        quality=quality,
        popular=liked[np.argsort(-quality[liked], kind="stable")[:POPULAR]],
        moved=np.maximum(window.moved, passed),
    )


def _with_room(window: Window, rows: int) -> Window:
    """The window without its oldest, if so many more would be too many."""
    gone = len(window.ids) + rows - MOST
    if gone < SPARE:
        return window
    gone = min(gone, len(window.ids))
    kept = slice(gone, None)
    smaller = replace(
        window,
        ids=window.ids[kept],
        makers=window.makers[kept],
        rooms=window.rooms[kept],
        roots=window.roots[kept],
        published=window.published[kept],
        moved=window.moved[kept],
        recommended=window.recommended[kept],
        jammed=window.jammed[kept],
        meant=window.meant.without(gone),
        quality=window.quality[kept],
        popular=window.popular[window.popular >= gone] - gone,
        votes=window.crowd.votes(window.ids[kept]),
        made=window.made.later(gone),
        tags=window.tags.later(gone),
        threads=window.threads.later(gone),
        left=int(window.ids[:gone].max()),
    )
    return _found_by_id(smaller)


def _found_by_id(window: Window) -> Window:
    return replace(window, whereabouts=Whereabouts(window.ids))


def _and(values: Places, more: Sequence[int]) -> Places:
    return np.concatenate([values, np.array(more, dtype=np.int64)])
