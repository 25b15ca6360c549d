import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from feed_core import worker
from feed_core.errors import Held, Unavailable
from feed_core.models.creations import Creation
from feed_core.services import drafting, members, publishing
from feed_core.services.gate import Check, Content, Decision
from feed_core.services.pieces import Piece
from feed_core.states import CreationState, DraftState, Outcome
from feed_core.store import Store
from tests.fakes.community import Pass, join

pytestmark = pytest.mark.anywhere


class Says:
    """A gate that always decides the same, and remembers what it was shown."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self.shown: list[Content] = []

    async def decide(self, content: Content) -> Decision:
        self.shown.append(content)
        return Decision(self._outcome, rule="word")


class Writes:
    """A gate that itself writes: it would wait for ever if a transaction were open meanwhile."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def decide(self, content: Content) -> Decision:
        async with asyncio.timeout(5), self._store.work() as work:
            await members.move_to(work, content.author_id, zone="Asia/Tokyo")
        return Decision(Outcome.PASS)


class Stumbles:
    """A gate that raises."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def decide(self, content: Content) -> Decision:
        raise self._error


class Silent:
    """A gate that does not answer."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def decide(self, content: Content) -> Decision:
        self.asked.set()
        await asyncio.Event().wait()
        raise AssertionError


@asynccontextmanager
async def stopped_at(store: Store, creation_id: int) -> AsyncIterator[None]:
    """The program is stopped while the gate thinks."""
    gate = Silent()
    task = asyncio.create_task(worker.check(store, gate, creation_id))
    async with asyncio.timeout(5):
        await gate.asked.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    yield


async def begun(store: Store, author_id: int, piece: Piece | None = None) -> int:
    async with store.work() as work:
        begun = await publishing.begin(work, author_id=author_id, piece=piece or Piece("Rain"))
        assert begun.creation_id is not None
        return begun.creation_id


async def drafted(store: Store, owner_id: int) -> tuple[int, int]:
    """A draft on its way to being published; its number and the creation's."""
    async with store.work() as work:
        draft = await drafting.add(work, owner_id=owner_id, piece=Piece("Rain", "Drip."), recipe={})
        begun = await publishing.begin(work, author_id=owner_id, piece=drafting.piece(draft))
        assert draft.id is not None
        assert begun.creation_id is not None
        await drafting.claim(work, draft_id=draft.id, creation_id=begun.creation_id)
        return draft.number, begun.creation_id


async def state(store: Store, creation_id: int) -> CreationState:
    async with store.read() as view:
        return (await view.db.get_one(Creation, creation_id)).state


async def test_no_transaction_is_open_while_the_gate_thinks(store: Store) -> None:
    ana, _ = await join(store, "Ana")

    checked = await worker.check(store, Writes(store), await begun(store, ana))

    assert checked.state is CreationState.PUBLISHED
    async with store.read() as view:
        assert (await members.get(view, ana)).zone == "Asia/Tokyo"


async def test_the_gate_is_shown_all_that_others_would_see(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    gate = Says(Outcome.PASS)
    link = "https://example.org/"
    piece = Piece("Rain", "Drip.", alt="drops on tin", tags=["rain"], link=link)

    creation_id = await begun(store, ana, piece)

    await worker.check(store, gate, creation_id)

    assert gate.shown == [
        Content(
            author_id=ana,
            title="Rain",
            body="Drip.",
            media_hash=None,
            content_hash=piece.content_hash,
            alt="drops on tin",
            tags=["rain"],
            link=link,
            creation_id=creation_id,
        )
    ]


@pytest.mark.parametrize("error", [TimeoutError(), Unavailable("The model")])
async def test_a_gate_that_does_not_answer_holds_the_creation(
    store: Store, error: Exception
) -> None:
    ana, _ = await join(store, "Ana")
    creation_id = await begun(store, ana)

    checked = await worker.check(store, Stumbles(error), creation_id)

    assert checked.state is CreationState.HELD
    async with store.read() as view:
        with pytest.raises(Held) as held:
            await publishing.require_published(view, await view.db.get_one(Creation, creation_id))
    assert held.value.rule == "no_answer"


async def test_the_wait_for_a_gate_has_an_end(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    creation_id = await begun(store, ana)

    async with asyncio.timeout(10):
        checked = await worker.check(store, Silent(), creation_id, limit=0.05)

    assert checked.state is CreationState.HELD


async def test_what_a_stop_left_at_the_gate_is_checked_again(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    first, second = await begun(store, ana), await begun(store, ana)
    async with stopped_at(store, first):
        assert await state(store, first) is CreationState.CHECKING

    assert await worker.check_stuck(store, Pass()) == 2

    assert await state(store, first) is CreationState.PUBLISHED
    assert await state(store, second) is CreationState.PUBLISHED
    assert await worker.check_stuck(store, Pass()) == 0


async def test_two_checks_at_once_settle_a_creation_once(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    creation_id = await begun(store, ana)

    async with asyncio.timeout(10):
        await asyncio.gather(*(worker.check(store, Pass(), creation_id) for _ in range(4)))

    assert await state(store, creation_id) is CreationState.PUBLISHED


@pytest.mark.parametrize(
    ("gate", "becomes", "words"),
    [
        (Says(Outcome.BLOCK), DraftState.OPEN, "Drip."),  # its member gets it back
        (Says(Outcome.PASS), DraftState.PUBLISHED, ""),  # the creation holds the words now
        (Says(Outcome.HOLD), DraftState.PUBLISHED, ""),
    ],
)
async def test_a_stop_at_the_gate_loses_no_draft(
    store: Store, gate: Check, becomes: DraftState, words: str
) -> None:
    ana, _ = await join(store, "Ana")
    number, creation_id = await drafted(store, ana)

    async with stopped_at(store, creation_id):
        await worker.check_stuck(store, gate)

    async with store.read() as view:
        draft = await drafting.find(view, owner_id=ana, number=number)
    assert (draft.state, draft.body) == (becomes, words)
