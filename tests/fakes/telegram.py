"""A Telegram for tests: people speak and press, the bot is heard, all over loopback HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from tests.fakes.telegram_account import Account, CallbackAnswer
from tests.fakes.telegram_html import find_entities
from tests.fakes.telegram_limits import Pacing, Refused
from tests.fakes.telegram_methods import Messages
from tests.fakes.telegram_server import BotApi, Request
from tests.fakes.telegram_updates import Updates
from tests.fakes.telegram_world import ANA, BEN, Chat, Json, Person, Post, Sent, World

__all__ = ["ANA", "BEN", "FakeTelegram", "Pacing", "Person", "Sent"]


class FakeTelegram:
    """A loopback Bot API server whose people, chats and failures a test holds in its hands.

    It speaks Bot API 10.0 as documented, with limits, pace and error texts; groups reach the
    bot whole unless `privacy` is set. It may be served again after it was stopped; what was
    said and sent is kept.
    """

    def __init__(
        self,
        token: str = "1:test",
        *,
        username: str = "jamfeed_bot",
        paced: bool = True,
        privacy: bool = False,
    ) -> None:
        bot = Person(int(token.partition(":")[0]), "Jamfeed", username, bot=True)
        self.world = World(bot)
        self.pacing = Pacing(enforced=paced)
        self.privacy = privacy
        self.updates = Updates()
        self._messages = Messages(self.world, self.pacing)
        self._account = Account(self.world, self.updates, privacy=privacy)
        self._api = BotApi(token, self._messages, self._account, self.updates)
        self._heard = 0
        self._unheard: list[Sent] = []
        self._queries = 0

    @property
    def sent(self) -> list[Sent]:
        """Everything the bot sent or changed, in order, as it was then."""
        return self._messages.sent

    @property
    def requests(self) -> list[Request]:
        """Every call with the right token, in order."""
        return self._api.requests

    @property
    def callback_answers(self) -> list[CallbackAnswer]:
        """What the bot answered to presses, in order."""
        return self._account.callback_answers

    @property
    def inline_answers(self) -> list[Json]:
        """The results the bot offered to inline queries, in order."""
        return self._account.inline_answers

    @property
    def drafts(self) -> dict[tuple[int, int], str]:
        """The latest text of each draft, by (chat, draft id)."""
        return self._account.drafts

    def commands(self, scope: str = "default", language: str = "") -> list[tuple[str, str]]:
        """Return the command menu as (command, description); a chat's scope is `chat:-5`."""
        menu = self._account.commands.get((scope, language), [])
        return [(str(entry["command"]), str(entry["description"])) for entry in menu]

    def messages(self, chat: int = ANA.id, *, deleted: bool = False) -> list[Sent]:
        """Return a chat's messages as they are now, or those that were deleted."""
        posts = self.world.chats[chat].posts if chat in self.world.chats else {}
        return [post.seen() for post in posts.values() if post.deleted == deleted]

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[str]:
        """Serve on loopback and yield the URL; port 0 takes a free one."""
        self.updates.closing = False
        # A poller that goes away must not hold the only poll there is.
        runner = web.AppRunner(
            self._api.application(),
            access_log=None,
            handler_cancellation=True,
            shutdown_timeout=0.5,
        )
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        poster = asyncio.create_task(self.updates.post_to_webhook())
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            poster.cancel()
            await asyncio.wait([poster])
            self.updates.closing = True
            self.updates.signal.fire()
            await runner.cleanup()

    def group(
        self, chat: int, title: str, *, forum: bool = False, topics: Sequence[int] = ()
    ) -> int:
        """Open a group (or a supergroup: -100…) that the bot is in, and return its id."""
        self.world.chats[chat] = Chat(chat, title, forum=forum, topics=set(topics))
        return chat

    def know(self, *people: Person) -> None:
        """Let the bot know people who never wrote to it; it cannot write to them."""
        for person in people:
            self.world.private(person)

    def start(self, *people: Person) -> None:
        """Let people have started the bot some time ago, without an update."""
        for person in people:
            self.world.private(person).closed = None

    def say(
        self,
        text: str = "",
        *,
        user: Person = ANA,
        chat: int | None = None,
        reply_to: Sent | int | None = None,
        photo: bytes | None = None,
        document: bytes | None = None,
        caption: str = "",
        topic: int | None = None,
        forwarded_from: Person | None = None,
    ) -> Json:
        """Let somebody write, privately unless a chat is named, and return the update."""
        home = self.world.private(user)
        place = home if chat is None or chat == user.id else self.world.room(chat)
        if place.person is not None:
            place.closed = None
        post = place.add(user, "say")
        post.source = post.plain = caption or text
        post.entities = find_entities(post.plain)
        post.topic = topic
        if topic is not None:
            place.topics.add(topic)
            place.forum = True
        post.reply_to = reply_to.message_id if isinstance(reply_to, Sent) else reply_to
        if photo is not None:
            post.files = self.world.keep_photo(photo)
        if document is not None:
            mime = "application/octet-stream"
            post.files = self.world.keep_document(document, "file.bin", mime)
        if forwarded_from is not None:
            origin = {"type": "user", "sender_user": forwarded_from.wire(), "date": post.date}
            post.service = {"forward_origin": origin}
        return self._deliver(post)

    def amend(self, message: Json | int, text: str, *, chat: int = ANA.id) -> Json:
        """Let somebody edit what they wrote (an update of theirs, or an id), in text."""
        if isinstance(message, dict):
            chat, message = message["message"]["chat"]["id"], message["message"]["message_id"]
        post = self.world.room(chat).posts[int(message)]
        post.source = post.plain = text
        post.entities, post.edited = find_entities(text), post.date + 1
        return self.updates.add("edited_message", post.wire())

    def press(
        self,
        message: Sent | int,
        button: str,
        *,
        user: Person = ANA,
        chat: int | None = None,
    ) -> Json:
        """Let somebody press a button, named by its label or data, and return the update.

        The message is as it is now, not as it was when heard. Raises LookupError when it has
        no such button.
        """
        if isinstance(message, Sent):
            chat, message = message.chat_id, message.message_id
        post = self.world.room(user.id if chat is None else chat).posts[message]
        rows = (post.markup or {}).get("inline_keyboard", [])
        there = [entry for row in rows for entry in row if "callback_data" in entry]
        data = [b["callback_data"] for b in there if button in (b["text"], b["callback_data"])]
        if not data:
            raise LookupError(f"no button {button!r} among {[b['text'] for b in there]}")
        return self._ask(
            "callback_query",
            user,
            message=post.wire(),
            chat_instance=str(post.chat.id),
            data=data[0],
        )

    def follow(self, link: str, *, user: Person = ANA) -> Json:
        """Let somebody open a `t.me/BOT?start=TOKEN` link, and return the update."""
        parts = urlsplit(link)
        payload = parse_qs(parts.query).get("start", [""])[0]
        if parts.path.strip("/").lower() != str(self.world.bot.username).lower():
            raise LookupError(f"{link} does not lead to this bot")
        return self.say(f"/start {payload}".strip(), user=user)

    def type_inline(self, text: str, *, user: Person = ANA) -> Json:
        """Let somebody type after the bot's name in any chat, and return the update."""
        return self._ask("inline_query", user, query=text, offset="")

    def react(self, message: Sent, emoji: str, *, user: Person = ANA) -> Json:
        """Let somebody react to a message, and return the update."""
        post = self.world.room(message.chat_id).posts[message.message_id]
        body = {"chat": post.chat.wire(), "message_id": post.id, "date": post.date}
        new = [{"type": "emoji", "emoji": emoji}]
        change = {"user": user.wire(), "old_reaction": [], "new_reaction": new}
        return self.updates.add("message_reaction", body | change)

    def repeat(self, update: Json) -> None:
        """Deliver an update again under the same id."""
        self.updates.again(update)

    def block(self, user: Person = ANA) -> Json:
        """Let somebody block the bot, and return the update."""
        chat = self.world.private(user)
        chat.closed = Refused(403, "Forbidden: bot was blocked by the user")
        return self._membership(chat, user, "member", "kicked")

    def unblock(self, user: Person = ANA) -> Json:
        """Let somebody unblock the bot, and return the update."""
        chat = self.world.private(user)
        chat.closed = None
        return self._membership(chat, user, "kicked", "member")

    def kick(self, chat: int, *, user: Person = ANA) -> Json:
        """Let somebody throw the bot out of a group, and return the update."""
        room = self.world.room(chat)
        room.closed = Refused(403, f"Forbidden: bot was kicked from the {room.kind} chat")
        return self._membership(room, user, "member", "kicked")

    def migrate(self, chat: int, new: int) -> int:
        """Turn a group into a supergroup with a new id, and return that."""
        old = self.world.room(chat)
        self.group(new, old.title)
        notice = old.add(ANA, "say")
        notice.service = {"migrate_to_chat_id": new}
        self.updates.add("message", notice.wire())
        reason = "Bad Request: group chat was upgraded to a supergroup chat"
        old.closed = Refused(400, reason, migrate_to_chat_id=new)
        return new

    def expire_queries(self) -> None:
        """Let every press that was not answered yet be too old."""
        self._account.open_queries.clear()

    def fail_next(
        self,
        method: str,
        *,
        status: int = 500,
        times: int = 1,
        description: str | None = None,
        retry_after: int | None = None,
        drop: Literal["before", "after"] | None = None,
        taken: bool = False,
        chat: int | None = None,
    ) -> None:
        """Let the next calls of a method fail (`*`: of any but getUpdates), in one chat or all.

        `drop` cuts the connection before or after the call had its effect; `taken` gives the
        error status although it had its effect.
        """
        self._api.failures.add(
            method,
            status=status,
            times=times,
            description=description,
            retry_after=retry_after,
            drop=drop,
            taken=taken,
            chat=chat,
        )

    async def hears(
        self,
        chat: int = ANA.id,
        *,
        timeout: float = 5,
        method: str | None = None,
    ) -> Sent:
        """Return the next thing the bot sent to this chat or changed in it, each once.

        With a method, what came before by another method is passed over. Raises TimeoutError.
        """

        def fits(sent: Sent) -> bool:
            return sent.chat_id == chat and method in (None, sent.method)

        def arrived() -> bool:
            self._unheard.extend(self.sent[self._heard :])
            self._heard = len(self.sent)
            return any(fits(sent) for sent in self._unheard)

        if not await self.updates.signal.until(arrived, timeout):
            calls = [request.method for request in self.requests[-10:]]
            raise TimeoutError(f"the bot sent nothing to {chat}; its last calls: {calls}")
        heard = next(sent for sent in self._unheard if fits(sent))
        place = self._unheard.index(heard)
        passed = [sent for sent in self._unheard[:place] if sent.chat_id != chat]
        self._unheard[: place + 1] = passed
        return heard

    async def until(self, condition: Callable[[], bool], timeout: float = 5) -> None:
        """Wait until a condition holds, tried after every call; raises TimeoutError."""
        if not await self.updates.signal.until(condition, timeout):
            raise TimeoutError("the condition did not come to hold")

    def _deliver(self, post: Post) -> Json:
        """Queue a message, unless privacy mode hides it from the bot, and return the update."""
        replied = post.chat.posts.get(post.reply_to or 0)
        named = f"@{self.world.bot.username}" in post.plain
        addressed = (
            post.chat.person is not None
            or named
            or post.plain.startswith("/")
            or (replied is not None and replied.sender == self.world.bot)
        )
        if self.privacy and not addressed:
            return {"update_id": 0, "message": post.wire()}
        return self.updates.add("message", post.wire())

    def _ask(self, kind: str, user: Person, **fields: Any) -> Json:
        self._queries += 1
        query_id = f"{user.id}{self._queries:06}"
        self._account.open_queries.add(query_id)
        return self.updates.add(kind, {"id": query_id, "from": user.wire(), **fields})

    def _membership(self, chat: Chat, user: Person, old: str, new: str) -> Json:
        bot = self.world.bot.wire()
        until = {"until_date": 0}
        change = {
            "chat": chat.wire(),
            "from": user.wire(),
            "date": 1_700_000_000,
            "old_chat_member": {"user": bot, "status": old} | (until if old == "kicked" else {}),
            "new_chat_member": {"user": bot, "status": new} | (until if new == "kicked" else {}),
        }
        return self.updates.add("my_chat_member", change)
