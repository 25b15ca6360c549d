"""Acts as Discord's application commands.

https://docs.discord.com/developers/interactions/application-commands
"""

import asyncio
import re
from collections.abc import Callable, Coroutine, Mapping, Sequence
from inspect import Parameter as Argument
from inspect import Signature
from typing import Any, TypeVar

import discord
import structlog
from discord import app_commands
from discord.app_commands import Choice
from discord.app_commands import TranslationContextLocation as Location
from discord.http import Route

from agents import translations
from agents.act import Act, Acts
from agents.answer import Call
from agents.parameters import Kind, Parameter
from agents.summaries import SUMMARIES
from agents.turn import Authority
from bridges.discord.forms import open_form
from bridges.discord.menus import add_menus
from bridges.discord.passing import Passing
from bridges.discord.translate import PLATFORM, Interaction, sender_of
from bridges.protocol import Door

logger = structlog.get_logger(__name__)

FILE = "file"
SEPARATOR = re.compile(r"[\s,;&+]")
PATIENCE = 2.5  # seconds; Discord waits three
EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
FOR_ALL = app_commands.AppInstallationType(guild=True, user=True)
# Nothing is hidden in a private chat, nor of an app that people installed for themselves.
IN_SERVERS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
FOR_SERVERS = app_commands.AppInstallationType(guild=True, user=False)
# Whom Discord shows what moderators do; a server's settings may show it to others.
MODERATORS = discord.Permissions(manage_messages=True)

Slash = app_commands.Command[Any, ..., None]
Command = TypeVar("Command", Slash, app_commands.Group)
Suggest = Callable[[Interaction, str], Coroutine[Any, Any, list[Choice[str]]]]


def add_commands(
    tree: app_commands.CommandTree[Any], acts: Acts, door: Door, passing: Passing
) -> None:
    """One command for every act, and what it offers in menus.

    Names of two words become groups by their first.

    Discord offers what only moderators may do to them alone: a group of nothing else, or a command.
    """
    groups: dict[str, app_commands.Group] = {}
    for act in acts:
        family, _, _ = act.name.rpartition(" ")
        if not family:
            tree.add_command(_hidden(_slash(act, door, passing), [act]))
            continue
        if family not in groups:
            kin = [it for it in acts if it.name.startswith(f"{family} ")]
            names = ", ".join(it.name for it in kin)[:100]
            groups[family] = _hidden(app_commands.Group(name=family, description=names), kin)
            tree.add_command(groups[family])
        groups[family].add_command(_slash(act, door, passing))
    add_menus(tree, acts, door, passing)


