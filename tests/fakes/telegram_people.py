"""What people do in the fake Telegram: write, press, react, block, move groups."""

import mimetypes
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.telegram_html import find_entities
from tests.fakes.telegram_limits import Refused
from tests.fakes.telegram_updates import Updates
from tests.fakes.telegram_world import ANA, Chat, Json, Person, Post, Recording, Sent, World


class People:
    """Everybody but the bot; what they do reaches it as updates."""

    def __init__(self, bot: Person, *, privacy: bool) -> None:
        self.world = World(bot)
        self.updates = Updates()
        self.privacy = privacy
        self.open_queries: set[str] = set()  # presses and inline queries not answered yet
        self._queries = 0

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
        name: str = "file.bin",
        recording: tuple[Recording, bytes] | None = None,
        caption: str = "",
        album: str | None = None,
        topic: int | None = None,
        forwarded_from: Person | None = None,
        ago: int = 0,
    ) -> Json:
        """Let somebody write, privately unless a chat is named, and return the update.

        `name` is the document's. Messages of one `album` are shown together. `ago`: seconds since
        they did, as the bot was off.
        """
        home = self.world.private(user)
        place = home if chat is None or chat == user.id else self.world.room(chat)
        if place.person is not None:
            place.closed = None
        post = place.add(user, "say")
        post.source = post.plain = caption or text
        post.entities = find_entities(post.plain)
        post.date -= ago
        post.topic, post.album = topic, album
        if topic is not None:
            place.topics.add(topic)
            place.forum = True
        post.reply_to = reply_to.message_id if isinstance(reply_to, Sent) else reply_to
        if photo is not None:
            post.files = self.world.keep_photo(photo)
        if document is not None:
            mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
            post.files = self.world.keep_document(document, name, mime)
        if recording is not None:
            kind, content = recording
            mime = {"audio": "audio/mpeg", "voice": "audio/ogg"}.get(kind, "video/mp4")
            post.files = self.world.keep_recording(content, kind, f"sent.{kind}", mime)
        if forwarded_from is not None:
            origin = {"type": "user", "sender_user": forwarded_from.wire(), "date": post.date}
            post.service = {"forward_origin": origin}
        return self._deliver(post)

    def amend(self, update: Json, text: str) -> Json:
        """Let somebody edit what they said in an update, in text, and return the new update."""
        said = update["message"]
        post = self.world.room(said["chat"]["id"]).posts[said["message_id"]]
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

    def react(self, message: Sent, *emoji: str, user: Person = ANA) -> Json:
        """Let somebody have these reactions to a message and no others, and return the update."""
        post = self.world.room(message.chat_id).posts[message.message_id]
        before = post.felt.get(user.id, ())
        post.felt[user.id] = emoji
        told = [[{"type": "emoji", "emoji": it} for it in given] for given in (before, emoji)]
        change = {"user": user.wire(), "old_reaction": told[0], "new_reaction": told[1]}
        body = {"chat": post.chat.wire(), "message_id": post.id, "date": post.date}
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
        self.open_queries.add(query_id)
        return self.updates.add(kind, {"id": query_id, "from": user.wire(), **fields})

    def _membership(self, chat: Chat, user: Person, old: str, new: str) -> Json:
        bot = self.world.bot.wire()
        until = {"until_date": 0}
        change = {
            "chat": chat.wire(),
            "from": user.wire(),
            "date": int(time.time()),
            "old_chat_member": {"user": bot, "status": old} | (until if old == "kicked" else {}),
            "new_chat_member": {"user": bot, "status": new} | (until if new == "kicked" else {}),
        }
        return self.updates.add("my_chat_member", change)
