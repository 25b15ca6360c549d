"""Free words to an answer: by the model where there is one, else by the router."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from agents import editions, guidance, listening
from agents.act import Effect
from agents.answer import Answer, Button, Call
from agents.asking_after import made_by
from agents.desk import Desk
from agents.filling import read_arguments
from agents.foreign import SOMEBODY, STAND_IN, hidden
from agents.learner import PAUSE
from agents.model import Chain
from agents.own_answers import own_answer
from agents.prompts import agent_prompt
from agents.recaps import MANY
from agents.router import HALF_LIKELY, LIKELY, SURE, Router
from agents.spending import CHARACTERS_A_TOKEN, Ledger
from agents.tongues import name_of
from agents.turn import Authority, Through, Turn
from agents.wording import sentence
from feed_core.clock import zone_of
from feed_core.errors import EmptyText, TextTooLong, Unavailable
from feed_core.services import conversation, members
from feed_core.services.conversation import Line
from feed_core.services.ledger import BudgetSpent
from feed_core.services.members import WithAgent
from feed_core.states import Role
from memory.remembered import Recalled

if TYPE_CHECKING:
    from langchain_core.messages import AnyMessage

    from agents.agent import Agent, Said

logger = structlog.get_logger(__name__)

LONGEST = 20_000  # characters of one message
LINES = 10  # of the conversation that a model gets, at most; what was before is in the recap
RECALLED = 5
OFFERED = 5  # acts as tools, the likeliest: every one costs tokens and makes the choice harder
OFFERED_BEFORE = 3
ASKED_BEFORE = 1  # earlier line of the member, which says what may be meant now
UNASKED = frozenset({Effect.READ, Effect.ACCOUNT})  # a model would add nothing, or may not do it
DIGEST = "digest "
ALWAYS_OFFERED = frozenset({"remix", "publish", "draft", "show"})

Stream = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Known:
    """What a model is told of a member besides their words: their agent, and what was said here."""

    member: WithAgent
    said: Sequence[Line]
    recap: str = ""


class Talk:
    """Answers what members say in their own words."""

    def __init__(self, desk: Desk, router: Router, chain: Chain, ledger: Ledger) -> None:
        self._desk, self._router, self._chain, self._ledger = desk, router, chain, ledger
        self._agent: Agent | None = None
        self._building = asyncio.Lock()
        self._patience = PAUSE if chain.models else timedelta()

    async def warm(self) -> None:
        """Load what the first answer would otherwise wait for.

        Raises:
            ConfigurationError: a model cannot be used.
        """
        async with asyncio.TaskGroup() as tasks:  # the one computes, the other imports
            tasks.create_task(self._router.warm())
            if self._chain.models:
                tasks.create_task(self._built())

    async def answer(self, turn: Turn, text: str, stream: Stream) -> Answer:
        """Answer one message; what was said is among the turn's records.

        Raises:
            EmptyText, TextTooLong: there is nothing to answer, or too much.
            Refusal: what was asked for cannot be done.
        """
        if not text.strip():
            raise EmptyText
        if len(text) > LONGEST:
            raise TextTooLong(len(text), LONGEST)
        if turn.quoted is not None:
            return await self._about_words(turn, text)
        if turn.digest_id is not None and (item := editions.alone(text)) is not None:
            opened = Call("digest open", {"item": item})
            return await self._desk.do(replace(turn, through=Through.WORDS), opened)
        if not self._chain.models:
            return await self._routed(turn, text)
        # The one computes while the other reads.
        route, known, recalled = await asyncio.gather(
            self._router.nearest(text), _known(turn), _recalled(turn, text)
        )
        clear = route.score >= LIKELY and route.likeness >= SURE
        plain = clear and route.act.effect in UNASKED
        unable = not self._chain.calls_tools and route.score >= LIKELY
        if plain or unable:
            return await self._routed(turn, text)
        try:
            return await self._by_model(turn, text, known, recalled, stream)
        except (Unavailable, BudgetSpent) as error:
            cause = type(error.__cause__).__name__  # its message may hold what was said
            logger.warning("model_failed", code=error.code, cause=cause)
            answer = await self._routed(turn, text)
            return _with_note(answer, sentence(error))

    async def _routed(self, turn: Turn, text: str) -> Answer:
        route = await self._router.nearest(text)
        kept = hidden(text, turn.foreign, numbered=False)
        if turn.place.private:
            listening.keep(turn, (Role.MEMBER, kept), learn_in=self._patience)
            if heard := await listening.told(turn, kept, route):
                return heard
        if turn.place.private and (known := await own_answer(turn, text)):
            return known
        if after := await made_by(turn, text):
            return await self._desk.do(replace(turn, through=Through.WORDS), after)
        if route.score < LIKELY:
            return await self._lost(turn, text, route.act.name if route.score > HALF_LIKELY else "")
        # A digest's own acts take its numbers, all others those of creations.
        of_digest = route.act.name.startswith(DIGEST)
        numbers = await editions.numbers(turn)
        meant = text if of_digest else editions.named(text, numbers)
        if route.act.takes("item"):
            meant = editions.counted(text, numbers)
        call = await read_arguments(turn, route.act, meant)
        # The router may be wrong about what was meant: what others would see is proposed first.
        if self._chain.models and not turn.place.private:  # the next call may go on from here
            listening.keep(turn, (Role.MEMBER, kept), learn_in=self._patience)
        return await self._desk.do(replace(turn, through=Through.WORDS), call)

    async def _about_words(self, turn: Turn, text: str) -> Answer:
        """Do what is wanted with words that came along; no model that can act reads them."""
        route = await self._router.nearest(text)
        menu = route.act.menu
        call = Call("draft", {"words": text})
        if route.score >= LIKELY and menu and menu.of_words and (menu.asks or menu.around):
            call = Call(route.act.name, {"how": text} if route.act.takes("how") else {})
        return await self._desk.do(replace(turn, through=Through.WORDS), call)

    async def _lost(self, turn: Turn, text: str, likely: str) -> Answer:
        """What to say when no act is meant: what is remembered of it, and what can be done."""
        known = []
        if turn.place.private:
            recalled = await turn.parts.memories.recall(turn.member_id, text, k=1)
            known = [it.memory.text for it in recalled if it.score > 0]
            listening.use(turn, recalled)
        buttons = [Button("What can you do?", Call("help")), Button("Show the feed", Call("feed"))]
        likely = "" if likely == "help" else likely  # that one is named anyway
        if likely:
            buttons.insert(0, Button(f"/{likely}", Call(likely)))
        return Answer(
            text=guidance.lost(known, likely, models=bool(self._chain.models)), buttons=buttons
        )

    async def _by_model(
        self, turn: Turn, text: str, known: Known, recalled: Sequence[Recalled], stream: Stream
    ) -> Answer:
        from langchain_core.messages import HumanMessage

        agent = await self._built()
        listening.use(turn, recalled)
        member = known.member
        persona = turn.parts.profile.persona(member.persona)
        prompt = agent_prompt(
            persona,
            agent=member.name or persona.name,
            member=member.member,
            now=turn.now.astimezone(zone_of(turn.zone)),
            memories=[it.memory.text for it in recalled],
            before=known.recap,
            acts=self._chain.calls_tools,
            tone=member.tone,
            language=name_of(member.answers_in) if member.answers_in else "",
        )
        room = min(it.context for it in self._chain.models) * CHARACTERS_A_TOKEN // 2
        before = _history(_fitting(known.said, room - len(prompt) - len(text)))
        offered = {*ALWAYS_OFFERED, *await self._router.likely(text, OFFERED)}
        for line in [it for role, it in known.said if role is Role.MEMBER][-ASKED_BEFORE:]:
            offered.update(await self._router.likely(line, OFFERED_BEFORE))
        turn = replace(turn, offered=frozenset(offered))
        asked = hidden(editions.named(text, await editions.numbers(turn), both=True), turn.foreign)
        done = await agent.turn(turn, prompt, [*before, HumanMessage(asked)], stream)
        kept = hidden(text, turn.foreign, numbered=False)
        said = ((Role.MEMBER, kept), (Role.AGENT, STAND_IN.sub(SOMEBODY, done.words)))
        listening.keep(turn, *said, learn_in=self._patience)
        return _joined(done)

    async def _built(self) -> "Agent":
        async with self._building:
            if self._agent is None:
                self._agent = await asyncio.to_thread(self._build)
        return self._agent

    def _build(self) -> "Agent":
        # Imported here: LangChain takes a second that a start without a model should not pay.
        from agents.agent import Agent
        from agents.tools import tool

        tools = [
            tool(it, self._desk)
            for it in self._desk.acts
            if it.effect is not Effect.ACCOUNT and it.authority is Authority.MEMBER
        ]
        return Agent(self._chain, tools if self._chain.calls_tools else [], self._ledger)


async def _known(turn: Turn) -> Known:
    async with turn.store.read() as view:
        recent = await conversation.recent(
            view, member_id=turn.member_id, place=turn.place.key, limit=LINES
        )
        known = await members.with_agent(view, turn.member_id)
    if len(recent.lines) >= MANY:
        turn.parts.recaps.add(turn.member_id, turn.place.key)
    return Known(known, recent.lines, recent.recap)


async def _recalled(turn: Turn, text: str) -> Sequence[Recalled]:
    """What the model is reminded of; nothing in a room: others would read what comes of it."""
    if not turn.place.private:
        return []
    return await turn.parts.memories.recall(turn.member_id, text, k=RECALLED)


def _history(said: Sequence[Line]) -> "list[AnyMessage]":
    from langchain_core.messages import AIMessage, HumanMessage

    return [HumanMessage(it) if role is Role.MEMBER else AIMessage(it) for role, it in said]


def _fitting(said: Sequence[Line], room: int) -> Sequence[Line]:
    """The last lines that have room together, in characters."""
    for start, line in zip(range(len(said), 0, -1), reversed(said), strict=True):
        room -= len(line[1])
        if room < 0:
            return said[start:]
    return said


def _with_note(answer: Answer, note: str) -> Answer:
    return replace(answer, text=f"{answer.text}\n\n({note})".strip())


def _joined(done: "Said") -> Answer:
    """The model's words and what its acts answered, as one."""
    texts = [done.words, *(it.text for it in done.answers)]
    if done.trouble is not None:
        texts.append(f"({sentence(done.trouble)})")
    elif done.stopped:
        texts.append(guidance.TOO_MANY_STEPS)
    facts: dict[str, Any] = {}
    for it in done.answers:
        facts |= it.facts
    return Answer(
        text="\n\n".join(filter(None, texts)),
        cards=list({card.ref: card for it in done.answers for card in it.cards}.values()),
        pictures=[picture for it in done.answers for picture in it.pictures],
        buttons=[button for it in done.answers for button in it.buttons],
        facts=facts,
        private=any(it.private for it in done.answers),
        groups=[group for it in done.answers for group in it.groups],
    )
