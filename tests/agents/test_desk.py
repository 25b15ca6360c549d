from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from agents.acts.listing import all_acts
from agents.answer import Answer, Call
from agents.desk import Desk
from agents.likely import ELSEWHERE, MEANT
from agents.policy import ListedWords, Moderation
from agents.router import Router
from agents.turn import Place
from agents.wording import sentence
from feed_core.errors import (
    BadArgument,
    Blocked,
    CreationNotFound,
    EmptyText,
    MissingArgument,
    NotForAgents,
    UnknownAct,
)
from feed_core.models.creations import Creation
from feed_core.services import members, timeline
from feed_core.services.sight import Reader
from memory.embedding import Embedder
from tests.agents.world import PROFILE, World, opened_world
from tests.fakes.clock import FixedClock


async def feed(world: World) -> list[Creation]:
    async with world.store.read() as view:
        items = await timeline.page(view, reader=Reader(0), limit=50)
        return [it.creation for it in items]


def labels(answer: Answer) -> list[str]:
    return [it.label for it in answer.buttons]


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("remx", "remix"),
        ("lineag", "lineage"),
        ("digest_now", "digest now"),
        ("publsh", "publish"),
        ("love", "like"),
        ("Collections", "saved"),
        ("delete", "withdraw"),
        ("post", "create"),
        ("bookmark", "save"),
        ("settings", "agent show"),
        ("profile", "agent show"),
        ("whoami", "agent show"),
        ("image", "paint"),
        ("vote", "like"),
        ("status", "help"),
        ("xyzzy", ""),
    ],
)
async def test_an_unknown_act_is_met_with_the_nearest_one(
    world: World, typed: str, nearest: str
) -> None:
    with pytest.raises(UnknownAct) as unknown:
        await world.do(await world.join("Ana"), typed)
    assert unknown.value.nearest == nearest
    assert sentence(unknown.value).count("/help") == 1


@pytest.mark.parametrize("typed", ["", " ", "🎈", "x" * 100_000])
async def test_the_strangest_name_is_an_unknown_act_and_not_shown_whole(
    world: World, typed: str
) -> None:
    with pytest.raises(UnknownAct) as unknown:
        await world.do(await world.join("Ana"), typed)
    assert len(unknown.value.typed) <= 40
    assert unknown.value.nearest == ""
    assert "Did you mean" not in sentence(unknown.value)


def test_names_from_elsewhere_stand_for_acts_and_are_none(world: World) -> None:
    names = set(world.desk.acts.names())
    assert names >= ELSEWHERE.keys()
    assert names.isdisjoint(MEANT)


async def test_a_missing_argument_is_asked_for_in_private_with_what_could_fill_it(
    world: World,
) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "create", words="Rain: all night")
    room = replace(ana, place=Place("telegram", "-100", private=False))
    asked = await world.do(room, "lineage")
    assert asked.private
    assert labels(asked) == ["#1 Rain", "Other…"]
    shown = await world.press(ana, asked, "#1 Rain")
    assert shown.pictures
    typed = await world.press(ana, asked, "Other…", filled="#1")
    assert typed.facts["ancestors"] == 0


async def test_words_that_a_room_is_to_read_are_asked_for_there(world: World) -> None:
    ana = await world.join("Ana")
    async with world.store.work() as work:
        attic = await members.room(work, platform="telegram", external_id="-100", public=True)
    place = Place("telegram", "-100", private=False)
    room = replace(ana, place=place, room_id=attic.id)
    asked = await world.do(room, "jam start")
    assert not asked.private
    assert labels(asked) == ["Type it"]
    begun = await world.press(room, asked, "Type it", filled="a door in the sea")
    assert "a door in the sea" in begun.text
    assert (await world.do(room, "paint")).private  # as its answer will be


async def test_few_choices_are_offered_all(world: World) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "create", words="Rain: all night")
    asked = await world.do(ana, "react", creation="1")
    assert labels(asked) == ["like", "love", "laugh", "wow", "moved", "spark"]


async def test_an_unreadable_argument_is_asked_for_with_what_it_may_have_meant(
    world: World,
) -> None:
    ana = await world.join("Ana")
    for words in ("Rain on the roof", "The gutter"):
        await world.do(ana, "create", words=words)
    asked = await world.do(ana, "comment", creation="rain", words="so good")
    assert labels(asked) == ["#1 Rain on the roof", "Other…"]  # others see it: it is not guessed
    asked = await world.do(ana, "remix", sources=["nothing", "like it"], how="as a haiku")
    assert labels(asked) == ["#2 The gutter", "#1 Rain on the roof", "Other…"]
    assert asked.buttons[0].call.arguments == {"how": "as a haiku", "sources": "#2"}


async def test_a_choice_that_is_none_is_met_with_the_choices(world: World) -> None:
    asked = await world.do(await world.join("Ana"), "digest set", where="pigeon")
    assert labels(asked)[:4] == ["here", "discord", "telegram", "terminal"]


async def test_what_no_parameter_takes_is_refused(world: World) -> None:
    with pytest.raises(BadArgument):
        await world.do(await world.join("Ana"), "mine", more="please")


