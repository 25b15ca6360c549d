import io
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import func, select

from agents.makers.painting import paint
from feed_core import worker
from feed_core.media import MediaShelf
from feed_core.models.creations import Creation
from feed_core.models.likeness import Likeness
from feed_core.models.moderation import Thing
from feed_core.services import likeness, media, publishing, verdicts
from feed_core.services.gate import PASSED, Decision, OneLook
from feed_core.services.pieces import Piece
from feed_core.services.rules.repeats import Kept, Repeats
from feed_core.services.sight import Reader
from feed_core.states import CreationKind, CreationState, Outcome, Taken, Visibility
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join
from tests.feed_core.pieces import of, room
from tests.feed_core.rules.contents import said

pytestmark = pytest.mark.anywhere

POEM = "All night the rain kept time on the tin roof, and nobody in the house could sleep for joy."
OTHER = "The kettle has a lid and an opinion; it tells both of them to the window every morning."


def repeats(store: Store, kept: Kept) -> OneLook:
    return OneLook(store, [Repeats(kept)])


async def published(
    store: Store,
    author_id: int,
    body: str = POEM,
    *,
    title: str = "Rain",
    kept: Kept | None = None,
    sources: Mapping[int, Taken] | None = None,
    visibility: Visibility = Visibility.EVERYONE,
    room_id: int | None = None,
    picture: str | None = None,
) -> Creation:
    """A creation as the rule lets it go, or not."""
    piece = Piece(
        title,
        body,
        kind=CreationKind.IMAGE if picture else CreationKind.TEXT,
        media_hash=picture,
        alt="a picture" if picture else "",
        sources=sources or {},
    )
    async with store.work() as work:
        begun = await publishing.begin(
            work, author_id=author_id, piece=piece, visibility=visibility, room_id=room_id
        )
        assert begun.creation_id is not None
    return await worker.check(store, repeats(store, kept or Kept()), begun.creation_id)


async def rule(store: Store, creation: Creation) -> tuple[str, str]:
    async with store.read() as view:
        assert creation.id is not None
        found = await verdicts.latest(view, thing=Thing.CREATION, thing_id=creation.id)
    assert found is not None
    return found.rule, found.passage


@pytest.mark.parametrize(
    "copy",
    [POEM, POEM.upper(), POEM.replace("joy", "fear"), POEM.replace(" ", "\u2003"), f"{POEM} Mine."],
)
@pytest.mark.once
async def test_a_copy_of_what_another_published_is_held_and_named(store: Store, copy: str) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    first = await published(store, ana)

    second = await published(store, ben, copy, title="A song of mine")

    assert second.state is CreationState.HELD
    assert await rule(store, second) == ("repeat", str(first.id))


