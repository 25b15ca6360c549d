"""Application commands: what Discord accepts at a sync and then offers to people.

Rules: https://docs.discord.com/developers/interactions/application-commands
"""

import re

from tests.fakes.discord_errors import ApiError, Impossible, Json, invalid, unknown
from tests.fakes.discord_rules import count, length
from tests.fakes.discord_things import Channel
from tests.fakes.discord_world import World

SLASH, ON_USER, ON_MESSAGE = 1, 2, 3
MOST = {SLASH: 100, ON_USER: 5, ON_MESSAGE: 5}
SUB, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL = 1, 2, 3, 4, 5, 6, 7
ROLE, MENTIONABLE, NUMBER, ATTACHMENT = 8, 9, 10, 11
NESTS = ((SUB, GROUP), (SUB,), ())  # what may nest at the top, in a group, in a subcommand


def check_all(commands: list[Json]) -> None:
    """Refuse a set of commands that Discord would not keep."""
    for index, command in enumerate(commands):
        check_command(str(index), command)
    names = [(c.get("type", SLASH), c["name"]) for c in commands]
    if len(set(names)) < len(names):
        text = "Application command names must be unique"
        raise invalid("_", "APPLICATION_COMMANDS_DUPLICATE_NAME", text)
    for kind, most in MOST.items():
        if sum(name[0] == kind for name in names) > most:
            text = f"Maximum number of application commands reached ({most})"
            raise ApiError(400, 30032, text)


def check_command(path: str, command: Json) -> None:
    kind = command.get("type", SLASH)
    if kind not in MOST:
        raise invalid(f"{path}.type", "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3).")
    if kind != SLASH:
        length(f"{path}.name", command.get("name"), 1, 32)
        for name in (command.get("name_localizations") or {}).values():
            length(f"{path}.name_localizations", name, 1, 32)
        if command.get("description") or command.get("options"):
            text = "Context menu commands cannot have description"
            raise invalid(path, "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_CANNOT_BE_SET", text)
        return
    _check_name(f"{path}.name", command.get("name"))
    _check_localized(path, command)
    length(f"{path}.description", command.get("description"), 1, 100)
    _check_options(f"{path}.options", command.get("options") or [], depth=0)
    if _weight(command) > 8000:
        text = "Command exceeds maximum size (8000)"
        raise invalid(path, "APPLICATION_COMMAND_TOO_LARGE", text)


def _check_localized(path: str, thing: Json) -> None:
    for name in (thing.get("name_localizations") or {}).values():
        _check_name(f"{path}.name_localizations", name)
    for told in (thing.get("description_localizations") or {}).values():
        length(f"{path}.description_localizations", told, 1, 100)


