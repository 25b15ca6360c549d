"""What belongs to a creation or draft besides its words: a picture, or a recording."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from agents import creation_words
from agents.answer import Picture, Recording
from feed_core.media import SUFFIXES, MediaShelf
from feed_core.models.creations import Creation, Draft
from feed_core.services import media
from feed_core.states import CreationKind
from feed_core.store import View

RECORDINGS = frozenset({CreationKind.AUDIO, CreationKind.VIDEO})

Smaller: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Attached:
    """A picture, a recording, or what is said in its place."""

    picture: Picture | None = None
    recording: Recording | None = None
    hint: str = ""


NOTHING = Attached()


async def smaller(view: View, shown: Sequence[Creation]) -> Smaller:
    """Thumbnails by what they are of, where several things are shown at once."""
    if len(shown) < 2:
        return {}
    return await media.thumbnails(view, {it.media_hash for it in shown if it.media_hash})


async def attached(
    shelf: MediaShelf,
    shown: Creation | Draft,
    *,
    among_others: bool = False,
    smaller: Smaller | None = None,
) -> Attached:
    """What belongs to it; among others a smaller picture, and of a recording only what it is."""
    if shown.media_hash is None:
        return NOTHING
    if among_others and shown.kind in RECORDINGS:
        return Attached(hint=creation_words.not_played(shown.kind, f"{_ref(shown)}", shown.alt))
    wanted = (smaller or {}).get(shown.media_hash, shown.media_hash)
    try:
        content, kind = await asyncio.to_thread(_read, shelf, wanted)
    except FileNotFoundError:
        return Attached(hint=creation_words.lost(shown.alt))
    name = f"{shown.media_hash[:12]}{SUFFIXES[kind]}"
    if kind.startswith("image/"):
        return Attached(picture=Picture(content, name, shown.alt))
    return Attached(recording=Recording(content, kind, name, shown.alt))


def _read(shelf: MediaShelf, media_hash: str) -> tuple[bytes, str]:
    return shelf.read(media_hash), shelf.type_of(media_hash)


def _ref(shown: Creation | Draft) -> str:
    return f"#{shown.id}" if isinstance(shown, Creation) else f"d{shown.number}"
