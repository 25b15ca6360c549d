"""The lineage as members ask for it: families, siblings, ways, and pictures of both kinds."""

from dataclasses import replace

import pytest

from agents.turn import Turn
from feed_core.errors import CreationNotFound, CreationWithdrawn
from tests.agents.world import World


@pytest.fixture
async def ana(world: World) -> Turn:
    """#1 was made into #2 and #3, #2 into #4; #5 stands alone."""
    turn = await world.join("Ana")
    ben = await world.join("Ben")
    await world.do(turn, "create", words="Rain: all night the same song on the tin roof")
    for source, title in ((1, "Drum"), (1, "Bell"), (2, "Echo")):
        made = await world.do(ben, "remix", sources=[source], how="as an erasure poem")
        number = made.cards[0].ref
        await world.do(
            ben,
            "edit",
            piece=number,
            words=f"{title}: all night it goes on and on over the roofs and rivers",
        )
        await world.do(ben, "publish", draft=number)
    await world.do(turn, "create", words="Salt: alone")
    return turn


async def test_a_family_tells_its_siblings_and_what_it_allows(world: World, ana: Turn) -> None:
    await world.do(ana, "consent", creation=1, purpose="quote", answer="no")

    shown = await world.do(ana, "lineage", creation=2)

    assert "Made from the same: #3 Bell · Ben." in shown.text
    assert "Allows: remix yes, recommend yes, quote no, train no." in shown.text
    assert shown.facts["siblings"] == 1
    assert shown.facts["quote"] == "no"
    assert "Made from the same" not in (await world.do(ana, "lineage", creation=1)).text


async def test_the_way_between_two_creations_is_told_and_drawn(world: World, ana: Turn) -> None:
    shown = await world.do(ana, "lineage", creation=4, to=3)

    assert shown.text == "\n".join(
        [
            "From #4 to #3: 3 steps.",
            "#4 Echo · Ben",
            "  was made from #2 Drum · Ben",
            "  was made from #1 Rain · Ana",
            "  was made into #3 Bell · Ben",
        ]
    )
    assert shown.pictures[0].content.startswith(b"\x89PNG")
    assert shown.facts["steps"] == 3


async def test_two_that_are_not_related_are_said_to_be_so(world: World, ana: Turn) -> None:
    shown = await world.do(ana, "lineage", creation=1, to=5)

    assert "#1 and #5 are not related" in shown.text
    assert shown.pictures == ()
    assert (await world.do(ana, "lineage", creation=1, to=404)).text.startswith("#1 and #404 are")
    with pytest.raises(CreationNotFound):
        await world.do(ana, "lineage", creation=404)


async def test_a_creation_and_itself_is_its_family(world: World, ana: Turn) -> None:
    assert "Lineage of #2" in (await world.do(ana, "lineage", creation=2, to=2)).text


async def test_the_picture_can_be_had_as_svg(world: World, ana: Turn) -> None:
    shown = await world.do(ana, "lineage", creation=2)

    sharp = await world.press(ana, shown, "As SVG")
    way = await world.do(ana, "lineage", creation=4, to=1, svg=True)

    for answer, name in ((sharp, "lineage-2.svg"), (way, "lineage-4.svg")):
        [picture] = answer.pictures
        assert picture.name == name
        assert b"<svg" in picture.content
        assert "As SVG" not in [it.label for it in answer.buttons]


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        ("how is 4 related to 3?", "From #4 to #3: 3 steps."),
        ("/lineage 4 3", "From #4 to #3: 3 steps."),
        ("/lineage 4 3 svg", "From #4 to #3: 3 steps."),
        ("/lineage 2 svg", "Lineage of #2"),
        ("show the family of 2", "Lineage of #2"),
    ],
)
async def test_it_is_asked_for_in_words_and_by_command(
    world: World, ana: Turn, said: str, sign: str
) -> None:
    shown = await world.receive(world.incoming("Ana", said))

    assert sign in shown.text
    assert bool(shown.parts[0].pictures[0].name.endswith("svg")) == ("svg" in said)


async def test_what_a_reader_may_not_see_is_on_no_way(world: World, ana: Turn) -> None:
    ben = replace(ana, member_id=2)
    await world.do(ben, "withdraw", creation=2)

    shown = await world.do(ana, "lineage", creation=4, to=3)

    assert "was made from #2 (taken back) · Ben" in shown.text


async def test_what_was_taken_back_is_told_as_that(world: World) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "create", words="Rain: all night on the tin roof")
    await world.do(ana, "withdraw", creation=1)
    told = await world.do(ana, "lineage", creation=1)
    assert "#1 was taken back." in told.text
    assert "Allows" not in told.text
    assert "Remix" not in [it.label for it in told.buttons]
    assert "(taken back)" in (await world.do(ana, "thread", creation=1)).text
    with pytest.raises(CreationWithdrawn):
        await world.do(ana, "edit", piece="#1", words="Rain: again")
