"""Saying what others may do, asking makers, and answering: as members meet it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from agents.answer import Answer
from agents.notices import NOTICES, notice
from agents.turn import Through, Turn
from feed_core.errors import CreationNotFound, NotYours, RemixNotAllowed
from feed_core.models.deliveries import Delivery
from feed_core.models.members import Identity
from feed_core.services import asking
from feed_core.services.asking import QuestionNotFound, RemixDeclined
from feed_core.services.consent import OnlyRemixAsks
from feed_core.services.remixing import AskFirst
from feed_core.states import DeliveryKind, DeliveryState
from tests.agents.world import World


@pytest.fixture
async def ana(world: World) -> Turn:
    """A maker on Discord who wants to be asked about #1."""
    turn = await world.join("Ana", platform="discord")
    await world.do(turn, "create", words="Rain: all night on the tin roof, the same song")
    await world.do(turn, "consent", creation=1, purpose="remix", answer="ask")
    return turn


@pytest.fixture
async def ben(world: World) -> Turn:
    return await world.join("Ben", platform="telegram")


async def arrives(world: World, turn: Turn) -> list[Answer]:
    """What the member is told unasked since the last time."""
    async with world.store.work() as work:
        found = await work.db.exec(
            select(Delivery)
            .join(Identity, col(Identity.id) == col(Delivery.identity_id))
            .where(Identity.member_id == turn.member_id, Delivery.state == DeliveryState.PENDING)
            .order_by(col(Delivery.id))
        )
        owed = list(found)
        for it in owed:
            assert it.platform == turn.place.platform
            it.state = DeliveryState.SENT
    told = [await notice(world.parts, DeliveryKind(it.kind), it.subject_id) for it in owed]
    return [it for it in told if it is not None]


def labels(answer: Answer) -> list[str]:
    return [it.label for it in answer.buttons]


async def test_a_yes_by_one_tap_lets_the_asker_go_on_with_the_very_remix(
    world: World, ana: Turn, ben: Turn
) -> None:
    asked = await world.do(ben, "remix", sources=[1], how="as an erasure poem")
    assert "I asked Ana" in asked.text
    assert asked.private

    [question] = await arrives(world, ana)
    assert "Ben would like to build on your #1 “Rain”" in question.text
    assert labels(question)[:2] == ["Yes", "No"]
    done = await world.press(ana, question, "Yes")
    assert "Ben may build on #1 now" in done.text

    [told] = await arrives(world, ben)
    assert told.text.startswith("Ana says yes")
    [button] = told.buttons
    assert dict(button.call.arguments) == {
        "sources": [1],
        "how": "as an erasure poem",
        "thread": False,
    }
    draft = await world.press(ben, told, "Go on")
    assert draft.cards[0].sources == ["#1"]
    published = await world.press(ben, draft, "Publish")
    assert published.cards[0].ref == "#2"


async def test_a_no_is_said_kindly_and_stands(world: World, ana: Turn, ben: Turn) -> None:
    await world.do(ben, "remix", sources=[1])
    [question] = await arrives(world, ana)
    await world.press(ana, question, "No")

    [told] = await arrives(world, ben)

    assert "would rather keep #1 “Rain” as it is" in told.text
    assert told.buttons == []
    with pytest.raises(RemixDeclined):
        await world.do(ben, "remix", sources=[1])
    again = await world.press(ana, question, "Yes")
    assert "Ben got a no before" in again.text


async def test_asking_twice_tells_of_the_same_question(world: World, ana: Turn, ben: Turn) -> None:
    await world.do(ben, "remix", sources=[1])
    again = await world.do(ben, "remix", sources=[1], how="as a haiku")

    assert "has your question about #1 already" in again.text
    assert len(await arrives(world, ana)) == 1


async def test_a_late_tap_tells_the_truth_and_the_asker_may_ask_again(
    world: World, ana: Turn, ben: Turn
) -> None:
    await world.do(ben, "remix", sources=[1])
    [question] = await arrives(world, ana)
    world.clock.go_on(asking.LIFETIME + timedelta(seconds=1))

    late = await world.press(ana, question, "Yes")
    [told] = await arrives(world, ben)

    assert "ran out" in late.text
    assert "did not answer in time" in told.text
    await world.press(ben, told, "Ask again")
    assert len(await arrives(world, ana)) == 1


