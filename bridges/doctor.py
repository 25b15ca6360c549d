"""`jamfeed doctor`: looks at everything that has to work, and says how to mend what does not."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

import typer

from bridges.app import App, open_app
from bridges.guiding import Guided
from bridges.operators import sentence
from bridges.protocol import Bridge
from bridges.running import bridges_of
from bridges.settings import Settings
from feed_core.errors import ConfigurationError, JamfeedError, Unavailable
from feed_core.migrating import HEAD
from feed_core.services import members

LIMIT = 30.0  # seconds for one check


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    name: str
    told: str
    error: JamfeedError | None = None


async def examine(settings: Settings) -> int:
    """Print one line for each check; 0 when all is well, 1 or 2 when something is not."""
    findings: list[Finding] = []
    lacks: dict[str, Sequence[ConfigurationError]] = {}  # by platform
    try:
        async with open_app(settings) as app:
            _tell(findings, Finding("settings", f"data in {settings.home}, {settings.agents}"))
            for name, check in _checks(app, lacks):
                _tell(findings, await _checked(name, check))
                for lack in lacks.pop(name, ()):
                    _tell(findings, Finding(name, "", lack))
    except JamfeedError as error:
        _tell(findings, Finding("settings", "", error))
    wrong = [it.error for it in findings if it.error is not None]
    if not wrong:
        typer.echo("All is well.")
        return 0
    return 2 if any(isinstance(it, ConfigurationError) for it in wrong) else 1


def _checks(
    app: App, lacks: dict[str, Sequence[ConfigurationError]]
) -> list[tuple[str, Callable[[], Awaitable[str]]]]:
    async def database() -> str:
        async with app.store.read() as view:
            people = await members.count(view)
        return f"{await app.store.server()}, schema {HEAD}, {people} members"

    async def memory() -> str:
        await app.parts.memories.warm()
        return "Chroma and the embedder answer"

    async def model() -> str:
        if not app.chain.models:
            return "none: agents work offline (set OPENAI_API_KEY or JAMFEED_MODEL for one)"
        return f"{await app.chain.answers()} answers"

    async def durable() -> str:
        await app.durable.launch()
        return "digests can be composed"

    checks: list[tuple[str, Callable[[], Awaitable[str]]]] = [
        ("database", database),
        ("memory", memory),
        ("model", model),
        ("workflows", durable),
    ]
    checks += [(it.platform, partial(_looked_up, it, lacks)) for it in bridges_of(app)]
    known = {name for name, _ in checks}
    return checks + [(it, _no_token) for it in ("discord", "telegram") if it not in known]


async def _looked_up(bridge: Bridge, lacks: dict[str, Sequence[ConfigurationError]]) -> str:
    if not isinstance(bridge, Guided):
        return await bridge.who()
    bot = await bridge.looked_up()
    lacks[bridge.platform] = bot.lacks
    return bot.name


async def _no_token() -> str:
    return "no token: the bridge stays off"


async def _checked(name: str, check: Callable[[], Awaitable[str]]) -> Finding:
    try:
        async with asyncio.timeout(LIMIT):
            return Finding(name, await check())
    except JamfeedError as error:
        return Finding(name, "", error)
    except TimeoutError:
        return Finding(name, "", Unavailable(name.capitalize()))


def _tell(findings: list[Finding], finding: Finding) -> None:
    findings.append(finding)
    if finding.error is None:
        typer.echo(f"ok   {finding.name:<10} {finding.told}")
    else:
        typer.echo(f"FAIL {finding.name:<10} {sentence(finding.error)}")
