"""The best of what is new for many members at once: candidates, scores and looks-up are shared."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlmodel import col, select

from feed_core.models.creations import Creation
from feed_core.services import hinting, many_facts, portrait, readers, reasons
from feed_core.services.diversity import Pick, compose
from feed_core.services.looks import Mix
from feed_core.services.many_facts import Question
from feed_core.services.personal import CHOICE, best_of, mixed_since, seed_of
from feed_core.services.portrait import Portrait
from feed_core.services.readers import Wary
from feed_core.services.reasons import Reason
from feed_core.services.sight import Reader
from feed_core.services.sources import part_of
from feed_core.services.window import EVERYWHERE, Window
from feed_core.store import View

Choice = Sequence[tuple[int, Reason]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What `personal.choice` is asked for one member."""

    member_id: int
    since: datetime
    had: Collection[int]
    limit: int


async def choices(
    view: View, window: Window, wishes: Sequence[Wish], wary: Mapping[int, Wary]
) -> list[Choice]:
    """What `personal.choice` finds for each of these, who are different members."""
    people = await portrait.of_many(
        view, [Reader(it.member_id) for it in wishes], album=window.album
    )
    mixes = ranked(view, window, wishes, people)
    picked = [
        compose(mix.pool, CHOICE, k=wish.limit, seed=seed_of(it))
        for wish, it, mix in zip(wishes, people, mixes, strict=True)
    ]
    found = await _found(view, picked)
    belongs = await readers.muted_threads(view, found, wary.values())
    chosen: list[Sequence[Creation]] = []
    hints: list[reasons.Hints] = []
    for wish, it, mix, picks in zip(wishes, people, mixes, picked, strict=True):
        who = wary[wish.member_id]
        open_ = [
            found[pick.id]
            for pick in picks
            if pick.id in found and who.is_offered(found[pick.id], belongs.get(pick.id, ()))
        ]
        hint = hinting.hints(window, it, mix, picks)
        if len(open_) < len(picks):  # some may not be shown after all: look further for this one
            open_, hint, _ = await best_of(view, window, it, mix, CHOICE, limit=wish.limit)
        chosen.append(open_)
        hints.append(hint)
    return await _reasoned(view, people, chosen, hints)


def ranked(
    view: View, window: Window, wishes: Sequence[Wish], people: Sequence[Portrait]
) -> list[Mix]:
    """What each may choose from, with its scores: only what is new is looked through."""
    earliest = min((it.since.timestamp() for it in wishes), default=0.0)
    new = window.recommended & (window.rooms == EVERYWHERE) & (window.published > earliest)
    places = np.flatnonzero(new)
    few, part = part_of(window, places, people)
    return [
        mixed_since(view, few, it, since=wish.since, had=wish.had, part=part)
        for wish, it in zip(wishes, people, strict=True)
    ]


async def _found(view: View, picked: Sequence[Sequence[Pick]]) -> dict[int, Creation]:
    numbers = {it.id for picks in picked for it in picks}
    if not numbers:
        return {}
    found = await view.db.exec(select(Creation).where(col(Creation.id).in_(numbers)))
    return {it.id: it for it in found if it.id is not None}


async def _reasoned(
    view: View,
    people: Sequence[Portrait],
    chosen: Sequence[Sequence[Creation]],
    hints: Sequence[reasons.Hints],
) -> list[Choice]:
    numbers = [[it.id for it in some if it.id is not None] for some in chosen]
    asked = [
        Question(
            member_id=it.reader.member_id,
            ids=ids,
            threads=it.threads,
            kindred=hint.kindred,
            since=reasons.since(ids, it),
        )
        for it, ids, hint in zip(people, numbers, hints, strict=True)
    ]
    told = await many_facts.of_many(view, asked)
    found: list[Choice] = []
    for it, some, facts, hint in zip(people, chosen, told, hints, strict=True):
        why = await reasons.of(view, some, facts, it, hint)
        found.append([(one.id, why[one.id]) for one in some if one.id is not None])
    return found
