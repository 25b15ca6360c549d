"""What an operator reads of an error: also what members are not told."""

from agents import wording
from feed_core.database import DatabaseAway
from feed_core.errors import JamfeedError, Unavailable


def sentence(error: JamfeedError) -> str:
    """As members read it, and which server it is that does not answer."""
    if isinstance(error, DatabaseAway) and error.server:
        error = Unavailable(error.server)
    return wording.sentence(error)
