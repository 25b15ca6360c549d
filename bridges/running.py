"""`jamfeed run`: every bridge that has a token, the scheduler and the workers."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

import typer

from agents.act import Acts
from agents.notices import notice
from bridges.app import App, open_app
from bridges.asked import Asked, Takes
from bridges.clockwork import Clockwork
from bridges.discord import shards
from bridges.lean import let_in
from bridges.outbox import Outbox
from bridges.protocol import Bridge, Part
from bridges.settings import Settings
from bridges.showing import part_of
from bridges.supervisor import Supervisor
from feed_core.models.deliveries import Delivery
from feed_core.models.members import Identity
from feed_core.states import DeliveryKind

DRAIN_LIMIT = 10.0  # seconds for what is on the wire when asked to stop


async def serve(settings: Settings) -> None:
    """Run until cancelled; what is on the wire then still arrives.

    Raises:
        ConfigurationError: a token is refused, or something of Jamfeed's cannot be used.
    """
    async with open_app(settings) as app:
        bridges = bridges_of(app)
        app.parts.threads.platforms = {it.platform: it for it in bridges}
        supervisor = Supervisor(bridges, app.inbox)
        outbox = Outbox(app.store, app.bus, bridges, partial(render, app), supervisor.is_up)

        def looked() -> None:
            app.meters.ticked()
            outbox.nudge()

        clockwork = Clockwork(
            app.store,
            app.parts.check,
            app.durable,
            looked,
            app.follow,
            app.sweep,
            learn=app.learn,
            order=app.orders.step,
        )
        async with _watched(app, bridges, supervisor), asyncio.TaskGroup() as tasks:
            tasks.create_task(supervisor.run())
            tasks.create_task(clockwork.run())
            tasks.create_task(_open_doors(app, supervisor, bridges))
            sending = tasks.create_task(outbox.run())
            try:
                await asyncio.Event().wait()
            finally:
                outbox.stop()
                await asyncio.wait([sending], timeout=DRAIN_LIMIT)


@asynccontextmanager
async def _watched(
    app: App, bridges: Sequence[Bridge], supervisor: Supervisor
) -> AsyncIterator[None]:
    """Let metrics be had until the end, where a port for them is set."""
    if app.settings.metrics_port is None:
        yield
        return
    from bridges.metrics import Metrics

    metrics = Metrics(app.store, app.meters, bridges, supervisor.is_up)
    async with metrics.serving(app.settings.metrics_port) as port:
        typer.echo(f"Metrics are at http://127.0.0.1:{port}/metrics.")
        yield


def load(settings: Settings) -> None:
    """Import what the bridges that have a token are made of, together with all else."""
    if settings.discord_token is not None:
        import bridges.discord.adapter
    if settings.telegram_token is not None:
        if settings.telegram_webhook_url is not None:
            let_in("tornado")
        import bridges.telegram.adapter  # noqa: F401


def bridges_of(app: App) -> list[Bridge]:
    """The bridges that have a token."""
    takes = partial(Asked(app.parts, app.desk).quotable, "telegram")
    return bridges_for(app.settings, app.desk.acts, takes)


def bridges_for(settings: Settings, acts: Acts, takes: Takes | None = None) -> list[Bridge]:
    """The same where nothing but the settings is open; `takes`: what may be taken along."""
    bridges: list[Bridge] = []
    if settings.discord_token is not None:
        from bridges.discord.adapter import DiscordBridge

        bridges.append(
            DiscordBridge(
                settings.discord_token.get_secret_value(),
                acts,
                api_url=settings.discord_api_url,
                gateway_url=settings.discord_gateway_url,
                listening=settings.discord_listening,
                shards=shards.read(settings.discord_shards),
            )
        )
    if settings.telegram_token is not None:
        from bridges.telegram.adapter import TelegramBridge
        from bridges.telegram.webhook import Webhook

        token = settings.telegram_token.get_secret_value()
        webhook = settings.telegram_webhook_url and Webhook.of(
            token,
            settings.telegram_webhook_url,
            listen=settings.telegram_webhook_listen,
            port=settings.telegram_webhook_port,
        )
        bridges.append(
            TelegramBridge(
                token,
                acts,
                api_url=settings.telegram_api_url,
                webhook=webhook or None,
                takes=takes,
                drafts=settings.telegram_drafts,
            )
        )
    return bridges


async def render(app: App, delivery: Delivery) -> Part | None:
    """What a delivery shows now; None when there is nothing left to show."""
    answer = await notice(app.parts, DeliveryKind(delivery.kind), delivery.subject_id)
    if answer is None:
        return None
    reader_id = None
    if delivery.identity_id is not None:
        async with app.store.read() as view:
            account = await view.db.get_one(Identity, delivery.identity_id)
        reader_id = account.member_id
        if delivery.kind == DeliveryKind.DIGEST:  # its numbers may be meant by what comes next
            place = f"{account.platform}:{account.private_place}"
            app.parts.shown.note((reader_id, place), answer)
    return await part_of(app.desk, app.store, answer, asker_id=reader_id)


async def _open_doors(app: App, supervisor: Supervisor, bridges: Sequence[Bridge]) -> None:
    """Say when messages are taken in, take up what a stop left, and load the rest meanwhile."""
    started = app.store.clock.now()
    up = await supervisor.ready()
    names = [it.platform for it in bridges if it.platform in up]
    if not bridges:
        typer.echo(
            "No bridge has a token: only the scheduler runs. Set JAMFEED_DISCORD_TOKEN or "
            "JAMFEED_TELEGRAM_TOKEN, or talk to your agent with: jamfeed chat --as NAME"
        )
    typer.echo(f"Jamfeed is ready: {', '.join([*names, 'scheduler'])}.")
    await app.warm()
    if reason := app.parts.meaning.made_anew:
        typer.echo(
            f"The index of meaning is made anew from the database: {reason}. "
            "Until that is done, search goes by words alone for what is not read yet."
        )
    typer.echo("Everything is warm: the first message waits for nothing.")
    for bridge in bridges:
        if bridge.platform in up:
            await app.inbox.resume(bridge, before=started)
