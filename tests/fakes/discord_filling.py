"""What a person fills into a command's fields, checked as the Discord app does, on the wire."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.discord_commands import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    GROUP,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    USER,
)
from tests.fakes.discord_errors import Impossible, Json
from tests.fakes.discord_things import ALL_PERMISSIONS, Channel, User, everyone
from tests.fakes.discord_world import World

KINDS: dict[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    NUMBER: (int, float),
}


class Filling:
    """Turns what a person fills into a command's fields into interaction data."""

    def __init__(self, world: World, channel: Channel) -> None:
        self._world, self._channel = world, channel
        self.resolved: dict[str, Json] = {}

    def fill(
        self, options: list[Json], given: Mapping[str, Any], path: list[str], *, focus: str = ""
    ) -> list[Json]:
        """Return the nested options; `focus` names the field still being typed, if any."""
        if path:
            inner = next((o for o in options if o["name"] == path[0] and o["type"] <= GROUP), None)
            if inner is None:
                raise Impossible(f"no subcommand {path[0]!r}")
            filled = self.fill(inner.get("options") or [], given, path[1:], focus=focus)
            return [{"type": inner["type"], "name": inner["name"], "options": filled}]
        if any(option["type"] <= GROUP for option in options):
            raise Impossible("this command needs a subcommand")
        if strange := given.keys() - {option["name"] for option in options}:
            raise Impossible(f"no field {sorted(strange)}")
        return list(self._fields(options, given, focus))

    def _fields(self, options: list[Json], given: Mapping[str, Any], focus: str) -> Iterator[Json]:
        for option in options:
            name, kind = option["name"], option["type"]
            if name not in given:
                if option.get("required") and not focus:
                    raise Impossible(f"the field {name!r} is required")
                continue
            if name == focus:
                if not option.get("autocomplete"):
                    raise Impossible(f"the field {name!r} offers no suggestions")
                yield {"name": name, "type": kind, "value": str(given[name]), "focused": True}
            else:
                yield {"name": name, "type": kind, "value": self._value(option, given[name])}

    def _value(self, option: Json, value: Any) -> Any:
        name, kind = option["name"], option["type"]
        if kind in (USER, MENTIONABLE):
            return self.person(self._world.user(value) if isinstance(value, str) else value)
        if kind == CHANNEL:
            return self._resolve(
                "channels", value.id, {**value.payload(), "permissions": ALL_PERMISSIONS}
            )
        if kind == ROLE:
            guild = self._channel.guild
            if guild is None or value != "@everyone":
                raise Impossible(f"there is no role {value!r}")
            return self._resolve("roles", guild.id, everyone(guild))
        if kind == ATTACHMENT:
            file = self._world.keep_file(self._channel, *value)
            return self._resolve("attachments", file.id, file.payload())
        wanted = KINDS[kind]
        if not isinstance(value, wanted) or (isinstance(value, bool) and kind != BOOLEAN):
            raise Impossible(f"the field {name!r} takes no {type(value).__name__}")
        choices = option.get("choices")
        if choices and value not in [choice["value"] for choice in choices]:
            raise Impossible(f"{value!r} is not among the choices of {name!r}")
        size = len(value) if isinstance(value, str) else value
        low, high = ("min_length", "max_length") if kind == STRING else ("min_value", "max_value")
        most = option.get(high, 6000 if kind == STRING else None)
        if size < option.get(low, size) or (most is not None and size > most):
            raise Impossible(f"{value!r} is out of the bounds of {name!r}")
        return value

    def person(self, user: User) -> str:
        member = {**user.member(whole=False), "permissions": ALL_PERMISSIONS}
        if self._channel.guild is not None:
            self._resolve("members", user.id, member)
        return self._resolve("users", user.id, user.payload())

    def _resolve(self, family: str, number: int, body: Json) -> str:
        self.resolved.setdefault(family, {})[str(number)] = body
        return str(number)
