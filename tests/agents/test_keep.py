import pytest

from agents import keep_words
from agents.acts.listing import all_acts
from agents.answer import Answer
from agents.filling import read_arguments
from agents.turn import Turn
from agents.wording import sentence
from feed_core.errors import CreationNotFound
from feed_core.models.curation import Opinion, Wanted
from feed_core.services import curation
from feed_core.services.curation import MakerNotFound, OnlyOthers
from feed_core.services.remixing import MakerMuted, ThreadMuted
from tests.agents.world import World


@pytest.fixture
async def ana(world: World) -> Turn:
    return await world.join("Ana")


@pytest.fixture
async def mio(world: World) -> Turn:
    """A maker; #1 and #2 are hers."""
    turn = await world.join("Mio")
    for words in ("Rain: all night on the tin roof", "Lighthouse: it blinks at nobody"):
        await world.do(turn, "create", words=words)
    return turn


async def press(world: World, turn: Turn, answer: Answer, label: str) -> Answer:
    return await world.press(turn, answer, label)


async def feed(world: World, turn: Turn) -> list[str]:
    return [it.ref for it in (await world.do(turn, "feed", which="latest")).cards]


async def reason(world: World, turn: Turn, ref: str) -> str:
    return next(
        it.reason for it in (await world.do(turn, "feed", which="latest")).cards if it.ref == ref
    )


async def test_what_is_saved_can_be_looked_at_and_taken_out_again(
    world: World, ana: Turn, mio: Turn
) -> None:
    assert "nothing yet" in (await world.do(ana, "saved")).text
    first = await world.do(ana, "save", creation=1)
    await world.do(ana, "save", creation="#2", collection="Sea poems")
    assert first.private
    assert first.facts["kept_there"] == 1

    listed = await world.do(ana, "saved")
    assert "“sea poems”: 1 creation" in listed.text
    opened = await press(world, ana, listed, "sea poems")
    assert [it.ref for it in opened.cards] == ["#2"]

    taken = await world.do(ana, "unsave", creation=2)
    assert "sea poems" in taken.text
    assert "was not saved" in (await world.do(ana, "unsave", creation=2)).text
    only = await world.do(ana, "saved")  # the only one that is left is opened at once
    assert [it.ref for it in only.cards] == ["#1"]
    await press(world, ana, taken, "Undo")
    assert (await world.do(ana, "saved")).facts["collections"] == 2
    assert "no collection “moths”" in (await world.do(ana, "saved", collection="moths")).text


async def test_a_creation_has_a_button_that_saves_it(world: World, ana: Turn, mio: Turn) -> None:
    shown = await world.do(ana, "show", creation=1)
    assert len(shown.buttons) <= 10  # two rows on Discord

    saved = await press(world, ana, shown, "Save")

    assert saved.text.startswith("#1 is saved")
    await press(world, ana, saved, "Undo")
    assert (await world.do(ana, "saved")).facts["collections"] == 0


async def test_a_collection_goes_on_page_by_page(world: World, ana: Turn) -> None:
    for n in range(7):
        await world.do(ana, "create", words=f"Rain {n}: again")
        await world.do(ana, "save", creation=n + 1)

    first = await world.do(ana, "saved")
    rest = await press(world, ana, first, "More")

    assert [it.ref for it in (*first.cards, *rest.cards)] == [f"#{n}" for n in range(7, 0, -1)]


@pytest.mark.parametrize("what", ["Mio", "mio", " @Mio ", "the maker of 1", "everything by Mio"])
async def test_a_maker_is_followed_by_name_or_by_what_they_made(
    world: World, ana: Turn, mio: Turn, what: str
) -> None:
    followed = await world.do(ana, "follow", what=what)

    assert followed.text == "You follow Mio."
    assert await reason(world, ana, "#1") == "you follow Mio"
    assert "Mio" in (await world.do(ana, "follow")).text
    await press(world, ana, followed, "Undo")
    assert "nobody yet" in (await world.do(ana, "follow")).text
    assert await reason(world, ana, "#1") == "it is new"


