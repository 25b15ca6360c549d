"""`@bot rain` in any chat: creations to drop there as cards."""

from collections.abc import Sequence
from dataclasses import replace

import structlog
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError

from agents.answer import Card
from bridges.asked import Takes
from bridges.protocol import Part
from bridges.telegram import links
from bridges.telegram.cutting import shorten
from bridges.telegram.posting import Bot
from bridges.telegram.reading import sender_of
from bridges.telegram.render import render_one
from bridges.telegram.sentences import LINK_ACCOUNT, NOTHING_FOUND, OPEN_CARD
from bridges.telegram.spans import to_html
from feed_core.errors import JamfeedError

# https://core.telegram.org/bots/api#answerinlinequery: what one sees is for them alone, and what a
# maker takes back must not be dropped much later.
SECONDS_KEPT = 10
LONGEST_QUERY = 256
TITLE, ABOUT = 60, 120

logger = structlog.get_logger(__name__)


class Inline:
    """Answers what people type after the bot's name; the newest of a person, where it hurries.

    `takes` are the cards that somebody may drop anywhere, by words and page; None for no member.
    """

    def __init__(self, bot: Bot, takes: Takes | None) -> None:
        self._bot, self._takes = bot, takes
        self._newest: dict[int, str] = {}

    async def answer(self, query: InlineQuery) -> None:
        """Offer cards; to who is no member yet, one button that leads to linking."""
        person = query.from_user
        self._newest[person.id] = query.id
        page = int(query.offset) if query.offset.isdecimal() else 0
        try:
            words = query.query[:LONGEST_QUERY]
            cards = await self._takes(sender_of(person), words, page) if self._takes else None
        except JamfeedError as trouble:  # nothing is offered; typing on asks again
            logger.warning("telegram_inline_failed", code=trouble.code)
            cards = []
        if self._newest.get(person.id) != query.id:
            return  # they have typed on
        del self._newest[person.id]
        await self._offer(query, cards, page)

    async def _offer(self, query: InlineQuery, cards: Sequence[Card] | None, page: int) -> None:
        button = None
        if cards is None:
            button = InlineQueryResultsButton(LINK_ACCOUNT, start_parameter=links.LINK)
        elif not cards and not page:
            button = InlineQueryResultsButton(NOTHING_FOUND, start_parameter="start")
        try:
            await query.answer(
                [article(it, self._bot.username) for it in cards or ()],
                cache_time=SECONDS_KEPT if cards else 0,
                is_personal=True,
                next_offset=str(page + 1) if cards else "",
                button=button,
            )
        except TelegramError as error:  # too late: they have typed on, or left
            logger.info("telegram_inline_not_answered", error=type(error).__name__)


def article(card: Card, username: str) -> InlineQueryResultArticle:
    """A card as a result, and as the message it becomes; a button leads to it in Jamfeed."""
    number = card.ref.removeprefix("#")
    hint = card.hint or (card.picture.alt if card.picture else "")
    bare = replace(card, picture=None, recording=None, reason="", hint=hint)
    opens = links.to(username, links.creation(int(number)))
    return InlineQueryResultArticle(
        id=number,
        title=shorten(f"{card.ref} {card.title}".strip(), TITLE),
        description=shorten(card.body or card.byline or card.ref, ABOUT),
        input_message_content=InputTextMessageContent(
            to_html(render_one(Part(cards=[bare])).text),
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton(OPEN_CARD, url=opens)]]),
    )
