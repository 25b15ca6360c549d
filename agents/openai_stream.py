"""OpenAI's stream of chunks, without an object for each of them.

The library walks through messages and tools field by field on their way out and makes an object of
every chunk, which LangChain turns back into a dictionary. Here both stay what they were.
"""

from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from openai import AsyncOpenAI, AsyncStream

OF_THE_LIBRARY = frozenset({"extra_body", "extra_headers", "extra_query", "timeout"})


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
        return await self._client.post(  # the way for what the library has no types for
            "/chat/completions",
            cast_to=object,
            body=payload,
            options={"security": {"bearer_auth": True}},  # never an administrator's key
            stream=True,
            stream_cls=AsyncStream[object],
        )

    @property
    def with_raw_response(self) -> Any:
        """Completions with their headers, as the library gives them."""
        return self._client.chat.completions.with_raw_response
