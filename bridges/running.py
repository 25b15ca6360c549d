"""The bridges of a process: which there are, what they need, and how they show what is owed."""

from functools import partial

from agents.act import Acts
from agents.notices import notice
from bridges.app import App
from bridges.asked import Asked, Takes
from bridges.discord import shards
from bridges.holders import Leave, bot_of
from bridges.lean import let_in
from bridges.protocol import Bridge, Part
from bridges.roles import Role
from bridges.settings import Settings
from bridges.showing import part_of
from feed_core.models.deliveries import Delivery
from feed_core.models.members import Identity
from feed_core.states import DeliveryKind


def load(settings: Settings, role: Role = Role.ALL) -> None:
    """Import what the bridges that have a token are made of, together with all else."""
    if settings.discord_token is not None and "discord" in role.platforms:
        import bridges.discord.adapter
    if settings.telegram_token is not None and "telegram" in role.platforms:
        if settings.telegram_webhook_url is not None:
            let_in("tornado")
        import bridges.telegram.adapter  # noqa: F401


def bridges_of(app: App, role: Role = Role.ALL) -> list[Bridge]:
    """The bridges of this role that have a token."""
    takes = partial(Asked(app.parts, app.desk).quotable, "telegram")
    bot = bot_of(app.settings, "discord")
    leave = Leave(app.shared.names, bot) if app.shared.name else None
    return bridges_for(app.settings, app.desk.acts, takes, role=role, leave=leave)


def bridges_for(
    settings: Settings,
    acts: Acts,
    takes: Takes | None = None,
    *,
    role: Role = Role.ALL,
    leave: Leave | None = None,
) -> list[Bridge]:
    """The same where nothing but the settings is open.

    `takes`: what may be taken along. `leave`: to begin a session on Discord, which others do too.
    """
    bridges: list[Bridge] = []
    if settings.discord_token is not None and "discord" in role.platforms:
        from bridges.discord.adapter import DiscordBridge

        bridges.append(
            DiscordBridge(
                settings.discord_token.get_secret_value(),
                acts,
                api_url=settings.discord_api_url,
                gateway_url=settings.discord_gateway_url,
                listening=settings.discord_listening,
                shards=shards.read(settings.discord_shards),
                leave=leave,
            )
        )
    if settings.telegram_token is not None and "telegram" in role.platforms:
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
