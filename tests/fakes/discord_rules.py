"""What Discord accepts in a message: limits of content, embeds and components.

Limits: https://docs.discord.com/developers/resources/message and .../components/reference
"""

import re
from collections.abc import Iterable, Iterator

from tests.fakes.discord_errors import ApiError, Json, invalid

SUPPRESS_EMBEDS, EPHEMERAL, LOADING = 1 << 2, 1 << 6, 1 << 7
SILENT, VOICE, V2 = 1 << 12, 1 << 13, 1 << 15
ROW, BUTTON, SECTION, TEXT, THUMBNAIL = 1, 2, 9, 10, 11
GALLERY, FILE, LINE, CONTAINER = 12, 13, 14, 17
SELECTS = (3, 5, 6, 7, 8)
TOP_V2 = (ROW, SECTION, TEXT, GALLERY, FILE, LINE, CONTAINER)
IN_CONTAINER = (ROW, SECTION, TEXT, GALLERY, FILE, LINE)


def walk(components: Iterable[Json]) -> Iterator[Json]:
    """Yield every component, however deep, accessories included, in reading order."""
    for component in components:
        yield component
        yield from walk(component.get("components", ()))
        for single in ("accessory", "component"):
            if single in component:
                yield from walk([component[single]])


def walk_media(components: Iterable[Json]) -> Iterator[Json]:
    """Yield every media item `{"url": …}` of thumbnails, galleries and files."""
    for component in walk(components):
        holders = component["items"] if component["type"] == GALLERY else [component]
        for holder in holders:
            yield from (holder[key] for key in ("media", "file") if key in holder)


