"""The stream of an OpenAI model: whole, and with few chunks where its words come close together."""

from collections.abc import AsyncIterator

import pytest
from langchain_core.language_models import BaseChatModel
from openai import APIConnectionError

from agents.hearing import heard_by
from agents.model import Chain
from agents.profile import Model
from tests.fakes.openai import FakeOpenAI, Reply

WORDS = "Rain taps the same song on every roof tonight, and nobody minds it at all."


@pytest.fixture
async def model(fake: FakeOpenAI) -> AsyncIterator[BaseChatModel]:
    chain = Chain([Model(name="openai:stub")])
    yield chain.clients[0]
    await chain.close()


async def test_words_that_come_close_together_are_handed_on_together(
    fake: FakeOpenAI, model: BaseChatModel
) -> None:
    fake.answers(WORDS)
    heard = [it async for it in model.astream("rain?")]
    texts = [it.text for it in heard if it.text]
    assert "".join(texts) == WORDS
    assert texts[0] == "Rain "  # at once
    assert len(texts) < len(WORDS.split()) / 2
    assert any(getattr(it, "usage_metadata", None) for it in heard)


async def test_all_that_came_before_a_stream_breaks_off_is_heard(
    fake: FakeOpenAI, model: BaseChatModel
) -> None:
    fake.answers(Reply(WORDS, drops_after=6))
    heard = ""
    with pytest.raises(APIConnectionError):
        async for it in model.astream("rain?"):
            heard += it.text
    assert heard == "Rain taps the same song "


async def test_who_listens_is_told_of_words_as_they_come_and_the_whole_is_one_chunk(
    fake: FakeOpenAI, model: BaseChatModel
) -> None:
    told: list[str] = []

    async def tell(words: str) -> None:
        told.append(words)

    fake.answers(Reply(WORDS, pause=0.03), WORDS)
    with heard_by(tell):
        heard = [it async for it in model.astream("rain?")]
    assert told[0] == "Rain "  # at once
    assert len(told) > 1
    assert "".join(told) == WORDS
    assert [it.text for it in heard if it.text] == [WORDS]
    assert any(getattr(it, "usage_metadata", None) for it in heard)
    before = list(told)
    _ = [it async for it in model.astream("rain?")]
    assert told == before  # by nobody who listens no more


async def test_who_listens_is_told_of_all_that_came_before_a_stream_breaks_off(
    fake: FakeOpenAI, model: BaseChatModel
) -> None:
    told: list[str] = []

    async def tell(words: str) -> None:
        told.append(words)

    fake.answers(Reply(WORDS, drops_after=6))
    with heard_by(tell), pytest.raises(APIConnectionError):
        _ = [it async for it in model.astream("rain?")]
    assert "".join(told) == "Rain taps the same song "
