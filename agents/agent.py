"""One turn of a member's agent with a language model; built once, for everybody."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextvars import Context
from dataclasses import dataclass, replace
from typing import Any, ParamSpec, TypeVar

import langsmith
from langchain.agents import create_agent
from langchain.agents.middleware import (
    AgentMiddleware,
    AgentState,
    ModelFallbackMiddleware,
    ModelRequest,
    ModelResponse,
)
from langchain_core.messages import AIMessage, AnyMessage, SystemMessage
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from langgraph.errors import GraphRecursionError

from agents.answer import Answer
from agents.hearing import Hearing, Spoken, Stream, heard_by
from agents.model import Chain
from agents.spending import SERVICE, Ledger
from agents.turn import Heard, Turn
from feed_core.errors import JamfeedError, Unavailable
from feed_core.services.ledger import BudgetSpent

P = ParamSpec("P")
T = TypeVar("T")


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
        langsmith.set_runtime_overrides(aio_to_thread=_at_once)
        first, *others = chain.clients
        self._limits = chain.limits
        middleware: list[AgentMiddleware[Any, Any, Any]] = [Calling(chain, tools, ledger)]
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
                        "callbacks": [Hearing(turn.heard, spoken, stream)],
                        "recursion_limit": 2 * self._limits.steps,
                    },
                    context=turn,
                    stream_mode="updates",
                )
                async for event in events:
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


class Calling(AgentMiddleware[AgentState[Any], Turn, Any]):
    """Offers the model those acts only that the turn names, and keeps every call within the budget.

    One middleware does both, for LangChain takes as long round each as either does itself. The acts
    are described once, in the form that all of LangChain's models take, not at every call.
    """

    def __init__(self, chain: Chain, tools: Sequence[BaseTool], ledger: Ledger) -> None:
        super().__init__()
        self._models = list(zip(chain.clients, chain.models, strict=True))
        self._described = {it.name: convert_to_openai_tool(it) for it in tools}
        self._ledger = ledger

    async def awrap_model_call(
        self,
        request: ModelRequest[Turn],
        handler: Callable[[ModelRequest[Turn]], Awaitable[ModelResponse[Any]]],
    ) -> ModelResponse[Any]:
        """Leave out the tools of all other acts; reserve, call, settle.

        Raises:
            BudgetSpent: the call would go beyond what may be spent.
            Unavailable: the model did not answer.
        """
        model = next(model for client, model in self._models if client is request.model)
        turn = request.runtime.context
        offering = request.override(tools=self._offered(turn))

        def answer_of(response: ModelResponse[Any]) -> AIMessage | None:
            return next((it for it in response.result if isinstance(it, AIMessage)), None)

        try:
            return await self._ledger.paid(
                turn.member_id,
                "turn",
                model,
                request.messages,
                lambda: _asked(offering, handler),
                answer_of,
                turn.records,
                background=turn.background,
            )
        except JamfeedError:
            raise
        except Exception as error:  # providers' errors share no base class
            raise Unavailable(SERVICE) from error

    def _offered(self, turn: Turn) -> list[BaseTool | dict[str, Any]]:
        if turn.offered is None:
            return list(self._described.values())
        names = {it.replace(" ", "_") for it in turn.offered}
        return [it for name, it in self._described.items() if name in names]


async def _asked(
    request: ModelRequest[Turn],
    handler: Callable[[ModelRequest[Turn]], Awaitable[ModelResponse[Any]]],
) -> ModelResponse[Any]:
    """The model's answer; one that breaks off after its first words is as much as there is."""
    heard = request.runtime.context.heard
    heard.words = ""
    try:
        with heard_by(heard.tell):
            return await handler(request)
    except Exception:
        if not heard.words:
            raise
        heard.trouble = BrokenOff()
        return ModelResponse(result=[AIMessage(heard.words)])


def _artifacts(update: dict[str, Any]) -> list[Answer]:
    messages = (update.get("tools") or {}).get("messages", [])
    return [it.artifact for it in messages if isinstance(it.artifact, Answer)]


def _step_words(update: dict[str, Any]) -> str:
    """What the model said in this step, whole; steps that only call tools say nothing."""
    messages = (update.get("model") or {}).get("messages", [])
    return "".join(it.text for it in messages if isinstance(it, AIMessage))


async def _at_once(
    _: object, context: Context, work: Callable[P, T], /, *given: P.args, **named: P.kwargs
) -> T:
    """Do what LangSmith does before and after a middleware, without a thread for it.

    It looks whether calls are traced; what it then sends, it sends from a thread of its own.
    """
    return context.run(work, *given, **named)
