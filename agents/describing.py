"""What is said to those who cannot see or hear it: its maker's words, or what is true meanwhile."""

from dataclasses import replace

from agents import creation_words
from agents.answer import Button, Call
from agents.turn import Turn
from feed_core.services import members
from feed_core.services.pieces import Piece


async def with_alt(turn: Turn, piece: Piece) -> Piece:
    """The piece with a true stand-in, where it shows something that nobody has described yet."""
    if piece.media_hash is None or piece.alt.strip():
        return piece
    return replace(piece, alt=await stand_in(turn, piece))


async def stand_in(turn: Turn, piece: Piece) -> str:
    """The stand-in for a piece of this member's."""
    async with turn.store.read() as view:
        member = await members.get(view, turn.member_id)
    return creation_words.stand_in_alt(piece.kind, member.name, piece.title)


async def asked(turn: Turn, piece: Piece, ref: str) -> tuple[str, list[Button]]:
    """A request for the maker's own words and the button for them, while the stand-in stands."""
    if piece.media_hash is None or piece.alt != await stand_in(turn, piece):
        return "", []
    call = Call("describe", {"piece": ref})
    button = Button("Describe", call, only_asker=True, blank="words")
    return creation_words.ask_for_alt(piece.alt), [button]
