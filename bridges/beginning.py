"""`jamfeed init`: from no token to bots that people can find."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import typer
from dotenv import dotenv_values, set_key

from agents.acts.listing import all_acts
from bridges.guiding import Guided, Presented
from bridges.operators import sentence
from bridges.protocol import Bridge
from bridges.running import bridges_for
from bridges.settings import Settings
from feed_core.errors import ConfigurationError, JamfeedError

TOKENS: Mapping[str, str] = {
    "discord": "JAMFEED_DISCORD_TOKEN",
    "telegram": "JAMFEED_TELEGRAM_TOKEN",
}
STEPS: Mapping[str, str] = {
    "discord": (
        "Open https://discord.com/developers/applications, press New Application, and under Bot\n"
        "  press Reset Token. Under Installation choose User Install and Guild Install."
    ),
    "telegram": "Write /newbot to https://t.me/BotFather; it answers with the token.",
}


def ask(file: Path) -> None:
    """Ask for the tokens that are not set, where somebody can answer, and keep them in the file."""
    if not sys.stdin.isatty():
        return
    set_there = dotenv_values(file)
    for platform, name in TOKENS.items():
        if os.environ.get(name) or set_there.get(name):
            continue
        typer.echo(f"{platform.capitalize()}: {STEPS[platform]}")
        token = typer.prompt(
            "  Its token (not shown; Enter leaves it out)",
            default="",
            hide_input=True,
            show_default=False,
        )
        if token.strip():
            keep(file, name, token.strip())
            typer.echo(f"  Kept in {file}.")


def keep(file: Path, name: str, value: str) -> None:
    """Write a setting into a file that only its owner can read."""
    file.touch(mode=0o600)
    file.chmod(0o600)
    set_key(file, name, value)


async def guide(settings: Settings) -> int:
    """Say of each bot who it is, how it comes to people, and what it lacks; 0 when nothing."""
    bots = {it.platform: it for it in bridges_for(settings, all_acts())}
    codes = [await _told(platform, bots.get(platform)) for platform in TOKENS]
    typer.echo("Next: `jamfeed doctor` checks the rest, `jamfeed run` starts it.")
    return max(codes)


async def _told(platform: str, bridge: Bridge | None) -> int:
    typer.echo(platform.capitalize())
    if bridge is None:
        typer.echo(f"  No token yet. {STEPS[platform]}")
        typer.echo(f"  Put it into .env: {TOKENS[platform]}=…")
        return 0
    try:
        if not isinstance(bridge, Guided):
            typer.echo(f"  The bot is {await bridge.who()}.")
            return 0
        if isinstance(bridge, Presented):
            await bridge.present()
        bot = await bridge.looked_up()
    except JamfeedError as error:
        typer.echo(f"  {sentence(error)}")
        return 2 if isinstance(error, ConfigurationError) else 1
    typer.echo(f"  The bot is {bot.name}.")
    for purpose, link in bot.links.items():
        typer.echo(f"  To {purpose}: {link}")
    for lack in bot.lacks:
        typer.echo(f"  {sentence(lack)}.")
    return 2 if bot.lacks else 0
