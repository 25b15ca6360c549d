"""Threads that a model reads for whoever asks: as durable work, each state of one only once."""

from collections.abc import Awaitable, Sequence
from typing import Protocol

import structlog

from agents.folding import Part, lines
from agents.gisting import said_in
from agents.passages import Passage
from agents.references import CreationRef
from agents.summarize import Reading, read_thread
from agents.turn import Writer
from feed_core.errors import JamfeedError, Refusal, Unavailable
from feed_core.services.ledger import BudgetSpent
from feed_core.services.sight import Reader
from feed_core.store import Store

READ = 2_000  # comments and remixes of one thread
MOST_TROUBLES = 1_000

logger = structlog.get_logger(__name__)


class Durably(Protocol):
    """See `bridges/durable/work.py`."""

    def __call__(self, creation_id: int, *, state: str, by: tuple[int, int]) -> Awaitable[None]:
        """See that `read` is done for this thread in this state, once."""
        ...


class Readings:
    """What a model makes of threads, kept as gists for all who see the same in them.

    A process that dies while a model reads has it read by the next one, and who asks for the same
    meanwhile waits for that reading, wherever it is done.
    """

    def __init__(self, store: Store, writer: Writer) -> None:
        self._store, self._writer = store, writer
        self._troubles: dict[str, JamfeedError] = {}  # by state
        self.durably: Durably | None = None
        """How it is made sure of; without, each reading is done at once by who asks."""

    async def see_read(self, said: Sequence[Passage], reader: Reader) -> None:
        """Return when a model has read a thread that says this to this reader.

        Raises:
            Unavailable, BudgetSpent: none did.
        """
        root = said[0].of
        assert isinstance(root, CreationRef)
        state, by = state_of(said), (reader.member_id, reader.room_id or 0)
        if self.durably is None:
            await self.read(root.id, *by)
        else:
            await self.durably(root.id, state=state, by=by)
        if (trouble := self._troubles.get(state)) is not None:
            raise trouble

    async def read(self, creation_id: int, member_id: int, room_id: int) -> None:
        """Read a thread as it stands now, as this member may see it there, who pays for it.

        Of what was read before nothing is read again. When no model does it, that is remembered for
        who waits for it.
        """
        reader = Reader(member_id, room_id or None)
        state = ""
        try:
            async with self._store.read() as view:
                said = await said_in(view, creation_id, reader, limit=READ)
            state = state_of(said)
            self._troubles.pop(state, None)
            await read_thread(Reading.of_thread(self._store, self._writer, said, reader), said)
        except (Unavailable, BudgetSpent, Refusal) as error:
            logger.info("thread_not_read", creation_id=creation_id, code=error.code)
            if len(self._troubles) >= MOST_TROUBLES:
                self._troubles.clear()
            self._troubles[state] = error


def state_of(said: Sequence[Passage]) -> str:
    """The same for the same words of the same people, whoever reads them."""
    return Part(lines(said)).key
