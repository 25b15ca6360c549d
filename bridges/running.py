"""The bridges of a process: which there are, what they need, and how they show what is owed."""

from collections.abc import Sequence
from functools import partial

from agents.act import Acts
from agents.answer import Answer
from agents.digest_page import digest_notices
from agents.doorways import Doorways
from agents.notices import notice
from bridges.app import App
from bridges.asked import Asked, Takes
from bridges.discord import shards
from bridges.holders import Leave, bot_of
from bridges.protocol import Bridge, Part
from bridges.roles import Role
from bridges.settings import Settings
from bridges.showing import parts_of
from feed_core import bulk
from feed_core.models.deliveries import Delivery
from feed_core.models.members import Identity
from feed_core.states import DeliveryKind
from feed_core.together import Together

TOGETHER = 32  # digests


def load(settings: Settings, role: Role = Role.ALL) -> None:
    """Import what the bridges that have a token are made of, together with all else."""
    if settings.discord_token is not None and "discord" in role.platforms:
        import bridges.discord.adapter
    if settings.telegram_token is not None and "telegram" in role.platforms:
        import bridges.telegram.adapter  # noqa: F401


def bridges_of(app: App, role: Role = Role.ALL) -> list[Bridge]:
    """The bridges of this role that have a token."""
    takes = partial(Asked(app.parts, app.desk).quotable, "telegram")
    bot = bot_of(app.settings, "discord")
    leave = Leave(app.shared.names, bot) if app.shared.name else None
    doorways = app.parts.doorways
    return bridges_for(
        app.settings, app.desk.acts, takes, role=role, leave=leave, doorways=doorways
    )


def bridges_for(
    settings: Settings,
    acts: Acts,
    takes: Takes | None = None,
    *,
    role: Role = Role.ALL,
    leave: Leave | None = None,
    doorways: Doorways | None = None,
) -> list[Bridge]:
    """The same where nothing but the settings is open.

    `takes`: what may be taken along. `leave`: to begin a session on Discord, which others do too.
    `doorways` are told what addresses there are.
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
                doorways=doorways,
            )
        )
    return bridges


class Renderer:
    """Makes what deliveries show when they are sent; digests of about the same time together."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._digests = Together(self._of_digests, TOGETHER)

    async def render(self, delivery: Delivery) -> Part | None:
        """What a delivery shows now; None when there is nothing left to show."""
        kind = DeliveryKind(delivery.kind)
        if kind is DeliveryKind.DIGEST:
            return await self._digests.ask(delivery)
        answer = await notice(self._app.parts, kind, delivery.subject_id)
        (part,) = await self._parts([(delivery, answer)])
        return part

    async def _of_digests(self, owed: Sequence[Delivery]) -> Sequence[Part | None]:
        answers = await digest_notices(self._app.parts, [it.subject_id for it in owed])
        return await self._parts(list(zip(owed, answers, strict=True)))

    async def _parts(
        self, found: Sequence[tuple[Delivery, Answer | None]]
    ) -> Sequence[Part | None]:
        app = self._app
        left = [(it, answer) for it, answer in found if answer is not None]
        async with app.store.read() as view:
            ids = {it.identity_id for it, _ in left if it.identity_id is not None}
            readers = {it.id: it for it in await bulk.find(view, Identity, ids)}
        made = []
        for it, answer in left:
            reader = readers.get(it.identity_id or 0)
            made.append((answer, reader.member_id if reader else None))
            if reader and it.kind == DeliveryKind.DIGEST:  # its numbers may be meant next
                place = f"{reader.platform}:{reader.private_place}"
                app.parts.shown.note((reader.member_id, place), answer)
        parts = iter(await parts_of(app.desk, app.store, made))
        return [None if answer is None else next(parts) for _, answer in found]
