"""What platforms ask of Jamfeed besides answers: offers, buttons, and who can be written to."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from pydantic import JsonValue

from agents import guidance
from agents.answer import Call, Card
from agents.desk import Desk
from agents.forms import LONGEST_LABEL, LONGEST_VALUE, QUOTED, Field, Form
from agents.quoting import Quoted
from agents.taking_along import quotable
from agents.turn import Parts, Place, Through, Turn
from bridges.beforehand import Opened, Peek, Suggestion
from bridges.protocol import Sender
from feed_core.errors import Refusal
from feed_core.models.proposals import Proposal, StoredCall
from feed_core.services import calls, members
from feed_core.services.calls import Waiting
from feed_core.states import CallState, ProposalState
from feed_core.store import View

Takes = Callable[[Sender, str, int], Awaitable[Sequence[Card] | None]]


class Asked:
    """Answers what is neither a message nor a press; changes nothing that people made."""

    def __init__(self, parts: Parts, desk: Desk) -> None:
        self._parts, self._desk = parts, desk

    async def suggest(
        self, sender: Sender, platform: str, call: Call, parameter: str
    ) -> Sequence[Suggestion]:
        """At most 25 offers for the half-typed parameter of a call."""
        turn = await self._turn_in_private(sender, platform)
        if turn is None:
            return []
        offers = await self._desk.suggest(turn, call, parameter)
        return [Suggestion(label, value) for label, value in offers]

    async def peek(self, sender: Sender, platform: str, token: str) -> Peek | None:
        """What a button needs before this person's press is answered.

        None when it is no longer stored or not for them: pressing it says why.
        """
        turn = await self._turn_in_private(sender, platform)
        try:
            async with self._parts.store.read() as view:
                row = await calls.find(view, token)
            found = self._desk.find(row.act)
            if row.only_id is not None and (turn is None or row.only_id != turn.member_id):
                return None if row.blank else Peek(private=found.private)
            call = Call(row.act, row.arguments)
            opens = await self._desk.form(turn, call, blank=row.blank) is not None
            if row.blank is None:
                return Peek(private=found.private, opens=opens, redraws=found.redraws)
            prefill = await self._desk.prefill(turn, call) if turn else ""
        except Refusal:
            return None
        question = guidance.question(found, found.parameter(row.blank))
        return Peek(found.private, question, prefill, opens=opens)

    async def form(
        self, sender: Sender, platform: str, wanted: Call | str, quoted: Quoted | None = None
    ) -> Opened | None:
        """The form that a call, or a button's token, opens for this person.

        None when there is none, or the button is not for them: passing it on says why.
        """
        turn = await self._turn_in_private(sender, platform)
        waiting = Waiting("", {})
        try:
            if isinstance(wanted, str):
                async with self._parts.store.read() as view:
                    row = await calls.find(view, wanted)
                if row.only_id is not None and (turn is None or row.only_id != turn.member_id):
                    return None
                waiting = Waiting(
                    row.act,
                    row.arguments,
                    blank=row.blank,
                    shown_hash=row.shown_hash,
                    proposal_id=row.proposal_id,
                )
            else:
                waiting = Waiting(wanted.act, dict(wanted.arguments))
            call = Call(waiting.act, waiting.arguments)
            form = await self._desk.form(turn, call, blank=waiting.blank)
        except Refusal:
            return None
        if form is None:
            return None
        if quoted is not None:
            form = _with_words(form, quoted)
        waiting = replace(waiting, only_id=turn.member_id if turn else None, once=True)
        async with self._parts.store.work() as work:
            (token,) = await calls.store(work, [waiting])
        return Opened(form, token, private=self._desk.find(call.act).private)

    async def quotable(
        self, platform: str, sender: Sender, words: str, page: int
    ) -> Sequence[Card] | None:
        """What somebody may drop into any chat, ten a page; None when they are no member."""
        turn = await self._turn_in_private(sender, platform)
        return None if turn is None else await quotable(turn, words, page=page)

    async def spent(self, tokens: Sequence[str]) -> frozenset[str]:
        """Which of the buttons under one message nobody can press any more.

        Those that have run out or were used up, and those that are about what a used one was about:
        of a published draft nothing is left to edit.
        """
        async with self._parts.store.read() as view:
            rows = {it: await _open(view, it) for it in tokens}
            used = [await view.db.get(StoredCall, it) for it, row in rows.items() if row is None]
        done = {it for row in used if row is not None for it in _subjects(row.arguments)}
        return frozenset(
            it
            for it, row in rows.items()
            if row is None or (row.only_id is not None and done & _subjects(row.arguments))
        )

    async def reachable(self, sender: Sender, place: Place, *, now: bool) -> None:
        """Note whether a member can be written to in their private place."""
        async with self._parts.store.work() as work:
            known = await members.find_account(work, platform=place.platform, external_id=sender.id)
            if known is None:
                return
            if now:
                await members.seen_in_private(work, identity_id=known.id, place_id=place.id)
            else:
                await members.lost(work, identity_id=known.id)

    async def _turn_in_private(self, sender: Sender, platform: str) -> Turn | None:
        """A turn of whoever is about to do something; None when they are no member yet."""
        async with self._parts.store.read() as view:
            known = await members.find_account(view, platform=platform, external_id=sender.id)
        if known is None:
            return None
        return Turn(
            member_id=known.member_id,
            through=Through.HAND,
            place=Place(platform, "", private=True),
            language=known.language,
            zone=known.zone,
            parts=self._parts,
        )


async def _open(view: View, token: str) -> StoredCall | None:
    """The call behind a button that can still be pressed by whom it is for."""
    try:
        row = await calls.find(view, token)
    except Refusal:
        return None
    if row.once and row.state is not CallState.OPEN:
        return None
    if row.proposal_id is not None:
        proposal = await view.db.get(Proposal, row.proposal_id)
        if proposal is None or proposal.state is not ProposalState.OPEN:
            return None
    return row


def _subjects(arguments: dict[str, JsonValue]) -> set[str]:
    """What a call is about: "d1", "m2", "#12"."""
    return {it for it in map(str, arguments.values()) if it[1:].isdecimal() and it[0] in "dm#"}


def _with_words(form: Form, quoted: Quoted) -> Form:
    """The form with the words in it that it is about."""
    label = guidance.said_by(quoted.voices)[:LONGEST_LABEL]
    words = "\n".join(it.text for it in quoted.said)[:LONGEST_VALUE]
    return replace(form, fields=[*form.fields, Field(QUOTED, label, long=True, value=words)])
