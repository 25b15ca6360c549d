from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from agents import notices
from agents.answer import Answer
from agents.authority import NotAModerator
from agents.policy import ListedWords, Moderation, ReportPolicy
from agents.router import Router
from agents.turn import Authority, Turn
from feed_core.errors import Blocked, CreationNotFound, Held, NotForAgents, Refusal
from feed_core.services.moderation import AlreadyDecided, CaseChanged, OwnCase
from feed_core.services.revising import EditHeld
from feed_core.states import DeliveryKind
from memory.embedding import Embedder
from tests.agents.world import PROFILE, World, opened_world
from tests.fakes.clock import FixedClock

POLICY = Moderation(
    moderators=("telegram:Mo", "telegram:Max"),
    words=ListedWords(hold=("snail",)),
    reports=ReportPolicy(hold_at=2),
)


@pytest.fixture
async def world(
    tmp_path: Path, embedder: Embedder, router: Router, clock: FixedClock
) -> AsyncIterator[World]:
    profile = PROFILE.model_copy(update={"moderation": POLICY})
    async with opened_world(tmp_path, embedder, router, clock, profile=profile) as opened:
        yield opened


async def hold(world: World, turn: Turn, words: str = "A snail: it takes its time") -> None:
    with pytest.raises(Held):
        await world.do(turn, "create", words=words)


async def told(world: World, verdict_id: int) -> Answer | None:
    return await notices.notice(world.parts, DeliveryKind.VERDICT, verdict_id)


async def test_only_moderators_moderate_and_only_by_their_own_hand(world: World) -> None:
    ana, mo = await world.join("Ana"), await world.join("Mo")
    await hold(world, ana)
    decision = {"post": "1", "ruling": "publish", "reason": "fine"}

    for act, given in (
        ("mod queue", {}),
        ("mod log", {}),
        ("mod decide", decision),
        ("mod decide", {}),
    ):
        with pytest.raises(NotAModerator):
            await world.do(ana, act, **given)
        with pytest.raises(NotAModerator):
            await world.by_agent(ana, act, **given)
        with pytest.raises(NotForAgents):
            await world.by_agent(mo, act, **given)


async def test_a_moderator_may_be_whom_the_platform_says(world: World) -> None:
    ana = await world.join("Ana")

    granted = replace(ana, granted=frozenset({Authority.MODERATOR}))
    assert "Nothing waits" in (await world.do(granted, "mod queue")).text


async def test_an_account_of_the_same_name_elsewhere_is_no_moderator(world: World) -> None:
    other = await world.join("Mo", platform="discord")

    with pytest.raises(NotAModerator):
        await world.do(other, "mod queue")


async def test_who_may_not_moderate_is_not_offered_it(world: World) -> None:
    ana, mo = await world.join("Ana"), await world.join("Mo")

    assert "/mod" not in (await world.do(ana, "help")).text
    assert "/mod queue" in (await world.do(mo, "help")).text


async def test_a_held_creation_is_decided_from_the_queue_and_its_author_told(
    world: World,
) -> None:
    ana, mo = await world.join("Ana"), await world.join("Mo")
    await hold(world, ana)

    queue = await world.do(mo, "mod queue")
    done = await world.press(mo, queue, "Publish #1", filled="a fine snail")

    (card,) = queue.cards
    assert (card.ref, card.title, card.body) == ("#1", "A snail", "it takes its time")
    assert card.byline.startswith("Ana · held since Saturday 14 March, 12:00")
    assert card.reason == "“snail” is on this community's list of words"
    assert queue.private
    assert done.text == "#1 can be seen. Written down: a fine snail"
    assert (await world.do(mo, "show", creation=1)).cards[0].title == "A snail"
    notice = await told(world, 2)
    assert notice is not None
    assert notice.text == "A moderator let #1 be seen: a fine snail."
    assert notice.private
    assert "Nothing waits" in (await world.do(mo, "mod queue")).text
    log = (await world.do(mo, "mod log")).text
    assert "#1 let through by Mo: a fine snail" in log


async def test_a_press_counts_for_what_stood_above_it(world: World) -> None:
    ana, mo, max_ = await world.join("Ana"), await world.join("Mo"), await world.join("Max")
    await hold(world, ana)
    mine, theirs = await world.do(mo, "mod queue"), await world.do(max_, "mod queue")

    await world.press(mo, mine, "Block #1", filled="spam")
    for label in ("Publish #1", "Block #1"):
        with pytest.raises(CaseChanged):
            await world.press(max_, theirs, label, filled="fine")
    with pytest.raises(CreationNotFound):
        await world.do(mo, "show", creation=1)


async def test_a_blocked_creation_is_told_and_kept_as_a_draft(world: World) -> None:
    ana, mo = await world.join("Ana"), await world.join("Mo")
    await world.do(ana, "create", words="Rain: all night")

    await world.do(mo, "mod decide", post="#1", ruling="block", reason="advertising")

    notice = await told(world, 2)
    assert notice is not None
    assert notice.text == (
        "A moderator decided that #1 is not shown here: advertising. It is kept as d1, to be "
        "changed."
    )
    assert [it.label for it in notice.buttons] == ["Edit"]
    drafts = await world.do(ana, "drafts")
    assert [(it.title, it.body) for it in drafts.cards] == [("Rain", "all night")]
    with pytest.raises(AlreadyDecided):
        await world.do(mo, "mod decide", post="#1", ruling="block", reason="again")


