"""The one door to all acts: checks who may do what, then does it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import JsonValue

from agents import authority, guidance
from agents.act import Act, Acts, Effect
from agents.answer import Answer, Button, Call
from agents.forms import WORDS, Field, Filled, Form
from agents.leash import may_act
from agents.likely import likely
from agents.menus import OfWords
from agents.offers import offers
from agents.turn import Through, Turn
from agents.understanding import candidates, understood
from agents.wording import sentence
from feed_core.errors import (
    BadArgument,
    MissingArgument,
    NeedsApproval,
    NotForAgents,
    UnknownAct,
)
from feed_core.services import calls, inbox, proposals
from feed_core.services.calls import Waiting

LONGEST_NAME = 40  # of an unknown act, as it is shown again
OFFERED = 5  # buttons that fill a gap
FEW = 8  # choices that are offered all


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
        await authority.require(turn, found)
        menu = found.menu
        if turn.quoted is not None and menu and menu.of_words and menu.fills not in call.arguments:
            return await self._with_words(turn, found, menu.of_words, call)
        try:
            given = found.parse(call.arguments)
        except (MissingArgument, BadArgument) as gap:
            if turn.through is Through.AGENT or not found.takes(gap.parameter):
                raise
            named = isinstance(gap, BadArgument)
            if named and (clear := await understood(turn, found, call, gap.parameter)):
                return await self.do(turn, clear)
            return await self._ask(turn, found, call, gap)
        if turn.through is Through.AGENT and found.effect is Effect.ACCOUNT:
            raise NotForAgents(found.name)
        on_a_leash = found.effect is Effect.PUBLISH and turn.through is not Through.HAND
        if on_a_leash and not await may_act(turn, found.name):
            return await self._propose(turn, found, call)
        if found.effect is not Effect.READ and turn.inbox_id is not None:
            async with turn.store.work() as work:
                await inbox.acted(work, turn.inbox_id)
        try:
            answer = await found.function(turn, **given)
        except NeedsApproval:
            return await self._propose(turn, found, call)
        if answer.pressed and turn.through is Through.HAND:
            done = await self.press(turn, answer.pressed)
            text = "\n\n".join(filter(None, [done.text, answer.text]))
            again = [replace(it, undoes=False) for it in done.buttons]  # undone twice is not done
            return replace(done, text=text, buttons=again, private=True)
        turn.parts.shown.note((turn.member_id, turn.place.key), answer)
        return replace(answer, private=answer.private or found.private)

    async def press(
        self, turn: Turn, token: str, *, filled: str | None = None, form: Filled | None = None
    ) -> Answer:
        """Do what a button stands for, as the one who pressed it.

        `filled` is what they typed into its blank, `form` what they filled into its form.
        """
        async with turn.store.work() as work:
            row = await calls.press(work, token, member_id=turn.member_id)
        arguments = dict(row.arguments)
        declared = self.find(row.act).form
        if form is not None and WORDS not in form and declared is not None:
            arguments |= declared.read(form)
        elif row.blank is not None:
            arguments[row.blank] = (form or {}).get(WORDS, filled or "")
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

    async def form(self, turn: Turn | None, call: Call, *, blank: str | None = None) -> Form | None:
        """What is filled in before this is done; None where nothing is, or it is said already.

        `turn` is of whoever is asked, None for somebody who is no member yet.
        """
        found = self.find(call.act)
        if blank is not None and (found.form is None or blank not in found.form.asks_for):
            question = guidance.question(found, found.parameter(blank))
            start = await self.prefill(turn, call) if turn else ""
            title, note = guidance.in_a_form(question)
            field = Field(WORDS, guidance.YOUR_WORDS, note, long=True, required=True, value=start)
            return Form(title, [field])
        if found.form is None or found.form.asks_for & call.arguments.keys():
            return None
        if found.form.known is None or turn is None:
            return found.form
        known = await found.form.known(turn, call.arguments)
        fields = [replace(it, value=known.get(it.name, it.value)) for it in found.form.fields]
        return replace(found.form, fields=fields)

    def waiting(self, buttons: Sequence[Button], *, asker_id: int | None) -> list[Waiting]:
        """The calls behind an answer's buttons, in order, as they are to be stored.

        `asker_id` is who gets the answer; nobody in particular does in a room that is told
        something, so that nothing there can be theirs alone.
        """
        if asker_id is None and any(it.only_asker for it in buttons):
            raise ValueError("a button for its asker needs one")
        return [
            Waiting(
                act=it.call.act,
                arguments=dict(it.call.arguments),
                only_id=asker_id if it.only_asker else None,
                once=it.once,
                blank=it.blank,
                shown_hash=it.shown_hash,
                proposal_id=it.proposal_id,
                undoes=it.undoes,
            )
            for it in buttons
        ]

    async def suggest(self, turn: Turn, call: Call, parameter: str) -> list[tuple[str, str]]:
        """Labels and values for a half-typed parameter, at most 25."""
        kind = self.find(call.act).parameter(parameter).kind
        given = call.arguments.get(parameter, "")
        typed = " ".join(map(str, given)) if isinstance(given, list) else str(given)
        return await offers(turn, kind, typed)

    async def prefill(self, turn: Turn, call: Call) -> str:
        """What somebody who is about to fill a button's blank starts from."""
        found = self.find(call.act)
        return await found.prefill(turn, found.parse(call.arguments)) if found.prefill else ""

    def find(self, name: str) -> Act[Any]:
        """The act of this name.

        Raises:
            UnknownAct: there is none; one that is likely meant is offered.
        """
        found = self.acts.get(name)
        if found is None:
            typed = name[:LONGEST_NAME]
            raise UnknownAct(typed, likely(typed, self.acts.names()))
        return found

    async def _with_words(self, turn: Turn, found: Act[Any], do: OfWords, call: Call) -> Answer:
        """Do it with what was said outside the feed."""
        if found.effect is not Effect.READ and turn.inbox_id is not None:
            async with turn.store.work() as work:
                await inbox.acted(work, turn.inbox_id)
        return replace(await do(turn, call.arguments), private=True)

    async def _ask(
        self, turn: Turn, found: Act[Any], call: Call, gap: MissingArgument | BadArgument
    ) -> Answer:
        """A question for what is missing or cannot be read, with what could fill it.

        It is private where it offers what may be the member's own; else it is asked where the act
        was wanted, for some act there alone.
        """
        if found.form is not None and found.form.known is not None:
            await found.form.known(turn, call.arguments)  # or why there is nothing to ask for
        wanted = found.parameter(gap.parameter)
        others = {name: it for name, it in call.arguments.items() if name != wanted.name}
        missing = isinstance(gap, MissingArgument)
        meant = [] if missing else await candidates(turn, wanted, call.arguments[wanted.name])
        choices: Sequence[tuple[str, JsonValue]] = [(it, it) for it in wanted.choices]
        offered: Sequence[tuple[str, JsonValue]] = meant
        if not meant and not choices:
            offered = await self.suggest(turn, call, wanted.name)
            offered = offered or await self.suggest(turn, Call(call.act, others), wanted.name)
        fitting = offered[:OFFERED] or choices[: FEW if len(choices) <= FEW else OFFERED]
        typed = Button(
            guidance.OTHER if fitting else guidance.TYPE,
            Call(call.act, others),
            only_asker=True,
            blank=wanted.name,
        )
        told = guidance.missing(found, wanted) if missing else sentence(gap)
        return Answer(
            text=guidance.WHICH if meant else told,
            buttons=[
                *(
                    Button(label, Call(call.act, {**others, wanted.name: value}), only_asker=True)
                    for label, value in fitting
                ),
                *([] if choices and len(fitting) == len(choices) else [typed]),
            ],
            private=found.private or bool(offered),
        )

    async def _propose(self, turn: Turn, found: Act[Any], call: Call) -> Answer:
        """Store what the agent would like to do, and ask its member."""
        shown = Answer()
        given = found.parse(call.arguments)
        if found.preview is not None:
            shown = await found.preview(turn, given)
        # A preview that shows a draft brings the button that publishes just that.
        own = next((it for it in shown.buttons if it.shown_hash), Button("", call))
        async with turn.store.work() as work:
            proposal = await proposals.propose(
                work,
                member_id=turn.member_id,
                act=own.call.act,
                arguments=dict(own.call.arguments),
                shown_hash=own.shown_hash,
            )
        assert proposal.id is not None
        button = replace(
            own, label="Yes, do it", only_asker=True, once=True, proposal_id=proposal.id
        )
        named = [] if found.preview else [str(it) for it in given.values()]
        asked = guidance.proposed(proposal.id, found, named)
        return Answer(
            text="\n".join(filter(None, [shown.text, asked])),
            cards=shown.cards,
            buttons=[button, *(it for it in shown.buttons if it is not own)],
            facts={"proposed": proposal.id, "waits_for_the_member": True},
            private=True,
        )
