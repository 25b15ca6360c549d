"""The routes of REST v10 for the bot itself, people, guilds and application commands.

Routes: https://docs.discord.com/developers/resources/user, .../application, .../guild
"""

from aiohttp import web

from tests.fakes.discord_commands import Commands
from tests.fakes.discord_errors import Json, invalid, reply, unknown
from tests.fakes.discord_events import guild_body
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_posting import read_body
from tests.fakes.discord_things import Guild
from tests.fakes.discord_traffic import API
from tests.fakes.discord_world import World


class Directory:
    """Who is who, and which commands there are."""

    def __init__(self, world: World, commands: Commands, gateway: Gateway) -> None:
        self._world, self._commands, self._gateway = world, commands, gateway
        self.page: Json = {  # what an owner set in the portal
            "bot_public": True,
            "bot_require_code_grant": False,
            "interactions_endpoint_url": None,
            "integration_types_config": {"0": {}, "1": {}},
        }

    def routes(self) -> list[web.RouteDef]:
        table = [
            ("GET", "/gateway", self.get_gateway),
            ("GET", "/gateway/bot", self.get_gateway_bot),
            ("GET", "/users/@me", self.get_me),
            ("GET", "/users/@me/guilds", self.get_my_guilds),
            ("GET", "/users/{user}", self.get_user),
            ("GET", "/oauth2/applications/@me", self.get_application),
            ("GET", "/applications/@me", self.get_application),
            ("GET", "/guilds/{guild}", self.get_guild),
            ("GET", "/guilds/{guild}/members/{user}", self.get_member),
        ]
        for scope in ("", "/guilds/{guild}"):
            path = "/applications/{application}" + scope + "/commands"
            table += [
                ("GET", path, self.get_commands),
                ("PUT", path, self.overwrite_commands),
                ("POST", path, self.create_command),
                ("GET", path + "/{command}", self.get_command),
                ("PATCH", path + "/{command}", self.edit_command),
                ("DELETE", path + "/{command}", self.delete_command),
            ]
        return [web.route(method, API + path, handler) for method, path, handler in table]

    # Who and where

    async def get_gateway(self, request: web.Request) -> web.Response:
        return reply({"url": self._world.origin.replace("http", "ws", 1) + "/gateway"})

    async def get_gateway_bot(self, request: web.Request) -> web.Response:
        gateway = self._gateway
        starts = {"total": 1000, "remaining": gateway.starts, "reset_after": 14_400_000}
        starts["max_concurrency"] = gateway.max_concurrency
        url = self._world.origin.replace("http", "ws", 1) + "/gateway"
        return reply({"url": url, "shards": gateway.shards, "session_start_limit": starts})

    async def get_me(self, request: web.Request) -> web.Response:
        mine = {"verified": True, "mfa_enabled": False, "locale": "en-US", "flags": 0}
        return reply({**self._world.bot.payload(), **mine})

    async def get_my_guilds(self, request: web.Request) -> web.Response:
        after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 200))
        mine = sorted((it for it in self._world.guilds.values() if not it.gone), key=lambda g: g.id)
        here = [it for it in mine if it.id > after][:limit]
        return reply(
            [
                {
                    "id": str(it.id),
                    "name": it.name,
                    "icon": None,
                    "owner": False,
                    "permissions": it.permissions,
                    "features": [],
                }
                for it in here
            ]
        )

    async def get_user(self, request: web.Request) -> web.Response:
        found = self._world.users.get(int(request.match_info["user"]))
        if found is None:
            raise unknown("User")
        return reply(found.payload())

    async def get_application(self, request: web.Request) -> web.Response:
        owner = next(user for user in self._world.users.values() if not user.bot)
        return reply(
            {
                "id": str(self._world.bot.id),
                "name": self._world.bot.name,
                "icon": None,
                "description": "",
                "summary": "",
                **self.page,
                "verify_key": "0" * 64,
                "owner": owner.payload(),
                "team": None,
                "flags": 1 << 19 if self._gateway.allowed_privileged & 1 << 15 else 0,
            }
        )

    def _guild(self, request: web.Request) -> Guild:
        return self._world.guild_of(request.match_info["guild"])

    async def get_guild(self, request: web.Request) -> web.Response:
        return reply(guild_body(self._world, self._guild(request)))

    async def get_member(self, request: web.Request) -> web.Response:
        self._guild(request)
        found = self._world.users.get(int(request.match_info["user"]))
        if found is None:
            raise unknown("Member")
        return reply(found.member())

    # Commands

    def _scope(self, request: web.Request) -> int | None:
        if request.match_info["application"] != str(self._world.bot.id):
            raise unknown("Application")
        return self._guild(request).id if "guild" in request.match_info else None

    async def get_commands(self, request: web.Request) -> web.Response:
        kept = self._commands.kept.get(self._scope(request), [])
        whole = request.query.get("with_localizations") == "true"
        return reply([it if whole else _in_english(it) for it in kept])

    async def overwrite_commands(self, request: web.Request) -> web.Response:
        body, _ = await read_body(request)
        if not isinstance(body, list):
            raise invalid("_", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return reply(self._commands.overwrite(self._scope(request), body))

    async def create_command(self, request: web.Request) -> web.Response:
        body, _ = await read_body(request)
        return reply(self._commands.upsert(self._scope(request), body), status=201)

    async def get_command(self, request: web.Request) -> web.Response:
        return reply(self._commands.get(self._scope(request), request.match_info["command"]))

    async def edit_command(self, request: web.Request) -> web.Response:
        body, _ = await read_body(request)
        scope = self._scope(request)
        number = request.match_info["command"]
        return reply(self._commands.edit(scope, number, body))

    async def delete_command(self, request: web.Request) -> web.Response:
        self._commands.remove(self._scope(request), request.match_info["command"])
        return reply()


def _in_english(command: Json) -> Json:
    """A command without the names that Discord tells only those who ask for them."""
    return {name: it for name, it in command.items() if not name.endswith("_localizations")}
