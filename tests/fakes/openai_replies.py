"""What the fake OpenAI may answer: texts, tool calls, errors, and ways to break off."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

MODEL = "stub"
MOST_PIECES = 20  # of one text or one call's arguments: their number, not their size, takes time
SOUNDS = frozenset(["flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "oga", "ogg", "wav", "webm"])


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of a tool; the arguments are JSON text, right or wrong."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Failure:
    """An error answer in the shape of https://platform.openai.com/docs/guides/error-codes."""

    status: int
    message: str
    type: str
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def wire(self) -> Json:
        """Return the answer's JSON object."""
        error = {"message": self.message, "type": self.type, "param": None, "code": self.code}
        return {"error": error}


@dataclass(frozen=True, slots=True)
class Reply:
    """What one request is answered with."""

    text: str = ""
    calls: Sequence[ToolCall] = ()
    failure: Failure | None = None
    hangs: bool = False  # nothing comes until the client goes away
    drops_after: int | None = None  # cut the connection after this many pieces of the stream
    usage: tuple[int, int] | None = None  # tokens in and out; None: estimated from the lengths
    pause: float = 0.0  # seconds between the pieces of a stream, or before what comes as one
    finish: str | None = None  # finish_reason, when it is not the usual one

    @property
    def finish_reason(self) -> str:
        """Why the model stopped."""
        return self.finish or ("tool_calls" if self.calls else "stop")


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived; `body` is the parsed JSON."""

    path: str
    body: Json
    headers: Mapping[str, str]

    @property
    def messages(self) -> list[Json]:
        """The conversation sent to the model."""
        return list(self.body.get("messages", []))

    @property
    def tools(self) -> list[str]:
        """The names of the tools the model may call."""
        return [tool["function"]["name"] for tool in self.body.get("tools", [])]

    @property
    def streams(self) -> bool:
        """Whether the answer is wanted piece by piece."""
        return bool(self.body.get("stream"))

    @property
    def said(self) -> str:
        """The text of the last message."""
        return text_of(self.messages[-1]) if self.messages else ""


def text_of(message: Json) -> str:
    """Return a message's text, also when it is made of parts."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(str(part.get("text", "")) for part in content)


def failure(status: int, *, retry_after: float | None = None) -> Failure:
    """Return the documented error for a status: 400 stands for a context overflow."""
    match status:
        case 400:
            message = (
                "This model's maximum context length is 8192 tokens. However, your messages "
                "resulted in 9001 tokens. Please reduce the length of the messages."
            )
            return Failure(400, message, "invalid_request_error", "context_length_exceeded")
        case 401:
            message = "Incorrect API key provided."
            return Failure(401, message, "invalid_request_error", "invalid_api_key")
        case 429:
            headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
            message = "Rate limit reached for requests"
            return Failure(429, message, "requests", "rate_limit_exceeded", headers)
        case 503:
            return Failure(503, "The engine is currently overloaded.", "server_error")
        case _:
            return Failure(status, "The server had an error.", "server_error")


def completion(number: int, model: str, reply: Reply, request: Request) -> Json:
    """Return a whole chat completion."""
    message: Json = {"role": "assistant", "content": reply.text or None, "refusal": None}
    if not reply.calls:
        message["content"] = reply.text
    else:
        message["tool_calls"] = [
            _call(number, place, call) for place, call in enumerate(reply.calls)
        ]
    choice = {
        "index": 0,
        "message": message,
        "logprobs": None,
        "finish_reason": reply.finish_reason,
    }
    head = _head(number, model, "chat.completion")
    return {**head, "choices": [choice], "usage": _usage(reply, request)}


