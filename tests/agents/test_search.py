import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from agents import nearness
from agents.act import Acts
from agents.acts.listing import all_acts
from agents.acts.search import search
from agents.answer import Answer, Call
from agents.references import CreationRef
from agents.turn import Place, Turn
from bridges.faces import read_line, write_line
from feed_core.errors import BadDay, CreationNotFound
from feed_core.models.creations import Creation
from feed_core.services import members, searching
from feed_core.services.curation import MakerNotFound
from feed_core.states import Authorship, CreationKind, CreationState, Visibility
from memory.embedding import Embedder
from memory.meaning import Meaning
from tests.agents.world import World

DATA = Path(__file__).parent.parent.parent / "benchmarks" / "data"
TITLES = ("Rain on the tin roof", "A kitten sleeps", "Bread got dearer again")


async def made(world: World, turn: Turn, *titles: str) -> list[int]:
    found = []
    for it in titles:
        answer = await world.do(turn, "create", words=it)
        found += [ref.id for ref in answer.facts.values() if isinstance(ref, CreationRef)]
    return found


async def change(world: World, number: int, **values: object) -> None:
    """Set columns of a creation as other parts would, and let it be found by them."""
    async with world.store.work() as work:
        creation = await work.db.get_one(Creation, number)
        for name, value in values.items():
            setattr(creation, name, value)
        await searching.put(work, creation)


def numbers(answer: Answer) -> list[int]:
    return [int(it.ref.removeprefix("#")) for it in answer.cards]


async def test_words_and_what_they_mean_are_found(world: World) -> None:
    ana = await world.join("Ana")
    rain, kitten, bread = await made(world, ana, *TITLES)

    by_word = await world.do(ana, "search", words="KITTEN")
    by_meaning = await world.do(ana, "search", words="bad weather outside")

    assert numbers(by_word)[0] == kitten
    assert "What I found for “KITTEN”" in by_word.text
    assert numbers(by_meaning)[0] == rain
    assert "Nothing holds all the words" in by_meaning.text
    assert bread not in numbers(by_word)
    assert by_meaning.facts["holds_all_words"] is False


async def test_a_labelled_set_is_found_better_with_words_and_meaning_than_by_words(
    world: World,
) -> None:
    ana = await world.join("Ana")
    rows = [json.loads(it) for it in (DATA / "creations.jsonl").read_text("utf-8").splitlines()]
    asked = [json.loads(it) for it in (DATA / "searches.jsonl").read_text("utf-8").splitlines()]
    async with world.store.work() as work:
        for row in rows:
            creation = Creation(
                **row,
                author_id=ana.member_id,
                state=CreationState.PUBLISHED,
                content_hash=str(row["id"]),
                created_at=work.now,
                published_at=work.now,
            )
            work.db.add(creation)
            await work.db.flush()
            await searching.put(work, creation)
    await world.parts.meaning.catch_up()

    both: list[float] = []
    words: list[float] = []
    for it in asked:
        near = await nearness.near_words(ana, it["says"])
        async with world.store.read() as view:
            for ids, found in ((near.ids, both), ((), words)):
                page = await searching.search(
                    view, reader=ana.reader, words=it["says"], near=ids, limit=10
                )
                found.append(gain([row.id for row in page.creations], it["wants"]))
        exact = rows[it["wants"][0] - 1]["title"]
        answer = await world.do(ana, "search", words=f"“{exact}”")
        assert numbers(answer)[0] == it["wants"][0], exact

    assert np.mean(both) >= 0.9
    assert np.mean(both) >= np.mean(words) + 0.2


def gain(found: list[int | None], wanted: list[int]) -> float:
    """NDCG@10 (Jarvelin and Kekalainen 2002) where everything that is wanted counts alike."""
    worth = [1 / np.log2(rank + 2) for rank in range(10)]
    ideal = sum(worth[: len(wanted)])
    return float(
        sum(it for it, number in zip(worth, found, strict=False) if number in wanted) / ideal
    )


async def test_pages_follow_by_a_button_until_the_end(world: World) -> None:
    ana = await world.join("Ana")
    all_ = await made(world, ana, *(f"Rain number {it}" for it in range(12)))

    first = await world.do(ana, "search", words="rain")
    second = await world.press(ana, first, "More")
    third = await world.press(ana, second, "More")
    beyond = await world.do(ana, "search", words="rain", page=99)

    pages = [numbers(it) for it in (first, second, third)]
    assert [len(it) for it in pages] == [5, 5, 2]
    assert sorted(it for page in pages for it in page) == all_
    assert "More" not in [it.label for it in third.buttons]
    assert "from 6 on" in second.text
    assert beyond.text == "That was all I found for “rain”."
    assert numbers(await world.do(ana, "search", words="rain", page=-3)) == pages[0]


