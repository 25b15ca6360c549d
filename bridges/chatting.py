"""`jamfeed chat`: one member at a terminal."""

import asyncio
import sys

from rich.console import Console

from bridges.app import App, open_app
from bridges.settings import Settings
from bridges.terminal.adapter import TerminalBridge
from bridges.terminal.typing import piped, typed
from feed_core.errors import ConfigurationError

LONGEST_NAME = 40


async def converse(settings: Settings, name: str) -> None:
    """Answer what one person types, until they are done.

    Raises:
        ConfigurationError: the name is none, or something of Jamfeed's cannot be used.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise ConfigurationError("--as", f"a name has 1 to {LONGEST_NAME} characters", "write one")
    async with open_app(settings) as app, asyncio.TaskGroup() as tasks:
        bridge = _bridge(app, name)
        if sys.stdin.isatty():  # a person types for a while first; a pipe may need none of it
            warming = tasks.create_task(_warm(app))
            await bridge.run(app.inbox, lambda: None)
            warming.cancel()
        else:
            await bridge.run(app.inbox, lambda: None)


async def _warm(app: App) -> None:
    await app.warm()
    await app.follow()


def _bridge(app: App, name: str) -> TerminalBridge:
    home = app.settings.home
    if sys.stdin.isatty():
        console = Console()
        console.print(f"Hello {name}. Talk to your agent, or type /help. Ctrl-D ends it.")
        lines = typed(app.desk.acts, home / "history")
    else:
        console = Console(color_system=None, force_terminal=False)
        lines = piped(sys.stdin.fileno())
    return TerminalBridge(name, lines, console, home / "pictures")
