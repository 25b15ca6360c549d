"""How long a turn with a language model may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for a turn and for one call of a model; model calls in one turn."""

    turn: float = 120.0
    call: float = 60.0
    steps: int = 8