async def test_a_source_taken_back_meanwhile_is_said_as_it_is(
    world: World, ana: Turn, ben: Turn
) -> None:
    await world.do(ben, "remix", sources=[1])
    [question] = await arrives(world, ana)
    await world.press(ana, question, "Yes")
    await world.do(ana, "withdraw", creation=1)

    [told] = await arrives(world, ben)

    assert "took it back" in told.text
    assert told.buttons == []


async def test_a_yes_that_was_taken_back_publishes_no_draft(
    world: World, ana: Turn, ben: Turn
) -> None:
    await world.do(ben, "remix", sources=[1])
    [question] = await arrives(world, ana)
    await world.press(ana, question, "Yes")
    [told] = await arrives(world, ben)
    draft = await world.press(ben, told, "Go on")
    await world.do(ana, "consent", creation=1, purpose="remix", answer="no")

    with pytest.raises(RemixNotAllowed):
        await world.press(ben, draft, "Publish")
    await world.do(ana, "consent", creation=1, purpose="remix", answer="ask")
    with pytest.raises(AskFirst):
        await world.press(ben, draft, "Publish")
    await world.do(ana, "consent", creation=1, purpose="remix", answer="yes")
    assert (await world.press(ben, draft, "Publish")).cards


async def test_a_question_is_shown_to_no_maker_who_answered_or_muted_the_asker(
    world: World, ana: Turn, ben: Turn
) -> None:
    await world.do(ben, "create", words="Drum: for nobody")
    await world.do(ben, "remix", sources=[1])
    await world.do(ana, "mute", what="Ben")
    assert await arrives(world, ana) == []
    await world.do(ana, "unmute", what="Ben")
    waiting = await world.do(ana, "consent")
    assert "question 1: Ben would like to build on #1 “Rain”" in waiting.text
    await world.press(ana, waiting, "1: no")
    assert "question 1" not in (await world.do(ana, "consent")).text


async def test_an_agent_asks_and_answers_nobody_by_itself(
    world: World, ana: Turn, ben: Turn
) -> None:
    offered = await world.by_agent(ben, "remix", sources=[1])
    assert await arrives(world, ana) == []
    assert "Ana" in offered.text
    assert "Ana" not in offered.told()

    await world.press(ben, offered, "Ask")
    [_] = await arrives(world, ana)
    proposed = await world.by_agent(ana, "answer", question=1, reply="yes")
    assert await arrives(world, ben) == []
    await world.press(ana, proposed, "Yes, do it")
    assert len(await arrives(world, ben)) == 1


async def test_questions_of_others_are_nobody_elses(world: World, ana: Turn, ben: Turn) -> None:
    await world.do(ben, "remix", sources=[1])

    with pytest.raises(QuestionNotFound):
        await world.do(ben, "answer", question=1, reply="yes")
    with pytest.raises(QuestionNotFound):
        await world.do(ana, "answer", question=77, reply="yes")
    assert await arrives(world, ben) == []


async def test_two_sources_are_asked_for_and_one_no_is_enough(
    world: World, ana: Turn, ben: Turn
) -> None:
    cleo = await world.join("Cleo", platform="telegram")
    for words, answer in (("Sea: it breathes", "ask"), ("Salt: it stays", "no")):
        made = await world.do(cleo, "create", words=words)
        await world.do(cleo, "consent", creation=made.cards[0].ref, purpose="remix", answer=answer)

    asked = await world.do(ben, "remix", sources=[1, 2])
    with pytest.raises(RemixNotAllowed):
        await world.do(ben, "remix", sources=[1, 3])

    assert "Ana" in asked.text
    assert "Cleo" in asked.text
    [first] = await arrives(world, ana)
    [second] = await arrives(world, cleo)
    await world.press(ana, first, "Yes")
    [told] = await arrives(world, ben)
    assert "Cleo has your question about #2 already" in (await world.press(ben, told, "Go on")).text
    await world.press(cleo, second, "Yes")
    [told] = await arrives(world, ben)
    assert (await world.press(ben, told, "Go on")).cards[0].sources == ["#1", "#2"]