async def test_a_search_is_narrowed_by_options(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    (old,) = await made(world, ana, "Rain over the sea")
    world.clock.go_on(timedelta(days=30))
    (new,) = await made(world, ben, "Rain in town")
    await change(world, new, kind=CreationKind.IMAGE, tags=["City"], authorship=Authorship.AI)

    for given, expected in (
        ({"kind": "image"}, [new]),
        ({"kind": "text"}, [old]),
        ({"by": "ben"}, [new]),
        ({"by": "me"}, [old]),
        ({"by": f"member {ben.member_id}"}, [new]),
        ({"tag": "#city"}, [new]),
        ({"authorship": "ai"}, [new]),
        ({"since": "last week"}, [new]),
        ({"until": "last week"}, [old]),
        ({"since": "2020-01-01", "until": "today"}, [new, old]),
        ({"kind": "video"}, []),
    ):
        for words in ("rain", ""):
            answer = await world.do(ana, "search", words=words, **given)
            assert sorted(numbers(answer)) == sorted(expected), given


async def test_a_search_is_narrowed_by_words(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    (old,) = await made(world, ana, "Rain over the sea")
    world.clock.go_on(timedelta(days=30))
    (new,) = await made(world, ben, "Rain in town")
    await change(world, new, kind=CreationKind.IMAGE, tags=["City"])

    for words, expected in (
        ("pictures of rain", [new]),
        ("rain by Ben", [new]),
        ("Ben's rain", [new]),
        ("my rain", [old]),
        ("rain #city", [new]),
        ("rain tagged city", [new]),
        ("rain from last week", [new]),
        ("Bilder von Ben", [new]),
    ):
        answer = await world.do(ana, "search", words=words)
        assert numbers(answer) == expected, words
    told = await world.do(ana, "search", words="pictures of rain by Ben since last week")
    assert "“rain” among pictures by Ben since last week" in told.text


async def test_plain_words_reach_it(world: World) -> None:
    ana = await world.join("Ana")
    rain, *_ = await made(world, ana, *TITLES)

    answer = await world.say(ana, "look for a poem about rain on a roof")

    assert numbers(answer)[0] == rain


async def test_more_like_a_creation_is_found_by_its_vector(world: World) -> None:
    ana = await world.join("Ana")
    rain, *_ = await made(world, ana, *TITLES, "Storm and thunder over the roofs")

    shown = await world.do(ana, "show", creation=rain)
    pressed = await world.press(ana, shown, "More like this")
    said = await world.do(ana, "search", words=f"things like number {rain}")

    assert numbers(pressed)[0] == 4
    assert rain not in numbers(pressed)
    assert numbers(said) == numbers(pressed)
    with pytest.raises(CreationNotFound):
        await world.do(ana, "search", like=99)


async def test_private_and_muted_things_never_appear_also_not_by_their_meaning(
    world: World,
) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    rain, storm, _, drizzle = await made(
        world, ana, "Rain", "A storm", "Thunder and storm", "Drizzle"
    )
    await world.parts.meaning.catch_up()
    await change(world, rain, visibility=Visibility.ONLY_ME)
    await world.do(ben, "mute", what="the word thunder")
    await world.do(ana, "withdraw", creation=drizzle)

    for words in ("rain", "weather", "drizzle", "storm"):
        assert set(numbers(await world.do(ben, "search", words=words))) <= {storm}
    assert numbers(await world.do(ben, "search", like=storm)) == []
    with pytest.raises(CreationNotFound):
        await world.do(ben, "search", like=rain)


async def test_in_a_room_what_others_there_may_not_see_is_answered_in_private(
    world: World,
) -> None:
    ana = await world.join("Ana")
    rain, _ = await made(world, ana, "Rain", "Snow")
    await change(world, rain, visibility=Visibility.ONLY_ME)
    async with world.store.work() as work:
        room = await members.room(work, platform="discord", external_id="1", public=True)
    there = replace(ana, place=Place("discord", "1", private=False), room_id=room.id)

    assert (await world.do(there, "search", words="rain")).private
    assert not (await world.do(there, "search", words="snow", kind="image")).private
    assert not (await world.do(ana, "search", words="rain")).private


async def test_the_first_search_loads_what_it_needs(world: World, tmp_path: Path) -> None:
    ana = await world.join("Ana")
    rain, *_ = await made(world, ana, *TITLES)
    cold = Meaning(world.store, tmp_path / "cold", Embedder())
    turn = replace(ana, parts=replace(ana.parts, meaning=cold))

    answer = await world.do(turn, "search", words="rain")

    assert numbers(answer)[0] == rain
    assert cold.ready
    await cold.close()


async def test_what_is_not_read_yet_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = await world.join("Ana")
    monkeypatch.setattr(nearness, "QUICK", 2)
    rain, *_ = await made(world, ana, *TITLES)

    answer = await world.do(ana, "search", words="rain")
    similar = await world.do(ana, "search", like=rain)

    assert numbers(answer) == [rain]
    assert "3 new creations still being read" in answer.text
    assert "It is not read for its meaning yet" in similar.text


@pytest.mark.parametrize("words", ["maker:Ben rain", "rain author:@ben", "rain from: Ben"])
async def test_a_maker_is_named_as_other_searches_name_them(world: World, words: str) -> None:
    await made(world, await world.join("Ana"), "Rain of Ana")
    (rain,) = await made(world, ben := await world.join("Ben"), "Rain of Ben")
    assert numbers(await world.do(ben, "search", words=words)) == [rain]


async def test_a_name_that_several_have_is_asked_about(world: World) -> None:
    ana = await world.join("Ana")
    for platform in ("telegram", "discord"):
        await made(world, await world.join("Ben", platform=platform), f"Rain on {platform}")

    asked = await world.do(ana, "search", words="rain", by="Ben")
    found = await world.press(ana, asked, asked.buttons[1].label)

    assert asked.private
    assert "Several makers are called “Ben”" in asked.text
    assert len(numbers(found)) == 1
    with pytest.raises(MakerNotFound):
        await world.do(ana, "search", by="Nobody")


async def test_nothing_to_look_for_is_asked_about(world: World) -> None:
    ana = await world.join("Ana")

    answer = await world.do(ana, "search")

    assert answer.private
    assert answer.text.startswith("What are you looking for?")
    assert [(it.label, it.blank) for it in answer.buttons] == [("Type it", "words")]


STRANGE = [
    "…!?",
    "\u200b\u200e",
    "\0",
    "\ud83d",
    "x" * 100_000,
    "rain " * 20_000,
    '" OR "',
    "title:rain*",
    "NEAR(rain)",
    "'; DROP TABLE creation; --",
    "שלום עולם",
    "雨",
    "🌧",
    "%_",
    "like 99999999999999999999",
    "by by by by",
    "since since",
    "# #",
]


async def test_any_words_get_an_answer(world: World) -> None:
    ana = await world.join("Ana")
    await made(world, ana, "Rain", "雨の夜 🌧")

    for words in STRANGE:
        answer = await world.do(ana, "search", words=words)
        assert answer.text, words
        assert len(answer.text) < 600, words


async def test_what_cannot_be_read_is_told(world: World) -> None:
    ana = await world.join("Ana")
    for day in ("xyzzy", "x" * 1000, "99999-99-99", "…"):
        with pytest.raises(BadDay):
            await world.do(ana, "search", since=day)
    for given in ({"kind": "smell"}, {"page": "x"}, {"like": "abc"}):
        asked = await world.do(ana, "search", words="rain", **given)
        assert asked.buttons
        assert not asked.cards


async def test_many_may_search_at_once(world: World) -> None:
    ana = await world.join("Ana")
    await made(world, ana, *TITLES)

    answers = await asyncio.gather(
        *(world.do(ana, "search", words=it) for it in ("weather", "cat", "bakery") * 5)
    )

    assert all(it.cards for it in answers)


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("/search moth at night", {"words": "moth at night"}),
        ("/search image of a moth", {"words": "image of a moth"}),
        ("/search kind:image moth", {"words": "moth", "kind": "image"}),
        ("/search moth by:@ana tag:#sea", {"words": "moth", "by": "@ana", "tag": "#sea"}),
        ('/search by:"Ana Maria" moth', {"words": "moth", "by": "Ana Maria"}),
        ("/search like:12", {"like": "12"}),
        (
            "/search moth since:yesterday page:2",
            {"words": "moth", "since": "yesterday", "page": "2"},
        ),
        ("/search area 51", {"words": "area 51"}),
        ("/search note: to self", {"words": "note: to self"}),
        ("/search http://by:8080/x", {"words": "http://by:8080/x"}),
    ],
)
def test_a_typed_line_names_its_filters(line: str, arguments: dict[str, object]) -> None:
    acts: Acts = all_acts()

    call = read_line(acts, line)

    assert call == Call("search", arguments)  # type: ignore[arg-type]  # as typed
    assert read_line(acts, write_line(acts, call)) == call


