"""Forms: shown as the first answer, known by their ids alone, and read when they come back.

https://docs.discord.com/developers/components/reference, Modal, Label, File Upload
"""

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import discord
import structlog
from discord import ui

from agents.answer import Call
from agents.forms import LONGEST_VALUE, QUOTED, Field, Form
from agents.quoting import Quote, Quoted
from bridges.beforehand import Opened
from bridges.discord.sentences import A_FILE, TOO_LONG_TO_EDIT
from bridges.discord.translate import PLATFORM, Interaction, sender_of
from bridges.discord.troubles import TROUBLE
from bridges.protocol import Door

logger = structlog.get_logger(__name__)

# Whether only its sender sees the answer (unless made before ids told it), the token, and who said
# what the form shows: their account and name.
ID = re.compile(
    r"ask(?:\.(?P<seen>own|all))?:(?P<token>[\w-]{12})(?::(?P<account>\d*):(?P<name>.*))?",
    re.DOTALL,
)
OWN, ALL = "own", "all"
LONGEST_ID = 100
FILE = "file"
PATIENCE = 2.0  # seconds; Discord waits three


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came back; `private`: only its sender sees the answer, where that is known."""

    token: str
    private: bool | None
    filled: Mapping[str, str]
    quoted: Quoted | None
    files: list[discord.Attachment]


async def open_form(
    interaction: Interaction, door: Door, wanted: Call | str, quoted: Quoted | None = None
) -> bool:
    """Show the form that a call or a button's token opens; False when it opens none."""
    sender = sender_of(interaction.user, str(interaction.locale))
    try:
        async with asyncio.timeout(PATIENCE):
            opened = await door.form(sender, PLATFORM, wanted, quoted)
    except TimeoutError:
        return False
    if opened is None:
        return False
    try:
        await interaction.response.send_modal(_modal(opened.form, _id(opened, quoted)))
    except TROUBLE as error:
        logger.warning(
            "no_form_opened", interaction_id=interaction.id, problem=type(error).__name__
        )
    return True


def read_form(interaction: Interaction) -> Sent | None:
    """What was filled in; None when it is no form of ours."""
    data: Mapping[str, Any] = interaction.data or {}
    sent = ID.fullmatch(str(data.get("custom_id", "")))
    if sent is None:
        return None
    values = {it["custom_id"]: it for it in _leaves(data.get("components", []))}
    attached = data.get("resolved", {}).get("attachments", {})
    files = [
        # discord.py makes them for the forms it keeps; it keeps none of ours.
        discord.Attachment(data=attached[it], state=interaction._state)
        for it in values.pop(FILE, {}).get("values", [])
        if it in attached
    ]
    filled = {name: _value(it) for name, it in values.items()}
    said = filled.pop(QUOTED, None)
    quoted = None
    if said is not None:
        account, name = sent["account"] or "", sent["name"] or ""
        own = account == str(interaction.user.id)
        quoted = Quoted([Quote(name, said, account, own)])
    private = None if sent["seen"] is None else sent["seen"] == OWN
    return Sent(sent["token"], private, filled, quoted, files)


def _id(opened: Opened, quoted: Quoted | None) -> str:
    made = f"ask.{OWN if opened.private else ALL}:{opened.token}"
    if quoted is None:
        return made
    (said,) = quoted.said
    return f"{made}:{said.account}:{said.name}"[:LONGEST_ID]


def _modal(form: Form, custom_id: str) -> ui.Modal:
    modal = ui.Modal(title=form.title, custom_id=custom_id, timeout=None)
    for it in form.fields:
        control = _select(it) if it.choices else _input(it)
        modal.add_item(ui.Label(text=it.label, description=it.note or None, component=control))
    if form.files:
        upload: ui.FileUpload[ui.Modal] = ui.FileUpload(
            custom_id=FILE, required=False, min_values=0, max_values=1
        )
        modal.add_item(ui.Label(text=A_FILE, component=upload))
    modal.stop()  # discord.py keeps no form
    return modal


def _input(it: Field) -> ui.TextInput[ui.Modal]:
    """Longer words than it holds are not put in, or their end would be lost."""
    fits = len(it.value) <= min(it.longest, LONGEST_VALUE)
    return ui.TextInput(
        custom_id=it.name,
        style=discord.TextStyle.paragraph if it.long else discord.TextStyle.short,
        default=it.value if fits and it.value else None,
        placeholder=None if fits else TOO_LONG_TO_EDIT,
        required=it.required,
        max_length=it.longest,
    )


def _select(it: Field) -> ui.Select[ui.Modal]:
    options = [
        discord.SelectOption(label=value, value=value, default=value == it.value)
        for value in it.choices
    ]
    return ui.Select(
        custom_id=it.name, options=options, required=it.required, min_values=int(it.required)
    )


def _value(component: Mapping[str, Any]) -> str:
    values = component.get("values") or []
    return str(component.get("value") or next(iter(values), ""))


def _leaves(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        if "custom_id" in component:
            yield component
        inner = component.get("component")
        yield from _leaves([inner] if inner else component.get("components", []))
