"""From Telegram's updates to the door: side by side, but one person's in order."""

import asyncio
from collections.abc import Coroutine
from typing import Any
from uuid import uuid4
from weakref import WeakValueDictionary

import structlog
from telegram import ChatMemberUpdated, Update
from telegram.constants import ChatMemberStatus, ChatType

from agents import wording
from bridges.protocol import Door
from bridges.telegram.gathering import Gathering
from bridges.telegram.hearing import happening_in
from bridges.telegram.inline import Inline
from bridges.telegram.pressing import WAIT, Pressed
from bridges.telegram.reading import place_of, sender_of
from bridges.telegram.receiving import Heard, Receiver
from feed_core.errors import Unavailable

logger = structlog.get_logger(__name__)


class Passing:
    """Owns the work on every update until it is finished."""

    def __init__(self, receiver: Receiver, inline: Inline, door: Door) -> None:
        self._receiver, self._inline, self._door = receiver, inline, door
        self._gathering = Gathering()
        self._lines: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, update: Update) -> None:
        """Begin to work on an update."""
        if (happening := happening_in(update)) is not None:
            self._begin(self._door.notice(happening))
            return
        if update.inline_query is not None:
            self._begin(self._inline.answer(update.inline_query))
            return
        if update.my_chat_member is not None:
            self._begin(self._met(update.my_chat_member))
            return
        try:
            heard = self._receiver.hear(update)
        except Exception:  # one odd update must not stop the others
            logger.exception("telegram_update_unreadable", update_id=update.update_id)
            return
        if heard is None:
            if update.callback_query is not None:  # somebody else's keyboard, or a very old one
                self._begin(Pressed(update.callback_query).stop_wheel())
        elif not self._gathering.joins(heard):
            if heard.pressed is not None:
                self._begin(heard.pressed.stop_wheel(WAIT))
            line = self._lines.setdefault(heard.incoming.sender.id, asyncio.Lock())
            self._begin(self._pass_on(heard, line))

    async def finish(self, within: float) -> None:
        """Wait until all is done; what takes longer than these seconds is cancelled."""
        try:
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=within)
        finally:  # also when the wait itself is cancelled: no task outlives its owner
            late = [task for task in self._tasks if task.cancel()]
            await asyncio.gather(*late, return_exceptions=True)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, heard: Heard, line: asyncio.Lock) -> None:
        """Hand a message to the door, after those that came before it.

        The line does not wait for answers: the door keeps what it was handed, so no message is
        lost behind a slow answer when the program stops (Telegram will not send it again).
        """
        try:
            async with line:
                heard = await self._gathering.whole(heard)
                if not heard.incoming.overheard:
                    await heard.reply.stream("")
                incoming = await self._receiver.complete(heard)
            if incoming is not None:
                await self._door.receive(incoming, heard.reply)
                if heard.pressed is not None:
                    await heard.pressed.tidy(self._door)
        except Unavailable as outage:
            logger.warning("telegram_not_asked", code=outage.code)
        except Exception:
            incident = uuid4().hex[:8]
            update_id = heard.incoming.update_id
            logger.exception("telegram_broken", update_id=update_id, incident=incident)
            await _say(heard, wording.broken(incident))
        finally:
            await heard.reply.end()

    async def _met(self, change: ChatMemberUpdated) -> None:
        """Note that somebody blocked the bot, or came back."""
        if change.chat.type != ChatType.PRIVATE:
            return
        here = change.new_chat_member.status == ChatMemberStatus.MEMBER
        place = place_of(change.chat, None)
        try:
            await self._door.reachable(sender_of(change.from_user), place, now=here)
        except Unavailable as outage:  # a delivery that does not arrive tells the same
            logger.warning("telegram_reach_not_noted", code=outage.code)


async def _say(heard: Heard, sentence: str) -> None:
    try:
        await heard.reply.tell(sentence)
    except Unavailable as outage:
        logger.warning("telegram_not_told", code=outage.code)
