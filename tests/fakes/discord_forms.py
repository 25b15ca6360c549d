"""Finding what a person can touch in a message, and filling in a form."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.discord_errors import Impossible, Json
from tests.fakes.discord_rules import walk
from tests.fakes.discord_things import Message


def kind_name(kind: int) -> str:
    return {2: "command", 3: "component", 4: "autocomplete", 5: "modal"}[kind]


def find_component(message: Message, which: str, kinds: tuple[int, ...]) -> Json:
    """Find an enabled component by custom id, label or placeholder; raise Impossible if none."""
    seen = [c for c in walk(message.components) if c["type"] in kinds]
    for component in seen:
        names = (component.get("custom_id"), component.get("label"), component.get("placeholder"))
        if which in names:
            if component.get("disabled"):
                raise Impossible(f"{which!r} is disabled")
            return component
    offered = [c.get("label") or c.get("custom_id") for c in seen]
    raise Impossible(f"no {which!r} in the message; it offers {offered}")


def fill_modal(
    modal: Json, values: Mapping[str, Any], keep: Callable[[tuple[str, bytes]], str]
) -> list[Json]:
    """Return the submitted fields of a form, each named by its label or custom id.

    `keep` uploads a file and returns its id.
    """
    left = dict(values)
    filled: list[Json] = []
    for part in modal["components"]:
        body: Json = {"type": part["type"], "id": part.get("id", 0)}
        if part["type"] == 18:
            body["component"] = _field(part["component"], part["label"], left, keep)
        elif part["type"] == 1:
            body["components"] = [_field(f, f.get("label"), left, keep) for f in part["components"]]
        filled.append(body)
    if left:
        raise Impossible(f"the form has no field {sorted(left)}")
    return filled


def _field(
    field: Json,
    label: str | None,
    left: dict[str, Any],
    keep: Callable[[tuple[str, bytes]], str],
) -> Json:
    name = field["custom_id"]
    body: Json = {"type": field["type"], "custom_id": name, "id": field.get("id", 0)}
    given = left.pop(name, None)
    if given is None and label is not None:
        given = left.pop(label, None)
    if field["type"] == 4:
        text = str(given if given is not None else field.get("value") or "")
        low, high = field.get("min_length", 0), field.get("max_length", 4000)
        if not text and field.get("required", True):
            raise Impossible(f"the field {label or name!r} is required")
        if text and not low <= len(text) <= high:
            raise Impossible(f"the field {label or name!r} takes {low} to {high} characters")
        return {**body, "value": text}
    if field["type"] == 19:
        files = [given] if isinstance(given, tuple) else list(given or [])
        low, high = field.get("min_values", 1), field.get("max_values", 1)
        if len(files) > high or (len(files) < low and field.get("required", True)):
            raise Impossible(f"the field {label or name!r} takes {low} to {high} files")
        return {**body, "values": [keep(it) for it in files]}
    if field["type"] in (3, 5, 6, 7, 8, 22):
        return {**body, "values": list(given or [])}
    return {**body, "value": given}
