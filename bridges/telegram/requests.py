"""Requests to Telegram over aiohttp, which Discord's client has loaded already.

The client that the library brings takes more CPU for each request.
"""

from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

CONNECTIONS = 64
KEPT = 5.0  # seconds that an idle connection is used again; then Telegram may have closed it
READ, WRITE, UPLOAD, CONNECT = 20.0, 20.0, 60.0, 15.0  # seconds; CONNECT with the wait for one
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

# Of a request that met one of these nothing had left this machine.
NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class Requests(BaseRequest):
    """One pool of connections to Telegram, or to a proxy that the environment names."""

    def __init__(self, connections: int = CONNECTIONS, read_timeout: float = READ) -> None:
        self._connections, self._read_timeout = connections, read_timeout
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[str | None, str | None] = {}  # by host

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer, where a call does not say."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the pool."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=KEPT),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close all connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one request; status and body of the answer.

        Raises:
            TimedOut, NetworkError: there was none; the cause is one of NOT_SENT, or it is unknown
                whether Telegram did it.
        """
        if self._session is None:
            raise RuntimeError("not open")
        files = request_data.multipart_data if request_data else {}
        read = _or(read_timeout, self._read_timeout)
        write = _or(write_timeout, UPLOAD if files else WRITE)
        connect = _or(connect_timeout, CONNECT)
        timeout = aiohttp.ClientTimeout(connect + write + read, connect=connect, sock_read=read)
        body, headers = _form(request_data, files) if request_data else (None, None)
        there = URL(url, encoded=True)
        try:
            async with self._session.request(
                method,
                there,
                data=body,
                headers=headers,
                timeout=timeout,
                proxy=self._proxy(there),
                allow_redirects=False,
            ) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error

    def _proxy(self, url: URL) -> str | None:
        """What the environment names for this host; looked up once, for it takes a while."""
        if url.host not in self._proxies:
            named = getproxies()
            direct = proxy_bypass(url.host or "")
            self._proxies[url.host] = None if direct else named.get(url.scheme, named.get("all"))
        return self._proxies[url.host]


def _form(
    told: RequestData, files: dict[str, Any]
) -> tuple[bytes | aiohttp.FormData, dict[str, str] | None]:
    """The body of a call, as https://core.telegram.org/bots/api#making-requests has it."""
    if not files:
        return urlencode(told.json_parameters).encode(), FORM
    form = aiohttp.FormData(told.json_parameters, default_to_multipart=True)
    for name, (filename, content, kind) in files.items():
        whole = BytesIO(content) if isinstance(content, bytes) else content  # sent in pieces
        form.add_field(name, whole, filename=filename, content_type=kind)
    return form, None


def _or(given: object, usual: float) -> float:
    return given if isinstance(given, (int, float)) else usual