async def test_a_model_is_told_of_gaps_as_errors(world: World) -> None:
    ana = await world.join("Ana")
    with pytest.raises(MissingArgument):
        await world.by_agent(ana, "show")
    with pytest.raises(BadArgument):
        await world.by_agent(ana, "show", creation="rain")


async def test_account_acts_are_refused_to_an_agent_also_unlisted(world: World) -> None:
    ana = await world.join("Ana")
    with pytest.raises(NotForAgents):
        await world.by_agent(ana, "link")
    assert (await world.do(ana, "link")).private


async def test_a_button_whose_act_fails_may_be_pressed_again(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await world.do(ben, "create", words="Rain: all night")
    asked = await world.by_agent(ana, "like", creation=1)
    token = await world.token(ana, asked, "Yes, do it")
    await world.do(ben, "withdraw", creation=1)
    for _ in range(2):
        with pytest.raises(Exception, match="creation"):
            await world.desk.press(ana, token)


async def test_a_blank_left_empty_is_refused_and_may_be_filled_again(world: World) -> None:
    ana = await world.join("Ana")
    shown = await world.do(ana, "create", words="Rain: all night")
    token = await world.token(ana, shown, "Comment")
    with pytest.raises(EmptyText):
        await world.desk.press(ana, token, filled="  ")
    await world.desk.press(ana, token, filled="lovely")
    assert (await world.do(ana, "show", creation=1)).facts["comments"] == 1


@pytest.fixture
async def strict(
    tmp_path: Path, embedder: Embedder, router: Router, clock: FixedClock
) -> AsyncIterator[World]:
    policy = Moderation(words=ListedWords(block=("forbidden",)))
    profile = PROFILE.model_copy(update={"moderation": policy})
    async with opened_world(tmp_path, embedder, router, clock, profile=profile) as opened:
        yield opened


async def test_a_blocked_draft_comes_back_and_can_be_changed_and_published(strict: World) -> None:
    ana = await strict.join("Ana")
    await strict.do(ana, "draft", words="Kettle: a forbidden song")
    with pytest.raises(Blocked):
        await strict.do(ana, "publish")
    await strict.do(ana, "edit", words="Kettle: a song")
    await strict.do(ana, "publish")
    assert [it.body for it in await feed(strict)] == ["a song"]


async def test_again_keeps_the_draft_when_no_other_can_be_made(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await world.do(
        ben, "create", words="Rain: all night the rain fell on the tin roof of the house"
    )
    await world.do(ana, "remix", sources=[1])
    await world.do(ben, "withdraw", creation=1)
    with pytest.raises(Exception, match="creation"):
        await world.do(ana, "again")
    assert len((await world.do(ana, "drafts")).cards) == 1


async def test_edit_without_words_shows_the_draft_and_asks_for_them(world: World) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "draft", words="Kettle: it sings")
    asked = await world.do(ana, "edit")
    assert asked.cards[0].body == "it sings"
    assert (await world.desk.prefill(ana, asked.buttons[1].call)) == "Kettle\nit sings"
    changed = await world.press(ana, asked, "Edit", filled="Kettle: it hums")
    assert changed.cards[0].body == "it hums"


async def test_nobody_reaches_another_members_drafts_or_memories(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await world.do(ana, "draft", words="secret: plan")
    await world.do(ana, "remember", words="I love haiku")
    for act, arguments in (
        ("publish", {"draft": "d1"}),
        ("edit", {"piece": "d1", "words": "x"}),
        ("describe", {"piece": "d1", "words": "x"}),
        ("drop", {"draft": "d1"}),
        ("again", {"draft": "d1"}),
        ("restore", {"draft": "d1"}),
        ("forget", {"memory": "m1"}),
        ("memory fix", {"memory": "m1", "words": "x"}),
        ("memory history", {"memory": "m1"}),
        ("memory restore", {"memory": "m1"}),
    ):
        with pytest.raises(Exception, match=r"draft_not_found|memory_not_found"):
            await world.do(ben, act, **arguments)
    assert (await world.do(ben, "drafts")).cards == []
    assert "haiku" not in (await world.do(ben, "memory show")).text
    offers = await world.desk.suggest(ben, Call("publish", {}), "draft")
    assert offers == []


async def test_a_room_only_creation_is_not_there_for_others(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    async with world.store.work() as work:
        room = await members.room(work, platform="telegram", external_id="-1", public=False)
    closed = Place("telegram", "-1", private=False, open=False)
    inside = replace(ana, place=closed, room_id=room.id)
    await world.do(inside, "create", words="Rain: all night")
    for act, name in (("show", "creation"), ("lineage", "creation"), ("summarise", "thread")):
        with pytest.raises(CreationNotFound):
            await world.do(ben, act, **{name: 1})
    assert (await world.do(replace(ben, place=closed, room_id=room.id), "show", creation=1)).cards
    await world.do(ana, "visibility", creation=1, visibility="everyone")
    assert (await world.do(ben, "show", creation=1)).cards


def test_the_desk_finds_every_act_by_its_name() -> None:
    desk = Desk(all_acts())
    assert all(desk.find(name).name == name for name in desk.acts.names())
