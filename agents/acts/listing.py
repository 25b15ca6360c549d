"""The acts there are, in the order in which help shows them."""

from typing import Any

from agents.act import Act, Acts
from agents.acts.account import guide, link, start
from agents.acts.browse import feed, lineage, mine, show, summarise
from agents.acts.create import again, create, draft, paint, remix
from agents.acts.digest import digest_now, digest_off, digest_set
from agents.acts.drafts import drafts, drop, edit, publish, restore, widen, withdraw
from agents.acts.memories import forget, memory, remember
from agents.acts.react import comment, like, unlike


def all_acts() -> Acts:
    """Every act, the everyday ones first."""
    acts: list[Act[Any]] = [
        *(create, remix, paint, feed, show, summarise, lineage, like, comment),
        *(drafts, publish, edit, again, drop, restore, draft),
        *(digest_now, digest_set, digest_off),
        *(remember, memory, forget, mine, unlike, withdraw, widen, link, start),
    ]
    return Acts([*acts, guide(acts)])
