"""The acts as Telegram's commands: short menus by where one is, and names to tap."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import structlog
from telegram import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)
from telegram.error import BadRequest

from agents.act import Acts
from agents.summaries import SUMMARIES
from agents.turn import Authority
from bridges.telegram.posting import Bot

# The eight that a person needs; the rest is told by /help and offered by buttons.
ALONE = ("create", "feed", "search", "remix", "paint", "digest now", "memory show", "help")
TOGETHER = ("create", "remix", "feed", "search", "jam start", "jam join", "jam add", "help")
MOST = 100  # https://core.telegram.org/bots/api#setmycommands

Scope: TypeAlias = (
    BotCommandScopeDefault
    | BotCommandScopeAllPrivateChats
    | BotCommandScopeAllGroupChats
    | BotCommandScopeAllChatAdministrators
)

logger = structlog.get_logger(__name__)


def names(acts: Acts) -> Mapping[str, str]:
    """The acts' names by the form commands have here: `digest_now` for "digest now"."""
    return {name.replace(" ", "_"): name for name in acts.names()}


def tappable(text: str, names: Mapping[str, str]) -> str:
    """The text with each command of two words as one that can be tapped: `/digest_now`."""
    if "/" not in text:  # as most of what agents say
        return text
    families = "|".join(re.escape(name) for name in names.values() if " " in name)
    if not families:
        return text
    return re.sub(rf"(?<![\w/])/({families})\b", lambda it: f"/{it[1].replace(' ', '_')}", text)


def menu(acts: Acts, wanted: Sequence[str], language: str = "") -> list[BotCommand]:
    """What a menu offers, in this language where there are words for it."""
    words = SUMMARIES.get(language, {})
    return [
        BotCommand(it.name.replace(" ", "_"), words.get(it.name, it.summary))
        for name in wanted
        if (it := acts.get(name)) is not None
    ][:MOST]


def menus(acts: Acts) -> list[tuple[Scope, str, list[BotCommand]]]:
    """Every menu, its scope and its language; what moderators do is for a group's administrators.

    https://core.telegram.org/bots/api#determining-list-of-commands
    """
    moderating = [it.name for it in acts if it.authority is Authority.MODERATOR]
    scopes: list[tuple[Scope, Sequence[str]]] = [
        (BotCommandScopeAllPrivateChats(), ALONE),
        (BotCommandScopeAllGroupChats(), TOGETHER),
        (BotCommandScopeAllChatAdministrators(), [*TOGETHER, *moderating]),
    ]
    return [
        (BotCommandScopeDefault(), "", menu(acts, ALONE)),
        *(
            (it, code, menu(acts, wanted, code))
            for it, wanted in scopes
            for code in ("", *SUMMARIES)
        ),
    ]


async def offer(bot: Bot, acts: Acts) -> None:
    """Set the command menus, unless they are there already."""

    async def set_one(scope: Scope, language: str, wanted: list[BotCommand]) -> None:
        if list(await bot.get_my_commands(scope, language or None)) == wanted:
            return
        try:
            await bot.set_my_commands(wanted, scope, language or None)
        except BadRequest:  # people can type what a menu does not offer
            logger.warning("telegram_menu_refused", commands=len(wanted))

    await asyncio.gather(*(set_one(*it) for it in menus(acts)))
