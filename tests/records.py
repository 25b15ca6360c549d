"""The page of all records that travel with a feed, made from their kinds."""

import json
from typing import Any

from feed_core.porting.carried import LEFT_BEHIND, MADE_ANEW, feed_kinds
from feed_core.porting.kinds import Kind
from memory.porting import memories

HEAD = """\
# Records of an export

What stands in the files of [an export](export.md), in the order in which an import reads them. A
line is one record and has all of these fields; each record comes after what it refers to, and those
of one file in the order of their key (**bold**). A field that may be `null` has a `?`.
"""
LEFT = """\
## What stays behind

Everything else in the database:
"""


def records_page() -> str:
    """Every kind with its fields, and why the other tables stay behind."""
    left = {
        **LEFT_BEHIND,
        **{
            f"{kind}.{it}": "made anew from what it is about"
            for kind, names in MADE_ANEW.items()
            for it in names
        },
        "memory.indexed": "the vectors are made anew",
    }
    kinds = [explained(it) for it in feed_kinds(memories())]
    reasons = [f"- `{name}`: {left[name]}" for name in sorted(left)]
    return "\n".join([HEAD, *kinds, LEFT, *reasons]) + "\n"


def explained(kind: Kind) -> str:
    """One kind: what it is, and what a line of it holds."""
    summary = (kind.model.__doc__ or "").strip().partition("\n")[0]
    rows = [f"| {field(kind, name)} | {meaning(kind, name)} |" for name in kind.names]
    head = ["| field | holds |", "|---|---|"]
    return "\n".join([f"## {kind.name}", "", summary, "", *head, *rows, ""])


def field(kind: Kind, name: str) -> str:
    shown = f"**`{name}`**" if name in kind.key else f"`{name}`"
    return f"{shown} ?" if kind.table.c[name].nullable else shown


def meaning(kind: Kind, name: str) -> str:
    """Of what type it is, or what it refers to."""
    if name in kind.refers:
        other, column = kind.refers[name]
        return f"`{column}` of {other}"
    schema = kind.record.model_json_schema()
    return said(schema["properties"][name], schema.get("$defs", {}))


def said(schema: dict[str, Any], known: dict[str, Any]) -> str:
    """A JSON schema in a few words."""
    if "anyOf" in schema:
        (schema,) = (it for it in schema["anyOf"] if it.get("type") != "null")
    if "$ref" in schema:
        schema = known[schema["$ref"].rpartition("/")[2]]
    if "enum" in schema or "const" in schema:
        values = schema.get("enum") or [schema["const"]]
        return " · ".join(f"`{json.dumps(it)}`" for it in values)
    formats = {"date-time": "a moment (ISO 8601)", "date": "a date", "uuid": "a UUID"}
    formats |= {"binary": "bytes (base64url)", "base64url": "bytes (base64url)"}
    if "format" in schema:
        return formats[schema["format"]]
    if schema.get("type") == "array":
        return f"a list, each {said(schema['items'], known)}" if schema["items"] else "a list"
    plain = {"string": "a text", "integer": "a whole number", "boolean": "true or false"}
    return {**plain, "number": "a number", "object": "an object"}.get(schema.get("type", ""), "any")
