import pytest

from feed_core import worker
from feed_core.errors import Blocked, CreationNotFound, Held, NotYours
from feed_core.models.creations import Creation
from feed_core.services import audience, cases, moderation, publishing, revising
from feed_core.services.gate import PASSED, Content, Decision
from feed_core.services.moderation import Ruling
from feed_core.services.pieces import Changes, Piece
from feed_core.services.sight import Reader, see
from feed_core.states import CreationState, Outcome, RevisionState, Visibility
from feed_core.store import Store
from tests.fakes.community import join
from tests.feed_core.pieces import put

HOLD = Decision(Outcome.HOLD, "word", "snail")
BLOCK = Decision(Outcome.BLOCK, "word", "slug")
LABEL = Decision(Outcome.LABEL, "word", "drat", ("strong language",))


class Says:
    """A gate that always says the same, and counts how often."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        self.asked: list[Content] = []

    async def decide(self, content: Content) -> Decision:
        self.asked.append(content)
        return self.decision


async def show(
    store: Store,
    gate: Says,
    creation_id: int,
    member_id: int,
    visibility: Visibility = Visibility.EVERYONE,
) -> Creation:
    return await worker.show_to(
        store,
        gate,
        creation_id=creation_id,
        member_id=member_id,
        visibility=visibility,
        room_id=None,
    )


async def row(store: Store, creation_id: int) -> Creation:
    async with store.read() as view:
        return await view.db.get_one(Creation, creation_id)


async def test_what_only_its_maker_sees_is_nobody_elses_to_judge(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    gate = Says(HOLD)
    async with store.work() as work:
        begun = await publishing.begin(
            work, author_id=ana, piece=Piece("Diary"), visibility=Visibility.ONLY_ME
        )
        assert begun.creation_id is not None
    await worker.check(store, gate, begun.creation_id)
    async with store.work() as work:
        edit = await revising.begin(
            work,
            creation_id=begun.creation_id,
            member_id=ana,
            changes=Changes(body="snail"),
            steps=[],
        )
        assert edit is not None
        assert edit.id is not None
    edited = await worker.check_edit(store, gate, edit.id)

    assert gate.asked == []
    assert edited.state is RevisionState.APPLIED
    assert (await row(store, begun.creation_id)).state is CreationState.PUBLISHED
    async with store.read() as view:
        assert await cases.waiting(view, limit=5) == []


async def test_it_passes_the_gate_before_others_see_it(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    hidden = await put(store, ana, visibility=Visibility.ONLY_ME)
    gate = Says(LABEL)

    shown = await show(store, gate, hidden, ana)

    assert [(it.creation_id, it.private) for it in gate.asked] == [(hidden, False)]
    assert shown.warnings == ["strong language"]
    async with store.read() as view:
        assert (await see(view, hidden, reader=Reader(ben))).id == hidden


async def test_one_that_is_held_waits_for_a_moderator(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    mo, _ = await join(store, "Mo")
    hidden = await put(store, ana, visibility=Visibility.ONLY_ME)

    with pytest.raises(Held):
        await show(store, Says(HOLD), hidden, ana)

    async with store.read() as view:
        with pytest.raises(CreationNotFound):
            await see(view, hidden, reader=Reader(mo))
    async with store.work() as work:
        case = await cases.open_creation(work, hidden)
        await moderation.decide(work, case=case, ruling=Ruling.PUBLISH, why="fine", moderator_id=mo)
    async with store.read() as view:
        assert (await see(view, hidden, reader=Reader(mo))).id == hidden


async def test_one_that_is_blocked_stays_its_makers(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    hidden = await put(store, ana, visibility=Visibility.ONLY_ME)

    with pytest.raises(Blocked):
        await show(store, Says(BLOCK), hidden, ana)

    kept = await row(store, hidden)
    assert (kept.state, kept.visibility) == (CreationState.PUBLISHED, Visibility.ONLY_ME)
    async with store.read() as view:
        assert (await see(view, hidden, reader=Reader(ana))).id == hidden


async def test_what_others_saw_before_is_not_judged_again(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    seen = await put(store, ana)
    gate = Says(BLOCK)

    for it in (Visibility.ONLY_ME, Visibility.ONLY_ME):
        await show(store, gate, seen, ana, it)

    assert gate.asked == []
    assert (await row(store, seen)).visibility is Visibility.ONLY_ME


async def test_a_verdict_on_other_words_holds(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    hidden = await put(store, ana, visibility=Visibility.ONLY_ME)
    async with store.read() as view:
        before = await publishing.content(view, hidden)
    async with store.work() as work:
        edit = await revising.begin(
            work, creation_id=hidden, member_id=ana, changes=Changes(body="slug"), steps=[]
        )
        assert edit is not None
        assert edit.id is not None
    await worker.check_edit(store, Says(PASSED), edit.id)

    for checked in (before, None):
        async with store.work() as work:
            shown = await audience.show_to(
                work,
                creation_id=hidden,
                member_id=ana,
                visibility=Visibility.EVERYONE,
                checked=checked,
                decision=PASSED,
            )
            assert shown.state is CreationState.HELD
            await work.db.rollback()


async def test_only_its_maker_shows_a_creation_to_others(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    hidden = await put(store, ana, visibility=Visibility.ONLY_ME)
    gate = Says(PASSED)

    with pytest.raises(NotYours):
        await show(store, gate, hidden, ben)
    assert gate.asked == []
