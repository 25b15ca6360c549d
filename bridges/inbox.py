"""Every message on its way from a platform to an answer."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from weakref import WeakValueDictionary

import structlog

from agents import editions, guidance, naming, pointed
from agents.answer import Answer, Call
from agents.desk import Desk
from agents.quoting import Quoted
from agents.talk import Talk
from agents.turn import Parts, Place, Through, Turn
from bridges import messages
from bridges.admission import Admission, Admitted, RoomLeft
from bridges.asked import Asked
from bridges.beforehand import Opened, Peek, Suggestion
from bridges.boundary import in_words, told
from bridges.dispatch import Dispatch
from bridges.kept import is_whole, kept, storable, taken_up
from bridges.late import Late
from bridges.protocol import Bridge, Happening, Incoming, Part, Posted, Reply, Sender
from bridges.rooms import Rooms
from bridges.showing import part_of
from feed_core.bus import Bus
from feed_core.errors import Gone, Refusal, Unavailable, Unknown
from feed_core.events import AccountsLeft, Event, MemberErased, MembersMerged
from feed_core.services import inbox, members
from feed_core.states import InboxState
from feed_core.store import Work

PAUSES = (1.0, 5.0)  # seconds before an answer that was not taken is sent again

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Noted:
    """A message that has its row, and who sent it or why they may not."""

    row_id: int
    admitted: Admitted | None
    refusal: Refusal | None = None


class Inbox:
    """The door that all bridges knock at."""

    def __init__(
        self,
        parts: Parts,
        desk: Desk,
        talk: Talk,
        admission: Admission,
        bus: Bus,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._parts, self._desk, self._admission = parts, desk, admission
        self._rooms = Rooms(parts, desk, admission)
        self._merged: dict[int, int] = {}
        self._changed: set[int] = set()
        self._pauses = pauses
        self._asked = Asked(parts, desk)
        self._dispatch = Dispatch(desk, talk, self._rooms)
        bus.subscribe(self._hear)
        self._lines: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def receive(self, incoming: Incoming, reply: Reply) -> None:
        """Answer one message; returns when it is answered or known before."""
        incoming = storable(incoming)
        try:
            if incoming.overheard and not await self._rooms.hears(incoming):
                return
            account = (incoming.place.platform, incoming.sender.id)
            async with self._lines.setdefault(account, asyncio.Lock()):  # in order
                noted = await self._note(incoming)
        except RoomLeft:  # said in a room that was left: nobody answers there
            return
        except Exception as bug:  # noqa: BLE001  # not even noted: all that can be done is to say so
            await _apologise(bug, incoming.update_id, reply)
            return
        if noted is not None:
            await self._handle(noted, incoming, reply)

    async def resume(
        self, bridge: Bridge, *, before: datetime, hears: Callable[[Place], bool] = lambda _: True
    ) -> None:
        """Take up what a stop left unanswered on this platform: what came before this start.

        It `hears` only some places where other processes hear the rest.

        A message that had no effect yet is answered as if it came now; of one that may have had,
        its member is told so. Answers go to private places only.
        """
        async with self._parts.store.read() as view:
            rows = await inbox.unfinished(view, platform=bridge.platform, before=before)
        for row in rows:
            assert row.id is not None
            incoming = taken_up(row.payload)
            if not hears(incoming.place):
                continue
            async with self._parts.store.work() as work:
                try:
                    noted = Noted(row.id, await self._admission.admit(work, incoming))
                except Refusal as refusal:
                    noted = Noted(row.id, None, refusal)
                account = await members.find_account(
                    work, platform=bridge.platform, external_id=incoming.sender.id
                )
            own = account.private_place if account else None
            if own is None and incoming.under is None:
                async with self._parts.store.work() as work:
                    await inbox.finish(work, row.id, state=InboxState.FAILED)
                continue
            reply = Late(bridge, own, key=f"late:{row.id}")
            if row.acted or not is_whole(row.payload):
                await self._show(noted, None, reply, Answer(text=guidance.INTERRUPTED))
            else:
                await self._handle(noted, incoming, reply)

    async def notice(self, happening: Happening) -> None:
        """Take in what happened in rooms that nobody is answered for. Never raises."""
        await self._rooms.notice(happening)

    async def posts(self, platform: str) -> Sequence[Posted]:
        """The cards that were posted lately in bound rooms of a platform."""
        return await self._rooms.posts(platform)

    async def suggest(
        self, sender: Sender, platform: str, call: Call, parameter: str
    ) -> Sequence[Suggestion]:
        """At most 25 offers for the half-typed parameter of a call."""
        return await self._asked.suggest(sender, platform, call, parameter)

    async def peek(self, sender: Sender, platform: str, token: str) -> Peek | None:
        """What a button needs before this person's press is answered."""
        return await self._asked.peek(sender, platform, token)

    async def listens(self, place: Place) -> bool:
        """Whether what people say to each other in this room may be read."""
        return await self._rooms.listens(place)

    async def spent(self, tokens: Sequence[str]) -> frozenset[str]:
        """Which of the buttons under one message nobody can press any more."""
        return await self._asked.spent(tokens)

    async def reachable(self, sender: Sender, place: Place, *, now: bool) -> None:
        """Note whether somebody can be written to in their private place."""
        await self._asked.reachable(sender, place, now=now)

    async def form(
        self, sender: Sender, platform: str, wanted: Call | str, quoted: Quoted | None = None
    ) -> Opened | None:
        """The form that a call, or a button's token, opens for this person."""
        return await self._asked.form(sender, platform, wanted, quoted)

    async def _hear(self, event: Event) -> None:
        if isinstance(event, MembersMerged):
            self._merged[event.gone_id] = event.member_id
        elif isinstance(event, AccountsLeft):
            self._merged.pop(event.now_id, None)
            self._changed.add(event.member_id)
        elif isinstance(event, MemberErased):
            self._changed.add(event.member_id)

    async def _note(self, incoming: Incoming) -> Noted | None:
        async with self._parts.store.work() as work:
            row_id = await inbox.receive(
                work,
                platform=incoming.place.platform,
                update_id=incoming.update_id,
                payload=kept(replace(incoming, gone=self._rooms.was_deleted(incoming))),
            )
            if row_id is None:
                return None
            return await self._admitted(work, row_id, incoming)

    async def _admitted(
        self, work: Work, row_id: int, incoming: Incoming, *, paced: bool = True
    ) -> Noted:
        try:
            return Noted(row_id, await self._admission.admit(work, incoming, paced=paced))
        except RoomLeft as refusal:
            if incoming.call is None and incoming.token is None:
                raise  # so that nothing of it is kept
            return Noted(row_id, None, refusal)
        except Refusal as refusal:
            return Noted(row_id, None, refusal)

    async def _handle(
        self, noted: Noted, incoming: Incoming, reply: Reply, *, anew: bool = False
    ) -> None:
        if noted.admitted is None:
            assert noted.refusal is not None
            answer = told(noted.refusal, message_id=incoming.update_id)
            await self._show(noted, None, reply, answer)
            return
        admitted = noted.admitted
        lock = self._locks.setdefault(admitted.member_id, asyncio.Lock())
        async with lock:  # one member's messages in order, wherever they come from
            if admitted.member_id in self._changed and not anew:
                # By a message before this one they may be gone, or the account another's.
                async with self._parts.store.work() as work:
                    noted = await self._admitted(work, noted.row_id, incoming, paced=False)
            else:
                await self._answer(admitted, noted, incoming, reply)
                return
        await self._handle(noted, incoming, reply, anew=True)

    async def _answer(
        self, admitted: Admitted, noted: Noted, incoming: Incoming, reply: Reply
    ) -> None:
        turn = Turn(
            # The message before this one may have linked its account to another.
            member_id=self._merged.get(admitted.member_id, admitted.member_id),
            through=Through.HAND,
            place=incoming.place,
            language=admitted.language,
            zone=admitted.zone,
            parts=self._parts,
            room_id=admitted.room_id,
            inbox_id=noted.row_id,
            foreign=tuple(incoming.foreign),
            quoted=incoming.quoted,
        )
        turn = await editions.take(turn, incoming.answers)
        await pointed.take(turn, incoming.answers)
        welcoming = _welcomed(turn, admitted, incoming)
        note, _ = await in_words(welcoming, message_id=incoming.update_id)
        answering = self._dispatch.answer(turn, incoming, reply)
        answer, well = await in_words(answering, message_id=incoming.update_id)
        if note.text and answer != Answer():  # what is only taken in is not answered
            answer = replace(answer, text=f"{answer.text}\n\n{note.text}".strip())
        await self._show(noted, turn, reply, answer, well=well)

    async def _show(
        self, noted: Noted, turn: Turn | None, reply: Reply, answer: Answer, *, well: bool = True
    ) -> None:
        part = Part(answer.text, private=answer.private)
        ids: Sequence[str] = ()
        try:
            if turn is not None:
                # By what they asked for they may be one with another.
                asker_id = self._merged.get(turn.member_id, turn.member_id)
                part = await part_of(self._desk, turn.store, answer, asker_id=asker_id)
            arrived, ids = await self._shown(noted, reply, part)
            well = arrived and well
        except Exception as error:  # noqa: BLE001  # its buttons cannot be kept, or an adapter trips
            await _apologise(error, str(noted.row_id), reply)
            well = False
        state = InboxState.ANSWERED if well else InboxState.FAILED
        try:
            async with self._parts.store.work() as work:
                for record in turn.records if turn is not None else ():
                    await record(work)
                if turn is not None and turn.place.private:
                    await messages.note(work, turn, answer, part, ids)
                await inbox.finish(work, noted.row_id, state=state)
        except Unavailable as outage:  # the next start takes the row up
            logger.warning("answer_not_noted", row_id=noted.row_id, code=outage.code)

    async def _shown(self, noted: Noted, reply: Reply, part: Part) -> tuple[bool, Sequence[str]]:
        """Show the answer; what the platform did not take is tried again after each pause.

        Whether it is there, and the ids of its messages, where they are told.
        """
        if not (part.text or part.cards or part.pictures or part.buttons):
            return True, ()  # taken in, and that is all there is to it
        for pause in (*self._pauses, None):
            try:
                return True, await reply.show(part) or ()
            except Unavailable as outage:
                if pause is None or isinstance(outage, (Unknown, Gone)):
                    logger.warning("answer_not_shown", row_id=noted.row_id, code=outage.code)
                    break
                await asyncio.sleep(pause)
        return False, ()


async def _welcomed(turn: Turn, admitted: Admitted, incoming: Incoming) -> Answer:
    """What a newcomer has to know of their name; nothing for all others."""
    if not admitted.newcomer:
        return Answer()
    return Answer(await naming.welcome(turn, admitted.name_change_id, incoming.sender.name))


async def _apologise(bug: Exception, message_id: str, reply: Reply) -> None:
    said = told(bug, message_id=message_id)
    with suppress(Exception):  # it is in the log; there is nobody else to tell
        await reply.show(Part(said.text, private=True))
