import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from feed_core.errors import (
    Blocked,
    CreationNotFound,
    CreationWithdrawn,
    EmptyText,
    Held,
    NotYours,
    RemixNotAllowed,
    TextTooLong,
)
from feed_core.events import CreationPublished, Event
from feed_core.events import CreationWithdrawn as TakenBack
from feed_core.models.creations import Creation, Edge
from feed_core.models.media import Media
from feed_core.models.moderation import Verdict
from feed_core.services import authorship, publishing
from feed_core.services.gate import Content, Decision
from feed_core.services.pieces import LONGEST_BODY, LONGEST_TITLE, Piece
from feed_core.services.remixing import AskFirst
from feed_core.services.sight import Reader, see
from feed_core.states import (
    Authorship,
    CreationState,
    Hand,
    Outcome,
    Permission,
    Taken,
    Visibility,
)
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join
from tests.feed_core.pieces import of, put

pytestmark = pytest.mark.anywhere


async def row(store: Store, creation_id: int) -> Creation:
    async with store.read() as view:
        return await view.db.get_one(Creation, creation_id)


async def verdicts(store: Store, creation_id: int) -> list[Verdict]:
    async with store.read() as view:
        found = await view.db.exec(select(Verdict).where(Verdict.thing_id == creation_id))
        return list(found)


async def begun(store: Store, author_id: int, piece: Piece) -> int:
    async with store.work() as work:
        begun = await publishing.begin(work, author_id=author_id, piece=piece)
        assert begun.creation_id is not None
        return begun.creation_id


async def settle(store: Store, creation_id: int, checked: Content, outcome: Outcome) -> Creation:
    async with store.work() as work:
        return await publishing.settle(
            work, creation_id=creation_id, checked=checked, decision=Decision(outcome, "word", "x")
        )


async def content(store: Store, creation_id: int) -> Content:
    async with store.read() as view:
        return await publishing.content(view, creation_id)


