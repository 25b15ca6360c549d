"""What a community of so many members needs, reckoned from the figures in docs/benchmarks.md."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from benchmarks.table import PAGE

SIZES = (100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
HOUR, DAYS, MONTH = 3600, 365, 30
BUSY = 0.7  # of a core: the rest is for what comes unevenly

# What is taken for granted of a community; nobody's data were looked at.
HABITS: Mapping[str, tuple[float, str]] = {
    "crowd": (0.25, "% of the digests of a day are due in the busiest hour"),
    "minute": (0.10, "% of all members choose the same minute, such as 08:00"),
    "telegram": (0.5, "% of all members are on Telegram, the others on Discord"),
    "messages": (0.5, "messages to their agent does a member write a day"),
    "evening": (0.10, "% of the messages of a day come in the busiest hour"),
    "creations": (0.05, "creations does a member publish a day"),
    "pictures": (0.2, "% of them hold a picture"),
    "memories": (20, "things does an agent remember of its member"),
    "threads": (
        0.01,
        "threads a member have news on a day that a model reads, once for all readers",
    ),
}
DATABASES = ("SQLite", "PostgreSQL")
THINGS: Mapping[str, str] = {  # what grows, and how the benchmark `sizes` names it
    "member": "a member",
    "creation": "a creation with 5 reactions",
    "digest": "a digest of 7, sent",
    "memory": "a memory, without its vector",
    "message": "a message and its answer",
}
PICTURE = 300_000  # bytes of one, with its thumbnail
TURN, GIST = (3_000, 200), (1_500, 150)  # tokens into a model and out of it
PRICE = (0.25, 2.00)  # USD for a million tokens in and out: the example in agents.yaml
# https://core.telegram.org/bots/api#sendmessage (allow_paid_broadcast)
PAID, FEE = 1_000, 0.1  # messages a second, and Telegram Stars for each


@dataclass(frozen=True, slots=True)
class Known:
    """A figure, and where it comes from."""

    value: float
    unit: str
    source: str


def known() -> dict[str, Known]:
    """What was measured, by a short name; a goal stands where nothing is yet."""
    read = _figures(PAGE.read_text(encoding="utf-8"))

    def of(benchmark: str, figure: str, unit: str, goal: float = 0, column: str = "") -> Known:
        for (name, row, head), value in read.items():
            if name == benchmark and re.fullmatch(figure, row) and column in ("", head):
                return Known(value, unit, f"`{benchmark}`: {row}")
        if not goal:
            raise LookupError(f"{benchmark}: {figure}")
        return Known(goal, unit, "a goal: not measured yet")

    found = {
        "process": of("first", "anonymous memory when warm", "MB for a process"),
        "discord answer": of("discord", "CPU of one answer", "ms of CPU for an answer on Discord"),
        "telegram answer": of(
            "telegram", "our own added time, CPU", "ms of CPU for an answer on Telegram"
        ),
        "delivery": of("delivery", "CPU of one delivery", "ms of CPU to deliver a digest", 10),
        "telegram": of(
            "delivery", "a second, telegram", "messages a second by one Telegram bot", 27
        ),
        "discord": of(
            "delivery", "a second, discord", "messages a second by one Discord bot", 42.5
        ),
        "due": of("digests", "members due in the same second", "members due at once", 100_000),
        "claiming": of(
            "digests", "claiming all of them", "s to claim them on PostgreSQL", 12, "PostgreSQL"
        ),
        "compose": of(
            "digests", ".*compos.*CPU.*|.*CPU.*compos.*", "ms of CPU to compose a digest", 36
        ),
        "workflows": of(
            "digests",
            "workflows, 2 processes",
            "workflows a second through one PostgreSQL, each reckoned as one digest, not as 64",
            650,
        ),
    }
    for name, figure in THINGS.items():
        for database in DATABASES:
            told = f"bytes for {figure}, {database}"
            found[f"{name}, {database}"] = of("sizes", re.escape(figure), told, column=database)
    recalled, memories = (
        of("agents-full", it, "").value for it in ("anonymous memory", "memories")
    )
    vectors = (recalled - found["process"].value) * 1e6 / memories
    found["vector"] = Known(
        vectors, "bytes of memory for a vector", "`agents-full`: anonymous memory with its memories"
    )
    return found


@dataclass(frozen=True, slots=True)
class Need:
    """What so many members need; `of` are the measured values."""

    members: int
    of: Mapping[str, float]

    @property
    def digests(self) -> float:
        """In the busiest hour."""
        return self.members * habit("crowd")

    @property
    def messages(self) -> float:
        """A second, in the busiest hour."""
        return self.members * habit("messages") * habit("evening") / HOUR

    @property
    def telegram_bots(self) -> int:
        """So many that the hour's digests go out in it, and each bot's process can answer."""
        share = habit("telegram")
        sending = self.digests * share / (self.of["telegram"] * HOUR)
        answering = self.messages * share * self.of["telegram answer"] / 1000 / BUSY
        return max(ceil(sending), ceil(answering), 1)

    @property
    def discord_bots(self) -> int:
        """So many that the hour's digests go out in it."""
        return max(ceil(self.digests * (1 - habit("telegram")) / (self.of["discord"] * HOUR)), 1)

    @property
    def discord_processes(self) -> int:
        """For the shards of all bots, so that they can answer."""
        cores = self.messages * (1 - habit("telegram")) * self.of["discord answer"] / 1000
        return max(ceil(cores / BUSY), self.discord_bots)

    @property
    def workers(self) -> int:
        """That compose the hour's digests in an hour."""
        return max(ceil(self.digests * self.of["compose"] / 1000 / HOUR / BUSY), 1)

    @property
    def cores(self) -> float:
        """Of CPU in the busiest hour, if all were one process."""
        share = habit("telegram")
        answer = share * self.of["telegram answer"] + (1 - share) * self.of["discord answer"]
        digest = self.of["compose"] + self.of["delivery"]
        return self.messages * answer / 1000 + self.digests * digest / 1000 / HOUR

    @property
    def alone(self) -> bool:
        """Whether one process does it all, on SQLite."""
        return self.cores <= BUSY and self.telegram_bots == self.discord_bots == 1

    @property
    def kept_in(self) -> str:
        """The kind of database."""
        return DATABASES[0] if self.alone else DATABASES[1]

    @property
    def processes(self) -> int:
        """Of all roles, two schedulers among them."""
        return 1 if self.alone else self.telegram_bots + self.discord_processes + self.workers + 2

    @property
    def memory(self) -> float:
        """Bytes of all processes, and of the vectors of memories."""
        vectors = self.members * habit("memories") * self.of["vector"]
        return self.processes * self.of["process"] * 1e6 + vectors

    @property
    def database(self) -> float:
        """Bytes after a year."""
        year = {
            "member": 1.0,
            "creation": habit("creations") * DAYS,
            "digest": DAYS,
            "memory": habit("memories"),
            "message": habit("messages") * DAYS,
        }
        return self.members * sum(
            self.of[f"{it}, {self.kept_in}"] * count for it, count in year.items()
        )

    @property
    def media(self) -> float:
        """Bytes of pictures after a year."""
        return self.members * habit("creations") * habit("pictures") * DAYS * PICTURE

    @property
    def claiming(self) -> float:
        """Seconds to claim the most crowded minute."""
        return self.members * habit("minute") * self.of["claiming"] / self.of["due"]

    @property
    def window(self) -> float:
        """Minutes until the last of the most crowded minute has its digest on Telegram."""
        crowd = self.members * habit("minute") * habit("telegram")
        return crowd / self.telegram_bots / self.of["telegram"] / 60

    @property
    def share(self) -> float:
        """Of what one PostgreSQL takes, in the busiest hour."""
        return self.digests / HOUR / self.of["workflows"]

    @property
    def dollars(self) -> float:
        """Of a model in a month."""
        turns = self.members * habit("messages") * _cost(TURN)
        return MONTH * (turns + self.members * habit("threads") * _cost(GIST))

    @property
    def stars(self) -> float:
        """What the same window costs at a minute, in Telegram Stars a day: paid broadcast."""
        return self.members * habit("minute") * habit("telegram") * FEE


def habit(name: str) -> float:
    """What is taken for granted under this name."""
    return HABITS[name][0]


def _cost(tokens: tuple[int, int]) -> float:
    return sum(count * price for count, price in zip(tokens, PRICE, strict=True)) / 1e6


def _figures(text: str) -> dict[tuple[str, str, str], float]:
    """Every figure of the page, by benchmark, row and column."""
    found: dict[tuple[str, str, str], float] = {}
    for name, table in re.findall(r"<!-- ([\w-]+) -->\n(.*?)<!-- end of \1 -->", text, re.DOTALL):
        lines = [
            [it.strip() for it in line.strip("|\n ").split(" | ")] for line in table.splitlines()
        ]
        for cells in lines[2:]:
            for head, cell in zip(lines[0][1:], cells[1:], strict=False):
                if number := re.match(r"-?[\d.]+(?:e[+-]?\d+)?", cell):
                    found[name, cells[0].strip("| "), head.strip("| ")] = float(number[0])
    return found
