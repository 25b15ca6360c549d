"""Writes docs/capacity.md, by `python -m tests.pages`; a test finds one that is out of date."""

from collections.abc import Callable, Mapping

from benchmarks.capacity import BUSY, FEE, GIST, HABITS, HOUR, PAID, PRICE, SIZES, TURN, Need, known

ROWS: Mapping[str, Callable[[Need], str]] = {
    "database": lambda it: it.kept_in,
    "processes": lambda it: f"{it.processes:,}",
    "… Telegram bots, a process each": lambda it: "in it" if it.alone else f"{it.telegram_bots:,}",
    "… Discord processes (bots)": lambda it: (
        "in it" if it.alone else f"{it.discord_processes:,} ({it.discord_bots:,})"
    ),
    "… workers": lambda it: "in it" if it.alone else f"{it.workers:,}",
    "cores busy in the busiest hour": lambda it: _number(it.cores),
    "memory of all processes, and vectors": lambda it: _bytes(it.memory),
    "database after a year": lambda it: _bytes(it.database),
    "pictures after a year": lambda it: _bytes(it.media),
    "digests in the busiest hour": lambda it: f"{it.digests:,.0f}",
    "claiming the most crowded minute": lambda it: f"{_number(it.claiming)} s",
    "… until the last has it on Telegram": lambda it: f"{_number(it.window)} min",
    "share of one PostgreSQL in that hour": lambda it: (
        "–" if it.alone else f"{_number(100 * it.share)} %"
    ),
    "a model in a month, USD": lambda it: f"{it.dollars:,.0f}",
    "… for a member": lambda it: f"{it.dollars / it.members:.4f}",
}


def page() -> str:
    """The page, reckoned anew."""
    measured = known()
    needs = [Need(it, {name: one.value for name, one in measured.items()}) for it in SIZES]
    heads = ["100", "1,000", "10,000", "100,000", "1 million", "10 million"]
    table = [
        f"| members | {' | '.join(heads)} |",
        "|---" * (len(heads) + 1) + "|",
        *(f"| {name} | {' | '.join(map(tell, needs))} |" for name, tell in ROWS.items()),
    ]
    used = [f"| {_number(it.value)} {it.unit} | {it.source} |" for it in measured.values()]
    habits = [f"- {_habit(value, told)}" for value, told in HABITS.values()]
    one = measured["telegram"].value * HOUR
    alone = max(it.members for it in needs if it.alone)
    full = [it.members for it in needs if it.share > 1]
    return TEXT.format(
        table="\n".join(table),
        figures="\n".join(["| what | from |", "|---|---|", *used]),
        habits="\n".join(habits),
        busy=f"{BUSY:.0%}".replace("%", " %"),
        an_hour=f"{round(one, -3):,.0f}",
        alone=f"{alone:,}",
        last=f"{needs[-1].share:.1f}",
        too_many=f"from about {full[0]:,} members on" if full else "beyond ten million members",
        paid=f"{PAID:,}",
        fee=FEE,
        crowd=f"{needs[3].stars:,.0f}",
        price_in=PRICE[0],
        price_out=f"{PRICE[1]:.2f}",
        turn_in=f"{TURN[0]:,}",
        turn_out=TURN[1],
        gist_in=f"{GIST[0]:,}",
        gist_out=GIST[1],
    )


def _habit(value: float, told: str) -> str:
    return f"{value:.0%} {told[2:]}".replace("%", " %") if told[0] == "%" else f"{value:g} {told}"


def _bytes(count: float) -> str:
    for unit, size in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count >= size:
            return f"{_number(count / size)} {unit}"
    return f"{count:,.0f} bytes"


def _number(value: float) -> str:
    """Two digits that count: nothing here is known better."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2g}" if value >= 0.1 else "< 0.1"


TEXT = """\
# Capacity

What a community of so many members needs, reckoned by `benchmarks/capacity.py` from the
[figures](benchmarks.md) and from what is taken for granted below. It is arithmetic, not a promise:
beyond what was measured (100,000 members due at once, 10,000 deliveries, a million creations) it
says what would be needed if all went on in proportion. Every member has one digest a day here, and
cores are those of the machine that the figures come from.

{table}

One process on SQLite is enough for about {alone} members. When that is outgrown,
[PostgreSQL](postgresql.md#moving-there) says how to move; [watching](watching.md) tells when it is
time.

## What platforms allow

- **Telegram**: one bot may send 30 messages a second in all, about 100,000 digests an hour,
  whatever machine it runs on; as measured, with a core shared by the bots of both platforms, one
  sends {an_hour}. Who chooses a crowded minute gets theirs within the time in the table.
  Two ways out: several bots, each with a part of the members and a process of its own, as the table
  has it; or *paid broadcast*, up to {paid} messages a second for {fee} Telegram Stars each: {crowd}
  Stars a day for the most crowded minute of 100,000 members. Jamfeed sends no paid broadcasts.
- **Discord**: 50 requests a second for one application; answers to commands are not counted, and
  nothing more can be bought. A bot on more than 2,500 servers needs shards, which can be spread
  over processes. One that opens very many private chats in a short time may be taken for spam:
  prefer digests in rooms there, and let members write to the bot first.
- A token or shard is held by one process at a time. So one Telegram bot answers as fast as one
  process does, and the table has as many bots as that needs.

## Where it ends

- In its busiest hour one PostgreSQL is at the share that the table says: {too_many}
  one is too little, at ten million members by a factor of {last}. What helps then is no larger
  database but several Jamfeeds from the start, one for each community or region.
- Digests, deliveries and messages stay in the database, and are most of what it grows by.
- Vectors of memories stand in the memory of the one process, or of the Chroma server.

## What was measured

{figures}

## What is taken for granted

{habits}
- a process is loaded to {busy} of a core
- for a message a model reads {turn_in} tokens and writes {turn_out}; for the gist of a thread
  {gist_in} and {gist_out}; a million cost {price_in} USD and {price_out} USD, the example in
  `agents.yaml`; without a model all of that is 0
"""
