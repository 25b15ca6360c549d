"""How well derailing threads are told from lively ones; one JSON line for each figure.

The first 300 threads of `tests/agents/data` were written before there were rules, 147 more
(`unseen`) when there were, without sight of them. Those of odd number are for choosing: `python -m
benchmarks.derailing --train` learns tone and weights from them. Those of even number are held out,
and so are all of the next 77 (`later`), which were written when all rules stood. The last 300
(`strangers`) are told apart: their writer knew nothing of Jamfeed, and nothing was chosen by them.
A thread counts as called derailing when it is at any of its comments, as the offer of a mediator
would come then.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from statistics import NormalDist

import numpy as np

from agents import tone
from agents.derailing import FEWEST, WEIGHTS, Said, Sign, count, read
from agents.tone import Tone
from benchmarks import tone_training
from benchmarks.figures import Figures
from benchmarks.tone_training import Bag, Sentences
from memory.embedding import Embedder

DATA = Path(__file__).parent.parent / "tests" / "agents" / "data"
Z = NormalDist().inv_cdf(0.975)
FALSE_ALARMS, CAUGHT = 0.02, 0.70
STEPS, RATE, DECAY = 4_000, 0.1, 0.01
AT_FIRST = FALSE_ALARMS / 2  # of the lively threads for choosing are called: half of the limit
MARGIN = 0.1  # of the logit between the hottest lively thread and the threshold, where none is


@dataclass(frozen=True, slots=True)
class Thread:
    """One written thread."""

    number: int
    derails: bool
    said: Sequence[Said]
    tones: Sequence[float]
    written: str = ""  # in which set: the first, "unseen", "later" or "strangers"

    @property
    def for_choosing(self) -> bool:
        """Whether rules and weights may be chosen by it."""
        return self.number % 2 == 1 and self.written in ("", "unseen")

    @property
    def called(self) -> bool:
        """Whether it is called derailing at any of its comments."""
        return any(read(said, tones).derails for said, tones in self.parts)

    @property
    def parts(self) -> Sequence[tuple[Sequence[Said], Sequence[float]]]:
        """What of it could be read after each of its comments, from the third on."""
        ends = range(FEWEST, len(self.said) + 1)
        return [(self.said[:end], self.tones[:end]) for end in ends]


def threads(embedder: Embedder) -> list[Thread]:
    """All that were written."""
    heard, found = Tone(embedder), list[Thread]()
    for kind, written in product(("calm", "derailing"), ("", "unseen", "later", "strangers")):
        file = DATA / f"threads_{'_'.join(filter(None, [kind, written]))}.jsonl"
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            said = [Said(it["by"], it["text"]) for it in json.loads(line)["comments"]]
            tones = heard.read([it.text for it in said])
            found.append(Thread(number, kind == "derailing", said, tones, written))
    return found


def share(of: Sequence[Thread]) -> float:
    """The share of these that are called derailing."""
    return sum(it.called for it in of) / len(of)


def wilson(share: float, size: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927)."""
    middle = (share + Z**2 / (2 * size)) / (1 + Z**2 / size)
    reach = Z / (1 + Z**2 / size) * np.sqrt(share * (1 - share) / size + Z**2 / (4 * size**2))
    return float(max(0.0, middle - reach)), float(min(1.0, middle + reach))


def train(known: Sequence[Thread], embedder: Embedder) -> dict[str, object]:
    """Learn tone, and weights by logistic regression, each with the sign that its meaning demands.

    For the weights each thread's tone is told by what was learned without it. The threshold lets
    half as many lively threads be called as the limit does, each at the hottest of its comments.
    """
    bags = [Bag(embedder.vectors([one.text for one in it.said]), it.derails) for it in known]
    lines = (DATA / "tone_sentences.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(it) for it in lines]
    sentences = Sentences(
        embedder.vectors([it["text"] for it in rows]), np.array([it["hostile"] for it in rows])
    )
    learned = tone_training.learned(bags, sentences)
    tone.write(learned.weights.astype(np.float32), learned.bias)
    known = [
        replace(it, tones=[float(one) for one in logits])
        for it, logits in zip(known, tone_training.held_out(bags, sentences), strict=True)
    ]
    signs = list(Sign)
    shown = np.array([[count(it.said, it.tones)[sign] for sign in signs] for it in known])
    truth = np.array([it.derails for it in known], dtype=float)
    speaks_against = np.array([sign is Sign.REPAIR for sign in signs])
    weights, bias = np.zeros(len(signs)), 0.0
    for _ in range(STEPS):
        off = 1 / (1 + np.exp(-(shown @ weights + bias))) - truth
        weights -= RATE * (shown.T @ off / len(truth) + DECAY * weights)
        bias -= RATE * float(off.mean())
        weights = np.where(speaks_against, np.minimum(weights, 0), np.maximum(weights, 0))
    hottest = sorted(
        max(float(np.array([count(*part)[sign] for sign in signs]) @ weights) for part in it.parts)
        for it in known
        if not it.derails
    )
    called = int(AT_FIRST * len(hottest))
    limit = sum(hottest[-1 - called :][:2]) / 2 if called else hottest[-1] + MARGIN
    return {
        "bias": round(bias, 3),
        "threshold": round(1 / (1 + float(np.exp(-limit - bias))), 3),
        "weights": {
            sign.value: round(float(it), 3) for sign, it in zip(signs, weights, strict=True)
        },
    }


def main() -> None:
    """Learn the weights anew, or tell the figures."""
    embedder = Embedder()
    known = threads(embedder)
    if "--train" in sys.argv:
        learned = train([it for it in known if it.for_choosing], embedder)
        WEIGHTS.write_text(json.dumps(learned, indent=2) + "\n", encoding="utf-8")
        return
    figures = Figures("derailing")
    parts = {
        "for choosing": [it for it in known if it.for_choosing],
        "held out": [it for it in known if not it.for_choosing and it.written != "strangers"],
        "by strangers": [it for it in known if it.written == "strangers"],
    }
    for part, some in parts.items():
        for figure, derails in (("false alarms", False), ("caught", True)):
            these = [it for it in some if it.derails == derails]
            found = share(these)
            low, high = wilson(found, len(these))
            name, limit = f"{figure}, {part}", None if derails else FALSE_ALARMS * 100
            least = CAUGHT * 100 if derails else None
            figures.tell(name, found * 100, "%", limit=limit, least=least)
            figures.tell(f"{name}, 95 % from", low * 100, "%")
            figures.tell(f"{name}, 95 % to", high * 100, "%")


if __name__ == "__main__":
    main()
