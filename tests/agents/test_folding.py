"""Long threads are read by a model part by part, and what it read is kept as long as it is true."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from agents.profile import Model
from agents.turn import Turn
from feed_core import bulk
from feed_core.models.gists import Gist, GistSource
from feed_core.models.reactions import Comment
from feed_core.states import CommentState
from tests.agents.thinking import Thinking
from tests.agents.world import World
from tests.fakes.openai import FakeOpenAI, Reply, Request

NOW = datetime(2026, 3, 14, 9, tzinfo=UTC)
MANY = 200  # comments of some 120 characters: four parts and the beginning of a fifth
NUMBER = re.compile(r"^\[(#?c?\d+)\] (\w+)", re.MULTILINE)


def obliging(request: Request) -> Reply:
    """Fills the form from the first and last texts; one point is made up."""
    found = NUMBER.findall(request.said)
    first, last = found[0], found[-1]
    traced = [{"source": ref, "text": f"{name} spoke of {ref}."} for ref, name in (first, last)]
    made_up = {"source": "c99999", "text": "Nobody said this."}
    read: dict[str, object] = {"points": [*traced, made_up], "questions": [traced[1]]}
    if "gist" in request.messages[0]["content"]:
        read |= {"gist": "Rain fell. All agreed.", "voices": [traced[0], made_up]}
    held = "response_format" in request.body
    return Reply(json.dumps(read) if held else f"Here:\n```json\n{json.dumps(read)}\n```")


async def long_thread(world: World, count: int = MANY) -> tuple[Turn, Turn]:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await world.do(ana, "create", words="Rain: all night the same song")
    async with world.store.work() as work:
        rows = [
            {
                "creation_id": 1,
                "author_id": ben.member_id,
                "state": CommentState.PUBLISHED,
                "body": f"Drop {n} fell on the roof, " + "and then another one of them, " * 3,
                "tainted": False,
                "warnings": [],
                "created_at": NOW + timedelta(seconds=n),
            }
            for n in range(count)
        ]
        await bulk.add(work, Comment, rows)
    return ana, ben


async def kept(world: World) -> tuple[int, int]:
    """How many gists there are, and of how many texts."""
    async with world.store.read() as view:
        gists = (await view.db.exec(select(Gist.key))).all()
        sources = (await view.db.exec(select(GistSource.id))).all()
    return len(gists), len(sources)


@pytest.fixture
def asked(fake: FakeOpenAI) -> Iterator[FakeOpenAI]:
    fake.script = obliging
    yield fake
    assert all(it.tools == [] and "functions" not in it.body for it in fake.requests)


async def test_a_new_comment_on_a_long_thread_costs_one_small_call(
    thinking: Thinking, asked: FakeOpenAI
) -> None:
    async with thinking() as world:
        ana, ben = await long_thread(world)
        await world.do(ana, "summarise", thread=1)
        parts = len(asked.requests) - 1
        assert parts >= 4
        await world.do(ana, "summarise", thread=1)
        assert len(asked.requests) == parts + 1  # it says the same: nothing is asked again
        await world.do(ben, "comment", creation=1, words="And one last drop.")
        summary = await world.do(ana, "summarise", thread=1)
    assert len(asked.requests) == parts + 2
    assert (
        len(asked.requests[-1].said) < 12_000 < sum(len(it.said) for it in asked.requests[:parts])
    )
    assert "And one last drop." in asked.requests[-1].said
    assert summary.text.startswith(f"#1 Rain: {MANY + 1} comments, 0 remixes.")


@pytest.mark.parametrize("held", [True, False])
async def test_it_says_who_said_what_and_where_and_nothing_that_is_made_up(
    thinking: Thinking, asked: FakeOpenAI, held: bool
) -> None:
    async with thinking(Model(name="openai:stub", json=held)) as world:
        ana, _ = await long_thread(world, 3)
        summary = await world.do(ana, "summarise", thread=1)
    assert summary.text == (
        "#1 Rain: 3 comments, 0 remixes.\n\nRain fell. All agreed.\n\n"
        "1. Ana spoke of #1. (Ana, #1)\n2. Ben spoke of c3. (Ben, c3)\n\n"
        "Nobody answered:\n• Ben spoke of c3. (Ben, c3)\n\n"
        "Who said what:\n• Ana: Ana spoke of #1. (#1)"
    )
    assert [str(it) for it in summary.points] == ["#1", "c3"]
    assert summary.told() == '{"thread": 1, "comments": 3, "remixes": [], "points": 2}'
    assert ("response_format" in asked.requests[0].body) == held


@pytest.mark.parametrize("how", ["edit", "withdraw", "hide", "uncomment"])
async def test_what_was_read_is_gone_with_any_text_in_it(
    thinking: Thinking, asked: FakeOpenAI, how: str
) -> None:
    async with thinking() as world:
        ana, ben = await long_thread(world)
        await world.do(ana, "summarise", thread=1)
        before, _ = await kept(world)
        assert before >= 5
        match how:
            case "edit":
                await world.do(ana, "edit", piece="#1", words="Rain: another song")
            case "withdraw":
                await world.do(ana, "withdraw", creation=1)
            case "hide":
                await world.do(ana, "visibility", creation=1, visibility="only_me")
            case _:
                await world.do(ben, "uncomment", comment="c7")
        left, sources = await kept(world)
    if how == "uncomment":  # its part, and what was made of that
        assert 0 < left < before
    else:
        assert (left, sources) == (0, 0)


@pytest.mark.parametrize("said", ["no JSON", '{"gist": 3}', '{"gist": " ", "points": []}', "{}"])
async def test_what_is_no_summary_leads_to_picked_sentences(
    thinking: Thinking, fake: FakeOpenAI, said: str
) -> None:
    async with thinking() as world:
        ana, _ = await long_thread(world, 5)
        fake.answers(said)
        summary = await world.do(ana, "summarise", thread=1)
    assert "does not answer" in summary.text
    assert "Drop" in summary.text


async def test_two_readers_share_what_was_read_and_one_who_muted_some_reads_anew(
    thinking: Thinking, asked: FakeOpenAI
) -> None:
    async with thinking() as world:
        ana, ben = await long_thread(world, 20)
        await world.do(ana, "summarise", thread=1)
        await world.do(ben, "summarise", thread=1)
        assert len(asked.requests) == 1
        mio = await world.join("Mio")
        await world.do(mio, "mute", what="word drop")
        await world.do(mio, "summarise", thread=1)
    assert len(asked.requests) == 2
    assert "Drop" not in asked.requests[1].said