class Names(app_commands.Translator):
    """Names of commands and menus' entries, and what commands do, where a language has words."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContext[Any, Any],
    ) -> str | None:
        """The words in this language, if there are some."""
        language, data = locale.value.partition("-")[0], context.data
        match context.location:
            case Location.command_name if getattr(data, "parent", None) is None:
                return translations.name(string.message, language)
            case Location.command_name:
                return translations.second(string.message, language)
            case Location.group_name:
                return translations.family(string.message, language)
            case Location.command_description:
                return SUMMARIES.get(language, {}).get(data.qualified_name)
            case _:
                return None


async def sync(tree: app_commands.CommandTree[Any]) -> None:
    """Tell Discord the commands, if it knows others (it allows few such changes a day)."""
    client, names = tree.client, Names()
    await tree.set_translator(names)
    # As they came over the wire: discord.py's own reading shifts the contexts by one, and it does
    # not ask for the names in other languages.
    route = Route("GET", "/applications/{id}/commands", id=client.application_id)
    known = await client.http.request(route, params={"with_localizations": "true"})
    ours = [_shape(await it.get_translated_payload(tree, names)) for it in tree.get_commands()]
    theirs = [_shape(it) for it in known]
    if sorted(ours, key=str) == sorted(theirs, key=str):
        return
    try:
        await tree.sync()
    except app_commands.CommandSyncFailure:
        logger.exception("commands_refused")  # chat and buttons still work


def _hidden(command: Command, acts: Sequence[Act[Any]]) -> Command:
    """The command, kept from those who may do none of its acts."""
    if all(it.authority is Authority.MODERATOR for it in acts):
        command.default_permissions = MODERATORS
        command.allowed_contexts, command.allowed_installs = IN_SERVERS, FOR_SERVERS
    return command


def _slash(act: Act[Any], door: Door, passing: Passing) -> Slash:
    """Values stay as typed: the act alone parses, so every face refuses in the same words."""

    async def callback(interaction: Interaction, **typed: Any) -> None:
        attached = typed.pop(FILE, None) if act.files else None
        given = {name: value for name, value in typed.items() if value is not None}
        call = Call(act.name, given)
        if _lacks(act, given) and not attached and await open_form(interaction, door, call):
            return
        await passing.interaction(
            interaction,
            hidden=act.private,
            call=call,
            attachments=[attached] if attached else [],
        )

    shape = [Argument("interaction", Argument.POSITIONAL_ONLY, annotation=discord.Interaction)]
    shape += [_argument(act, it) for it in act.parameters]
    if act.files:
        optional = {"annotation": discord.Attachment, "default": None}
        shape.append(Argument(FILE, Argument.KEYWORD_ONLY, **optional))
        app_commands.describe(**{FILE: "a picture, recording or text file to send along"})(callback)
    callback.__signature__ = Signature(shape)  # type: ignore[attr-defined]  # discord.py reads it
    app_commands.describe(**{it.name: it.doc for it in act.parameters})(callback)
    for it in act.parameters:
        if it.choices and not it.many:
            choices = [Choice(name=value, value=value) for value in it.choices]
            app_commands.choices(**{it.name: choices})(callback)
        elif it.suggested:
            app_commands.autocomplete(**{it.name: _suggest(act, it, door)})(callback)
    name = act.name.rpartition(" ")[2]
    return app_commands.Command(name=name, description=act.summary, callback=callback)


def _lacks(act: Act[Any], given: Mapping[str, Any]) -> bool:
    """Whether a command lacks what its form asks for: something needed, or everything."""
    if act.form is None:
        return False
    needed = {it.name for it in act.parameters if it.required} & act.form.asks_for
    return not needed <= given.keys() or not given


def _argument(act: Act[Any], parameter: Parameter) -> Argument:
    asked_for = act.form is not None and parameter.name in act.form.asks_for
    wire = {Kind.NUMBER: int, Kind.SWITCH: bool}.get(parameter.kind, str)
    return Argument(
        parameter.name,
        Argument.KEYWORD_ONLY,
        annotation=str if parameter.many else wire,
        default=Argument.empty if parameter.required and not asked_for else None,
    )


def _suggest(act: Act[Any], parameter: Parameter, door: Door) -> Suggest:
    """Offers for a reference; in a list, for its last word."""

    async def suggest(interaction: Interaction, typed: str) -> list[Choice[str]]:
        last = SEPARATOR.split(typed)[-1] if parameter.many else typed
        kept = typed.removesuffix(last)
        names = {it.name for it in act.parameters}
        filled = {name: value for name, value in interaction.namespace if name in names}
        call = Call(act.name, filled | {parameter.name: last})
        sender = sender_of(interaction.user, str(interaction.locale))
        try:
            async with asyncio.timeout(PATIENCE):
                found = await door.suggest(sender, PLATFORM, call, parameter.name)
        except TimeoutError:
            return []
        offers = [Choice(name=f"{kept}{it.label}"[:100], value=kept + it.value) for it in found]
        return [it for it in offers if len(it.value) <= 100][:25]

    return suggest


def _shape(command: Mapping[str, Any]) -> dict[str, Any]:
    """What people see of a command or option, without what Discord adds or leaves out."""
    return {
        "name": command["name"],
        "names": sorted((command.get("name_localizations") or {}).items()),
        "told": sorted((command.get("description_localizations") or {}).items()),
        "type": command.get("type"),
        "description": command.get("description", ""),
        "required": bool(command.get("required")),
        "hidden": str(command.get("default_member_permissions") or ""),
        "autocomplete": bool(command.get("autocomplete")),
        "choices": [(it["name"], it["value"]) for it in command.get("choices") or []],
        "contexts": sorted(command.get("contexts") or []),
        "installs": sorted(command.get("integration_types") or []),
        "options": [_shape(it) for it in command.get("options") or []],
    }
