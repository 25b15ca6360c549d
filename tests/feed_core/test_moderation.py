import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, select

from feed_core.errors import Blocked, CreationNotFound, EmptyText, TextTooLong
from feed_core.events import CreationPublished, DeliveryOwed, Event
from feed_core.models.creations import Creation
from feed_core.models.deliveries import Delivery
from feed_core.models.moderation import Thing, Verdict
from feed_core.models.reactions import Comment
from feed_core.services import (
    cases,
    commenting,
    drafting,
    lineage,
    moderation,
    publishing,
    searching,
    threads,
    timeline,
    verdicts,
)
from feed_core.services.cases import Case
from feed_core.services.gate import Decision
from feed_core.services.moderation import AlreadyDecided, CaseChanged, OwnCase, Ruling
from feed_core.services.sight import Reader, see
from feed_core.states import CommentState, CreationState, DeliveryKind, Outcome
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join
from tests.feed_core.pieces import of, put

pytestmark = pytest.mark.anywhere


async def decide(
    store: Store,
    creation_id: int,
    ruling: Ruling,
    *,
    by: int,
    why: str = "because",
    seen: str = "",
) -> Verdict:
    async with store.work() as work:
        case = await cases.open_creation(work, creation_id)
        number = await moderation.decide(
            work, case=case, ruling=ruling, why=why, moderator_id=by, seen=seen
        )
        return await work.db.get_one(Verdict, number)


async def case(store: Store, creation_id: int) -> Case:
    async with store.read() as view:
        return await cases.of_creation(view, creation_id)


async def state(store: Store, creation_id: int) -> CreationState:
    return (await case(store, creation_id)).creation.state


async def owed(store: Store) -> list[tuple[str, int]]:
    async with store.read() as view:
        found = await view.db.exec(select(Delivery).order_by(col(Delivery.id)))
        return [(it.kind, it.subject_id) for it in found]


async def people(store: Store) -> tuple[int, int]:
    """An author, and somebody who decides."""
    return (await join(store, "Ana"))[0], (await join(store, "Mo"))[0]


@pytest.mark.once
async def test_what_is_held_is_published_at_the_moment_of_the_decision(
    store: Store, clock: FixedClock, told: list[Event]
) -> None:
    ana, mo = await people(store)
    creation_id = await put(store, ana, outcome=Outcome.HOLD)
    clock.go_on(timedelta(hours=2))

    verdict = await decide(store, creation_id, Ruling.PUBLISH, by=mo, why=" fine by me ")

    creation = (await case(store, creation_id)).creation
    assert (creation.state, creation.published_at) == (CreationState.PUBLISHED, clock.now())
    assert (verdict.outcome, verdict.decided_by_id, verdict.why, verdict.decided_at) == (
        Outcome.PASS,
        mo,
        "fine by me",
        clock.now(),
    )
    assert verdict.content_hash == creation.content_hash
    assert CreationPublished(creation_id, ana) in told
    assert await owed(store) == [(DeliveryKind.VERDICT, verdict.id)]
    assert any(isinstance(it, DeliveryOwed) for it in told)
    async with store.read() as view:
        assert (await searching.search(view, reader=Reader(mo), words="rain")).creations


async def test_a_label_is_what_the_moderator_says(store: Store) -> None:
    ana, mo = await people(store)
    held = await put(store, ana, outcome=Outcome.HOLD)
    seen = await put(store, ana)

    for it in (held, seen, seen):
        try:
            await decide(store, it, Ruling.LABEL, by=mo, why="spoilers")
        except AlreadyDecided:
            continue

    for it in (held, seen):
        creation = (await case(store, it)).creation
        assert (creation.state, creation.warnings) == (CreationState.PUBLISHED, ["spoilers"])


@pytest.mark.once
async def test_what_is_blocked_is_gone_for_others_and_kept_for_its_maker(store: Store) -> None:
    ana, mo = await people(store)
    creation_id = await put(store, ana, "Storm")

    await decide(store, creation_id, Ruling.BLOCK, by=mo, why="advertising")

    async with store.read() as view:
        with pytest.raises(CreationNotFound):
            await see(view, creation_id, reader=Reader(mo))
        with pytest.raises(Blocked) as blocked:
            await see(view, creation_id, reader=Reader(ana))
        assert vars(blocked.value) == {"rule": "moderator", "passage": "advertising", "draft": 1}
        for reader in (Reader(ana), Reader(mo)):
            assert await timeline.page(view, reader=reader) == []
            assert not (await searching.search(view, reader=reader, words="storm")).creations
        creation = await view.db.get_one(Creation, creation_id)
        draft = await drafting.get(view, owner_id=ana, number=1)
    assert (draft.title, draft.body) == ("Storm", "All about Storm.")
    assert draft.content_hash == drafting.piece(draft).content_hash == creation.content_hash


