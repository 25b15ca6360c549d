"""The command `jamfeed`."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Coroutine
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from bridges.lean import lean
from feed_core.errors import ConfigurationError, JamfeedError

if TYPE_CHECKING:  # the rest is imported when it is known what is wanted
    from bridges.settings import Settings

cli = typer.Typer(
    name="jamfeed",
    help="A feed on which a community makes things together with AI, one agent for every member.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@cli.command()
def demo() -> None:
    """Play the three scenes, with no key and no token.

    Everything happens in a folder that is thrown away; only the pictures are kept.
    """
    from bridges.demo import play

    settings = _settings()
    _run(play(settings), settings)


@cli.command()
def chat(
    name: Annotated[str, typer.Option("--as", help="Who you are: your name in the feed.")],
) -> None:
    """Talk to your agent at this terminal.

    Lines are read from stdin when that is not a terminal; it ends with them.
    """
    from bridges.chatting import converse

    settings = _settings()
    _run(converse(settings, name), settings)


@cli.command()
def run(
    role: Annotated[
        str,
        typer.Option(
            help="What this process does, of several: all, discord, telegram, worker or scheduler."
        ),
    ] = "all",
) -> None:
    """Run every bridge that has a token, until stopped.

    The scheduler and the workers run too. Ctrl-C and SIGTERM let what is on the wire arrive.
    """
    with lean():
        from bridges.roles import require, role_of
        from bridges.running import load
        from bridges.serving import serve
        from memory import heap

        settings = _settings()
        part = role_of(role)
        require(part, settings)
        load(settings, part)
    _run(serve(settings, part, warmed=heap.keep), settings)


@cli.command()
def init() -> None:
    """Set the bots up: asks for their tokens, and says what to click.

    Prints the links by which they come into servers and chats, and names what they lack there.
    """
    from bridges.beginning import ask, guide

    ask(Path(".env"))
    settings = _settings()
    _run(guide(settings), settings)


@cli.command()
def doctor() -> None:
    """Check that everything works, and say how to mend it.

    Settings, database, memory, model, workflows and tokens, a line each.
    """
    from bridges.doctor import examine

    settings = _settings()
    _run(examine(settings), settings)


@cli.command()
def status() -> None:
    """Say what is due, what waits, what may be lost, and what models cost today.

    It may run meanwhile.
    """
    from bridges.status import tell

    settings = _settings()
    _run(tell(settings), settings)


@cli.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A new folder, or one that was begun.")],
) -> None:
    """Write the whole feed into a folder: lines of JSON, and media.

    It may run meanwhile. Broken off, the same command goes on.
    """
    from bridges.porting import bring_out

    settings = _settings()
    _run(bring_out(settings, folder), settings)


@cli.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(help="What `jamfeed export` has written.")],
) -> None:
    """Bring an export into this feed, with the same numbers.

    Everything is checked before anything is changed. Broken off, the same command goes on.
    """
    from bridges.porting import take_in

    settings = _settings()
    _run(take_in(settings, folder), settings)


@cli.command()
def migrate(
    database_url: Annotated[
        str | None, typer.Argument(help="The PostgreSQL database; else JAMFEED_DATABASE_URL.")
    ] = None,
    chroma: Annotated[
        str | None, typer.Option(help="The Chroma server; else JAMFEED_CHROMA_URL.")
    ] = None,
) -> None:
    """Move the feed of the data folder into PostgreSQL, and its vectors to a Chroma server.

    No Jamfeed may run meanwhile. The old database stays as it is. Broken off, the same command
    goes on.
    """
    from bridges.moving import move

    settings = _settings()
    _run(move(settings, database_url, chroma), settings)


def main(arguments: list[str] | None = None) -> None:
    """Exit 0: done. 1: refused or unavailable. 2: wrong use or wrong settings."""
    signal.signal(signal.SIGTERM, _leave)
    gc.disable()  # nothing that a start imports is garbage: looking for some takes a tenth of it
    # Before NumPy is imported: several threads make its small products slower, not faster.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        cli(arguments)
    except KeyboardInterrupt:
        sys.exit(0)
    except BaseExceptionGroup as group:
        ours, others = group.split(JamfeedError)
        if ours is None or others is not None:
            raise
        errors = _flat(ours)
        wrong = [it for it in errors if isinstance(it, ConfigurationError)]
        _fail((wrong or errors)[0])
    except JamfeedError as error:
        _fail(error)


def _settings() -> "Settings":
    from bridges.settings import load_settings

    return load_settings()


def _run(work: Coroutine[Any, Any, int | None], settings: "Settings") -> None:
    from bridges import logs

    tokens = [settings.discord_token, settings.telegram_token]
    logs.set_up(settings.log_level, [it.get_secret_value() for it in tokens if it])
    gc.freeze()
    gc.enable()
    with asyncio.Runner(loop_factory=_loop) as runner:
        code = runner.run(_until_stopped(work))
    if code:
        raise typer.Exit(code)


def _loop() -> asyncio.AbstractEventLoop:
    """Uvloop where there is one (not on Windows): every answer takes a sixth less."""
    if find_spec("uvloop") is None:
        return asyncio.new_event_loop()
    import uvloop

    return uvloop.new_event_loop()


async def _until_stopped(work: Coroutine[Any, Any, int | None]) -> int | None:
    """Let Ctrl-C and SIGTERM end the work tidily; being asked to stop is no failure."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    stopped = False

    def stop() -> None:
        nonlocal stopped
        stopped = True
        task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        return await task
    except asyncio.CancelledError:
        if stopped:
            return 0
        raise


def _leave(*_: object) -> NoReturn:
    sys.exit(0)


def _flat(group: BaseExceptionGroup[JamfeedError]) -> list[JamfeedError]:
    return [
        leaf
        for it in group.exceptions
        for leaf in (_flat(it) if isinstance(it, BaseExceptionGroup) else [it])
    ]


def _fail(error: JamfeedError) -> NoReturn:
    from bridges.operators import sentence

    typer.echo(f"jamfeed: {sentence(error)}", err=True)
    sys.exit(2 if isinstance(error, ConfigurationError) else 1)
