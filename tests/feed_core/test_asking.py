"""Asking a maker: one question, one answer, and the truth about it afterwards."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from feed_core.models.creations import Creation
from feed_core.models.deliveries import Delivery
from feed_core.models.proposals import Proposal
from feed_core.services import asking, consent, linking, members, publishing, remixing
from feed_core.services.asking import (
    LIFETIME,
    MOST_OPEN,
    NO_STANDS,
    QuestionNotFound,
    RemixDeclined,
    TooManyQuestions,
)
from feed_core.services.remixing import AskFirst
from feed_core.services.sight import Reader
from feed_core.states import DeliveryKind, Permission, ProposalState, Purpose
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join
from tests.feed_core.pieces import of, put

pytestmark = pytest.mark.anywhere

YES, ASK, NO = Permission.YES, Permission.ASK, Permission.NO
ARGUMENTS = {"sources": [1], "how": "as a haiku"}


@pytest.fixture
async def ana(store: Store) -> int:
    """A maker who wants to be asked; #1 is hers."""
    member_id, _ = await join(store, "Ana", platform="discord")
    await put(store, member_id, remix=ASK)
    return member_id


@pytest.fixture
async def ben(store: Store) -> int:
    """One who wants to build on it."""
    member_id, _ = await join(store, "Ben", platform="telegram")
    return member_id


async def ask(store: Store, asker_id: int, creation_id: int = 1, platform: str = "") -> Proposal:
    async with store.work() as work:
        question, _ = await asking.ask(
            work,
            creation=await work.db.get_one(Creation, creation_id),
            reader=Reader(asker_id),
            arguments=ARGUMENTS,
            asked_on=platform,
        )
        return question


async def answer(store: Store, question: Proposal, member_id: int, *, yes: bool) -> bool:
    assert question.id is not None
    async with store.work() as work:
        _, counted = await asking.answer(
            work, question_id=question.id, member_id=member_id, yes=yes
        )
        return counted


async def state(store: Store, question: Proposal) -> ProposalState:
    async with store.read() as view:
        return (await view.db.get_one(Proposal, question.id)).state


async def told(store: Store, kind: DeliveryKind) -> list[tuple[int, str]]:
    """What is owed of a kind: its subject and where."""
    async with store.read() as view:
        found = await view.db.exec(
            select(Delivery).where(Delivery.kind == kind).order_by(col(Delivery.id))
        )
        return [(it.subject_id, it.platform) for it in found]


async def change(store: Store, member_id: int, permission: Permission, number: int = 1) -> None:
    async with store.work() as work:
        await consent.change(
            work,
            creation_id=number,
            member_id=member_id,
            purpose=Purpose.REMIX,
            permission=permission,
        )


@pytest.mark.once
async def test_a_yes_lets_the_asker_build_on_it_and_nobody_else(
    store: Store, ana: int, ben: int
) -> None:
    cleo, _ = await join(store, "Cleo")
    other = await put(store, ana, "Sun", remix=ASK)
    question = await ask(store, ben)

    assert await answer(store, question, ana, yes=True)

    child = await put(store, ben, sources=of(1))
    async with store.read() as view:
        made = await view.db.get_one(Creation, child)
    assert made.consent_remix is ASK
    for member, source in ((ben, other), (cleo, 1)):
        with pytest.raises(AskFirst):
            await put(store, member, sources=of(source))
    assert await told(store, DeliveryKind.QUESTION) == [(question.id, "discord")]
    assert await told(store, DeliveryKind.ANSWER) == [(question.id, "telegram")]


@pytest.mark.once
async def test_asking_again_is_the_same_question(store: Store, ana: int, ben: int) -> None:
    first, second = await ask(store, ben), await ask(store, ben)

    assert first.id == second.id
    assert await told(store, DeliveryKind.QUESTION) == [(first.id, "discord")]


@pytest.mark.once
async def test_a_no_stands_for_a_month(store: Store, clock: FixedClock, ana: int, ben: int) -> None:
    question = await ask(store, ben)
    assert await answer(store, question, ana, yes=False)

    with pytest.raises(RemixDeclined):
        await ask(store, ben)
    with pytest.raises(AskFirst):
        await put(store, ben, sources=of(1))
    clock.go_on(NO_STANDS)
    again = await ask(store, ben)

    assert again.id != question.id
    assert await told(store, DeliveryKind.ANSWER) == [(question.id, "telegram")]


@pytest.mark.once
async def test_a_second_answer_changes_nothing(store: Store, ana: int, ben: int) -> None:
    question = await ask(store, ben)
    await answer(store, question, ana, yes=False)

    assert not await answer(store, question, ana, yes=True)

    assert await state(store, question) is ProposalState.DECLINED
    assert len(await told(store, DeliveryKind.ANSWER)) == 1


async def test_a_question_that_nobody_answers_runs_out_and_its_asker_is_told_once(
    store: Store, clock: FixedClock, ana: int, ben: int
) -> None:
    question = await ask(store, ben)
    clock.go_on(LIFETIME - timedelta(seconds=1))
    async with store.work() as work:
        assert await asking.expire(work) == 0
    clock.go_on(timedelta(seconds=1))
    async with store.work() as work:
        assert await asking.expire(work) == 1
        assert await asking.expire(work) == 0

    assert await state(store, question) is ProposalState.EXPIRED
    assert await told(store, DeliveryKind.ANSWER) == [(question.id, "telegram")]
    assert not await answer(store, question, ana, yes=True)
    assert (await ask(store, ben)).id != question.id


