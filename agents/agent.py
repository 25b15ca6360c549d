"""One turn of a member's agent with a language model; built once, for everybody."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from langchain.agents import create_agent
from langchain.agents.middleware import (
    AgentMiddleware,
    AgentState,
    ModelFallbackMiddleware,
    ModelRequest,
    ModelResponse,
)
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    AnyMessage,
    BaseMessage,
    SystemMessage,
)
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from langgraph.errors import GraphRecursionError

from agents.answer import Answer
from agents.model import Chain
from agents.spending import SERVICE, Ledger
from agents.turn import Heard, Turn
from feed_core.errors import JamfeedError, Unavailable
from feed_core.services.ledger import BudgetSpent

Stream = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Said:
    """What a turn came to: the model's own words, and the answers of the acts it used.

    `trouble` is why it ended before the model was done, with acts done already; `stopped`: the
    model used as many steps as it may.
    """

    words: str
    answers: Sequence[Answer]
    trouble: JamfeedError | None = None
    stopped: bool = False


class Agent:
    """LangChain's agent over the acts; keeps nothing between turns."""

    def __init__(self, chain: Chain, tools: Sequence[BaseTool], ledger: Ledger) -> None:
        first, *others = chain.clients
        self._limits = chain.limits
        middleware: list[AgentMiddleware[Any, Any, Any]] = [
            Offering(tools),
            Spending(chain, ledger),
        ]
        if others:
            middleware.insert(0, ModelFallbackMiddleware(*others))
        self._graph = create_agent(first, list(tools), middleware=middleware, context_schema=Turn)

    async def turn(
        self, turn: Turn, prompt: str, conversation: Sequence[AnyMessage], stream: Stream
    ) -> Said:
        """Answer the last message of the conversation, using acts where they serve.

        Once an act is done or words are shown, what comes in between is told, not raised: nothing
        is done twice, and no other model unsays what stands there.

        Raises:
            Unavailable: no model of the chain answered in time, or none said or did anything.
            BudgetSpent: the member may spend no more today.
        """
        spoken, answers, stopped = Spoken(), list[Answer](), False
        trouble: JamfeedError | None = None
        messages: list[AnyMessage | dict[str, Any]] = [SystemMessage(prompt), *conversation]
        turn = replace(turn, heard=Heard())
        try:
            async with asyncio.timeout(self._limits.turn):
                events: AsyncIterator[Any] = self._graph.astream(
                    {"messages": messages},
                    # The graph counts asking and acting. A middleware that counts calls would be
                    # two more nodes of it for each, a quarter of all that the graph takes.
                    {
                        "callbacks": [Hearing(turn.heard)],
                        "recursion_limit": 2 * self._limits.steps,
                    },
                    context=turn,
                    stream_mode=["messages", "updates"],
                )
                async for mode, event in events:
                    if mode == "messages":
                        piece, about = event
                        if _is_spoken(piece, about):
                            await stream(spoken.grown(piece))
                    else:
                        answers += [it for it in _artifacts(event) if it not in answers]
                        spoken.settle(_step_words(event))
        except GraphRecursionError:
            stopped = True
        except (Unavailable, BudgetSpent) as error:
            trouble = error
        except TimeoutError:
            trouble = BrokenOff() if turn.heard.words else Unavailable(SERVICE)
            spoken.settle(turn.heard.words)
        trouble = trouble or turn.heard.trouble
        if not spoken.settled and not answers:
            raise trouble or Unavailable(SERVICE)
        return Said(spoken.settled, answers, trouble, stopped)


@dataclass(eq=False)
class BrokenOff(Unavailable):
    """A model stopped in the middle of what it was saying."""

    service: str = SERVICE
    code = "broken_off"


class Hearing(BaseCallbackHandler):
    """Hears what the agent's model says, when it says it; not what models write inside acts."""

    run_inline = True

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._run: UUID | None = None

    def on_chat_model_start(
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
            self._run = run_id

    def on_llm_new_token(
        self, token: str | list[str | dict[str, Any]], *, run_id: UUID, **others: Any
    ) -> None:
        """One more piece came."""
        if run_id == self._run and isinstance(token, str):
            self._heard.words += token


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

    def grown(self, piece: AIMessageChunk) -> str:
        """All words so far, with one more piece; another model that steps in begins anew."""
        if piece.id != self._message:
            self._step, self._message = "", piece.id
        self._step += piece.text
        return "\n\n".join(filter(None, [*self._steps, self._step]))

    def settle(self, words: str) -> None:
        """A step came to its end with these words, or none."""
        if words.strip():
            self._steps.append(words.strip())
            self._step = ""


class Offering(AgentMiddleware[AgentState[Any], Turn, Any]):
    """Offers the model those acts only that the turn names.

    They are described once, in the form that all of LangChain's models take, not at every call.
    """

    def __init__(self, tools: Sequence[BaseTool]) -> None:
        super().__init__()
        self._described = {it.name: convert_to_openai_tool(it) for it in tools}

    async def awrap_model_call(
        self,
        request: ModelRequest[Turn],
        handler: Callable[[ModelRequest[Turn]], Awaitable[ModelResponse[Any]]],
    ) -> ModelResponse[Any]:
        """Leave out the tools of all other acts."""
        offered = request.runtime.context.offered
        names = None if offered is None else {it.replace(" ", "_") for it in offered}
        tools: list[BaseTool | dict[str, Any]] = [
            it for name, it in self._described.items() if names is None or name in names
        ]
        return await handler(request.override(tools=tools))


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
        """Reserve, call, settle.

        Raises:
            BudgetSpent: the call would go beyond what may be spent.
            Unavailable: the model did not answer.
        """
        model = next(model for client, model in self._models if client is request.model)

        def answer_of(response: ModelResponse[Any]) -> AIMessage | None:
            return next((it for it in response.result if isinstance(it, AIMessage)), None)

        try:
            return await self._ledger.paid(
                request.runtime.context.member_id,
                "turn",
                model,
                request.messages,
                lambda: _asked(request, handler),
                answer_of,
                request.runtime.context.records,
                background=request.runtime.context.background,
            )
        except JamfeedError:
            raise
        except Exception as error:  # providers' errors share no base class
            raise Unavailable(SERVICE) from error


async def _asked(
    request: ModelRequest[Turn],
    handler: Callable[[ModelRequest[Turn]], Awaitable[ModelResponse[Any]]],
) -> ModelResponse[Any]:
    """The model's answer; one that breaks off after its first words is as much as there is."""
    heard = request.runtime.context.heard
    heard.words = ""
    try:
        return await handler(request)
    except Exception:
        if not heard.words:
            raise
        heard.trouble = BrokenOff()
        return ModelResponse(result=[AIMessage(heard.words)])


def _is_spoken(piece: object, about: dict[str, Any]) -> bool:
    # Tools' results, and what models write inside acts, come through the same stream.
    mine = about.get("langgraph_node") == "model"
    return mine and isinstance(piece, AIMessageChunk) and bool(piece.text)


def _artifacts(update: dict[str, Any]) -> list[Answer]:
    messages = (update.get("tools") or {}).get("messages", [])
    return [it.artifact for it in messages if isinstance(it.artifact, Answer)]


def _step_words(update: dict[str, Any]) -> str:
    """What the model said in this step, whole; steps that only call tools say nothing."""
    messages = (update.get("model") or {}).get("messages", [])
    return "".join(it.text for it in messages if isinstance(it, AIMessage))
