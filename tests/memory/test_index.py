from pathlib import Path
from typing import Any

import numpy as np
import pytest

from memory.embedding import Embedder
from memory.index import Entry, Index
from memory.sharding import shard_of

NOBODY: list[Any] = [None, 0, -1, True, False, 1.0, "1"]


def entries(owner_id: int, memory_ids: range) -> list[Entry]:
    numbers = np.random.default_rng(owner_id).standard_normal((len(memory_ids), 384))
    unit = (numbers / np.linalg.norm(numbers, axis=1, keepdims=True)).astype(np.float32)
    return [Entry(place, owner_id, row) for place, row in zip(memory_ids, unit, strict=True)]


async def test_what_was_put_is_found_by_its_owner_alone(index: Index) -> None:
    mine, theirs = entries(7, range(1, 30)), entries(8, range(30, 60))
    await index.put([*mine, *theirs])

    everything = [entry.memory_id for entry in (*mine, *theirs)]
    near = await index.nearest(7, mine[3].vector, [*everything, 77], k=100)
    assert next(iter(near)) == mine[3].memory_id
    assert near[mine[3].memory_id] == pytest.approx(1.0, abs=1e-4)
    assert near.keys() == {entry.memory_id for entry in mine}
    assert list(near.values()) == sorted(near.values(), reverse=True)

    some = everything[:5]
    assert (await index.nearest(7, mine[3].vector, some, k=100)).keys() == set(some)
    kept = await index.vectors(8, everything)
    assert kept.keys() == {entry.memory_id for entry in theirs}
    assert np.allclose(kept[30], theirs[0].vector)
    assert await index.vectors(9, everything) == {}
    assert await index.nearest(9, mine[0].vector, everything, k=5) == {}
    assert await index.nearest(12_345, mine[0].vector, everything, k=5) == {}


async def test_removing_takes_only_the_owners_own(index: Index) -> None:
    await index.put([*entries(7, range(1, 4)), *entries(8, range(4, 7))])
    await index.remove(7, [1, 4, 99])
    await index.remove(7, [])
    assert (await index.vectors(7, [1, 2, 3])).keys() == {2, 3}
    assert (await index.vectors(8, [4, 5, 6])).keys() == {4, 5, 6}
    await index.remove_owner(8)
    assert await index.vectors(8, [4, 5, 6]) == {}
    assert await index.census() == {0: 2}


async def test_members_share_shards(index: Index) -> None:
    await index.put(
        [*entries(249, range(1, 3)), *entries(250, range(3, 4)), *entries(500, range(4, 5))]
    )
    assert await index.census() == {0: 2, 1: 1, 2: 1}
    await index.drop_shard(0)
    await index.drop_shard(77)
    assert await index.census() == {1: 1, 2: 1}
    assert await index.vectors(249, [1, 2]) == {}


async def test_what_was_put_is_there_after_a_restart(tmp_path: Path, embedder: Embedder) -> None:
    ids = range(1, 1_300)
    wanted = entries(3, ids)  # enough for Chroma to write its graph to files
    for held in ({}, {0: 1_299}):
        index = Index(tmp_path / "i", embedder=embedder.name, dimension=embedder.dimension)
        assert await index.census() == held
        if not held:
            await index.put(wanted)
        assert next(iter(await index.nearest(3, wanted[1_200].vector, ids, k=1))) == 1_201
        await index.close()


@pytest.mark.parametrize("nobody", NOBODY)
async def test_without_an_owner_nothing_is_done(index: Index, nobody: Any) -> None:
    vector = entries(1, range(1, 2))[0].vector
    with pytest.raises(ValueError, match="owner"):
        shard_of(nobody)
    with pytest.raises(ValueError, match="owner"):
        await index.nearest(nobody, vector, [1], k=1)
    with pytest.raises(ValueError, match="owner"):
        await index.vectors(nobody, [1])
    with pytest.raises(ValueError, match="owner"):
        await index.remove(nobody, [1])
    with pytest.raises(ValueError, match="owner"):
        await index.remove_owner(nobody)
    with pytest.raises(ValueError, match="owner"):
        await index.put([Entry(1, nobody, vector)])
