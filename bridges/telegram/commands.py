"""The acts as Telegram's command menu."""

from collections.abc import Mapping

import structlog
from telegram import BotCommand
from telegram.constants import BotCommandLimit
from telegram.error import BadRequest

from agents.act import Acts
from agents.turn import Authority
from bridges.telegram.posting import Bot

MOST = 100  # https://core.telegram.org/bots/api#setmycommands

logger = structlog.get_logger(__name__)


def names(acts: Acts) -> Mapping[str, str]:
    """The acts' names by the form commands have here: `digest_now` for "digest now"."""
    return {name.replace(" ", "_"): name for name in acts.names()}


def menu(acts: Acts) -> list[BotCommand]:
    """What the menu offers everybody, everyday acts (of one word) before families."""
    everybody = [it for it in acts if it.authority is Authority.MEMBER]
    ordered = sorted(everybody, key=lambda act: " " in act.name)
    commands = [BotCommand(act.name.replace(" ", "_"), act.summary) for act in ordered]
    return [it for it in commands if len(it.command) <= BotCommandLimit.MAX_COMMAND][:MOST]


async def offer(bot: Bot, acts: Acts) -> None:
    """Set the command menu, unless it is there already."""
    wanted = menu(acts)
    if list(await bot.get_my_commands()) == wanted:
        return
    try:
        await bot.set_my_commands(wanted)
    except BadRequest:  # people can type what a menu does not offer
        logger.warning("telegram_menu_refused", commands=len(wanted))
