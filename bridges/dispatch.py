"""From an admitted message to what it asks for, done."""

import asyncio
from contextlib import ExitStack
from dataclasses import replace
from pathlib import PurePath

from agents import people
from agents.answer import Answer, Call
from agents.desk import Desk
from agents.talk import Talk
from agents.turn import Turn
from bridges.faces import read_line
from bridges.protocol import Incoming, Reply
from bridges.rooms import Rooms
from bridges.taking import taken_in
from feed_core.errors import ButtonExpired, TextTooLong
from feed_core.services.pieces import LONGEST_BODY

AT_ONCE = 64  # plain words that are being answered; others have their row and wait
BEGINNING = 3  # of these that are on their way to the model: what is said waits less for others
LONGEST_BEGINNING = 1.0  # seconds; then the next begins in any case
AROUND = 500  # characters: a title and a command round the longest text that there may be


class Dispatch:
    """Finds out what a message wants: a comment, a button, an act, or the agent."""

    def __init__(self, desk: Desk, talk: Talk, rooms: Rooms) -> None:
        self._desk, self._talk, self._rooms = desk, talk, rooms
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._beginning = asyncio.Semaphore(BEGINNING)

    async def answer(self, turn: Turn, incoming: Incoming, reply: Reply) -> Answer:
        """Do what is asked for.

        Raises:
            Refusal: it cannot be done, and the person may know why.
            Unavailable: something outside did not do its part.
        """
        given = [*(incoming.call.arguments if incoming.call else {}).values()]
        given += (incoming.form or {}).values()
        length = sum(len(str(it)) for it in (incoming.text, incoming.filled or "", *given))
        if length > LONGEST_BODY + AROUND:
            raise TextTooLong(length, LONGEST_BODY)
        if (said := await self._rooms.comment(turn, incoming)) is not None:
            return said
        turn, incoming, note = await taken_in(turn, incoming)
        answer = await self._done(turn, incoming, reply)
        return replace(answer, text="\n".join(filter(None, [answer.text, note])))

    async def _done(self, turn: Turn, incoming: Incoming, reply: Reply) -> Answer:
        if incoming.token is not None:
            try:
                return await self._desk.press(
                    turn, incoming.token, filled=incoming.filled, form=incoming.form
                )
            except ButtonExpired as gone:
                raise ButtonExpired(next(iter(incoming.shown), "")) from gone
        if incoming.call is not None:
            return await self._desk.do(turn, await self._called(turn, incoming))
        if incoming.text.startswith("/"):
            return await self._desk.do(turn, read_line(self._desk.acts, incoming.text))
        words = incoming.text.strip()
        if turn.files or (turn.quoted and not words):
            if not words and turn.quoted is None:
                words = PurePath(incoming.uploads[0].name).stem
            return await self._desk.do(turn, Call("draft", {"words": words}))
        async with self._at_once:
            return await self._talked(turn, incoming, reply)

    async def _talked(self, turn: Turn, incoming: Incoming, reply: Reply) -> Answer:
        """The agent's answer; it begins when few others do, and is streamed when it has."""
        await self._beginning.acquire()
        with ExitStack() as beginning:
            beginning.callback(self._beginning.release)
            late = asyncio.get_running_loop().call_later(LONGEST_BEGINNING, beginning.close)
            beginning.callback(late.cancel)

            async def stream(text: str) -> None:
                beginning.close()
                await reply.stream(text)

            return await self._talk.answer(turn, incoming.text, stream)

    async def _called(self, turn: Turn, incoming: Incoming) -> Call:
        """The call, with the member in it in whose menu it stands."""
        call, person = incoming.call, incoming.about
        assert call is not None
        menu = self._desk.find(call.act).menu
        if person is None or menu is None:
            return call
        maker = await people.maker(turn, person.id, person.name)
        return Call(call.act, {**call.arguments, menu.fills: maker})
