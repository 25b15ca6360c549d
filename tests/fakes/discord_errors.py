"""Errors as Discord's API writes them: JSON with a numeric code and a message.

Codes and texts: https://docs.discord.com/developers/topics/opcodes-and-status-codes
"""

import json
from typing import Any

from aiohttp import web

Json = dict[str, Any]


class Impossible(Exception):
    """A person could not do this in Discord: no such command, button, field or right."""


class ApiError(Exception):
    """One refused request; becomes its JSON answer in the middleware."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status, self.code, self.message, self.errors = status, code, message, errors

    def answer(self) -> web.Response:
        body: Json = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return reply(body, status=self.status)


def reply(body: object = None, *, status: int = 200) -> web.Response:
    """Answer with exactly `application/json` and the proxy's `Via`, or discord.py sees a ban."""
    headers = {"Via": "1.1 google"}
    if body is None and status == 200:
        return web.Response(status=204, headers=headers)
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        content_type="application/json",
        headers=headers,
    )


def invalid(path: str, code: str, message: str) -> ApiError:
    """Form error 50035 at a dotted path such as `components.0.custom_id`."""
    found: Json = {"_errors": [{"code": code, "message": message}]}
    for key in reversed(path.split(".")):
        found = {key: found}
    return ApiError(400, 50035, "Invalid Form Body", found)


def unauthorized() -> ApiError:
    return ApiError(401, 0, "401: Unauthorized")


def no_route() -> ApiError:
    return ApiError(404, 0, "404: Not Found")


def unknown(what: str) -> ApiError:
    codes = {
        "Application": 10002,
        "Channel": 10003,
        "Guild": 10004,
        "Member": 10007,
        "Message": 10008,
        "User": 10013,
        "Webhook": 10015,
        "interaction": 10062,
        "application command": 10063,
    }
    return ApiError(404, codes[what], f"Unknown {what}")
