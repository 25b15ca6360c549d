"""The HTTP side of the fake Telegram: tokens, methods, failures, file downloads."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.distance import Away, distant
from tests.fakes.telegram_account import Account
from tests.fakes.telegram_calls import Parameters, Upload, read_call
from tests.fakes.telegram_limits import Failures, Refused
from tests.fakes.telegram_methods import Messages
from tests.fakes.telegram_updates import Updates

_MOST_BODY = 60 * 1024 * 1024
_JSON_FIELDS = {
    "button",
    "allowed_updates",
    "caption_entities",
    "commands",
    "entities",
    "link_preview_options",
    "media",
    "message_ids",
    "reaction",
    "reply_markup",
    "reply_parameters",
    "results",
    "scope",
}


@dataclass(frozen=True, slots=True)
class Request:
    """One call the bot made; structured parameters are parsed, numbers stay strings."""

    method: str
    params: dict[str, Any]
    uploads: dict[str, Upload]
    at: float  # time.monotonic()


class Dropped(Exception):
    """The connection is cut instead of an answer."""


class BotApi:
    """Answers HTTP calls as https://core.telegram.org/bots/api#making-requests says."""

    def __init__(self, token: str, messages: Messages, account: Account, updates: Updates) -> None:
        self.token = token
        self.updates = updates
        self.world = messages.world
        self.failures = Failures()
        self.requests: list[Request] = []
        self._methods: dict[str, Callable[[Parameters], Any]] = {
            **account.table(),
            "sendmessage": messages.send_message,
            "sendphoto": messages.send_photo,
            "senddocument": messages.send_document,
            "sendaudio": messages.send_audio,
            "sendvideo": messages.send_video,
            "sendvoice": messages.send_voice,
            "sendmediagroup": messages.send_media_group,
            "editmessagetext": messages.edit_message_text,
            "editmessagecaption": messages.edit_message_caption,
            "editmessagereplymarkup": messages.edit_message_reply_markup,
            "editmessagemedia": messages.edit_message_media,
            "deletemessage": messages.delete_message,
            "deletemessages": messages.delete_messages,
        }

    def application(self, away: Away | None = None) -> web.Application:
        """Return the web application to serve; `away`: seconds, each way."""
        app = web.Application(client_max_size=_MOST_BODY)
        if away is not None:
            app.middlewares.append(distant(away))
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        return app

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            result = await self._result(method, request)
        except Refused as refusal:
            return web.json_response(refusal.wire(), status=refusal.status)
        except Dropped:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()  # goes nowhere
        finally:
            self.updates.signal.fire()
        return web.json_response({"ok": True, "result": result})

    async def _result(self, method: str, request: web.Request) -> Any:
        if request.match_info["token"] != self.token:
            raise Refused(401, "Unauthorized")
        asked = await read_call(request)
        name = method.lower()
        self._record(method, asked)
        if name != "getupdates" and name not in self._methods:
            raise Refused(404, "Not Found")
        failure = self.failures.next_for(name, asked.text("chat_id"))
        if failure is not None and not failure.taken:
            raise failure.refusal or Dropped()
        if name == "getupdates":
            result: Any = await self._get_updates(asked)
        else:
            result = self._methods[name](asked)
        if failure is not None:
            raise failure.refusal or Dropped()
        return result

    async def _get_updates(self, asked: Parameters) -> list[dict[str, Any]]:
        self.updates.allow(asked.json("allowed_updates"))
        return await self.updates.poll(
            offset=asked.number("offset"),
            limit=min(max(asked.number("limit", 100), 1), 100),
            timeout=min(max(asked.number("timeout"), 0), 50),
        )

    def _record(self, method: str, asked: Parameters) -> None:
        params = {
            name: asked.json(name) if name in _JSON_FIELDS else value
            for name, value in asked.values.items()
        }
        self.requests.append(Request(method, params, dict(asked.uploads), time.monotonic()))

    async def _download(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.token:
            return web.json_response(Refused(401, "Unauthorized").wire(), status=401)
        for file in self.world.files.values():
            if file.path == request.match_info["path"]:
                return web.Response(body=file.content)
        return web.json_response(Refused(404, "Not Found").wire(), status=404)
