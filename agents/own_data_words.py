"""What members read about all that is theirs: the file of it, and how it goes."""

from agents.own_data import Export
from agents.phrases import plural

OPERATOR = "Whoever runs this place can give it to you: `jamfeed export` writes all there is."


def exported(made: Export) -> str:
    """Here is the file, or why there is none."""
    count = plural(sum(made.records.values()), "record")
    if not made.content:
        return f"What is yours comes to {count}, more than one file here may hold. {OPERATOR}"
    told = [
        f"Here is all that is yours: {count} and {plural(made.files, 'file')} of media, in a ZIP "
        "file. Each `.jsonl` file in it holds one kind of record, one a line. "
        "Keep it safe: what your agent remembers and what you two said stands in it."
    ]
    if made.left_out:
        told.append(
            f"{plural(made.left_out, 'file')} of media did not fit into what may be sent here, "
            f"or could not be read. {OPERATOR}"
        )
    return "\n".join(told)


ERASE, COPY = "Erase all that is mine", "A copy first"
SURE = (
    "This removes all that is yours, at once and for good: memories, our conversation, drafts, "
    "settings, orders, digests, what you keep and follow, and your accounts here. What you "
    "published is taken back: only its place in the lineage stays, made by “a former member”. Your "
    "comments lose their words. The bill and the log of moderation stay, without your name.\n"
    "Nobody can bring it back."
)
ERASED = (
    "All that was yours is gone; I looked for it and found nothing. "
    "If you write here again, you begin as somebody new, like any stranger."
)


def described(made: Export) -> str:
    """What the file is, in a few words."""
    return f"All that is yours in Jamfeed: {plural(sum(made.records.values()), 'record')}"
