"""Streamed answers of OpenAI's chat completions, past the library that else asks for them.

The library, and the client beneath it, take three times as much CPU for a request and its answer
as both need, and a loop that answers many at once is as slow as what it takes for each.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from typing import Any, Self
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx2
import orjson
from openai import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    AsyncOpenAI,
    AuthenticationError,
    BadRequestError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
)

Chunk = dict[str, Any]

CONNECTIONS = 100
KEPT = 5.0  # seconds that an idle connection is used again; then the server may have closed it
PAUSE, LONGEST_PAUSE = 0.5, 60.0  # seconds before it is asked again, where the server names none
AGAIN = frozenset({408, 409, 429})  # and whatever is the server's own fault
ERRORS: Mapping[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    429: RateLimitError,
}
OF_THE_LIBRARY = "X-Stainless"  # so begin the headers in which it says what it runs on
END = b"[DONE]"
REST = 0.1  # seconds that a connection has to end behind that, so that it is used again


class Wire:
    """The way to one endpoint, with the address, key, patience and headers of a client for it."""

    def __init__(self, client: AsyncOpenAI, seconds: float) -> None:
        """`seconds`: to wait for a connection, and for each piece of an answer."""
        self._client = client
        self._url = f"{client.base_url}chat/completions"
        told = {**client.default_headers, **client.auth_headers}
        self._headers = {
            name: it
            for name, it in told.items()
            if isinstance(it, str) and not name.startswith(OF_THE_LIBRARY)
        }
        self._timeout = aiohttp.ClientTimeout(sock_connect=seconds, sock_read=seconds)
        # As for all other requests: the certificates that come along, or those that are named.
        self._trusted: ssl.SSLContext = httpx2.create_ssl_context()
        self._proxy = _proxy(self._url)
        self._session: aiohttp.ClientSession | None = None

    async def stream(self, payload: Mapping[str, Any]) -> "Streamed":
        """Ask; returns when the answer begins.

        What can be asked again is, as often as the client says.

        Raises:
            APIConnectionError: there was no answer, or none in time.
            APIStatusError: the server refuses it.
        """
        body = _written(payload)
        left = self._client.max_retries
        while True:
            pause: float | None = PAUSE
            try:
                response = await self._there().post(
                    self._url,
                    data=body,
                    headers=self._headers,
                    params=dict(self._client.default_query) or None,  # type: ignore[arg-type]  # strings
                    timeout=self._timeout,
                    proxy=self._proxy,
                )
                if response.ok:
                    return Streamed(response, self._url)
                trouble: APIError = await self._refused(response)
                again = response.status in AGAIN or response.status >= 500
                pause = _pause(response.headers.get("retry-after", "")) if again else None
            except TimeoutError as error:
                trouble = APITimeoutError(_request(self._url))
                trouble.__cause__ = error
            except aiohttp.ClientError as error:
                trouble = APIConnectionError(request=_request(self._url))
                trouble.__cause__ = error
            if pause is None or not left:
                raise trouble
            left -= 1
            await asyncio.sleep(pause)

    async def close(self) -> None:
        """Let go of the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _there(self) -> aiohttp.ClientSession:
        if self._session is None:  # made where it is used: it belongs to the loop
            connector = aiohttp.TCPConnector(
                limit=CONNECTIONS, keepalive_timeout=KEPT, ssl=self._trusted
            )
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session

    async def _refused(self, response: aiohttp.ClientResponse) -> APIStatusError:
        async with response:
            content = await response.read()
        told = httpx2.Response(
            response.status,
            headers=[(name, it) for name, it in response.headers.items()],
            content=content,
            request=_request(self._url),
        )
        try:
            said = orjson.loads(content)
        except ValueError:
            said = None
        error = said.get("error", said) if isinstance(said, dict) else None
        kind = ERRORS.get(
            response.status, InternalServerError if response.status >= 500 else APIStatusError
        )
        return kind(f"Error code: {response.status}", response=told, body=error)


class Streamed:
    """The chunks of an answer as dictionaries.

    https://html.spec.whatwg.org/multipage/server-sent-events.html: an event is the lines that begin
    with `data:`, up to an empty one; of its other fields OpenAI's chat completions use none.
    """

    def __init__(self, response: aiohttp.ClientResponse, url: str) -> None:
        self._response, self._url = response, url

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._response.close()  # what was read to its end has given its connection back before

    async def __aiter__(self) -> AsyncIterator[Chunk]:
        """Read chunk by chunk.

        Raises:
            APIConnectionError: it broke off, or nothing more came in time.
            APIError: the server says so in the stream.
        """
        pieces = self._response.content.iter_any()
        lines: list[bytes] = []  # of the event that comes
        rest = b""
        try:
            async for piece in pieces:
                *whole, rest = (rest + piece).split(b"\n")
                for line in map(bytes.rstrip, whole):
                    if line.startswith(b"data:"):
                        lines.append(line[5:].lstrip())
                    elif not line and lines:
                        event, lines = b"\n".join(lines), []
                        if event.startswith(END):
                            await self._rest(pieces)
                            return
                        yield self._read(event)
            if lines:  # the last empty line is missing
                yield self._read(b"\n".join(lines))
        except TimeoutError as error:
            raise APITimeoutError(_request(self._url)) from error
        except aiohttp.ClientError as error:
            raise APIConnectionError(request=_request(self._url)) from error

    def _read(self, event: bytes) -> Chunk:
        chunk: Chunk = orjson.loads(event)
        if error := chunk.get("error"):
            said = error.get("message") if isinstance(error, dict) else error
            raise APIError(str(said), request=_request(self._url), body=error)
        return chunk

    async def _rest(self, pieces: AsyncIterator[bytes]) -> None:
        try:
            async with asyncio.timeout(REST):
                async for _ in pieces:
                    pass
        except (TimeoutError, aiohttp.ClientError):
            pass  # all was said; only the connection is not used again


def _written(payload: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(payload)
    except TypeError:  # half of a surrogate pair, for one
        return json.dumps(payload).encode()


def _request(url: str) -> httpx2.Request:
    """What errors are told that they are about; without the key."""
    return httpx2.Request("POST", url)


def _proxy(url: str) -> str | None:
    """What the environment names for this address; looked up once, for it takes a while."""
    there = urlsplit(url)
    if proxy_bypass(there.hostname or ""):
        return None
    named = getproxies()
    return named.get(there.scheme, named.get("all"))


def _pause(named: str) -> float:
    """Seconds until it is asked again, as the server has it."""
    try:
        seconds = float(named)
    except ValueError:
        return PAUSE
    return seconds if 0 < seconds <= LONGEST_PAUSE else PAUSE
