"""Recordings that real encoders wrote: a short tone, a few coloured squares."""

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "data" / "recordings"
TYPES = {
    "tone.mp3": "audio/mpeg",
    "tone.m4a": "audio/mp4",
    "tone.opus.ogg": "audio/ogg",
    "tone.flac": "audio/flac",
    "tone.wav": "audio/wav",
    "tone.webm": "audio/webm",
    "squares.mp4": "video/mp4",
    "squares.mov": "video/quicktime",
    "squares.webm": "video/webm",
    "live.webm": "video/webm",  # written while it was recorded, so its lengths are not known
}


def recording(name: str) -> bytes:
    """The bytes of one of them."""
    return (FOLDER / name).read_bytes()
