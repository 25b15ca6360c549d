"""The settings of one Jamfeed; the only place that reads the environment."""

import os
from pathlib import Path
from typing import Literal

from dotenv import load_dotenv
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from agents.model import KEYS
from bridges.discord import shards
from feed_core import database
from feed_core.errors import ConfigurationError


class Settings(BaseSettings):
    """What the operator sets, as JAMFEED_… in the environment or in .env."""

    model_config = SettingsConfigDict(env_prefix="JAMFEED_", extra="ignore", frozen=True)

    home: Path = Field(Path(".jamfeed"), description="the data folder")
    agents: Path = Field(Path("agents.yaml"), description="the file with personas and models")
    model: str | None = Field(
        None, description="the model instead of those in agents.yaml; `offline` for none"
    )
    database_url: SecretStr | None = Field(
        None, description="a PostgreSQL database instead of SQLite in the data folder"
    )
    chroma_url: str | None = Field(
        None, description="a Chroma server that keeps the vectors of memories instead"
    )
    discord_token: SecretStr | None = Field(None, description="starts the Discord bridge")
    discord_api_url: str | None = Field(None, description="another server with Discord's API")
    discord_gateway_url: str | None = Field(None, description="another server with its gateway")
    discord_listening: bool = Field(
        False,
        description="whether rooms may be listened to: needs the Message Content Intent that "
        "Discord's portal offers",
    )
    discord_shards: str | None = Field(
        None,
        description="the shards of this process, such as `0-3/8`; else as many as Discord asks for",
    )
    telegram_token: SecretStr | None = Field(None, description="starts the Telegram bridge")
    telegram_api_url: str | None = Field(None, description="another server with Telegram's API")
    telegram_webhook_url: str | None = Field(
        None, description="the https address at which Telegram reaches this machine: no polling"
    )
    telegram_webhook_listen: str = Field("127.0.0.1", description="where the webhook listens")
    telegram_webhook_port: int = Field(
        8443, ge=1, le=65535, description="the port there, to which a proxy passes on"
    )
    telegram_drafts: bool = Field(
        False,
        description="whether answers in private chats grow as Telegram's drafts, which flicker for "
        "some people, instead of by edits",
    )
    metrics_port: int | None = Field(
        None, ge=0, le=65535, description="serves metrics for Prometheus there, to this machine"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "WARNING", description="how much is logged: DEBUG, INFO, WARNING or ERROR"
    )

    @property
    def keys(self) -> frozenset[str]:
        """The names of the model keys that are set; their libraries read them for themselves."""
        return frozenset(it for it in KEYS.values() if os.environ.get(it))


def load_settings() -> Settings:
    """The settings from the environment and from .env in the current folder.

    Raises:
        ConfigurationError: one cannot be used.
    """
    load_dotenv(Path(".env"), override=False)  # model libraries read their keys from there too
    for name, value in list(os.environ.items()):
        if name.startswith("JAMFEED_") and not value.strip():
            del os.environ[name]  # an empty line in .env means: not set
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = f"JAMFEED_{str(first['loc'][0]).upper()}"
        raise ConfigurationError(name, first["msg"], "correct it") from error
    shards.read(settings.discord_shards)
    if settings.database_url:
        database.url(settings.database_url.get_secret_value())
    return settings
