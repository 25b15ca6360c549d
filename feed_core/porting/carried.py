"""What belongs to a feed and travels with it, and what stays behind."""

from collections.abc import Mapping, Sequence

from sqlmodel import SQLModel

from feed_core import store  # noqa: F401  # it knows the tables
from feed_core.porting.kinds import Kind

LEFT_BEHIND: Mapping[str, str] = {
    "inbox": "messages on their way in belong to the running Jamfeed that took them",
    "delivery": "what the outbox still owes would be sent twice, by the old feed and the new one",
    "stored_call": "buttons stand under messages of the old feed's bots, and run out in days",
    "link_code": "secrets of ten minutes",
    "link": "what undoes a link of the last hour",
    "link_try": "counts wrong codes of the last quarter of an hour",
    "spending": "the sums of that bill",
    "model_call": "the bill of the installation that paid it",
    "creation_tag": "made anew from the tags that creations have",
    "removed_words": "house-keeping of the word index, which is made anew",
    "likeness": "what repeats are found by, made anew from what was made lately",
    "gist": "what parts of threads come to, made anew when they are summed up",
    "gist_source": "what a gist was made from, which stays behind",
    "recap": "what was talked about, made anew from the conversation",
    "shown_card": "which messages of the old feed's bots show what",
    "feed_import": "how far imports into this very database came",
}
MADE_ANEW: Mapping[str, frozenset[str]] = {
    "creation": frozenset({"vector_hash"}),  # the vectors stay behind, and follow by themselves
}
OF_THE_INDEX = "removed_words"  # house-keeping of the word index, which another database makes anew
ELSEWHERE = dict.fromkeys(
    ("memory", "memory_settings"),
    "only memory/ reads memories; it hands in this kind of record itself",
)


def feed_kinds(more: Sequence[Kind] = ()) -> list[Kind]:
    """Every kind of record that belongs to a feed, each after the kinds it refers to.

    A table travels unless it is named above, so that a new one is not forgotten. `more` comes
    from the layers above.
    """
    others = {*LEFT_BEHIND, *ELSEWHERE, *(it.name for it in more)}
    kinds = [
        Kind(it, made_anew=MADE_ANEW.get(str(it.__tablename__), ()))
        for it in _models(SQLModel)
        if str(it.__tablename__) not in others
    ]
    return in_order([*kinds, *more])


def all_kinds(more: Sequence[Kind]) -> list[Kind]:
    """Every table whole, for a feed that moves into another database and lives on there.

    Only the word index is made anew: each database keeps it in its own way.
    """
    others = {OF_THE_INDEX, *ELSEWHERE, *(it.name for it in more)}
    kinds = [Kind(it) for it in _models(SQLModel) if str(it.__tablename__) not in others]
    return in_order([*kinds, *more])


def in_order(kinds: Sequence[Kind]) -> list[Kind]:
    """Each kind after those it refers to, otherwise by name.

    Raises:
        ValueError: some refer to each other, or to what is not among them.
    """
    waiting = {it.name: it for it in sorted(kinds, key=lambda kind: kind.name)}
    ordered: list[Kind] = []
    while waiting:
        ready = [
            it
            for it in waiting.values()
            if not any(
                other != it.name and other not in {done.name for done in ordered}
                for other, _ in it.refers.values()
            )
        ]
        if not ready:
            raise ValueError(f"these wait for each other: {', '.join(waiting)}")
        ordered.append(ready[0])
        del waiting[ready[0].name]
    return ordered


def _models(kind: type[SQLModel]) -> list[type[SQLModel]]:
    found = [kind] if hasattr(kind, "__table__") else []
    return [*found, *(it for below in kind.__subclasses__() for it in _models(below))]
