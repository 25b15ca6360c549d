"""OpenAI's stream of chunks, without an object for each of them, and without one for each word.

The library walks through messages and tools field by field on their way out and makes an object of
every chunk, which LangChain turns back into a dictionary. Here both stay what they were. What
LangChain does with a chunk takes a third of a millisecond, and a model sends a hundred of them in a
second: whoever listens is told of the words by this stream itself, and LangChain gets all of them
as one chunk. Nobody is shown more than a few states of an answer in a second, so words that come
close together are told together.
"""

import time
from collections.abc import AsyncIterator
from typing import Any, Self

from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from openai import AsyncOpenAI

from agents.hearing import Tell, listener
from agents.openai_wire import Chunk, Streamed, Wire

OF_THE_LIBRARY = frozenset({"extra_body", "extra_headers", "extra_query", "timeout"})
TOGETHER = 0.2  # seconds of words that are told together


def lighten(model: BaseChatModel, seconds: float) -> Wire | None:
    """Let a client of OpenAI's chat completions, if it is one, stream dictionaries.

    `seconds`: to wait for a connection, and for each piece. Returns what has to be closed.
    """
    if not isinstance(model, ChatOpenAI):
        return None
    wire = Wire(model.root_async_client, seconds)
    model.async_client = _Completions(model.root_async_client, wire)
    return wire


class _Completions:
    """What LangChain asks of OpenAI's chat completions."""

    def __init__(self, client: AsyncOpenAI, wire: Wire) -> None:
        self._client, self._wire = client, wire

    async def create(self, **payload: Any) -> Any:
        """Ask for a completion; one that streams comes as dictionaries.

        Raises:
            OpenAIError: as the library's own.
        """
        if not payload.get("stream") or payload.keys() & OF_THE_LIBRARY:
            return await self._client.chat.completions.create(**payload)
        return Gathered(await self._wire.stream(payload), listener.get())

    @property
    def with_raw_response(self) -> Any:
        """Completions with their headers, as the library gives them."""
        return self._client.chat.completions.with_raw_response


class Gathered:
    """A stream of completion chunks in which words that come close together are one chunk.

    The first words come at once. All that came before an error comes before it is raised. With
    somebody to `tell`, they are told so, and all words are handed on as one.
    """

    def __init__(self, stream: Streamed, tell: Tell | None = None) -> None:
        self._stream, self._tell = stream, tell

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *why: object) -> None:
        await self._stream.__aexit__(*why)

    def __aiter__(self) -> AsyncIterator[Chunk]:
        return self._together() if self._tell is None else self._told(self._tell)

    async def _told(self, tell: Tell) -> AsyncIterator[Chunk]:
        held: Chunk | None = None
        words = ""
        async for chunk in self._together():
            if more := _words_alone(chunk):
                await tell(more)
                held, words = chunk, words + more
                continue
            if held is not None:
                yield _with_words(held, words)
                held, words = None, ""
            yield chunk
        if held is not None:
            yield _with_words(held, words)

    async def _together(self) -> AsyncIterator[Chunk]:
        held: Chunk | None = None
        words, due = "", 0.0
        try:
            async for chunk in self._stream:
                more, now = _words_alone(chunk), time.monotonic()
                if more:
                    held, words = chunk, words + more
                if held is not None and (not more or now >= due):
                    yield _with_words(held, words)
                    held, words, due = None, "", now + TOGETHER
                if not more:
                    yield chunk
        except Exception:
            if held is not None:
                yield _with_words(held, words)
            raise
        if held is not None:
            yield _with_words(held, words)


def _words_alone(chunk: Chunk) -> str:
    """The words of a chunk that holds nothing else."""
    choices: list[Chunk] = chunk.get("choices") or []
    if len(choices) != 1 or chunk.get("usage"):
        return ""
    (choice,) = choices
    delta = choice.get("delta") or {}
    words = delta.get("content")
    told = {name for name, it in delta.items() if it and name != "content"}
    told |= {name for name in ("finish_reason", "logprobs") if choice.get(name)}
    return words if isinstance(words, str) and not told else ""


def _with_words(chunk: Chunk, words: str) -> Chunk:
    (choice,) = chunk["choices"]
    return {**chunk, "choices": [{**choice, "delta": {**choice["delta"], "content": words}}]}
