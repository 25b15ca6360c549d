import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from feed_core.errors import ButtonExpired, ButtonUsed, NotYourButton
from feed_core.models.proposals import Proposal, StoredCall
from feed_core.services import calls, proposals
from feed_core.services.calls import LIFETIME, Waiting
from feed_core.states import ProposalState
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join

pytestmark = pytest.mark.anywhere


async def kept(store: Store, *waiting: Waiting) -> list[str]:
    async with store.work() as work:
        return await calls.store(work, waiting)


async def press(store: Store, token: str, member_id: int) -> StoredCall:
    async with store.work() as work:
        return await calls.press(work, token, member_id=member_id)


async def proposed(store: Store, member_id: int) -> tuple[int, str]:
    """A proposal and the token of the button that accepts it."""
    async with store.work() as work:
        made = await proposals.propose(work, member_id=member_id, act="publish", arguments={})
        assert made.id is not None
    button = Waiting("publish", {}, only_id=member_id, once=True, proposal_id=made.id)
    (token,) = await kept(store, button)
    return made.id, token


async def answer(store: Store, proposal_id: int, *, accepted: bool) -> Proposal:
    async with store.work() as work:
        await proposals.answer(work, proposal_id, accepted=accepted)
        return await work.db.get_one(Proposal, proposal_id)


async def test_what_a_member_is_asked_already_is_one_question(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")

    async def ask(member_id: int, draft: str, shown_hash: str = "h") -> int:
        async with store.work() as work:
            made = await proposals.propose(
                work,
                member_id=member_id,
                act="publish",
                arguments={"draft": draft},
                shown_hash=shown_hash,
            )
            assert made.id is not None
            return made.id

    first = await ask(ana, "d1")
    assert await ask(ana, "d1") == first
    others = [await ask(ana, "d2"), await ask(ana, "d1", "changed"), await ask(ben, "d1")]
    assert len({first, *others}) == 4  # another draft, other words, another member

    await answer(store, first, accepted=False)
    assert await ask(ana, "d1") not in {first, *others}  # they said no to the first


@pytest.mark.once
async def test_a_press_brings_back_the_call_as_it_was_stored(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    first = Waiting("remix", {"sources": [1, 2], "how": "ü"}, shown_hash="h")
    second = Waiting("edit", {}, blank="words")

    tokens = await kept(store, first, second)

    rows = [await press(store, it, ana) for it in tokens]
    assert [(it.act, it.arguments, it.shown_hash, it.blank) for it in rows] == [
        ("remix", {"sources": [1, 2], "how": "ü"}, "h", None),
        ("edit", {}, "", "words"),
    ]
    assert all(len(it) == 12 for it in tokens)  # what every platform's button can carry


async def test_a_button_that_works_once_is_claimed_by_one_of_many(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    (token,) = await kept(store, Waiting("publish", {}, once=True))

    ends = await asyncio.gather(
        *(press(store, token, ana) for _ in range(8)), return_exceptions=True
    )

    assert [type(it) for it in ends].count(StoredCall) == 1
    assert [type(it) for it in ends].count(ButtonUsed) == 7


async def test_a_claimed_button_works_again_when_doing_it_failed(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    (token,) = await kept(store, Waiting("publish", {}, once=True))
    await press(store, token, ana)
    async with store.work() as work:
        await calls.reopen(work, token)

    await press(store, token, ana)

    with pytest.raises(ButtonUsed):
        await press(store, token, ana)


@pytest.mark.once
async def test_other_buttons_work_as_often_as_they_are_pressed(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    (token,) = await kept(store, Waiting("like", {"creation": 1}))

    for _ in range(3):
        assert (await press(store, token, ana)).act == "like"


@pytest.mark.once
async def test_a_button_for_one_member_is_not_used_up_by_another(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    (token,) = await kept(store, Waiting("publish", {}, only_id=ana, once=True))

    with pytest.raises(NotYourButton):
        await press(store, token, ben)

    assert (await press(store, token, ana)).act == "publish"


async def test_a_button_expires_and_is_swept_away(store: Store, clock: FixedClock) -> None:
    ana, _ = await join(store, "Ana")
    (old,) = await kept(store, Waiting("feed", {}))
    clock.go_on(LIFETIME - timedelta(seconds=1))
    (young,) = await kept(store, Waiting("feed", {}))
    await press(store, old, ana)
    clock.go_on(timedelta(seconds=1))

    with pytest.raises(ButtonExpired):
        await press(store, old, ana)
    async with store.work() as work:
        await calls.sweep(work)

    async with store.read() as view:
        assert list(await view.db.exec(select(StoredCall.token))) == [young]


@pytest.mark.once
async def test_a_token_nobody_was_given_has_expired(store: Store) -> None:
    ana, _ = await join(store, "Ana")

    for token in ("", "AAAAAAAAAAAA", "'; DROP TABLE stored_call; --"):
        with pytest.raises(ButtonExpired):
            await press(store, token, ana)


async def test_a_proposal_takes_the_first_answer_only(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    proposal_id, _ = await proposed(store, ana)

    first = await answer(store, proposal_id, accepted=False)
    second = await answer(store, proposal_id, accepted=True)

    assert first.state is second.state is ProposalState.DECLINED


async def test_a_proposal_is_accepted_in_time(store: Store, clock: FixedClock) -> None:
    ana, _ = await join(store, "Ana")
    proposal_id, token = await proposed(store, ana)
    clock.go_on(proposals.LIFETIME - timedelta(seconds=1))

    await press(store, token, ana)
    answered = await answer(store, proposal_id, accepted=True)

    assert (answered.state, answered.answered_at) == (ProposalState.ACCEPTED, clock.now())


async def test_a_proposal_that_ran_out_is_accepted_by_nothing(
    store: Store, clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    proposal_id, token = await proposed(store, ana)
    clock.go_on(proposals.LIFETIME)

    with pytest.raises(ButtonExpired):
        await press(store, token, ana)

    assert (await answer(store, proposal_id, accepted=True)).state is ProposalState.EXPIRED


async def test_what_one_did_within_a_day_can_be_undone_newest_first(
    store: Store, clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")

    def undoes(number: int, whose: int) -> Waiting:
        return Waiting("unlike", {"creation": number}, only_id=whose, once=True, undoes=True)

    async def found() -> list[int]:
        async with store.read() as view:
            rows = await calls.undoable(view, member_id=ana, limit=5)
            return [it.arguments["creation"] for it in rows]

    tokens = []
    for number in (1, 2, 3):
        tokens += await kept(store, undoes(number, ana), undoes(9, ben), Waiting("like", {}))
        clock.go_on(timedelta(hours=10))
    assert await found() == [3, 2]
    await press(store, tokens[6], ana)
    assert await found() == [2]