@pytest.mark.once
async def test_a_block_can_be_taken_back_and_the_moment_stays(
    store: Store, clock: FixedClock, told: list[Event]
) -> None:
    ana, mo = await people(store)
    first = clock.now()
    creation_id = await put(store, ana)
    await decide(store, creation_id, Ruling.BLOCK, by=mo)
    clock.go_on(timedelta(days=1))
    told.clear()

    await decide(store, creation_id, Ruling.PUBLISH, by=mo)

    creation = (await case(store, creation_id)).creation
    assert (creation.state, creation.published_at) == (CreationState.PUBLISHED, first)
    assert not [it for it in told if isinstance(it, CreationPublished)]
    async with store.read() as view:
        assert (await searching.search(view, reader=Reader(mo), words="rain")).creations


@pytest.mark.once
async def test_nobody_decides_on_what_is_their_own(store: Store) -> None:
    ana, _ = await people(store)
    creation_id = await put(store, ana, outcome=Outcome.HOLD)

    for ruling in Ruling:
        with pytest.raises(OwnCase):
            await decide(store, creation_id, ruling, by=ana)
    assert await state(store, creation_id) is CreationState.HELD


async def test_of_two_decisions_at_once_the_first_counts(store: Store) -> None:
    ana, mo = await people(store)
    creation_id = await put(store, ana, outcome=Outcome.HOLD)
    seen = moderation.fingerprint(await case(store, creation_id))

    ends = await asyncio.gather(
        *(
            decide(store, creation_id, ruling, by=mo, seen=seen)
            for ruling in (Ruling.BLOCK, Ruling.PUBLISH, Ruling.BLOCK, Ruling.LABEL)
        ),
        return_exceptions=True,
    )

    made = [it for it in ends if isinstance(it, Verdict)]
    assert len(made) == 1
    assert {type(it) for it in ends} == {Verdict, CaseChanged}
    assert len(await owed(store)) == 1
    shown = made[0].outcome is not Outcome.BLOCK
    wanted = CreationState.PUBLISHED if shown else CreationState.BLOCKED
    assert await state(store, creation_id) is wanted


@pytest.mark.once
async def test_what_is_so_already_needs_no_decision(store: Store) -> None:
    ana, mo = await people(store)
    seen = await put(store, ana)
    blocked = await put(store, ana, outcome=Outcome.BLOCK)

    for creation_id, ruling in ((seen, Ruling.PUBLISH), (blocked, Ruling.BLOCK)):
        with pytest.raises(AlreadyDecided):
            await decide(store, creation_id, ruling, by=mo)
    assert await owed(store) == []


@pytest.mark.once
async def test_what_its_author_took_back_cannot_be_decided(store: Store) -> None:
    ana, mo = await people(store)
    creation_id = await put(store, ana, outcome=Outcome.HOLD)
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=creation_id, member_id=ana)

    for number in (creation_id, 4711):
        with pytest.raises(CreationNotFound):
            await decide(store, number, Ruling.PUBLISH, by=mo)


@pytest.mark.parametrize(
    ("ruling", "why", "refusal"),
    [
        (Ruling.PUBLISH, " \u200b ", EmptyText),
        (Ruling.BLOCK, "a" * 501, TextTooLong),
        (Ruling.LABEL, "a" * 41, TextTooLong),
    ],
)
@pytest.mark.once
async def test_a_decision_has_a_reason_that_can_be_read(
    store: Store, ruling: Ruling, why: str, refusal: type[Exception]
) -> None:
    ana, mo = await people(store)
    creation_id = await put(store, ana, outcome=Outcome.HOLD)

    with pytest.raises(refusal):
        await decide(store, creation_id, ruling, by=mo, why=why)
    assert await state(store, creation_id) is CreationState.HELD


