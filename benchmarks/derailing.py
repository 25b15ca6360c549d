"""How well derailing threads are told from lively ones; one JSON line for each figure.

The threads of `tests/agents/data` were written before there were rules. Those of odd number are for
choosing: `python -m benchmarks.derailing --train` learns the weights from them. Those of even
number are held out. A thread counts as called derailing when it is at any of its comments, as the
offer of a mediator would come then.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

import numpy as np

from agents.derailing import FEWEST, WEIGHTS, Said, Sign, count, read
from benchmarks.figures import Figures

DATA = Path(__file__).parent.parent / "tests" / "agents" / "data"
Z = NormalDist().inv_cdf(0.975)
FALSE_ALARMS, CAUGHT = 0.02, 0.70
STEPS, RATE, DECAY = 4_000, 0.1, 0.01
MARGIN = 0.1  # of the logit between the hottest lively thread and the threshold


@dataclass(frozen=True, slots=True)
class Thread:
    """One written thread."""

    number: int
    derails: bool
    said: Sequence[Said]
    later: bool = False  # of the second set, written when there were rules, without sight of them

    @property
    def for_choosing(self) -> bool:
        """Whether rules and weights may be chosen by it."""
        return self.number % 2 == 1

    @property
    def called(self) -> bool:
        """Whether it is called derailing at any of its comments."""
        return any(read(self.said[:end]).derails for end in range(FEWEST, len(self.said) + 1))


def threads() -> list[Thread]:
    """All that were written."""
    found = list[Thread]()
    for label in ("calm", "calm_unseen", "derailing", "derailing_unseen"):
        kind, _, unseen = label.partition("_")
        lines = (DATA / f"threads_{label}.jsonl").read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, start=1):
            said = [Said(it["by"], it["text"]) for it in json.loads(line)["comments"]]
            found.append(Thread(number, kind == "derailing", said, later=bool(unseen)))
    return found


def share(of: Sequence[Thread]) -> float:
    """The share of these that are called derailing."""
    return sum(it.called for it in of) / len(of)


def wilson(share: float, size: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927)."""
    middle = (share + Z**2 / (2 * size)) / (1 + Z**2 / size)
    reach = Z / (1 + Z**2 / size) * np.sqrt(share * (1 - share) / size + Z**2 / (4 * size**2))
    return float(max(0.0, middle - reach)), float(min(1.0, middle + reach))


def train(known: Sequence[Thread]) -> dict[str, object]:
    """Weights by logistic regression, each with the sign that its meaning demands.

    The threshold lies above the hottest lively thread of these, at any of its comments.
    """
    signs = list(Sign)
    shown = np.array([[count(it.said)[sign] for sign in signs] for it in known], dtype=float)
    truth = np.array([it.derails for it in known], dtype=float)
    speaks_against = np.array([sign is Sign.REPAIR for sign in signs])
    weights, bias = np.zeros(len(signs)), 0.0
    for _ in range(STEPS):
        off = 1 / (1 + np.exp(-(shown @ weights + bias))) - truth
        weights -= RATE * (shown.T @ off / len(truth) + DECAY * weights)
        bias -= RATE * float(off.mean())
        weights = np.where(speaks_against, np.minimum(weights, 0), np.maximum(weights, 0))
    hottest = max(
        float(np.array([count(it.said[:end])[sign] for sign in signs]) @ weights) + bias
        for it in known
        if not it.derails
        for end in range(FEWEST, len(it.said) + 1)
    )
    return {
        "bias": round(bias, 3),
        "threshold": round(1 / (1 + float(np.exp(-hottest - MARGIN))), 3),
        "weights": {
            sign.value: round(float(it), 3) for sign, it in zip(signs, weights, strict=True)
        },
    }


def main() -> None:
    """Learn the weights anew, or tell the figures."""
    known = threads()
    if "--train" in sys.argv:
        learned = train([it for it in known if it.for_choosing])
        WEIGHTS.write_text(json.dumps(learned, indent=2) + "\n", encoding="utf-8")
        return
    figures = Figures("derailing")
    for part, held_out in (("for choosing", False), ("held out", True)):
        for figure, derails in (("false alarms", False), ("caught", True)):
            these = [it for it in known if it.derails == derails and it.for_choosing != held_out]
            found = share(these)
            low, high = wilson(found, len(these))
            name, limit = f"{figure}, {part}", None if derails else FALSE_ALARMS * 100
            least = CAUGHT * 100 if derails else None
            figures.tell(name, found * 100, "%", limit=limit, least=least)
            figures.tell(f"{name}, 95 % from", low * 100, "%")
            figures.tell(f"{name}, 95 % to", high * 100, "%")


if __name__ == "__main__":
    main()
