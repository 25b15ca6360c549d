"""Meaning that a test can see: creations whose titles begin with the same word are about it."""

from collections.abc import Collection, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from sqlmodel import col, select

from feed_core.models.creations import Creation
from feed_core.states import CreationState
from feed_core.store import Store

DIMENSION = 64


class FirstWords:
    """Fulfils `Nearest`: each first word has a direction of its own, nearly always."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.away = False  # then nothing is known

    async def near(
        self, vector: NDArray[np.float32], *, k: int, among: Collection[int] | None = None
    ) -> dict[int, float]:
        async with self._store.read() as view:
            known = [it for it in await view.db.exec(select(Creation.id)) if it is not None]
        ids = known if among is None else [it for it in known if it in among]
        near = (await self.vectors(ids)) @ vector
        order = np.argsort(-near, kind="stable")[:k]
        return {ids[place]: float(near[place]) for place in order}

    async def vectors(self, creation_ids: Sequence[int]) -> NDArray[np.float32]:
        rows = np.zeros((len(creation_ids), DIMENSION), dtype=np.float32)
        if self.away:
            return rows
        async with self._store.read() as view:
            found = await view.db.exec(
                select(Creation.id, Creation.title).where(
                    col(Creation.id).in_(creation_ids), Creation.state == CreationState.PUBLISHED
                )
            )
            titles = dict(found.all())
        for row, number in enumerate(creation_ids):
            if number in titles:
                rows[row, crc32(titles[number].split()[0].lower().encode()) % DIMENSION] = 1
        return rows
