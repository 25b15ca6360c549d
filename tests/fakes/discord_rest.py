"""The routes of REST v10 for channels, messages, threads and reactions.

Routes: https://docs.discord.com/developers/resources/channel and .../resources/message
"""

from urllib.parse import unquote

from aiohttp import web

from tests.fakes.discord_errors import ApiError, Json, invalid, reply
from tests.fakes.discord_events import changed_event, channel_event, reaction_event
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_posting import Posting, read_body
from tests.fakes.discord_rules import length
from tests.fakes.discord_things import DM, FORUM, THREAD, Channel, Message
from tests.fakes.discord_traffic import API
from tests.fakes.discord_world import World

MOST_TAGS, MOST_ON_A_POST = 20, 5
CHANNEL = "/channels/{channel}"
MESSAGE = CHANNEL + "/messages/{message}"
REACTION = MESSAGE + "/reactions/{emoji}"


class Rooms:
    """What the bot reads and does in channels."""

    def __init__(self, world: World, gateway: Gateway, posting: Posting) -> None:
        self._world, self._gateway, self._posting = world, gateway, posting
        self.typing: list[Channel] = []

    def routes(self) -> list[web.RouteDef]:
        table = [
            ("POST", "/users/@me/channels", self.open_dm),
            ("GET", CHANNEL, self.get_channel),
            ("PATCH", CHANNEL, self.change_channel),
            ("POST", CHANNEL + "/typing", self.start_typing),
            ("POST", CHANNEL + "/threads", self.start_thread),
            ("GET", CHANNEL + "/messages", self.get_history),
            ("POST", CHANNEL + "/messages", self.post_message),
            ("GET", MESSAGE, self.get_message),
            ("PATCH", MESSAGE, self.edit_message),
            ("DELETE", MESSAGE, self.delete_message),
            ("DELETE", CHANNEL, self.delete_channel),
            ("POST", MESSAGE + "/threads", self.start_thread),
            ("GET", REACTION, self.who_reacted),
            ("PUT", REACTION + "/@me", self.react),
            ("DELETE", REACTION + "/@me", self.unreact),
        ]
        return [web.route(method, API + path, handler) for method, path, handler in table]

    # Channels

    def _channel(self, request: web.Request) -> Channel:
        return self._world.channel_of(request.match_info["channel"])

    async def get_channel(self, request: web.Request) -> web.Response:
        return reply(self._channel(request).payload())

    async def change_channel(self, request: web.Request) -> web.Response:
        channel, (body, _) = self._channel(request), await read_body(request)
        if channel.fixed or channel.closed:
            raise ApiError(403, 50013, "Missing Permissions")
        if "name" in body:
            channel.name = length("name", body["name"], 1, 100)
        if "archived" in body:
            channel.archived = bool(body["archived"])
        if "available_tags" in body:
            if len(body["available_tags"]) > MOST_TAGS:
                text = "Must be 20 or fewer in length."
                raise invalid("available_tags", "BASE_TYPE_MAX_LENGTH", text)
            channel.tags = [self._tag(it) for it in body["available_tags"]]
        self._gateway.dispatch(*changed_event(channel))
        return reply(channel.payload())

    def _tag(self, given: Json) -> Json:
        name = length("available_tags.name", given.get("name"), 1, 20)
        number = str(given.get("id") or self._world.new_id())
        moderated = bool(given.get("moderated"))
        return {
            "id": number,
            "name": name,
            "moderated": moderated,
            "emoji_id": None,
            "emoji_name": None,
        }

    async def open_dm(self, request: web.Request) -> web.Response:
        body, _ = await read_body(request)
        person = self._world.users.get(int(body["recipient_id"]))
        if person is None or person is self._world.bot:
            raise ApiError(400, 50033, "Invalid Recipient(s)")
        return reply(self._world.private(person).payload())

    async def start_typing(self, request: web.Request) -> web.Response:
        self.typing.append(self._channel(request))
        return reply()

    async def start_thread(self, request: web.Request) -> web.Response:
        parent, (body, uploads) = self._channel(request), await read_body(request)
        if parent.kind in (DM, THREAD):
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        name = length("name", body.get("name"), 1, 100)
        root = request.match_info.get("message")
        number = self._world.message_of(parent, root).id if root else None
        if number in self._world.channels:
            raise ApiError(400, 160004, "A thread has already been created for this message")
        applied = [str(it) for it in body.get("applied_tags") or []]
        if parent.kind == FORUM:
            number = self._world.new_id()  # the post's first message has the id of its thread
            if len(applied) > MOST_ON_A_POST:
                text = "Must be 5 or fewer in length."
                raise invalid("applied_tags", "BASE_TYPE_MAX_LENGTH", text)
            if strange := set(applied) - {it["id"] for it in parent.tags}:
                raise ApiError(400, 10087, f"Unknown tag {sorted(strange)}")
        if parent.closed:
            raise ApiError(403, 50013, "Missing Permissions")
        thread = self._world.channel(name, parent=parent, number=number)
        thread.applied = applied
        thread.owner_id = self._world.bot.id
        self._gateway.dispatch(*channel_event(thread))
        answer = thread.payload()
        if parent.kind == FORUM:
            first = self._posting.post(thread, body.get("message") or {}, uploads, number=thread.id)
            answer["message"] = first.payload()
        return reply(answer, status=201)

    # Messages

    def _message(self, request: web.Request) -> Message:
        return self._world.message_of(self._channel(request), request.match_info["message"])

    async def get_history(self, request: web.Request) -> web.Response:
        channel, asked = self._channel(request), request.query
        limit = int(asked.get("limit", 50))
        if not 1 <= limit <= 100:
            raise invalid("limit", "NUMBER_TYPE_MAX", "int value should be from 1 to 100.")
        everything = sorted(self._world.messages.values(), key=lambda message: message.id)
        here = [m for m in everything if m.channel is channel and not (m.deleted or m.ephemeral)]
        if "around" in asked:
            middle = int(asked["around"])
            here = sorted(here, key=lambda m: abs(m.id - middle))[:limit]
            here.sort(key=lambda message: message.id)
        elif "after" in asked:
            here = [m for m in here if m.id > int(asked["after"])][:limit]
        elif "before" in asked:
            here = [m for m in here if m.id < int(asked["before"])]
        return reply([message.payload() for message in reversed(here[-limit:])])

    async def post_message(self, request: web.Request) -> web.Response:
        channel, (body, uploads) = self._channel(request), await read_body(request)
        if channel.kind == FORUM:
            raise ApiError(400, 50008, "Cannot send messages in a non-text channel")
        return reply(self._posting.post(channel, body, uploads).payload())

    async def get_message(self, request: web.Request) -> web.Response:
        return reply(self._message(request).payload())

    async def edit_message(self, request: web.Request) -> web.Response:
        message, (body, uploads) = self._message(request), await read_body(request)
        return reply(self._posting.edit(message, body, uploads).payload())

    async def delete_message(self, request: web.Request) -> web.Response:
        self._posting.delete(self._message(request))
        return reply()

    async def delete_channel(self, request: web.Request) -> web.Response:
        """Delete a thread with all that was said in it."""
        thread = self._channel(request)
        if thread.kind != THREAD:
            raise ApiError(403, 50013, "Missing Permissions")
        for message in self._world.messages.values():
            message.deleted |= message.channel is thread
        del self._world.channels[thread.id]
        self._world.changed()
        return reply(thread.payload())

    async def who_reacted(self, request: web.Request) -> web.Response:
        """https://docs.discord.com/developers/resources/message#get-reactions."""
        message, emoji = self._message(request), unquote(request.match_info["emoji"])
        limit, after = int(request.query.get("limit", 25)), int(request.query.get("after", 0))
        if not 1 <= limit <= 100:
            raise invalid("limit", "NUMBER_TYPE_MAX", "Must be between 1 and 100.")
        users = sorted(message.reactions.get(emoji, []), key=lambda it: it.id)
        return reply([it.payload() for it in users if it.id > after][:limit])

    async def react(self, request: web.Request) -> web.Response:
        message, emoji = self._message(request), unquote(request.match_info["emoji"])
        users = message.reactions.setdefault(emoji, [])
        if self._world.bot not in users:
            users.append(self._world.bot)
            self._gateway.dispatch(*reaction_event(message, emoji, self._world.bot))
        return reply()

    async def unreact(self, request: web.Request) -> web.Response:
        message, emoji = self._message(request), unquote(request.match_info["emoji"])
        if self._world.bot not in message.reactions.get(emoji, []):
            raise ApiError(400, 10014, "Unknown Emoji")
        message.reactions[emoji].remove(self._world.bot)
        return reply()