async def test_of_two_makers_of_one_name_the_member_says_which(
    world: World, ana: Turn, mio: Turn
) -> None:
    other = await world.join("Mio", platform="discord")
    await world.do(other, "create", words="Moth: small and grey")

    asked = await world.do(ana, "follow", what="mio")

    assert [it.label for it in asked.buttons] == ["#2 Lighthouse", "#3 Moth"]
    await press(world, ana, asked, "#3 Moth")
    assert await reason(world, ana, "#3") == "you follow Mio"
    assert await reason(world, ana, "#1") == "it is new"


async def test_threads_and_tags_are_followed_too(world: World, ana: Turn, mio: Turn) -> None:
    assert "thread #1" in (await world.do(ana, "follow", what="thread 1")).text
    assert "“sea”" in (await world.do(ana, "follow", what="#Sea")).text
    assert await reason(world, ana, "#1") == "you follow the thread #1 it belongs to"

    assert "no longer" in (await world.do(ana, "unfollow", what="sea")).text
    assert "did not follow" in (await world.do(ana, "unfollow", what="tag sea")).text
    listed = await world.do(ana, "unfollow")
    assert [it.label for it in listed.buttons] == ["Unfollow the thread #1"]


async def test_who_is_nobody_here_or_oneself_is_refused(world: World, ana: Turn, mio: Turn) -> None:
    await world.join("Ben")  # has made nothing
    for what in ("Ben", "", "member 3", "Zoe", "word rain"):
        for name in ("follow", "unfollow"):
            if what:
                with pytest.raises(MakerNotFound):
                    await world.do(ana, name, what=what if what != "word rain" else "Zoe")
    with pytest.raises(MakerNotFound):
        await world.do(ana, "follow", what="word rain")
    with pytest.raises(OnlyOthers):
        await world.do(mio, "follow", what="maker of 1")
    with pytest.raises(CreationNotFound):
        await world.do(ana, "mute", what="thread 4711")


@pytest.mark.parametrize(
    ("what", "left"),
    [
        ("Mio", []),
        ("thread 1", ["#2"]),
        ("the word roof", ["#2"]),
        ("anything about lighthouse", ["#1"]),
        ("tag sea", ["#2", "#1"]),
    ],
)
async def test_what_is_muted_is_gone_from_the_feed_until_it_is_undone(
    world: World, ana: Turn, mio: Turn, what: str, left: list[str]
) -> None:
    muted = await world.do(ana, "mute", what=what)
    assert muted.private
    assert await feed(world, ana) == left
    assert (await world.do(ana, "show", creation=1)).cards[0].ref == "#1"

    listed = await world.do(ana, "mute")
    assert len(listed.buttons) == 1
    await press(world, ana, muted, "Undo")
    assert await feed(world, ana) == ["#2", "#1"]
    assert "had not muted" in (await press(world, ana, listed, listed.buttons[0].label)).text


def test_a_name_keeps_its_letters_when_its_mute_ends() -> None:
    assert keep_words.unmuted("mio", did=True) == "You no longer mute mio."
    assert keep_words.unmuted("mio", did=False) == "You had not muted mio."


async def test_a_hidden_creation_is_gone_and_its_maker_can_be_muted(
    world: World, ana: Turn, mio: Turn
) -> None:
    hidden = await world.do(ana, "hide", creation=1)
    assert await feed(world, ana) == ["#2"]
    await press(world, ana, hidden, "Undo")
    assert await feed(world, ana) == ["#2", "#1"]

    await press(world, ana, hidden, "Mute its maker")
    assert await feed(world, ana) == []


@pytest.mark.parametrize("wanted", [Wanted.MORE, Wanted.LESS])
async def test_more_and_less_are_noted_and_taken_back(
    world: World, ana: Turn, mio: Turn, wanted: Wanted
) -> None:
    said = await world.do(ana, wanted, creation=1)
    async with world.store.read() as view:
        assert (await view.db.get_one(Opinion, (ana.member_id, 1))).wanted is wanted

    await press(world, ana, said, "Undo")
    async with world.store.read() as view:
        assert await view.db.get(Opinion, (ana.member_id, 1)) is None
    assert "nothing of the kind" in (await press(world, ana, said, "Undo")).text


