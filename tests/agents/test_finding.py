"""Which creations plain words mean."""

from dataclasses import replace

import pytest

from agents.answer import Answer
from agents.finding import find
from agents.references import CreationRef, DraftRef
from agents.shown import PLACES, Shown
from agents.turn import Place, Turn
from tests.agents.world import World

RAIN, GUTTER, CATS, HARBOUR, NIGHT, DOG = range(1, 7)


@pytest.fixture
async def ana(world: World) -> Turn:
    """Somebody who looks at what Ben, Mio and she herself made."""
    ana, ben, mio = [await world.join(it) for it in ("Ana", "Ben", "Mio")]
    for maker, words in (
        (ana, "Rain on the tin roof: all night the same song"),
        (ben, "The gutter: a drum for nobody, full of rain"),
        (ben, "A haiku about cats: asleep on the keys"),
        (mio, "Harbour: ships asleep on one leg"),
        (mio, "Night: the lighthouse counts to four"),
        (ana, "The dog who waited: every day at the station"),
    ):
        await world.do(maker, "create", words=words)
    return ana


MEANT: list[tuple[str, list[int]]] = [
    ("remix the rain one", [RAIN]),
    ("show me the gutters", [GUTTER]),
    ("like Ben's haiku", [CATS]),
    ("Ben’s poem about the drum", [GUTTER]),
    ("the one by Mio with the lighthouse", [NIGHT]),
    ("summarise Mio's last one", [NIGHT]),
    ("my latest", [DOG]),
    ("was Mio über den Hafen schrieb, harbour", [HARBOUR]),
    ("the kitten poem", [CATS]),
    ("the one with the loyal puppy", [DOG]),
    ("something by Mio", [NIGHT, HARBOUR]),
    ("Ben", [CATS, GUTTER]),
    ("the one that is asleep", [HARBOUR, CATS]),
    ("the quarterly tax report", []),
    ("hello there", []),
    ("", []),
]


async def test_words_makers_and_meaning_lead_to_creations(ana: Turn) -> None:
    for said, expected in MEANT:
        assert await find(ana, said) == expected, said


async def test_what_was_shown_last_is_meant_by_it(world: World, ana: Turn) -> None:
    await world.do(ana, "show", creation=HARBOUR)

    for said in ("remix it", "I like this one", "what does her second point mean?", "teile sie"):
        assert await find(ana, said) == [HARBOUR]
    elsewhere = replace(ana, place=Place("discord", "1", private=False))
    assert await find(elsewhere, "remix it") == []


async def test_of_several_shown_their_place_tells(world: World, ana: Turn) -> None:
    page = await world.do(ana, "search", words="asleep")
    ids = [it.id for it in page.facts["creations"]]  # type: ignore[union-attr]  # references

    assert await find(ana, "open the second one") == ids[1:2]
    assert await find(ana, "das erste") == ids[:1]
    assert await find(ana, "el segundo") == ids[1:2]
    assert await find(ana, "the fifth") == ids[4:5]
    assert await find(ana, "remix them") == ids[:5]


async def test_plain_words_do_what_is_meant_or_ask(world: World, ana: Turn) -> None:
    shown = await world.say(ana, "show me the harbour one")
    asked = await world.do(ana, "show", creation="something by Ben")

    assert [it.ref for it in shown.cards] == [f"#{HARBOUR}"]
    assert asked.text == "Which one do you mean?"
    assert [it.label.partition(" ")[0] for it in asked.buttons] == [
        f"#{CATS}",
        f"#{GUTTER}",
        "Other…",
    ]


async def test_each_of_several_is_found_or_asked_about(world: World, ana: Turn) -> None:
    clear = await world.do(ana, "remix", sources=["the harbour one", "#1"], how="cut-up")
    asked = await world.do(ana, "remix", sources=["Ben", "1", "harbour"], how="cut-up")
    first = asked.buttons[0].call.arguments

    assert set(clear.cards[0].sources) == {f"#{HARBOUR}", "#1"}
    assert first == {"sources": [CATS, "1", "harbour"], "how": "cut-up"}
    done = await world.press(ana, asked, asked.buttons[0].label)
    assert set(done.cards[0].sources) == {f"#{CATS}", "#1", f"#{HARBOUR}"}


async def test_what_one_may_not_see_or_muted_is_not_meant(world: World, ana: Turn) -> None:
    await world.do(ana, "mute", what="Mio")
    ben = await world.join("Stranger")
    await world.do(ben, "draft", words="Zebra")

    assert await find(ana, "the harbour one") == []
    assert await find(ana, "the zebra") == []


async def test_any_words_at_all_mean_something_or_nothing(ana: Turn) -> None:
    strange = [
        "x" * 100_000,
        "\ud83d",
        "\0",
        "…",
        "雨",
        "%' OR 1=1",
        "it " * 5000,
        "שלום",
        "@",
        "'s",
    ]
    for said in strange:
        assert len(await find(ana, said)) <= 5


def test_what_was_shown_is_kept_for_the_latest_places_only() -> None:
    shown = Shown()
    for member_id in range(PLACES + 1):
        shown.note((member_id, "a"), Answer(facts={"creation": CreationRef(member_id + 1)}))
    shown.note((1, "a"), Answer(facts={"draft": DraftRef(7)}))
    shown.note((1, "a"), Answer(facts={"creations": []}))

    assert shown.last((0, "a")) == ()
    assert shown.last((1, "a")) == (2,)
    assert shown.last((1, "b")) == ()
