"""The vectors of memories: in Chroma's embedded database, or at a Chroma server.

Members are kept in shards, collections of 250 members by their id (`owner_id // 250`): each costs
3 MB of memory and five open files before its first vector, and the more it holds, the slower is a
query for a part of it. What comes back is looked at for its owner. An entry is the memory's id, its
owner's id and the vector; texts stand in SQL alone, from which all of this can be made again.
"""

from __future__ import annotations  # NumPy and Chroma are named here, imported when used

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from feed_core.errors import Unavailable
from memory import index_folder, index_server
from memory.sharding import PREFIX, shard_of

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection
    from numpy.typing import NDArray

# "ip" is the cosine, as vectors have length 1; half of the usual neighbours find all that these do.
GRAPH: CreateHNSWConfiguration = {"space": "ip", "max_neighbors": 8}
SERVICE = "memory index"
UNREADABLE = -1  # vectors of a shard that is damaged
AT_ONCE = 1_000  # ids in one call; Chroma takes 5,461

logger = structlog.get_logger(__name__)

Result = TypeVar("Result")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Entry:
    """One memory's unit vector, float32, shape (dimension,)."""

    memory_id: int
    owner_id: int
    vector: NDArray[np.float32]


class Index:
    """The vectors of all memories, in a folder or at a server, reached through their owners alone.

    One process at a time may open a folder: two would destroy it. Everything Chroma does happens
    one after the other in a thread of its own. When Chroma fails at its work, methods raise
    Unavailable; when an owner id cannot be a member's, ValueError.
    """

    def __init__(self, place: Path | str, *, embedder: str, dimension: int) -> None:
        self._place = place
        self._embedder = embedder
        self._dimension = dimension
        self._client: Client | None = None
        self._collections: dict[int, Collection] = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="memory-index")

    def check(self) -> None:
        """See that the place can be used, without Chroma; blocking, quick for a small folder.

        A folder that holds an index of no use is emptied: the rows fill it again.

        Raises:
            ConfigurationError: the folder is foreign or cannot be written; the address is none.
        """
        if isinstance(self._place, str):
            index_server.check(self._place)
        elif reason := index_folder.prepare(
            self._place, embedder=self._embedder, dimension=self._dimension
        ):
            logger.warning("memory_index_made_anew", reason=reason)

    async def open(self) -> None:
        """Open it, or make it; about two seconds the first time, nothing after it.

        Raises:
            ConfigurationError: it is foreign, or damaged as only Chroma sees.
            Unavailable: the server does not answer.
        """
        await self._do(self._open)

    async def close(self) -> None:
        """Let go of the folder; the index cannot be used again."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        finally:
            self._thread.shutdown(wait=False)

    async def put(self, entries: Sequence[Entry]) -> None:
        """Write these vectors, over what was there under the same memories' ids."""
        shards: dict[int, list[Entry]] = {}
        for entry in entries:
            shards.setdefault(shard_of(entry.owner_id), []).append(entry)

        def job() -> None:
            for shard, members in shards.items():
                for some in _cut(members):
                    # Any: Chroma's own types do not take float32 alone.
                    vectors: list[Any] = [entry.vector for entry in some]
                    self._made(shard).upsert(
                        ids=[str(entry.memory_id) for entry in some],
                        embeddings=vectors,
                        metadatas=[{"owner_id": entry.owner_id} for entry in some],
                    )

        await self._do(job)

    async def vectors(
        self, owner_id: int, memory_ids: Sequence[int]
    ) -> dict[int, NDArray[np.float32]]:
        """The vectors of those of these memories that are this owner's, by memory id."""
        shard = shard_of(owner_id)

        def job() -> dict[int, NDArray[np.float32]]:
            import numpy as np

            found: dict[int, NDArray[np.float32]] = {}
            collection = self._known(shard)
            for some in _cut(memory_ids) if collection is not None else ():
                assert collection is not None
                # Chroma takes three times as long where it looks for ids and owner together.
                got = collection.get(
                    ids=[str(memory_id) for memory_id in some], include=["embeddings", "metadatas"]
                )
                if got["ids"] and got["embeddings"] is not None:
                    rows = np.asarray(got["embeddings"], dtype=np.float32)
                    whose = [it.get("owner_id") for it in got["metadatas"] or ()]
                    entries = zip(map(int, got["ids"]), rows, whose, strict=True)
                    found.update((it, row) for it, row, theirs in entries if theirs == owner_id)
            return found

        return await self._do(job)

    async def nearest(
        self, owner_id: int, vector: NDArray[np.float32], memory_ids: Sequence[int], *, k: int
    ) -> dict[int, float]:
        """Of these memories the owner's k nearest to a unit vector: cosine by id, nearest first.

        Up to 5,000 ids; one that is not there makes it twice as slow.
        """
        shard = shard_of(owner_id)

        def job() -> dict[int, float]:
            from chromadb.errors import InternalError

            collection = self._known(shard)
            if collection is None or not memory_ids or k < 1:
                return {}
            asked: Any = {"query_embeddings": [vector], "include": ["distances", "metadatas"]}
            wanted = set(map(str, memory_ids))
            found: Any
            try:
                found = collection.query(**asked, n_results=k, ids=list(wanted))
            except InternalError:  # it does not have one of them; by the owner takes longer
                found = collection.query(**asked, n_results=k, where={"owner_id": owner_id})
            rows = zip(found["ids"][0], found["distances"][0], found["metadatas"][0], strict=True)
            mine = ((it, far) for it, far, whose in rows if whose["owner_id"] == owner_id)
            return {int(it): 1.0 - far for it, far in mine if it in wanted}

        return await self._do(job)

    async def remove(self, owner_id: int, memory_ids: Sequence[int]) -> None:
        """Take these memories out of the owner's shard; those that are not there do not matter.

        Chroma keeps a removed vector in its files until the shard is made anew.
        """
        shard = shard_of(owner_id)

        def job() -> None:
            if (collection := self._known(shard)) is not None:
                for some in _cut(memory_ids):
                    collection.delete(
                        ids=[str(memory_id) for memory_id in some], where={"owner_id": owner_id}
                    )

        await self._do(job)

    async def remove_owner(self, owner_id: int) -> None:
        """Take out everything of one owner."""
        shard = shard_of(owner_id)

        def job() -> None:
            if (collection := self._known(shard)) is not None:
                collection.delete(where={"owner_id": owner_id})

        await self._do(job)

    async def census(self) -> dict[int, int]:
        """How many vectors each shard holds; UNREADABLE where that cannot be told."""

        def job() -> dict[int, int]:
            from chromadb.errors import ChromaError

            names = (collection.name for collection in self._open().list_collections())
            shards = [int(name.removeprefix(PREFIX)) for name in names if name.startswith(PREFIX)]
            held = dict.fromkeys(shards, UNREADABLE)
            for shard in shards:
                with suppress(ChromaError):
                    held[shard] = self._made(shard).count()
            return held

        return await self._do(job)

    async def drop_shard(self, shard: int) -> None:
        """Throw a whole shard away, to be filled anew."""

        def job() -> None:
            if self._known(shard) is not None:
                self._open().delete_collection(_name(shard))
                del self._collections[shard]

        await self._do(job)

    def _open(self) -> Client:
        if self._client is None and isinstance(self._place, str):
            self._client = index_server.connect(
                self._place, embedder=self._embedder, dimension=self._dimension
            )
        elif self._client is None:
            self.check()
            import chromadb
            from chromadb.api.client import Client
            from chromadb.config import Settings
            from chromadb.errors import ChromaError

            try:
                client = chromadb.PersistentClient(
                    self._place, settings=Settings(anonymized_telemetry=False)
                )
            except (ChromaError, ValueError) as error:  # ValueError: its own tables are missing
                raise index_folder.damaged(Path(self._place)) from error
            assert isinstance(client, Client)  # its interface lacks close()
            self._client = client
        return self._client

    def _close(self) -> None:
        if self._client is not None:
            self._collections.clear()
            index_server.close(self._client)
            self._client = None

    def _made(self, shard: int) -> Collection:
        """The shard, made when there is none."""
        if shard not in self._collections:
            self._collections[shard] = self._open().get_or_create_collection(
                _name(shard),
                embedding_function=None,  # the default one would download a model
                configuration={"hnsw": GRAPH},
            )
        return self._collections[shard]

    def _known(self, shard: int) -> Collection | None:
        """The shard, or None when there is none."""
        from chromadb.errors import NotFoundError

        if shard not in self._collections:
            try:
                self._collections[shard] = self._open().get_collection(
                    _name(shard), embedding_function=None
                )
            except NotFoundError:
                return None
        return self._collections[shard]

    async def _do(self, job: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, _guarded, job)


def _guarded(job: Callable[[], Result]) -> Result:
    """The job's result; Chroma's own errors become ours, and those of the way to its server."""
    from chromadb.errors import ChromaError
    from httpx import HTTPError

    try:
        return job()
    except (ChromaError, HTTPError) as error:
        raise Unavailable(SERVICE) from error


def _name(shard: int) -> str:
    return f"{PREFIX}{shard:06d}"


def _cut(items: Sequence[Item]) -> list[Sequence[Item]]:
    return [items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE)]
