"""Whatever the lineage looks like, what follows from it is what plain graph theory says."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from feed_core import database
from feed_core.bus import Bus
from feed_core.errors import CreationNotFound
from feed_core.models.creations import Creation, Edge
from feed_core.models.members import Member
from feed_core.models.rooms import Room
from feed_core.services import inheritance, lineage
from feed_core.services.sight import Reader
from feed_core.states import CreationState, Permission, Purpose, Visibility
from feed_core.store import Store, View
from tests.fakes.clock import FixedClock
from tests.fakes.community import join, opened
from tests.feed_core.pieces import of, put

pytestmark = pytest.mark.anywhere

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
MEMBERS = (1, 2, 3)
READER = Reader(2, 1)
PLACED = (CreationState.PUBLISHED, CreationState.WITHDRAWN)
STRICTNESS = [Permission.YES, Permission.ASK, Permission.NO]

Graph = nx.DiGraph


@dataclass(frozen=True)
class Made:
    """A creation as a plain value; `parents` point back in the list that it stands in."""

    author: int
    state: CreationState
    visibility: Visibility
    remix: Permission
    train: Permission
    parents: frozenset[int]

    @property
    def placed(self) -> bool:
        open_to = self.visibility is not Visibility.ONLY_ME or self.author == READER.member_id
        return self.state in PLACED and open_to


made = st.builds(
    Made,
    author=st.sampled_from(MEMBERS),
    state=st.sampled_from([*[CreationState.PUBLISHED] * 4, *CreationState]),
    visibility=st.sampled_from([*[Visibility.EVERYONE] * 3, *Visibility]),
    remix=st.sampled_from(Permission),
    train=st.sampled_from(Permission),
    parents=st.frozensets(st.integers(1, 6), max_size=3),
)


@settings(max_examples=10, deadline=None)
@given(feed=st.lists(made, min_size=1, max_size=10))
def test_kinship_is_what_graph_theory_says_of_what_may_be_seen(feed: list[Made]) -> None:
    asyncio.run(look(dict(enumerate(feed, start=1))))


async def look(feed: dict[int, Made]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = opened(Path(folder), FixedClock(NOW), Bus())
        try:
            await fill(store, feed)
            async with store.read() as view:
                await compare(view, feed, whole(feed))
        finally:
            await store.close()


def whole(feed: dict[int, Made]) -> "Graph[int]":
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(feed)
    graph.add_edges_from(
        (it - back, it) for it, creation in feed.items() for back in creation.parents if it > back
    )
    return graph


async def compare(view: View, feed: dict[int, Made], graph: "Graph[int]") -> None:
    placed = {it for it, creation in feed.items() if creation.placed}
    seen = graph.subgraph(placed)
    for number in feed:
        terms = await inheritance.strictest(view, number)
        line = nx.ancestors(graph, number) | {number}
        assert terms[Purpose.REMIX] is strictest([feed[it].remix for it in line])
        assert terms[Purpose.TRAIN] is strictest([feed[it].train for it in line])
        assert terms[Purpose.RECOMMEND] is terms[Purpose.QUOTE] is Permission.YES
        if number not in placed:
            for look_up in (
                lineage.ancestors,
                lineage.descendants,
                lineage.siblings,
                lineage.family,
                inheritance.credit,
            ):
                with pytest.raises(CreationNotFound):
                    await look_up(view, number, reader=READER)
            continue
        older = ids(await lineage.ancestors(view, number, reader=READER))
        younger = ids(await lineage.descendants(view, number, reader=READER))
        beside = ids(await lineage.siblings(view, number, reader=READER))
        assert older == sorted(nx.ancestors(graph, number) & placed)
        assert younger == sorted(nx.descendants(graph, number) & placed)
        assert beside == sorted(
            {it for parent in seen.predecessors(number) for it in seen.successors(parent)}
            - {number}
        )
        family = await lineage.family(view, number, reader=READER)
        assert (family.ancestors, family.descendants) == (len(older), len(younger))
        await compare_credit(view, feed, graph, number, set(older))
    either_way = seen.to_undirected()
    for start, end in combinations_with_replacement(feed, 2):
        way = await lineage.path(view, start, end, reader=READER)
        if not (start in placed and end in placed and nx.has_path(either_way, start, end)):
            assert way == []
            continue
        assert (way[0], way[-1]) == (start, end)
        assert nx.is_simple_path(either_way, way)
        assert len(way) - 1 == nx.shortest_path_length(either_way, start, end)


async def compare_credit(
    view: View, feed: dict[int, Made], graph: "Graph[int]", number: int, older: set[int]
) -> None:
    shares = await inheritance.credit(view, number, reader=READER)
    away = nx.single_source_shortest_path_length(graph.reverse(), number)
    weights = {it: Fraction(1, away[it]) for it in older}
    expected = dict.fromkeys({feed[it].author for it in {number, *older}}, Fraction())
    expected[feed[number].author] += Fraction(1, 2) if older else 1
    for it, weight in weights.items():
        expected[feed[it].author] += weight / sum(weights.values()) / 2

    assert shares == expected
    assert sum(shares.values()) == 1
    assert all(share > 0 for share in shares.values())
    assert list(shares.values()) == sorted(shares.values(), reverse=True)


def strictest(given: list[Permission]) -> Permission:
    return max(given, key=STRICTNESS.index)


def ids(creations: Sequence[Creation]) -> list[int]:
    return [it.id for it in creations if it.id is not None]


async def fill(store: Store, feed: dict[int, Made]) -> None:
    async with store.work() as work:
        work.db.add_all(Member(id=it, name=f"m{it}", created_at=NOW) for it in MEMBERS)
        work.db.add(Room(id=1, platform="discord", external_id="1", created_at=NOW))
        await work.db.flush()
        work.db.add_all(
            Creation(
                id=number,
                author_id=it.author,
                state=it.state,
                title=f"Rain {number}",
                visibility=it.visibility,
                room_id=1,
                own_remix=it.remix,
                own_train=it.train,
                content_hash="",
                created_at=NOW,
                published_at=NOW if it.state in PLACED else None,
            )
            for number, it in feed.items()
        )
        await work.db.flush()
        work.db.add_all(
            Edge(child_id=child, parent_id=parent) for parent, child in whole(feed).edges
        )


async def test_credit_reaches_the_first_maker_over_many_generations(store: Store) -> None:
    ana, ben, cleo = [(await join(store, it))[0] for it in ("Ana", "Ben", "Cleo")]
    line = [await put(store, ana)]
    for maker in [ben] * 20 + [cleo]:
        line.append(await put(store, maker, sources=of(line[-1])))

    async with store.read() as view:
        original = await inheritance.credit(view, line[0], reader=Reader(cleo))
        remix = await inheritance.credit(view, line[1], reader=Reader(cleo))
        last = await inheritance.credit(view, line[-1], reader=Reader(cleo))

    assert original == {ana: 1}
    assert remix == {ana: Fraction(1, 2), ben: Fraction(1, 2)}
    assert last[cleo] == Fraction(1, 2)
    assert Fraction(1, 200) < last[ana] < Fraction(1, 50)
    assert sum(last.values()) == 1


async def test_no_consent_is_too_far_away_to_bind(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    line = [await put(store, ana, remix=Permission.ASK)]
    for _ in range(lineage.DEEPEST + 6):
        line.append(await put(store, ana, sources=of(line[-1]), remix=Permission.YES))

    async with store.read() as view:
        terms = await inheritance.strictest(view, line[-1])
        with pytest.raises(CreationNotFound):
            await inheritance.strictest(view, 4711)

    assert terms[Purpose.REMIX] is Permission.ASK


@pytest.mark.once
async def test_a_crowd_of_remixes_does_not_hide_where_they_come_from(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    first = await put(store, ana)
    second = await put(store, ana, sources=of(first))
    third = await put(store, ana, sources=of(second))
    remixes = [await put(store, ana, sources=of(third)) for _ in range(12)]
    await put(store, ana, sources=of(remixes[0]))

    async with store.read() as view:
        found = await lineage.family(view, third, reader=Reader(ana), most=8)

    assert ids(found.members) == [first, second, third, *remixes[:5]]
    assert (found.ancestors, found.descendants) == (2, 13)
    assert set(found.edges) == {
        (first, second),
        (second, third),
        *((third, it) for it in remixes[:5]),
    }


async def test_each_answer_is_one_query_that_does_not_grow_with_the_family(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, _ = await join(store, "Ana")
    line = [await put(store, ana)]
    for _ in range(9):
        line.append(await put(store, ana, sources=of(*line[-3:])))
    reader = Reader(ana)
    asked: list[tuple[str, int]] = []

    fetch = database.fetch

    async def counted(connection: AsyncConnection, *words: Any) -> Any:
        asked.extend((it, len(values)) for it, values in words)
        return await fetch(connection, *words)

    monkeypatch.setattr(database, "fetch", counted)
    for number in (line[3], line[-1]):
        async with store.read() as view:
            await lineage.ancestors(view, number, reader=reader)
            await lineage.descendants(view, number, reader=reader)
            await lineage.siblings(view, number, reader=reader)
            await lineage.path(view, line[0], number, reader=reader)
            await inheritance.credit(view, number, reader=reader)
            await inheritance.strictest(view, number)
            await lineage.family(view, number, reader=reader)

    assert len(asked) == 2 * 7
    assert asked[:7] == asked[7:]
