"""The personal feed: one page for one member, every item with a true reason."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

import numpy as np
from sqlalchemy import Integer, Select, select
from sqlmodel import col

from feed_core.models.creations import Creation
from feed_core.prepared import Values, among, columns, objects
from feed_core.services import hinting, muting, portrait, sources, timeline
from feed_core.services.crowd import Mask, Places
from feed_core.services.diversity import Pool, compose
from feed_core.services.facts import Facts
from feed_core.services.looks import Mix
from feed_core.services.portrait import Portrait
from feed_core.services.ranking import best, score
from feed_core.services.reasons import Hints
from feed_core.services.recipes import FOR_YOU, Only, Order, Recipe
from feed_core.services.sight import Reader, anybody, may_recommend, told
from feed_core.services.sources import Part
from feed_core.services.timeline import Item
from feed_core.services.window import Window
from feed_core.store import Question, View

LOOKED_AT = 200  # creations, where some of the best may not be shown
PRIME = 1_000_003  # members see different surprises
CHOICE = replace(FOR_YOU, explore=0.0)  # of a digest
SAID_PART = 3.0  # of what the member said outright, in standard deviations of all else


@dataclass(frozen=True, slots=True)
class Page:
    """Some items, and whether more would follow."""

    items: Sequence[Item]
    more: bool


async def page(
    view: View,
    window: Window,
    *,
    reader: Reader,
    recipe: Recipe,
    limit: int,
    after_id: int | None = None,
) -> Page:
    """The next items of this member's feed; `after_id` is the last one of the page before.

    A feed in the order of merit shows nothing twice, unless something happened to it; one in the
    order of time goes on behind the number where it ended.
    """
    if recipe.order is Order.NEWEST and recipe.only is Only.EVERYTHING:
        items = await timeline.page(view, reader=reader, limit=limit + 1, before_id=after_id)
        return Page(items[:limit], more=len(items) > limit)
    member = await portrait.of(view, reader, album=window.album)
    if recipe.order is Order.NEWEST:
        there = sources.open_to(window, member, recipe)
        ids = np.sort(window.ids[there])[::-1]
        wanted = ids if after_id is None else ids[ids < after_id]
        found = await _open(view, wanted, member, limit=limit + 1)
        items = await timeline.items(view, found[:limit], reader=reader, member=member)
    else:
        mix = _going_on(view, window, member, recipe) if after_id is not None else None
        if mix is None:
            there = sources.open_to(window, member, recipe)
            known = sources.looked(window, member)
            going_on = after_id is not None
            there &= sources.unseen(window, member, known, view.now, going_on=going_on)
            mix = _mixed(view, window, member, there, known, recipe)
            window.looks.keep(member, recipe, mix, now=view.now)
        found, hints, told = await best_of(view, window, member, mix, recipe, limit=limit + 1)
        items = await timeline.items(
            view, found[:limit], reader=reader, member=member, hints=hints, told=told
        )
    return Page(items, more=len(found) > limit)


async def choice(
    view: View,
    window: Window,
    *,
    reader: Reader,
    since: datetime,
    had: Collection[int],
    limit: int,
) -> list[Item]:
    """The best of what others published since then, for a member who had some of it already."""
    member = await portrait.of(view, reader, album=window.album)
    mix = mixed_since(view, window, member, since=since, had=had)
    found, hints, told = await best_of(view, window, member, mix, CHOICE, limit=limit)
    return await timeline.items(view, found, reader=reader, member=member, hints=hints, told=told)


def mixed_since(
    view: View,
    window: Window,
    member: Portrait,
    *,
    since: datetime,
    had: Collection[int],
    part: Part | None = None,
) -> Mix:
    """What `choice` chooses from; the window may be a part of another."""
    there = sources.open_to(window, member, CHOICE)
    there &= window.published > since.timestamp()
    there &= window.makers != member.reader.member_id
    there[window.here(had)] = False
    # What a feed has shown may be in a digest all the same, but nothing they reacted to already.
    known = sources.touched(window, member)
    there &= sources.unseen(window, member, known, view.now, going_on=False)
    return _mixed(view, window, member, there, known, CHOICE, part)


def _mixed(
    view: View,
    window: Window,
    member: Portrait,
    there: Mask,
    known: Places,
    recipe: Recipe,
    part: Part | None = None,
) -> Mix:
    """The candidates among what is there, with their scores."""
    offer = sources.offer(window, member, there, known, now=view.now, part=part)
    scores = score(offer.likes, offer.pool, recipe) + np.float32(SAID_PART) * offer.said
    pool = Pool(
        ids=offer.pool.ids,
        scores=scores,
        vectors=window.short,
        makers=window.makers[offer.places],
        threads=window.roots[offer.places],
        freshness=offer.pool.freshness,
        at=offer.places,
    )
    return Mix(pool, offer.likes, offer.voices.nearest)


def _going_on(view: View, window: Window, member: Portrait, recipe: Recipe) -> Mix | None:
    """What the page before was mixed from and did not show, where the member said nothing new."""
    mix = window.looks.find(member, recipe, now=view.now)
    if mix is None:
        return None
    at, known = window.places(mix.pool.ids)
    pool = replace(mix.pool, vectors=window.short, at=at)
    return replace(mix, pool=pool if known.all() else pool.kept(np.flatnonzero(known)))


async def best_of(
    view: View, window: Window, member: Portrait, mix: Mix, recipe: Recipe, *, limit: int
) -> tuple[list[Creation], Hints, Mapping[int, Facts]]:
    """The best of a mix, in the order of a page, how it was found, and what is told of it."""
    pool = mix.pool
    while True:
        picks = compose(pool, recipe, k=limit, seed=seed_of(member))
        wanted = [it.id for it in picks]
        hints = hinting.hints(window, member, mix, picks)
        asked = timeline.asking(wanted, member, hints)
        rows, told = await view.ask_all(_asking(wanted, member), asked.question())
        found = _kept(rows, member)
        if len(found) == len(wanted):
            return [found[it] for it in wanted], hints, asked.answer(told)
        # Some were taken back or speak of what is muted: then look at many at once.
        looked = pool.ids[best(pool.scores, pool.ids, LOOKED_AT)]
        looked = np.union1d(looked, wanted)
        found = await _allowed(view, looked.tolist(), member)
        pool = pool.without(looked[~np.isin(looked, list(found))])


def seed_of(member: Portrait) -> int:
    """By which the surprises of a member are drawn."""
    return member.reader.member_id * PRIME + len(member.shown.ids)


async def _open(view: View, wanted: Places, member: Portrait, *, limit: int) -> list[Creation]:
    """The first of these that the reader may see and did not mute, in this order."""
    kept: list[Creation] = []
    for at in range(0, len(wanted), LOOKED_AT):
        ids = wanted[at : at + LOOKED_AT].tolist()
        found = await _allowed(view, ids, member)
        kept += [found[it] for it in ids if it in found]
        if len(kept) >= limit:
            break
    return kept[:limit]


async def _allowed(
    view: View, creation_ids: Sequence[int], member: Portrait
) -> dict[int, Creation]:
    """Those of these that the member may see and did not mute, by number."""
    return _kept(await view.ask(*_asking(creation_ids, member)), member)


def _asking(creation_ids: Sequence[int], member: Portrait) -> Question:
    """What tells which of these may come before this member, but for muted words and tags."""
    given = {"ids": creation_ids, **told(member.reader)}
    return _these(bool(member.muted_threads)), given


def _kept(rows: Iterable[Values], member: Portrait) -> dict[int, Creation]:
    """Those of these creations in which the member muted nothing, by number."""
    found = objects(Creation, rows)
    return {it.id: it for it in found if it.id is not None and not member.quiet.keeps_away(it)}


@cache
def _these(threads: bool) -> Select[Any]:
    """Some creations, as far as they may come before a reader, who may have muted threads."""
    reader = anybody()
    return select(*columns(Creation)).where(
        among(col(Creation.id), "ids", Integer()),
        may_recommend(reader),
        muting.not_muted(reader, threads=threads),
    )
