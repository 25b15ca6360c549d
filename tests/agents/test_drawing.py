"""Memes as drafts: on a template, on one's own picture, on somebody's creation."""

import io
from dataclasses import replace

import pytest
from PIL import Image
from sqlmodel import select

from agents.makers.making import NoLetters, TooFewParts
from agents.turn import Sent
from feed_core.errors import RemixNotAllowed
from feed_core.models.creations import Creation, Draft, Edge
from feed_core.services import media
from feed_core.states import Authorship, CreationKind, Taken
from tests.agents.world import World


async def newest(world: World) -> Draft:
    async with world.store.read() as view:
        found = await view.db.exec(select(Draft).order_by(Draft.id.desc()))  # type: ignore[union-attr]  # a column
        return found.first()  # type: ignore[return-value]  # there is one


async def test_a_meme_is_a_draft_of_a_picture_with_words_for_those_who_do_not_see_it(
    world: World,
) -> None:
    ana = await world.join("Ana")

    answer = await world.do(ana, "meme", words="tea / coffee", template="choice")

    card = answer.cards[0]
    assert card.picture is not None
    assert card.picture.alt.startswith("Meme: a round fellow")
    assert [it.label for it in answer.buttons] == ["Publish", "Edit", "Again", "Drop"]
    draft = await newest(world)
    assert draft.kind is CreationKind.MEME
    assert draft.label == "meme, choice"
    assert not draft.tainted


async def test_again_makes_another_and_published_it_says_that_hand_and_maker_made_it(
    world: World,
) -> None:
    ana = await world.join("Ana")
    first = await world.do(ana, "meme", words="tea / coffee")

    again = await world.press(ana, first, "Again")
    await world.press(ana, again, "Publish")

    async with world.store.read() as view:
        creation = await view.db.get_one(Creation, 1)
    assert creation.label == "meme, speech"
    assert creation.authorship is Authorship.AI_EDITED_HUMAN
    assert first.cards[0].picture != again.cards[0].picture


async def test_a_meme_on_a_creation_is_a_remix_that_took_its_picture(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await world.press(ana, await world.do(ana, "paint", prompt="the sea"), "Publish")

    meme = await world.do(ben, "meme", words="top / bottom", creation=1)
    await world.press(ben, meme, "Publish")

    async with world.store.read() as view:
        edge = (await view.db.exec(select(Edge))).one()
    assert (edge.parent_id, edge.child_id, edge.taken) == (1, 2, Taken.PICTURE)
    assert meme.cards[0].sources == ["#1"]
    assert meme.cards[0].picture is not None
    assert "open sea" in meme.cards[0].picture.alt


async def test_a_creation_of_words_alone_gives_what_is_painted(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await world.do(ana, "create", words="A cat by the sea: it waits")

    meme = await world.do(ben, "meme", words="soon", template="caption", creation=1)

    assert (await newest(world)).sources == {"1": Taken.PROMPT}
    assert meme.cards[0].picture is not None
    assert "a cat" in meme.cards[0].picture.alt


async def test_a_creation_that_may_not_be_remixed_carries_no_meme(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await world.do(ana, "create", words="Mine: alone")
    await world.do(ana, "consent", creation=1, purpose="remix", answer="no")

    with pytest.raises(RemixNotAllowed):
        await world.do(ben, "meme", words="top / bottom", creation=1)


async def test_a_picture_sent_along_is_what_the_meme_is_set_on(world: World) -> None:
    ana = await world.join("Ana")
    out = io.BytesIO()
    Image.new("RGB", (300, 300), (250, 0, 0)).save(out, "PNG")
    kept = world.parts.media.take_in(out.getvalue())
    async with world.store.work() as work:
        await media.add(work, kept, origin="upload")

    answer = await world.do(
        replace(ana, files=(Sent(kept.hash, kept.type),)), "meme", words="hot", template="caption"
    )
    again = await world.press(ana, answer, "Again")

    for it in (answer, again):
        assert it.cards[0].picture is not None
        shown = Image.open(io.BytesIO(it.cards[0].picture.content)).convert("RGB")
        assert shown.getpixel((540, shown.height - 60)) == (250, 0, 0)


async def test_an_agent_that_words_a_meme_is_named_by_its_steps(world: World) -> None:
    ana = await world.join("Ana")

    await world.by_agent(ana, "meme", words="tea / coffee")

    assert [it["by"] for it in (await newest(world)).steps] == ["model", "maker"]


async def test_what_cannot_be_drawn_leaves_no_draft(world: World) -> None:
    ana = await world.join("Ana")

    for words, template, refusal in [
        ("ฝนตก / rain", "auto", NoLetters),
        ("only this", "levels", TooFewParts),
    ]:
        with pytest.raises(refusal):
            await world.do(ana, "meme", words=words, template=template)
    async with world.store.read() as view:
        assert (await view.db.exec(select(Draft))).all() == []


async def test_a_template_with_figures_of_its_own_takes_nothing_from_a_creation(
    world: World,
) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "create", words="Rain: all night")

    await world.do(ana, "meme", words="tea / coffee", template="choice", creation=1)
    assert (await newest(world)).sources == {}
    await world.do(ana, "meme", words="tea / coffee", creation=1)
    assert (await newest(world)).sources == {"1": Taken.PROMPT}
