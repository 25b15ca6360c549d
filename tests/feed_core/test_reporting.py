import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from feed_core.errors import CreationNotFound, EmptyText, TextTooLong
from feed_core.models.creations import Creation
from feed_core.models.deliveries import Delivery
from feed_core.models.moderation import Report, ReportState
from feed_core.services import cases, moderation, publishing, reporting
from feed_core.services.commenting import CommentNotFound
from feed_core.services.moderation import Ruling
from feed_core.services.reporting import Brigade, Filed, OwnReport
from feed_core.services.sight import Reader
from feed_core.states import CommentState, CreationState, Outcome, Visibility
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join
from tests.feed_core.pieces import put, remark

pytestmark = pytest.mark.anywhere


async def report(
    store: Store,
    creation_id: int,
    member_id: int,
    *,
    reason: str = "rude",
    brigade: Brigade | None = None,
) -> Filed:
    async with store.work() as work:
        return await reporting.of_creation(
            work,
            creation_id=creation_id,
            reader=Reader(member_id),
            reason=reason,
            brigade=brigade or Brigade(),
        )


async def crowd(store: Store, count: int) -> list[int]:
    return [(await join(store, f"Member {it}"))[0] for it in range(count)]


async def state(store: Store, creation_id: int) -> CreationState:
    async with store.read() as view:
        return (await view.db.get_one(Creation, creation_id)).state


async def reports(store: Store) -> list[Report]:
    async with store.read() as view:
        return list(await view.db.exec(select(Report)))


async def dismiss(store: Store, creation_id: int, moderator_id: int) -> None:
    async with store.work() as work:
        case = await cases.open_creation(work, creation_id)
        await moderation.decide(
            work, case=case, ruling=Ruling.PUBLISH, why="fine", moderator_id=moderator_id
        )


async def test_a_report_waits_for_a_moderator_and_changes_nothing_else(store: Store) -> None:
    ana, ben = await crowd(store, 2)
    creation_id = await put(store, ana)

    assert await report(store, creation_id, ben, reason=" it is rude ") is Filed.NEW

    assert await state(store, creation_id) is CreationState.PUBLISHED
    async with store.read() as view:
        (case,) = await cases.waiting(view, limit=5)
        assert list(await view.db.exec(select(Delivery))) == []
    assert [it.reason for it in case.reports] == ["it is rude"]
    assert not case.held


@pytest.mark.once
async def test_a_flood_of_reports_by_one_member_does_nothing(store: Store) -> None:
    ana, ben = await crowd(store, 2)
    creation_id = await put(store, ana)

    filed = [await report(store, creation_id, ben) for _ in range(20)]
    filed += await asyncio.gather(*(report(store, creation_id, ben) for _ in range(5)))

    assert filed == [Filed.NEW, *[Filed.KNOWN] * 24]
    assert len(await reports(store)) == 1
    assert await state(store, creation_id) is CreationState.PUBLISHED


@pytest.mark.once
async def test_reports_of_several_members_within_a_time_hold(store: Store) -> None:
    ana, *others = await crowd(store, 4)
    creation_id = await put(store, ana)

    for it in others:
        await report(store, creation_id, it)

    assert await state(store, creation_id) is CreationState.HELD
    async with store.read() as view:
        (case,) = await cases.waiting(view, limit=5)
        assert case.verdict is not None
        assert (case.verdict.rule, case.verdict.passage) == ("reports", "3")
        (told,) = await view.db.exec(select(Delivery))
        assert told.subject_id == case.verdict.id


async def test_several_at_once_hold_once(store: Store) -> None:
    ana, *others = await crowd(store, 7)
    creation_id = await put(store, ana)

    ends = await asyncio.gather(
        *(report(store, creation_id, it) for it in others), return_exceptions=True
    )

    assert await state(store, creation_id) is CreationState.HELD
    assert ends.count(Filed.NEW) >= 3
    assert {type(it) for it in ends} <= {Filed, CreationNotFound}  # for some it was gone
    async with store.read() as view:
        assert len(list(await view.db.exec(select(Delivery)))) == 1


