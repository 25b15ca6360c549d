"""A digest with the picture that its member wants on top of it."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from agents import digest_words
from agents.answer import Answer, Line, Picture
from agents.attached import RECORDINGS
from agents.turn import Parts
from feed_core.errors import Refusal
from feed_core.media import MediaShelf
from feed_core.models.digests import Digest
from feed_core.services import digest_choice, media
from feed_core.services.sight import see
from feed_core.store import View

MOST = 6


async def covered(parts: Parts, digest: Digest, answer: Answer) -> Answer:
    """The answer that shows a digest, with a cover where there is something to draw on it."""
    lines = [line for group in answer.groups for line in group.lines if line.number][:MOST]
    if not lines:
        return answer
    async with parts.store.read() as view:
        pictures = await _pictures(view, digest, lines)
    head = digest_words.named_day(digest.local_date)
    drawn = await asyncio.to_thread(_drawn, parts.media, head, lines, pictures)
    alt = digest_words.cover([it.title for it in lines])
    return replace(answer, pictures=[Picture(drawn, f"digest-{digest.id}.jpg", alt)])


async def _pictures(view: View, digest: Digest, lines: Sequence[Line]) -> dict[int, str]:
    """The media to be shown, by number in the digest; none that needs a warning first."""
    reader, found = digest_choice.reader_of(digest), dict[int, str]()
    for line in lines:
        with suppress(Refusal):
            made = await see(view, int(line.ref.removeprefix("#")), reader=reader)
            if made.media_hash and made.kind not in RECORDINGS and not made.warnings:
                found[line.number] = made.media_hash
    smaller = await media.thumbnails(view, set(found.values()))
    return {number: smaller.get(it, it) for number, it in found.items()}


def _drawn(
    shelf: MediaShelf, head: str, lines: Sequence[Line], pictures: Mapping[int, str]
) -> bytes:
    from agents.makers.cover import Tile, draw_cover  # its fonts take a moment to load

    tiles = []
    for line in lines:
        picture = None
        if line.number in pictures:
            with suppress(FileNotFoundError):
                picture = shelf.read(pictures[line.number])
        tiles.append(Tile(line.number, line.title, picture))
    return draw_cover(head, tiles)