@pytest.mark.parametrize(
    ("act", "text", "arguments"),
    [
        ("save", "save 4", {"creation": 4}),
        ("save", "bookmark the lighthouse one", {"creation": 2}),
        ("save", "save 12 to winter poems", {"creation": 12, "collection": "winter poems"}),
        ("saved", "show what I saved", {}),
        ("saved", "open my collection winter", {"collection": "winter"}),
        ("unsave", "unsave 3", {"creation": 3}),
        ("follow", "follow Mio", {"what": "Mio"}),
        ("follow", "follow the maker of 12", {"what": "the maker of 12"}),
        ("follow", "whom do I follow?", {}),
        ("mute", "mute the word spiders", {"what": "the word spiders"}),
        ("unmute", "stop muting the tag sea", {"what": "the tag sea"}),
        ("hide", "hide 4", {"creation": 4}),
    ],
)
async def test_plain_words_fill_the_arguments(
    world: World, ana: Turn, mio: Turn, act: str, text: str, arguments: dict[str, object]
) -> None:
    found = all_acts().get(act)
    assert found is not None
    assert (await read_arguments(ana, found, text)).arguments == arguments


async def test_an_agent_may_do_all_of_it_for_its_member(world: World, ana: Turn, mio: Turn) -> None:
    answer = await world.by_agent(ana, "mute", what="Mio")

    assert "proposed" not in answer.facts
    assert "Mio" not in answer.told()
    async with world.store.read() as view:
        assert len(await curation.mutes(view, member_id=ana.member_id)) == 1


async def test_nothing_is_made_of_a_muted_maker_or_thread(
    world: World, ana: Turn, mio: Turn
) -> None:
    remixed = await world.do(mio, "remix", sources=["#1"], how="as an erasure poem")
    await world.do(mio, "publish", draft=remixed.facts["draft"])
    for what, told in (("Mio", MakerMuted), ("thread 1", ThreadMuted)):
        await world.do(ana, "mute", what=what)
        for number in (1, 3):
            with pytest.raises(told) as refused:
                await world.do(ana, "remix", sources=[f"#{number}"])
            how = sentence(refused.value).partition("/unmute ")[2].partition(" takes")[0]
        assert not (await world.do(ana, "drafts")).cards
        await world.do(ana, "unmute", what=how)
        assert (await world.do(ana, "remix", sources=["#1"])).facts["draft"]
        await world.do(ana, "drop")


async def test_a_thread_is_remixed_without_what_is_muted_in_it(
    world: World, ana: Turn, mio: Turn
) -> None:
    ben, eva = await world.join("Ben"), await world.join("Eva")
    for turn, words in ((ben, "Ben's seagulls argue all morning"), (eva, "Eva's lantern is out")):
        await world.do(turn, "comment", creation="#1", words=words)
        remixed = await world.do(turn, "remix", sources=["#1"], how="as an erasure poem")
        await world.do(turn, "publish", draft=remixed.facts["draft"])

    async def sources() -> tuple[set[str], str]:
        drafted = await world.do(ana, "remix", sources=["#1"], thread=True, how="as a cento")
        (card,) = drafted.cards
        await world.do(ana, "drop")
        return {it.split()[0] for it in card.sources}, drafted.told()

    assert (await sources())[0] == {"#1", "#3", "#4"}
    await world.do(ana, "mute", what="Ben")
    named, told = await sources()
    assert named == {"#1", "#4"}
    assert "seagulls" not in told


async def test_a_collection_of_which_nothing_can_be_seen_any_more_is_still_there(
    world: World, ana: Turn, mio: Turn
) -> None:
    await world.do(ana, "save", creation="#1", collection="sea poems")
    await world.do(mio, "withdraw", creation="#1")
    for answer in (
        await world.do(ana, "saved", collection="Sea poems"),
        await world.do(ana, "saved"),
    ):
        assert "Nothing in “sea poems” can be shown here" in answer.text
        assert not answer.cards


async def test_a_draft_of_what_was_muted_since_stays_a_draft(
    world: World, ana: Turn, mio: Turn
) -> None:
    await world.do(ana, "remix", sources=["#1", "#2"])
    await world.do(ana, "mute", what="Mio")
    with pytest.raises(MakerMuted):
        await world.do(ana, "publish")
    assert len((await world.do(ana, "drafts")).cards) == 1


async def test_what_holds_a_muted_word_can_be_remixed_by_its_number(
    world: World, ana: Turn, mio: Turn
) -> None:
    await world.do(ana, "mute", what="word rain")
    assert (await world.do(ana, "remix", sources=["#1"])).facts["draft"]
