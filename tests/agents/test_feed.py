"""The feed as its reader meets it: chosen, mixed, explained, and never the same twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agents.acts.feed import PAGE
from agents.acts.listing import all_acts
from agents.answer import Answer
from agents.filling import read_arguments
from agents.reason_words import because
from agents.turn import Through, Turn
from feed_core.because import Because
from feed_core.models.members import Feed
from feed_core.services import members
from feed_core.services.reasons import Reason
from tests.agents.world import World


@pytest.fixture
async def ana(world: World) -> Turn:
    return await world.join("Ana")


@pytest.fixture
async def mio(world: World) -> Turn:
    return await world.join("Mio")


async def create(world: World, turn: Turn, words: str) -> str:
    """A new creation; a moment passes."""
    answer = await world.do(turn, "create", words=words)
    world.clock.go_on(timedelta(seconds=1))
    return answer.cards[0].ref


def refs(answer: Answer) -> list[str]:
    return [it.ref for it in answer.cards]


async def chosen(world: World, turn: Turn) -> Feed:
    async with world.store.read() as view:
        return (await members.get(view, turn.member_id)).feed


async def test_a_feed_is_shown_once_and_then_the_newest_are_offered_as_known(
    world: World, ana: Turn, mio: Turn
) -> None:
    made = [await create(world, mio, f"Rain {n}: it falls") for n in range(3)]

    first = await world.do(ana, "feed")
    again = await world.do(ana, "feed")

    assert first.private
    assert first.text == "For you:"
    assert set(refs(first)) == set(made)
    assert all(it.reason for it in first.cards)
    assert "Nothing new for you" in again.text
    assert refs(again) == made[::-1]
    new = await create(world, mio, "Fog: it waits")
    assert refs(await world.do(ana, "feed")) == [new]


async def test_where_nobody_has_made_anything_every_feed_says_how_to_begin(
    world: World, ana: Turn
) -> None:
    for which in ("for-you", "latest", "jams"):
        answer = await world.do(ana, "feed", which=which)
        assert answer.text == "Nothing here yet. /create makes the first one."


async def test_more_goes_on_until_all_was_shown_and_says_so(
    world: World, ana: Turn, mio: Turn
) -> None:
    made = [await create(world, mio, f"Rain {n}: it falls") for n in range(2 * PAGE + 1)]
    answer = await world.do(ana, "feed")
    shown = refs(answer)
    while any(it.label == "More" for it in answer.buttons):
        await world.do(mio, "comment", creation=shown[0], words="oh")  # news of what was shown
        answer = await world.press(ana, answer, "More")
        shown += refs(answer)

    assert sorted(shown) == sorted(made)
    last = await world.do(ana, "feed", which="for-you", before=shown[-1])
    assert (last.text, last.cards) == ("That was all for you.", [])


async def test_a_feed_that_is_named_by_hand_is_the_usual_one_from_then_on(
    world: World, ana: Turn, mio: Turn
) -> None:
    await create(world, mio, "Rain: it falls")
    assert await chosen(world, ana) is Feed.FOR_YOU

    said = await world.do(ana, "feed", which="latest")
    assert "/feed for-you" in said.text
    assert await chosen(world, ana) is Feed.LATEST
    assert (await world.do(ana, "feed")).text == "The newest creations:"
    assert (await world.do(ana, "feed", which="latest")).text == "The newest creations:"

    by_words = replace(ana, through=Through.WORDS)
    await world.do(by_words, "feed", which="jams")
    await world.by_agent(ana, "feed", which="following")
    assert await chosen(world, ana) is Feed.LATEST
    await world.do(ana, "feed", which="for-you")
    assert await chosen(world, ana) is Feed.FOR_YOU


async def test_jams_and_following_show_what_they_are_called_after(
    world: World, ana: Turn, mio: Turn
) -> None:
    first = await create(world, mio, "Rain: it falls")
    alone = await create(world, mio, "Fog: it waits")
    empty = await world.do(ana, "feed", which="following")
    assert "Nothing from what you follow" in empty.text
    assert refs(empty) == [alone, first]  # the newest instead

    await world.do(ana, "follow", what="Mio")
    followed = await world.do(ana, "feed", which="following")
    assert refs(followed) == [alone, first]
    assert {it.reason for it in followed.cards} == {"you follow Mio"}
    jams = await world.do(ana, "feed", which="jams")
    assert "No remix that is new to you" in jams.text


async def test_less_like_this_and_hide_change_the_very_next_page(
    world: World, ana: Turn, mio: Turn
) -> None:
    hidden, rain, fog = [
        await create(world, mio, words)
        for words in (
            "Rain on the roof: all night it drums on the tin",
            "Rain in the gutter: all day it drums on the tin",
            "Soup: onions, pepper and a slow fire",
        )
    ]
    await world.do(ana, "hide", creation=hidden)
    await world.do(ana, "less", creation=hidden)
    await world.do(ana, "hide", creation=hidden)
    assert set(refs(await world.do(ana, "feed"))) == {rain, fog}


async def test_a_model_is_told_numbers_and_nothing_else(world: World, ana: Turn, mio: Turn) -> None:
    await create(world, mio, "Rain: it falls")

    answer = await world.by_agent(ana, "feed")

    assert answer.told() == '{"creations": [1]}'


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("show my feed", {}),
        ("show me the latest", {"which": "latest"}),
        ("open the jams feed", {"which": "jams"}),
        ("what is new from those I am following?", {"which": "following"}),
    ],
)
async def test_plain_words_name_a_feed(
    world: World, ana: Turn, text: str, arguments: dict[str, object]
) -> None:
    found = all_acts().get("feed")
    assert found is not None
    assert (await read_arguments(ana, found, text)).arguments == arguments


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (Reason(Because.SAVED, 1, 3, "haiku"), "you bookmarked three haiku by Mio"),
        (Reason(Because.SAVED, 1, 1, "poem"), "you bookmarked one poem by Mio"),
        (Reason(Because.SAVED, 1, 2), "you bookmarked two things by Mio"),
        (Reason(Because.SAVED, 1, 13, "rain"), "you bookmarked 13 things tagged “rain” by Mio"),
        (Reason(Because.MAKER_YOU_LIKE, 1, 1), "you liked one thing by Mio"),
        (Reason(Because.MAKER_YOU_LIKE, 9, 2), "you liked two things by its maker"),
        (Reason(Because.TALKED_ABOUT, None, 1), "one comment since you saw it"),
        (Reason(Because.REMIXED, 12, 2), "two remixes since you saw it: #12"),
        (Reason(Because.FOLLOWED_TAG, None, 1, "sea"), "you follow the tag “sea”"),
        (Reason(Because.MORE_LIKE, 4, 2), "you wanted more like #4 and one other"),
        (Reason(Because.LIKE_WHAT_YOU_LIKE, 4, 1), "it is like #4, which you liked"),
        (Reason(Because.KINDRED, None, 1), "one person with taste like yours liked it"),
        (Reason(Because.OWN), ""),
    ],
)
def test_a_reason_is_said_in_plain_words(reason: Reason, said: str) -> None:
    assert because(reason, {1: "Mio"}) == said


@pytest.mark.parametrize("kind", Because)
def test_every_kind_of_reason_can_be_said(kind: Because) -> None:
    said = because(Reason(kind, 1, 2, "sea"), {1: "Mio"})

    assert "None" not in said
    assert bool(said) == (kind not in (Because.OWN, Because.THERE))
