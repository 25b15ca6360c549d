"""What one process of several does: `jamfeed run --role …`."""

from enum import StrEnum

from bridges.settings import Settings
from feed_core.errors import ConfigurationError

PLATFORMS = frozenset({"discord", "telegram"})
WHY = "several processes share one feed, which needs PostgreSQL"


class Role(StrEnum):
    """A part of the work, or all of it."""

    ALL = "all"
    DISCORD = "discord"
    TELEGRAM = "telegram"
    WORKER = "worker"
    SCHEDULER = "scheduler"

    @property
    def platforms(self) -> frozenset[str]:
        """The platforms that it is a bridge to."""
        return PLATFORMS if self is Role.ALL else PLATFORMS & {self.value}

    @property
    def works(self) -> bool:
        """Whether it takes durable work from the queue."""
        return self in (Role.ALL, Role.WORKER)

    @property
    def schedules(self) -> bool:
        """Whether it says what is due."""
        return self in (Role.ALL, Role.SCHEDULER)


def role_of(written: str) -> Role:
    """The role of this name.

    Raises:
        ConfigurationError: there is none.
    """
    try:
        return Role(written.strip().lower())
    except ValueError as error:
        raise ConfigurationError(
            f"--role {written}", "there is no such role", f"choose one of {', '.join(Role)}"
        ) from error


def are_several(settings: Settings) -> bool:
    """Whether there may be other processes: all that they share is at servers."""
    return settings.database_url is not None and settings.chroma_url is not None


def require(role: Role, settings: Settings) -> None:
    """See that a process of this role can do its part.

    Raises:
        ConfigurationError: something is not set.
    """
    if role is Role.ALL:
        return
    option = f"--role {role}"
    if settings.database_url is None:
        raise ConfigurationError(
            "JAMFEED_DATABASE_URL",
            f"it is not set, and {option} is for one process of several: {WHY}",
            "name a database there (`jamfeed migrate` brings a feed into it), or leave --role out",
        )
    if settings.chroma_url is None:
        raise ConfigurationError(
            "JAMFEED_CHROMA_URL",
            f"it is not set, and {option} is for one process of several: two that keep the vectors "
            "of memories in one folder would destroy them",
            "name a Chroma server there, or leave --role out",
        )
    token = {
        Role.DISCORD: ("JAMFEED_DISCORD_TOKEN", settings.discord_token),
        Role.TELEGRAM: ("JAMFEED_TELEGRAM_TOKEN", settings.telegram_token),
    }.get(role)
    if token is not None and token[1] is None:
        raise ConfigurationError(
            token[0], f"it is not set, and {option} is that bot", "set it, or take another role"
        )