def _check_name(path: str, name: object) -> None:
    text = length(path, name, 1, 32)
    if not re.fullmatch(r"[-_'\w]{1,32}", text) or text != text.lower():
        raise invalid(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_options(path: str, options: list[Json], *, depth: int) -> None:
    count(path, options, 0, 25)
    nests = [o.get("type") in (SUB, GROUP) for o in options]
    if any(nests) and not all(nests):
        text = "Sub-command and sub-command group option types are mutually exclusive to all other"
        raise invalid(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", text)
    names = [o.get("name") for o in options]
    if len(set(names)) < len(names):
        text = "Option name is already used"
        raise invalid(path, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", text)
    optional = False
    for index, option in enumerate(options):
        here = f"{path}.{index}"
        if option.get("type") not in range(1, 12):
            raise invalid(f"{here}.type", "BASE_TYPE_CHOICES", "Value must be one of (1, …, 11).")
        _check_name(f"{here}.name", option.get("name"))
        _check_localized(here, option)
        length(f"{here}.description", option.get("description"), 1, 100)
        if optional and option.get("required"):
            text = "Required options must be placed before non-required options"
            raise invalid(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text)
        optional = optional or not option.get("required")
        if option["type"] in (SUB, GROUP):
            if option["type"] not in NESTS[depth]:
                text = "Sub-commands nest one group deep only"
                raise invalid(here, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", text)
            deeper = 1 if option["type"] == GROUP else 2
            _check_options(f"{here}.options", option.get("options") or [], depth=deeper)
        else:
            _check_choices(here, option)


def _check_choices(path: str, option: Json) -> None:
    choices = count(f"{path}.choices", option.get("choices") or [], 0, 25)
    if choices and option.get("autocomplete"):
        text = "Choices cannot be given with autocomplete"
        raise invalid(path, "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", text)
    check_choices(f"{path}.choices", choices, option["type"])


def check_choices(path: str, choices: list[Json], kind: int) -> None:
    count(path, choices, 0, 25)
    for index, choice in enumerate(choices):
        length(f"{path}.{index}.name", choice.get("name"), 1, 100)
        if kind == STRING:
            length(f"{path}.{index}.value", choice.get("value"), 0, 100)


def _weight(part: Json) -> int:
    own = len(part.get("name", "")) + len(part.get("description", ""))
    own += sum(len(c["name"]) + len(str(c["value"])) for c in part.get("choices") or [])
    return own + sum(map(_weight, part.get("options") or []))


class Commands:
    """The commands the bot has synced: global under `None`, else by guild id."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.kept: dict[int | None, list[Json]] = {}
        self.syncs = 0

    def overwrite(self, guild_id: int | None, given: list[Json]) -> list[Json]:
        check_all(given)
        self.syncs += 1
        self.kept[guild_id] = [self._whole(guild_id, command) for command in given]
        self._world.changed()
        return self.kept[guild_id]

    def upsert(self, guild_id: int | None, given: Json, *, replacing: str = "") -> Json:
        check_command("_", given)
        whole = self._whole(guild_id, given)
        if replacing:
            whole["id"] = replacing
        others = [c for c in self.kept.get(guild_id, []) if c["id"] != whole["id"]]
        check_all([*others, whole])
        self.kept[guild_id] = [*others, whole]
        self._world.changed()
        return whole

    def get(self, guild_id: int | None, number: str) -> Json:
        for command in self.kept.get(guild_id, []):
            if command["id"] == number:
                return command
        raise unknown("application command")

    def edit(self, guild_id: int | None, number: str, changes: Json) -> Json:
        old = self.get(guild_id, number)
        return self.upsert(guild_id, {**old, **changes}, replacing=number)

    def remove(self, guild_id: int | None, number: str) -> None:
        self.kept[guild_id].remove(self.get(guild_id, number))
        self._world.changed()

    def _whole(self, guild_id: int | None, given: Json) -> Json:
        kind = given.get("type", SLASH)
        known = (
            c
            for c in self.kept.get(guild_id, [])
            if (c["type"], c["name"]) == (kind, given["name"])
        )
        number = next((c["id"] for c in known), None) or str(self._world.new_id())
        fixed = {
            "id": number,
            "application_id": str(self._world.bot.id),
            "version": str(self._world.new_id()),
            "type": kind,
        }
        free = {"description": "", "default_member_permissions": None, "nsfw": False}
        home = {"guild_id": str(guild_id)} if guild_id else {"contexts": None}
        return {**free, **home, **given, **fixed}

    def find(self, name: str, kind: int, channel: Channel) -> Json:
        """Find the command a person sees in this channel; raise Impossible if there is none."""
        guild_id = channel.guild.id if channel.guild is not None else None
        seen = [*self.kept.get(guild_id, []), *self.kept.get(None, [])]
        for command in seen:
            if (command["type"], command["name"]) == (kind, name):
                contexts, here = command.get("contexts"), 0 if guild_id else 1
                if contexts is not None and here not in contexts:
                    raise Impossible(f"/{name} is not offered in this kind of channel")
                return command
        offered = ", ".join(sorted(c["name"] for c in seen)) or "none"
        raise Impossible(f"no command {name!r}; the bot synced: {offered}")
