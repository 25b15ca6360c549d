"""The one door to all acts: checks who may do what, then does it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rapidfuzz import fuzz, process

from agents import guidance
from agents.act import Act, Acts, Effect
from agents.answer import Answer, Button, Call
from agents.leash import may_act
from agents.parameters import Kind
from agents.references import DraftRef, MemoryRef
from agents.turn import Through, Turn
from feed_core.errors import MissingArgument, NeedsApproval, NotForAgents, UnknownAct
from feed_core.services import calls, drafting, inbox, proposals, timeline
from feed_core.services.calls import Waiting

OFFERS = 25
LONGEST_LABEL = 100


class Desk:
    """Does what a face, a button or a model asks for, or says why not."""

    def __init__(self, acts: Acts) -> None:
        self.acts = acts

    async def do(self, turn: Turn, call: Call) -> Answer:
        """Run one act.

        Raises:
            Refusal: it cannot be done, and the person may know why.
            Unavailable: something outside did not do its part.
        """
        found = self.find(call.act)
        try:
            given = found.parse(call.arguments)
        except MissingArgument as missing:
            if turn.through is Through.AGENT:
                raise
            return await self._ask(turn, found, call, missing.parameter)
        if turn.through is Through.AGENT:
            if found.effect is Effect.ACCOUNT:
                raise NotForAgents(found.name)
            if found.effect is Effect.PUBLISH and not await may_act(turn, found.name):
                return await self._propose(turn, found, call)
        if found.effect is not Effect.READ and turn.inbox_id is not None:
            async with turn.store.work() as work:
                await inbox.acted(work, turn.inbox_id)
        try:
            answer = await found.function(turn, **given)
        except NeedsApproval:
            return await self._propose(turn, found, call)
        return replace(answer, private=answer.private or found.private)

    async def press(self, turn: Turn, token: str, *, filled: str | None = None) -> Answer:
        """Do what a button stands for, as the one who pressed it; `filled` is what they typed."""
        async with turn.store.work() as work:
            row = await calls.press(work, token, member_id=turn.member_id)
        arguments = dict(row.arguments)
        if row.blank is not None:
            arguments[row.blank] = filled or ""
        pressed = replace(turn, through=Through.HAND, shown_hash=row.shown_hash)
        try:
            answer = await self.do(pressed, Call(row.act, arguments))
        except BaseException:
            if row.once:
                async with turn.store.work() as work:
                    await calls.reopen(work, token)
            raise
        if row.proposal_id is not None:
            async with turn.store.work() as work:
                await proposals.answer(work, row.proposal_id, accepted=True)
        return answer

    async def store_buttons(self, turn: Turn, buttons: Sequence[Button]) -> list[str]:
        """Store the calls behind an answer's buttons; returns their tokens, in order."""
        if not buttons:
            return []
        waiting = [
            Waiting(
                act=it.call.act,
                arguments=dict(it.call.arguments),
                only_id=turn.member_id if it.only_asker else None,
                once=it.once,
                blank=it.blank,
                shown_hash=it.shown_hash,
                proposal_id=it.proposal_id,
            )
            for it in buttons
        ]
        async with turn.store.work() as work:
            return await calls.store(work, waiting)

    async def suggest(self, turn: Turn, call: Call, parameter: str) -> list[tuple[str, str]]:
        """Labels and values for a half-typed parameter, at most 25."""
        kind = self.find(call.act).parameter(parameter).kind
        typed = str(call.arguments.get(parameter, ""))
        async with turn.store.read() as view:
            if kind is Kind.CREATION:
                found = await timeline.suggestions(
                    view, reader=turn.reader, typed=typed, limit=OFFERS
                )
                offers = [(f"#{number}", title) for number, title in found]
            elif kind is Kind.DRAFT:
                drafts = await drafting.waiting(view, owner_id=turn.member_id, limit=OFFERS)
                offers = [(str(DraftRef(it.number)), it.title) for it in drafts]
            else:
                offers = []
        if kind is Kind.MEMORY:
            kept = await turn.parts.memories.all(turn.member_id, limit=OFFERS)
            offers = [(str(MemoryRef(it.number)), it.text) for it in kept]
        return [(f"{ref} {text}"[:LONGEST_LABEL], ref) for ref, text in offers]

    async def prefill(self, turn: Turn, call: Call) -> str:
        """What somebody who is about to fill a button's blank starts from."""
        found = self.find(call.act)
        return await found.prefill(turn, found.parse(call.arguments)) if found.prefill else ""

    def find(self, name: str) -> Act[Any]:
        """The act of this name.

        Raises:
            UnknownAct: there is none; the nearest name is offered.
        """
        found = self.acts.get(name)
        if found is None:
            nearest, *_ = process.extractOne(name, self.acts.names(), scorer=fuzz.WRatio)
            raise UnknownAct(name, nearest)
        return found

    async def _ask(self, turn: Turn, found: Act[Any], call: Call, parameter: str) -> Answer:
        """A private question for what is missing, with what could fill it."""
        wanted = found.parameter(parameter)
        offers = (
            [(it, it) for it in wanted.choices]
            if wanted.choices
            else await self.suggest(turn, call, parameter)
        )
        return Answer(
            text=guidance.missing(found, wanted),
            buttons=[
                *(
                    Button(label, Call(call.act, {**call.arguments, parameter: value}))
                    for label, value in offers[:5]
                ),
                Button("Type it", call, only_asker=True, blank=parameter),
            ],
            private=True,
        )

    async def _propose(self, turn: Turn, found: Act[Any], call: Call) -> Answer:
        """Store what the agent would like to do, and ask its member."""
        shown = Answer()
        if found.preview is not None:
            shown = await found.preview(turn, found.parse(call.arguments))
        own = next((it for it in shown.buttons if it.call.act == call.act), Button("", call))
        async with turn.store.work() as work:
            proposal = await proposals.propose(
                work,
                member_id=turn.member_id,
                act=call.act,
                arguments=dict(own.call.arguments),
                shown_hash=own.shown_hash,
            )
        assert proposal.id is not None
        button = replace(
            own, label="Yes, do it", only_asker=True, once=True, proposal_id=proposal.id
        )
        return Answer(
            text="\n".join(filter(None, [shown.text, guidance.proposed(proposal.id, found)])),
            cards=shown.cards,
            buttons=[button, *(it for it in shown.buttons if it.call.act != call.act)],
            facts={"proposed": proposal.id, "waits_for_the_member": True},
            private=True,
        )
