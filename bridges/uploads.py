"""Files that come with messages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spoken:
    """That a file was spoken into the microphone; `by` whom, "" when that is who sends it."""

    seconds: int
    by: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a message; `alt` is what its sender said it shows."""

    name: str
    content: bytes
    alt: str = ""
    spoken: Spoken | None = None
