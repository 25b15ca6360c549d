"""How well the feed's ranking finds what members like next; one JSON line for each figure.

Communities are planted (see planted.py). Days 0-70 teach and 70-80 validate: there the rivals
choose their settings, for each seed anew. Then days 0-80 teach and 80-90 test. Ours chooses its
weights from what teaches alone, by its own hold-out; what it starts from was chosen on communities
of seeds 101-107 and on MovieLens-100k, none of which is tested here. Figures are means over seeds
with 95 % intervals (Student's t); a difference is taken seed by seed. `python -m benchmarks.taste
5` takes five seeds.
"""

import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from benchmarks.planted import DAYS, Planted, Shape, plant
from benchmarks.rivals import Rival, Scores, rivals
from feed_core.services.crowd import Crowd
from feed_core.services.diversity import Pool, compose
from feed_core.services.ranking import Known, rank_with, scored
from feed_core.services.recipes import FOR_YOU

VALIDATION, TEST, END = 70, 80, 90
NEGATIVES = 99
T95 = {2: 12.71, 3: 4.30, 4: 3.18, 5: 2.78, 6: 2.57, 7: 2.45, 8: 2.36, 9: 2.31, 10: 2.26}
OURS, COMPOSED = "jamfeed", "jamfeed, as a page"
COMMUNITIES = {
    "taste": Shape(600, 1000),
    "taste-sparse": Shape(600, 1200, activity=0.12, topic=25.0, style=0.3, quality=0.3),
}
Lists = NDArray[np.int64]  # (members, 20): what each member is shown, best first; -1 is nothing
Figures = dict[str, float]


@dataclass(frozen=True)
class Split:
    """What is known, and what is to be found, members in rows and items in columns."""

    world: Planted
    teach: NDArray[np.bool_]  # which reactions are known
    ask: NDArray[np.bool_]  # which are to be found
    now: float

    @cached_property
    def liked(self) -> Scores:
        return self._table(self.teach)

    @cached_property
    def wanted(self) -> NDArray[np.bool_]:
        wanted: NDArray[np.bool_] = self._table(self.ask) > self.liked
        wanted &= self.there
        return wanted

    @cached_property
    def ago(self) -> Scores:
        found: Scores = np.full(self.liked.shape, np.inf, dtype=np.float32)
        at = self.world.members[self.teach], self.world.items[self.teach]
        found[at] = self.now - self.world.days[self.teach]
        return found

    @cached_property
    def there(self) -> NDArray[np.bool_]:
        there: NDArray[np.bool_] = self.world.born < self.now
        return there

    @cached_property
    def known(self) -> Known:
        it, then = self.world, self.teach
        return Known(Crowd(it.members[then], it.items[then], it.days[then]), it.texts)

    def _table(self, which: NDArray[np.bool_]) -> Scores:
        shape = (int(self.world.members.max()) + 1, len(self.world.born))
        found = np.zeros(shape, dtype=np.float32)
        found[self.world.members[which], self.world.items[which]] = 1
        return found


def by_time(world: Planted, cut: float, end: float) -> Split:
    """Everything before the cut is known; what was liked until the end is to be found."""
    return Split(world, world.days < cut, (world.days >= cut) & (world.days < end), cut)


def last_out(world: Planted) -> Split:
    """Each member's last reaction is to be found."""
    last = np.zeros(len(world.days), dtype=bool)
    _, newest = np.unique(world.members[::-1], return_index=True)
    last[len(last) - 1 - newest] = True
    return Split(world, ~last, last, DAYS)


def top(scores: Scores, split: Split) -> Lists:
    """The best twenty that exist and that the member has not liked yet."""
    open_to = np.where(split.there & (split.liked == 0), scores, -np.inf)
    return np.argsort(-open_to, axis=1, kind="stable")[:, :20]


def ours(split: Split) -> Lists:
    there = np.flatnonzero(split.there).tolist()
    found = np.full((len(split.liked), 20), -1, dtype=np.int64)
    for member in range(len(found)):
        shown = rank_with(split.known, member, k=20, among=there, now=split.now)
        found[member, : len(shown)] = shown
    return found


def composed(split: Split) -> Lists:
    """The same after diversification and exploration, as a page shows it."""
    there = np.flatnonzero(split.there).tolist()
    vectors = split.known.vectors
    fresh = split.known.freshness(split.now)
    found = np.full((len(split.liked), 20), -1, dtype=np.int64)
    for member in range(len(found)):
        ids, scores = scored(split.known, member, among=there, now=split.now, recipe=FOR_YOU)
        # Ids are places here, and makers are not planted: each item has its own.
        pool = Pool(ids, scores, vectors, ids, ids, fresh[ids], at=ids)
        page = compose(pool, FOR_YOU, k=20, seed=member)
        found[member, : len(page)] = [pick.id for pick in page]
    return found