@pytest.mark.once
async def test_a_late_tap_closes_what_no_tick_has_closed_yet(
    store: Store, clock: FixedClock, ana: int, ben: int
) -> None:
    question = await ask(store, ben)
    clock.go_on(LIFETIME)

    assert not await answer(store, question, ana, yes=True)

    assert await state(store, question) is ProposalState.EXPIRED
    assert await told(store, DeliveryKind.ANSWER) == [(question.id, "telegram")]


@pytest.mark.once
async def test_only_who_was_asked_can_answer(store: Store, ana: int, ben: int) -> None:
    question = await ask(store, ben)

    with pytest.raises(QuestionNotFound):
        await answer(store, question, ben, yes=True)
    assert await state(store, question) is ProposalState.OPEN


@pytest.mark.parametrize(
    ("says", "becomes"), [(YES, ProposalState.ACCEPTED), (NO, ProposalState.REVOKED)]
)
@pytest.mark.once
async def test_what_the_maker_says_to_everybody_answers_who_waits(
    store: Store, ana: int, ben: int, says: Permission, becomes: ProposalState
) -> None:
    question = await ask(store, ben)

    await change(store, ana, says)

    assert await state(store, question) is becomes
    assert await told(store, DeliveryKind.ANSWER) == [(question.id, "telegram")]


async def test_a_no_to_everybody_takes_back_the_yes_to_one_and_asking_starts_anew(
    store: Store, ana: int, ben: int
) -> None:
    question = await ask(store, ben)
    await answer(store, question, ana, yes=True)
    made = await put(store, ben, sources=of(1))
    await change(store, ana, NO)
    await change(store, ana, ASK)

    with pytest.raises(AskFirst):
        await put(store, ben, sources=of(1))
    assert await state(store, question) is ProposalState.REVOKED
    assert (await ask(store, ben)).id != question.id
    async with store.read() as view:
        assert list(await remixing.parents(view, [made], reader=Reader(ben))) == [made]


@pytest.mark.once
async def test_what_is_said_of_a_source_answers_questions_about_its_remixes(
    store: Store, ana: int, ben: int
) -> None:
    cleo, _ = await join(store, "Cleo", platform="telegram")
    await change(store, ana, YES)
    child = await put(store, ben, sources=of(1))
    await change(store, ana, ASK)
    question = await ask(store, cleo, child)

    await change(store, ana, NO)

    assert question.member_id == ben
    assert await state(store, question) is ProposalState.REVOKED


@pytest.mark.once
async def test_taking_a_creation_back_ends_its_questions(store: Store, ana: int, ben: int) -> None:
    question = await ask(store, ben)
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=1, member_id=ana)

    assert await state(store, question) is ProposalState.EXPIRED
    assert await told(store, DeliveryKind.ANSWER) == [(question.id, "telegram")]
    assert not await answer(store, question, ana, yes=True)


@pytest.mark.once
async def test_one_member_cannot_flood_makers_with_questions(
    store: Store, ana: int, ben: int
) -> None:
    numbers = [1, *[await put(store, ana, remix=ASK) for _ in range(MOST_OPEN)]]
    for it in numbers[:-1]:
        await ask(store, ben, it)

    with pytest.raises(TooManyQuestions):
        await ask(store, ben, numbers[-1])
    assert (await ask(store, ben, numbers[0])).state is ProposalState.OPEN


async def test_a_maker_who_cannot_be_written_to_still_has_the_question(
    store: Store, ben: int
) -> None:
    async with store.work() as work:
        account, _ = await members.join(
            work, platform="discord", external_id="dee", name="Dee", persona="guide"
        )
    number = await put(store, account.member_id, remix=ASK)

    question = await ask(store, ben, number)

    assert await told(store, DeliveryKind.QUESTION) == []
    async with store.read() as view:
        waiting = await asking.waiting(view, member_id=account.member_id)
    assert [it.id for it in waiting] == [question.id]


async def test_two_who_become_one_do_not_ask_themselves_or_twice(
    store: Store, ana: int, ben: int
) -> None:
    ben_too, _ = await join(store, "Ben on Discord", platform="discord")
    first, second = await ask(store, ben), await ask(store, ben_too)
    async with store.work() as work:
        await linking.merge(work, keep_id=ben, gone_id=ben_too)
    assert (await state(store, first), await state(store, second)) == (
        ProposalState.OPEN,
        ProposalState.EXPIRED,
    )

    async with store.work() as work:
        await linking.merge(work, keep_id=ben, gone_id=ana)

    assert await state(store, first) is ProposalState.EXPIRED


async def test_a_question_goes_on_when_its_maker_links_an_account(
    store: Store, ana: int, ben: int
) -> None:
    ana_too, _ = await join(store, "Ana on Telegram", platform="telegram")
    question = await ask(store, ben)
    async with store.work() as work:
        await linking.merge(work, keep_id=ana_too, gone_id=ana)

    assert await answer(store, question, ana_too, yes=True)
