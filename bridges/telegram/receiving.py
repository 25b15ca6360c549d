"""What people write and press, as Jamfeed takes it in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType

from agents.turn import Place
from bridges.protocol import Door, Incoming, Sender
from bridges.telegram import links
from bridges.telegram.carrying import Carrying
from bridges.telegram.hearing import below, spot_of
from bridges.telegram.lateness import Lateness
from bridges.telegram.pacing import Pacer
from bridges.telegram.posting import Bot, Target
from bridges.telegram.pressing import Pressed
from bridges.telegram.questions import Question, Questions
from bridges.telegram.reading import (
    PRESSED,
    START,
    TooLarge,
    answers_of,
    blank_of,
    foreign_in,
    forwarded,
    note_in,
    place_of,
    sender_of,
    shown_in,
    thread_of,
    uploads_of,
    words,
)
from bridges.telegram.reply import TelegramReply
from bridges.telegram.sentences import (
    AWAY,
    CANCELLED,
    FILE_LOST,
    FILE_TOO_LARGE,
    NOT_READABLE,
    NOT_YOURS,
    NOTHING_ASKED,
)
from feed_core.errors import Unavailable

CANCEL = "/cancel"


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody wants and the way back to them; `message` is what they wrote, if they did.

    `pressed` is the button they pressed, if they did; `asked` what they had been asked until then.
    `album` are the messages of which the one they wrote is a part.
    """

    incoming: Incoming
    reply: TelegramReply
    message: Message | None = None
    pressed: Pressed | None = None
    asked: Question | None = None
    album: Sequence[Message] = ()


class Receiver:
    """Translates one bot's updates; `names` are the acts' names by their form in commands.

    `drafts`: answers in private chats grow as drafts.
    """

    def __init__(
        self,
        bot: Bot,
        pacer: Pacer,
        door: Door,
        names: Mapping[str, str],
        *,
        drafts: bool = False,
    ) -> None:
        self._bot, self._pacer, self._door, self._names = bot, pacer, door, names
        self._drafts = drafts
        self._questions, self._lateness = Questions(), Lateness()
        self._carrying = Carrying()

    def hear(self, update: Update) -> Heard | None:
        """What an update says; None when it is not a person speaking to the bot."""
        user = update.effective_user
        if user is None or user.is_bot:
            return None
        if update.message is not None and update.message.sender_chat is not None:
            return None  # a channel speaks in the group that is linked to it
        id_, sender = str(update.update_id), sender_of(user)
        if update.callback_query is not None:
            return self._pressed(id_, sender, update.callback_query)
        if update.message is not None:
            return self._written(id_, sender, update.message)
        return None

    async def complete(self, heard: Heard) -> Incoming | None:
        """The message with its file; None when it was answered here.

        That is: by the question that a button's blank asks, or by why it cannot be taken.
        Raises Unavailable, Unknown or Gone when that cannot be said.
        """
        incoming, reply, message = heard.incoming, heard.reply, heard.message
        if incoming.overheard:
            return incoming
        if message is not None and self._lateness.stale(message):
            if self._lateness.first(message.chat.id):
                await reply.tell(AWAY)
            return None
        if message is not None and forwarded(message) and note_in(message) is None:
            # Never taken for the member's own wish; what others spoke is data.
            await reply.tell(NOT_YOURS)
            return None
        if message is not None and forwarded(message):
            incoming = Incoming(incoming.update_id, incoming.sender, incoming.place)
        if incoming.text.split(maxsplit=1)[:1] == [CANCEL]:
            if heard.asked is not None:
                await reply.take_back(heard.asked.message_id)
            await reply.tell(CANCELLED if heard.asked else NOTHING_ASKED)
            return None
        if incoming.token is not None and incoming.filled is None:
            platform = incoming.place.platform
            peek = await self._door.peek(incoming.sender, platform, incoming.token)
            if peek is None or not peek.question:
                return incoming
            await reply.ask(peek, incoming.token)
            return None
        if message is None:
            return incoming
        try:
            uploads = [it for part in heard.album or [message] for it in await uploads_of(part)]
        except TooLarge:
            await reply.tell(FILE_TOO_LARGE)
            return None
        except Unavailable:  # without its file the wish would be another one
            await reply.tell(FILE_LOST)
            return None
        if message.document is not None and not uploads:
            await reply.tell(NOT_READABLE)
            return None
        if incoming.text or incoming.filled or uploads:
            return replace(incoming, uploads=uploads)
        if message.effective_attachment and message.chat.type == ChatType.PRIVATE:
            await reply.tell(NOT_READABLE)
        return None

    def _pressed(self, id_: str, sender: Sender, query: CallbackQuery) -> Heard | None:
        pressed = PRESSED.fullmatch(query.data or "")
        message = query.message  # of a very old one only the chat and the number are known
        if pressed is None or message is None:
            return None
        known = message if isinstance(message, Message) else None
        place = place_of(message.chat, thread_of(known) if known else None)
        shown = shown_in(known) if known else ()
        incoming = Incoming(id_, sender, place, token=pressed[1], shown=shown)
        self._questions.take(message.chat.id, sender.id)
        press = Pressed(query)
        reply = self._reply(incoming, place, message.message_id, press)
        return Heard(incoming, reply, pressed=press)

    def _written(self, id_: str, sender: Sender, message: Message) -> Heard | None:
        text = words(message, self._bot.bot, self._names)
        place = spot_of(message)
        if text is None:
            return self._overheard(id_, sender, message, place)
        asked = self._questions.take(message.chat.id, sender.id)
        incoming = Incoming(
            id_,
            sender,
            place,
            text,
            foreign=foreign_in(message),
            under=below(message, self._bot.bot),
            message_id=str(message.message_id),
            answers=answers_of(message, self._bot.bot),
        )
        if start := START.fullmatch(text):
            incoming = _led(incoming, start[1])
        elif not text.startswith("/"):
            blank = blank_of(message, self._bot.bot)
            alone = place.private and message.text and not message.reply_to_message
            if blank is None and asked and alone:
                blank = asked.token
            if blank is not None:
                incoming = Incoming(id_, sender, place, token=blank, filled=text)
        reply = self._reply(incoming, place, message.message_id)
        return Heard(incoming, reply, message, asked=asked)

    def _overheard(self, id_: str, sender: Sender, message: Message, place: Place) -> Heard | None:
        """What was not said to the bot, where it is an answer to something."""
        under, text = below(message, self._bot.bot), message.text or ""
        if under is None or not text or forwarded(message):
            return None
        incoming = Incoming(
            id_,
            sender,
            place,
            text,
            foreign=foreign_in(message),
            under=under,
            message_id=str(message.message_id),
            overheard=True,
        )
        return Heard(incoming, self._reply(incoming, place, message.message_id))

    def _reply(
        self, incoming: Incoming, place: Place, message_id: int, pressed: Pressed | None = None
    ) -> TelegramReply:
        """The way back; in a group the answer shows what it answers."""
        target = Target.of(place.id, reply_to=None if place.private else message_id)
        return TelegramReply(
            self._bot,
            target,
            incoming.sender,
            self._pacer,
            self._questions,
            self._names,
            carrying=self._carrying,
            private=place.private,
            token=incoming.token,
            pressed=pressed,
            draft_id=int(incoming.update_id) if self._drafts else None,
        )


def _led(incoming: Incoming, payload: str) -> Incoming:
    """The message of somebody who followed a link to the bot."""
    if line := links.line_of(payload):
        return replace(incoming, text=line)
    if token := links.token_of(payload):
        return replace(incoming, text="", token=token)
    return replace(incoming, text="/start")  # a link of old: a greeting leads on