@pytest.mark.once
async def test_reports_too_far_apart_hold_nothing(store: Store, clock: FixedClock) -> None:
    ana, *others = await crowd(store, 4)
    creation_id = await put(store, ana)

    for it in others:
        await report(store, creation_id, it)
        clock.go_on(timedelta(hours=13))

    assert await state(store, creation_id) is CreationState.PUBLISHED
    assert await report(store, creation_id, others[0], brigade=Brigade(hold_at=0)) is Filed.KNOWN


@pytest.mark.once
async def test_what_a_moderator_let_through_is_not_held_by_reports(store: Store) -> None:
    ana, mo, *others = await crowd(store, 8)
    creation_id = await put(store, ana)
    for it in others[:3]:
        await report(store, creation_id, it)
    await dismiss(store, creation_id, mo)
    assert {it.state for it in await reports(store)} == {ReportState.DISMISSED}
    assert await report(store, creation_id, others[0]) is Filed.DECIDED

    for it in others[3:]:
        await report(store, creation_id, it, brigade=Brigade(hold_at=2))

    assert await state(store, creation_id) is CreationState.PUBLISHED
    async with store.read() as view:
        (case,) = await cases.waiting(view, limit=5)
    assert len(case.reports) == 3


async def test_nobody_reports_what_is_their_own_or_what_they_cannot_see(store: Store) -> None:
    ana, ben = await crowd(store, 2)
    creation_id = await put(store, ana)
    hidden = await put(store, ana, visibility=Visibility.ONLY_ME)
    held = await put(store, ana, outcome=Outcome.HOLD)

    with pytest.raises(OwnReport):
        await report(store, creation_id, ana)
    for number in (hidden, held, 4711):
        with pytest.raises(CreationNotFound):
            await report(store, number, ben)
    assert await reports(store) == []


@pytest.mark.parametrize(("reason", "refusal"), [(" \u200b", EmptyText), ("a" * 501, TextTooLong)])
@pytest.mark.once
async def test_a_report_says_what_is_wrong(
    store: Store, reason: str, refusal: type[Exception]
) -> None:
    ana, ben = await crowd(store, 2)

    with pytest.raises(refusal):
        await report(store, await put(store, ana), ben, reason=reason)


@pytest.mark.once
async def test_comments_are_reported_likewise(store: Store) -> None:
    ana, *others = await crowd(store, 4)
    creation_id = await put(store, others[0])
    async with store.work() as work:
        comment = await remark(work, creation_id=creation_id, reader=Reader(ana), body="oh")
    assert comment.id is not None

    for it in others:
        async with store.work() as work:
            await reporting.of_comment(
                work, comment_id=comment.id, reader=Reader(it), reason="rude", brigade=Brigade()
            )

    async with store.read() as view:
        case = await cases.of_comment(view, comment.id)
    assert case.state is CommentState.HELD
    with pytest.raises(CommentNotFound):
        async with store.work() as work:
            await reporting.of_comment(
                work, comment_id=comment.id, reader=Reader(ana), reason="x", brigade=Brigade()
            )


@pytest.mark.once
async def test_what_is_taken_back_leaves_no_report_open_and_no_reason(store: Store) -> None:
    ana, ben = await crowd(store, 2)
    creation_id = await put(store, ana)
    await report(store, creation_id, ben)

    async with store.work() as work:
        await publishing.withdraw(work, creation_id=creation_id, member_id=ana)

    assert [(it.state, it.reason) for it in await reports(store)] == [(ReportState.DISMISSED, "")]
    async with store.read() as view:
        assert await cases.waiting(view, limit=5) == []


@pytest.mark.once
async def test_what_most_members_reported_comes_first(store: Store) -> None:
    ana, *others = await crowd(store, 4)
    one, two = await put(store, ana), await put(store, ana)
    await report(store, one, others[0], brigade=Brigade(hold_at=0))
    for it in others:
        await report(store, two, it, brigade=Brigade(hold_at=0))

    async with store.read() as view:
        queue = await cases.waiting(view, limit=5)
    assert [it.thing_id for it in queue] == [two, one]
