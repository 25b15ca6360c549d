"""What people say who want an act, or none: all that the router is trained on, beside examples.

Each file of `assets/sayings/` has lists by the names of acts; `none` is for those who want nothing.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from agents.act import Act
from agents.smalltalk import SMALL_TALK

FOLDER = Path(__file__).parent / "assets" / "sayings"
NOTHING = "none"  # what stands there for those who want none of the acts


def sayings() -> dict[str, list[str]]:
    """Ways of asking by the names of acts, and what those say who want none of them."""
    said = defaultdict[str, list[str]](list)
    for file in sorted(FOLDER.glob("*.toml")):
        for name, words in tomllib.loads(file.read_text(encoding="utf-8")).items():
            said[name] += words
    return dict(said)


def labelled(acts: Iterable[Act[Any]]) -> list[tuple[str, str]]:
    """Every text once, with the name of the act that is meant, or NOTHING."""
    said = sayings()
    rows = [(words, it.name) for it in acts for words in (*own(it), *said.get(it.name, ()))]
    rows += [(words, NOTHING) for words in (*SMALL_TALK, *said[NOTHING])]
    return list(dict.fromkeys(rows))


def own(act: Act[Any]) -> tuple[str, ...]:
    """What the act itself names as ways of asking for it."""
    return (*act.examples, *act.leads)
