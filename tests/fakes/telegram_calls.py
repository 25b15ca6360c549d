"""One call of the Bot API as it arrived: its parameters and its files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.telegram_limits import bad


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    mime: str
    content: bytes


class Parameters:
    """A call's parameters: form fields or JSON values, read as what the method needs."""

    def __init__(self, values: Mapping[str, Any], uploads: Mapping[str, Upload]) -> None:
        self.values = values
        self.uploads = uploads

    def text(self, name: str) -> str | None:
        """Return a string, None when it is missing."""
        value = self.values.get(name)
        return None if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        """Return a whole number."""
        value = self.text(name)
        if value is None or value == "":
            return default
        try:
            return int(float(value))
        except ValueError as error:
            raise bad(f'field "{name}" must be of type Number') from error

    def switch(self, name: str) -> bool:
        """Return a yes or no."""
        return str(self.values.get(name, "")).lower() in ("true", "1", "yes")

    def objects(self, name: str) -> list[dict[str, Any]]:
        """Return a list of JSON objects, empty when it is missing."""
        value = self.json(name) or []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise bad(f"expected an Array of Object as {name}")
        return value

    def object(self, name: str) -> dict[str, Any]:
        """Return a JSON object, empty when it is missing."""
        value = self.json(name) or {}
        if not isinstance(value, dict):
            raise bad(f"object expected as {name}")
        return value

    def json(self, name: str) -> Any:
        """Return a JSON value, None when it is missing."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError as error:
            raise bad(f"can't parse {name} JSON object") from error


async def read_call(request: web.Request) -> Parameters:
    """Read a query string, form, multipart form or JSON body."""
    values: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        try:
            values |= await request.json()
        except (ValueError, TypeError) as error:
            raise bad("can't parse the request: it is not a JSON object") from error
    elif request.body_exists:  # it may have been read already
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                content = value.file.read()
                uploads[name] = Upload(value.filename, value.content_type, content)
                value.file.close()
            else:
                values[name] = value
    return Parameters(values, uploads)
