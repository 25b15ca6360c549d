"""Cut-ups: texts are cut at their natural borders and the pieces laid in a new order.

Tristan Tzara drew words from a hat (To Make a Dadaist Poem, 1920); Brion Gysin and William
Burroughs cut newspapers into columns (Minutes to Go, 1960).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from agents.makers import lexicon
from agents.makers.joining import across, closes, opens
from agents.makers.languages import EVERYWHERE, Language
from agents.makers.making import Made, NothingToMake, Source, taken_from
from agents.makers.reading import Reading, read
from agents.makers.titling import title
from agents.makers.words import SMALL, Kind, Word, as_written

FEWEST_PIECES = 3
MOST_PIECES = 20
MOST_LINES = 8
LONGEST_PIECE = 6  # words
TRIES = 24

Piece = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class CutUp:
    """Cuts before prepositions, conjunctions and clauses, and joins the pieces anew."""

    name: str = "cut-up"
    label: str = "cut-up"
    keywords: Sequence[str] = (
        *("cut-up", "cutup", "cut up", "dada", "dadaist", "schnipselgedicht", "schnipsel"),
        *("dadaistisch", "recorte", "recortes", "dadaísta", "カットアップ", "ダダ"),
    )
    languages: frozenset[Language] = EVERYWHERE

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Lay the pieces of all sources in a new order, two to a line."""
        reading = read(sources, seed=seed)
        pieces = _pieces(reading)
        if len(pieces) < FEWEST_PIECES:
            raise NothingToMake(self.name, "words", len(reading.words), 2 + 4 * FEWEST_PIECES)
        random = Random(f"{seed} cut-up")
        chosen = _chosen(pieces, random)
        lines = max((_laid(chosen, random) for _ in range(TRIES)), key=_rated)
        return Made(
            title=title(lines, sources, language=reading.language, seed=seed),
            body="\n".join(as_written(line) for line in lines),
            taken=taken_from(sources, (word.source for line in lines for word in line)),
            label=self.label,
        )


def _pieces(reading: Reading) -> list[Piece]:
    """The phrases of the text, cut where a scissor would not hurt them."""
    found: list[Piece] = []
    for phrase in reading.phrases():
        piece: list[Word] = []
        for at, word in enumerate(phrase):
            if piece and _cut_before(word, piece, phrase[at + 1 :], english=reading.english):
                found.append(tuple(piece))
                piece = []
            piece.append(word)
        found.append(tuple(piece))
    return [piece for piece in found if _stands(piece, reading)]


def _cut_before(word: Word, piece: Sequence[Word], rest: Sequence[Word], *, english: bool) -> bool:
    if not english:
        return len(piece) >= 3 and piece[-1].kind not in SMALL and bool(rest)
    if piece[-1].kind in SMALL:
        return False
    if word.kind in {Kind.CONJUNCTION, Kind.SUBJECT}:
        return True
    if word.kind is Kind.PREPOSITION:
        return word.key != "of" and bool(rest)
    if word.kind is Kind.DETERMINER:
        return piece[-1].kind in {Kind.NOUN, Kind.OBJECT}
    return len(piece) >= LONGEST_PIECE and word.kind in {Kind.VERB, Kind.ADVERB, Kind.ING}


def _stands(piece: Piece, reading: Reading) -> bool:
    after = reading.words[piece[-1].place + 1 :][:1]
    content = any(word.kind not in SMALL and word.kind is not Kind.ADVERB for word in piece)
    shut = closes(piece[-1], after[0] if after else None)
    return content and len(piece) <= 2 * LONGEST_PIECE and shut > -9


def _chosen(pieces: Sequence[Piece], random: Random) -> list[Piece]:
    """All pieces of a short text; of a long one the most vivid, from every source."""
    unique = list({" ".join(word.key for word in piece): piece for piece in pieces}.values())
    if len(unique) <= MOST_PIECES:
        return unique
    waiting: dict[int, list[Piece]] = {}
    for piece in sorted(unique, key=lambda piece: -_vivid(piece) - random.gauss(0, 0.5)):
        waiting.setdefault(piece[0].source, []).append(piece)
    kept: list[Piece] = []
    while len(kept) < MOST_PIECES and any(waiting.values()):
        kept += [mine.pop(0) for mine in waiting.values() if mine]
    return kept[: max(MOST_PIECES, len(waiting))]


def _vivid(piece: Piece) -> float:
    bland = sum(word.key in lexicon.BLAND | lexicon.HARSH for word in piece)
    return sum(word.image for word in piece) - 0.7 * bland - 0.2 * abs(len(piece) - 3)


def _laid(pieces: Sequence[Piece], random: Random) -> list[Piece]:
    """Each line a piece that can begin, and after most of them one that leads on."""
    tails = [piece for piece in pieces if _leads_on(piece)]
    heads = [piece for piece in pieces if not _leads_on(piece)]
    random.shuffle(tails)
    random.shuffle(heads)
    lines: list[Piece] = []
    while heads or tails:
        if not heads:
            lines.append(tails.pop())
            continue
        head = heads.pop()
        room = 8 - len(head)
        fitting = [n for n, tail in enumerate(tails) if _follows(head, tail, room)]
        if fitting:
            lines.append(head + tails.pop(fitting[0]))
        else:
            lines.append(head)
    return _pruned(lines)


def _pruned(lines: Sequence[Piece]) -> list[Piece]:
    """A long cut-up keeps the joined lines; the leftovers go, but never a whole source."""
    kept = list(lines)
    for line in sorted(lines, key=lambda line: (not _leads_on(line), len(line))):
        rest = {word.source for other in kept if other is not line for word in other}
        if len(kept) > MOST_LINES and not _joined(line) and {w.source for w in line} <= rest:
            kept.remove(line)
    return kept


def _leads_on(piece: Piece) -> bool:
    return piece[0].kind in {Kind.PREPOSITION, Kind.ING} or (
        piece[0].kind is Kind.CONJUNCTION and piece[0].key not in {"when", "if", "why", "how"}
    )


def _follows(head: Piece, tail: Piece, room: int) -> bool:
    """Whether the tail reads on from the head and did not do so before."""
    neighbours = head[-1].place + 1 == tail[0].place
    return not neighbours and len(tail) <= room and across(head[-1], tail[0]) > -1


def _rated(lines: Sequence[Piece]) -> float:
    """How new and how well joined the whole is."""
    words = [word for line in lines for word in line]
    as_before = sum(a[-1].place + 1 == b[0].place for a, b in pairwise(lines))
    mixed = sum(len({word.source for word in line}) > 1 for line in lines)
    in_place = sum(word.place == at + words[0].place for at, word in enumerate(words))
    dangling = sum(map(_leads_on, lines)) + _leads_on(lines[0]) + _leads_on(lines[-1])
    shut = closes(lines[-1][-1], None) + sum(closes(line[-1], None) for line in lines) / len(lines)
    score = 0.8 * (mixed + sum(map(_joined, lines))) + shut + opens(lines[0][0], None)
    return score - 2.0 * as_before - 0.2 * in_place - 0.6 * dangling - 0.4 * (len(lines[0]) == 1)


def _joined(line: Piece) -> bool:
    return any(a.place + 1 != b.place for a, b in pairwise(line))
