"""The acts as Telegram's command menu."""

from collections.abc import Mapping

import structlog
from telegram import BotCommand, BotCommandScopeAllChatAdministrators, BotCommandScopeDefault
from telegram.constants import BotCommandLimit
from telegram.error import BadRequest

from agents.act import Acts
from agents.turn import Authority
from bridges.telegram.posting import Bot

EVERYBODY = frozenset({Authority.MEMBER})
MOST = 100  # https://core.telegram.org/bots/api#setmycommands

logger = structlog.get_logger(__name__)


def names(acts: Acts) -> Mapping[str, str]:
    """The acts' names by the form commands have here: `digest_now` for "digest now"."""
    return {name.replace(" ", "_"): name for name in acts.names()}


def menu(acts: Acts, who: frozenset[Authority] = EVERYBODY) -> list[BotCommand]:
    """What the menu offers them, everyday acts (of one word) before families."""
    ordered = sorted((it for it in acts if it.authority in who), key=lambda act: " " in act.name)
    commands = [BotCommand(act.name.replace(" ", "_"), act.summary) for act in ordered]
    return [it for it in commands if len(it.command) <= BotCommandLimit.MAX_COMMAND][:MOST]


async def offer(bot: Bot, acts: Acts) -> None:
    """Set the command menus, unless they are there already.

    What moderators do stands in the menu of a group's administrators alone.
    """
    for scope, wanted in (
        (BotCommandScopeDefault(), menu(acts)),
        (BotCommandScopeAllChatAdministrators(), menu(acts, frozenset(Authority))),
    ):
        if list(await bot.get_my_commands(scope)) == wanted:
            continue
        try:
            await bot.set_my_commands(wanted, scope)
        except BadRequest:  # people can type what a menu does not offer
            logger.warning("telegram_menu_refused", commands=len(wanted))
