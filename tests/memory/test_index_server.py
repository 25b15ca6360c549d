"""Memories whose vectors are at a real Chroma server."""

from pathlib import Path

import chromadb
import pytest
from chromadb.api.client import Client
from chromadb.config import Settings

from feed_core.errors import ConfigurationError, Unavailable
from feed_core.store import Store
from memory.embedding import Embedder
from memory.index import Index
from memory.index_server import MARKER, close
from memory.remembering import Memories
from memory.sharding import PREFIX
from tests.chroma import free_port, serving
from tests.memory.conftest import MakeMember
from tests.memory.test_index import entries


async def test_a_server_keeps_what_a_folder_would_and_may_go_and_come_back(
    store: Store, embedder: Embedder, join: MakeMember, tmp_path: Path
) -> None:
    port = free_port()
    index = Index(f"http://127.0.0.1:{port}", embedder=embedder.name, dimension=embedder.dimension)
    memories = Memories(store, index, embedder)
    ana, ben = await join(), await join()
    kept = await memories.remember(ana, "peanuts make me ill", source="t")
    with pytest.raises(Unavailable):  # nobody serves yet
        await memories.warm()
    assert [it.memory for it in await memories.recall(ana, "peanuts")] == [kept]  # by its words

    with serving(tmp_path / "server", port):
        _write_in_the_first_format(port, embedder)
        await memories.warm()
        await memories.remember(ben, "I keep bees", source="t")
        assert _others(port) == ["recipes"]
        assert (await memories.recall(ana, "food allergies"))[0].memory == kept
        assert [it.memory.text for it in await memories.recall(ben, "food")] == ["I keep bees"]
        mine = entries(7, range(101, 130))
        await index.put(mine)
        ids = [it.memory_id for it in mine]
        near = await index.nearest(7, mine[3].vector, ids, k=5)
        assert near == await index.nearest(7, mine[3].vector, [*ids, 999], k=5)
        assert next(iter(near)) == mine[3].memory_id
        assert await index.nearest(8, mine[3].vector, ids, k=5) == {}
        await index.remove_owner(7)
        assert await index.census() == {0: 2}

    assert (await memories.recall(ana, "peanuts"))[0].memory == kept
    with pytest.raises(Unavailable):
        await index.census()

    with serving(tmp_path / "server", port) as url:
        assert (await memories.recall(ana, "food allergies"))[0].memory == kept
        assert await index.census() == {0: 2}
        other = Index(url, embedder="another", dimension=3)
        with pytest.raises(ConfigurationError, match="another"):
            await other.open()
        await other.close()
        await index.close()


def _write_in_the_first_format(port: int, embedder: Embedder) -> None:
    """Members shared shards differently, and the marker named no format; others are there too."""
    ours = {"embedder": embedder.name, "dimension": embedder.dimension}
    client = _client(port)
    client.create_collection("recipes", embedding_function=None)
    client.create_collection(MARKER, embedding_function=None, metadata=ours)
    for name in ("memories-000000", "memories-000003"):
        old = client.create_collection(name, embedding_function=None)
        old.add(ids=["77"], embeddings=[1.0] * embedder.dimension, metadatas=[{"owner_id": 1}])
    close(client)


def _others(port: int) -> list[str]:
    """The collections that are not Jamfeed's."""
    client = _client(port)
    names = [it.name for it in client.list_collections()]
    close(client)
    return [it for it in names if it != MARKER and not it.startswith(PREFIX)]


def _client(port: int) -> Client:
    client = chromadb.HttpClient("127.0.0.1", port, settings=Settings(anonymized_telemetry=False))
    assert isinstance(client, Client)
    return client


@pytest.mark.parametrize(
    "url", ["localhost:8000", "http://", "ftp://a/b", "http://a:b", "http://a:0"]
)
def test_what_is_no_address_is_told_before_the_start(url: str, embedder: Embedder) -> None:
    with pytest.raises(ConfigurationError, match="JAMFEED_CHROMA_URL"):
        Index(url, embedder=embedder.name, dimension=384).check()
