"""Where a member's feed finds what it might show, and how near each of that is to the member."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from feed_core.services.crowd import Floats, Places
from feed_core.services.diversity import Pick
from feed_core.services.portrait import Deed, Did, Portrait
from feed_core.services.ranking import Candidates, fresh
from feed_core.services.reasons import Hints
from feed_core.services.recipes import Only, Recipe
from feed_core.services.taste import LATEST, Likes, alike
from feed_core.services.window import EVERYWHERE, Window

Mask: TypeAlias = NDArray[np.bool_]  # one for each creation of the window

MOST = 3_000  # candidates
FRESH = 800  # of the newest are always among them
LOOKED_AT = 6_000  # of the newest are compared with what the member likes
BY_TEXT, BY_CROWD, POPULAR, NEAR = 600, 300, 300, 700  # of each source, at most
MICROSECONDS = 1e6  # in a second

FOLLOWED, THREAD, OF_YOURS, TAG, FOND = 1.0, 1.0, 1.2, 0.8, 0.3
OWN = -3.0  # one's own comes last
OPINIONS = 20  # of the newest count
ALIKE = 0.5  # from which likeness on it is a reason
KINDRED = 50  # members whose taste is nearest
SAME_MAKER, SAME_TAG = 0.5, 0.4  # how alike that alone makes two creations


@dataclass(frozen=True, slots=True)
class Offer:
    """The candidates for one page: their places in the window, and what speaks for each.

    `said` is what the member's own words ask for: from 1, just like what they want more of, to -1.
    """

    places: Places
    likes: Likes
    pool: Candidates
    said: Floats


def open_to(window: Window, portrait: Portrait, recipe: Recipe) -> Mask:
    """What of the window may be shown to this member by this recipe; whether seen or not."""
    me, room = portrait.reader.member_id, portrait.reader.room_id
    own: Mask = window.makers == me
    there: Mask = (window.rooms == EVERYWHERE) | own
    if room is not None:
        there |= window.rooms == room
    barred = _told(window.makers, dict.fromkeys(portrait.muted_makers, 1.0)) > 0
    barred[window.threads.where(portrait.muted_threads)] = True
    barred[window.here(portrait.muted_threads)] = True
    barred[window.tags.where(_tags(window, portrait.muted_tags))] = True
    there &= (window.recommended & ~barred) | own
    there[window.here(portrait.those(Did.HID))] = False
    match recipe.only:
        case Only.JAMS:
            there &= window.jammed
        case Only.FOLLOWED:
            there &= _followed(window, portrait)
        case Only.EVERYTHING:
            pass
    return there


def unseen(window: Window, portrait: Portrait, now: datetime, *, going_on: bool) -> Mask:
    """What the member has not seen yet, and that to which something happened since.

    What was shown in a look that is `going_on` stays away whatever happened.
    """
    looked = portrait.looked(window.ids)
    remixed, when = _remixed_by(window, portrait.reader.member_id)
    np.maximum.at(looked, remixed, when)
    again: Mask = looked < np.floor(window.moved * MICROSECONDS)
    if going_on:
        again &= portrait.shown.when(window.ids) < portrait.shown.in_this_look(now)
    new: Mask = (looked == 0) | again
    return new


def offer(window: Window, portrait: Portrait, there: Mask, *, now: datetime) -> Offer:
    """The candidates among what is there: the best of each source, and what is new."""
    likes = _likes(window, portrait)
    wide, narrow = window.crowd.votes(likes.ids, likes.weights)
    votes = wide[window.counted], narrow[window.counted]
    near = _nearness(window, portrait)
    places = np.flatnonzero(there)
    if len(places) > MOST:
        places = _chosen(window, places, there, near, votes, likes)
    places = places[np.argsort(window.ids[places])]
    moment = now.timestamp()
    pool = Candidates(
        ids=window.ids[places],
        votes=(votes[0][places], votes[1][places]),
        vectors=window.vectors[places],
        quality=window.quality[places],
        freshness=fresh(window.moved[places], moment, _pace(window, moment)),
        closeness=near[places],
    )
    return Offer(places, likes, pool, _said(window, portrait, places))


def _chosen(
    window: Window,
    there: Places,
    is_there: Mask,
    near: Floats,
    votes: tuple[Floats, Floats],
    likes: Likes,
) -> Places:
    """The places of the best of each source."""
    wanted = np.zeros(len(is_there), dtype=bool)
    wanted[there[-FRESH:]] = True
    wanted[window.popular[is_there[window.popular]][:POPULAR]] = True
    for worth, count in ((near, NEAR), (votes[0], BY_CROWD), (votes[1], BY_CROWD)):
        worthy = there[worth[there] > 0]
        wanted[_top(worth[worthy], worthy, count)] = True
    latest = there[-LOOKED_AT:]
    wanted[_top(alike(window.vectors[latest], likes), latest, BY_TEXT)] = True
    return np.flatnonzero(wanted)


def _likes(window: Window, portrait: Portrait) -> Likes:
    told = portrait.likes()
    ids = np.array(list(told), dtype=np.int64)
    weights = np.array(list(told.values()), dtype=np.float32)
    return Likes(ids, weights, _vectors(window, ids[-LATEST:]))


def _remixed_by(window: Window, member_id: int) -> tuple[Places, Places]:
    """What a member built on themselves, over any steps, and when, in microseconds."""
    own = window.makers[window.threads.places] == member_id
    at, known = window.places(window.threads.subjects[own])
    when = window.published[window.threads.places[own]][known] * MICROSECONDS
    return at[known], when.astype(np.int64)


def _nearness(window: Window, portrait: Portrait) -> Floats:
    """How near each creation is by its maker, tags and thread; 1 is a maker who is followed."""
    worth = {it: FOND * np.log1p(told) for it, told in portrait.fondness().items()}
    for it in portrait.makers:
        worth[it] = worth.get(it, 0.0) + FOLLOWED
    near = _told(window.makers, worth)
    for places, more in (
        (window.tags.where(_tags(window, portrait.tags)), TAG),
        (window.threads.where(portrait.threads), THREAD),
        (window.here(portrait.threads), THREAD),
        (window.threads.where(portrait.those(Did.MADE)), OF_YOURS),
    ):
        near[np.unique(places)] += np.float32(more)
    near[window.makers == portrait.reader.member_id] = OWN
    return near


def hints(window: Window, portrait: Portrait, offer_: Offer, picks: Sequence[Pick]) -> Hints:
    """What can be said of how these came to be picked."""
    ids = np.array([it.id for it in picks], dtype=np.int64)
    at = window.here(ids)
    more = [it for it in portrait.deeds if it.did is Did.WANTS_MORE][-OPINIONS:]
    liked = offer_.likes.ids[len(offer_.likes.ids) - len(offer_.likes.vectors) :]
    near = window.crowd.nearest(offer_.likes.ids, offer_.likes.weights, KINDRED + 1)
    return Hints(
        more_like=_pairs(ids, [it.creation_id for it in more], _likeness(window, more, at)),
        like=_pairs(ids, liked.tolist(), window.vectors[at] @ offer_.likes.vectors.T),
        surprises=[it.id for it in picks if it.explored],
        kindred=[it for it in near.tolist() if it != portrait.reader.member_id],
    )


def _pairs(ids: Places, others: Sequence[int], near: Floats) -> dict[int, tuple[int, int]]:
    """For each that is like any of the others, the likest of them and how many there are."""
    found = {}
    for row, number in enumerate(ids.tolist()):
        alike_ = near[row] >= ALIKE
        if alike_.any():
            found[number] = (others[int(np.argmax(near[row]))], int(alike_.sum()))
    return found


def _said(window: Window, portrait: Portrait, places: Places) -> Floats:
    """How like each is to what the member wants more of, less what they want less of."""
    found = np.zeros(len(places), dtype=np.float32)
    for did, sign in ((Did.WANTS_MORE, 1), (Did.WANTS_LESS, -1)):
        if deeds := [it for it in portrait.deeds if it.did is did][-OPINIONS:]:
            found += sign * _likeness(window, deeds, places).max(axis=1)
    return found


def _likeness(window: Window, deeds: Sequence[Deed], places: Places) -> Floats:
    """How like creations in these places are to those of the deeds, from 0 to 1."""
    ids = np.array([it.creation_id for it in deeds], dtype=np.int64)
    near: Floats = np.maximum(window.vectors[places] @ _vectors(window, ids).T, 0)
    for column, it in enumerate(deeds):
        near[:, column] += SAME_MAKER * (window.makers[places] == it.maker)
        tags = window.tags.subjects[np.isin(window.tags.places, window.here([it.creation_id]))]
        near[:, column] += SAME_TAG * np.isin(places, window.tags.where(tags.tolist()))
    found: Floats = np.minimum(near, 1)
    return found


def _followed(window: Window, portrait: Portrait) -> Mask:
    found: Mask = _told(window.makers, dict.fromkeys(portrait.makers, 1.0)) > 0
    found[window.tags.where(_tags(window, portrait.tags))] = True
    found[window.threads.where(portrait.threads)] = True
    found[window.here(portrait.threads)] = True
    return found


def _vectors(window: Window, ids: Places) -> Floats:
    """The vectors of these creations; zeros for those that are not here."""
    at, known = window.places(ids)
    found = np.zeros((len(ids), window.vectors.shape[1]), dtype=np.float32)
    found[known] = window.vectors[at[known]]
    return found


def _tags(window: Window, tags: Collection[str]) -> list[int]:
    return [window.tag_numbers[it] for it in tags if it in window.tag_numbers]


def _told(numbers: Places, worth: Mapping[int, float]) -> Floats:
    """What is said of each of these numbers; 0 where nothing is."""
    if not worth or not len(numbers):
        return np.zeros(len(numbers), dtype=np.float32)
    table = np.zeros(int(numbers.max()) + 1, dtype=np.float32)
    keys = np.array(list(worth), dtype=np.int64)
    inside = keys < len(table)
    table[keys[inside]] = np.array(list(worth.values()), dtype=np.float32)[inside]
    return table[numbers]


def _top(worth: Floats, places: Places, count: int) -> Places:
    if len(places) <= count:
        return places
    return places[np.argpartition(-worth, count)[:count]]


def _pace(window: Window, now: float) -> float:
    """In how many seconds things get old here."""
    if window.crowd.pace or not len(window.ids):
        return window.crowd.pace
    return float(np.quantile(now - window.published, 0.2)) or 1.0
