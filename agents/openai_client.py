"""The way to any endpoint that speaks OpenAI's API."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openai import AsyncOpenAI

LIMIT = 120.0  # seconds for one answer
NO_KEY = "none"  # what a server of one's own is told, which asks for none


def client(base_url: str) -> "AsyncOpenAI":
    """A client for this address; "": OPENAI_BASE_URL, else OpenAI's own."""
    from openai import AsyncOpenAI, OpenAIError

    address = base_url or None
    try:
        return AsyncOpenAI(base_url=address, timeout=LIMIT, max_retries=1)
    except OpenAIError:  # no OPENAI_API_KEY
        return AsyncOpenAI(base_url=address, timeout=LIMIT, max_retries=1, api_key=NO_KEY)
