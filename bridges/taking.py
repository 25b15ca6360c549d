"""Files that came along: pictures and recordings on the shelf, words of text files and voices."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from agents import guidance
from agents.quoting import Quote, Quoted
from agents.speech import NotListening, Recorded
from agents.turn import Parts, Sent, Turn
from bridges.protocol import Incoming
from bridges.uploads import Upload
from feed_core import shelving
from feed_core.errors import TextTooLong
from feed_core.services.pieces import binary

TEXTS = frozenset({".txt", ".text", ".md", ".markdown"})
LONGEST = 100_000  # characters of a text file


async def taken_in(turn: Turn, incoming: Incoming) -> tuple[Turn, Incoming, str]:
    """Turn and message with what came along, and what is to be said of that.

    The words of a voice note are its sender's own; what another said is data, as text files are.

    Raises:
        PictureRefused, RecordingRefused, NoRoom, TextTooLong: a file cannot be taken.
        NothingHeard, NotListening, Unavailable, BudgetSpent: a voice note cannot be heard.
    """
    note = next((it for it in incoming.uploads if it.spoken is not None), None)
    if note is None or note.spoken is None or incoming.text or incoming.filled:
        return await _with_files(turn, incoming, "")
    listener, by = turn.parts.transcriber, note.spoken.by
    if listener is None:
        if by:
            raise NotListening
        return await _with_files(turn, incoming, guidance.NOT_LISTENING)
    recorded = Recorded(note.name, note.content, note.spoken.seconds)
    words = await listener.words(member_id=turn.member_id, recorded=recorded)
    incoming = replace(incoming, uploads=())
    if by:
        return replace(turn, quoted=Quoted([Quote(by, words)])), incoming, ""
    if incoming.token is not None:
        return turn, replace(incoming, filled=words), guidance.heard(words)
    return turn, replace(incoming, text=words), guidance.heard(words)


async def _with_files(turn: Turn, incoming: Incoming, note: str) -> tuple[Turn, Incoming, str]:
    if not incoming.uploads:
        return turn, incoming, note
    files, words = await take_in(turn.parts, incoming)
    turn = replace(turn, files=files, quoted=words or turn.quoted)
    return turn, incoming, note or guidance.one_file(len(files))


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