def chunks(number: int, model: str, reply: Reply, request: Request) -> list[Json]:
    """Return a chat completion in the pieces of a stream; tool arguments come in fragments.

    What is long comes in larger pieces, unless the reply paces them or breaks off among them.
    """
    words, most = _words(reply.text), MOST_PIECES
    if reply.pause or reply.drops_after is not None:
        most = max(len(words), 1)
    at_once = math.ceil(len(words) / most)
    deltas: list[Json] = [{"role": "assistant", "content": "" if not reply.calls else None}]
    deltas += [
        {"content": "".join(words[at : at + at_once])} for at in range(0, len(words), at_once or 1)
    ]
    for place, call in enumerate(reply.calls):
        opened = _call(number, place, ToolCall(call.name, ""))
        deltas.append({"tool_calls": [{"index": place, **opened}]})
        size = max(7, math.ceil(len(call.arguments) / MOST_PIECES))
        for start in range(0, len(call.arguments), size):
            part = {"arguments": call.arguments[start : start + size]}
            deltas.append({"tool_calls": [{"index": place, "function": part}]})
    head = _head(number, model, "chat.completion.chunk")
    choices: list[tuple[Json, str | None]] = [(delta, None) for delta in deltas]
    choices.append(({}, reply.finish_reason))
    wants_usage = bool((request.body.get("stream_options") or {}).get("include_usage"))
    empty = {"usage": None} if wants_usage else {}
    pieces = [
        {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": reason}], **empty}
        for delta, reason in choices
    ]
    if wants_usage:
        pieces.append({**head, "choices": [], "usage": _usage(reply, request)})
    return pieces


def unheard(body: Mapping[str, str], filename: str) -> Failure | None:
    """Return what OpenAI would refuse in a request for a transcription, if anything."""
    if not body.get("model"):
        return _invalid("you must provide a model parameter")
    if not filename:
        return _invalid("1 validation error for Request: body -> file: field required")
    if filename.rpartition(".")[2] not in SOUNDS:
        return _invalid(f"Invalid file format. Supported formats: {sorted(SOUNDS)}")
    if body.get("response_format", "json") != "json":  # the newer models know no other
        return _invalid("response_format is not compatible with this model")
    return None


def mistake(body: Json) -> Failure | None:
    """Return what OpenAI would refuse in a chat request, if anything."""
    messages = body.get("messages")
    if not body.get("model"):
        return _invalid("you must provide a model parameter")
    if not isinstance(messages, list) or not messages:
        return _invalid("Invalid 'messages': empty array. Expected an array with minimum length 1")
    owed: set[str] = set()
    for place, message in enumerate(messages):
        role = message.get("role")
        if role not in ("system", "developer", "user", "assistant", "tool"):
            return _invalid(f"Invalid value: '{role}' for 'messages[{place}].role'")
        if role == "tool":
            if message.get("tool_call_id") not in owed:
                return _invalid(
                    "messages with role 'tool' must be a response to a preceeding message "
                    "with 'tool_calls'."
                )
            owed.discard(message["tool_call_id"])
            continue
        if owed:
            break
        owed = {call["id"] for call in message.get("tool_calls") or []}
    if owed:
        return _invalid(
            "An assistant message with 'tool_calls' must be followed by tool messages "
            f"responding to each 'tool_call_id'. Missing: {', '.join(sorted(owed))}"
        )
    return None


def _invalid(message: str) -> Failure:
    return Failure(400, message, "invalid_request_error")


def _head(number: int, model: str, kind: str) -> Json:
    created = 1_700_000_000 + number
    return {"id": f"chatcmpl-{number}", "object": kind, "created": created, "model": model}


def _call(number: int, place: int, call: ToolCall) -> Json:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": f"call_{number}_{place}", "type": "function", "function": function}


def _words(text: str) -> list[str]:
    pieces = text.split(" ")
    spaced = [f"{piece} " for piece in pieces[:-1]] + pieces[-1:]
    return [piece for piece in spaced if piece]


def _usage(reply: Reply, request: Request) -> Json:
    if reply.usage is not None:
        given, made = reply.usage
    else:  # about four letters to a token
        letters = sum(len(text_of(message)) for message in request.messages)
        given = math.ceil(letters / 4) + 4 * len(request.messages)
        made = math.ceil(
            (len(reply.text) + sum(len(c.name) + len(c.arguments) for c in reply.calls)) / 4
        )
    return {"prompt_tokens": given, "completion_tokens": made, "total_tokens": given + made}


def arguments(values: Mapping[str, Any] | str) -> str:
    """Return tool arguments as JSON text; a string is passed on as it is, even if broken."""
    return values if isinstance(values, str) else json.dumps(values)
