"""Files that came along: pictures and recordings on the shelf, the words of text files as data."""

from collections.abc import Sequence
from pathlib import PurePath

from agents.quoting import Quote, Quoted
from agents.turn import Parts, Sent
from bridges.protocol import Incoming, Upload
from feed_core import shelving
from feed_core.errors import TextTooLong
from feed_core.services.pieces import binary

TEXTS = frozenset({".txt", ".text", ".md", ".markdown"})
LONGEST = 100_000  # characters of a text file


async def take_in(parts: Parts, incoming: Incoming) -> tuple[tuple[Sent, ...], Quoted | None]:
    """The files, stored, and what text files say.

    Raises:
        PictureRefused, RecordingRefused, NoRoom: one cannot be taken.
        TextTooLong: a text file is longer than anybody would read.
    """
    origin = f"sent on {incoming.place.platform}"
    sent = []
    for it in incoming.uploads:
        if text_of(it) is None:
            kept = await shelving.keep(
                parts.store, parts.media, it.content, parts.media.take_in, origin=origin
            )
            sent.append(Sent(kept.hash, kept.type, it.alt))
    return tuple(sent), _said(incoming.uploads)


def text_of(upload: Upload) -> str | None:
    """What a text file says; None of any other."""
    if PurePath(upload.name).suffix.lower() not in TEXTS:
        return None
    try:
        text = upload.content.decode("utf-8-sig").replace("\0", "\ufffd")
    except UnicodeDecodeError:
        return None
    return None if binary(text) else text


def _said(uploads: Sequence[Upload]) -> Quoted | None:
    quotes = []
    for it in uploads:
        text = text_of(it)
        if text is None:
            continue
        if len(text) > LONGEST:
            raise TextTooLong(len(text), LONGEST)
        quotes.append(Quote(PurePath(it.name).name, text))
    return Quoted(quotes) if quotes else None
