"""Posts and changes messages, in forums as posts of their own, and opens threads.

https://docs.discord.com/developers/topics/threads
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import discord
import structlog

from bridges.discord.markup import shortened
from bridges.discord.pacing import Passage, Rank, passing_as
from bridges.discord.render import one_page
from bridges.discord.troubles import NAME, plainly
from bridges.protocol import Part
from feed_core.errors import Gone, MessageGone, Unavailable

logger = structlog.get_logger(__name__)

PATIENCE = 60.0  # seconds for one request
LONGEST_TITLE = 100
MOST_TAGS, MOST_ON_A_POST = 20, 5
LONGEST_TAG = 20
NO_MESSAGE, NO_CHANNEL, ARCHIVED = 10008, 10003, 50083  # Discord's error codes


class Posting:
    """Everything that one bot posts unasked."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._forums: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._made: defaultdict[int, list[discord.ForumTag]] = defaultdict(list)
        self._no_tags: set[int] = set()  # forums in which the bot may not make any

    async def send(self, place_id: str, part: Part, *, key: str, under: str | None) -> str:
        """Post exactly one message and return its id; in a forum, one post or a reply in it.

        Raises Unavailable (not taken), Unknown (perhaps taken), Gone (stop trying) or MessageGone
        (what it was to stand below is not there).
        """
        forum = self._forum(place_id)
        lost = forum is not None and under is not None
        async with self._asking(lost_message=lost):
            if forum is not None and under is None:
                return await self._open_post(forum, part)
            page = one_page(part)
            there = under if forum is not None and under is not None else place_id
            channel = self._client.get_partial_messageable(int(there))
            if under is None or forum is not None:
                sent = await channel.send(view=page.view, files=page.files, nonce=key)
            else:
                above = discord.MessageReference(
                    message_id=int(under), channel_id=int(place_id), fail_if_not_exists=False
                )
                sent = await channel.send(
                    view=page.view, files=page.files, nonce=key, reference=above
                )
        return str(sent.id)

    async def edit(
        self, place_id: str, message_id: str, part: Part | None, *, under: str | None
    ) -> None:
        """Let a message show this; a post in a forum gets its title as well. Raises as `send`.

        Without a part it is deleted.
        """
        forum = self._forum(place_id)
        if part is None:
            await self._delete(forum, place_id, int(message_id), under)
            return
        page = one_page(part)
        async with self._asking(lost_message=True):
            if forum is None:
                channel = self._client.get_partial_messageable(int(place_id))
                message = channel.get_partial_message(int(message_id))
                await message.edit(view=page.view, attachments=page.files)
                return
            thread = await self._thread(forum, int(under or message_id))
            if thread.archived:
                thread = await thread.edit(archived=False)
            message = thread.get_partial_message(int(message_id))
            await message.edit(view=page.view, attachments=page.files)
            title = title_of(part)
            if under is None and thread.name != title:
                await thread.edit(name=title)

    async def _delete(
        self, forum: discord.ForumChannel | None, place_id: str, message_id: int, under: str | None
    ) -> None:
        """Delete a message; of a post in a forum all, where the bot may manage threads."""
        async with self._asking(lost_message=True):
            if forum is not None and under is None:
                try:
                    await (await self._thread(forum, message_id)).delete()
                    return
                except discord.Forbidden:
                    logger.info("post_not_deleted", forum_id=forum.id)
            there = place_id if forum is None else under or str(message_id)
            channel = self._client.get_partial_messageable(int(there))
            await channel.get_partial_message(message_id).delete()

    async def open_thread(self, place_id: str, name: str) -> str | None:
        """Begin a thread in a text channel and return its id; None where there can be none."""
        channel = self._client.get_channel(int(place_id))
        if not isinstance(channel, discord.TextChannel):
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                thread = await channel.create_thread(
                    name=shortened(name, LONGEST_TITLE), type=discord.ChannelType.public_thread
                )
        except (discord.HTTPException, TimeoutError) as error:
            logger.info("no_thread_opened", problem=type(error).__name__)
            return None
        return str(thread.id)

    def _forum(self, place_id: str) -> discord.ForumChannel | None:
        channel = self._client.get_channel(int(place_id))
        return channel if isinstance(channel, discord.ForumChannel) else None

    async def _open_post(self, forum: discord.ForumChannel, part: Part) -> str:
        """One post; there is no key that makes a repeat harmless, so its title does."""
        assert self._client.user is not None
        title = title_of(part)
        async with self._forums[forum.id]:
            for there in forum.threads:
                if there.owner_id == self._client.user.id and there.name == title:
                    return str(there.id)
            tags = await self._applied(forum, part.labels)
            page = one_page(part)
            made = await forum.create_thread(
                name=title, view=page.view, files=page.files, applied_tags=tags
            )
        return str(made.thread.id)

    async def _applied(
        self, forum: discord.ForumChannel, labels: Sequence[str]
    ) -> list[discord.ForumTag]:
        """The forum's tags of these names; those that are missing are made, where that may be."""
        names = [shortened(it, LONGEST_TAG) for it in labels[:MOST_ON_A_POST]]
        known = await self._tags_of(forum, names)
        found = [known[it.casefold()] for it in names if it.casefold() in known]
        if not found and forum.flags.require_tag:
            found = [it for it in known.values() if not it.moderated][:1]
        return found

    async def _tags_of(
        self, forum: discord.ForumChannel, names: Sequence[str]
    ) -> dict[str, discord.ForumTag]:
        """All tags of a forum by their folded names, with these among them as far as may be."""
        # Those that were made just now are not in the cache yet.
        there = {it.id: it for it in (*self._made[forum.id], *forum.available_tags)}
        known = {it.name.casefold(): it for it in there.values()}
        missing = [it for it in names if it.casefold() not in known]
        missing = missing[: MOST_TAGS - len(there)]
        if not missing or forum.id in self._no_tags:
            return known
        new = [discord.ForumTag(name=it) for it in missing]
        try:
            changed = await forum.edit(available_tags=[*there.values(), *new])
        except discord.HTTPException as error:  # a post without a tag is better than none
            logger.info("no_tag_made", forum_id=forum.id, code=error.code)
            self._no_tags.add(forum.id)
            return known
        assert changed is not None
        self._made[forum.id] = list(changed.available_tags)
        return {it.name.casefold(): it for it in changed.available_tags}

    async def _thread(self, forum: discord.ForumChannel, message_id: int) -> discord.Thread:
        """The thread that began with this message."""
        thread = forum.get_thread(message_id)
        if thread is None:
            found = await self._client.fetch_channel(message_id)
            if not isinstance(found, discord.Thread):
                raise MessageGone(NAME)
            thread = found
        return thread

    @asynccontextmanager
    async def _asking(self, *, lost_message: bool) -> AsyncIterator[None]:
        """Raise our errors; `lost_message`: what is not found is a message, not the place."""
        try:
            with plainly(), passing_as(Passage(Rank.DELIVERY)):
                async with asyncio.timeout(PATIENCE):
                    yield
        except Gone as gone:
            code = getattr(gone.__cause__, "code", 0)
            lost = (NO_MESSAGE, NO_CHANNEL) if lost_message else ()
            raise (MessageGone(NAME) if code in lost else gone) from gone.__cause__
        except RuntimeError as error:  # aiohttp: the session was closed before the request
            if not self._client.is_closed():
                raise
            raise Unavailable(NAME) from error


def title_of(part: Part) -> str:
    """What a post in a forum is called: what it shows, and by which number it is known."""
    for card in part.cards:
        words = " ".join(card.title.split())
        return f"{shortened(words, LONGEST_TITLE - 2 - len(card.ref))} {card.ref}".strip()
    return shortened(" ".join(part.text.split()) or "…", LONGEST_TITLE)
