"""What people felt about the posts of rooms while this client could not hear it."""

import asyncio
from collections.abc import AsyncIterator

import discord
import structlog

from agents.feelings import feeling
from bridges.discord.pacing import Passage, Rank, passing_as
from bridges.discord.places import PLATFORM
from bridges.discord.translate import sender_of
from bridges.discord.troubles import TROUBLE
from bridges.protocol import Door, Posted, Sender, Standing
from feed_core.errors import Unavailable

MOST = 500  # people who put one emoji on one post

logger = structlog.get_logger(__name__)


class CatchingUp:
    """Reads which emoji stand on the posts of late, one after the other, behind all else."""

    def __init__(self, client: discord.Client, door: Door) -> None:
        self._client, self._door = client, door
        self._reading: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Read them, from the first one on when it was begun before."""
        if self._reading is not None:
            self._reading.cancel()
        self._reading = asyncio.create_task(self._read())

    async def end(self) -> None:
        """Read no more."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait({self._reading})

    async def _read(self) -> None:
        try:
            posts = await self._door.posts(PLATFORM)
        except Unavailable as outage:  # the next session reads them
            logger.warning("posts_not_read", code=outage.code)
            return
        for it in posts:
            try:
                with passing_as(Passage(Rank.SIGN)):
                    seen = await self._seen(it)
            except TROUBLE as error:  # it is gone, or may not be read
                logger.info("post_not_read", problem=type(error).__name__)
            else:
                if seen is not None:
                    await self._door.notice(seen)

    async def _seen(self, post: Posted) -> Standing | None:
        """What stands on a post now; None where this client does not see the room."""
        (number,) = post.under.message_ids
        channel = self._client.get_channel(int(post.under.place_id))
        guild = self._client.get_guild(int(post.server_id or 0))
        if guild is None:
            return None
        # The first message of a forum's thread has the id of the thread.
        forum = isinstance(channel, discord.ForumChannel)
        room_id = int(number if forum else post.under.place_id)
        room = self._client.get_partial_messageable(room_id, guild_id=guild.id)
        message = await room.fetch_message(int(number))
        known = [it for it in message.reactions if isinstance(it.emoji, str) and feeling(it.emoji)]
        given = [(who, str(it.emoji)) for it in known async for who in _people(it)]
        whole = all(it.count <= MOST for it in known)
        return Standing(PLATFORM, post, given, whole=whole)


async def _people(reaction: discord.Reaction) -> AsyncIterator[Sender]:
    async for user in reaction.users(limit=MOST):
        if not user.bot:
            yield sender_of(user)