async def test_consent_is_shown_changed_and_its_changes_are_told(
    world: World, ana: Turn, ben: Turn
) -> None:
    shown = await world.do(ana, "consent", creation=1)
    assert "remixing it: ask first" in shown.text
    assert "training models with it: no" in shown.text
    assert labels(shown) == [
        *("Remix: yes", "Remix: no", "Recommend: no", "Quote: no", "Train: yes"),
    ]
    assert shown.facts["remix"] == "ask"

    changed = await world.press(ana, shown, "Quote: no")

    assert "quoting it outside of here: no" in changed.text
    assert "remix, from yes to ask first" in changed.text
    assert "quote, from yes to no" in changed.text
    seen = await world.do(ben, "consent", creation=1)
    assert "quoting it outside of here: no" in seen.text
    assert "Changed" not in seen.text
    assert seen.buttons == []
    with pytest.raises(NotYours):
        await world.do(ben, "consent", creation=1, purpose="quote", answer="yes")
    with pytest.raises(CreationNotFound):
        await world.do(ben, "consent", creation=404)


async def test_a_remix_says_from_whom_its_limits_come(world: World, ana: Turn, ben: Turn) -> None:
    await world.do(ana, "consent", creation=1, purpose="remix", answer="yes")
    draft = await world.do(ben, "remix", sources=[1])
    await world.press(ben, draft, "Publish")
    await world.do(ana, "consent", creation=1, purpose="remix", answer="no")

    shown = await world.do(ben, "consent", creation=2)

    assert "remixing it: no (you say yes; #1, which it was made from, says less)" in shown.text


async def test_the_members_own_default_is_used_from_then_on(world: World, ben: Turn) -> None:
    changed = await world.do(ben, "consent", default=True, purpose="remix", answer="ask")
    assert "remixing it: ask first" in changed.text

    await world.do(ben, "create", words="Drum: for nobody")

    assert "remixing it: ask first" in (await world.do(ben, "consent", creation=1)).text
    with pytest.raises(OnlyRemixAsks):
        await world.do(ben, "consent", purpose="train", answer="ask")


async def test_an_answer_to_nothing_in_particular_is_asked_about(world: World, ana: Turn) -> None:
    which = await world.do(ana, "consent", creation=1, answer="no")
    assert labels(which) == ["Remix: no", "Recommend: no", "Quote: no", "Train: no"]

    changed = await world.press(ana, which, "Recommend: no")

    assert "feeds and digests: no" in changed.text
    ask = await world.do(ana, "consent", creation=1, answer="ask")
    assert labels(ask) == ["Remix: ask first"]


async def test_what_an_agent_or_plain_words_would_change_is_shown_first(
    world: World, ana: Turn
) -> None:
    for through in (Through.AGENT, Through.WORDS):
        proposed = await world.do(
            replace(ana, through=through), "consent", creation=1, purpose="remix", answer="yes"
        )
        assert "#1: remixing it is ask first now, and would be yes" in proposed.text
    assert "ask first" in (await world.do(ana, "consent", creation=1)).text

    await world.press(ana, proposed, "Yes, do it")

    assert "remixing it: yes" in (await world.do(ana, "consent", creation=1)).text


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("/consent 1 remix no", "remixing it: no"),
        ("/consent default remix ask", "What you make from now on allows:\n• remixing it: ask"),
        ("/consent remix no", "What you make from now on allows:\n• remixing it: no"),
        ("/consent 1", "#1 “Rain” allows:"),
        ("/consent", "What you make from now on allows:"),
        ("/consent 1 remix maybe", "/consent"),
        ("/consent one remix no", "/consent"),
    ],
)
async def test_consent_is_typed_as_it_is_said(
    world: World, ana: Turn, line: str, sign: str
) -> None:
    shown = await world.receive(world.incoming("Ana", line, platform="discord"))

    assert sign in shown.text


async def test_every_kind_of_delivery_can_be_shown() -> None:
    assert set(NOTICES) <= set(DeliveryKind)
