"""What the operator reads while a feed moves to PostgreSQL."""

from dataclasses import dataclass

from agents.phrases import plural
from agents.porting_words import problem
from feed_core.porting.problems import Problems


def going_on() -> str:
    """An earlier run was broken off."""
    return "A move into this database was broken off; it goes on from there."


@dataclass(frozen=True, slots=True)
class Moved:
    """What came where; `vectors`: how many came to a Chroma server, of how many."""

    rows: int
    tables: int
    database: str
    home: str
    old: str
    vectors: tuple[int, int] | None


def moved(it: Moved, *, is_set: bool) -> str:
    """The end of a move; `is_set`: the next start finds its addresses in the environment."""
    settings = "JAMFEED_DATABASE_URL" + (" and JAMFEED_CHROMA_URL" if it.vectors else "")
    told = [
        f"All of it is there: {plural(it.rows, 'row')} of {plural(it.tables, 'table')} in "
        f"{it.database}, compared with the old ones.",
        _vectors(it.vectors),
        f"{settings} can stay set as now."
        if is_set
        else f"Now put {settings} into .env, with what you gave here.",
        f"Leave JAMFEED_HOME as it is: {it.home} keeps the media. Then start Jamfeed: "
        "`jamfeed run`.",
        f"The old database stays as it was, in {it.old}; nobody reads it any more. Keep it until "
        "you trust the new one, and start no Jamfeed on it: the two would go different ways.",
    ]
    return " ".join(told)


def refused(problems: Problems) -> str:
    """Everything in the old feed that PostgreSQL would not take."""
    lines = [problem(it) for it in problems.first]
    if more := problems.count - len(lines):
        lines.append(f"… and {more:,} more.")
    return "\n".join([*lines, "PostgreSQL would not take this, so nothing was copied."])


def stopped() -> str:
    """It was told to stop before the end."""
    return "Stopped. The same command goes on from here; the old feed is as it was."


def _vectors(vectors: tuple[int, int] | None) -> str:
    if vectors is None:
        return "The vectors of memories stay where they are."
    came, total = vectors
    if came == total:
        return f"{plural(came, 'vector')} of memories came to the Chroma server."
    return (
        f"{came:,} of {plural(total, 'vector')} of memories came to the Chroma server; the others "
        "are made anew from the database once Jamfeed runs."
    )
