from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from agents.acts.listing import all_acts
from agents.answer import Answer, Call
from agents.desk import Desk
from agents.profile import Leash, Moderation
from agents.router import Router
from agents.turn import Place, Through
from feed_core.errors import (
    BadArgument,
    Blocked,
    ButtonUsed,
    CreationNotFound,
    DraftChanged,
    EmptyText,
    MissingArgument,
    NotForAgents,
    NotYourButton,
    UnknownAct,
)
from feed_core.models.creations import Creation
from feed_core.models.proposals import Proposal
from feed_core.services import members, timeline
from feed_core.services.sight import Reader
from feed_core.states import Authorship, ProposalState
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
    [("remx", "remix"), ("lineag", "lineage"), ("digest_now", "digest now"), ("publsh", "publish")],
)
async def test_an_unknown_act_is_met_with_the_nearest_one(
    world: World, typed: str, nearest: str
) -> None:
    with pytest.raises(UnknownAct) as unknown:
        await world.do(await world.join("Ana"), typed)
    assert unknown.value.nearest == nearest


@pytest.mark.parametrize("typed", ["", " ", "🎈", "x" * 100_000])
async def test_the_strangest_name_is_an_unknown_act_and_not_shown_whole(
    world: World, typed: str
) -> None:
    with pytest.raises(UnknownAct) as unknown:
        await world.do(await world.join("Ana"), typed)
    assert len(unknown.value.typed) <= 40
    assert world.desk.acts.get(unknown.value.nearest)


async def test_a_missing_argument_is_asked_for_in_private_with_what_could_fill_it(
    world: World,
) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "create", words="Rain: all night")
    room = replace(ana, place=Place("telegram", "-100", private=False))
    asked = await world.do(room, "lineage")
    assert asked.private
    assert labels(asked) == ["#1 Rain", "Type it"]
    shown = await world.press(ana, asked, "#1 Rain")
    assert shown.pictures
    typed = await world.press(ana, asked, "Type it", filled="#1")
    assert typed.facts["ancestors"] == 0


async def test_an_unreadable_argument_is_asked_for_with_what_it_may_have_meant(
    world: World,
) -> None:
    ana = await world.join("Ana")
    for words in ("Rain on the roof", "The gutter"):
        await world.do(ana, "create", words=words)
    asked = await world.do(ana, "show", creation="rain")
    assert labels(asked) == ["#1 Rain on the roof", "Type it"]
    asked = await world.do(ana, "remix", sources=["nothing", "like it"], how="as a haiku")
    assert labels(asked) == ["#2 The gutter", "#1 Rain on the roof", "Type it"]
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


async def test_what_an_agent_writes_is_proposed_as_shown_and_published_by_a_tap(
    world: World,
) -> None:
    ana = await world.join("Ana")
    asked = await world.by_agent(ana, "create", words="Kettle: it sings")
    assert asked.private
    assert asked.facts == {"proposed": 1, "waits_for_the_member": True}
    assert (asked.cards[0].title, asked.cards[0].body) == ("Kettle", "it sings")
    assert await feed(world) == []
    await world.press(ana, asked, "Yes, do it")
    (creation,) = await feed(world)
    assert (creation.title, creation.body) == ("Kettle", "it sings")
    assert creation.authorship in (Authorship.AI, Authorship.AGENT)  # the member typed none of it
    async with world.store.read() as view:
        proposal = await view.db.get_one(Proposal, 1)
    assert proposal.state is ProposalState.ACCEPTED


async def test_plain_words_of_the_member_stay_their_own_when_proposed(world: World) -> None:
    ana = await world.join("Ana")
    asked = await world.do(replace(ana, through=Through.WORDS), "create", words="Kettle: it sings")
    assert await feed(world) == []
    await world.press(ana, asked, "Yes, do it")
    assert [it.authorship for it in await feed(world)] == [Authorship.HUMAN]


async def test_a_draft_that_an_agent_would_publish_goes_out_as_it_was_shown(world: World) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "draft", words="Kettle: it sings")
    asked = await world.by_agent(ana, "publish")
    assert await feed(world) == []
    button = asked.buttons[0]
    assert (button.once, button.only_asker, bool(button.shown_hash)) == (True, True, True)
    await world.press(ana, asked, "Yes, do it")
    assert [it.title for it in await feed(world)] == ["Kettle"]


