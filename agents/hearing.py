"""What a member's agent says in a turn, heard while the model says it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar
from uuid import UUID

from langchain_core.callbacks import AsyncCallbackHandler
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, GenerationChunk

from agents.turn import Heard

Stream = Callable[[str], Awaitable[None]]
Tell = Callable[[str], Awaitable[None]]
T = TypeVar("T")

listener: ContextVar[Tell | None] = ContextVar("listener", default=None)
"""Who is told of the words of a model call by the client itself, before LangChain has them."""


@contextmanager
def heard_by(tell: Tell | None) -> Iterator[None]:
    """Let somebody be told of the words of the model call in here, if its client can."""
    before = listener.set(tell)
    try:
        yield
    finally:
        listener.reset(before)


class Spoken:
    """What the model says in a turn, step by step."""

    def __init__(self) -> None:
        self._steps: list[str] = []
        self._step = ""
        self._message: str | None = None

    @property
    def settled(self) -> str:
        """The words of all steps that came to their end."""
        return "\n\n".join(self._steps)

    def grown(self, piece: str, message: str | None) -> str:
        """All words so far, with one more piece; another model that steps in begins anew."""
        if message != self._message:
            self._step, self._message = "", message
        self._step += piece
        return "\n\n".join(filter(None, [*self._steps, self._step]))

    def settle(self, words: str) -> None:
        """A step came to its end with these words, or none."""
        if words.strip():
            self._steps.append(words.strip())
            self._step = ""


class Hearing(AsyncCallbackHandler):
    """Hears what the agent's model says, when it says it; not what models write inside acts.

    It is called where the model's words arrive. The graph could stream them too, but then each
    of them goes through a queue and wakes a task.
    """

    run_inline = True
    ignore_chain = ignore_agent = ignore_retry = ignore_custom_event = True

    def __init__(self, heard: Heard, spoken: Spoken, stream: Stream) -> None:
        self._heard, self._spoken, self._stream = heard, spoken, stream
        self._run: UUID | None = None
        self._told = False  # of the words of this call, before LangChain has them
        heard.tell = self.tell

    async def on_chat_model_start(
        self,
        serialized: dict[str, Any],
        messages: list[list[BaseMessage]],
        *,
        run_id: UUID,
        metadata: dict[str, Any] | None = None,
        **others: Any,
    ) -> None:
        """Another call begins."""
        if (metadata or {}).get("langgraph_node") == "model":
            self._run, self._told = run_id, False
            await self._stream(self._spoken.settled)

    async def on_llm_new_token(
        self,
        token: str | list[str | dict[str, Any]],
        *,
        chunk: GenerationChunk | ChatGenerationChunk | None = None,
        run_id: UUID,
        **others: Any,
    ) -> None:
        """One more piece came."""
        piece = chunk.message if isinstance(chunk, ChatGenerationChunk) else None
        if run_id != self._run or self._told or not isinstance(piece, AIMessageChunk):
            return
        if text := piece.text:
            await self._hear(text, piece.id)

    async def tell(self, text: str) -> None:
        """One more piece of the present call came, of which LangChain has not heard yet."""
        self._told = True
        await self._hear(text, str(self._run))

    async def _hear(self, text: str, message: str | None) -> None:
        self._heard.words += text
        await self._stream(self._spoken.grown(text, message))

    def tap_output_aiter(self, run_id: UUID, output: AsyncIterator[T]) -> AsyncIterator[T]:
        """Let a model stream: LangChain has it do so for whoever has this method and the next."""
        return output

    def tap_output_iter(self, run_id: UUID, output: Iterator[T]) -> Iterator[T]:
        """The same, where nothing is awaited."""
        return output
