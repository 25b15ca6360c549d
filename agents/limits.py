"""How long a turn with a language model may take, and how large a file may be sent."""

from collections.abc import Mapping
from dataclasses import dataclass

# Bytes that a bot may upload, by platform: https://core.telegram.org/bots/api#senddocument,
# https://docs.discord.com/developers/reference#uploading-files
LARGEST_FILE: Mapping[str, int] = {"telegram": 50 * 10**6, "discord": 10 * 10**6}
LARGEST_FILE_ANYWHERE = 500 * 10**6


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for a turn and for one call of a model; model calls in one turn."""

    turn: float = 120.0
    call: float = 60.0
    steps: int = 8
