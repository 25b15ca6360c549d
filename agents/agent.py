"""One turn of a member's agent with a language model; built once, for everybody."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import (
    AgentMiddleware,
    AgentState,
    ModelCallLimitMiddleware,
    ModelFallbackMiddleware,
    ModelRequest,
    ModelResponse,
)
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    AnyMessage,
    SystemMessage,
)
from langchain_core.tools import BaseTool

from agents.answer import Answer
from agents.model import Chain
from agents.spending import Ledger
from agents.turn import Turn
from feed_core.errors import JamfeedError, Unavailable

TURN_LIMIT = 120.0  # seconds
STEP_LIMIT = 8  # model calls in one turn

Stream = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Said:
    """What a turn came to: the model's own words, and the answers of the acts it used."""

    words: str
    answers: Sequence[Answer]


class Agent:
    """LangChain's agent over the acts; keeps nothing between turns."""

    def __init__(self, chain: Chain, tools: Sequence[BaseTool], ledger: Ledger) -> None:
        first, *others = chain.clients
        middleware: list[AgentMiddleware[Any, Any, Any]] = [
            ModelCallLimitMiddleware(run_limit=STEP_LIMIT)
        ]
        if others:
            middleware.append(ModelFallbackMiddleware(*others))
        middleware.append(Spending(chain, ledger))
        self._graph = create_agent(first, list(tools), middleware=middleware, context_schema=Turn)

    async def turn(
        self, turn: Turn, prompt: str, conversation: Sequence[AnyMessage], stream: Stream
    ) -> Said:
        """Answer the last message of the conversation, using acts where they serve.

        Raises:
            Unavailable: no model of the chain answered in time.
            BudgetSpent: the member may spend no more today.
        """
        spoken, answers = "", list[Answer]()
        messages: list[AnyMessage | dict[str, Any]] = [SystemMessage(prompt), *conversation]
        try:
            async with asyncio.timeout(TURN_LIMIT):
                events: AsyncIterator[Any] = self._graph.astream(
                    {"messages": messages}, context=turn, stream_mode=["messages", "updates"]
                )
                async for mode, event in events:
                    if mode == "messages":
                        piece, about = event
                        if _is_spoken(piece, about):
                            spoken += piece.text
                            await stream(spoken)
                    else:
                        answers += _artifacts(event)
                        spoken = _last_words(event) or spoken
        except JamfeedError:
            raise
        except Exception as error:  # providers' errors share no base class
            raise Unavailable("The language model") from error
        return Said(spoken.strip(), answers)


class Spending(AgentMiddleware[AgentState[Any], Turn, Any]):
    """Keeps every model call of a turn within its member's budget."""

    def __init__(self, chain: Chain, ledger: Ledger) -> None:
        super().__init__()
        self._models = list(zip(chain.clients, chain.models, strict=True))
        self._ledger = ledger

    async def awrap_model_call(
        self,
        request: ModelRequest[Turn],
        handler: Callable[[ModelRequest[Turn]], Awaitable[ModelResponse[Any]]],
    ) -> ModelResponse[Any]:
        """Reserve, call, settle."""
        model = next(model for client, model in self._models if client is request.model)

        def answer_of(response: ModelResponse[Any]) -> AIMessage | None:
            return next((it for it in response.result if isinstance(it, AIMessage)), None)

        return await self._ledger.paid(
            request.runtime.context.member_id,
            "turn",
            model,
            request.messages,
            lambda: handler(request),
            answer_of,
        )


def _is_spoken(piece: object, about: dict[str, Any]) -> bool:
    # Tools' results, and what models write inside acts, come through the same stream.
    return isinstance(piece, AIMessageChunk) and about.get("langgraph_node") == "model"


def _artifacts(update: dict[str, Any]) -> list[Answer]:
    messages = (update.get("tools") or {}).get("messages", [])
    return [it.artifact for it in messages if isinstance(it.artifact, Answer)]


def _last_words(update: dict[str, Any]) -> str:
    """What the model said in this step, whole; steps that only call tools say nothing."""
    messages = (update.get("model") or {}).get("messages", [])
    return "".join(it.text for it in messages if isinstance(it, AIMessage))
