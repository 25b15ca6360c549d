import pytest

from feed_core.events import CommentPosted, Event
from feed_core.models.moderation import Thing, Verdict
from feed_core.models.reactions import Comment
from feed_core.services import commenting, threads, timeline, verdicts
from feed_core.services.commenting import CommentNotFound
from feed_core.services.gate import Decision
from feed_core.services.sight import Reader
from feed_core.states import CommentState, Outcome
from feed_core.store import Store
from tests.fakes.community import join
from tests.feed_core.pieces import put

pytestmark = pytest.mark.anywhere

HELD = Decision(Outcome.HOLD, "word", "snail")
BLOCKED = Decision(Outcome.BLOCK, "word", "slug")


async def said(
    store: Store, author_id: int, creation_id: int, decision: Decision, body: str = "a snail"
) -> Comment:
    content = commenting.content(creation_id=creation_id, author_id=author_id, body=body)
    async with store.work() as work:
        return await commenting.comment(
            work, reader=Reader(author_id), checked=content, decision=decision
        )


async def verdict(store: Store, comment_id: int) -> Verdict | None:
    async with store.read() as view:
        return await verdicts.latest(view, thing=Thing.COMMENT, thing_id=comment_id)


@pytest.mark.parametrize("decision", [HELD, BLOCKED])
@pytest.mark.once
async def test_nobody_reads_or_counts_a_comment_that_did_not_pass(
    store: Store, told: list[Event], decision: Decision
) -> None:
    ana, ben = [(await join(store, it))[0] for it in ("Ana", "Ben")]
    creation_id = await put(store, ana)

    comment = await said(store, ben, creation_id, decision)

    assert comment.id is not None
    assert not [it for it in told if isinstance(it, CommentPosted)]
    async with store.read() as view:
        for reader in (Reader(ana), Reader(ben)):
            assert (await threads.page(view, creation_id, reader=reader)).entries == []
            assert (await timeline.page(view, reader=reader))[0].comments == 0
            with pytest.raises(CommentNotFound):
                await commenting.read(view, comment.id, reader=reader)
    kept = await verdict(store, comment.id)
    assert kept is not None
    assert (kept.outcome, kept.rule, kept.passage) == (
        decision.outcome,
        decision.rule,
        decision.passage,
    )
    assert kept.content_hash == commenting.hash_of("a snail")


@pytest.mark.once
async def test_whoever_made_what_it_is_about_does_not_learn_of_a_held_comment(
    store: Store,
) -> None:
    ana, ben = [(await join(store, it))[0] for it in ("Ana", "Ben")]
    comment = await said(store, ben, await put(store, ana), HELD)
    assert comment.id is not None

    with pytest.raises(CommentNotFound):
        async with store.work() as work:
            await commenting.withdraw(work, comment_id=comment.id, reader=Reader(ana))
    async with store.work() as work:
        gone = await commenting.withdraw(work, comment_id=comment.id, reader=Reader(ben))
    assert (gone.state, gone.body) == (CommentState.WITHDRAWN, "")
    kept = await verdict(store, comment.id)
    assert kept is not None
    assert kept.passage == ""


@pytest.mark.once
async def test_a_label_stands_with_the_comment(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    labelled = Decision(Outcome.LABEL, "word", "drat", ("strong language",))

    comment = await said(store, ana, await put(store, ana), labelled)

    assert (comment.state, comment.warnings) == (CommentState.PUBLISHED, ["strong language"])


async def test_one_that_is_let_out_later_is_told_then(store: Store, told: list[Event]) -> None:
    ana, _ = await join(store, "Ana")
    creation_id = await put(store, ana)
    comment = await said(store, ana, creation_id, HELD)
    assert comment.id is not None

    async with store.work() as work:
        row = await work.db.get_one(Comment, comment.id)
        await commenting.let_out(work, row)

    assert told[-1] == CommentPosted(comment.id, creation_id, ana)
    async with store.read() as view:
        assert (await commenting.read(view, comment.id, reader=Reader(ana))).body == "a snail"
