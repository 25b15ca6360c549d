"""An OpenAI-compatible server for tests and benchmarks: scripted, instant, failing on command."""

import asyncio
import base64
import hashlib
import io
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from PIL import Image

from tests.fakes.openai_replies import (
    MODEL,
    Failure,
    Json,
    Reply,
    Request,
    ToolCall,
    arguments,
    chunks,
    completion,
    failure,
    mistake,
    unheard,
)

__all__ = ["Failure", "FakeOpenAI", "Reply", "Request", "ToolCall"]

DEFAULT = "Rain taps the same song on every roof."


class FakeOpenAI:
    """Answers chat completions from a queue of replies, else from `script`, else one sentence.

    One request uses up one reply; note that client libraries repeat a request after 429, 5xx
    and lost connections. Paths and shapes: https://platform.openai.com/docs/api-reference.
    """

    def __init__(self, api_key: str | None = None) -> None:
        self.requests: list[Request] = []
        self.script: Callable[[Request], Reply] | None = None
        self.pictures: deque[str] = deque()  # base64, sent before those that it paints itself
        self._api_key = api_key  # None: any key will do
        self._queue: deque[Reply] = deque()
        self._arrived = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How many replies have not been used yet."""
        return len(self._queue)

    def answers(self, *answers: str | Reply | Mapping[str, Any]) -> None:
        """Queue texts, whole replies, or objects (as JSON text, for structured output)."""
        for answer in answers:
            if isinstance(answer, Mapping):
                answer = json.dumps(answer)
            self._queue.append(Reply(answer) if isinstance(answer, str) else answer)

    def calls(self, tool: str, values: Mapping[str, Any] | str, *, text: str = "") -> None:
        """Queue a tool call; arguments given as a string are sent as they are, even broken."""
        self._queue.append(Reply(text, calls=[ToolCall(tool, arguments(values))]))

    def calls_at_once(self, *calls: tuple[str, Mapping[str, Any]]) -> None:
        """Queue one reply with several tool calls."""
        self._queue.append(Reply(calls=[ToolCall(n, arguments(v)) for n, v in calls]))

    def fails(self, status: int, *, times: int = 1, retry_after: float | None = None) -> None:
        """Queue error answers: 400 (context overflow), 401, 429, 500, 503."""
        self._queue.extend([Reply(failure=failure(status, retry_after=retry_after))] * times)

    def overflows(self) -> None:
        """Queue a refusal because the conversation is too long."""
        self.fails(400)

    def hangs(self, times: int = 1) -> None:
        """Queue silence: no answer until the client gives up."""
        self._queue.extend([Reply(hangs=True)] * times)

    def drops(self, text: str = DEFAULT, *, after: int = 2, times: int = 1) -> None:
        """Queue an answer that breaks off after some pieces (a whole one: before any byte)."""
        self._queue.extend([Reply(text, drops_after=after)] * times)

    def limits(self) -> None:
        """Queue a notice of a spent limit that pretends to be a good answer, as proxies do."""
        self.answers("You have reached your usage limit. Please upgrade your plan to continue.")

    async def asked(self, count: int = 1, timeout: float = 5) -> None:
        """Wait until this many requests have arrived in all; raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while len(self.requests) < count:
                self._arrived.clear()
                await self._arrived.wait()

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[str]:
        """Serve on loopback and yield the URL (the API is under /v1); port 0 takes a free one."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_post("/v1/images/generations", self._image)
        app.router.add_post("/v1/audio/transcriptions", self._transcription)
        app.router.add_get("/v1/models", self._models)
        # A hanging answer ends when the client goes away.
        runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()

    async def _chat(self, http: web.Request) -> web.StreamResponse:
        request = await self._read(http)
        refusal = self._stranger(http) or mistake(request.body)
        if refusal is not None:
            return _refuse(refusal)
        reply = self._next(request)
        if reply.failure is not None:
            return _refuse(reply.failure)
        if reply.hangs:
            await asyncio.Event().wait()
        number, model = len(self.requests), str(request.body["model"])
        if request.streams:
            return await _stream(http, reply, chunks(number, model, reply, request))
        if reply.drops_after is not None:
            return _cut(http)
        await asyncio.sleep(reply.pause)
        return web.json_response(completion(number, model, reply, request))

    async def _image(self, http: web.Request) -> web.Response:
        request = await self._read(http)
        refusal = self._stranger(http)
        if refusal is None and not request.body.get("prompt"):
            refusal = Failure(400, "You must provide a prompt.", "invalid_request_error")
        if refusal is None and self._queue and self._queue[0].failure is not None:
            refusal = self._queue.popleft().failure
        if refusal is not None:
            return _refuse(refusal)
        painted = base64.b64encode(_paint(str(request.body["prompt"]))).decode()
        picture = self.pictures.popleft() if self.pictures else painted
        pictures = [{"b64_json": picture}] * int(request.body.get("n") or 1)
        return web.json_response({"created": 1_700_000_000, "data": pictures})

    async def _transcription(self, http: web.Request) -> web.Response:
        form = await http.post()
        sent = form.get("file")
        file = sent if isinstance(sent, web.FileField) else None
        body = {name: value for name, value in form.items() if isinstance(value, str)}
        named = {"file": file.filename} if file else {}
        request = Request(http.path, {**body, **named}, dict(http.headers))
        self.requests.append(request)
        self._arrived.set()
        refusal = self._stranger(http) or unheard(body, file.filename if file else "")
        if refusal is not None:
            return _refuse(refusal)
        reply = self._next(request)
        if reply.failure is not None:
            return _refuse(reply.failure)
        return web.json_response({"text": reply.text})

    async def _models(self, http: web.Request) -> web.Response:
        refusal = self._stranger(http)
        if refusal is not None:
            return _refuse(refusal)
        model = {"id": MODEL, "object": "model", "created": 1_700_000_000, "owned_by": "tests"}
        return web.json_response({"object": "list", "data": [model]})

    async def _read(self, http: web.Request) -> Request:
        try:
            body: Json = json.loads(await http.read())
        except ValueError:
            body = {}
        request = Request(http.path, body, dict(http.headers))
        self.requests.append(request)
        self._arrived.set()
        return request

    def _next(self, request: Request) -> Reply:
        if self._queue:
            return self._queue.popleft()
        return self.script(request) if self.script is not None else Reply(DEFAULT)

    def _stranger(self, http: web.Request) -> Failure | None:
        key = http.headers.get("Authorization", "").removeprefix("Bearer ")
        known = bool(key) if self._api_key is None else key == self._api_key
        return None if known else failure(401)


async def _stream(http: web.Request, reply: Reply, pieces: list[Json]) -> web.StreamResponse:
    """Send the pieces as server-sent events, in one write unless they shall be paced or cut."""
    headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
    response = web.StreamResponse(headers=headers)
    await response.prepare(http)
    events = [b"data: " + json.dumps(piece).encode() + b"\n\n" for piece in pieces]
    for event in events[: reply.drops_after] if reply.pause or reply.drops_after else []:
        await response.write(event)
        await asyncio.sleep(reply.pause)
    if reply.drops_after is not None:
        return _cut(http, response)
    rest = [] if reply.pause else events
    await response.write(b"".join([*rest, b"data: [DONE]\n\n"]))
    await response.write_eof()
    return response


def _cut(http: web.Request, response: web.StreamResponse | None = None) -> web.StreamResponse:
    """Close the connection without ending the answer; what was written still arrives."""
    if http.transport is not None:
        http.transport.close()
    return response or web.Response()


def _refuse(refusal: Failure) -> web.Response:
    return web.json_response(refusal.wire(), status=refusal.status, headers=refusal.headers)


def _paint(prompt: str) -> bytes:
    """Return a small PNG whose colour follows from the prompt."""
    red, green, blue = hashlib.sha256(prompt.encode()).digest()[:3]
    out = io.BytesIO()
    Image.new("RGB", (64, 64), (red, green, blue)).save(out, "PNG")
    return out.getvalue()
