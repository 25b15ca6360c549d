"""`jamfeed run`: one process at its part of the work, or at all of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog
import typer

from bridges.app import App, open_app
from bridges.clockwork import TICK, Clockwork
from bridges.discord import shards
from bridges.holders import SCHEDULER, Wanted, hears, sends, wanted_for, while_held
from bridges.outbox import Outbox
from bridges.pace import PACES, Pace
from bridges.protocol import Bridge
from bridges.roles import Role
from bridges.running import Renderer, bridges_of
from bridges.settings import Settings
from bridges.supervisor import Keep, Supervisor
from feed_core.errors import Unavailable

DRAIN_LIMIT = 10.0  # seconds for what is on the wire when asked to stop
PARTS = {
    "discord": "this Discord bot, or has some of these shards",
    "telegram": "this Telegram bot",
    SCHEDULER: "the scheduler",
}

logger = structlog.get_logger(__name__)


async def serve(
    settings: Settings, role: Role = Role.ALL, *, warmed: Callable[[], None] = lambda: None
) -> None:
    """Run until cancelled; what is on the wire then still arrives.

    `warmed` is called once all that answers need is loaded.

    Raises:
        ConfigurationError: a token is refused, or something of Jamfeed's cannot be used.
    """
    async with open_app(settings, works=role.works) as app:
        await Serving(app, role, warmed).run()


class Serving:
    """One process at its part of the work: its bridges, their senders, the scheduler."""

    def __init__(self, app: App, role: Role, warmed: Callable[[], None]) -> None:
        self._app, self._role, self._warmed = app, role, warmed
        self._bridges = bridges_of(app, role)
        app.parts.threads.platforms = {it.platform: it for it in self._bridges}
        self._supervisor = Supervisor(self._bridges, app.inbox, turn=self._turn)
        self._outbox = Outbox(
            app.store, app.bus, self._bridges, Renderer(app).render, self._sends_now, self._paces
        )
        self._clockwork = Clockwork(
            app.store,
            app.parts.check,
            app.durable,
            self._looked,
            app.mediate,
            app.sweep,
            learn=app.learn_due,
            order=app.orders.step,
        )
        self._warm = asyncio.Event()

    async def run(self) -> None:
        """Work until cancelled."""
        async with self._watched(), asyncio.TaskGroup() as tasks:
            tasks.create_task(self._supervisor.run())
            tasks.create_task(self._open_doors())
            tasks.create_task(self._keep_up())
            if self._role.schedules:
                tasks.create_task(self._schedule())
            sending = tasks.create_task(self._outbox.run(recover=False))
            try:
                await asyncio.Event().wait()
            finally:
                self._outbox.stop()
                await asyncio.wait([sending], timeout=DRAIN_LIMIT)

    @asynccontextmanager
    async def _watched(self) -> AsyncIterator[None]:
        """Let metrics be had until the end, where a port for them is set."""
        app = self._app
        if app.settings.metrics_port is None:
            yield
            return
        from bridges.metrics import Metrics

        metrics = Metrics(app.store, app.meters, self._bridges, self._supervisor.is_up)
        async with metrics.serving(app.settings.metrics_port) as port:
            typer.echo(f"Metrics are at http://127.0.0.1:{port}/metrics.")
            yield

    def _looked(self) -> None:
        self._app.meters.ticked()
        self._outbox.nudge()

    @property
    def _paces(self) -> Mapping[str, Pace]:
        """A process with some of a bot's shards may ask Discord for its share."""
        some = shards.read(self._app.settings.discord_shards)
        if some is None:
            return PACES
        discord = PACES["discord"]
        return {**PACES, "discord": replace(discord, per_second=discord.per_second * some.share)}

    def _sends_now(self, platform: str) -> bool:
        return self._supervisor.is_up(platform) and sends(self._app.settings, platform)

    async def _turn(self, bridge: Bridge, keep: Keep) -> None:
        """Keep a bridge running while this process is its bot, or has its shards."""
        platform, settings = bridge.platform, self._app.settings

        async def begun() -> None:
            since = self._app.store.clock.now()
            if sends(settings, platform):
                await self._outbox.recover(platform)
            resuming = asyncio.create_task(self._resume(bridge, since))
            try:
                await keep()
            finally:
                resuming.cancel()
                await asyncio.wait([resuming])

        await while_held(
            self._app.shared.names,
            wanted_for(settings, platform),
            begun,
            stand_by=partial(self._stand_by, platform),
        )

    async def _resume(self, bridge: Bridge, since: datetime) -> None:
        """Take up what whoever had this bridge before left unanswered, once it is up."""
        await self._supervisor.up(bridge.platform)
        await self._warm.wait()
        hears_some = partial(hears, self._app.settings)
        try:
            await self._app.inbox.resume(bridge, before=since, hears=hears_some)
        except Unavailable as outage:  # the next to have it takes them up
            logger.warning("not_taken_up", platform=bridge.platform, code=outage.code)

    async def _schedule(self) -> None:
        """Say what is due, in one process at a time."""
        await while_held(
            self._app.shared.names,
            [Wanted(SCHEDULER)],
            self._clockwork.run,
            stand_by=partial(self._stand_by, SCHEDULER),
        )

    async def _keep_up(self) -> None:
        """Do what each process does for itself, again and again."""
        await self._warm.wait()
        while True:
            await asyncio.sleep(TICK)
            self._outbox.nudge()
            try:
                await self._app.keep_up()
                await self._app.recapper.recap_due()
            except Unavailable as outage:
                logger.info("not_kept_up", code=outage.code)
            except Exception:
                logger.exception("not_kept_up")

    def _stand_by(self, part: str) -> None:
        self._supervisor.stands_by(part)
        typer.echo(
            f"Another process is {PARTS[part]}: this one stands by, and takes over when that one "
            "is gone."
        )

    async def _open_doors(self) -> None:
        """Say when messages are taken in, and load the rest meanwhile."""
        app, role = self._app, self._role
        up = await self._supervisor.ready()
        parts = [it.platform for it in self._bridges if it.platform in up]
        if not self._bridges and role is Role.ALL:
            typer.echo(
                "No bridge has a token: only the scheduler runs. Set JAMFEED_DISCORD_TOKEN or "
                "JAMFEED_TELEGRAM_TOKEN, or talk to your agent with: jamfeed chat --as NAME"
            )
        if role.schedules:
            parts.append(SCHEDULER)
        elif role.works:
            parts.append(role.value)
        typer.echo(f"Jamfeed is ready{': ' if parts else ' to take over'}{', '.join(parts)}.")
        await app.warm()
        self._warmed()
        if reason := app.parts.meaning.made_anew:
            typer.echo(
                f"The index of meaning is made anew from the database: {reason}. "
                "Until that is done, search goes by words alone for what is not read yet."
            )
        typer.echo("Everything is warm: the first message waits for nothing.")
        self._warm.set()
