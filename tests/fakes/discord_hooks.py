"""The routes of REST v10 that answer an interaction: its callback and its webhook.

Routes: https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from aiohttp import web

from tests.fakes.discord_errors import reply
from tests.fakes.discord_interactions import Interaction, Interactions
from tests.fakes.discord_posting import read_body
from tests.fakes.discord_traffic import API

HOOK = "/webhooks/{application}/{token}"


class Hooks:
    """What the bot answers to what a person did; each path carries its own token."""

    def __init__(self, interactions: Interactions) -> None:
        self._interactions = interactions

    def routes(self) -> list[web.RouteDef]:
        table = [
            ("POST", "/interactions/{id}/{token}/callback", self.call_back),
            ("POST", HOOK, self.follow_up),
            ("GET", HOOK + "/messages/{message}", self.get_answer),
            ("PATCH", HOOK + "/messages/{message}", self.edit_answer),
            ("DELETE", HOOK + "/messages/{message}", self.delete_answer),
        ]
        return [web.route(method, API + path, handler) for method, path, handler in table]

    async def call_back(self, request: web.Request) -> web.Response:
        body, uploads = await read_body(request)
        place = request.match_info
        receipt = self._interactions.called_back(place["id"], place["token"], body, uploads)
        wanted = request.query.get("with_response", "").lower() in ("1", "true")
        return reply(receipt) if wanted else reply()

    def _hook(self, request: web.Request) -> Interaction:
        place = request.match_info
        return self._interactions.by_token(place["application"], place["token"])

    async def follow_up(self, request: web.Request) -> web.Response:
        body, uploads = await read_body(request)
        message = self._interactions.follow_up(self._hook(request), body, uploads)
        return reply(message.payload())

    async def get_answer(self, request: web.Request) -> web.Response:
        one = self._hook(request)
        return reply(self._interactions.message(one, request.match_info["message"]).payload())

    async def edit_answer(self, request: web.Request) -> web.Response:
        body, uploads = await read_body(request)
        one = self._hook(request)
        message = self._interactions.message(one, request.match_info["message"])
        return reply(self._interactions.edit(one, message, body, uploads).payload())

    async def delete_answer(self, request: web.Request) -> web.Response:
        one = self._hook(request)
        message = self._interactions.message(one, request.match_info["message"])
        self._interactions.delete(one, message)
        return reply()