def test_filters_are_options_with_offers() -> None:
    kinds = {it.name: (it.kind.name, it.required, it.suggested) for it in search.parameters}

    assert kinds["words"] == ("TEXT", False, False)
    assert kinds["kind"] == kinds["authorship"] == ("CHOICE", False, False)
    assert kinds["by"] == ("MAKER", False, True)
    assert kinds["tag"] == ("TAG", False, True)
    assert kinds["like"] == ("CREATION", False, True)


async def test_makers_and_tags_are_offered_while_they_are_typed(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    (number,) = await made(world, ben, "Rain")
    await change(world, number, tags=["sea", "Sea side"])

    async def offered(act: str, parameter: str, typed: str) -> list[tuple[str, str]]:
        return await world.desk.suggest(ana, Call(act, {parameter: typed}), parameter)

    member = f"member {ben.member_id}"
    assert await offered("search", "by", "b") == [("Ben", member)]
    assert await offered("search", "tag", "#se") == [("#sea", "sea"), ("#sea side", "sea side")]
    assert await offered("follow", "what", "be") == [("Ben", member)]
    assert await offered("mute", "what", "sea") == [
        ("#sea", "tag sea"),
        ("#sea side", "tag sea side"),
    ]
    followed = await world.do(ana, "follow", what=member)
    assert "Ben" in followed.text