async def test_a_draft_edited_meanwhile_has_to_be_looked_at_again(world: World) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "draft", words="Kettle: it sings")
    asked = await world.by_agent(ana, "publish")
    token = await world.token(ana, asked, "Yes, do it")
    await world.do(ana, "edit", words="Kettle: it screams")
    for _ in range(2):  # a failed press leaves the button as it was
        with pytest.raises(DraftChanged):
            await world.desk.press(ana, token)
    assert await feed(world) == []
    await world.do(ana, "edit", words="Kettle: it sings")
    await world.desk.press(ana, token)
    assert [it.body for it in await feed(world)] == ["it sings"]


async def test_a_second_tap_and_somebody_elses_tap_do_nothing(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await world.do(ana, "draft", words="Kettle: it sings")
    asked = await world.by_agent(ana, "publish")
    token = await world.token(ana, asked, "Yes, do it")
    with pytest.raises(NotYourButton):
        await world.desk.press(ben, token)
    await world.desk.press(ana, token)
    with pytest.raises(ButtonUsed):
        await world.desk.press(ana, token)
    assert len(await feed(world)) == 1


async def test_a_proposal_without_a_preview_names_what_it_is_about(world: World) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "create", words="Rain: all night")
    for act in ("like", "withdraw"):
        asked = await world.by_agent(ana, act, creation=1)
        assert "#1" in asked.text
    said = await world.by_agent(ana, "comment", creation=1, words="so wet")
    assert "so wet" in said.text
    await world.press(ana, said, "Yes, do it")
    shown = await world.do(ana, "show", creation=1)
    assert shown.facts["comments"] == 1


async def free(
    world: World, member_id: int, act: str, leash: Leash, *, paused: bool = False
) -> None:
    async with world.store.work() as work:
        settings = await members.agent_settings(work, member_id)
        settings.leash, settings.paused = {act: leash.value}, paused


@pytest.mark.parametrize("leash", [Leash.UNDO, Leash.FREE])
async def test_on_a_long_leash_an_untainted_draft_goes_out_at_once(
    world: World, leash: Leash
) -> None:
    ana = await world.join("Ana")
    await free(world, ana.member_id, "publish", leash)
    await world.do(ana, "paint", prompt="rain on a roof")
    done = await world.by_agent(ana, "publish")
    assert "published" in done.facts
    assert "Take back" in labels(done)
    assert len(await feed(world)) == 1


async def test_a_tainted_draft_asks_on_every_leash(world: World) -> None:
    ana = await world.join("Ana")
    await free(world, ana.member_id, "publish", Leash.FREE)
    for words in ("Rain: all night the rain fell on the roof", "Gutter: a drum in the night"):
        await world.do(ana, "create", words=words)
    await world.do(ana, "remix", sources="1,2")
    for through in (Through.AGENT, Through.WORDS):
        asked = await world.do(replace(ana, through=through), "publish")
        assert "proposed" in asked.facts
    assert len(await feed(world)) == 2
    await world.press(ana, asked, "Yes, do it")
    assert len(await feed(world)) == 3


async def test_a_paused_agent_asks_whatever_its_leash(world: World) -> None:
    ana = await world.join("Ana")
    await free(world, ana.member_id, "publish", Leash.FREE, paused=True)
    await world.do(ana, "paint", prompt="rain")
    assert "proposed" in (await world.by_agent(ana, "publish")).facts


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
    profile = PROFILE.model_copy(update={"moderation": Moderation(block=("forbidden",))})
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
        ("edit", {"draft": "d1", "words": "x"}),
        ("drop", {"draft": "d1"}),
        ("again", {"draft": "d1"}),
        ("restore", {"draft": "d1"}),
        ("forget", {"memory": "m1"}),
    ):
        with pytest.raises(Exception, match=r"draft_not_found|memory_not_found"):
            await world.do(ben, act, **arguments)
    assert (await world.do(ben, "drafts")).cards == []
    assert "haiku" not in (await world.do(ben, "memory")).text
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
    await world.do(ana, "widen", creation=1)
    assert (await world.do(ben, "show", creation=1)).cards


def test_the_desk_finds_every_act_by_its_name() -> None:
    desk = Desk(all_acts())
    assert all(desk.find(name).name == name for name in desk.acts.names())