def length(path: str, value: object, low: int, high: int) -> str:
    """Return the text if it is one of low to high characters; refuse it otherwise."""
    if not isinstance(value, str):
        raise invalid(path, "STRING_TYPE_CONVERT", f'Could not interpret "{value!r}" as string.')
    if len(value) > high:
        raise invalid(path, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
    if len(value) < low:
        if low == 1:
            raise invalid(path, "BASE_TYPE_REQUIRED", "This field is required")
        raise invalid(path, "BASE_TYPE_MIN_LENGTH", f"Must be {low} or more in length.")
    return value


def count(path: str, values: object, low: int, high: int) -> list[Json]:
    if not isinstance(values, list):
        raise invalid(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    if not low <= len(values) <= high:
        text = f"Must be between {low} and {high} in length."
        raise invalid(path, "BASE_TYPE_BAD_LENGTH", text)
    return values


def check_message(
    content: str, embeds: list[Json], components: list[Json], flags: int, files: list[str]
) -> None:
    """Refuse what Discord refuses in a whole message, as it would stand after the request."""
    length("content", content, 0, 2000)
    check_embeds(embeds)
    if flags & V2:
        for name, forbidden in (("content", content), ("embeds", embeds)):
            if forbidden:
                code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
                text = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                raise invalid(name, code, text)
    check_components(components, v2=bool(flags & V2), files=files)
    if not (content or embeds or components or (files and not flags & V2)):
        raise ApiError(400, 50006, "Cannot send an empty message")


def check_embeds(embeds: list[Json]) -> None:
    count("embeds", embeds, 0, 10)
    total = 0
    for index, embed in enumerate(embeds):
        parts = [("title", 256, embed), ("description", 4096, embed)]
        parts += [("text", 2048, embed.get("footer", {})), ("name", 256, embed.get("author", {}))]
        for field in count(f"embeds.{index}.fields", embed.get("fields", []), 0, 25):
            parts += [("name", 256, field), ("value", 1024, field)]
        for name, limit, holder in parts:
            total += len(length(f"embeds.{index}.{name}", holder.get(name) or "", 0, limit))
    if total > 6000:
        text = "Embed size exceeds maximum size of 6000"
        raise invalid("embeds.0", "MAX_EMBED_SIZE_EXCEEDED", text)


def check_components(components: list[Json], *, v2: bool, files: list[str]) -> None:
    """Refuse unknown places, too many or too long parts, and a custom id used twice."""
    if not v2:
        count("components", components, 0, 5)
    everything = list(walk(components))
    if len(everything) > 40:
        raise invalid("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "At most 40.")
    if sum(len(c.get("content", "")) for c in everything if c.get("type") == TEXT) > 4000:
        text = "The total length of displayable text exceeds 4000."
        raise invalid("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", text)
    ids: set[str] = set()
    for index, component in enumerate(components):
        _check(f"components.{index}", component, TOP_V2 if v2 else (ROW,), files, ids)
    used = {c["id"] for c in everything if c.get("id")}
    fresh = (n for n in range(1, 10_000) if n not in used)
    for component in everything:
        if not component.get("id"):
            component["id"] = next(fresh)


def _check(
    path: str, component: Json, allowed: tuple[int, ...], files: list[str], ids: set[str]
) -> None:
    kind = component.get("type")
    if kind not in allowed:
        text = f'Value of field "type" must be one of {allowed}.'
        raise invalid(f"{path}.type", "UNION_TYPE_CHOICES", text)
    if "custom_id" in component:
        name = length(f"{path}.custom_id", component["custom_id"], 1, 100)
        if name in ids:
            text = "Component custom id cannot be duplicated"
            raise invalid(f"{path}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", text)
        ids.add(name)
    if kind == ROW:
        inside = count(f"{path}.components", component.get("components"), 1, 5)
        if len(inside) > 1 and any(c.get("type") in SELECTS for c in inside):
            text = "The specified component exceeds the maximum width"
            raise invalid(f"{path}.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", text)
        _check_all(f"{path}.components", inside, (BUTTON, *SELECTS), files, ids)
    elif kind == BUTTON:
        _check_button(path, component)
    elif kind in SELECTS:
        _check_select(path, component)
    elif kind == TEXT:
        length(f"{path}.content", component.get("content"), 1, 4000)
    elif kind == SECTION:
        inside = count(f"{path}.components", component.get("components"), 1, 3)
        _check_all(f"{path}.components", inside, (TEXT,), files, ids)
        _check(f"{path}.accessory", component.get("accessory", {}), (BUTTON, THUMBNAIL), files, ids)
    elif kind == CONTAINER:
        inside = count(f"{path}.components", component.get("components"), 1, 40)
        _check_all(f"{path}.components", inside, IN_CONTAINER, files, ids)
    elif kind == THUMBNAIL:
        _check_media(f"{path}.media", component.get("media", {}), files)
    elif kind == FILE:
        _check_media(f"{path}.file", component.get("file", {}), files)
    elif kind == GALLERY:
        for index, item in enumerate(count(f"{path}.items", component.get("items"), 1, 10)):
            _check_media(f"{path}.items.{index}.media", item.get("media", {}), files)


def _check_all(
    path: str, components: list[Json], allowed: tuple[int, ...], files: list[str], ids: set[str]
) -> None:
    for index, component in enumerate(components):
        _check(f"{path}.{index}", component, allowed, files, ids)


def _check_media(path: str, media: Json, files: list[str]) -> None:
    url = length(f"{path}.url", media.get("url"), 1, 2048)
    known = url.removeprefix("attachment://") in files
    if url.startswith("attachment://") and not known:
        text = "The referenced attachment was not found"
        raise invalid(f"{path}.url", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", text)
    if not url.startswith(("attachment://", "http://", "https://")):
        raise invalid(f"{path}.url", "URL_TYPE_INVALID_SCHEME", "Scheme must be http or https.")


def _check_button(path: str, button: Json) -> None:
    if button.get("style") not in range(1, 7):
        raise invalid(f"{path}.style", "BASE_TYPE_CHOICES", "Value must be one of (1, …, 6).")
    length(f"{path}.label", button.get("label") or "", 0, 80)
    if not button.get("label") and not button.get("emoji"):
        text = "A button must have a label or emoji."
        raise invalid(path, "BUTTON_COMPONENT_INVALID_LABEL", text)
    if button["style"] == 5:
        length(f"{path}.url", button.get("url"), 1, 512)
        if "custom_id" in button:
            text = "A custom id and url cannot both be specified"
            raise invalid(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", text)
    elif button["style"] != 6:
        length(f"{path}.custom_id", button.get("custom_id"), 1, 100)


def _check_select(path: str, select: Json) -> None:
    length(f"{path}.custom_id", select.get("custom_id"), 1, 100)
    length(f"{path}.placeholder", select.get("placeholder") or "", 0, 150)
    if select["type"] != 3:
        return
    options = count(f"{path}.options", select.get("options"), 1, 25)
    for index, option in enumerate(options):
        length(f"{path}.options.{index}.label", option.get("label"), 1, 100)
        length(f"{path}.options.{index}.value", option.get("value"), 1, 100)
        length(f"{path}.options.{index}.description", option.get("description") or "", 0, 100)
    if len({option["value"] for option in options}) < len(options):
        text = "The specified option value is already used"
        raise invalid(f"{path}.options", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", text)


def pings(text: str, allowed: Json | None) -> list[str]:
    """List whom a text would notify under its allowed mentions (none given allows all)."""
    rules = allowed if allowed is not None else {"parse": ["everyone", "users", "roles"]}
    parse = rules.get("parse") or []
    found = ["everyone"] if "everyone" in parse and re.search("@(everyone|here)", text) else []
    for kind, pattern, mark in (("users", r"<@!?(\d+)>", ""), ("roles", r"<@&(\d+)>", "&")):
        named = {str(one) for one in rules.get(kind) or []}
        found += [mark + i for i in re.findall(pattern, text) if kind in parse or i in named]
    return found