async def test_comments_are_decided_likewise(store: Store) -> None:
    ana, mo = await people(store)
    creation_id = await put(store, mo)
    content = commenting.content(creation_id=creation_id, author_id=ana, body="a snail")
    async with store.work() as work:
        comment = await commenting.comment(
            work,
            reader=Reader(ana),
            checked=content,
            decision=Decision(Outcome.HOLD, "word", "snail"),
        )
    assert comment.id is not None

    for ruling, wanted in (
        (Ruling.LABEL, CommentState.PUBLISHED),
        (Ruling.BLOCK, CommentState.BLOCKED),
    ):
        async with store.work() as work:
            found = await cases.open_comment(work, comment.id)
            await moderation.decide(work, case=found, ruling=ruling, why="rude", moderator_id=mo)
        async with store.read() as view:
            row = await view.db.get_one(Comment, comment.id)
            read = (await threads.page(view, creation_id, reader=Reader(mo))).entries
        assert (row.state, row.warnings) == (wanted, ["rude"])
        assert len(read) == (wanted is CommentState.PUBLISHED)


@pytest.mark.once
async def test_the_queue_holds_what_waits_the_oldest_first(store: Store, clock: FixedClock) -> None:
    ana, mo = await people(store)
    await put(store, ana)
    waiting = []
    for _ in range(3):
        waiting.append(await put(store, ana, outcome=Outcome.HOLD))
        clock.go_on(timedelta(minutes=1))
    content = commenting.content(creation_id=1, author_id=ana, body="a snail")
    async with store.work() as work:
        await commenting.comment(
            work,
            reader=Reader(ana),
            checked=content,
            decision=Decision(Outcome.HOLD, "word", "snail"),
        )

    async with store.read() as view:
        queue = await cases.waiting(view, limit=10)
        first = await cases.waiting(view, limit=2)
    assert [(it.thing, it.thing_id) for it in queue] == [
        *((Thing.CREATION, it) for it in waiting),
        (Thing.COMMENT, 1),
    ]
    assert [it.thing_id for it in first] == waiting[:2]
    await decide(store, waiting[0], Ruling.PUBLISH, by=mo)
    async with store.read() as view:
        left = await cases.waiting(view, limit=10)
    assert [it.thing_id for it in left] == [*waiting[1:], 1]


async def test_the_log_says_who_decided_what_when_and_why(store: Store, clock: FixedClock) -> None:
    ana, mo = await people(store)
    held = await put(store, ana, outcome=Outcome.HOLD)
    seen = await put(store, ana)
    await decide(store, held, Ruling.PUBLISH, by=mo, why="fine")
    clock.go_on(timedelta(minutes=1))
    await decide(store, seen, Ruling.BLOCK, by=mo, why="spam")

    async with store.read() as view:
        log = await moderation.log(view, limit=10)
        older = await moderation.log(view, limit=10, before_id=log[0].id)
    assert [(it.thing_id, it.outcome, it.decided_by_id, it.why) for it in log] == [
        (seen, Outcome.BLOCK, mo, "spam"),
        (held, Outcome.PASS, mo, "fine"),
    ]
    assert older == log[1:]


@pytest.mark.once
async def test_a_remix_of_what_is_held_keeps_its_place_and_shows_no_more_of_it(
    store: Store,
) -> None:
    ana, mo = await people(store)
    parent = await put(store, ana, "Storm")
    child = await put(store, mo, "Calm", sources=of(parent))
    async with store.work() as work:
        found = await cases.open_creation(work, parent)
        await moderation.hold(work, case=found, decision=Decision(Outcome.HOLD, "reports", "3"))

    async with store.read() as view:
        for reader in (Reader(mo), Reader(ana)):
            family = await lineage.family(view, child, reader=reader)
            assert [it.id for it in family.members] == [child]
            items = await timeline.items(
                view, [await see(view, child, reader=reader)], reader=reader
            )
            assert items[0].parents == []
    await decide(store, parent, Ruling.PUBLISH, by=mo)
    async with store.read() as view:
        family = await lineage.family(view, child, reader=Reader(mo))
    assert {it.id for it in family.members} == {parent, child}


@pytest.mark.once
async def test_a_verdict_of_a_moderator_keeps_no_words_of_what_was_taken_back(
    store: Store,
) -> None:
    ana, mo = await people(store)
    creation_id = await put(store, ana, outcome=Outcome.HOLD)
    await decide(store, creation_id, Ruling.PUBLISH, by=mo, why="they wrote a nice poem")
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=creation_id, member_id=ana)

    async with store.read() as view:
        last = await verdicts.latest(view, thing=Thing.CREATION, thing_id=creation_id)
    assert last is not None
    assert (last.why, last.passage, last.decided_by_id) == ("", "", mo)
