"""What a maker does with what is published: edit, describe, narrow, take back."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agents.answer import Answer, Call
from agents.policy import ListedWords, Moderation
from agents.router import Router
from agents.turn import Sent, Through, Turn
from feed_core.errors import Blocked, CreationNotFound, CreationWithdrawn, NotForAgents, NotYours
from feed_core.services import media, members
from feed_core.services.media import GRACE
from feed_core.services.pieces import MemeNeedsPicture, NotWords, TooManyTags
from feed_core.services.publishing import RoomNeeded
from feed_core.services.revising import EditHeld
from feed_core.services.urls import LinkRefused
from memory.embedding import Embedder
from tests.agents.world import PROFILE, World, opened_world
from tests.bridges.telegram_door import png
from tests.fakes.clock import FixedClock
from tests.fakes.recordings import recording


@pytest.fixture
async def ana(world: World) -> Turn:
    return await world.join("Ana")


@pytest.fixture
async def ben(world: World) -> Turn:
    return await world.join("Ben")


async def with_picture(world: World, turn: Turn) -> Turn:
    kept = world.parts.media.take_in(png())
    async with world.store.work() as work:
        await media.add(work, kept, origin="sent")
    return replace(turn, files=(Sent(kept.hash, kept.type),))


async def shown(world: World, turn: Turn, number: int = 1) -> Answer:
    return await world.do(turn, "show", creation=number)


async def test_an_edit_shows_at_once_is_marked_and_its_versions_can_be_read(
    world: World, ana: Turn, ben: Turn
) -> None:
    await world.do(ana, "create", words="Rain: all night #sea")
    before = await shown(world, ana)
    assert "Versions" not in [it.label for it in before.buttons]
    assert (await world.desk.prefill(ana, before.buttons[-1].call)) == "Rain\nall night\n\n#sea"

    edited = await world.do(ana, "edit", piece="1", words="Hail: loud #storm")

    assert edited.text == "#1 now reads:"
    card = (await shown(world, ben)).cards[0]
    assert (card.title, card.body, card.tags) == ("Hail", "loud", ["storm"])
    assert "edited" in card.byline
    versions = await world.press(ben, await shown(world, ben), "Versions")
    assert "Rain\nall night\n#sea" in versions.text
    assert "loud" not in versions.text  # that is on the card
    assert (await world.do(ben, "show", creation=1)).text == ""
    again = await world.do(ana, "edit", piece="#1", words="Hail: loud #storm")
    assert again.text == "That is what #1 says already."


async def test_edit_without_words_shows_the_creation_and_asks_for_them(
    world: World, ana: Turn, ben: Turn
) -> None:
    await world.do(ana, "create", words="Rain: all night")
    asked = await world.do(ana, "edit", piece=1)
    assert asked.cards[0].body == "all night"
    await world.press(ana, asked, "Edit", filled="Rain: all day")
    assert (await shown(world, ben)).cards[0].body == "all day"
    with pytest.raises(NotYours):
        await world.do(ben, "edit", piece=1, words="mine now")
    assert "Edit" not in [it.label for it in (await shown(world, ben)).buttons]


async def test_words_said_plainly_are_shown_first_and_an_agent_edits_nothing_published(
    world: World, ana: Turn
) -> None:
    await world.do(ana, "create", words="Rain: all night")
    asked = await world.do(
        replace(ana, through=Through.WORDS), "edit", piece=1, words="Rain: all day"
    )
    assert asked.cards[0].body == "all day"
    assert (await shown(world, ana)).cards[0].body == "all night"
    await world.press(ana, asked, "Yes, do it")
    assert (await shown(world, ana)).cards[0].body == "all day"
    with pytest.raises(NotForAgents):
        await world.by_agent(ana, "edit", piece=1, words="Rain: never")
    assert (
        "waits_for_the_member"
        in (await world.by_agent(ana, "describe", piece=1, words="drops")).facts
    )


async def test_the_language_is_guessed_and_can_be_chosen(world: World, ana: Turn) -> None:
    await world.do(ana, "create", words="Regen: er fällt auf das Dach und ich höre zu")
    assert "in German" in (await shown(world, ana)).cards[0].byline
    await world.do(ana, "create", words="Sol", language="pt")
    assert "in Portuguese" in (await shown(world, ana, 2)).cards[0].byline
    changed = await world.do(ana, "edit", piece=2, language="es")
    assert changed.text == "#2 is in Spanish."
    await world.do(ana, "edit", piece=2, language="fr", words="Soleil")
    assert "in French" in (await shown(world, ana, 2)).cards[0].byline


async def test_a_picture_is_never_without_words_and_its_maker_is_asked_for_them(
    world: World, ana: Turn, ben: Turn
) -> None:
    made = await world.do(await with_picture(world, ana), "create", words="Harbour")
    assert "“Picture by Ana: Harbour”" in made.text
    picture = (await shown(world, ben)).cards[0].picture
    assert picture is not None
    assert picture.alt == "Picture by Ana: Harbour"
    await world.do(ana, "edit", piece=1, words="Old harbour")  # the stand-in stays true
    picture = (await shown(world, ben)).cards[0].picture
    assert picture is not None
    assert picture.alt == "Picture by Ana: Old harbour"

    told = await world.press(ana, made, "Describe", filled="a teal square")

    assert told.text == "Who cannot see or hear #1 is told: a teal square"
    picture = (await shown(world, ben)).cards[0].picture
    assert picture is not None
    assert picture.alt == "a teal square"
    await world.do(ana, "edit", piece=1, words="New harbour")
    picture = (await shown(world, ben)).cards[0].picture
    assert picture is not None
    assert picture.alt == "a teal square"


async def test_a_draft_of_a_picture_asks_too_and_an_agent_may_describe_it(
    world: World, ana: Turn
) -> None:
    drafted = await world.do(await with_picture(world, ana), "draft", words="Harbour")
    assert "Describe" in [it.label for it in drafted.buttons]
    described = await world.by_agent(ana, "describe", piece="d1", words="a teal square")
    assert described.cards[0].picture is not None
    assert described.cards[0].picture.alt == "a teal square"
    out = await world.do(ana, "publish")
    assert "told" not in out.text
    assert out.cards[0].byline.startswith("Ana · made by hand")


async def test_a_meme_is_a_picture_called_so_and_nothing_else(world: World, ana: Turn) -> None:
    with pytest.raises(MemeNeedsPicture):
        await world.do(ana, "create", words="Rain", meme=True)
    made = await world.do(await with_picture(world, ana), "create", words="Rain", meme="yes")
    assert "“Meme by Ana: Rain”" in made.text


async def test_a_link_is_kept_and_shown_as_where_it_leads(
    world: World, ana: Turn, ben: Turn
) -> None:
    await world.do(ana, "create", words="https://Bücher.example/a Fine books: look inside")
    card = (await shown(world, ben)).cards[0]
    assert (card.title, card.body) == ("Fine books", "look inside")
    assert card.link == "https://xn--bcher-kva.example/a"
    await world.do(ana, "edit", piece=1, words="Finer books")  # a link stays one
    assert (await shown(world, ben)).cards[0].link == card.link
    await world.do(ana, "edit", piece=1, words="Finer books http://example.org")
    assert (await shown(world, ben)).cards[0].link == "http://example.org"
    with pytest.raises(LinkRefused):
        await world.do(ana, "create", words="https://bank.example@evil.example/ Bank")
    assert len((await world.do(ben, "feed")).cards) == 1


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\ufffd\ufffd\ufffd", NotWords),
        ("Rain " + " ".join(f"#tag{n}" for n in range(11)), TooManyTags),
    ],
)
async def test_what_cannot_be_published_leaves_the_feed_as_it_was(
    world: World, ana: Turn, words: str, refusal: type[Exception]
) -> None:
    await world.do(ana, "create", words="Rain: all night")
    for act, given in (("create", {}), ("draft", {}), ("edit", {"piece": 1})):
        with pytest.raises(refusal):
            await world.do(ana, act, words=words, **given)
    assert [it.body for it in (await world.do(ana, "feed")).cards] == ["all night"]
    assert (await world.do(ana, "drafts")).cards == []


async def test_who_may_see_it_is_chosen_when_it_is_made_and_changed_later(
    world: World, ana: Turn, ben: Turn
) -> None:
    made = await world.do(ana, "create", words="Diary: dear", visibility="only_me")
    assert made.text == "Kept as #1, for you alone."
    assert "for you alone" in (await shown(world, ana)).cards[0].byline
    with pytest.raises(CreationNotFound):
        await shown(world, ben)
    await world.press(ana, made, "Show everybody")
    assert (await shown(world, ben)).cards
    await world.do(ana, "draft", words="Note: to myself")
    await world.do(ana, "publish", visibility="only_me")
    assert [it.ref for it in (await world.do(ben, "feed")).cards] == ["#1"]
    with pytest.raises(RoomNeeded):
        await world.do(ana, "visibility", creation=1, visibility="room")
    with pytest.raises(RoomNeeded):
        await world.do(ana, "create", words="Hm", visibility="room")
    asked = await world.do(ana, "visibility", creation=1)
    assert [it.label for it in asked.buttons][:3] == ["everyone", "room", "only_me"]
    with pytest.raises(NotYours):
        await world.do(ben, "visibility", creation=1, visibility="only_me")


async def test_narrowing_applies_at_once_everywhere(world: World, ana: Turn, ben: Turn) -> None:
    async with world.store.work() as work:
        room = await members.room(work, platform="telegram", external_id="-1", public=True)
    await world.do(ana, "create", words="Root: all night long on the roof")
    await world.do(ana, "create", words="Rain: all night the same #song on the tin roof")
    await world.do(ben, "remix", sources=[1, 2], how="cut-up")
    await world.do(ben, "publish")
    await world.do(ben, "save", creation=2)

    await world.do(replace(ana, room_id=room.id), "visibility", creation=2, visibility="room")

    inside = replace(ben, room_id=room.id)
    for turn, there in ((ben, False), (inside, True), (ana, True)):
        feed = [it.ref for it in (await world.do(turn, "feed")).cards]
        assert ("#2" in feed) is there
        lineage = await world.do(turn, "lineage", creation=3)
        assert lineage.facts["ancestors"] == (2 if there else 1)
        sources = (await shown(world, turn, 3)).cards[0].sources
        assert ("#2" in sources) is there
        thread = await world.do(turn, "thread", creation=1)
        assert [it.ref for it in thread.cards] == ["#3"]
        offers = await world.desk.suggest(turn, Call("show", {}), "creation")
        assert any("Rain" in label for label, _ in offers) is there
    assert (await world.do(ben, "saved")).facts["kept_there"] == 0
    with pytest.raises(CreationNotFound):
        await shown(world, ben, 2)


async def test_withdrawing_takes_every_version_along(world: World, ana: Turn, ben: Turn) -> None:
    await world.do(ana, "create", words="Rain: all night #sea")
    await world.do(ana, "edit", piece=1, words="Hail: loud #storm")
    await world.do(ana, "withdraw", creation=1)
    for act, given in (
        ("show", {"creation": 1, "versions": True}),
        ("edit", {"piece": 1, "words": "back"}),
        ("describe", {"piece": 1, "words": "back"}),
        ("visibility", {"creation": 1, "visibility": "everyone"}),
    ):
        with pytest.raises((CreationWithdrawn, CreationNotFound)):
            await world.do(ana, act, **given)


@pytest.fixture
async def strict(
    tmp_path: Path, embedder: Embedder, router: Router, clock: FixedClock
) -> AsyncIterator[World]:
    rules = Moderation(words=ListedWords(block=("forbidden",), hold=("doubtful",)))
    profile = PROFILE.model_copy(update={"moderation": rules})
    async with opened_world(tmp_path, embedder, router, clock, profile=profile) as opened:
        yield opened


async def test_an_edit_that_does_not_pass_says_so_and_the_old_words_stay(strict: World) -> None:
    ana = await strict.join("Ana")
    await strict.do(ana, "create", words="Rain: all night")
    for words, refusal in (
        ("Rain: forbidden", Blocked),
        ("Rain: doubtful", EditHeld),
        ("Rain: fine #forbidden", Blocked),
        ("Rain: fine https://forbidden.example", Blocked),
    ):
        with pytest.raises(refusal):
            await strict.do(ana, "edit", piece=1, words=words)
    with pytest.raises(EditHeld):
        await strict.do(ana, "describe", piece=1, words="doubtful drops")
    card = (await shown(strict, ana)).cards[0]
    assert (card.body, card.tags) == ("all night", [])
    assert "edited" not in card.byline


@pytest.mark.parametrize(
    ("name", "kind"),
    [("tone.mp3", "Recording"), ("squares.mp4", "Video"), ("tone.wav", "Recording")],
)
async def test_a_recording_is_shown_whole_alone_and_told_of_among_others(
    world: World, ana: Turn, ben: Turn, name: str, kind: str
) -> None:
    kept = world.parts.media.take_in(recording(name))
    async with world.store.work() as work:
        await media.add(work, kept, origin="sent")
    sent = replace(ana, files=(Sent(kept.hash, kept.type),))
    made = await world.do(sent, "create", words="Tone: one note")
    assert made.cards[0].recording is not None
    assert made.cards[0].recording.content == recording(name)
    assert f"“{kind} by Ana: Tone”" in made.text
    await world.do(ana, "create", words="Rain: all night")

    listed = (await world.do(ben, "feed")).cards
    hinted = next(it for it in listed if it.ref == "#1")
    assert hinted.recording is None
    assert hinted.picture is None
    assert hinted.hint == f"▶ {kind.lower()}: {kind} by Ana: Tone (/show 1 plays it)"
    assert (await shown(world, ben)).cards[0].recording is not None
    assert (await world.do(ben, "lineage", creation=1)).pictures
    with pytest.raises(MemeNeedsPicture):
        await world.do(sent, "create", words="Tone", meme="yes")
    drafted = await world.do(sent, "draft", words="Tone")
    assert drafted.cards[0].recording is not None


async def test_lists_show_small_pictures_and_a_picture_alone_is_whole(
    world: World, ana: Turn
) -> None:
    large = world.parts.media.take_in(png(1200, 900))
    async with world.store.work() as work:
        await media.add(work, large, origin="sent")
    assert large.thumbnail is not None
    for title in ("Sea", "Sky"):
        await world.do(
            replace(ana, files=(Sent(large.hash, large.type, "teal"),)), "create", words=title
        )

    one = (await shown(world, ana)).cards[0].picture
    listed = (await world.do(ana, "mine")).cards
    assert one is not None
    assert one.content == world.parts.media.read(large.hash)
    assert one.alt == "teal"  # said where it was sent
    for card in listed:
        assert card.picture is not None
        assert card.picture.content == world.parts.media.read(large.thumbnail.hash)
        assert card.picture.name.endswith(".jpg")
    world.parts.media.put_away(large.hash)
    lost = (await shown(world, ana)).cards[0]
    assert lost.hint == "(The file is missing here. It held: teal)"


async def test_withdrawing_takes_the_file_along_when_nothing_else_shows_it(
    world: World, ana: Turn, ben: Turn
) -> None:
    sent = await with_picture(world, ana)
    await world.do(sent, "create", words="Harbour")
    await world.do(await with_picture(world, ben), "draft", words="The same harbour")
    world.clock.go_on(GRACE + timedelta(seconds=1))
    await world.do(ana, "withdraw", creation=1)
    assert world.parts.media.has(sent.files[0].hash)
    await world.do(ben, "publish")
    await world.do(ben, "withdraw", creation=2)
    assert not world.parts.media.has(sent.files[0].hash)
