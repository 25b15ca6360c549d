"""Language models: which are used, and how their clients are made."""

import asyncio
from collections.abc import Container, Sequence
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from agents import providers
from agents.limits import Limits
from agents.profile import Model
from feed_core.errors import ConfigurationError, Unavailable

if TYPE_CHECKING:
    import httpx
    from langchain_core.language_models import BaseChatModel

OFFLINE = "offline"
KEYS = {  # what the providers' own libraries read; others need no key or say so themselves
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "google_genai": "GOOGLE_API_KEY",
    "mistralai": "MISTRAL_API_KEY",
    "groq": "GROQ_API_KEY",
    "deepseek": "DEEPSEEK_API_KEY",
    "xai": "XAI_API_KEY",
}
RETRIES = 1  # of the last model; of all others the next one is the second try


def chosen(listed: Sequence[Model], override: str | None, keys: Container[str]) -> list[Model]:
    """The models to ask, in order: those listed whose key is there, or the one named instead.

    Raises:
        ConfigurationError: a model's provider is unknown or its package not installed; the one
            named instead is no model string, or its key is missing.
    """
    if override == OFFLINE:
        return []
    if override is None:
        models = [it for it in listed if _key(it.name) is None or _key(it.name) in keys]
        for model in models:
            _check_provider("agents.yaml", model.name)
        return models
    provider, colon, name = override.partition(":")
    if not (provider and colon and name):
        raise ConfigurationError(
            "JAMFEED_MODEL",
            f"{override!r} is no model",
            "write provider:model, such as openai:gpt-5-mini, or offline",
        )
    _check_provider("JAMFEED_MODEL", override)
    key = _key(override)
    if key is not None and key not in keys:
        raise ConfigurationError(
            "JAMFEED_MODEL", f"{override} needs a key", f"set {key}, or JAMFEED_MODEL=offline"
        )
    known = next((it for it in listed if it.name == override), None)
    return [known or Model(name=override)]


class Chain:
    """The models to ask, in order, and LangChain's clients for them."""

    def __init__(self, models: Sequence[Model], limits: Limits | None = None) -> None:
        self.models = models
        self.limits = limits or Limits()

    @property
    def calls_tools(self) -> bool:
        """Whether every model of the chain can be given tools."""
        return bool(self.models) and all(it.tools for it in self.models)

    @cached_property
    def clients(self) -> "list[BaseChatModel]":
        """In the same order as the models; the first time blocks while libraries are imported.

        Raises:
            ConfigurationError: a provider is unknown or its package is not installed.
        """
        last = len(self.models) - 1
        return [
            self._client(it, retries=RETRIES if place == last else 0)
            for place, it in enumerate(self.models)
        ]

    async def answers(self) -> str:
        """Ask the first model for one word; returns its name.

        Raises:
            ConfigurationError: it cannot be used.
            Unavailable: it does not answer.
        """
        clients = await asyncio.to_thread(lambda: self.clients)
        try:
            await clients[0].ainvoke("Say yes.")
        except Exception as error:  # providers' errors share no base class
            raise Unavailable(self.models[0].name) from error
        return self.models[0].name

    async def close(self) -> None:
        """Let go of the connections."""
        if "_http" in self.__dict__:
            await self._http.aclose()

    @property
    def patience(self) -> float:
        """Seconds that one try may be silent: every model has its tries within a turn."""
        tries = len(self.models) + RETRIES
        return min(self.limits.call, self.limits.turn / max(tries, 1))

    @cached_property
    def _http(self) -> "httpx.AsyncClient":
        # One of our own: the client library's lives as long as the process and cannot be closed.
        # By aiohttp, whose parser is in C: a streamed answer takes less than half the time.
        from httpx_aiohttp import HttpxAiohttpClient

        return HttpxAiohttpClient(timeout=self.patience, follow_redirects=True)

    def _client(self, model: Model, *, retries: int) -> "BaseChatModel":
        from langchain.chat_models import init_chat_model

        options: dict[str, Any] = {"timeout": self.patience, "max_retries": retries}
        if model.name.startswith("openai:"):
            options["stream_usage"] = True  # the ledger needs the count also of streamed words
            options["http_async_client"] = self._http
            options["stream_chunk_timeout"] = None  # reading and turn have theirs: no task for each
        try:
            made: BaseChatModel = init_chat_model(model.name, **options)
        except (ImportError, ValueError) as error:
            problem = str(error).partition("\n")[0]
            raise ConfigurationError(model.name, f"LangChain refuses it: {problem}") from error
        if model.name.startswith("openai:"):
            from agents.openai_stream import lighten

            lighten(made)
        return made


def _check_provider(setting: str, name: str) -> None:
    provider = name.partition(":")[0]
    package = providers.PACKAGES.get(provider)
    if package is None:
        raise ConfigurationError(setting, providers.unknown(provider), providers.mend(provider))
    if find_spec(package) is None:
        mend = f"install {package.replace('_', '-')} beside Jamfeed"
        raise ConfigurationError(setting, f"{name} needs a package that is not there", mend)


def _key(name: str) -> str | None:
    return KEYS.get(name.partition(":")[0])
