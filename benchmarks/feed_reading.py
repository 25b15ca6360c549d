"""Feeds, threads and lineages of a large feed, read as members read them."""

import time
from collections.abc import Awaitable, Callable, Sequence

import numpy as np
from sqlalchemy import func
from sqlmodel import col, select

from benchmarks import bare
from benchmarks.figures import Figures
from feed_core.models.members import Member
from feed_core.models.reactions import Comment
from feed_core.models.threads import ThreadEntry
from feed_core.services import (
    lineage,
    members,
    personal,
    portrait,
    seen,
    sources,
    threads,
    timeline,
)
from feed_core.services.diversity import Pool, compose
from feed_core.services.live import Live
from feed_core.services.ranking import score
from feed_core.services.recipes import FOR_YOU
from feed_core.services.sight import Reader
from feed_core.services.sources import Offer
from feed_core.services.window import Window
from feed_core.states import CreationState
from feed_core.store import Store, View

PAGE = 20
WARM_UP = 40
MEMBERS = 400
SCORED = 100
TIMES = 7  # that one scoring is repeated, of which the quickest counts
THREADS = 1_000
ROUNDS = 5  # over all lineages

Ask = Callable[[View, int], Awaitable[object]]


async def pages(store: Store, live: Live, figures: Figures) -> None:
    """The first two pages of many members, in which nothing comes twice."""
    began = time.perf_counter()
    await live.window()
    figures.tell("reading the live window at start", time.perf_counter() - began, "s")
    rng = np.random.default_rng(4)
    async with store.read() as view:
        people = (await view.db.exec(select(func.max(Member.id)))).one() or 0
    asking = (1 + rng.permutation(people)[: MEMBERS + WARM_UP]).tolist()
    took: list[float] = []
    noted: list[float] = []
    worked = 0.0
    for place, member_id in enumerate(asking):
        after_id: int | None = None
        for _ in range(2):
            began, cpu = time.perf_counter(), time.process_time()
            page = await _page(store, live, member_id, after_id)
            done, cpu = time.perf_counter(), time.process_time() - cpu
            ids = [it.creation.id for it in page.items if it.creation.id is not None]
            async with store.work() as work:
                await seen.note(work, ids, member_id=member_id, anew=after_id is None)
            if place >= min(WARM_UP, people // 4):
                took.append((done - began) * 1000)
                noted.append((time.perf_counter() - done) * 1000)
                worked += cpu * 1000
            after_id = ids[-1] if ids else None
    figures.times(f"feed page of {PAGE}", took, limit=25, cpu=worked / len(took), cpu_limit=6)
    figures.times("remembering what was shown", noted)


async def _page(store: Store, live: Live, member_id: int, after_id: int | None) -> personal.Page:
    window = await live.window()
    async with store.read() as view:
        return await personal.page(
            view,
            window,
            reader=Reader(member_id),
            recipe=FOR_YOU,
            limit=PAGE,
            after_id=after_id,
        )


async def scoring(store: Store, live: Live, figures: Figures) -> None:
    """The product's scores and order beside the same in bare NumPy, over the same candidates."""
    window = await live.window()
    rng = np.random.default_rng(5)
    async with store.read() as view:
        people = (await view.db.exec(select(func.max(Member.id)))).one() or 0
    took: dict[str, list[float]] = {}
    for member_id in (1 + rng.permutation(people)[:SCORED]).tolist():
        async with store.read() as view:
            member = await portrait.of(view, Reader(member_id))
            now = view.now
        there = sources.open_to(window, member, FOR_YOU)
        known = sources.looked(window, member)
        there &= sources.unseen(window, member, known, now, going_on=False)
        offer = sources.offer(window, member, there, known, now=now)
        for name, least in _scored(window, offer, seed=member_id).items():
            took.setdefault(name, []).append(least)
    middle = {name: float(np.median(it)) for name, it in took.items()}
    for name, said in (("scoring", "scoring of the candidates"), ("order", "order of the page")):
        figures.tell(said, middle[name], "ms")
        figures.tell(f"{said}, bare NumPy", middle[f"bare {name}"], "ms")
        limit = 3 if name == "scoring" else None  # the other does more: chance, and rows cut short
        times = middle[name] / middle[f"bare {name}"]
        figures.tell(f"{said}, beside bare NumPy", times, "times", limit=limit)


def _scored(window: Window, offer: Offer, *, seed: int) -> dict[str, float]:
    """The least time of each part in ms, the product's and the bare one."""
    pool = offer.pool
    scores = score(offer.likes, pool, FOR_YOU)
    whole = Pool(
        ids=pool.ids,
        scores=scores,
        vectors=pool.vectors,
        makers=window.makers[offer.places],
        threads=window.roots[offer.places],
        freshness=pool.freshness,
        at=pool.at,
    )
    vectors = pool.vectors[pool.at]
    return {
        "scoring": _quickest(lambda: score(offer.likes, pool, FOR_YOU)),
        "bare scoring": _quickest(lambda: bare.score(offer.likes, pool)),
        "order": _quickest(lambda: compose(whole, FOR_YOU, k=PAGE, seed=seed)),
        "bare order": _quickest(lambda: bare.page(scores, vectors, PAGE)),
    }


def _quickest(work: Callable[[], object]) -> float:
    """The least time of several, in ms: others on the machine only add to it."""
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return min(took) * 1000


async def conversations(store: Store, figures: Figures) -> None:
    """Threads, drawn by what happens in them: the busy ones come often."""
    rng = np.random.default_rng(6)
    async with store.read() as view:
        last = (await view.db.exec(select(func.max(Comment.id)))).one() or 0
        drawn = (1 + rng.integers(last, size=THREADS // 2)).tolist()
        said = await view.db.exec(select(Comment.creation_id).where(col(Comment.id).in_(drawn)))
        roots = list(said)
        largest = await view.db.exec(
            select(ThreadEntry.thread_id)
            .group_by(col(ThreadEntry.thread_id))
            .order_by(func.count().desc())
            .limit(THREADS // 2)
        )
        roots += list(largest)
    rng.shuffle(roots)
    await _asked(store, f"thread page of {PAGE}", roots, _thread, figures)


async def _thread(view: View, root_id: int) -> object:
    """What reading a thread asks for: the page, what is told of its remixes, and all names."""
    reader = Reader(1)
    page = await threads.page(view, root_id, reader=reader, limit=PAGE)
    living = [it.remix for it in page.entries if it.remix is not None]
    living = [it for it in living if it.state is CreationState.PUBLISHED]
    items = await timeline.asked_for(view, living, reader=reader)
    makers = {it.author_id for it in living}
    makers |= {it.comment.author_id for it in page.entries if it.comment is not None}
    return items, await members.names(view, makers)


async def lineages(store: Store, lines: Sequence[Sequence[int]], figures: Figures) -> None:
    """What the last of twelve generations was made from, and what was made of the first."""
    reader = Reader(1)

    async def older(view: View, number: int) -> object:
        return await lineage.ancestors(view, number, reader=reader)

    async def younger(view: View, number: int) -> object:
        return await lineage.descendants(view, number, reader=reader)

    async def family(view: View, number: int) -> object:
        return await lineage.family(view, number, reader=reader)

    for figure, place, ask in (
        ("ancestors over 12 generations", -1, older),
        ("descendants over 12 generations", 0, younger),
        ("family over 12 generations", len(lines[0]) // 2, family),
    ):
        await _asked(store, figure, [it[place] for it in lines] * ROUNDS, ask, figures)


async def _asked(
    store: Store, figure: str, asked: Sequence[int], ask: Ask, figures: Figures
) -> None:
    """How long each takes, after a few that warm up."""
    for number in asked[:WARM_UP]:
        async with store.read() as view:
            await ask(view, number)
    took, worked = [], time.process_time()
    for number in asked:
        began = time.perf_counter()
        async with store.read() as view:
            await ask(view, number)
        took.append((time.perf_counter() - began) * 1000)
    cpu = (time.process_time() - worked) * 1000 / len(asked)
    figures.times(figure, took, limit=10, cpu=cpu)