@pytest.mark.once
async def test_what_is_not_alike_passes(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    await published(store, ana)

    assert (await published(store, ben, OTHER)).state is CreationState.PUBLISHED
    assert (await published(store, ben, "rain", title="Rain")).state is CreationState.PUBLISHED


@pytest.mark.once
async def test_members_may_repeat_themselves_a_few_times(store: Store) -> None:
    ana, _ = await join(store, "Ana")

    made = [await published(store, ana, kept=Kept(own=3)) for _ in range(4)]

    assert [it.state for it in made] == [*[CreationState.PUBLISHED] * 3, CreationState.HELD]
    assert await rule(store, made[-1]) == ("repeat_own", "3")


async def test_what_names_its_source_may_be_as_like_it_as_it_wants(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    first = await published(store, ana)
    assert first.id is not None

    remix = await published(store, ben, sources=of(first.id))
    assert remix.state is CreationState.PUBLISHED
    assert remix.id is not None
    # So may what is made of the same, and of what was made of it.
    cat, _ = await join(store, "Cat")
    assert (await published(store, cat, sources=of(first.id))).state is CreationState.PUBLISHED
    assert (await published(store, cat, sources=of(remix.id))).state is CreationState.PUBLISHED
    assert (await published(store, cat)).state is CreationState.HELD


@pytest.mark.once
async def test_only_what_the_author_can_see_is_compared(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    attic = await room(store)
    await published(store, ana, visibility=Visibility.ROOM, room_id=attic)
    gone = await published(store, ana, OTHER)
    async with store.work() as work:
        assert gone.id is not None
        await publishing.withdraw(work, creation_id=gone.id, member_id=ana)

    assert (await published(store, ben)).state is CreationState.PUBLISHED
    assert (await published(store, ben, OTHER)).state is CreationState.PUBLISHED
    there = await published(store, ben, visibility=Visibility.ROOM, room_id=attic)
    assert there.state is CreationState.HELD


async def test_what_is_long_past_is_not_compared(store: Store, clock: FixedClock) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    await published(store, ana)
    clock.go_on(timedelta(days=31))
    assert (await published(store, ben)).state is CreationState.PUBLISHED

    clock.go_on(timedelta(days=60))
    async with store.work() as work:
        await likeness.forget(work)
        keys = likeness.text_keys(POEM)
        reader = Reader(ana)
        since = work.now - timedelta(days=400)
        left = await likeness.candidates(work, keys, reader=reader, since=since, but=None)
    assert [it.author_id for it in left] == [ben]


@pytest.mark.once
async def test_the_operator_says_what_becomes_of_repeats(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    await published(store, ana)

    passed = await published(store, ben, kept=Kept(text=Outcome.PASS))
    assert passed.state is CreationState.PUBLISHED
    blocked = await published(store, ben, kept=Kept(text=Outcome.BLOCK))
    assert blocked.state is CreationState.BLOCKED
    edited = POEM.replace("kept time", "fell hard").replace("for joy", "at all")
    strict = await published(store, ben, edited, kept=Kept(alike=0.95))
    assert strict.state is CreationState.PUBLISHED


@pytest.mark.once
async def test_a_name_or_comment_may_be_what_others_said(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    await published(store, ana)
    comment = said(body=POEM, author_id=ana + 1, thing=Thing.COMMENT)

    assert await repeats(store, Kept()).decide(comment) == PASSED
    as_creation = said(body=POEM, author_id=ana + 1)
    assert await repeats(store, Kept()).decide(as_creation) == Decision(Outcome.HOLD, "repeat", "1")


@cache
def painting(prompt: str) -> Image.Image:
    """What it paints, in a size in which nothing takes long."""
    return Image.open(io.BytesIO(paint(prompt, seed=0).png)).convert("RGB").resize((480, 480))


async def kept_picture(store: Store, shelf: MediaShelf, picture: Image.Image, origin: str) -> str:
    encoded = io.BytesIO()
    picture.save(encoded, "PNG")
    kept = shelf.take_in(encoded.getvalue())
    async with store.work() as work:
        await media.add(work, kept, origin=origin)
    return kept.hash


async def test_a_copy_of_anothers_picture_is_held_and_one_that_was_painted_is_not(
    store: Store, tmp_path: Path
) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    shelf = MediaShelf(tmp_path / "media")
    roof = painting("rain on a tin roof")
    small = roof.resize((300, 300))
    first = await published(
        store, ana, "", picture=await kept_picture(store, shelf, roof, "painted")
    )
    sent = await kept_picture(store, shelf, small, "sent on telegram")
    painted = await kept_picture(store, shelf, roof.resize((310, 310)), "painted")
    other = await kept_picture(store, shelf, painting("the sea at night"), "sent on telegram")

    copy = await published(store, ben, "", title="Roof", picture=sent)
    assert copy.state is CreationState.HELD
    assert await rule(store, copy) == ("repeat_picture", str(first.id))
    again = await published(store, ben, "", title="My roof", picture=painted)
    assert again.state is CreationState.PUBLISHED
    assert (await published(store, ben, "", picture=other)).state is CreationState.PUBLISHED


async def test_the_index_holds_what_is_published_and_nothing_else(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    made = await published(store, ana)
    async with store.work() as work:
        assert made.id is not None
        await publishing.withdraw(work, creation_id=made.id, member_id=ana)

    async with store.read() as view:
        counted = await view.db.exec(select(func.count()).select_from(Likeness))
        assert counted.one() == 0
