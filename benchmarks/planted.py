"""A community that never was: implicit feedback whose taste is known because it was planted.

Members belong to communities that share topics and a style no text tells of; what is shown depends
on freshness and on what is popular already, and what is liked on taste, which drifts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DAYS = 100
STOCK = 20  # days before the first on which things were made already
SHOWN = 40  # creations that a member looks at on a day they come by

TOPICS = """
rain storm cloud thunder drizzle puddle umbrella fog gutter wet downpour mist grey roof pavement
sea harbour tide gull salt anchor wave lighthouse boat sail foam pier shell sand ferry horizon
kitchen soup onion bread oven butter spoon pepper garlic dough simmer recipe plate crust broth
cat whisker paw purr tail sofa kitten nap mouse stripe claw window yarn meow basket velvet
space orbit comet planet rocket moon crater nebula telescope gravity void probe galaxy dust signal
garden moss fern tulip seed spade beetle rose weed soil petal bloom hedge compost root pollen
city tram neon corner traffic tower alley pigeon crossing billboard metro kiosk concrete taxi night
robot circuit metal wire battery gear sensor code android servo factory rust chrome loop machine
forest pine owl deer bark trail mushroom branch clearing wolf acorn shadow hollow creek leaf
music drum chord bass melody guitar verse chorus tempo vinyl choir rhythm violin encore stage
ghost haunt attic candle whisper mirror grave curse midnight creak spirit cellar veil chill manor
football goal referee penalty stadium keeper whistle league boots pitch derby captain bench tackle
coffee espresso mug barista steam filter roast crema morning bean grinder cafe sugar froth cup
dragon knight castle sword wizard scroll quest tavern goblin shield spell throne crown rune tower
winter snow frost sled mitten icicle blizzard scarf pine ski hearth flake thaw glove lantern
love letter kiss heart promise longing ring dance blush goodbye tender sigh poem touch forever
office meeting deadline printer memo spreadsheet monday stapler inbox intern agenda boss desk lunch
train platform station ticket carriage whistle tunnel rail conductor suitcase delay sleeper bridge
school chalk teacher homework exam pencil bell lesson backpack recess essay library quiz ruler
market stall apple bargain basket coin fishmonger crate flower scale vendor cheese melon awning
""".strip()
FILLER = """
the a of and in to with on for my your this that it is was at from by as under over when where still
again first last one two three little old new quiet small long away never always here there made
""".strip()


@dataclass(frozen=True, slots=True)
class Planted:
    """What happened, oldest first, and what nobody but the benchmark may know."""

    members: NDArray[np.int64]  # (reactions,)
    items: NDArray[np.int64]
    days: NDArray[np.float64]
    born: NDArray[np.float64]  # (items,) the day on which each was made
    texts: Mapping[int, str]
    topics: NDArray[np.float64]  # (items, topics): what each is truly about, rows sum to 1


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the community is and what moves it; the weights are of log-odds."""

    members: int = 1200
    items: int = 1600
    communities: int = 12
    activity: float = 0.5  # reactions a day of the median member
    topic: float = 14.0
    style: float = 1.5
    quality: float = 0.6
    popularity: float = 0.6  # the power of what was liked before, in what is shown
    memory: float = 10.0  # days after which a creation is shown a third as often
    drift: float = 0.5  # share of a member's taste that is another one at the end


def plant(seed: int, shape: Shape | None = None) -> Planted:
    """One community's hundred days; the same seed tells the same story."""
    it = shape or Shape()
    rng = np.random.default_rng(seed)
    words = [line.split() for line in TOPICS.splitlines()]
    about = rng.dirichlet(np.full(len(words), 0.08), it.items)
    looks = rng.normal(size=(it.items, 8)) / np.sqrt(8)
    quality = rng.normal(size=it.items)
    born = np.sort(rng.uniform(-STOCK, DAYS, it.items))
    home = rng.integers(it.communities, size=it.members)
    shared = rng.dirichlet(np.full(len(words), 0.1), it.communities)
    began, ended = (_tastes(rng, shared[home], it.members) for _ in range(2))
    fond = rng.normal(size=(it.communities, 8))[home] + 0.5 * rng.normal(size=(it.members, 8))
    looking = it.activity * rng.lognormal(0.0, 0.8, it.members)
    steady = it.style * fond @ looks.T + it.quality * quality  # (members, items)

    seen = np.zeros((it.members, it.items), dtype=bool)
    likes = np.zeros(it.items)
    rows: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
    for day in range(DAYS):
        there = np.flatnonzero(born <= day)
        wanted = rng.poisson(looking)
        who = np.flatnonzero(wanted)
        age = day - born[there]
        shown = np.log(0.1 + np.exp(-age / it.memory)) + it.popularity * np.log1p(likes[there])
        chance = shown + rng.gumbel(size=(len(who), len(there)))
        chance[seen[np.ix_(who, there)]] = -np.inf
        slate = np.argpartition(-chance, SHOWN, axis=1)[:, :SHOWN]
        moved = it.drift * day / DAYS
        taste = (1 - moved) * began[who] + moved * ended[who]
        liking = it.topic * taste @ about[there].T + steady[np.ix_(who, there)]
        liking = np.take_along_axis(liking, slate, axis=1) + rng.gumbel(size=slate.shape)
        order = np.take_along_axis(slate, np.argsort(-liking, axis=1), axis=1)
        taken = np.arange(SHOWN) < wanted[who, None]
        item = there[order[taken]]
        member = np.repeat(who, np.minimum(wanted[who], SHOWN))
        seen[member, item] = True
        likes += np.bincount(item, minlength=it.items)
        rows.append((member, item, day + np.sort(rng.random(len(item)))))
    members, items, days = (np.concatenate(column) for column in zip(*rows, strict=True))
    texts = {n: _text(rng, words, about[n]) for n in range(it.items)}
    return Planted(members, items, days, born, texts, about)


def _tastes(
    rng: np.random.Generator, shared: NDArray[np.float64], members: int
) -> NDArray[np.float64]:
    """Each member's share of every topic: half their community's, half their own."""
    own = rng.dirichlet(np.full(shared.shape[1], 0.06), members)
    mixed: NDArray[np.float64] = (shared + own) / 2
    return mixed


def _text(
    rng: np.random.Generator, words: Sequence[Sequence[str]], about: NDArray[np.float64]
) -> str:
    """A title and a line or two: words of its topics, common ones first, between small ones."""
    said: list[str] = []
    small = FILLER.split()
    for topic in rng.choice(len(about), size=int(rng.integers(6, 20)), p=about):
        said.extend(rng.choice(small, size=int(rng.integers(1, 3))))
        rank = np.arange(1, len(words[topic]) + 1)
        said.append(rng.choice(words[topic], p=(1 / rank) / (1 / rank).sum()))
    return " ".join(said).capitalize()
