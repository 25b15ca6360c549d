"""The fake OpenAI against the real langchain-openai and raw HTTP."""

import base64
import io
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import openai
import pytest
from langchain.agents import create_agent
from langchain.chat_models import BaseChatModel, init_chat_model
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import StreamChunkTimeoutError
from PIL import Image
from pydantic import BaseModel

from tests.fakes.openai import DEFAULT, FakeOpenAI, Reply, Request, ToolCall


@tool
def remix(sources: list[int], how: str = "") -> str:
    """Draft something new from other people's creations."""
    return f"drafted from {sources} {how}".strip()


@pytest.fixture
async def fake() -> FakeOpenAI:
    return FakeOpenAI()


@pytest.fixture
async def url(fake: FakeOpenAI) -> AsyncIterator[str]:
    async with fake.serving() as url:
        yield url


@pytest.fixture
async def model(url: str) -> BaseChatModel:
    return connect(url)


def connect(url: str, *, max_retries: int = 0, **settings: Any) -> BaseChatModel:
    model: BaseChatModel = init_chat_model(
        "openai:stub", base_url=f"{url}/v1", api_key="test", max_retries=max_retries, **settings
    )
    return model


async def collect(model: BaseChatModel, words: str) -> tuple[AIMessageChunk, int]:
    whole: AIMessageChunk | None = None
    count = 0
    async for chunk in model.astream(words):
        assert isinstance(chunk, AIMessageChunk)
        whole = chunk if whole is None else whole + chunk
        count += 1
    assert whole is not None
    return whole, count


async def test_replies_come_in_the_order_they_were_queued(
    fake: FakeOpenAI, model: BaseChatModel
) -> None:
    fake.answers("one", "two")
    texts = [(await model.ainvoke(words)).text for words in ("a", "b", "c")]
    assert texts == ["one", "two", DEFAULT]
    assert [request.said for request in fake.requests] == ["a", "b", "c"]
    assert fake.requests[0].body["model"] == "stub"
    assert fake.waiting == 0


async def test_a_script_answers_by_what_was_asked(fake: FakeOpenAI, model: BaseChatModel) -> None:
    fake.script = lambda request: Reply(request.said.upper(), usage=(7, 5))
    answer = await model.ainvoke("rain")
    assert answer.text == "RAIN"
    assert answer.usage_metadata is not None
    assert (answer.usage_metadata["input_tokens"], answer.usage_metadata["output_tokens"]) == (7, 5)


async def test_a_text_streams_word_by_word_with_usage_when_wanted(
    fake: FakeOpenAI, url: str
) -> None:
    fake.answers("rain on the roof", "rain on the roof")
    whole, count = await collect(connect(url, stream_usage=True), "hello")
    bare, _ = await collect(connect(url, stream_usage=False), "hello")
    assert (whole.text, bare.text) == ("rain on the roof", "rain on the roof")
    assert count >= 4
    assert whole.usage_metadata is not None
    assert whole.usage_metadata["total_tokens"] == 10
    assert bare.usage_metadata is None
    assert whole.response_metadata["finish_reason"] == "stop"
    assert [request.streams for request in fake.requests] == [True, True]


@pytest.mark.parametrize("streaming", [False, True])
async def test_tool_calls_arrive_whole(
    fake: FakeOpenAI, model: BaseChatModel, streaming: bool
) -> None:
    fake.answers(
        Reply(
            "I will.",
            calls=[ToolCall("remix", '{"sources": [1, 2]}'), ToolCall("remix", '{"sources": [3]}')],
        )
    )
    bound = model.bind_tools([remix])
    if streaming:
        answer: AIMessage | None = None
        async for chunk in bound.astream("remix them"):
            answer = chunk if answer is None else answer + chunk  # type: ignore[assignment]  # chunks add up
    else:
        answer = await bound.ainvoke("remix them")
    assert answer is not None
    assert answer.text == "I will."
    assert [call["args"] for call in answer.tool_calls] == [{"sources": [1, 2]}, {"sources": [3]}]
    assert fake.requests[0].tools == ["remix"]


async def test_an_agent_calls_a_tool_and_answers(fake: FakeOpenAI, model: BaseChatModel) -> None:
    fake.calls("remix", {"sources": [1, 2], "how": "as a haiku"})
    fake.answers("Here it is.")
    agent = create_agent(model, tools=[remix])
    result = await agent.ainvoke({"messages": [HumanMessage("remix 1 and 2")]})
    told = [message.text for message in result["messages"] if isinstance(message, ToolMessage)]
    assert told == ["drafted from [1, 2] as a haiku"]
    assert result["messages"][-1].text == "Here it is."
    assert [len(request.messages) for request in fake.requests] == [1, 3]


async def test_structured_output_is_an_object(fake: FakeOpenAI, model: BaseChatModel) -> None:
    class Summary(BaseModel):
        points: list[str]

    fake.answers({"points": ["rain", "roof"]})
    summary = await model.with_structured_output(Summary).ainvoke("summarise")
    assert summary == Summary(points=["rain", "roof"])


