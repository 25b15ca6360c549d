"""Which maker a wish in plain words asks for."""

import re
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from agents.makers.cento import Cento
from agents.makers.cutup import CutUp
from agents.makers.erasure import Erasure
from agents.makers.haiku import Haiku
from agents.makers.making import Maker, Source


def makers() -> tuple[Maker, ...]:
    """Every maker of texts there is."""
    return (Erasure(), Haiku(), CutUp(), Cento())


def choose(wish: str, sources: Sequence[Source]) -> Maker:
    """The maker the wish names; else a cento of several sources, an erasure of one."""
    return named(wish) or (Cento() if len(sources) > 1 else Erasure())


def named(wish: str) -> Maker | None:
    """The maker whose name or keyword stands in the wish; slips of a key are forgiven."""
    words = re.findall(r"[\w-]+", wish.casefold().replace("–", "-").replace("‑", "-"))
    best: tuple[int, int, Maker] | None = None
    for maker in makers():
        for keyword in (maker.name, *maker.keywords):
            size = len(keyword.split())
            for at in range(len(words) - size + 1):
                typed = " ".join(words[at : at + size])
                slips = OSA.distance(keyword, typed)
                if slips <= _forgiven(typed) and (best is None or (slips, at) < best[:2]):
                    best = (slips, at, maker)
    return best[2] if best else None


def _forgiven(typed: str) -> int:
    return 0 if len(typed) < 5 else 1 if len(typed) < 9 else 2
