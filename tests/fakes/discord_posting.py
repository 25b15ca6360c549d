"""Making, editing and deleting the bot's messages, by whatever route they come."""

import copy
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web
from aiohttp.multipart import BodyPartReader

from tests.fakes.discord_errors import ApiError, Json, invalid
from tests.fakes.discord_events import Addressed, message_event
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_rules import (
    EPHEMERAL,
    LOADING,
    SILENT,
    SUPPRESS_EMBEDS,
    V2,
    VOICE,
    check_message,
    length,
    walk_media,
)
from tests.fakes.discord_things import DM, Channel, File, Message, User
from tests.fakes.discord_traffic import BODY
from tests.fakes.discord_world import World

UPLOAD_LIMIT = 10 * 1024 * 1024  # bytes of one file
NONCE_SECONDS = 300  # "the past few minutes"


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    data: bytes


async def read_body(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """Return the JSON of a request and its files by number; refuse what is not JSON."""
    uploads: dict[str, Upload] = {}
    text = b""
    if request.content_type.startswith("multipart/"):
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            data = bytes(await part.read())
            if part.name == "payload_json":
                text = data
            elif number := re.fullmatch(r"files\[(\d+)\]", part.name or ""):
                if len(data) > UPLOAD_LIMIT:
                    raise ApiError(413, 40005, "Request entity too large")
                uploads[number[1]] = Upload(part.filename or "unknown", data)
    else:
        text = await request.read()
    try:
        body = json.loads(text or b"{}")
    except ValueError:
        raise ApiError(400, 50109, "The request body contains invalid JSON.") from None
    request[BODY] = body
    return body, uploads


class Posting:
    """The one place where the bot's messages come to be and change."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world, self._gateway = world, gateway
        self._nonces: dict[str, Message] = {}

    def post(
        self,
        channel: Channel,
        body: Json,
        uploads: Mapping[str, Upload],
        *,
        asked: Json | None = None,
        only_for: User | None = None,
        number: int | None = None,
    ) -> Message:
        """Create a message, or return the one already made under the same enforced nonce."""
        self._admit(channel, asked)
        nonce = body.get("nonce")
        if nonce is not None:
            length("nonce", str(nonce), 0, 25)
            known = self._known(nonce) if body.get("enforce_nonce") else None
            if known is not None:
                return known
        flags = int(body.get("flags") or 0) & (SUPPRESS_EMBEDS | SILENT | VOICE | V2)
        if only_for is not None:
            flags |= EPHEMERAL
        world = self._world
        number = number or world.new_id()
        message = Message(number, channel, world.bot, world.clock.now(), flags=flags)
        message.nonce, message.asked, message.only_for = nonce, asked, only_for
        message.reply_to = self._target(channel, body.get("message_reference"))
        self._fill(message, body, uploads)
        message.shown_at = message.sent_at
        world.keep(message)
        if nonce is not None:
            self._nonces[str(nonce)] = message
        self._tell("MESSAGE_CREATE", message)
        return message

    def think(self, channel: Channel, asked: Json, *, only_for: User | None) -> Message:
        """Create the "thinking…" message of a deferred answer."""
        world = self._world
        flags = LOADING | (EPHEMERAL if only_for is not None else 0)
        message = Message(world.new_id(), channel, world.bot, world.clock.now(), flags=flags)
        message.asked, message.only_for = asked, only_for
        world.keep(message)
        self._tell("MESSAGE_CREATE", message)
        return message

    def edit(self, message: Message, body: Json, uploads: Mapping[str, Upload]) -> Message:
        """Change a message; a thinking one becomes the answer and keeps who may see it."""
        if message.author is not self._world.bot:
            text = "Cannot edit a message authored by another user"
            raise ApiError(403, 50005, text)
        if message.channel.archived:
            raise ApiError(400, 50083, "Thread is archived")
        before, thinking = message.text, message.thinking
        flags = message.flags & ~LOADING
        if body.get("flags") is not None:
            changeable = SUPPRESS_EMBEDS | V2
            flags = flags & ~SUPPRESS_EMBEDS | int(body["flags"]) & changeable
        draft = Message(message.id, message.channel, message.author, message.sent_at, flags=flags)
        draft.content, draft.embeds = message.content, message.embeds
        draft.components, draft.files = message.components, message.files
        self._fill(draft, body, uploads)
        message.shown_at = self._world.clock.now()
        if not thinking:
            message.history.append(before)
            message.edited_at = self._world.clock.now()
        message.content, message.embeds, message.flags = draft.content, draft.embeds, draft.flags
        message.components, message.files = draft.components, draft.files
        if "allowed_mentions" in body:
            message.allowed_mentions = body["allowed_mentions"]
        self._tell("MESSAGE_UPDATE", message)
        return message

    def delete(self, message: Message) -> None:
        message.deleted = True
        guild = message.channel.guild
        data = {"id": str(message.id), "channel_id": str(message.channel.id)}
        if guild is not None:
            data["guild_id"] = str(guild.id)
        if not message.ephemeral:
            self._gateway.dispatch("MESSAGE_DELETE", data, Addressed(guild))
        self._world.changed()

    def _admit(self, channel: Channel, asked: Json | None) -> None:
        if asked is not None:
            return  # an interaction's answer needs no right of its own
        if channel.closed:
            raise ApiError(403, 50013, "Missing Permissions")
        if channel.kind == DM and channel.person is not None and channel.person.closed:
            raise ApiError(403, 50007, "Cannot send messages to this user")

    def _known(self, nonce: str | int) -> Message | None:
        known = self._nonces.get(str(nonce))
        late = self._world.clock.now() - NONCE_SECONDS
        return known if known is not None and known.sent_at >= late else None

    def _target(self, channel: Channel, reference: Json | None) -> Message | None:
        if reference is None:
            return None
        found = self._world.messages.get(int(reference["message_id"]))
        if found is not None and not found.deleted and found.channel is channel:
            return found
        if reference.get("fail_if_not_exists", True):
            code = "REPLIES_UNKNOWN_MESSAGE"
            raise invalid("message_reference", code, "Unknown message")
        return None

    def _fill(self, message: Message, body: Json, uploads: Mapping[str, Upload]) -> None:
        if "content" in body:
            message.content = str(body["content"] or "").strip()
        if "embeds" in body:
            message.embeds = [{"type": "rich", **embed} for embed in body["embeds"] or []]
        if "components" in body:
            message.components = copy.deepcopy(body["components"] or [])
        if "allowed_mentions" in body:
            message.allowed_mentions = body["allowed_mentions"]
        kept = {str(file.id): file for file in message.files}
        listed = body.get("attachments")
        if listed is None:
            listed = [{"id": key} for key in (*kept, *uploads)]
        names = [kept[str(a["id"])].name for a in listed if str(a["id"]) in kept]
        names += [_name(uploads[str(a["id"])], a) for a in listed if str(a["id"]) in uploads]
        if len(names) > 10:
            raise invalid("attachments", "BASE_TYPE_BAD_LENGTH", "Must be 10 or fewer in length.")
        check_message(message.content, message.embeds, message.components, message.flags, names)
        message.files = [self._file(message, entry, kept, uploads) for entry in listed]
        for media in walk_media(message.components):
            named = media["url"].removeprefix("attachment://")
            media["url"] = next((f.url for f in message.files if f.name == named), media["url"])

    def _file(
        self, message: Message, entry: Json, kept: dict[str, File], uploads: Mapping[str, Upload]
    ) -> File:
        key = str(entry["id"])
        if key in kept:
            return kept[key]
        if key not in uploads:
            raise invalid("attachments", "ATTACHMENT_NOT_FOUND", "Unknown attachment")
        upload = uploads[key]
        name, alt = _name(upload, entry), entry.get("description")
        file = self._world.keep_file(message.channel, name, upload.data, alt=alt)
        file.ephemeral = message.ephemeral
        return file

    def _tell(self, event: str, message: Message) -> None:
        if not message.ephemeral:
            data, where = message_event(message, self._world.bot)
            self._gateway.dispatch(event, data, where)
        self._world.changed()


def _name(upload: Upload, entry: Json) -> str:
    return str(entry.get("filename") or upload.name)