async def test_broken_arguments_and_unknown_tools_reach_the_caller(
    fake: FakeOpenAI, model: BaseChatModel
) -> None:
    fake.calls("remix", '{"sources": [1,')
    fake.calls("fly_to_the_moon", {})
    bound = model.bind_tools([remix])
    broken, unknown = await bound.ainvoke("a"), await bound.ainvoke("b")
    assert [call["name"] for call in broken.invalid_tool_calls] == ["remix"]
    assert unknown.tool_calls[0]["name"] == "fly_to_the_moon"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (503, openai.InternalServerError),
    ],
)
@pytest.mark.parametrize("streaming", [False, True])
async def test_error_answers_become_the_librarys_errors(
    fake: FakeOpenAI, url: str, status: int, error: type[Exception], streaming: bool
) -> None:
    fake.fails(status)
    with pytest.raises(error):
        await connect(url, streaming=streaming).ainvoke("hello")
    assert len(fake.requests) == 1


async def test_a_context_overflow_is_known_by_its_code(
    fake: FakeOpenAI, model: BaseChatModel
) -> None:
    fake.overflows()
    with pytest.raises(openai.BadRequestError, match="maximum context length") as error:
        await model.ainvoke("hello")
    # Not as ContextOverflowError: langchain-openai 1.7 looks for the code in the error's text,
    # where openai 3 no longer writes it.
    assert error.value.code == "context_length_exceeded"


async def test_the_library_repeats_after_a_rate_limit(fake: FakeOpenAI, url: str) -> None:
    fake.fails(429, retry_after=0.01)
    fake.fails(503)
    fake.answers("third time lucky")
    answer = await connect(url, max_retries=2).ainvoke("hello")
    assert (answer.text, len(fake.requests)) == ("third time lucky", 3)


async def test_silence_ends_when_the_client_gives_up(fake: FakeOpenAI, url: str) -> None:
    fake.hangs(2)
    with pytest.raises(openai.APITimeoutError):
        await connect(url, timeout=0.2).ainvoke("hello")
    with pytest.raises((openai.APITimeoutError, StreamChunkTimeoutError)):
        await collect(connect(url, timeout=0.2), "hello")
    await fake.asked(2)


async def test_a_connection_may_break_in_the_middle_of_a_stream(
    fake: FakeOpenAI, model: BaseChatModel
) -> None:
    fake.drops("one two three four", after=3, times=2)
    seen: list[str] = []
    with pytest.raises(openai.APIConnectionError):
        async for chunk in model.astream("hello"):
            seen += [chunk.text]
    assert "".join(seen) == "one two "
    with pytest.raises(openai.APIConnectionError):
        await model.ainvoke("hello")


async def test_an_empty_answer_and_a_limit_notice_look_like_success(
    fake: FakeOpenAI, model: BaseChatModel
) -> None:
    fake.answers("")
    fake.limits()
    assert (await model.ainvoke("a")).text == ""
    assert "usage limit" in (await model.ainvoke("b")).text


async def test_a_dangling_tool_call_is_refused(fake: FakeOpenAI, model: BaseChatModel) -> None:
    call = {"name": "remix", "args": {}, "id": "call_1", "type": "tool_call"}
    history = [HumanMessage("a"), AIMessage("", tool_calls=[call]), HumanMessage("b")]
    with pytest.raises(openai.BadRequestError, match="must be followed by tool messages"):
        await model.ainvoke(history)


async def test_pictures_models_and_keys_over_plain_http(fake: FakeOpenAI) -> None:
    keyed = FakeOpenAI(api_key="right")
    async with keyed.serving() as url, httpx.AsyncClient(base_url=url) as http:
        assert (await http.get("/v1/models")).status_code == 401
        http.headers["Authorization"] = "Bearer right"
        assert (await http.get("/v1/models")).json()["data"][0]["id"] == "stub"
        answer = await http.post("/v1/images/generations", json={"prompt": "rain", "n": 2})
        keyed.fails(500)
        broken = await http.post("/v1/images/generations", json={"prompt": "rain"})
        unknown = await http.post("/v1/embeddings", json={})
        keyed.answers("what is new?")
        model, sounds = {"model": "whisper-1"}, "/v1/audio/transcriptions"
        spoken = await http.post(sounds, data=model, files={"file": ("a.ogg", b"OggS")})
        nameless = await http.post(sounds, data=model, files={"file": ("voice note", b"OggS")})
    first, second = (base64.b64decode(entry["b64_json"]) for entry in answer.json()["data"])
    assert Image.open(io.BytesIO(first)).size == (64, 64)
    assert first == second
    assert (broken.status_code, unknown.status_code) == (500, 404)
    assert spoken.json() == {"text": "what is new?"}
    assert nameless.status_code == 400


async def test_a_paced_stream_keeps_its_pauses(fake: FakeOpenAI, model: BaseChatModel) -> None:
    fake.answers(Reply("one two three", pause=0.02))
    start = time.monotonic()
    whole, _ = await collect(model, "hello")
    assert whole.text == "one two three"
    assert time.monotonic() - start >= 0.06


async def test_a_request_knows_what_it_asked() -> None:
    parts = [{"type": "text", "text": "look "}, {"type": "text", "text": "here"}]
    request = Request("/v1", {"messages": [{"role": "user", "content": parts}]}, {})
    assert (request.said, request.streams, request.tools) == ("look here", False, [])
