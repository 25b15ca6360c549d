"""A Chroma server that keeps the index instead of the data folder, for more than one process."""

from __future__ import annotations  # Chroma is named here, imported when used

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feed_core.errors import ConfigurationError, Unavailable
from memory.index_folder import FORMAT
from memory.sharding import PREFIX

if TYPE_CHECKING:
    from chromadb.api.client import Client

SETTING = "JAMFEED_CHROMA_URL"
MARKER = "jamfeed-index"  # a collection that holds nothing, and says whose index this is
SERVICE = "memory index"
PORTS = {"http": 8000, "https": 443}


def check(url: str) -> None:
    """See that this can be the address of a server; nobody is asked.

    Raises:
        ConfigurationError: it cannot.
    """
    try:
        read = urlsplit(url)
        usable = read.scheme in PORTS and bool(read.hostname) and read.port != 0
    except ValueError:  # a port that is no number
        usable = False
    if not usable:
        raise ConfigurationError(
            SETTING, f"{url!r} is no address of a server", "write one such as http://localhost:8000"
        )


def connect(url: str, *, embedder: str, dimension: int) -> Client:
    """A client of a server that holds the index of this embedder, or none yet; blocking.

    An index of an earlier format of Jamfeed's is emptied: the rows fill it again.

    Raises:
        ConfigurationError: its index is of another embedder.
        Unavailable: no Chroma server answers there.
    """
    import chromadb
    from chromadb.api.client import Client
    from chromadb.config import Settings

    read = urlsplit(url)
    try:
        client = chromadb.HttpClient(
            host=read.hostname or "",
            port=read.port or PORTS[read.scheme],
            ssl=read.scheme == "https",
            settings=Settings(anonymized_telemetry=False),
        )
    except ValueError as error:  # that is how Chroma says that nobody answers
        raise Unavailable(SERVICE) from error
    assert isinstance(client, Client)  # its interface lacks close()
    ours: dict[str, str | int] = {"format": FORMAT, "embedder": embedder, "dimension": dimension}
    found = _marked(client, ours)
    if found == {name: ours[name] for name in ("embedder", "dimension")}:  # as the first format was
        names = [it.name for it in client.list_collections()]
        for name in (*(it for it in names if it.startswith(PREFIX)), MARKER):  # no one else's
            client.delete_collection(name)
        found = _marked(client, ours)
    if found != ours:
        close(client)
        raise ConfigurationError(
            SETTING,
            f"the index there was made with the embedder {found.get('embedder')}, this Jamfeed has "
            f"{embedder}",
            "use another server; the index is made anew from the database",
        )
    return client


def _marked(client: Client, ours: dict[str, str | int]) -> dict[str, object]:
    """What the marker there says; without one ours is made."""
    marker = client.get_or_create_collection(MARKER, embedding_function=None, metadata=ours)
    return dict(marker.metadata or {})


def close(client: Client) -> None:
    """Let go of a client, also of the connections that Chroma's own closing leaves open."""
    client.close()
    for it in (client, client._admin_client):
        server = getattr(it, "_server", None)
        session = getattr(server, "_session", None)  # none where there is no server
        if session is not None:
            session.close()
