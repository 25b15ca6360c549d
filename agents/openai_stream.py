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
from openai import AsyncOpenAI, AsyncStream

from agents.hearing import Tell, listener

OF_THE_LIBRARY = frozenset({"extra_body", "extra_headers", "extra_query", "timeout"})
TOGETHER = 0.2  # seconds of words that are told together
Chunk = dict[str, Any]


def lighten(model: BaseChatModel) -> None:
    """Let a client of OpenAI's chat completions, if it is one, stream dictionaries."""
    if isinstance(model, ChatOpenAI):
        model.async_client = _Completions(model.root_async_client)


class _Completions:
    """What LangChain asks of OpenAI's chat completions."""

    def __init__(self, client: AsyncOpenAI) -> None:
        self._client = client

    async def create(self, **payload: Any) -> Any:
        """Ask for a completion; one that streams comes as dictionaries.

        Raises:
            OpenAIError: as the library's own.
        """
        if not payload.get("stream") or payload.keys() & OF_THE_LIBRARY:
            return await self._client.chat.completions.create(**payload)
        stream: AsyncStream[
            Any
        ] = await self._client.post(  # the way for what the library has no types for
            "/chat/completions",
            cast_to=object,
            body=payload,
            options={"security": {"bearer_auth": True}},  # never an administrator's key
            stream=True,
            stream_cls=AsyncStream[Any],
        )
        return Gathered(stream, listener.get())

    @property
    def with_raw_response(self) -> Any:
        """Completions with their headers, as the library gives them."""
        return self._client.chat.completions.with_raw_response


class Gathered:
    """A stream of completion chunks in which words that come close together are one chunk.

    The first words come at once. All that came before an error comes before it is raised. With
    somebody to `tell`, they are told so, and all words are handed on as one.
    """

    def __init__(self, stream: AsyncStream[Any], tell: Tell | None = None) -> None:
        self._stream, self._tell = stream, tell

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stream.close()

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
