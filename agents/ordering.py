"""Does what standing orders ask for when they come due: as the member, by their agent's hand."""

import asyncio
from dataclasses import dataclass

import structlog

from agents import order_words
from agents.answer import Answer, Call
from agents.desk import Desk
from agents.interpreting import may_stand
from agents.references import CreationRef, DraftRef
from agents.turn import Parts, Place, Through, Turn
from agents.wording import sentence
from feed_core.errors import Refusal, Unavailable
from feed_core.models.orders import RunState, StandingOrder
from feed_core.models.rooms import Room
from feed_core.services import drafting, members, order_runs
from feed_core.services.order_runs import Outcome

LIMIT = 300.0  # seconds for one run; less than that after which it counts as broken off
NOWHERE = "nowhere"  # the platform of members who can be written to on none

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Orders:
    """Runs what is due; each run is claimed in the database, so that it happens once at most."""

    desk: Desk
    parts: Parts

    async def step(self) -> int:
        """Claim the hours that have come and do what is due; returns how many runs there were."""
        store = self.parts.store
        async with store.read() as view:  # mostly there is nothing, and no writer has to wait
            if not await order_runs.any_due(view):
                return 0
        async with store.work() as work:
            await order_runs.claim_due(work)
            if broken := await order_runs.give_up(work):
                logger.warning("orders_broken_off", count=broken)
        async with store.read() as view:
            waiting = await order_runs.due(view)
        for order_id in waiting:
            await self.run(order_id)
        return len(waiting)

    async def run(self, order_id: int) -> None:
        """Do one order that is due, unless somebody else does, and write down how it went."""
        async with self.parts.store.work() as work:
            order = await order_runs.begin(work, order_id)
        if order is None:
            return
        try:
            outcome = await self._done(order)
        except Exception as bug:  # one order must not stop the others
            logger.exception("order_broken", order_id=order_id, error=type(bug).__name__)
            outcome = Outcome(RunState.BROKEN, note=order_words.BUG)
        async with self.parts.store.work() as work:
            await order_runs.finish(work, order_id, outcome)

    async def _done(self, order: StandingOrder) -> Outcome:
        found = self.desk.acts.get(order.act)
        if found is None or not may_stand(found):
            return Outcome(RunState.REFUSED, note=order_words.UNABLE)
        turn, paused = await self._turn(order)
        if paused:
            return Outcome(RunState.REFUSED, note=order_words.AGENT_PAUSED)
        try:
            async with asyncio.timeout(LIMIT):
                answer = await self.desk.do(turn, Call(order.act, order.arguments))
        except (Refusal, Unavailable) as error:
            return Outcome(RunState.REFUSED, note=sentence(error))
        async with turn.store.work() as work:
            for record in turn.records:
                await record(work)
        return await self._outcome(turn, answer)

    async def _turn(self, order: StandingOrder) -> tuple[Turn, bool]:
        """The turn of the order's member, by their agent, where it was given; and if it is paused.

        In a room it sees what the room sees, and what it makes is for that room.
        """
        async with self.parts.store.read() as view:
            agent = await members.with_agent(view, order.member_id)
            account = await members.private_account(view, order.member_id)
            room = await view.db.get(Room, order.room_id) if order.room_id is not None else None
        place = Place(NOWHERE, "", private=True)
        if room is not None:
            place = Place(room.platform, room.external_id, private=False, open=room.public)
        elif account is not None:
            place = Place(account.platform, account.private_place or "", private=True)
        turn = Turn(
            member_id=order.member_id,
            through=Through.AGENT,
            place=place,
            language=agent.language,
            zone=order.zone,
            parts=self.parts,
            room_id=order.room_id,
            background=True,
        )
        return turn, agent.paused

    async def _outcome(self, turn: Turn, answer: Answer) -> Outcome:
        """What came of it: the facts say so, as they do to a model."""
        match answer.facts:
            case {"proposed": int(proposal_id)}:
                return Outcome(RunState.PROPOSED, proposal_id=proposal_id)
            case {"published": CreationRef(id=number)} | {"shared": CreationRef(id=number)}:
                return Outcome(RunState.DONE, creation_id=number)
            case {"draft": DraftRef(id=number)}:
                async with turn.store.read() as view:
                    draft = await drafting.find(view, owner_id=turn.member_id, number=number)
                return Outcome(RunState.DONE, draft_id=draft.id)
        return Outcome(RunState.DONE, note=answer.text)
