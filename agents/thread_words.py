"""What is said about reactions, comments and threads."""

from collections.abc import Mapping, Sequence

from agents.phrases import listing, plural
from feed_core.states import ReactionKind

SIGNS = {
    ReactionKind.LIKE: "👍",
    ReactionKind.LOVE: "❤️",
    ReactionKind.LAUGH: "😂",
    ReactionKind.WOW: "😮",
    ReactionKind.MOVED: "🥹",
    ReactionKind.SPARK: "✨",
}
FELT = {
    ReactionKind.LIKE: "You like #{}",
    ReactionKind.LOVE: "You love #{}",
    ReactionKind.LAUGH: "#{} made you laugh",
    ReactionKind.WOW: "#{} made you say wow",
    ReactionKind.MOVED: "#{} moved you",
    ReactionKind.SPARK: "#{} gave you an idea",
}


def reacted(creation_id: int, kind: ReactionKind, count: int) -> str:
    """A reaction counts."""
    others = f"; {plural(count, 'person', 'people')} feel so" if count > 1 else ""
    return f"{SIGNS[kind]} {FELT[kind].format(creation_id)}{others}."


def unreacted(creation_id: int, gone: Sequence[ReactionKind]) -> str:
    """Reactions are taken back."""
    if not gone:
        return f"You had not reacted to #{creation_id} that way."
    return f"Taken back from #{creation_id}: {listing([f'{SIGNS[it]} {it}' for it in gone])}."


def would_comment(creation_id: int, words: str) -> str:
    """What an agent would say."""
    return f"On #{creation_id} I would say: {words}"


def commented(creation_id: int, number: int, words: str) -> str:
    """A comment is there."""
    return f"On #{creation_id} you said (c{number}): {words}"


def uncommented(number: int, creation_id: int) -> str:
    """A comment is gone."""
    return f"c{number} on #{creation_id} is gone."


def comments(said: Sequence[tuple[int, str, str]]) -> str:
    """The last comments of a creation: number, name and words of each."""
    return "\n".join(f"{name} (c{number}): {body}" for number, name, body in said)


def counts(felt: Mapping[ReactionKind, int], comments: int) -> str:
    """How many reacted in which way, and commented; nothing when nobody did."""
    said = [f"{SIGNS[kind]} {count}" for kind, count in felt.items()]
    if comments:
        said.append(plural(comments, "comment"))
    return " · ".join(said)


def thread(creation_id: int, title: str, *, first: bool, empty: bool) -> str:
    """What stands above a page of a thread."""
    named = f"#{creation_id} {title}".strip()
    if empty:
        return f"Nothing was said about {named} or made of it{' yet' if first else ' there'}."
    return f"The thread of {named}:" if first else f"The thread of {named}, further on:"


def said_by(name: str) -> str:
    """The small print of a comment."""
    return f"{name} said"


def step(depth: int) -> str:
    """How far a remix is from the beginning of its thread."""
    return "" if depth < 2 else f"{depth} remixes on"