def measure(shown: Lists, split: Split) -> Figures:
    """Means over the members who liked anything in the time asked about."""
    who = np.flatnonzero(split.wanted.any(axis=1))
    hit = np.take_along_axis(split.wanted[who], shown[who], axis=1) & (shown[who] >= 0)
    wanted = split.wanted[who].sum(axis=1)
    gain = 1 / np.log2(np.arange(2, 12))
    ideal = np.cumsum(gain)[np.minimum(wanted, 10) - 1]
    about = split.world.topics / np.linalg.norm(split.world.topics, axis=1, keepdims=True)
    total = about[shown[who, :10]].sum(axis=1)  # the sum of all pairs' cosines, from one sum
    alike = ((total**2).sum(axis=1) - 10) / 90
    return {
        "HR@10": float(hit[:, :10].any(axis=1).mean()),
        "NDCG@10": float(((hit[:, :10] * gain).sum(axis=1) / ideal).mean()),
        "recall@20": float((hit.sum(axis=1) / wanted).mean()),
        "diversity@10": float(1 - alike.mean()),
    }


def choose(rival: Rival, split: Split) -> int:
    """The setting with the best NDCG@10 on the validation days."""
    tried = [measure(top(it(split.liked, split.ago), split), split) for it in rival.settings]
    return int(np.argmax([it["NDCG@10"] for it in tried]))


def sampled(order: NDArray[np.int64]) -> Figures:
    """From how many of 99 unliked items stand before each wanted one."""
    near = np.where(order < 5, 1 / np.log2(order + 2), 0)
    return {"sampled HR@10": float((order < 10).mean()), "sampled NDCG@5": float(near.mean())}


def draw(split: Split, seed: int) -> tuple[Lists, Lists]:
    """Members with a wanted item, and for each that item followed by 99 they never liked."""
    rng = np.random.default_rng(seed)
    who = np.flatnonzero(split.wanted.any(axis=1))
    offers = []
    for member in who:
        wanted = np.flatnonzero(split.wanted[member])
        unliked = (split.liked[member] == 0) & ~split.wanted[member]
        others = rng.choice(np.flatnonzero(unliked), NEGATIVES, replace=False)
        offers.append([*wanted[:1], *others])
    return who, np.array(offers)


def one(seed: int, shape: Shape) -> dict[str, Figures]:
    """Every method's figures for one planted community."""
    world = plant(seed, shape)
    validation, test, last = (
        by_time(world, VALIDATION, TEST),
        by_time(world, TEST, END),
        last_out(world),
    )
    who, offers = draw(last, seed)
    found: dict[str, Figures] = {}
    for rival in rivals(world.texts):
        score = rival.settings[choose(rival, validation)]
        found[rival.name] = measure(top(score(test.liked, test.ago), test), test)
        offered = np.take_along_axis(score(last.liked, last.ago)[who], offers, axis=1)
        others, target = offered[:, 1:], offered[:, :1]
        before = (others > target).sum(axis=1) + (others == target).sum(axis=1) // 2
        found[rival.name] |= sampled(before)
    found[OURS] = measure(ours(test), test)
    places = [
        rank_with(last.known, int(member), k=NEGATIVES + 1, among=offer).index(offer[0])
        for member, offer in zip(who, offers.tolist(), strict=True)
    ]
    found[OURS] |= sampled(np.array(places))
    found[COMPOSED] = measure(composed(test), test)
    return found | {"only new items": cold(test)}


def cold(split: Split) -> Figures:
    """Among what was made after the cut, which nobody has liked yet, only texts can tell."""
    new = np.flatnonzero((split.world.born >= split.now) & (split.world.born < END))
    wanted = split.liked * 0
    wanted[split.world.members[split.ask], split.world.items[split.ask]] = 1
    who = np.flatnonzero(wanted[:, new].any(axis=1))
    recalls = []
    for member in who.tolist():
        shown = rank_with(split.known, member, k=20, among=new.tolist(), now=split.now)
        recalls.append(wanted[member, shown].sum() / wanted[member, new].sum())
    return {"recall@20": float(np.mean(recalls)), "by chance": 20 / len(new)}


def tell(
    name: str, method: str, figure: str, values: list[float], *, above: float | None = None
) -> None:
    """Print one figure: its mean over the seeds, and how far the true one may be from it."""
    line: dict[str, object] = {"benchmark": name, "method": method, "figure": figure}
    line |= {"value": round(float(np.mean(values)), 4), "seeds": len(values)}
    half = 0.0
    if len(values) > 1:
        half = T95[min(len(values), 10)] * float(np.std(values, ddof=1)) / len(values) ** 0.5
        line["interval"] = round(half, 4)
    if above is not None:
        line["met"] = bool(np.mean(values) - half > above)
    print(json.dumps(line), flush=True)


def main(seeds: int = 5) -> None:
    for name, shape in COMMUNITIES.items():
        compare(name, shape, seeds)


def compare(name: str, shape: Shape, seeds: int) -> None:
    """Print what every method reaches, and how far we are above or below each."""
    runs = [one(seed, shape) for seed in range(seeds)]
    series: dict[tuple[str, str], list[float]] = defaultdict(list)
    for run in runs:
        for method, figures in run.items():
            for figure, value in figures.items():
                series[method, figure].append(value)
    for (method, figure), values in series.items():
        tell(name, method, figure, values)
    for rival in (it.name for it in rivals({})):
        for figure in runs[0][OURS]:
            pairs = zip(series[OURS, figure], series[rival, figure], strict=True)
            tell(name, f"{OURS} minus {rival}", figure, [a - b for a, b in pairs], above=0)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