@pytest.mark.once
async def test_nobody_sees_a_creation_and_nobody_is_told_until_it_was_checked(
    store: Store, told: list[Event], clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    told.clear()
    creation_id = await begun(store, ana, Piece("Rain"))
    async with store.read() as view:
        with pytest.raises(CreationNotFound):
            await see(view, creation_id, reader=Reader(ana))
    assert told == []

    await settle(store, creation_id, await content(store, creation_id), Outcome.PASS)

    async with store.read() as view:
        seen = await see(view, creation_id, reader=Reader(ana + 1))
    assert (seen.title, seen.published_at) == ("Rain", clock.now())
    assert told == [CreationPublished(creation_id, ana)]


@pytest.mark.parametrize("outcome", [Outcome.PASS, Outcome.LABEL])
@pytest.mark.once
async def test_what_passes_is_published(store: Store, outcome: Outcome) -> None:
    ana, _ = await join(store, "Ana")

    creation_id = await put(store, ana, outcome=outcome)

    assert (await row(store, creation_id)).state is CreationState.PUBLISHED


@pytest.mark.once
async def test_what_is_held_says_so_and_is_shown_to_nobody(store: Store, told: list[Event]) -> None:
    ana, _ = await join(store, "Ana")
    told.clear()
    creation_id = await put(store, ana, outcome=Outcome.HOLD)

    async with store.read() as view:
        with pytest.raises(Held) as held:
            await publishing.require_published(view, await view.db.get_one(Creation, creation_id))
        with pytest.raises(Held):
            await see(view, creation_id, reader=Reader(ana))
        with pytest.raises(CreationNotFound):
            await see(view, creation_id, reader=Reader(ana + 1))
    assert (held.value.creation_id, held.value.rule) == (creation_id, "word")
    assert told == []


async def test_what_is_blocked_says_under_which_rule(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    creation_id = await put(store, ana, outcome=Outcome.BLOCK)

    async with store.read() as view:
        with pytest.raises(Blocked) as blocked:
            await publishing.require_published(view, await view.db.get_one(Creation, creation_id))
    assert blocked.value.rule == "word"


@pytest.mark.once
async def test_a_verdict_on_other_words_holds_the_creation(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    creation_id = await begun(store, ana, Piece("Rain"))
    harmless = Content(ana, "Sun", "", None, Piece("Sun").content_hash)

    settled = await settle(store, creation_id, harmless, Outcome.PASS)

    assert settled.state is CreationState.HELD
    assert [it.content_hash for it in await verdicts(store, creation_id)] == [harmless.content_hash]


@pytest.mark.once
async def test_a_verdict_on_other_words_blocks_nothing_either(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    creation_id = await begun(store, ana, Piece("Rain"))
    bad = Content(ana, "Bad", "", None, Piece("Bad").content_hash)

    assert (await settle(store, creation_id, bad, Outcome.BLOCK)).state is CreationState.HELD


@pytest.mark.once
async def test_a_second_verdict_changes_nothing(store: Store, told: list[Event]) -> None:
    ana, _ = await join(store, "Ana")
    creation_id = await put(store, ana)
    told.clear()

    again = await settle(store, creation_id, await content(store, creation_id), Outcome.BLOCK)

    assert again.state is CreationState.PUBLISHED
    assert len(await verdicts(store, creation_id)) == 1
    assert told == []


@pytest.mark.parametrize("title", ["", " \n\t", "\u200b\u200b", "\u00ad\u2060\ufeff", "\ud83d"])
@pytest.mark.once
async def test_a_title_in_which_nothing_can_be_seen_is_refused(store: Store, title: str) -> None:
    ana, _ = await join(store, "Ana")

    with pytest.raises(EmptyText):
        await begun(store, ana, Piece(title, "words"))


@pytest.mark.parametrize("title", ["雨", "🌧️", "·", "\U0001fae9"])  # the last is from Unicode 16
@pytest.mark.once
async def test_one_character_that_can_be_seen_is_enough(store: Store, title: str) -> None:
    ana, _ = await join(store, "Ana")

    assert (await row(store, await begun(store, ana, Piece(title)))).title == title


@pytest.mark.once
async def test_a_picture_needs_no_words(store: Store, clock: FixedClock) -> None:
    ana, _ = await join(store, "Ana")
    async with store.work() as work:
        work.db.add(
            Media(hash="f" * 64, type="image/png", size=1, width=1, height=1, origin="upload",
                  created_at=clock.now(), wanted_at=clock.now())
        )  # fmt: skip

    assert (
        await row(store, await begun(store, ana, Piece("", media_hash="f" * 64, alt="grey")))
    ).title == ""


@pytest.mark.parametrize(
    ("piece", "length", "limit"),
    [
        (Piece("a" * (LONGEST_TITLE + 1)), LONGEST_TITLE + 1, LONGEST_TITLE),
        (Piece("a", "b" * 100_000), 100_000, LONGEST_BODY),
    ],
)
async def test_too_many_words_are_refused_with_both_numbers(
    store: Store, piece: Piece, length: int, limit: int
) -> None:
    ana, _ = await join(store, "Ana")

    with pytest.raises(TextTooLong) as refused:
        await begun(store, ana, piece)
    assert (refused.value.length, refused.value.limit) == (length, limit)


@pytest.mark.once
async def test_words_up_to_the_limit_are_taken(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    piece = Piece("a" * LONGEST_TITLE, "b" * LONGEST_BODY)

    assert len((await row(store, await begun(store, ana, piece))).body) == LONGEST_BODY


def test_the_hash_covers_all_that_others_see() -> None:
    pieces = [
        Piece("a"),
        Piece("a", "b"),
        Piece("ab"),
        Piece("a", alt="b"),
        Piece("a", media_hash="b"),
        Piece("", "a"),
        Piece('a", "b'),
    ]

    assert len({it.content_hash for it in pieces}) == len(pieces)


async def test_a_remix_inherits_the_strictest_of_each_consent(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    parents = [await put(store, ana), await put(store, ana), await put(store, ana)]
    async with store.work() as work:
        strict, asking, free = [await work.db.get_one(Creation, it) for it in parents]
        strict.consent_quote = Permission.NO
        strict.consent_train = Permission.YES
        asking.consent_remix = Permission.ASK
        asking.consent_quote = Permission.ASK
        asking.consent_train = free.consent_train = Permission.YES

    child = await row(store, await put(store, ana, sources=of(*parents)))

    assert child.consent_remix is Permission.ASK
    assert child.consent_recommend is Permission.YES
    assert child.consent_quote is Permission.NO
    assert child.consent_train is Permission.NO  # a maker's own answer, until they say otherwise


async def test_the_edges_are_written_with_the_child(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    first, second = await put(store, ana), await put(store, ana)

    child = await put(store, ana, sources={first: Taken.TEXT, second: Taken.STYLE})

    async with store.read() as view:
        edges = list(await view.db.exec(select(Edge).order_by(Edge.parent_id)))  # type: ignore[arg-type]  # SQLModel types a column by its value
    assert [(it.child_id, it.parent_id, it.taken) for it in edges] == [
        (child, first, Taken.TEXT),
        (child, second, Taken.STYLE),
    ]


@pytest.mark.once
async def test_no_parent_can_be_younger_than_its_child(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    first, second = await put(store, ana), await put(store, ana)

    for child_id, parent_id in ((first, second), (first, first)):
        with pytest.raises(IntegrityError, match="parent_is_older"):
            async with store.work() as work:
                work.db.add(Edge(child_id=child_id, parent_id=parent_id))


async def test_a_source_that_cannot_be_built_on_stops_the_remix(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    closed = await put(store, ana, remix=Permission.NO)
    asking = await put(store, ana, remix=Permission.ASK)
    hidden = await put(store, ana, visibility=Visibility.ONLY_ME)
    gone = await put(store, ana)
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=gone, member_id=ana)

    for source, refusal in (
        (closed, RemixNotAllowed),
        (asking, AskFirst),
        (hidden, CreationNotFound),
        (gone, CreationWithdrawn),
        (4711, CreationNotFound),
    ):
        with pytest.raises(refusal):
            await put(store, ben, sources=of(source))
    async with store.read() as view:
        assert list(await view.db.exec(select(Edge))) == []
        assert list(await view.db.exec(select(Creation).where(Creation.author_id == ben))) == []


@pytest.mark.once
async def test_the_maker_may_build_on_what_they_keep_from_others(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    closed = await put(store, ana, remix=Permission.NO)

    child = await row(store, await put(store, ana, sources=of(closed)))

    assert child.consent_remix is Permission.NO


@pytest.mark.once
async def test_what_is_taken_back_keeps_its_place_and_loses_its_content(
    store: Store, told: list[Event], clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    root = await put(store, ana)
    middle = await put(store, ana, sources=of(root))
    child = await put(store, ana, sources=of(middle))
    told.clear()

    for _ in range(2):  # a second time changes nothing
        async with store.work() as work:
            await publishing.withdraw(work, creation_id=middle, member_id=ana)

    gone = await row(store, middle)
    assert (gone.state, gone.withdrawn_at) == (CreationState.WITHDRAWN, clock.now())
    assert (gone.title, gone.body, gone.alt, gone.label, gone.tags) == ("", "", "", "", [])
    assert gone.media_hash is None
    assert told == [TakenBack(middle, ana)]
    async with store.read() as view:
        edges = {(it.parent_id, it.child_id) for it in await view.db.exec(select(Edge))}
    assert edges == {(root, middle), (middle, child)}


async def test_no_verdict_keeps_a_passage_of_what_was_taken_back(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    creation_id = await begun(store, ana, Piece("Rain"))
    await settle(store, creation_id, await content(store, creation_id), Outcome.HOLD)
    assert [it.passage for it in await verdicts(store, creation_id)] == ["x"]

    async with store.work() as work:
        await publishing.withdraw(work, creation_id=creation_id, member_id=ana)

    assert [(it.rule, it.passage) for it in await verdicts(store, creation_id)] == [("word", "")]


@pytest.mark.once
async def test_only_its_maker_takes_a_creation_back(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    creation_id = await put(store, ana)

    with pytest.raises(NotYours):
        async with store.work() as work:
            await publishing.withdraw(work, creation_id=creation_id, member_id=ben)
    with pytest.raises(CreationNotFound):
        async with store.work() as work:
            await publishing.withdraw(work, creation_id=4711, member_id=ben)

    assert (await row(store, creation_id)).title == "Rain"


@pytest.mark.parametrize(
    ("hands", "amount_to"),
    [
        ([], Authorship.HUMAN),
        ([Hand.HUMAN], Authorship.HUMAN),
        ([Hand.MAKER], Authorship.AI),
        ([Hand.MODEL, Hand.MAKER], Authorship.AI),
        ([Hand.MODEL, Hand.HUMAN], Authorship.HUMAN_EDITED_AI),
        ([Hand.HUMAN, Hand.MODEL], Authorship.AI_EDITED_HUMAN),
        ([Hand.HUMAN, Hand.MODEL, Hand.HUMAN], Authorship.AI_EDITED_HUMAN),
    ],
)
def test_authorship_is_told_from_the_steps(
    hands: list[Hand], amount_to: Authorship, clock: FixedClock
) -> None:
    steps = [authorship.step(it, at=clock.now()) for it in hands]

    assert authorship.computed(steps) is amount_to
    assert authorship.computed(steps, by_agent=True) is Authorship.AGENT
