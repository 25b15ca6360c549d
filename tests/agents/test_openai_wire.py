"""Streamed answers over the wire: how they are read, and what comes of those that do not come."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from openai import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    AsyncOpenAI,
    AuthenticationError,
    BadRequestError,
    InternalServerError,
    RateLimitError,
)

from agents.openai_wire import Wire
from tests.fakes.openai import FakeOpenAI, Reply

ASKED = {"model": "stub", "stream": True, "messages": [{"role": "user", "content": "rain?"}]}
ONE, TWO = b'{"choices": [1]}', b'{"choices": [2]}'


@asynccontextmanager
async def wire(url: str, *, seconds: float = 5.0, key: str = "none") -> AsyncIterator[Wire]:
    client = AsyncOpenAI(base_url=f"{url}/v1", api_key=key, max_retries=1)
    it = Wire(client, seconds)
    try:
        yield it
    finally:
        await it.close()
        await client.close()


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.openai_wire.PAUSE", 0.0)


@pytest.fixture
async def server() -> AsyncIterator[tuple[FakeOpenAI, str]]:
    fake = FakeOpenAI()
    async with fake.serving() as url:
        yield fake, url


async def said(it: Wire) -> str:
    """All words of one answer."""
    words = ""
    async with await it.stream(ASKED) as chunks:
        async for chunk in chunks:
            for choice in chunk["choices"]:
                words += choice["delta"].get("content") or ""
    return words


async def test_what_may_go_better_is_asked_again_when_the_server_wants_it(
    server: tuple[FakeOpenAI, str],
) -> None:
    fake, url = server
    loop = asyncio.get_running_loop()
    async with wire(url) as it:
        fake.fails(429, retry_after=0.2)
        begun = loop.time()
        assert await said(it) == "Rain taps the same song on every roof."
        assert loop.time() - begun >= 0.2
        fake.fails(503)
        fake.answers("Snow.")
        assert await said(it) == "Snow."
    assert len(fake.requests) == 4
    assert {it.headers["Authorization"] for it in fake.requests} == {"Bearer none"}
    assert not any("stainless" in name.lower() for name in fake.requests[0].headers)


@pytest.mark.parametrize(
    ("status", "kind", "times"),
    [
        (400, BadRequestError, 1),
        (401, AuthenticationError, 1),
        (429, RateLimitError, 2),
        (503, InternalServerError, 2),
    ],
)
async def test_a_refusal_is_the_librarys_own_error(
    server: tuple[FakeOpenAI, str], status: int, kind: type[APIError], times: int
) -> None:
    fake, url = server
    fake.fails(status, times=times)
    async with wire(url) as it:
        with pytest.raises(kind) as refused:
            await it.stream(ASKED)
    assert isinstance(refused.value.body, dict)
    assert refused.value.body["message"]
    assert len(fake.requests) == times


async def test_where_nobody_answers_it_is_no_connection(unused_tcp_port: int) -> None:
    async with wire(f"http://127.0.0.1:{unused_tcp_port}") as it:
        with pytest.raises(APIConnectionError):
            await it.stream(ASKED)


async def test_who_is_silent_for_too_long_is_asked_once_more(
    server: tuple[FakeOpenAI, str],
) -> None:
    fake, url = server
    fake.hangs(2)
    async with wire(url, seconds=0.1) as it:
        with pytest.raises(APITimeoutError):
            await it.stream(ASKED)
    assert len(fake.requests) == 2


async def test_an_answer_that_falls_silent_is_given_up(server: tuple[FakeOpenAI, str]) -> None:
    fake, url = server
    fake.answers(Reply("Rain taps the same song.", pause=1.0))
    async with wire(url, seconds=0.2) as it:
        with pytest.raises(APITimeoutError):
            await said(it)


async def test_half_a_character_stops_no_message(server: tuple[FakeOpenAI, str]) -> None:
    fake, url = server
    broken = {**ASKED, "messages": [{"role": "user", "content": "rain \ud83d"}]}
    async with wire(url) as it, await it.stream(broken) as chunks:
        assert [chunk async for chunk in chunks]
    assert fake.requests[0].said == "rain \ud83d"


@asynccontextmanager
async def sending(*pieces: bytes) -> AsyncIterator[tuple[str, list[object]]]:
    """A server that answers with these pieces, each on its own, and who has come to it."""
    came: list[object] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        came.append(request.transport.get_extra_info("peername"))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for it in pieces:
            await response.write(it)
            await asyncio.sleep(0.01)
        await response.write_eof()
        return response

    app = web.Application()
    app.router.add_post("/v1/chat/completions", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", came
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    "pieces",
    [
        [b"data: %s\n\ndata: %s\n\ndata: [DONE]\n\n" % (ONE, TWO)],
        [b"data: %s\r\n\r\n" % ONE, b"data: %s\r\n\r\ndata: [DONE]\r\n\r\n" % TWO],
        [b": a comment\n\nevent: chunk\nid: 7\ndata:%s\n\n" % ONE, b"data:%s\n\n" % TWO],
        [b'data: {\ndata: "choices":', b" [1]}\n", b"\ndata: %s" % TWO[:5], TWO[5:], b"\n\n"],
        [b"data: %s\n\ndata: %s\n" % (ONE, TWO)],
    ],
    ids=["at once", "carriage returns", "other fields", "cut anywhere", "no last line"],
)
async def test_events_are_read_however_they_are_written(pieces: list[bytes]) -> None:
    async with sending(*pieces) as (url, _), wire(url) as it, await it.stream(ASKED) as chunks:
        assert [chunk["choices"] async for chunk in chunks] == [[1], [2]]


async def test_an_error_in_the_stream_is_raised() -> None:
    told = b'data: {"error": {"message": "overloaded"}}\n\n'
    async with sending(told) as (url, _), wire(url) as it, await it.stream(ASKED) as chunks:
        with pytest.raises(APIError, match="overloaded"):
            _ = [chunk async for chunk in chunks]


async def test_a_connection_is_used_for_the_next_answer() -> None:
    async with sending(b"data: %s\n\n" % ONE, b"data: [DONE]\n\n") as (url, came), wire(url) as it:
        for _ in range(3):
            async with await it.stream(ASKED) as chunks:
                _ = [chunk async for chunk in chunks]
    assert len(came) == 3
    assert len(set(came)) == 1


async def test_a_proxy_that_the_environment_names_is_used(
    server: tuple[FakeOpenAI, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fake, url = server
    monkeypatch.setenv("http_proxy", url)
    async with wire("http://models.example") as it:
        assert await said(it)
    assert fake.requests[0].headers["Host"] == "models.example"
    monkeypatch.setenv("http_proxy", "http://nobody.example")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    async with wire(url) as it:
        assert await said(it)
