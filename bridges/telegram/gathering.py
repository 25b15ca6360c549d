"""What somebody sends as one album, and Telegram brings as a message for each picture."""

import asyncio
from dataclasses import replace

from bridges.telegram.receiving import Heard

PAUSE = 0.5  # seconds without another picture after which an album is whole


class Gathering:
    """Albums that are on their way, by chat and number."""

    def __init__(self) -> None:
        self._coming: dict[tuple[int, str], list[Heard]] = {}

    def joins(self, heard: Heard) -> bool:
        """Whether this belongs to what somebody else waits for with `whole`."""
        if (key := _album_of(heard)) is None:
            return False
        coming = self._coming.setdefault(key, [])
        coming.append(heard)
        return len(coming) > 1

    async def whole(self, heard: Heard) -> Heard:
        """All of the album that begins with this, with its words; what stands alone as it is."""
        if (key := _album_of(heard)) is None:
            return heard
        coming = self._coming[key]
        try:
            known = 0
            while known < len(coming):
                known = len(coming)
                await asyncio.sleep(PAUSE)
        finally:
            del self._coming[key]
        spoken = next((it for it in coming if it.incoming.text or it.incoming.token), heard)
        parts = {it.message.message_id: it.message for it in coming if it.message is not None}
        return replace(spoken, album=[parts[it] for it in sorted(parts)])


def _album_of(heard: Heard) -> tuple[int, str] | None:
    message = heard.message
    if message is None or message.media_group_id is None:
        return None
    return message.chat.id, message.media_group_id