async def test_moderators_do_not_decide_on_what_is_theirs(world: World) -> None:
    mo, max_ = await world.join("Mo"), await world.join("Max")
    await hold(world, mo)

    queue = await world.do(mo, "mod queue")
    assert queue.buttons == []
    assert "another moderator decides" in queue.cards[0].reason
    with pytest.raises(OwnCase):
        await world.do(mo, "mod decide", post="1", ruling="publish", reason="mine")
    await world.do(max_, "mod decide", post="1", ruling="publish", reason="fine")


async def test_who_reports_is_thanked_and_may_see_several_hold_it(world: World) -> None:
    ana, ben, cat = await world.join("Ana"), await world.join("Ben"), await world.join("Cat")
    mo = await world.join("Mo")
    await world.do(ana, "create", words="Rain: all night")

    first = await world.do(ben, "report", post="1", reason="it is rude")
    again = await world.do(ben, "report", post="#1", reason="really")
    assert first.private
    assert first.text.startswith("Thank you. A moderator will look at #1")
    assert "you reported #1 before".casefold() in again.text.casefold()
    assert (await world.do(cat, "show", creation=1)).cards
    await world.do(cat, "report", post="1", reason="stolen")

    for turn in (ben, cat):
        with pytest.raises(CreationNotFound):
            await world.do(turn, "show", creation=1)
    with pytest.raises(Held):
        await world.do(ana, "show", creation=1)
    notice = await told(world, 2)
    assert notice is not None
    assert notice.text == (
        "#1 is hidden until a moderator has looked at it: 2 members reported it. "
        "You will be told what they decide."
    )
    (card,) = (await world.do(mo, "mod queue")).cards
    assert "reported by 2 members: “it is rude”; “stolen”" in card.reason


async def test_a_notice_that_was_overtaken_is_not_sent(world: World) -> None:
    ana, mo = await world.join("Ana"), await world.join("Mo")
    await world.do(ana, "create", words="Rain: all night")
    await world.do(mo, "mod decide", post="1", ruling="block", reason="spam")
    await world.do(mo, "mod decide", post="1", ruling="publish", reason="no, it is fine")

    assert await told(world, 2) is None
    assert await told(world, 3) is not None
    await world.do(ana, "withdraw", creation=1)
    assert await told(world, 3) is None


async def test_comments_are_reported_and_decided_by_their_own_numbers(world: World) -> None:
    ana, ben, mo = await world.join("Ana"), await world.join("Ben"), await world.join("Mo")
    await world.do(ana, "create", words="Rain: all night")
    await world.do(ben, "comment", creation=1, words="oh no")

    await world.do(ana, "report", post="c1", reason="unkind")
    queue = await world.do(mo, "mod queue")
    await world.press(mo, queue, "Block c1", filled="be kind")

    assert queue.cards[0].byline.startswith("Ben · comment on #1 · seen by others since")
    assert (await world.do(ana, "thread", creation=1)).cards == []
    notice = await told(world, 2)
    assert notice is not None
    assert notice.text == "A moderator decided that c1 is not shown here: be kind."


async def test_a_model_learns_no_words_from_reports_and_refusals(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await world.do(ana, "create", words="Rain: all night")

    filed = await world.do(ben, "report", post="1", reason="canary")
    assert "canary" not in filed.told()
    with pytest.raises(Refusal) as refused:
        await world.do(ana, "create", words="snail canary")
    assert "canary" not in str(refused.value)
    assert not isinstance(refused.value, Blocked)


@pytest.mark.parametrize(
    "typed",
    ["", "c", "c0", "#0", "d1", "c1 c2", "c" + "9" * 17, "1e3", "@everyone"],
)
async def test_what_is_no_post_is_asked_for(world: World, typed: str) -> None:
    ana = await world.join("Ana")

    asked = await world.do(ana, "report", post=typed, reason="rude")

    assert asked.private
    assert asked.buttons[-1].label == "Type it"


async def test_a_held_edit_is_decided_by_the_number_of_its_creation(world: World) -> None:
    ana, mo = await world.join("Ana"), await world.join("Mo")
    await world.do(ana, "create", words="Rain: all night")
    with pytest.raises(EditHeld):
        await world.do(ana, "edit", piece="1", words="Rain: a snail all night")

    queue = await world.do(mo, "mod queue")
    assert [(it.ref, it.body) for it in queue.cards] == [("#1", "a snail all night")]
    assert "an edit" in queue.cards[0].byline
    assert (await world.do(mo, "show", creation=1)).cards[0].body == "all night"
    done = await world.press(mo, queue, "Label #1", filled="slow")

    assert done.text == "The edit of #1 can be seen, under the label ⚠ slow."
    card = (await world.do(mo, "show", creation=1)).cards[0]
    assert (card.body, card.notice) == ("a snail all night", "⚠ slow")
    notice = await told(world, 3)
    assert notice is not None
    assert notice.text == "A moderator let the edit of #1 be seen; readers are told first: ⚠ slow."


async def test_a_blocked_edit_leaves_the_old_words(world: World) -> None:
    ana, mo = await world.join("Ana"), await world.join("Mo")
    await world.do(ana, "create", words="Rain: all night")
    with pytest.raises(EditHeld):
        await world.do(ana, "edit", piece="1", words="Rain: a snail all night")

    await world.do(mo, "mod decide", post="1", ruling="block", reason="no snails")

    assert (await world.do(mo, "show", creation=1)).cards[0].body == "all night"
    assert "the edit of #1 blocked by Mo: no snails" in (await world.do(mo, "mod log")).text
