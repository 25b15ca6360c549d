"""The way back to one incoming message."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import structlog
from telegram.constants import ChatAction
from telegram.error import BadRequest, TelegramError

from bridges.beforehand import Peek, Press
from bridges.protocol import Part, Sender
from bridges.telegram import links
from bridges.telegram.albums import post_all
from bridges.telegram.carrying import Carrying
from bridges.telegram.commands import tappable
from bridges.telegram.cutting import units
from bridges.telegram.failures import telegram_errors, translated
from bridges.telegram.growing import Growing
from bridges.telegram.pacing import Pacer, Rank
from bridges.telegram.posting import Bot, Target, edit, post
from bridges.telegram.pressing import Pressed, brief
from bridges.telegram.questions import Questions
from bridges.telegram.render import MAX_TEXT, Message, question, render
from bridges.telegram.sentences import CANNOT_WRITE, OPEN_CHAT, SENT_PRIVATELY
from bridges.telegram.spans import plain, rich
from feed_core.errors import Gone

WORDLESS = Part()
PACE, GROUP_PACE = 1.0, 4.0  # seconds between edits; a group takes 20 messages a minute

logger = structlog.get_logger(__name__)


class TelegramReply:
    """Shows what becomes of one message where it was said, or privately to who said it.

    With a `draft_id`, which is not 0, an answer in a private chat grows as a draft of that number.
    """

    def __init__(
        self,
        bot: Bot,
        target: Target,
        sender: Sender,
        pacer: Pacer,
        questions: Questions,
        names: Mapping[str, str],
        *,
        carrying: Carrying,
        private: bool,
        token: str | None = None,
        pressed: Pressed | None = None,
        draft_id: int | None = None,
    ) -> None:
        self._bot, self._target, self._sender = bot, target, sender
        self._pacer, self._questions, self._names = pacer, questions, names
        self._private, self._token, self._pressed = private, token, pressed
        self._carrying = carrying
        self._grown: int | None = None  # the message that grows
        self._draft_id = draft_id if private else None  # the draft that grows instead
        self._growing = Growing(
            self._type,
            self._draw,
            lambda: pacer.spare(target.chat_id),
            pace=PACE if private else GROUP_PACE,
            first=0.0 if self._draft_id is not None else None,  # a draft takes no sound away
        )

    async def stream(self, text: str) -> None:
        """Show how far the answer has grown, by editing one message about once a second."""
        self._growing.grow(text)

    async def end(self) -> None:
        """Show no more signs that an answer comes: there is none to wait for."""
        await self._growing.end()

    async def show(self, part: Part) -> Sequence[str]:
        """Show the answer and return the ids of its messages here; raises as the protocol says.

        A short one to a press stands in the button's bubble, which the presser alone sees.
        """
        await self._growing.end()
        whispers = part.private and not self._private
        bubble = not whispers or (brief(part) and not part.buttons)
        if self._pressed is not None and bubble and await self._pressed.show(part):
            return ()
        part = replace(part, text=tappable(part.text, self._names))
        match part.buttons:  # nothing to choose from: what it asks for is asked at once
            case [Press(asks=True) as only] if not (part.cards or part.pictures):
                await self.ask(Peek(part.private, part.text), only.token)
                return ()
        messages = render(part)
        with telegram_errors():
            if whispers:
                await self._whisper(messages, part)
                return ()
            said = [str(it) for it in await self._say(messages)]
            await self._say_what_waited()
            return said

    async def ask(self, peek: Peek, token: str) -> None:
        """Ask for the words that a button's blank needs; raises like `show`."""
        whispers = peek.private and not self._private
        if self._pressed is not None and not whispers:
            await self._pressed.stop_wheel()
        with telegram_errors():
            if whispers:
                await self._whisper([question(peek, token, asker=None)], asks=token)
                return
            asker = None if self._private else (self._sender.id, self._sender.name)
            said = await self._say([question(peek, token, asker=asker)])
            self._expect_words(self._target.chat_id, said, token)

    async def tell(self, sentence: str) -> None:
        """Say one sentence; raises like `show`."""
        await self.show(Part(sentence))

    async def take_back(self, message_id: int) -> None:
        """Delete a message of ours here, if that is still possible."""
        try:
            await self._bot.delete_message(self._target.chat_id, message_id)
        except TelegramError as error:  # a leftover does no harm
            logger.info("telegram_message_left", error=type(error).__name__)

    async def _type(self) -> None:
        chat, thread = self._target.chat_id, self._target.thread_id
        await self._bot.send_chat_action(chat, ChatAction.TYPING, message_thread_id=thread)

    async def _draw(self, text: str) -> None:
        # When it has outgrown a message, its end: no character has more than two units.
        tail = text if units(text) <= MAX_TEXT else f"…{text[1 - MAX_TEXT // 2 :]}"
        if self._draft_id is not None and await self._drafted(tail):
            return
        message = Message(rich(tail))
        if self._grown is None:
            # The answer makes the sound: it comes as a message of its own only if it must.
            self._grown = await post(self._bot, self._target, message, rank=Rank.SIGN)
        else:
            await edit(self._bot, self._target, self._grown, message, rank=Rank.SIGN)

    async def _drafted(self, text: str) -> bool:
        """Show it as a draft, which the answer takes the place of; False where there are none.

        https://core.telegram.org/bots/api#sendmessagedraft: private chats only, no sound.
        """
        assert self._draft_id is not None
        chat, thread = self._target.chat_id, self._target.thread_id
        try:
            return await self._bot.send_message_draft(
                chat, self._draft_id, plain(rich(text)), message_thread_id=thread
            )
        except BadRequest as error:  # an older server, or a chat without drafts
            logger.info("telegram_no_draft", error=type(error).__name__)
            self._draft_id = None
            return False

    async def _say(self, messages: Sequence[Message], *, silent: bool = False) -> Sequence[int]:
        """Say it where the message came from, in the place of what has grown; the messages' ids."""
        grown, self._grown = self._grown, None
        first, *rest = messages
        said: list[int] = []
        editable = first.file is None and not first.asks
        if grown is not None and editable and await edit(self._bot, self._target, grown, first):
            said, grown, messages = [grown], None, rest
        if messages:
            said += await post_all(self._bot, self._target, messages, silent=silent)
        if grown is not None:
            await self.take_back(grown)
        return said

    async def _say_what_waited(self) -> None:
        """Say what they were to be told before they could be written to, now that they can."""
        if self._private and (waited := self._carrying.take(self._sender.id)) is not None:
            said = await self._say(waited.messages)
            if waited.asks is not None:
                self._expect_words(self._target.chat_id, said, waited.asks)

    def _expect_words(self, chat_id: int, said: Sequence[int], token: str) -> None:
        """Take what they write next for an answer to what they are asked, if they are alone."""
        self._questions.ask(chat_id, self._sender.id, said[-1], token)

    async def _whisper(
        self, messages: Sequence[Message], part: Part = WORDLESS, *, asks: str | None = None
    ) -> None:
        """Say it in the sender's own chat, and in the room only that it went there.

        Who pressed a button reads that, or in short the answer, in the bubble they alone see.
        `asks`: the token of what it is that it asks for.
        """
        glance = part.text if brief(part) and len(part.buttons) <= 1 else ""
        pressed, own = self._pressed, Target(int(self._sender.id))
        try:
            said = await post_all(self._bot, own, messages, silent=bool(pressed and glance))
        except TelegramError as error:
            if not isinstance(translated(error), Gone):
                raise
            # The stored call runs again where its answer can be shown; what was said is done.
            if self._token is None:
                self._carrying.keep(self._sender.id, messages, asks)
            link = links.to(self._bot.username, self._token or links.ASKED)
            note = Message(rich(CANNOT_WRITE), link=(OPEN_CHAT, link))
            told = pressed and await (pressed.tell(glance) if glance else pressed.lead_to(link))
        else:
            if asks is not None:
                self._expect_words(own.chat_id, said, asks)
            note = Message(rich(SENT_PRIVATELY))
            told = pressed and await pressed.tell(glance or SENT_PRIVATELY)
        if not told:
            await self._say([note], silent=True)
