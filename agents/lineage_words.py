"""A lineage in words: whose work it is, and what each creation was made from."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from agents.consent_words import SAID
from agents.phrases import TAKEN_BACK, listing, plural
from feed_core.models.creations import Creation
from feed_core.services.consent import Answers
from feed_core.services.lineage import Family

NAMED = 5  # makers who are named one by one in a line of credit
LISTED = 30  # creations in a list; the picture holds more
SIBLINGS = 5  # of them in a line


Names = Mapping[int, str]


def title(found: Family) -> str:
    """What a picture of the family shows."""
    sources = f"made from {found.ancestors}" if found.ancestors else "made from nothing else"
    heirs = f"{found.descendants} made of it" if found.descendants else "nothing made of it yet"
    return f"Lineage of #{found.focus_id}: {sources}, {heirs}."


def family(
    found: Family,
    siblings: Sequence[Creation],
    shares: Mapping[int, Fraction],
    terms: Answers | None,
    names: Names,
) -> str:
    """A family: how large it is, whose work its creation is, and every creation.

    Without `terms` its creation was taken back, and allows nothing.
    """
    allowed = f"#{found.focus_id} was taken back." if terms is None else allows(terms)
    lines = [title(found), credit(shares, names), allowed]
    parents: dict[int, list[str]] = {}
    for parent_id, child_id in found.edges:
        parents.setdefault(child_id, []).append(f"#{parent_id}")
    for it in found.members[:LISTED]:
        origin = f" from {listing(parents[it.id])}" if it.id in parents else ""
        marked = "→" if it.id == found.focus_id else " "
        lines.append(f"{marked} {_one(it, names)}{origin}")
    if more := found.ancestors + found.descendants + 1 - len(found.members[:LISTED]):
        lines.append(f"… and {more} more.")
    if siblings:
        lines.append(beside(siblings, names))
    return "\n".join(lines)


def beside(siblings: Sequence[Creation], names: Names) -> str:
    """Its siblings: what else was made from the same."""
    more = len(siblings) - SIBLINGS
    named = [_one(it, names) for it in siblings[:SIBLINGS]]
    return f"Made from the same: {', '.join(named)}{f', and {more} more' if more > 0 else ''}."


def allows(terms: Answers) -> str:
    """What its makers and those of all its sources allow together."""
    said = [f"{purpose.value} {SAID[permission]}" for purpose, permission in terms.items()]
    return f"Allows: {', '.join(said)}."


def way(found: Family, names: Names) -> str:
    """How one creation leads to another, step by step; sources are always older."""
    first, *rest = found.members
    steps = len(rest)
    lines = [f"From #{first.id} to #{rest[-1].id}: {plural(steps, 'step')}.", _one(first, names)]
    before = first
    for it in rest:
        assert it.id is not None
        assert before.id is not None
        how = "was made into" if it.id > before.id else "was made from"
        lines.append(f"  {how} {_one(it, names)}")
        before = it
    return "\n".join(lines)


def unrelated(start_id: int, end_id: int) -> str:
    """No way leads from one creation to another."""
    return (
        f"#{start_id} and #{end_id} are not related, as far as you can see: no way over sources "
        "and remixes leads from one to the other."
    )


def credit(shares: Mapping[int, Fraction], names: Mapping[int, str]) -> str:
    """Whose work a creation is, in whole per cents that sum to 100."""
    rounded = _per_cents(shares)
    if len(shares) == NAMED + 1:  # "1 other" would take as long as the name
        first, others = list(shares), []
    else:
        first, others = list(shares)[:NAMED], list(shares)[NAMED:]
    parts = [f"{names.get(it) or 'somebody'} {_said(rounded[it])}" for it in first]
    if others:
        parts.append(f"{len(others)} others {_said(sum(rounded[it] for it in others))}")
    return f"Credit: {', '.join(parts)}"


def _one(it: Creation, names: Names) -> str:
    return f"#{it.id} {it.title or TAKEN_BACK} · {names.get(it.author_id, '')}"


def _said(share: int) -> str:
    return f"{share} %" if share else "under 1 %"


def _per_cents(shares: Mapping[int, Fraction]) -> dict[int, int]:
    """Rounded down, and what is then missing goes to those who lost most."""
    exact = {it: share * 100 for it, share in shares.items()}
    whole = {it: int(share) for it, share in exact.items()}
    missing = 100 - sum(whole.values())
    for it in sorted(exact, key=lambda it: whole[it] - exact[it])[:missing]:
        whole[it] += 1
    return whole
