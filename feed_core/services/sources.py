"""Where a member's feed finds what it might show, and how near each of that is to the member."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from feed_core.services.crowd import Floats, Mask, Places, Voices
from feed_core.services.known import fresh
from feed_core.services.nearness import followed, nearness, tags_of
from feed_core.services.portrait import Deeds, Did, Portrait
from feed_core.services.ranking import Candidates
from feed_core.services.recipes import Only, Recipe
from feed_core.services.taste import LATEST, Likes, alike_many
from feed_core.services.votes import Few
from feed_core.services.window import EVERYWHERE, Window

MOST = 1_500  # candidates: of twice as many the best are no better
FRESH = 400  # of the newest are always among them
LOOKED_AT = 3_000  # of the newest are compared with what the member likes
BY_TEXT, BY_CROWD, POPULAR, NEAR = 250, 150, 150, 300  # of each source, at most
MICROSECONDS = 1e6  # in a second

AGAIN = -1.0  # what they know already, and to which something happened
OPINIONS = 20  # of the newest count
SAME_MAKER, SAME_TAG = 0.5, 0.4  # how alike that alone makes two creations


@dataclass(frozen=True, slots=True)
class Offer:
    """The candidates for one page: their places in the window, and what speaks for each.

    `said` is what the member's own words ask for: from 1, just like what they want more of, to -1.
    """

    places: Places
    likes: Likes
    voices: Voices
    pool: Candidates
    said: Floats


@dataclass(frozen=True, slots=True)
class Part:
    """Of which window another one is a part, in which places, and who votes for those.

    Of each member who asks: what they like, and how near each of the places is to its texts.
    """

    whole: Window
    places: Places
    few: Few
    likes: Mapping[int, Likes]
    near: Mapping[int, Floats]


def part_of(whole: Window, places: Places, people: Sequence[Portrait]) -> tuple[Window, Part]:
    """The creations in these places as a window for these members, and what they have in common."""
    window = whole.part(places)
    likes = {it.reader.member_id: likes_of(whole, it) for it in people}
    near: dict[int, Floats] = {}
    if len(places) <= MOST:  # of more only some are candidates, others for each
        found = alike_many(window.short, list(likes.values()))
        near = dict(zip(likes, found, strict=True))
    return window, Part(whole, places, whole.crowd.few(window.ids), likes, near)


def likes_of(window: Window, portrait: Portrait) -> Likes:
    """What the member likes, with the texts of the newest."""
    ids, weights = portrait.likes()
    newest = ids[-LATEST:]
    short, whole = (_rows(it, window, newest) for it in (window.short, window.vectors))
    return Likes(ids, weights, short, whole)


def open_to(window: Window, portrait: Portrait, recipe: Recipe) -> Mask:
    """What of the window may be shown to this member by this recipe; whether seen or not."""
    me, room = portrait.reader.member_id, portrait.reader.room_id
    there: Mask = window.rooms == EVERYWHERE
    if room is not None:
        there |= window.rooms == room
    there &= window.recommended
    there[window.made.where(portrait.muted_makers)] = False
    if portrait.muted_threads:
        there[window.threads.where(portrait.muted_threads)] = False
        there[window.here(portrait.muted_threads)] = False
    there[window.tags.where(tags_of(window, portrait.quiet.tags))] = False
    there[window.made.where([me])] = True
    there[window.here(portrait.deeds.only(Did.HID).ids.tolist())] = False
    match recipe.only:
        case Only.JAMS:
            there &= window.jammed
        case Only.FOLLOWED:
            there &= followed(window, portrait)
        case Only.EVERYTHING:
            pass
    return there


def looked(window: Window, portrait: Portrait) -> Places:
    """When the member last looked at each creation, in microseconds since 1970; 0 for never.

    They looked at what they were shown, and at what they did something with.
    """
    return _and_touched(_shown(window, portrait), window, portrait)


def touched(window: Window, portrait: Portrait) -> Places:
    """When the member last did something with each creation, in microseconds; 0 for never."""
    return _and_touched(np.zeros_like(window.ids), window, portrait)


def _and_touched(found: Places, window: Window, portrait: Portrait) -> Places:
    """The later of these moments, in their place, and of those when the member did something."""
    deeds = portrait.touched()
    at, known = window.places(deeds.ids)
    at = at[known]
    found[at] = np.maximum(found[at], deeds.at[known])  # the newest deed stands last, and counts
    own = window.threads.at(window.made.where([portrait.reader.member_id]))
    at, known = window.places(own.subjects)  # what they built on
    when = window.published[own.places[known]] * MICROSECONDS
    np.maximum.at(found, at[known], when.astype(np.int64))
    return found


def unseen(
    window: Window, portrait: Portrait, known: Places, now: datetime, *, going_on: bool
) -> Mask:
    """What the member has not seen yet, and that to which something happened since.

    What was shown in a look that is `going_on` stays away whatever happened. `known` is when they
    last looked at each.
    """
    new: Mask = known == 0
    at = np.flatnonzero(~new)
    again = known[at] < window.moved[at] * MICROSECONDS - 0.5  # of one microsecond are both
    if going_on:
        again &= _shown(window, portrait)[at] < portrait.shown.in_this_look(now)
    new[at] = again
    return new


def offer(
    window: Window,
    portrait: Portrait,
    there: Mask,
    known: Places,
    *,
    now: datetime,
    part: Part | None = None,
) -> Offer:
    """The candidates among what is there: the best of each source, and what is new.

    `part` says of what the window is a part: what a member liked may stand outside of it.
    """
    whole = window if part is None else part.whole
    if part is None:
        likes = likes_of(window, portrait)
        voices = window.crowd.ask(likes.ids, likes.weights, window.votes)
    else:
        likes = part.likes[portrait.reader.member_id]
        voices = window.crowd.ask_few(likes.ids, likes.weights, part.few)
    votes = voices.wide, voices.narrow
    near = nearness(window, portrait)
    if np.count_nonzero(there) > MOST:
        places = _chosen(window, there, near, votes, likes)
    else:
        places = np.flatnonzero(there)
    alike = None if part is None else part.near.get(portrait.reader.member_id)
    moment = now.timestamp()
    pool = Candidates(
        ids=window.ids[places],
        votes=(votes[0][places], votes[1][places]),
        vectors=window.short,
        at=places,
        quality=window.quality[places],
        freshness=fresh(window.moved[places], moment, _pace(whole, moment)),
        closeness=near[places] + np.where(known[places] > 0, np.float32(AGAIN), np.float32(0)),
        near=None if alike is None else alike[places],
    )
    stands = places if part is None else part.places[places]
    return Offer(places, likes, voices, pool, _said(whole, portrait, stands))


def likeness(window: Window, deeds: Deeds, places: Places) -> Floats:
    """How like creations in these places are to those of the deeds, from 0 to 1."""
    if not len(deeds.ids):
        return np.zeros((len(places), 0), dtype=np.float32)
    near: Floats = np.maximum(
        window.vectors[places] @ _rows(window.vectors, window, deeds.ids).T, 0
    )
    near += np.float32(SAME_MAKER) * (window.makers[places][:, None] == deeds.makers)
    for column, number in enumerate(deeds.ids.tolist()):
        tags = window.tags.subjects[np.isin(window.tags.places, window.here([number]))]
        near[:, column] += SAME_TAG * np.isin(places, window.tags.where(tags.tolist()))
    found: Floats = np.minimum(near, 1)
    return found


def _chosen(
    window: Window, there: Mask, near: Floats, votes: tuple[Floats, Floats], likes: Likes
) -> Places:
    """The places of the best of each source among what is there."""
    wanted = np.zeros(len(there), dtype=bool)
    newest = _newest(there, LOOKED_AT)
    wanted[newest[-FRESH:]] = True
    popular = window.popular[there[window.popular]]
    wanted[popular[:POPULAR]] = True
    for worth, count in ((near, NEAR), (votes[0], BY_CROWD), (votes[1], BY_CROWD)):
        worthy = np.flatnonzero((worth > 0) & there)
        wanted[_top(worth[worthy], worthy, count)] = True
    if len(likes.vectors):
        tastes = likes.weights[-len(likes.vectors) :] @ likes.vectors
        first = newest[0]  # from there on they lie side by side: less is copied than looked at
        wanted[_top((window.short[first:] @ tastes)[newest - first], newest, BY_TEXT)] = True
    return np.flatnonzero(wanted)


def _newest(there: Mask, count: int) -> Places:
    """The last places of what is there, so many or all: mostly few more have to be looked at."""
    back = 2 * count
    while True:
        first = max(0, len(there) - back)
        found = np.flatnonzero(there[first:]) + first
        if len(found) >= count or not first:
            return found[-count:]
        back *= 4


def _shown(window: Window, portrait: Portrait) -> Places:
    """When each creation was last shown to the member, in microseconds since 1970; 0 for never."""
    shown = portrait.shown
    found = np.zeros(len(window.ids), dtype=np.int64)
    if shown.floor_id:
        found[window.ids <= shown.floor_id] = np.iinfo(np.int64).max
    at, known = window.places(shown.ids)
    found[at[known]] = shown.at[known]
    return found


def _said(window: Window, portrait: Portrait, places: Places) -> Floats:
    """How like each is to what the member wants more of, less what they want less of."""
    found = np.zeros(len(places), dtype=np.float32)
    for did, sign in ((Did.WANTS_MORE, 1), (Did.WANTS_LESS, -1)):
        deeds = portrait.deeds.only(did).newest(OPINIONS)
        if len(deeds.ids):
            found += sign * likeness(window, deeds, places).max(axis=1)
    return found


def _rows(vectors: Floats, window: Window, ids: Places) -> Floats:
    """Of the vectors of a window those of these creations; zeros for those that are not here."""
    at, known = window.places(ids)
    found = np.zeros((len(ids), vectors.shape[1]), dtype=np.float32)
    found[known] = vectors[at[known]]
    return found


def _top(worth: Floats, places: Places, count: int) -> Places:
    if len(places) <= count:
        return places
    return places[np.argpartition(-worth, count)[:count]]


def _pace(window: Window, now: float) -> float:
    """In how many seconds things get old here."""
    if window.crowd.pace or not len(window.ids):
        return window.crowd.pace
    return float(np.quantile(now - window.published, 0.2)) or 1.0
